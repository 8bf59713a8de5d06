"""The data pages 数据页 and 回执数据页: codes to scan in any order, and beneath them what they say.

A code of version 15 is 58 mm wide here: 3 picture elements a module at 100 dots per inch, 0.75 mm on paper, which a
hand-held telephone reads at arm's length. The white around a code is four modules on every side.
"""

from __future__ import annotations

import json
from functools import partial

from inventory.documents.carrying import CONSIGNMENT, HANDED_BACK, codes_of
from inventory.documents.data.carrying import DataLinePaper, DataPagePaper, HandBackPaper
from inventory.documents.drawing.blocks import Fact, SignatureBox
from inventory.documents.drawing.engine import GREY, MM, Printed, Sheet
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, contact_text, item_text, lot_text
from inventory.documents.form import Drawn, Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.sign import PaperKey, Seal

CODE_SIZE = 58 * MM
IN_A_ROW = 3
CAPTION_HEIGHT = 5 * MM
ROW_HEIGHT = CODE_SIZE + CAPTION_HEIGHT + 3.2 * MM
"""Height of a row of codes with its captions and the white that keeps it from the next."""


def data_page(
    paper: DataPagePaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the data page of a consignment as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue, TooMuchToCarry
    """

    def form(paper: DataPagePaper, wording: Wording, signed: Seal) -> Form:
        return _page(codes_of(CONSIGNMENT, paper.number, json.loads(paper.facts), key), paper, wording, signed)

    # The codes come after the seal, which refuses what no code can hold.
    return print_form(paper, form, key=key, language=language, fonts=fonts)


def hand_back(
    paper: HandBackPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the receipt page that goes back to the sender as PDF; raises as `data_page`."""

    def form(paper: HandBackPaper, wording: Wording, signed: Seal) -> Form:
        return _back(codes_of(HANDED_BACK, paper.number, json.loads(paper.facts), key), paper, wording, signed)

    return print_form(paper, form, key=key, language=language, fonts=fonts)


def _page(codes: tuple[str, ...], paper: DataPagePaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown

    def party(unit: object, place: object, contact: str) -> str:
        return show(" ".join(part for part in (show(unit), show(place), contact) if part))

    facts = [
        [
            Fact("from", party(paper.sender.unit, paper.sender.place, contact_text(paper.sender.contact)), 0.5),
            Fact("to", party(paper.receiver.unit, paper.receiver.place, contact_text(paper.receiver.contact)), 0.5),
        ],
        [Fact("order", show(paper.order_number), 0.5), Fact("incident", show(paper.incident), 0.5)],
    ]
    return Form(
        key="data_page",
        number=paper.number,
        author=show(paper.sender.unit),
        about=show(paper.order_number),
        parts=(
            Facts(facts, row_height=7.6 * MM),
            Note(say("data_page.how", codes=len(codes)), size=8.5, gap=2 * MM),
            *_code_rows(codes),
            Goods(_table(paper.lines, wording, received=False)),
            Note(say("data_page.typing", code=paper.typing), size=10, gap=1 * MM),
            Note(say("data_page.by_hand"), size=8, gap=1 * MM),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _back(codes: tuple[str, ...], paper: HandBackPaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    facts = [
        [Fact("consignment", show(paper.consignment_number), 0.5), Fact("order", show(paper.order_number), 0.5)],
        [Fact("from", show(paper.sender), 0.5), Fact("to", show(paper.receiver), 0.5)],
        [Fact("received_at", show(paper.received_at), 0.5), Fact("received_by", show(paper.received_by), 0.5)],
        [Fact("note", show(paper.note), 1)],
    ]
    lines = ("common.name", "common.signature", "common.time")
    return Form(
        key="hand_back",
        number=paper.number,
        author=show(paper.receiver),
        about=show(paper.consignment_number),
        parts=(
            Facts(facts, row_height=7.6 * MM),
            Note(say("hand_back.how", codes=len(codes)), size=8.5, gap=2 * MM),
            *_code_rows(codes),
            Goods(_table(paper.lines, wording, received=True)),
            Signatures([SignatureBox("hand_back.receiver", lines), SignatureBox("hand_back.sender", lines)]),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _code_rows(codes: tuple[str, ...]) -> list[Drawn]:
    """Return the codes in rows, each code over its place among all of them."""
    numbered = [(f"{number} / {len(codes)}", text) for number, text in enumerate(codes, 1)]
    return [
        Drawn(ROW_HEIGHT, partial(_draw_row, numbered[start : start + IN_A_ROW]), gap=0)
        for start in range(0, len(numbered), IN_A_ROW)
    ]


def _draw_row(numbered: list[tuple[str, str]], sheet: Sheet, left: float, top: float, width: float) -> None:
    step = width / IN_A_ROW
    for place, (caption, text) in enumerate(numbered):
        x = left + place * step + (step - CODE_SIZE) / 2
        sheet.code(x, top - CODE_SIZE, CODE_SIZE, text, "qr")
        sheet.fitted(x, top - CODE_SIZE - 4 * MM, caption, "hei", 9, width=CODE_SIZE, align="centre")


def _table(lines: tuple[DataLinePaper, ...], wording: Wording, *, received: bool) -> Table:
    show = wording.shown
    # Widths in millimetres; either way they fill the page.
    code, item, batch, figure, last = (19, 44, 26, 15, 13) if received else (20, 45, 26, 15, 15)
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item_code", code, fit=True),
        Column("common.item", item),
        Column("data_page.label", 20, "centre", fit=True),
        Column("common.lot_expiry", batch),
        Column("common.unit", 11, "centre", fit=True),
        Column("data_page.sent", figure, "right", "hei", fit=True),
        Column("data_page.received", figure if received else 13, "right", "hei", fit=True),
        Column("data_page.damaged", 14 if received else 12, "right", fit=True),
        Column("data_page.short" if received else "data_page.check", last, "right" if received else "centre", fit=True),
    ]
    rows = []
    for number, line in enumerate(lines, 1):
        cells = (
            str(number),
            show(line.code),
            item_text(line, wording),
            show(line.label),
            lot_text(line, wording),
            show(line.unit),
            show(line.quantity),
            show(line.received),
            show(line.damaged),
        )
        rows.append(Row((*cells, show(line.short) if received else show(line.check)), {}, {}))
    return Table(columns, rows, row_height=8 * MM)
