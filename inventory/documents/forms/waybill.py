"""The waybill 随车单: what one vehicle carries, from where to where, for whom, by when; it goes with the driver.

It has room for what is checked before leaving and for what happens on the way (delay, detour, breakdown, change of
vehicle). Quantities of different goods are not summed; packages and weight are.
"""

from __future__ import annotations

from inventory.documents.data.warehouse import WaybillPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording, contact_text, item_text, kilograms, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.forms.cells import choices_of, override_notes, party_text
from inventory.documents.sign import PaperKey, Seal

WAY_ROWS = 3
"""Rows for what happens on the way."""


def waybill(paper: WaybillPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return the waybill as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: WaybillPaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    signing = ("common.name", "common.signature", "common.time")
    boxes = [
        SignatureBox("waybill.sign_sender", signing),
        SignatureBox("waybill.sign_carrier", signing),
        SignatureBox("waybill.sign_receiver", signing),
    ]
    checks = [
        [
            Fact("loaded", "", 0.6, choices=choices_of(wording, "waybill.loaded_choices")),
            Fact("seal_number", "", 0.4),
        ]
    ]
    return Form(
        key="waybill",
        number=paper.number,
        author=show(paper.sender.unit),
        about=show(paper.order_number),
        subtitle=say(
            "waybill.subtitle",
            order=paper.order_number,
            revision=say("common.revision", revision=paper.revision),
            code=say("common.code", code=signed.code),
        ),
        copies=("waybill.copy_sender", "waybill.copy_vehicle"),
        parts=(
            Facts(_facts(paper, wording)),
            *override_notes(paper.override, wording),
            Goods(_table(paper, wording), gap=2 * MM),
            Facts(checks, gap=3 * MM),
            Note(f"{say('waybill.way')}  {wording.other.text('waybill.way')}", size=9.5, gap=1 * MM),
            Facts(_way(), row_height=9 * MM, label_width=18 * MM, gap=3 * MM),
            Signatures(boxes),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: WaybillPaper, wording: Wording) -> list[list[Fact]]:
    show = wording.shown
    return [
        [Fact("from", party_text(paper.sender, wording), 0.5), Fact("to", party_text(paper.receiver, wording), 0.5)],
        [
            Fact("vehicle", " ".join(part for part in (show(paper.vehicle), show(paper.mode)) if part), 0.32),
            Fact("driver", show(contact_text(paper.driver)), 0.34),
            Fact("escort", show(contact_text(paper.escort)), 0.34),
        ],
        [
            Fact("departed", show(paper.departed_at), 0.32),
            Fact("arrive", show(paper.arrive_at), 0.34),
            Fact("deadline", show(paper.deadline_at), 0.34),
        ],
        [Fact("incident", show(paper.incident), 0.5), Fact("route", show(paper.route), 0.5)],
    ]


def _table(paper: WaybillPaper, wording: Wording) -> Table:
    show = wording.shown
    # A sum of which no part is known says nothing.
    packages = _count if any(line.packages is not None for line in paper.lines) else None
    weight = kilograms if any(line.weight_grams is not None for line in paper.lines) else None
    columns = [
        Column("common.number", 10, "centre"),
        Column("common.item", 62),
        Column("common.lot_expiry", 30),
        Column("common.unit", 13, "centre", fit=True),
        Column("cells.quantity", 18, "right", "hei", fit=True),
        Column("common.packages", 14, "right", summed=packages, fit=True),
        Column("common.weight", 19, "right", summed=weight, fit=True),
        Column("common.remarks", 20),
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
                show(line.remarks),
            ),
            {5: line.packages, 6: line.weight_grams},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=8 * MM)


def _count(number: int) -> str:
    return f"{number:,}"


def _way() -> list[list[Fact]]:
    """Return the empty rows for what happens on the way."""
    return [[Fact("way_time", "", 0.27), Fact("way_place", "", 0.3), Fact("way_what", "", 0.43)]] * WAY_ROWS
