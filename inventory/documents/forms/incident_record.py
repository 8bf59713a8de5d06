"""The incident record 突发事件处置记录: head, places and people, and everything that was done, in order of time.

What stands here is the journal in words: who, when, on which document, how much, why. It flows over as many pages as
it needs; the head of the table is repeated, and the signatures stand under the last entries.
"""

from __future__ import annotations

from inventory.documents.data.incidents import IncidentRecordPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording
from inventory.documents.form import Facts, Form, Goods, Note, Part, Signatures, Title, print_form
from inventory.documents.forms.cells import boxes
from inventory.documents.sign import PaperKey, Seal


def incident_record(
    paper: IncidentRecordPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the record as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: IncidentRecordPaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    places: tuple[Part, ...] = (
        (Title(say("incident_record.places")), Goods(_places(paper, wording), gap=2 * MM)) if paper.places else ()
    )
    return Form(
        key="incident_record",
        number=paper.number,
        author=show(paper.unit),
        about=show(paper.incident),
        parts=(
            Facts(_facts(paper, wording)),
            *places,
            Title(say("incident_record.course", count=len(paper.lines))),
            Goods(_course(paper, wording)),
            Signatures(boxes("incident_record", "recorder", "checker", "head")),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: IncidentRecordPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    people = say("incident_record.people_value", people=f"{paper.people:,}") if paper.places else ""
    rows = [
        [Fact("incident", show(paper.incident), 0.6), Fact("number", show(paper.number), 0.4)],
        [
            Fact("hazard", show(paper.hazard), 0.34),
            Fact("level", show(paper.level), 0.33),
            Fact("people", people, 0.33),
        ],
        [
            Fact("began_at", show(paper.began_at), 0.34),
            Fact("closed_at", show(paper.closed_at), 0.33),
            Fact("state", show(paper.state), 0.33),
        ],
        [Fact("place", show(paper.place), 0.5), Fact("unit", show(paper.unit), 0.5)],
    ]
    if paper.note.strip():
        rows.append([Fact("note", show(paper.note), 1)])
    return rows


def _places(paper: IncidentRecordPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("incident_record.site", 87),
        Column("incident_record.site_people", 20, "right", fit=True),
        Column("incident_record.households", 19, "right", fit=True),
        *(Column(f"incident_record.{cut}", 17, "centre") for cut in ("network", "power", "road")),
    ]

    def cut(is_cut: bool) -> str:
        return wording.text("incident_record.yes" if is_cut else "incident_record.no")

    rows = [
        Row(
            (
                str(number),
                show(one.place),
                show(one.people),
                show(one.households) or UNKNOWN,
                cut(one.cut_network),
                cut(one.cut_power),
                cut(one.cut_road),
            ),
            {},
            {},
        )
        for number, one in enumerate(paper.places, 1)
    ]
    return Table(columns, rows)


def _course(paper: IncidentRecordPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("incident_record.at", 18, "centre", size=7.5),
        Column("incident_record.what", 27, role="hei", size=8),
        Column("incident_record.document", 31, size=7.5),
        Column("incident_record.who", 21, size=8),
        Column("incident_record.told", 80, size=8),
    ]
    rows = [
        Row((str(number), show(one.at), show(one.what), show(one.document), show(one.who), show(one.told)), {}, {})
        for number, one in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, size=8, row_height=8 * MM)
