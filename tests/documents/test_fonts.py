"""Fonts, line breaking and the words of the forms."""

from __future__ import annotations

import itertools
import shutil
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.core.settings import Settings
from inventory.documents.drawing import fonts
from inventory.documents.drawing.breaking import NOT_FIRST, NOT_LAST, broken
from inventory.documents.drawing.fonts import FILES, FOLDER, FontBook, FontUnusable, font_book
from inventory.documents.drawing.wording import Wording, clean, forms, kilograms
from inventory.documents.forms.dispatch_order import dispatch_order
from tests.documents import reading, samples

BOOK = font_book("")
ONLY_CHINESE = {"cells.total": {"capitals"}}
"""Values that have no counterpart in English: an amount in capital numerals."""

CHINESE = "调拨物资、安置点（鱼子村）“急”12顶，A-1。"


def test_the_fonts_carry_names_of_our_own_and_their_licences() -> None:
    """Every font file has our name inside and out, its licence beside it, and no reserved name in its family."""
    for role, file in FILES.items():
        face = BOOK.face(role).face
        name = face.name.decode() if isinstance(face.name, bytes) else face.name
        assert name == file.removesuffix(".ttf")
        assert (FOLDER / file.replace(".ttf", ".LICENCE.txt")).read_text("utf-8").strip()
    assert sum(path.stat().st_size for path in FOLDER.glob("*.ttf")) < 30_000_000


def test_every_character_of_everyday_chinese_is_in_every_role() -> None:
    """GB 2312 (6,763 hanzi) is drawn in all roles without a missing glyph."""
    hanzi = "".join(
        bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )
    assert len(hanzi) == 6763
    for role in ("body", "kai", "title", "hei", "table"):
        assert BOOK.measured(hanzi, role).missing == ()


def test_a_gap_of_the_body_font_is_filled_by_another() -> None:
    """镕 is not in the FangSong: it comes from the gaps font, the rest stays as it was."""
    runs = BOOK.measured("朱镕基", "body").runs
    assert [(run.font, run.text) for run in runs] == [("body", "朱"), ("gaps", "镕"), ("body", "基")]


def test_a_font_loads_when_it_is_first_needed() -> None:
    """A new book has loaded nothing; measuring in one role loads that one."""
    book = FontBook()
    assert book._faces == {}
    book.measured("8", "kai")
    assert set(book._faces) == {"kai"}


def test_a_site_may_use_its_own_fonts(tmp_path: Path) -> None:
    """A file in the site's folder serves its role, the others stay ours; a broken one is refused by name."""
    shutil.copy(FOLDER / "TDKai.ttf", tmp_path / "body.ttf")
    book = FontBook(str(tmp_path))
    assert book.path("body") == tmp_path / "body.ttf"
    assert book.path("title").parent == FOLDER
    printed = dispatch_order(samples.order(1), key=samples.KEY, fonts=book)
    families = {name.partition("+")[2] for name in reading.fonts(printed.pdf)}
    assert "TDFangSong" not in families
    assert "TDKai" in families
    (tmp_path / "hei.ttf").write_bytes(b"OTTO not a font")
    with pytest.raises(FontUnusable) as refused:
        dispatch_order(samples.order(1), key=samples.KEY, fonts=FontBook(str(tmp_path)))
    assert refused.value.file == "hei.ttf"


def test_a_set_without_the_gpl_font_prints_everything() -> None:
    """With the set "ofl" no paper embeds the FangSong or even opens its file; the text is whole."""
    book = FontBook(font_set="ofl")
    done = dispatch_order(samples.order(2), key=samples.KEY, fonts=book)
    families = {name.partition("+")[2] for name in reading.fonts(done.pdf)}
    assert families == {"TDKai", "TDSongTitle", "TDHei", "TDSans"}
    assert done.missing == ()
    assert "镕" in reading.joined_text(done)
    assert all(book.path(role).name != "TDFangSong.ttf" for role in FILES)


def test_a_site_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A folder that cannot be read is told, not skipped; names of files may be in capitals."""
    with pytest.raises(FontUnusable) as refused:
        FontBook(str(tmp_path / "none"))
    assert refused.value.file.endswith("none")
    shutil.copy(FOLDER / "TDKai.ttf", tmp_path / "SIMFANG.TTF")
    assert FontBook(str(tmp_path)).path("body").name == "SIMFANG.TTF"


def test_an_unknown_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is no set of fonts stops the program instead of choosing one."""
    monkeypatch.setenv("INVENTORY_FONT_SET", "gpl")
    with pytest.raises(ValueError, match="'gpl' is not one of: ours, ofl"):
        Settings()


def test_characters_above_the_first_plane_are_mapped_in_utf16() -> None:
    """The map a reader uses for search holds surrogate pairs, a hundred entries a block at most."""
    told = fonts.unicode_map("X", [0, 0x20, 0x2CB41, *range(0x4E00, 0x4E00 + 150)])
    assert "<02> <D872DF41>" in told
    assert "100 beginbfchar" in told
    assert "52 beginbfchar" in told


@given(
    st.text(st.sampled_from(list(CHINESE) + list("（）“”，。 ab1/-")), max_size=120),
    st.floats(min_value=30, max_value=400),
)
def test_breaking_loses_nothing_and_keeps_the_rules(text: str, width: float) -> None:
    """Lines give the text back; none is too wide; no line begins with a closing mark that could have moved."""
    lines = broken(text, BOOK, "body", 10, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        # A closing mark may hang over by half its width.
        assert BOOK.width(line, "body", 10) <= width + 5.01 or len(line) == 1


@given(st.text(st.sampled_from("调拨物资安置点，。、（“"), min_size=1, max_size=200))
def test_no_line_begins_or_ends_with_the_wrong_mark(text: str) -> None:
    """Where marks do not stand in rows of four or more, kinsoku holds at every break."""
    compact = ""
    for character in text:
        marks = NOT_FIRST | NOT_LAST
        if not (character in marks and compact and compact[-1] in marks):
            compact += character
    lines = broken(compact, BOOK, "body", 10, 95)
    for before, after in itertools.pairwise(lines):
        assert after[0] not in NOT_FIRST
        assert before[-1] not in NOT_LAST


def test_a_word_longer_than_a_line_is_split() -> None:
    """Two thousand letters without a space take many lines, each within the width."""
    lines = broken("x" * 2000, BOOK, "table", 9, 100)
    assert "".join(lines) == "x" * 2000
    assert all(BOOK.width(line, "table", 9) <= 100.01 for line in lines)


def test_every_text_of_the_forms_is_there_in_both_languages() -> None:
    """No form lacks a language, and both name the same values."""

    def named(pattern: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}

    for form, texts in forms().items():
        if form == "breaking":
            continue
        for key, pair in texts.items():
            assert set(pair) == {"zh", "en"}, (form, key)
            assert all(pair.values()), (form, key)
            assert named(pair["zh"]) - ONLY_CHINESE.get(f"{form}.{key}", set()) == named(pair["en"]), (form, key)


@pytest.mark.parametrize(
    ("grams", "told"), [(0, "0.0"), (440, "0.44"), (52_000, "52.0"), (1_234_567, "1,234.567"), (999, "0.999")]
)
def test_weights_are_exact_to_the_gram(grams: int, told: str) -> None:
    """No weight is rounded, so that carried sums add up on paper."""
    assert kilograms(grams) == told


def test_values_are_cleaned_and_never_markup() -> None:
    """White space of every kind becomes one plain space in its place, composed characters are normalised."""
    assert clean(" a\tb\r\nc\u2028d ") == "a b  c d"
    assert clean("e\u0301") == "é"
    values: dict[str, Any] = {"incident": "{0}%(x)s<b>", "approver": "{level}", "level": ""}
    assert "{0}%(x)s<b>" in Wording("zh_CN").text("dispatch_order.opening", **values)
    with pytest.raises(ValueError, match="no paper in language"):
        Wording("de")
