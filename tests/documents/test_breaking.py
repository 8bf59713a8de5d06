"""Lines as they are broken: no word in two, nothing lost. The marks are proven with the fonts."""

from __future__ import annotations

import re

import pytest

from inventory.documents.drawing.breaking import broken
from inventory.documents.drawing.engine import MM
from inventory.documents.drawing.fonts import font_book

SIZE = 8.0
WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-/]*")
TEXTS = (
    "Shelter 420 people for 3 days; the old and children first",
    "Assault boat (4.2 m), 40 hp outboard, with trailer.",
    "送到黑山镇ABC123、XYZ789（中心小学）。发货人：王师傅，渝A·D5821",
)


def parted(text: str, lines: list[str], width: float) -> list[str]:
    """Return the words of a text that stand on two lines though they fit on one."""
    fonts, at, cuts = font_book(), 0, set()
    for line in lines[:-1]:
        at = text.index(line, at) + len(line)
        cuts.add(at)
    return [
        word[0]
        for word in WORD.finditer(text)
        if fonts.width(word[0], "table", SIZE) <= width and any(word.start() < cut < word.end() for cut in cuts)
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_a_word_that_fits_on_a_line_stands_on_one(text: str) -> None:
    """In no width is a word or a code parted to keep a mark company; nothing is lost but spaces at the breaks."""
    for tenths in range(60, 900):
        width = tenths / 10 * MM
        lines = broken(text, font_book(), "table", SIZE, width)
        assert parted(text, lines, width) == [], (tenths, lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("millimetres", "lines"),
    [
        (32, ["见事-WS-2026-000004"]),
        (26, ["见", "事-WS-2026-000004"]),
        (20, ["见事-WS-2026", "-000004"]),
        (12, ["见事-WS", "-2026", "-000004"]),
    ],
)
def test_the_number_of_a_paper_parts_only_before_a_hyphen(millimetres: int, lines: list[str]) -> None:
    """Whole where there is room, else in its parts; a hyphen at the end of a line would be lost by who copies it."""
    assert broken("见事-WS-2026-000004", font_book(), "table", SIZE, millimetres * MM) == lines
