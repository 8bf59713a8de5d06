"""The hand-over receipt 交接签收单: sent, received, damaged, short; three signatures.

Printed before the journey it is a form to fill in; printed after receiving it shows the quantities that were recorded.
Quantities of different goods are not summed; packages and weight are.
"""

from __future__ import annotations

from inventory.documents.data.dispatch import ReceiptPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording, contact_text, item_text, kilograms, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.sign import PaperKey, Seal

CHOICES_HEIGHT = 8 * MM
EXPLANATION_HEIGHT = 13 * MM


def receipt(paper: ReceiptPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return the receipt as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: ReceiptPaper, wording: Wording, signed: Seal) -> Form:
    say = wording.text
    boxes = [
        SignatureBox("receipt.sender", ("common.name", "common.signature", "common.time")),
        SignatureBox("receipt.receiver", ("receipt.name_post", "common.signature", "common.time")),
        SignatureBox("receipt.witness", ("common.name", "common.signature", "common.time")),
    ]
    return Form(
        key="receipt",
        number=paper.number,
        author=wording.shown(paper.sender.unit),
        about=wording.shown(paper.order_number),
        subtitle=say(
            "receipt.subtitle",
            order=paper.order_number,
            revision=say("common.revision", revision=paper.revision),
            code=say("common.code", code=signed.code),
        ),
        parts=(
            Facts(_facts(paper, wording), row_height=7.6 * MM),
            Goods(_table(paper, wording)),
            Facts(_findings(wording), row_height=CHOICES_HEIGHT, gap=3 * MM),
            Signatures(boxes),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: ReceiptPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown

    def party(unit: object, place: object, contact: str) -> str:
        return show(" ".join(part for part in (show(unit), show(place), contact) if part))

    arrived = show(paper.received_at) or wording.text("receipt.arrived_blank")
    return [
        [
            Fact("from", party(paper.sender.unit, paper.sender.place, contact_text(paper.sender.contact)), 0.5),
            Fact("to", party(paper.receiver.unit, paper.receiver.place, contact_text(paper.receiver.contact)), 0.5),
        ],
        [
            Fact("vehicle", show(f"{paper.vehicle} {contact_text(paper.driver)}"), 0.5),
            Fact("escort", show(contact_text(paper.escort)), 0.5),
        ],
        [Fact("shipped", show(paper.shipped_at), 0.5), Fact("arrived", arrived, 0.5)],
        [
            Fact("seal_number", "", 0.5),
            Fact("packing", "", 0.5, choices=_choices(wording, "receipt.packing_choices")),
        ],
        [Fact("incident", show(paper.incident), 1)],
    ]


def _findings(wording: Wording) -> list[list[Fact]]:
    return [
        [Fact("differences", "", 1, choices=_choices(wording, "receipt.differences_choices"))],
        [Fact("explanation", "", 1, height=EXPLANATION_HEIGHT)],
        [
            Fact("photos", "", 0.5, choices=_choices(wording, "receipt.photos_choices")),
            Fact("use", "", 0.5, choices=_choices(wording, "receipt.use_choices")),
        ],
    ]


def _choices(wording: Wording, key: str) -> tuple[str, ...]:
    """Return the words of boxes to tick."""
    return tuple(wording.text(key).split("|"))


def _table(paper: ReceiptPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item", 48),
        Column("common.lot_expiry", 25),
        Column("common.unit", 11, "centre", fit=True),
        Column("receipt.sent", 15, "right", "hei", fit=True),
        Column("common.packages", 12, "right", summed=lambda count: f"{count:,}", fit=True),
        Column("common.weight", 17, "right", summed=kilograms, fit=True),
        Column("receipt.received", 14, "right", "hei"),
        Column("receipt.damaged", 11, "right"),
        Column("receipt.short", 11, "right"),
        Column("common.remarks", 13),
    ]
    rows = [
        Row(
            (
                str(number),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.unit),
                show(line.quantity),
                UNKNOWN if line.packages is None else show(line.packages),
                UNKNOWN if line.weight_grams is None else kilograms(line.weight_grams),
                show(line.received),
                show(line.damaged),
                show(line.short),
                show(line.remarks),
            ),
            {5: line.packages, 6: line.weight_grams},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=8 * MM)
