"""Drawing on pages: text with glyph fallback, rules, boxes, QR, DataMatrix and Code 128, deterministic PDF bytes.

Lengths are points, the origin is the lower left corner of the page. Whoever draws holds `fonts.LOCK` (`printing` does
it). The bytes depend on the drawing alone: no clock, no random number, no name of the machine.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen import canvas

from inventory.documents.drawing.codes import Symbology, modules, rectangles
from inventory.documents.drawing.fonts import LOCK, FontBook, Role, Run

MM = 72 / 25.4
PORTRAIT: tuple[float, float] = (A4[0], A4[1])
LANDSCAPE: tuple[float, float] = (A4[1], A4[0])
BLACK, RED, GREY, SOFT = "#000000", "#D7000F", "#666666", "#444444"
SHADE, STRIPE, RULE = "#E9EDF2", "#F7F8FA", "#555555"
CREATOR = "Tongdiao"
OPERATORS_MAX = 20_000
"""How many texts a sheet remembers in the form in which they are written."""

_SPACES = re.compile("( )")
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class Printed:
    """A finished paper.

    `missing` are the code points ("U+2A700") printed as 〓, to be shown as a warning; `qr_text` and `code` are those of
    the seal; `sha256` (hex) is that of `pdf`, to be stored with the issue: a reprint gives the same.
    """

    pdf: bytes
    pages: int
    missing: tuple[str, ...]
    qr_text: str
    code: str

    @property
    def sha256(self) -> str:
        """Return the sha256 of the bytes in hex."""
        return hashlib.sha256(self.pdf).hexdigest()


class Sheet:
    """One PDF in the making."""

    def __init__(self, fonts: FontBook, *, title: str, author: str, subject: str, language: str) -> None:
        self.fonts = fonts
        self.missing: dict[str, None] = {}
        self.pages = 0
        self._parts = 0
        self._operators: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._buffer = io.BytesIO()
        self._canvas = canvas.Canvas(
            self._buffer,
            pagesize=PORTRAIT,
            invariant=1,
            pageCompression=1,
            pdfVersion=(1, 7),
            # Without this every file would carry a reference to an unembedded Helvetica.
            initialFontName=fonts.face("table").fontName,
            lang="zh-CN" if language == "zh_CN" else "en",
        )
        self._canvas.setTitle(_metadata(title))
        self._canvas.setAuthor(_metadata(author))
        self._canvas.setSubject(_metadata(subject))
        self._canvas.setCreator(CREATOR)
        self._canvas.setProducer(CREATOR)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def size(self, page: tuple[float, float]) -> None:
        """Set the size of the current page."""
        self._canvas.setPageSize(page)

    def end_page(self) -> None:
        """Finish the current page, under the stamp if this print bears one."""
        if stamp := _STAMP.get():
            self._put_stamp(stamp)
        self._canvas.showPage()
        self.pages += 1
        # Compressed at once, so that a file of thousands of pages fits into memory.
        page = self._canvas._doc.Pages.pages[-1]
        packed = zlib.compress(page.stream.encode())
        filters = pdfdoc.PDFArray([pdfdoc.PDFName("FlateDecode")])
        page.Contents = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"Filter": filters}), packed)
        page.stream = None

    def begin_part(self, title: str) -> None:
        """Begin the next paper of a file: pages and missing characters are counted anew, a bookmark leads here."""
        self.missing, self.pages = {}, 0
        self._parts += 1
        mark = f"part{self._parts}"
        self._canvas.bookmarkPage(mark)
        self._canvas.addOutlineEntry(_metadata(title), mark)

    def finish(self) -> bytes:
        """Return the file; nothing while further papers may follow in it (`printing_together`)."""
        return b"" if _together.get() is self else self.close()

    def close(self) -> bytes:
        """Return the file, whole."""
        self._canvas.save()
        return self._buffer.getvalue()

    def recorded(self, draws: Sequence[Callable[[Sheet], None]]) -> list[str]:
        """Draw, and return what was written, to be drawn again by `repeat` on another page of this sheet."""
        start = len(self._canvas._code)
        for draw in draws:
            draw(self)
        return list(self._canvas._code[start:])

    def repeat(self, written: list[str]) -> None:
        """Draw once more what was recorded."""
        self._canvas._code.extend(written)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        role: Role,
        size: float,
        *,
        align: Align = "left",
        width: float = 0.0,
        colour: str = BLACK,
        fill: float | None = None,
        by_words: bool = False,
    ) -> None:
        """Draw one line; `fill` spreads (or pushes in) its characters, or the spaces between words, to that width."""
        measured = self.fonts.measured(text, role)
        self.missing.update(dict.fromkeys(measured.missing))
        length = sum(len(run.text) for run in measured.runs)
        natural = measured.width * size
        spacing = (fill - natural) / (length - 1) if fill is not None and length > 1 else 0.0
        spaces = text.count(" ") if by_words and fill is not None else 0
        if align != "left":
            x += (width - natural) / (2 if align == "centre" else 1)
        line = ["BT", f"1 0 0 1 {fp_str(x, y)} Tm"]
        if colour != BLACK:
            line.append(_filled(colour))
        if spacing and not spaces:
            line.append(f"{fp_str(spacing)} Tc")
        setting = f"{fp_str(size)} Tf {fp_str(size * 1.2)} TL"
        for run in measured.runs:
            if spaces:
                line += self._worded(run, setting, fp_str(spacing * (length - 1) / spaces))
                continue
            subset = ""
            for name, shown in self._shown(run.font, run.text):
                line.append(shown if name == subset else f"{name} {setting} {shown}")
                subset = name
        if spacing and not spaces:
            # Character spacing outlives the text object; later lines would drift.
            line.append("0 Tc")
        line.append("ET")
        self._canvas.addLiteral(" ".join(line))
        if colour != BLACK:
            self._canvas.addLiteral(_filled(BLACK))

    def _worded(self, run: Run, setting: str, wider: str) -> list[str]:
        """Return the operators that show a run with wider spaces."""
        found, subset = [], ""
        for part in filter(None, _SPACES.split(run.text)):
            for name, shown in self._shown(run.font, part):
                found.append(shown if name == subset else f"{name} {setting} {shown}")
                subset = name
            if part == " ":
                found[-1] = f"{wider} Tc {found[-1]} 0 Tc"
        return found

    def _shown(self, font: str, text: str) -> list[tuple[str, str]]:
        """Return (name of the font's subset in this file, operator that shows a part of the text).

        The writer's own text objects do the same three times slower.
        """
        known = self._operators.get((font, text))
        if known is None:
            face, document = pdfmetrics.getFont(font), self._canvas._doc
            escape = self._canvas._escape
            known = [
                (face.getSubsetInternalName(subset, document), f"({escape(part)}) Tj")
                for subset, part in face.splitString(text, document)
            ]
            if len(self._operators) > OPERATORS_MAX:
                self._operators.clear()
            self._operators[font, text] = known
        return known

    def fitted(
        self,
        x: float,
        y: float,
        text: str,
        role: Role,
        size: float,
        *,
        width: float,
        align: Align = "left",
        colour: str = BLACK,
    ) -> None:
        """Draw one line, smaller where it would not fit; for labels of ours, not for values."""
        natural = self.fonts.width(text, role, size)
        size = size if natural <= width else size * width / natural
        self.text(x, y, text, role, size, align=align, width=width, colour=colour)

    def lines(self, segments: list[tuple[float, float, float, float]], *, thick: float, colour: str = BLACK) -> None:
        """Draw straight lines (x1, y1, x2, y2)."""
        self._canvas.setLineWidth(thick)
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.lines(segments)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        thick: float = 0.0,
        colour: str = BLACK,
        fill: str | None = None,
        radius: float = 0.0,
    ) -> None:
        """Draw a rectangle from its lower left corner: filled, framed (`thick` > 0) or both; `radius` rounds it."""
        if fill:
            self._canvas.setFillColor(_colour(fill))
        self._canvas.setLineWidth(thick)
        self._canvas.setStrokeColor(_colour(colour))
        stroke, filled = int(thick > 0), int(fill is not None)
        if radius:
            self._canvas.roundRect(x, y, width, height, radius, stroke=stroke, fill=filled)
        else:
            self._canvas.rect(x, y, width, height, stroke=stroke, fill=filled)
        if fill:
            # Black is the fill everywhere else, so that text need not set it line by line.
            self._canvas.setFillColor(_colour(BLACK))

    def dashed_circle(self, x: float, y: float, radius: float, *, colour: str) -> None:
        """Draw the place of a seal."""
        self._canvas.setDash(2, 2)
        self._canvas.setLineWidth(0.6)
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.circle(x, y, radius)
        self._canvas.setDash()

    def dashed_box(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """Draw the place of a stamp."""
        self._canvas.setDash(2, 2)
        self._canvas.setLineWidth(0.6)
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.rect(x, y, width, height)
        self._canvas.setDash()

    def code(self, x: float, y: float, size: float, text: str, symbology: Literal["qr", "matrix"]) -> None:
        """Draw a square code from its lower left corner; leave 4 modules of white around a QR, 1 a matrix."""
        rows = modules(text, symbology)
        unit = size / max(len(rows), len(rows[0]))
        self._draw_modules(text, symbology, x, y, unit, unit)

    def bars(self, x: float, y: float, height: float, text: str, *, width_max: float) -> float:
        """Draw a Code 128 (ASCII) from its lower left corner, 0.33 mm a module where it fits; return its width."""
        columns = len(modules(text, "bars")[0])
        unit = min(0.33 * MM, width_max / columns)
        self._draw_modules(text, "bars", x, y, unit, height)
        return unit * columns

    def watermark(self, text: str, page: tuple[float, float]) -> None:
        """Draw a pale text across the page, under what is drawn later."""
        measured = self.fonts.measured(text, "hei")
        size = page[0] * 0.8 / measured.width
        self._canvas.saveState()
        self._canvas.translate(page[0] / 2, page[1] / 2)
        self._canvas.rotate(35)
        self.text(-page[0], -size / 3, text, "hei", size, align="centre", width=2 * page[0], colour="#F8E9E9")
        self._canvas.restoreState()

    def _put_stamp(self, text: str) -> None:
        """Draw a text across the page over everything, so pale that what is under it can still be read."""
        width, height = self._canvas._pagesize
        measured = self.fonts.measured(text, "hei")
        size = min(width * 0.8 / measured.width, 48.0)
        across = measured.width * size
        for middle in (0.25, 0.52, 0.78):
            self._canvas.saveState()
            self._canvas.translate(width / 2, height * middle)
            self._canvas.rotate(18)
            # A colour would set the alpha back, so it comes first and the text brings none of its own.
            self._canvas.setFillColor(_colour(RED))
            self._canvas.setStrokeColor(_colour(RED))
            self._canvas.setFillAlpha(0.3)
            self._canvas.setStrokeAlpha(0.3)
            self._canvas.setLineWidth(size / 14)
            self._canvas.rect(-across / 2 - size / 2, -size * 0.85, across + size, size * 1.7)
            self.text(-across / 2, -size * 0.36, text, "hei", size)
            self._canvas.restoreState()

    def _draw_modules(self, text: str, symbology: Symbology, x: float, y: float, unit: float, height: float) -> None:
        """Draw the modules, `unit` wide and `height` high, upwards from (x, y)."""
        # One literal in whole modules under a scale: ten times faster than a path of rectangles in points.
        self._canvas.addLiteral(f"q {unit:.5f} 0 0 {height:.5f} {x:.3f} {y:.3f} cm {rectangles(text, symbology)} f Q")


_STAMP: ContextVar[str] = ContextVar("stamp", default="")


@contextmanager
def stamped(text: str) -> Iterator[None]:
    """Draw a text across every page that is printed meanwhile: what is not the paper as it was issued says so."""
    token = _STAMP.set(text)
    try:
        yield
    finally:
        _STAMP.reset(token)


_together: ContextVar[Sheet | None] = ContextVar("together", default=None)


@contextmanager
def printing(fonts: FontBook, *, title: str, author: str, subject: str, language: str) -> Iterator[Sheet]:
    """Give a sheet to draw on; one paper at a time in a process, because the fonts keep state while drawing.

    Within `printing_together` it is the sheet of the whole file.
    """
    with LOCK:
        sheet = _together.get()
        if sheet is None:
            yield Sheet(fonts, title=title, author=author, subject=subject, language=language)
        else:
            sheet.begin_part(title)
            yield sheet


@contextmanager
def printing_together(fonts: FontBook, *, title: str, language: str) -> Iterator[Sheet]:
    """Give one sheet to all papers that are printed inside; who draws other papers meanwhile waits for one at most."""
    with LOCK:
        sheet = Sheet(fonts, title=title, author="", subject="", language=language)
    token = _together.set(sheet)
    try:
        yield sheet
    finally:
        _together.reset(token)


def _metadata(text: str) -> str:
    """Return a text fit for the document's properties: no control characters, no lone surrogates."""
    return "".join(character for character in text if character.isprintable())


@functools.cache
def _filled(code: str) -> str:
    """Return the operator that sets the colour of texts."""
    colour = _colour(code)
    return f"{fp_str(colour.red, colour.green, colour.blue)} rg"


@functools.cache
def _colour(code: str) -> HexColor:
    return HexColor(code)
