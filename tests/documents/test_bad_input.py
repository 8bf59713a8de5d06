"""Bad input on every printing path: long, hidden, foreign and many. A refusal or a whole paper, never anything else."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.documents.batch import LINES_MAX, PAPERS_MAX, NothingToPrint, TooMuchAtOnce, printed_together
from inventory.documents.data.values import BadPaperValue
from inventory.documents.drawing.engine import Printed
from inventory.documents.press import PRESSES, printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from tests.documents import reading, samples
from tests.documents.mutants import all_texts, text_paths

KINDS = sorted(PRESSES)
CODES = frozenset({"card", "condition", "count_round", "format", "list_copies", "marks", "new_status", "priority"})
CODES |= {"state", "works_without", "facts", "receive_width", "transmit_width"}
"""Fields that hold a word of the program, not a text that somebody typed."""

MARK, LONG = "\u364d\u3653", "\u96e8" * 2000
PAGES_MAX = 150
BAD_TEXTS = {
    "controls": "\u5e10\x00\x07\x1b[31m\x7f\x85\u7bf7",
    "directions": "\u5e10\u202e\u2066abc\u2069\u200f\u7bf7",
    "emoji": "\u5e10\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f\u7bf7",
    "markup": "<b>\u5e10</b>&amp;<script>{0}%(x)s{incident}\\n${y}",
    "line ends": "\u5e10\r\n\u7bf7\u2028\u2029\x0b\x0c",
    "unassigned": "\u0378\ue000\U0010ffff\ufffe",
    "combining": "e" + "\u0301" * 60,
    "blank": " \u3000\u00a0 ",
    "one word": "x" * 400,
    "closing marks": "\u3002\uff09\u300b" * 60,
    "pdf": "(\\)endstream endobj %%EOF",
}


def free_paths(paper: Any) -> list[tuple[str | int, ...]]:
    """Return the ways to the texts of a paper that people type."""
    return [path for path in text_paths(paper) if not CODES & set(map(str, path)) and path != ("place",)]


def tried(paper: Any) -> Printed | BadPaperValue:
    """Return what a paper is printed as, or why it is not; any other error goes through."""
    try:
        return printed(paper, key=SAMPLE_KEY)
    except BadPaperValue as refused:
        return refused


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_cut_whatever_its_length(kind: str) -> None:
    """Wherever a short text is printed, 2,000 characters are printed there too, all of them, or refused by field."""
    paper = sample(kind)
    places = 0
    for path in free_paths(paper):
        short, long = (tried(all_texts(paper, [path], text)) for text in (MARK, LONG))
        if isinstance(short, Printed) and isinstance(long, Printed):
            shown, whole = reading.joined_text(short).count(MARK), reading.joined_text(long)
            # A text that its shape refuses to be so long stayed as it was.
            if all_texts(paper, [path], LONG) != paper:
                assert whole.count(LONG[0]) >= len(LONG) * shown, path
                assert long.pages <= PAGES_MAX, path
                places += shown
    assert places or kind.endswith("labels"), "nothing could be made long"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", sorted(BAD_TEXTS))
def test_a_paper_full_of_bad_texts_is_printed_or_refused(kind: str, bad: str) -> None:
    """Every text of a paper made bad: it prints, names what it cannot show, and lets nothing hidden through."""
    base = sample(kind)
    made = tried(all_texts(base, free_paths(base), BAD_TEXTS[bad]))
    if isinstance(made, BadPaperValue):
        return
    assert 1 <= made.pages <= PAGES_MAX
    text = "".join(reading.page_texts(made))
    assert not {sign for sign in text if unicodedata.category(sign) in ("Cf", "Co")}, bad
    assert all(re.fullmatch(r"U\+[0-9A-F]{4,6}", point) for point in made.missing)
    if made.missing and PRESSES[kind].shape.sealed:
        assert made.missing[0] in text, "what is missing is named on the paper"


@pytest.mark.parametrize("kind", KINDS)
def test_a_lone_surrogate_is_refused_or_shown(kind: str) -> None:
    """Half a character, which no file can hold: a sealed paper refuses it by name, a label shows that it is none."""
    base = sample(kind)
    paper = all_texts(base, free_paths(base), "\u5e10\ud800")
    made = tried(paper)
    if isinstance(made, BadPaperValue):
        assert made.value.encode(), "the refusal itself can be told"
    elif paper != base:
        assert "U+D800" in made.missing


@pytest.mark.parametrize("kind", KINDS)
def test_quantities_of_several_goods_are_never_summed(kind: str) -> None:
    """Amounts in different units have no total: the sum of all quantities stands nowhere on the paper."""
    paper: Any = sample(kind)
    lines = getattr(paper, "lines", ())
    if len(lines) < 2 or not hasattr(lines[0], "quantity") or not hasattr(lines[0], "unit"):
        return
    odd = [10_007 + 1_013 * number for number in range(len(lines))]
    changed = [dataclasses.replace(line, quantity=amount) for line, amount in zip(lines, odd, strict=True)]
    units = {getattr(line, "unit", None) for line in changed}
    if len(units) < 2:
        return
    made = tried(dataclasses.replace(paper, lines=tuple(changed)))
    assert isinstance(made, Printed)
    text = reading.joined_text(made)
    assert f"{odd[0]:,}" in text or str(odd[0]) in text
    assert f"{sum(odd):,}" not in text
    assert str(sum(odd)) not in text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.sampled_from(KINDS))
def test_any_text_at_all(text: str, kind: str) -> None:
    """Whatever Unicode holds, in every place of a paper: printed, or refused as a value of that paper."""
    base = sample(kind)
    made = tried(all_texts(base, free_paths(base), text))
    assert made.kind == kind if isinstance(made, BadPaperValue) else made.pages <= PAGES_MAX


def test_ten_thousand_lines_are_printed_and_more_in_one_file_are_refused() -> None:
    """A list of 10,000 lines is whole; a file of many papers has a limit that is told before anything is drawn."""
    made = printed(samples.count_sheet(10_000), key=samples.KEY)
    assert made.pages > 300
    last = reading.page_texts(made)[-1]
    assert "03150000" not in last
    assert f"{made.pages} 页" in last
    with pytest.raises(NothingToPrint):
        printed_together([], samples.KEY)
    with pytest.raises(TooMuchAtOnce) as refused:
        printed_together([samples.order(1)] * (PAPERS_MAX + 1), samples.KEY)
    assert refused.value.papers == PAPERS_MAX + 1
    with pytest.raises(TooMuchAtOnce):
        printed_together([samples.count_sheet(9_999)] * (LINES_MAX // 9_999 + 1), samples.KEY)
