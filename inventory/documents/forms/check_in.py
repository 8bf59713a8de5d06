"""The check-in list 报到表 with the fields of ICS 211, their numbers before the labels; rows to fill in at the gate."""

from __future__ import annotations

from inventory.documents.data.teams import CHECK_IN_PLACES, CheckInLinePaper, CheckInPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording
from inventory.documents.form import Facts, Form, Goods, print_form
from inventory.documents.forms.cells import choices_of
from inventory.documents.forms.teams import (
    WRITING_HEIGHT,
    blank_rows,
    check_note,
    count_text,
    incident_text,
    moment,
    person_text,
    prepared_facts,
    stacked,
)
from inventory.documents.sign import PaperKey, Seal

WIDTHS = (
    ("state", 13.5),
    ("agency", 19.5),
    ("category", 9.0),
    ("kind", 13.5),
    ("type", 9.5),
    ("resource", 27.0),
    ("group", 12.0),
    ("order_request", 17.5),
    ("checked_in", 14.0),
    ("leader", 14.0),
    ("people", 10.0),
    ("contact", 19.5),
    ("home_unit", 18.0),
    ("departure", 19.0),
    ("travel", 13.0),
    ("assignment", 17.0),
    ("qualifications", 14.0),
    ("reported", 13.0),
)
"""Columns of fields 5 to 16 and their widths in mm; together the width of a page on its side."""

CENTRED = frozenset({"category", "type", "people", "checked_in", "reported"})
UNBROKEN = frozenset({"order_request", "contact"})
"""Set smaller, so that a telephone number stands on one line and the number of a paper on two."""


def check_in(paper: CheckInPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return the check-in list as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: CheckInPaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    incident = incident_text(paper.incident, wording, drill=paper.drill)
    ticked = (CHECK_IN_PLACES.index(paper.place),) if paper.place is not None else ()
    choices = choices_of(wording, "check_in.place_choices")
    facts = [
        [Fact("incident", incident, 0.62), Fact("number", show(paper.incident_number), 0.38)],
        [
            Fact("place", "", 0.52, choices=choices, ticked=ticked),
            Fact("place_name", show(paper.place_name), 0.26),
            Fact("starts_at", show(paper.starts_at), 0.22),
        ],
    ]
    prepared = person_text(paper.prepared_by, paper.prepared_post, wording)
    closing = prepared_facts("check_in", prepared, paper.prepared_at, wording)
    return Form(
        key="check_in",
        number=paper.number,
        author=show(paper.incident),
        about=show(paper.incident_number),
        page=LANDSCAPE,
        parts=(
            Facts(facts, row_height=8 * MM),
            Goods(_table(paper, wording), gap=2 * MM),
            Facts(closing, row_height=WRITING_HEIGHT),
            check_note(wording, signed),
        ),
    )


def _table(paper: CheckInPaper, wording: Wording) -> Table:
    columns = [
        Column(
            f"check_in.{field}",
            width,
            "centre" if field in CENTRED else "left",
            size=7.0 if field in UNBROKEN else None,
            fit=field == "people",
        )
        for field, width in WIDTHS
    ]
    rows = [Row(_cells(line, wording), {}, {}) for line in paper.lines]
    rows += blank_rows(columns, paper.blank_lines)
    return Table(columns, rows, size=7.5, row_height=WRITING_HEIGHT, head_height=14.5 * MM)


def _cells(line: CheckInLinePaper, wording: Wording) -> tuple[str, ...]:
    show = wording.shown
    return (
        show(line.state),
        show(line.agency),
        show(line.category),
        show(line.resource_kind),
        show(line.resource_type),
        show(line.resource),
        show(line.group),
        show(line.order_request),
        moment(wording, line.checked_in_at),
        show(line.leader),
        count_text(line.people, wording),
        show(line.contact),
        show(line.home_unit),
        stacked(show(line.departed_from), moment(wording, line.departed_at)),
        show(line.travel),
        show(line.assignment),
        show(line.qualifications),
        moment(wording, line.reported_at),
    )
