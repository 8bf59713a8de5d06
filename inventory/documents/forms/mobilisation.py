"""The mobilisation sheet 动员集结单: teams alerted, who came when, who left for where, each signed by its leader."""

from __future__ import annotations

from inventory.documents.data.teams import MobilisationLinePaper, MobilisationPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import AT_LEAST, Wording, contact_text
from inventory.documents.form import Facts, Form, Goods, Signatures, print_form
from inventory.documents.forms.cells import boxes
from inventory.documents.forms.teams import blank_rows, check_note, count_text, incident_text, moment, stacked
from inventory.documents.sign import PaperKey, Seal


def mobilisation(
    paper: MobilisationPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the mobilisation sheet as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: MobilisationPaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    incident = incident_text(paper.incident, wording, drill=paper.drill)
    facts = [
        [
            Fact("incident", incident, 0.4),
            Fact("number", show(paper.incident_number), 0.3),
            Fact("level", show(paper.level), 0.3),
        ],
        [Fact("reason", show(paper.reason), 0.7), Fact("strength", _strength(paper, wording), 0.3)],
        [
            Fact("assemble_at", show(paper.assemble_at), 0.4),
            Fact("assemble_by", show(paper.assemble_by), 0.3),
            Fact("contact", show(contact_text(paper.contact)), 0.3),
        ],
        [
            Fact("issuer", show(paper.issuer), 0.4),
            Fact("issued_at", show(paper.issued_at), 0.3),
            Fact("duty_office", show(paper.duty_office), 0.3),
        ],
    ]
    return Form(
        key="mobilisation",
        number=paper.number,
        author=show(paper.issuer),
        about=show(paper.incident),
        page=LANDSCAPE,
        foot_middle=show(paper.issuer),
        parts=(
            Facts(facts, row_height=8 * MM, label_width=26 * MM),
            Goods(_table(paper, wording)),
            Signatures(boxes("mobilisation", "sign_alert", "sign_point", "sign_command")),
            check_note(wording, signed),
        ),
    )


def _strength(paper: MobilisationPaper, wording: Wording) -> str:
    """Return how many teams with how many people are called; nothing on a sheet without teams."""
    if not paper.lines:
        return ""
    counted = [line.people for line in paper.lines if line.people is not None]
    people = ("" if len(counted) == len(paper.lines) else AT_LEAST) + wording.shown(sum(counted))
    return wording.text("mobilisation.strength_value", teams=len(paper.lines), people=people)


def _table(paper: MobilisationPaper, wording: Wording) -> Table:
    columns = [
        Column("common.number", 9, "centre"),
        Column("mobilisation.team", 50),
        Column("mobilisation.team_kind", 26),
        Column("mobilisation.home", 27),
        Column("mobilisation.leader", 26),
        Column("mobilisation.people", 12, "right", fit=True),
        Column("mobilisation.assembly", 15, "right", fit=True),
        Column("mobilisation.alerted", 16, "centre"),
        Column("mobilisation.assembled", 16, "centre"),
        Column("mobilisation.present", 13, "right", "hei", fit=True),
        Column("mobilisation.departed", 16, "centre"),
        Column("mobilisation.destination", 23),
        Column("mobilisation.signature", 24),
    ]
    rows = [Row((str(number), *_cells(line, wording)), {}, {}) for number, line in enumerate(paper.lines, 1)]
    rows += blank_rows(columns, paper.blank_lines)
    return Table(columns, rows, size=8, row_height=10 * MM, head_height=15 * MM)


def _cells(line: MobilisationLinePaper, wording: Wording) -> tuple[str, ...]:
    show = wording.shown
    return (
        stacked(show(line.team), show(line.unit)),
        show(line.team_kind),
        show(line.home),
        stacked(show(line.leader.name), show(line.leader.phone)),
        count_text(line.people, wording),
        count_text(line.assembly_minutes, wording),
        moment(wording, line.alerted_at),
        moment(wording, line.assembled_at),
        count_text(line.present, wording),
        moment(wording, line.departed_at),
        show(line.destination),
        "",
    )
