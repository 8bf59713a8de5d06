"""The pick list 拣货单: what to take from which bin, in the order of walking, first expired first within a bin.

Bins are sorted as people read them (A-2 before A-10). Which lot is taken was decided by the order; the list only
says where it lies.
"""

from __future__ import annotations

import datetime as dt
import re

from inventory.documents.data.dispatch import PickLinePaper, PickListPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import MM, Printed, Sheet
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Signatures, print_form
from inventory.documents.sign import PaperKey, Seal

_NUMBERS = re.compile(r"(\d+)")


def pick_list(
    paper: PickListPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the pick list as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def walking_order(line: PickLinePaper) -> tuple[list[tuple[int, int, str]], dt.date, str]:
    """Return the key by which lines are sorted: bin as people read it, then expiry (none last), then lot."""
    bin_parts = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _NUMBERS.split(line.bin) if part]
    return bin_parts, line.expires_on or dt.date.max, line.lot


def _form(paper: PickListPaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    revision = say("common.revision", revision=paper.revision)
    code = say("common.code", code=signed.code)
    facts = [
        [Fact("stockpile", show(paper.stockpile), 0.5), Fact("order", show(paper.order_number), 0.5)],
        [Fact("receiver", show(paper.receiver), 0.5), Fact("finish_by", show(paper.finish_by), 0.5)],
        [Fact("dock", show(paper.dock), 0.5), Fact("vehicle", show(paper.vehicle), 0.5)],
    ]
    boxes = [
        SignatureBox(f"pick_list.{who}", ("common.signature", "common.time"))
        for who in ("picker", "checker", "handover")
    ]
    return Form(
        key="pick_list",
        number=paper.number,
        author=show(paper.stockpile),
        about=show(paper.order_number),
        subtitle=say("pick_list.subtitle", revision=revision, code=code),
        foot_middle=show(paper.order_number),
        parts=(Facts(facts, label_width=20 * MM), Goods(_table(paper, wording)), Signatures(boxes)),
    )


def _table(paper: PickListPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("pick_list.done", 9),
        Column("pick_list.sequence", 10, "centre"),
        Column("common.bin", 22, "centre", "hei", size=11),
        Column("common.item", 58),
        Column("common.lot_expiry", 29),
        Column("common.unit", 12, "centre", fit=True),
        Column("pick_list.pick", 15, "right", "hei", fit=True),
        Column("pick_list.picked", 16),
        Column("pick_list.short", 15),
    ]
    rows = [
        Row(
            (
                "",
                str(number),
                show(line.bin),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.unit),
                show(line.quantity),
                "",
                "",
            ),
            {},
            {0: _tick_box},
        )
        for number, line in enumerate(sorted(paper.lines, key=walking_order), 1)
    ]
    return Table(columns, rows, size=9, row_height=10.5 * MM, striped=True)


def _tick_box(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Draw a box to tick in the middle of a cell (x left, y top)."""
    sheet.box(x + width / 2 - 2 * MM, y - height / 2 - 2 * MM, 4 * MM, 4 * MM, thick=0.8)
