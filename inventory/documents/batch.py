"""Many papers as one file: each as it would be alone, the fonts once, a bookmark for each.

A file of many is for the printer. It has the seals of its papers, but not their bytes: what is kept with an issue is
the sum of the paper printed alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Refusal
from inventory.documents.data.values import Paper
from inventory.documents.drawing.engine import PORTRAIT, printing_together
from inventory.documents.drawing.fonts import LOCK, FontBook, font_book
from inventory.documents.drawing.wording import wordings_of
from inventory.documents.form import put_blank_side
from inventory.documents.press import printed
from inventory.documents.sign import PaperKey

PAPERS_MAX, LINES_MAX = 1_000, 40_000
"""What one file may hold: about 15 s and 300 MB at most."""


@dataclass(eq=False)
class TooMuchAtOnce(Refusal):
    """More papers, or more lines on them, than one file may hold."""

    code: ClassVar[str] = "too_much_at_once"
    papers: int
    papers_most: int
    lines: int
    lines_most: int


@dataclass(eq=False)
class NothingToPrint(Refusal):
    """No paper was chosen."""

    code: ClassVar[str] = "nothing_to_print"


@dataclass(frozen=True)
class PrintedPart:
    """One paper in a file of many: where it begins (the first page is 1), its seal, what had to be printed as 〓."""

    kind: str
    number: str
    first_page: int
    pages: int
    missing: tuple[str, ...]
    qr_text: str
    code: str


@dataclass(frozen=True)
class PrintedBatch:
    """A finished file of many papers."""

    pdf: bytes
    pages: int
    parts: tuple[PrintedPart, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the code points printed as 〓 on any of the papers."""
        return tuple(dict.fromkeys(point for part in self.parts for point in part.missing))

    @property
    def sha256(self) -> str:
        """Return the sha256 of the bytes in hex."""
        return hashlib.sha256(self.pdf).hexdigest()


def printed_together(
    papers: Sequence[Paper],
    key: PaperKey | None,
    language: str = "zh_CN",
    *,
    fonts: FontBook | None = None,
    both_sides: bool = False,
) -> PrintedBatch:
    """Return papers as one PDF, in their order; the same papers always give the same bytes.

    Parameters
    ----------
    papers
        Of whatever kinds.
    key, language
        As of `press.printed`.
    both_sides
        Every paper begins on a leaf of its own; so does one that says so itself.

    Raises
    ------
    NothingToPrint, TooMuchAtOnce, FontUnusable, BadPaperValue
    """
    if not papers:
        raise NothingToPrint
    check_amount(len(papers), sum(len(getattr(paper, "lines", ())) for paper in papers))
    fonts, wording = fonts or font_book(), wordings_of(language)[0]
    title = wording.text("common.together", number=papers[0].number, count=len(papers))
    parts: list[PrintedPart] = []
    pages = 0
    with printing_together(fonts, title=title, language=wording.language) as sheet:
        for paper in papers:
            one = printed(paper, key=key, language=language, fonts=fonts)
            parts.append(
                PrintedPart(paper.kind, paper.number, pages + 1, one.pages, one.missing, one.qr_text, one.code)
            )
            pages += one.pages
            leaf = both_sides or getattr(paper, "both_sides", False)
            if leaf and one.pages % 2 and paper is not papers[-1]:
                put_blank_side(sheet, PORTRAIT, wording)
                pages += 1
        with LOCK:
            return PrintedBatch(sheet.close(), pages, tuple(parts))


def check_amount(papers: int, lines: int = 0) -> None:
    """Raise `TooMuchAtOnce` for more than one file may hold."""
    if papers > PAPERS_MAX or lines > LINES_MAX:
        raise TooMuchAtOnce(papers=papers, papers_most=PAPERS_MAX, lines=lines, lines_most=LINES_MAX)
