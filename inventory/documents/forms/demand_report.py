"""The demand report 调拨需求报告单: the six facts of rule P07, with room for the head's signature and the seal.

The facts carry the numbers 1 to 6, so that whoever receives the paper sees at once that none is missing. Quantities
of different goods are not summed.
"""

from __future__ import annotations

from collections.abc import Callable

from inventory.documents.data.requests import DemandReportPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, RULE, SOFT, Printed, Sheet
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, contact_text
from inventory.documents.form import Drawn, Facts, Form, Goods, Note, print_form
from inventory.documents.sign import PaperKey, Seal

LABEL_WIDTH = 26 * MM
SIGNING_HEIGHT = 42 * MM
SEAL_RADIUS = 15 * MM


def demand_report(
    paper: DemandReportPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the report as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: DemandReportPaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    explanation = [
        [Fact("reason", show(paper.reason), 1, height=13 * MM)],
        [Fact("opinion", "", 1, height=14 * MM)],
    ]
    return Form(
        key="demand_report",
        number=paper.number,
        author=show(paper.applicant),
        about=show(paper.disaster),
        parts=(
            Facts(_facts(paper, wording), label_width=LABEL_WIDTH),
            Goods(_table(paper, wording)),
            Facts(explanation, label_width=LABEL_WIDTH),
            Drawn(SIGNING_HEIGHT, _signing(paper, wording)),
            Note(wording.text("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: DemandReportPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    disaster = " ".join(part for part in (show(paper.disaster), show(paper.incident_number)) if part)
    days = say("demand_report.days_value", days=paper.days) if paper.days is not None else ""
    return [
        [Fact("applicant", show(paper.applicant), 0.5), Fact("asked_of", show(paper.asked_of), 0.5)],
        [
            Fact("reported_at", show(paper.reported_at), 0.5),
            Fact("contact", show(contact_text(paper.contact)), 0.5),
        ],
        [Fact("disaster", disaster, 0.5), Fact("level", show(paper.level), 0.5)],
        [Fact("began_at", show(paper.began_at), 0.5), Fact("disaster_kind", show(paper.disaster_kind), 0.5)],
        [Fact("disaster_place", show(paper.disaster_place), 1)],
        [Fact("people", _people(paper, wording), 1)],
        [Fact("delivery", show(paper.delivery), 1)],
        [Fact("needed_by", show(paper.needed_by), 0.5), Fact("days", days, 0.5)],
    ]


def _people(paper: DemandReportPaper, wording: Wording) -> str:
    """Return how many people were moved or are sheltered, in all and where; room to write where it is not known."""
    say = wording.text
    if not paper.sheltered:
        return say("demand_report.people_blank")
    places = [
        say("demand_report.people_households", place=one.place, people=one.people, households=one.households)
        if one.households
        else say("demand_report.people_place", place=one.place, people=one.people)
        for one in paper.sheltered
    ]
    total = say("demand_report.people_total", people=f"{paper.people:,}")
    return f"{total}\u3000{wording.joined(places)}" if len(places) > 1 else f"{total}\u3000{places[0]}"


def _table(paper: DemandReportPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("demand_report.item", 48),
        Column("common.unit", 12, "centre", fit=True),
        Column("demand_report.needed", 22, "right", fit=True),
        Column("demand_report.own_total", 25, "right", fit=True),
        Column("demand_report.own_used", 25, "right", fit=True),
        Column("demand_report.asked", 25, "right", "hei", fit=True),
        Column("common.remarks", 20),
    ]
    rows = [
        Row(
            (
                str(number),
                show(line.name),
                show(line.unit),
                show(line.needed),
                show(line.own_total),
                show(line.own_used),
                show(line.quantity),
                show(line.remarks),
            ),
            {},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=8 * MM)


def _signing(paper: DemandReportPaper, wording: Wording) -> Callable[[Sheet, float, float, float], None]:
    """Return what draws the signatures of the applicant and the place of its seal."""

    def draw(sheet: Sheet, left: float, top: float, width: float) -> None:
        bottom, third = top - SIGNING_HEIGHT, width * 0.6
        sheet.box(left, bottom, width, SIGNING_HEIGHT, thick=1.0)
        sheet.lines([(left + third, top, left + third, bottom)], thick=0.4, colour=RULE)
        base = top - 10 * MM
        for key, name in (("reporter", paper.reporter), ("checker", ""), ("head", "")):
            label = f"{wording.text(f'demand_report.{key}')}  {wording.other.text(f'demand_report.{key}')}"
            sheet.text(left + 3 * MM, base, label, "hei", 9)
            start = left + 48 * MM
            sheet.fitted(start + 1 * MM, base, wording.shown(name), "table", 9, width=third - 52 * MM)
            sheet.lines([(start, base - 1.2, left + third - 4 * MM, base - 1.2)], thick=0.3)
            base -= 12.5 * MM
        middle = left + third + (width - third) / 2
        sheet.dashed_circle(middle, top - 18 * MM, SEAL_RADIUS, colour=GREY)
        seal = wording.text("demand_report.seal")
        room = width - third - 6 * MM
        inside = 2 * SEAL_RADIUS - 3 * MM
        sheet.fitted(middle - inside / 2, top - 18.9 * MM, seal, "table", 8, width=inside, align="centre", colour=SOFT)
        date = wording.text("demand_report.date")
        sheet.fitted(left + third + 3 * MM, bottom + 3 * MM, date, "table", 9, width=room, align="centre")

    return draw
