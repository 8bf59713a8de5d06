"""The change of status 状态变更表 with the fields of ICS 210, their numbers before the labels."""

from __future__ import annotations

from inventory.documents.data.teams import NEW_STATUSES, StatusChangePaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording
from inventory.documents.form import Facts, Form, Goods, print_form
from inventory.documents.forms.cells import choice_cell, choices_of
from inventory.documents.forms.teams import (
    WRITING_HEIGHT,
    check_note,
    incident_text,
    moment,
    period_text,
    person_text,
    prepared_facts,
)
from inventory.documents.sign import PaperKey, Seal

STATUS_COLUMN = 1


def status_change(
    paper: StatusChangePaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the change of status as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: StatusChangePaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    incident = incident_text(paper.incident, wording, drill=paper.drill)
    facts = [
        [Fact("incident", incident, 0.6), Fact("incident_number", show(paper.incident_number), 0.4)],
        [Fact("period", period_text(paper.period, wording), 1)],
    ]
    prepared = person_text(paper.prepared_by, paper.prepared_post, wording)
    closing = prepared_facts("status_change", prepared, paper.prepared_at, wording)
    return Form(
        key="status_change",
        number=paper.number,
        author=show(paper.incident),
        about=show(paper.incident_number),
        parts=(
            Facts(facts, row_height=8 * MM),
            Goods(_table(paper, wording), gap=2 * MM),
            Facts([[Fact("comments", show(paper.comments), 1, height=16 * MM)], *closing], row_height=WRITING_HEIGHT),
            check_note(wording, signed),
        ),
    )


def _table(paper: StatusChangePaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("status_change.resource", 44),
        Column("status_change.new_status", 49),
        Column("status_change.moved_from", 34),
        Column("status_change.moved_to", 34),
        Column("status_change.changed_at", 25, "centre"),
    ]
    choices = choices_of(wording, "status_change.status_choices")
    rows = []
    for line in paper.lines:
        ticked = (NEW_STATUSES.index(line.new_status),) if line.new_status is not None else ()
        cells = (show(line.resource), "", show(line.moved_from), show(line.moved_to), moment(wording, line.changed_at))
        rows.append(Row(cells, {}, {STATUS_COLUMN: choice_cell(choices, ticked)}))
    empty = Row(("",) * len(columns), {}, {STATUS_COLUMN: choice_cell(choices)})
    return Table(columns, rows + [empty] * paper.blank_lines, row_height=10 * MM, head_height=16 * MM)
