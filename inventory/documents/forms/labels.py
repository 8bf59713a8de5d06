"""Labels 标签 of lots, bins, devices and kits: on sheets of 24 or 8, or one a page for label printers.

A small label carries a lot's or a device's digits as a DataMatrix, a large one as a QR code; bins and kits, whose
codes may hold any sign, always as a QR code. The digits stand under it, 14 points or more: digits 3.6 mm high, read at
arm's length. All else is set as large as the label allows, down to `TEXT_MIN`; a text too long even for that is
refused, because a label that ends in the middle of a word misleads. A thin rounded frame shows where a label on plain
paper ends; on label printers there is none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Literal

from inventory.core.errors import Name
from inventory.documents.data.labels import (
    SIZES,
    AssetLabel,
    AssetLabelsPaper,
    BinLabel,
    BinLabelsPaper,
    KitLabel,
    KitLabelsPaper,
    LabelsPaper,
    LotLabel,
    LotLabelsPaper,
)
from inventory.documents.data.values import BadPaperValue
from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import GREY, MM, PORTRAIT, RED, SOFT, Printed, Sheet, printing
from inventory.documents.drawing.fonts import FontBook, font_book
from inventory.documents.drawing.wording import Wording, contact_text

TEXT_MIN = 4.5
TEXT_STEP = 0.25
LEADING = 1.24
NAME_LARGER = 1.35
FRAME = "#C4C9D0"
BIN_TEXT_MAX = 60.0


@dataclass(frozen=True)
class _Style:
    """How a label of a size is set: lengths in mm, text in points; `code` is the side of the code."""

    inset: float
    code: float
    column: float
    digits: float
    text: float
    issuer: float
    framed: bool
    symbology: Literal["qr", "matrix"]


STYLES: dict[str, _Style] = {
    "24": _Style(3.0, 18.0, 24.0, 14, 8.0, 6.0, True, "matrix"),
    "8": _Style(6.0, 36.0, 40.0, 24, 12.5, 9.0, True, "qr"),
    "60x40": _Style(2.0, 18.0, 23.0, 14, 8.0, 6.0, False, "matrix"),
    "100x70": _Style(4.0, 36.0, 39.0, 23, 12.5, 9.0, False, "qr"),
}


@dataclass(frozen=True)
class _Shown:
    """What stands on one label: its code, the name, rows of one or two (caption, value)."""

    code: str
    name: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    digits: bool = True


def lot_labels(paper: LotLabelsPaper, *, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return lot labels as PDF, each with the eight fields of rule P18; `language` is that of captions and names.

    Raises
    ------
    FontUnusable
    BadPaperValue
        A text is too long for this size of label.
    """
    wording = Wording(language)
    return _print(paper, [_lot(label, wording) for label in paper.lines], wording, fonts)


def asset_labels(paper: AssetLabelsPaper, *, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return device labels as PDF; raises as `lot_labels`."""
    wording = Wording(language)
    return _print(paper, [_asset(label, wording) for label in paper.lines], wording, fonts)


def kit_labels(paper: KitLabelsPaper, *, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return kit labels as PDF with what must be in each kit; raises as `lot_labels`."""
    wording = Wording(language)
    return _print(paper, [_kit(label, wording) for label in paper.lines], wording, fonts)


def bin_labels(paper: BinLabelsPaper, *, language: str = "zh_CN", fonts: FontBook | None = None) -> Printed:
    """Return bin labels as PDF, the code as large as it fits; raises as `lot_labels`."""
    wording = Wording(language)
    return _print(paper, [_bin(label, wording) for label in paper.lines], wording, fonts)


def _lot(label: LotLabel, wording: Wording) -> _Shown:
    caption, show = partial(_caption, wording), wording.shown
    quantity = f"{show(label.quantity)} {show(label.unit)}"
    rows = [
        (caption("specification", label.specification),),
        (caption("origin", label.origin),),
        (caption("quantity", quantity), caption("quality", label.quality)),
        (caption("made", label.made_on), caption("entered", label.entered_on)),
    ]
    last = [caption("expires", label.expires_on)] if label.expires_on else []
    last += [caption("batch", label.batch)] if label.batch else []
    return _Shown(label.code, show(label.name), (*rows, tuple(last)) if last else tuple(rows))


def _asset(label: AssetLabel, wording: Wording) -> _Shown:
    caption, show = partial(_caption, wording), wording.shown
    rows = (
        (caption("specification", label.specification),) if label.specification.zh else (),
        (caption("serial", label.serial_number),),
        (caption("place", label.place),),
        (caption("bought", label.entered_on), caption("good_until", label.good_until)),
        (caption("custodian", contact_text(label.custodian)),),
    )
    return _Shown(label.code, show(label.name), tuple(row for row in rows if row))


def _kit(label: KitLabel, wording: Wording) -> _Shown:
    caption, show = partial(_caption, wording), wording.shown
    parts = [
        wording.text("labels.part", name=part.name, quantity=part.quantity, unit=part.unit) for part in label.contents
    ]
    rows = (
        (caption("place", label.place),),
        (caption("holder", label.holder),) if label.holder.zh else (),
        (caption("packed", label.packed_on), caption("check_by", label.check_by)),
        (caption("custodian", contact_text(label.custodian)),),
        (caption("contents", wording.joined(parts)),) if parts else (),
    )
    return _Shown(label.code, show(label.name), tuple(row for row in rows if row), digits=False)


def _bin(label: BinLabel, wording: Wording) -> _Shown:
    return _Shown(label.code, wording.shown(label.site), (), digits=False)


def _caption(wording: Wording, key: str, value: Name | dt.date | str | None) -> tuple[str, str]:
    """Return a caption and its value, blank where it is not known."""
    return wording.text(f"labels.{key}"), wording.shown(value)


def _print(paper: LabelsPaper, shown: list[_Shown], wording: Wording, fonts: FontBook | None) -> Printed:
    """Put the labels on their places, all copies of one before the next."""
    size, style = SIZES[paper.size], STYLES[paper.size]
    sheets = size.places > 1
    width, height = size.width * MM, size.height * MM
    page = PORTRAIT if sheets else (width, height)
    left = (page[0] - size.across * width) / 2
    top = page[1] - (page[1] - size.down * height) / 2
    copied = [(line, one) for line, one in enumerate(shown, 1) for _ in range(paper.lines[line - 1].copies)]
    with printing(
        fonts or font_book(),
        title=wording.text(f"labels.{paper.kind}", number=paper.number),
        author=wording.shown(paper.issuer),
        subject=wording.shown(paper.number),
        language=wording.language,
    ) as sheet:
        pen = _Pen(sheet, paper, style, wording, width, height)
        place = paper.start - 1
        sheet.size(page)
        for line, one in copied:
            if place == size.places:
                sheet.end_page()
                sheet.size(page)
                place = 0
            row, column = divmod(place, size.across)
            pen.put(left + column * width, top - (row + 1) * height, one, line)
            place += 1
        sheet.end_page()
        return Printed(sheet.finish(), sheet.pages, tuple(sheet.missing), "", "")


@dataclass(frozen=True)
class _Block:
    """Text set for its room: the size, the lines of the name, the rows of (x, text) that follow."""

    size: float
    name: tuple[str, ...]
    rows: tuple[tuple[tuple[float, str], ...], ...]

    @property
    def height(self) -> float:
        """Return the height in points."""
        return (len(self.name) * NAME_LARGER + len(self.rows)) * self.size * LEADING


class _Pen:
    """Draws one label after another on a sheet."""

    def __init__(
        self, sheet: Sheet, paper: LabelsPaper, style: _Style, wording: Wording, width: float, height: float
    ) -> None:
        self._sheet, self._paper, self._style, self._wording = sheet, paper, style, wording
        self._width, self._height = width, height
        self._blocks: dict[int, _Block] = {}

    def put(self, x: float, y: float, one: _Shown, line: int) -> None:
        """Draw a label whose lower left corner is (x, y); `line` is its number on the paper."""
        style, sheet = self._style, self._sheet
        inset, width, height = style.inset * MM, self._width, self._height
        if style.framed:
            edge = 1.2 * MM
            sheet.box(x + edge, y + edge, width - 2 * edge, height - 2 * edge, thick=0.4, colour=FRAME, radius=1.5 * MM)
        self._code(x + inset, y, one)
        text_x = x + inset + (style.column + 2.2) * MM
        room = x + width - inset - text_x
        head = y + height - inset - style.issuer
        issuer = self._wording.shown(self._paper.issuer)
        if self._paper.demo:
            issuer = self._wording.text("labels.demo")
        colour = RED if self._paper.demo else GREY
        sheet.fitted(text_x, head, issuer, "table", style.issuer, width=room, colour=colour)
        body_top, body_height = head - 0.5 * style.issuer, head - 0.5 * style.issuer - (y + inset)
        if isinstance(self._paper, BinLabelsPaper):
            self._bin(text_x, y + inset, room, body_height, one, line)
        else:
            self._fields(text_x, body_top, room, body_height, one, line)

    def _code(self, x: float, y: float, one: _Shown) -> None:
        """Draw the code in the middle of its column, and under it the digits of a label that has any."""
        style, sheet = self._style, self._sheet
        column, side = style.column * MM, style.code * MM
        symbology = style.symbology if one.digits else "qr"
        under = style.digits * 1.25 if not isinstance(self._paper, BinLabelsPaper) else 0.0
        foot = y + (self._height - side - under) / 2
        sheet.code(x + (column - side) / 2, foot + under, side, one.code, symbology)
        if under:
            size = style.digits
            sheet.fitted(x, foot + size * 0.1, one.code, "hei", size, width=column, align="centre")

    def _fields(self, x: float, top: float, room: float, height: float, one: _Shown, line: int) -> None:
        """Draw name and fields."""
        block = self._blocks.get(line)
        if block is None:
            block = self._blocks[line] = self._set(one, room, height, line)
        sheet, size = self._sheet, block.size
        y = top
        for text in block.name:
            y -= size * NAME_LARGER * LEADING
            sheet.text(x, y + size * 0.3, text, "hei", size * NAME_LARGER)
        for row in block.rows:
            y -= size * LEADING
            for offset, text in row:
                sheet.text(x + offset, y + size * 0.2, text, "table", size)

    def _set(self, one: _Shown, room: float, height: float, line: int) -> _Block:
        """Return the text in the largest size that fits."""
        size = self._style.text
        while size >= TEXT_MIN:
            block = self._block(one, room, size)
            if block.height <= height:
                return block
            size -= TEXT_STEP
        raise self._too_long(one.name, line)

    def _block(self, one: _Shown, room: float, size: float) -> _Block:
        fonts = self._sheet.fonts
        name = broken(one.name, fonts, "hei", size * NAME_LARGER, room)
        rows: list[tuple[tuple[float, str], ...]] = []
        for row in one.rows:
            texts = [f"{caption} {value}".rstrip() for caption, value in row]
            half = room / len(texts)
            if len(texts) > 1 and all(fonts.width(text, "table", size) <= half - 2 for text in texts):
                rows.append(tuple((number * half, text) for number, text in enumerate(texts)))
            else:
                rows += [((0.0, text),) for value in texts for text in broken(value, fonts, "table", size, room)]
        return _Block(size, tuple(name), tuple(rows))

    def _bin(self, x: float, y: float, room: float, height: float, one: _Shown, line: int) -> None:
        """Draw the code of a bin as large as it fits, and under it the site."""
        sheet, style = self._sheet, self._style
        below = broken(one.name, sheet.fonts, "table", style.text, room)
        free = height - len(below) * style.text * LEADING
        if free < TEXT_MIN:
            raise self._too_long(one.name, line)
        size = min(BIN_TEXT_MAX, free)
        lines = broken(one.code, sheet.fonts, "hei", size, room)
        while len(lines) > (1 if size > BIN_TEXT_MAX / 3 else 3) or len(lines) * size * 1.1 > free:
            size -= 0.5
            if size < TEXT_MIN:
                raise self._too_long(one.code, line)
            lines = broken(one.code, sheet.fonts, "hei", size, room)
        base = y + len(below) * style.text * LEADING + (free + len(lines) * size * 1.1) / 2
        for text in lines:
            base -= size * 1.1
            sheet.text(x, base + size * 0.2, text, "hei", size)
        for number, text in enumerate(reversed(below)):
            sheet.text(x, y + number * style.text * LEADING + 1, text, "table", style.text, colour=SOFT)

    def _too_long(self, text: str, line: int) -> BadPaperValue:
        paper = self._paper
        return BadPaperValue(kind=paper.kind, number=paper.number, field="label_text", line=line, value=text[:80])
