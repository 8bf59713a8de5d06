"""What whoever prints is told about characters that no font has."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ui.parts.downloads import MISSING_TOLD_MAX, PDF, File, headers_of


def page() -> None:
    """Draw the note for an order with a character that no font has, and for one without."""
    from inventory.core.errors import Name
    from ui.parts.print_links import lost_characters

    lost_characters(Name("\u5e10\u7bf7", "Tent"), ("\u364d \u9555 12\u33a1",))
    lost_characters(Name("\u6751\U0002a700"), ("a", ("b",)))


def test_the_page_names_what_will_be_printed_as_a_blank() -> None:
    """Rare characters that a font has are nothing to tell; one that none has is named where the link is."""
    told = AppTest.from_function(page).run(timeout=60)
    assert not told.exception
    notes = " ".join(str(one.value) for one in [*told.markdown, *told.get("html")])
    assert notes.count("t-note") == 1
    assert "U+2A700" in notes
    assert "U+364D" not in notes


def test_a_file_carries_what_is_missing_in_a_header() -> None:
    """A program that fetches a paper reads the code points; a paper without gaps has no such header."""
    assert "x-missing-characters" not in headers_of(File("a.pdf", PDF, b""), "inline")
    told = headers_of(File("\u8c03.pdf", PDF, b"", missing=("U+2A700",) * (MISSING_TOLD_MAX + 1)), "inline")
    assert told["x-missing-characters"].split() == ["U+2A700"] * MISSING_TOLD_MAX
    assert told["content-disposition"].isascii()
