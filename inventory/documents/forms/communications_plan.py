"""The communications plan 通信保障计划: the columns of ICS 205, and a ladder for each of the three cuts."""

from __future__ import annotations

from inventory.documents.data.communications import CUTS, ChannelPaper, CommunicationsPlanPaper, Width
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, contact_text
from inventory.documents.form import Facts, Form, Goods, Title, print_form
from inventory.documents.forms.teams import (
    WRITING_HEIGHT,
    blank_rows,
    check_note,
    incident_text,
    period_text,
    person_text,
    prepared_facts,
    stacked,
)
from inventory.documents.sign import PaperKey, Seal

HERTZ = 1_000_000
DECIMALS = 4
"""Frequencies are written to 100 Hz, finer where they are finer."""


def communications_plan(
    paper: CommunicationsPlanPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the communications plan as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def megahertz(hertz: int | None, width: Width | None = None) -> str:
    """Return a frequency in MHz, exact to the hertz, with N or W: "358.1250 N"; nothing for None."""
    if hertz is None:
        return width or ""
    whole, rest = divmod(hertz, HERTZ)
    decimals = f"{rest:06d}"
    kept = decimals.rstrip("0").ljust(DECIMALS, "0")
    return f"{whole}.{kept} {width or ''}".strip()


def _form(paper: CommunicationsPlanPaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    incident = stacked(incident_text(paper.incident, wording, drill=paper.drill), show(paper.incident_number))
    facts = [
        [
            Fact("incident", incident, 0.4),
            Fact("prepared_on", show(paper.prepared_at), 0.24),
            Fact("period", period_text(paper.period, wording), 0.36),
        ]
    ]
    instructions = Fact("instructions", show(paper.instructions), 1, height=13 * MM)
    prepared = person_text(contact_text(paper.prepared_by), paper.prepared_post, wording)
    closing = prepared_facts("communications_plan", prepared, None, wording)
    return Form(
        key="communications_plan",
        number=paper.number,
        author=show(paper.incident),
        about=show(paper.incident_number),
        page=LANDSCAPE,
        parts=(
            Facts(facts, row_height=8.4 * MM),
            Title(_both(wording, "channels")),
            Goods(_channels(paper, wording), gap=2.5 * MM),
            Title(_both(wording, "ladder")),
            Goods(_ladder(paper, wording)),
            Facts([[instructions], *closing], row_height=WRITING_HEIGHT, label_width=26 * MM),
            check_note(wording, signed),
        ),
    )


def _both(wording: Wording, key: str) -> str:
    own, other = (one.text(f"communications_plan.{key}") for one in (wording, wording.other))
    return f"{own}  {other.partition(' ')[2]}"


def _channels(paper: CommunicationsPlanPaper, wording: Wording) -> Table:
    columns = [
        Column("communications_plan.zone", 13, "centre"),
        Column("communications_plan.channel", 15, "centre"),
        Column("communications_plan.function", 25),
        Column("communications_plan.channel_name", 39),
        Column("communications_plan.assignment", 38),
        Column("communications_plan.receive", 25, "centre", fit=True),
        Column("communications_plan.receive_tone", 19, "centre"),
        Column("communications_plan.transmit", 25, "centre", fit=True),
        Column("communications_plan.transmit_tone", 19, "centre"),
        Column("communications_plan.mode", 13, "centre"),
        Column("communications_plan.remarks", 42),
    ]
    rows = [Row(_cells(line, wording), {}, {}) for line in paper.lines]
    rows += blank_rows(columns, paper.blank_lines)
    return Table(columns, rows, row_height=8 * MM, head_height=15 * MM)


def _cells(line: ChannelPaper, wording: Wording) -> tuple[str, ...]:
    show = wording.shown
    return (
        show(line.zone),
        show(line.channel),
        show(line.function),
        show(line.channel_name),
        show(line.assignment),
        megahertz(line.receive_hertz, line.receive_width),
        show(line.receive_tone),
        megahertz(line.transmit_hertz, line.transmit_width),
        show(line.transmit_tone),
        line.mode or "",
        show(line.remarks),
    )


def _ladder(paper: CommunicationsPlanPaper, wording: Wording) -> Table:
    show = wording.shown
    given = {rung.cut: rung for rung in paper.ladder}
    columns = [
        Column("communications_plan.cut", 33, "left", "hei"),
        Column("communications_plan.primary", 50),
        Column("communications_plan.alternate", 50),
        Column("communications_plan.contingency", 50),
        Column("communications_plan.emergency", 50),
        Column("communications_plan.owner", 40),
    ]
    rows = []
    for cut in CUTS:
        key, rung = f"communications_plan.cut_{cut}", given.get(cut)
        means = (rung.primary, rung.alternate, rung.contingency, rung.emergency) if rung else ("",) * 4
        owner = stacked(show(rung.owner.name), show(rung.owner.phone)) if rung else ""
        label = f"{wording.text(key)} {wording.other.text(key)}"
        rows.append(Row((label, *map(show, means), owner), {}, {}))
    return Table(columns, rows, row_height=WRITING_HEIGHT)
