"""The resource request ICS 213RR 资源申请单: what is asked for, who answers, what finance says; twenty fields.

Fields keep the numbers of the original, so that people who know it find their way. What the books do not know (cost,
substitutes, the reply of finance) is left empty and high enough to be written in by hand.

Source: FEMA ICS 213RR as read in public copies of the form.
"""

from __future__ import annotations

from inventory.documents.data.requests import PRIORITIES, ResourceRequestPaper, ResourceStatusPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, contact_text, item_text
from inventory.documents.form import Facts, Form, Goods, Note, Title, print_form
from inventory.documents.forms.cells import choices_of, yuan
from inventory.documents.sign import PaperKey, Seal

HAND_HEIGHT = 11 * MM
"""A field that somebody signs or writes into."""
LABEL_WIDTH = 27 * MM
ROWS_MIN = 4
"""Empty rows are printed up to this many: a request may be completed by hand."""


def resource_request(
    paper: ResourceRequestPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the request as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: ResourceRequestPaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    return Form(
        key="resource_request",
        number=paper.number,
        author=show(paper.requested_by),
        about=show(paper.incident),
        parts=(
            Facts(_head(paper, wording), label_width=LABEL_WIDTH),
            Goods(_table(paper, wording), gap=0.0),
            Facts(_status(paper, wording), label_width=LABEL_WIDTH, gap=0.0),
            Facts(_asking(paper, wording), label_width=LABEL_WIDTH),
            Title(say("resource_request.logistics"), size=9.5),
            Facts(_logistics(paper, wording), label_width=LABEL_WIDTH),
            Title(say("resource_request.finance"), size=9.5),
            Facts(_finance(paper, wording), label_width=LABEL_WIDTH),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _head(paper: ResourceRequestPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    incident = " ".join(part for part in (show(paper.incident), show(paper.incident_number)) if part)
    return [
        [Fact("incident", incident, 1)],
        [Fact("requested_at", show(paper.requested_at), 0.5), Fact("number", show(paper.number), 0.5)],
    ]


def _table(paper: ResourceRequestPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("resource_request.position", 9, "centre"),
        Column("resource_request.quantity", 18, "right", "hei", fit=True),
        Column("common.unit", 12, "centre", fit=True),
        Column("resource_request.kind", 25),
        Column("resource_request.type", 22),
        Column("resource_request.description", 56),
        Column("resource_request.arrive_by", 24, "centre"),
        Column("resource_request.cost", 20, "right", fit=True),
    ]
    rows = [
        Row(
            (
                str(number),
                show(line.quantity),
                show(line.unit),
                show(line.resource_kind),
                show(line.resource_type),
                item_text(line, wording),
                show(line.arrive_by),
                "" if line.cost_fen is None else yuan(line.cost_fen),
            ),
            {},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    blank = [Row(("",) * len(columns), {}, {}) for _ in range(ROWS_MIN - len(rows))]
    return Table(columns, rows + blank, row_height=8.4 * MM)


def _status(paper: ResourceRequestPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    found = []
    for one in paper.status or (ResourceStatusPaper(),):
        found += [
            [Fact("received_by", show(one.received_by), 0.5), Fact("received_at", show(one.received_at), 0.5)],
            [
                Fact("assigned_to", show(one.assigned_to), 0.34),
                Fact("released_to", show(one.released_to), 0.34),
                Fact("released_at", show(one.released_at), 0.32),
            ],
        ]
    return found


def _asking(paper: ResourceRequestPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    asker = " ".join(
        part
        for part in (show(paper.requested_by), show(paper.requester_post), show(contact_text(paper.requester)))
        if part
    )
    ticked = () if paper.priority is None else (PRIORITIES.index(paper.priority),)
    choices = choices_of(wording, "resource_request.priorities")
    return [
        [Fact("delivery", show(paper.delivery), 1)],
        [Fact("substitutes", show(paper.substitutes), 1, height=HAND_HEIGHT)],
        [Fact("requested_by", asker, 1)],
        [Fact("priority", "", 0.5, choices=choices, ticked=ticked), Fact("asked_of", show(paper.asked_of), 0.5)],
        [Fact("chief", _named(paper.section_chief, wording), 1, height=HAND_HEIGHT)],
    ]


def _logistics(paper: ResourceRequestPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    phones = wording.joined([show(contact.phone) for contact in paper.supplier_contacts])
    people = [show(contact.name) for contact in paper.supplier_contacts]
    names = [show(supplier) for supplier in paper.suppliers]
    supplier = wording.joined(names + [person for person in people if person])
    return [
        [Fact("order_number", wording.joined([show(number) for number in paper.order_numbers]), 1)],
        [Fact("supplier_phone", phones, 0.4), Fact("supplier", supplier, 0.6)],
        [Fact("notes", show(paper.notes), 1, height=HAND_HEIGHT)],
        [
            Fact("approval", _named(paper.approved_by, wording), 0.5, height=HAND_HEIGHT),
            Fact("approved_at", show(paper.approved_at), 0.5),
        ],
        [Fact("placed_by", show(paper.placed_by), 1)],
    ]


def _finance(paper: ResourceRequestPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    return [
        [Fact("reply", show(paper.reply), 1, height=HAND_HEIGHT)],
        [
            Fact("reply_sign", _named(paper.replied_by, wording), 0.5, height=HAND_HEIGHT),
            Fact("reply_at", show(paper.replied_at), 0.5),
        ],
    ]


def _named(name: str, wording: Wording) -> str:
    """Return a name in brackets at the place where its owner signs; nothing where nobody is known."""
    return wording.text("resource_request.named", name=name) if name.strip() else ""
