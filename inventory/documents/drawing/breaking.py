"""Breaking text into lines as Chinese print wants it (kinsoku): no line begins with 。 or ）, none ends with （.

Latin words, numbers with their units, codes and numbers of papers stay whole unless they are longer than a line; then
they part before a hyphen, as readers take one at the end of a line for a broken word. Nothing is ever cut away:
joining the lines gives the text back, apart from spaces at the breaks.
"""

from __future__ import annotations

import re
import string

from inventory.documents.drawing.fonts import FontBook, Role
from inventory.documents.drawing.wording import forms

NOT_FIRST = frozenset(forms()["breaking"]["not_first"])
NOT_LAST = frozenset(forms()["breaking"]["not_last"])
_NUMBER = r"[\u4e00-\u9fff]-[0-9A-Z]{2,12}-[0-9]{4}-[0-9]+"
_TOKEN = re.compile(rf"{_NUMBER}|[0-9A-Za-z][0-9A-Za-z.\-/:_@+%²³℃Ω'’]*|_+|.", re.DOTALL)
_PART = re.compile(r"-*[^-]*[^-]|-+")
_IN_WORD = frozenset(string.ascii_letters + string.digits + ".-/:_@+%²³℃Ω'’")
"""What a token of letters and digits may hold."""


def broken(
    text: str,
    fonts: FontBook,
    role: Role,
    size: float,
    width: float,
    *,
    first_indent: float = 0.0,
    push_in: float = 0.0,
) -> list[str]:
    """Return the lines of a text.

    Parameters
    ----------
    width, first_indent
        Points; the first line of each paragraph ("\\n" parts them) is narrower by the indent.
    push_in
        How far, in characters, closing punctuation may stand over the edge, to be pushed in by justification. With 0
        half a mark may stand over: its ink is in the left half.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph, fonts, role, size, width, first_indent, push_in)
    return lines


def _paragraph(
    text: str, fonts: FontBook, role: Role, size: float, width: float, indent: float, push_in: float
) -> list[str]:
    if indent + fonts.width(text, role, size) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", indent
    for token in _pieces(text, fonts, role, size, width):
        advance = fonts.width(token, role, size)
        if line and used + advance > width + 0.01:
            hangs = used + advance * 0.5 <= width + size * push_in + 0.01
            if token == " ":
                continue
            if not (token in NOT_FIRST and hangs):
                kept, carried = _carry(line, token)
                if fonts.width(carried + token, role, size) > width + 0.01:
                    # In a column this narrow the rule gives way to the width.
                    kept, carried = line, ""
                lines.append(kept.rstrip(" "))
                line = carried
                used = fonts.width(line, role, size)
        if token == " " and not line and lines:
            continue
        line += token
        used += advance
    lines.append(line)
    return lines


def _pieces(text: str, fonts: FontBook, role: Role, size: float, width: float) -> list[str]:
    """Return the tokens; those longer than a line fall into parts before their hyphens, then into characters."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if len(token) > 1 and fonts.width(token, role, size) > width:
            for part in _PART.findall(token):
                tokens += [part] if fonts.width(part, role, size) <= width else list(part)
        else:
            tokens.append(token)
    return tokens


def _carry(line: str, token: str) -> tuple[str, str]:
    """Return (what stays on the line, what moves down) so that neither edge breaks the rule, nor a word in two."""
    cut = len(line)
    # Never more than four characters move down: a row of brackets alone would otherwise empty the line.
    lowest = max(1, len(line) - 4)
    if token in NOT_FIRST:
        cut = max(cut - 1, lowest)
        while cut > lowest and line[cut] in NOT_FIRST:
            cut -= 1
    while cut > lowest and line[cut - 1] in NOT_LAST:
        cut -= 1
    cut = _word_start(line, cut)
    return line[:cut], line[cut:]


def _word_start(line: str, cut: int) -> int:
    """Return where the word begins that a cut would part, the cut itself where it parts none.

    A line that is one word stays as it is: in a column this narrow the rule gives way to the word.
    """
    start = cut
    while 0 < start < len(line) and line[start] in _IN_WORD and line[start - 1] in _IN_WORD:
        start -= 1
    return start or len(line)
