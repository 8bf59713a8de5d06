"""Labels: what stands on them, where on the sheet, how large; what is refused instead of being cut."""

from __future__ import annotations

import dataclasses
from typing import Any

import pypdfium2
import pytest

from inventory.core.errors import BrokenInvariant, Name
from inventory.documents.data.labels import (
    LABELS_MAX,
    SIZES,
    AssetLabelsPaper,
    BinLabel,
    BinLabelsPaper,
    LabelsPaper,
    LotLabel,
    LotLabelsPaper,
)
from inventory.documents.data.values import BadPaperValue, EmptyPaper
from inventory.documents.drawing.engine import MM, Printed
from inventory.documents.press import PRESSES, printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from inventory.documents.sign import seal
from tests.documents import reading

ISSUER = Name("区应急管理局", "District Emergency Bureau")
UNIT = Name("顶", "tent")
LONGEST = LotLabel(
    code="10000231",
    name=Name("帐" * 80, "T" * 120),
    quantity=999_999_999,
    unit=Name("顶" * 12),
    specification=Name("规" * 120),
    origin=Name("产" * 80),
    quality=Name("质" * 40),
    batch="B" * 60,
)
"""Every text as long as the database lets it be: it has room on the large sizes."""

LONG = dataclasses.replace(
    LONGEST,
    name=Name("帐" * 40),
    specification=Name("规" * 60),
    origin=Name("产" * 20),
    quality=Name("质" * 10),
    batch="B" * 30,
)
"""Longer than any of a real list: it has room on every size."""

LARGE = frozenset({"8", "100x70"})


def lots(*lines: LotLabel, **values: Any) -> LotLabelsPaper:
    """Return lot labels."""
    return LotLabelsPaper(number="D01", issuer=ISSUER, lines=lines or (LONGEST,), **values)


def bins(count: int, **values: Any) -> BinLabelsPaper:
    """Return bin labels A-001 and so on."""
    lines = tuple(BinLabel(f"A-{number:03d}", Name("中心库")) for number in range(1, count + 1))
    return BinLabelsPaper(number="D01", issuer=ISSUER, lines=lines, **values)


def characters(made: Printed, page: int = 0) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return the characters of a page with their boxes (left, bottom, right, top) in points; blanks left out."""
    document = pypdfium2.PdfDocument(made.pdf)
    try:
        text = document[page].get_textpage()
        found = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
        return [(sign, box) for sign, box in found if sign.strip()]
    finally:
        document.close()


def test_a_lot_label_states_the_eight_fields_of_p18() -> None:
    """Name, specification, origin, number, quantity, quality, made on and entered on stand on it, in words."""
    paper = sample("lot_labels")
    assert isinstance(paper, LotLabelsPaper)
    label = paper.lines[0]
    text = reading.joined_text(printed(dataclasses.replace(paper, lines=(label,)), key=None))
    for wanted in (
        label.name.zh, "规格" + label.specification.zh, "产地" + label.origin.zh, label.code, "数量",
        "质量" + label.quality.zh, f"生产{label.made_on}", f"入库{label.entered_on}",
    ):  # fmt: skip
        assert wanted.replace(" ", "") in text, wanted
    assert f"数量{label.quantity:,}{label.unit.zh}" in text


def test_what_is_not_known_stays_blank_to_be_written_in() -> None:
    """A caption without a value is there all the same."""
    bare = LotLabel(code="10000231", name=Name("帐篷"), quantity=1, unit=UNIT)
    text = reading.joined_text(printed(lots(bare), key=None))
    assert all(caption in text for caption in ("规格", "产地", "质量", "生产", "入库"))


@pytest.mark.parametrize("size", sorted(SIZES))
def test_long_texts_stand_whole_on_every_size(size: str) -> None:
    """Nothing is cut, nothing leaves the label, no letter stands on the code."""
    label = LONGEST if size in LARGE else LONG
    made = printed(lots(label, size=size), key=None)
    text = reading.joined_text(made)
    for value in (label.name.zh, label.specification.zh, label.origin.zh, label.quality.zh, label.batch):
        assert value in text
    stock = SIZES[size]
    height = 297 * MM if stock.places > 1 else stock.height * MM
    (picture,) = reading.pictures(made, dots_per_inch=100)
    (code,) = reading.codes(picture, "QRCode") + reading.codes(picture, "DataMatrix")
    assert code == LONGEST.code
    for sign, (left, bottom, right, top) in characters(made):
        assert 1 * MM <= left <= right <= (stock.width - 1) * MM, sign
        assert height - stock.height * MM <= bottom <= top <= height, sign


@pytest.mark.parametrize("size", sorted(SIZES))
def test_the_digits_are_read_at_arms_length(size: str) -> None:
    """The digits under the code are at least 3.5 mm high: 200th part of 70 cm."""
    bare = LotLabel(code="10000231", name=Name("帐篷"), quantity=1, unit=UNIT)
    signs = characters(printed(lots(bare, size=size), key=None))
    line = "".join(sign for sign, _ in signs)
    start = line.index("10000231")
    heights = [top - bottom for _, (_, bottom, _, top) in signs[start : start + 8]]
    assert min(heights) >= 3.5 * MM


@pytest.mark.parametrize(("size", "start", "copies", "pages"), [
    ("24", 1, 1, 1), ("24", 1, 2, 1), ("24", 2, 2, 2), ("24", 24, 1, 2), ("8", 3, 1, 2), ("60x40", 1, 2, 24),
])  # fmt: skip
def test_labels_go_on_from_a_partly_used_sheet(size: str, start: int, copies: int, pages: int) -> None:
    """Twelve bins: the first stands on the first free place, copies follow each other, row by row."""
    paper = bins(12, size=size, start=start)
    paper = dataclasses.replace(paper, lines=tuple(dataclasses.replace(one, copies=copies) for one in paper.lines))
    made = printed(paper, key=None)
    assert made.pages == pages
    stock = SIZES[size]
    row, column = divmod(start - 1, stock.across)
    page_height = 297 * MM if stock.places > 1 else stock.height * MM
    sign, (left, bottom, _, _) = characters(made)[0]
    assert column == int(left / (stock.width * MM)), sign
    assert row == int((page_height - bottom) / (stock.height * MM)), sign
    wanted = sorted(label.code for label in paper.lines for _ in range(copies))
    pictures = reading.pictures(made, dots_per_inch=100)
    assert sorted(code for one in pictures for code in reading.codes(one, "QRCode")) == wanted


@pytest.mark.parametrize(
    ("field", "line", "make"),
    [
        ("label_size", 0, lambda: bins(1, size="12")),
        ("label_start", 0, lambda: bins(1, start=0)),
        ("label_start", 0, lambda: bins(1, start=25)),
        ("label_start", 0, lambda: bins(1, size="60x40", start=2)),
        ("label_copies", 0, lambda: bins(LABELS_MAX + 1)),
        ("label_copies", 1, lambda: lots(dataclasses.replace(LONGEST, copies=0))),
        ("label_code", 1, lambda: lots(dataclasses.replace(LONGEST, code=" "))),
        ("label_code", 1, lambda: lots(dataclasses.replace(LONGEST, code="9" * 41))),
        ("label_code", 1, lambda: lots(dataclasses.replace(LONGEST, code="1\n2"))),
        ("quantity", 1, lambda: lots(dataclasses.replace(LONGEST, quantity=0))),
    ],
)
def test_labels_that_would_be_wrong_are_refused(field: str, line: int, make: Any) -> None:
    """The refusal names the field, and the label by its number."""
    with pytest.raises(BadPaperValue) as refused:
        make()
    assert (refused.value.field, refused.value.line) == (field, line)


@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_text_of_2000_letters_is_refused_by_its_line(size: str) -> None:
    """It is not cut in the middle: the refusal says which label, so that a larger one can be taken."""
    with pytest.raises(BadPaperValue) as refused:
        printed(lots(LONG, dataclasses.replace(LONG, name=Name("帐" * 2000)), size=size), key=None)
    assert (refused.value.field, refused.value.line) == ("label_text", 2)


def test_no_labels_are_no_paper() -> None:
    """A site without bins has nothing to print."""
    with pytest.raises(EmptyPaper):
        bins(0)


def test_odd_letters_in_a_name_are_shown_and_reported() -> None:
    """Markup stays text; control and bidi signs draw nothing; what no font has is 〓 and is named."""
    odd = dataclasses.replace(LONG, name=Name("<b>帐\u202e篷</b>\x07 \U0002a700 😀㙍𬭁"))
    made = printed(lots(odd), key=None)
    text = reading.joined_text(made)
    assert "<b>帐" in text
    assert "㙍𬭁" in text
    assert {"U+2A700", "U+1F600"} <= set(made.missing)


def test_a_bin_code_of_any_letters_is_read_back() -> None:
    """Codes of bins are chosen by people: Chinese, long, with signs."""
    codes = ("一号库A-02", "冷库·3层-B", "A" * 40)
    paper = BinLabelsPaper(number="D01", issuer=ISSUER, lines=tuple(BinLabel(code, Name("库")) for code in codes))
    (picture,) = reading.pictures(printed(paper, key=None), dots_per_inch=150)
    assert sorted(reading.codes(picture, "QRCode")) == sorted(codes)


@pytest.mark.parametrize("kind", sorted(kind for kind, press in PRESSES.items() if not press.shape.sealed))
def test_labels_are_never_sealed(kind: str) -> None:
    """They print without a key, carry no signed code, and to sign one is an error of the program."""
    paper = sample(kind)
    assert isinstance(paper, LabelsPaper)
    made = printed(paper, key=None)
    assert (made.qr_text, made.code) == ("", "")
    assert made.sha256 == printed(paper, key=SAMPLE_KEY).sha256
    with pytest.raises(BrokenInvariant):
        seal(paper, SAMPLE_KEY)


def test_a_sealed_paper_is_never_printed_without_a_key() -> None:
    """Whoever forgets the key hears of it at once."""
    with pytest.raises(BrokenInvariant):
        printed(sample("receipt"), key=None)


def test_a_device_label_in_english() -> None:
    """Captions and names follow the language."""
    paper = sample("asset_labels")
    assert isinstance(paper, AssetLabelsPaper)
    text = " ".join(reading.page_texts(printed(paper, key=None, language="en")))
    assert "Serial no. SN" in text
    assert "Assault boat" in text
    assert "责任人" not in text
