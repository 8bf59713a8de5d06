"""Official letters and commands: what GB/T 9704 asks of head, end, pages and copies."""

from __future__ import annotations

import dataclasses
from typing import Any

import pypdfium2
import pytest

from inventory.core.errors import Name
from inventory.documents.data.dispatch import LIST_COPIES, Cosigner
from inventory.documents.data.values import NOBODY, BadPaperValue
from inventory.documents.drawing.engine import MM, PORTRAIT
from inventory.documents.drawing.fonts import font_book
from inventory.documents.drawing.letter import layout_of
from inventory.documents.drawing.letter_layout import (
    LEFT,
    PAGE_TOP,
    SEAL_RADIUS,
    STAMP_WIDTH,
    WIDTH,
    Layout,
)
from inventory.documents.drawing.wording import Wording
from inventory.documents.forms.dispatch_letter import letter_text
from inventory.documents.forms.dispatch_order import dispatch_order
from inventory.documents.sign import Genuine, seal, verify_text
from tests.documents import reading, samples

COSIGNERS = tuple(
    Cosigner(Name(f"区第{number}工作委员会办公室", f"Committee {number}"), Name("主任", "Head"), f"签发人{number}")
    for number in range(1, 10)
)
IMPRINT = "印发"


def layout(language: str = "zh_CN", **changes: Any) -> Layout:
    """Return the layout that is chosen for an order."""
    paper = samples.order(1, **changes)
    return layout_of(letter_text(paper, Wording(language), seal(paper, samples.KEY)), font_book(""))


def shown(found: Layout, page: int) -> str:
    """Return the words of a page of a layout."""
    return "".join(placed.text for placed in found.pages[page].texts)


def test_a_command_has_its_own_head_and_end() -> None:
    """Mark 20 mm below the type area's top, number under it, no title, no red line, no seal: post and stamp."""
    found = layout(format="command")
    first = found.pages[0]
    mark = next(placed for placed in first.texts if placed.role == "title")
    assert mark.text == "万盛经开区应急管理局命令"
    assert (PAGE_TOP - mark.y - mark.size * 0.86) / MM == pytest.approx(20, abs=0.5)
    assert not [rule for page in found.pages for rule in page.rules if rule[2] != "#000000"]
    assert "关于向" not in shown(found, 0)
    last = found.pages[-1]
    assert not last.seals
    (stamp,) = last.stamps
    character = WIDTH / 28
    assert LEFT + WIDTH - stamp[0] - STAMP_WIDTH == pytest.approx(4 * character, abs=0.1)
    post = next(placed for placed in last.texts if placed.text == "区防汛抗旱指挥部指挥长")
    right = post.x + font_book("").width(post.text, "body", post.size)
    assert stamp[0] - right == pytest.approx(2 * character, abs=0.1)
    assert "有关事项命令如下" in shown(found, 0)
    printed = dispatch_order(samples.order(3, format="command"), key=samples.KEY)
    code = reading.codes(reading.pictures(printed, dots_per_inch=100)[0], "QRCode")[0]
    assert isinstance(verify_text(code, [samples.KEY.public]), Genuine)


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("format", ["letter", "command"])
def test_units_that_issue_together_sign_in_order(count: int, format: str) -> None:
    """Every unit stands in the red mark and at the end; seals do not touch, leave no type area, at most three a row."""
    found = layout(cosigners=COSIGNERS[:count], format=format)
    head, whole = shown(found, 0), "".join(shown(found, page) for page in range(len(found.pages)))
    for cosigner in COSIGNERS[:count]:
        assert cosigner.unit.zh in head
        assert whole.count(cosigner.unit.zh) >= (2 if format == "command" else 1)
    if format == "command":
        assert sum(len(page.stamps) for page in found.pages) == count + 1
        return
    assert sum(len(page.seals) for page in found.pages) == count + 1
    for page in found.pages:
        for number, (x, y) in enumerate(page.seals):
            assert x - SEAL_RADIUS >= LEFT
            assert x + SEAL_RADIUS <= LEFT + WIDTH + 0.1
            for other in page.seals[:number]:
                assert ((x - other[0]) ** 2 + (y - other[1]) ** 2) ** 0.5 > 2 * SEAL_RADIUS


def test_more_units_or_longer_names_than_a_letter_holds_are_refused() -> None:
    """Ten units beside the issuer, a name of 121 characters, an unknown copy or format are told by field."""
    for field, value in (
        ("cosigners", COSIGNERS + COSIGNERS[:1]),
        ("cosigners", (Cosigner(Name("局" * 121)),)),
        ("cosigners", (Cosigner(Name(" ")),)),
        ("list_copies", ("stub", "stub")),
        ("list_copies", ("archive",)),
        ("format", "memo"),
    ):
        with pytest.raises(BadPaperValue) as refused:
            samples.order(1, **{field: value})
        assert refused.value.field == field
    longest = samples.order(1, cosigners=tuple(Cosigner(Name("局" * 120)) for _ in range(9)))
    assert reading.joined_text(dispatch_order(longest, key=samples.KEY)).count("局") >= 2 * 9 * 120


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_imprint_stands_on_an_even_page(language: str) -> None:
    """Printed on both sides: whatever the length, an even number of pages, the imprint on the last.

    With text above it wherever 20 to 24 lines a page allow; alone it has no page number.
    """
    for length in range(0, 500, 20):
        for contact in (NOBODY, samples.order(1).contact):
            found = layout(language, situation=Name("雨" * length, "rain " * length), both_sides=True, contact=contact)
            assert len(found.pages) % 2 == 0, length
            assert (IMPRINT if language == "zh_CN" else "Printed") in shown(found, -1), length
            assert all(page.texts for page in found.pages), "no empty page"
            assert all(page.numbered for page in found.pages[:-1])
            assert 20 <= found.lines <= 24
            if not found.pages[-1].numbered:
                tried = [Layout(found.letter, font_book(""), lines) for lines in range(20, 25)]
                assert not [one for one in tried if one.sides <= found.sides and one.pages[-1].numbered]


def test_no_page_holds_the_imprint_alone_on_one_side() -> None:
    """Printed on one side, the imprint always has text, name or seal above it, with a contact or without."""
    for length in range(0, 500, 10):
        for contact in (NOBODY, samples.order(1).contact):
            found = layout(situation=Name("雨" * length), contact=contact)
            texts = [placed.text for placed in found.pages[-1].texts]
            assert any("附件：" in text for text in texts), length
            assert found.pages[-1].seals, length


def test_the_list_comes_in_its_copies_each_on_a_leaf() -> None:
    """Stub, vehicle and signed return are printed in full and named; on both sides each begins a leaf."""
    names = ("第一联 存根", "第二联 随车", "第三联 回执")
    for both_sides in (False, True):
        paper = samples.order(2, list_copies=LIST_COPIES, both_sides=both_sides)
        pages = reading.page_texts(dispatch_order(paper, key=samples.KEY))
        starts = [number for number, page in enumerate(pages, 1) if "第 1 页" in page]
        assert len(starts) == 3
        for name, start in zip(names, starts, strict=True):
            assert name in pages[start - 1]
        for line in paper.lines:
            assert sum(page.count(line.code) for page in pages) >= 3
        if both_sides:
            assert all(start % 2 for start in starts)
            assert any("本面空白" in page for page in pages)
    plain = reading.joined_text(dispatch_order(samples.order(12), key=samples.KEY))
    assert not any(name.replace(" ", "") in plain for name in names)


def test_both_languages_are_two_letters_and_one_list() -> None:
    """The English letter follows on pages of its own and says that it is a translation; one seal holds all."""
    paper = samples.order(3)
    made = dispatch_order(paper, key=samples.KEY, language="both")
    alone = dispatch_order(paper, key=samples.KEY)
    pages = reading.page_texts(made)
    english = next(number for number, page in enumerate(pages) if "Order on the Emergency Dispatch" in page)
    assert not any("Order on the" in page for page in pages[:english])
    assert "紧急调拨应急物资的命令" in pages[0]
    assert "Translation; the Chinese text prevails" in pages[english]
    assert sum("第 1 页 共" in page for page in pages) == 1
    assert (made.qr_text, made.code) == (alone.qr_text, alone.code)


def test_english_words_are_not_spaced_out() -> None:
    """In an English letter justification widens the spaces between words, never the words."""
    paper = samples.order(1)
    done = dispatch_order(paper, key=samples.KEY, language="en")
    document = pypdfium2.PdfDocument(done.pdf)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    for word in ("emergency", "supplies", "dispatched", "approved"):
        assert word in text


def test_justified_lines_end_at_the_margin() -> None:
    """Full lines of a Chinese letter are all of one width; kinsoku pushes a mark in rather than out of the edge."""
    found = layout(situation=Name("汛情通报，灾情严重。" * 30))
    filled = [placed for page in found.pages for placed in page.texts if placed.fill is not None]
    assert len(filled) > 8
    for placed in filled:
        assert placed.fill is not None
        assert placed.x + placed.fill == pytest.approx(LEFT + WIDTH, abs=0.01)
        assert placed.text[0] not in "，。、）”"


def test_everything_stands_on_the_paper() -> None:
    """No line of a letter leaves the sheet of paper, whatever its format."""
    for changes in ({}, {"format": "command"}, {"cosigners": COSIGNERS}, {"cosigners": COSIGNERS, "format": "command"}):
        found = layout(**changes)
        for page in found.pages:
            assert all(20 * MM < placed.y < PORTRAIT[1] - 30 * MM for placed in page.texts)


def test_a_letter_is_as_it_was_but_for_what_it_asks() -> None:
    """The new fields at their defaults change nothing."""
    paper = samples.order(2)
    same = dataclasses.replace(paper, format="letter", list_copies=(), both_sides=False, cosigners=())
    assert dispatch_order(paper, key=samples.KEY).pdf == dispatch_order(same, key=samples.KEY).pdf
