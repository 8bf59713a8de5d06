"""`papers`: many papers in one file, from a terminal, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2

from tests.cli.conftest import Cli


def bookmarks(file: Path) -> int:
    """Return how many papers a file names."""
    document = pypdfium2.PdfDocument(file)
    try:
        return len(list(document.get_toc()))
    finally:
        document.close()


def test_orders_are_printed_by_number_and_by_filter(done: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    """The numbers named, or what the filters find: facts tell where each paper begins."""
    file = tmp_path / "orders.pdf"
    every = done("papers", "orders", "--pdf", str(file))
    assert every["papers"] == bookmarks(file) > 10
    assert every["parts"][0]["first_page"] == 1
    assert every["missing"] == []
    two = [part["number"] for part in every["parts"][:2]]
    some = done("papers", "orders", *two, "--both", "--pdf", str(file))
    assert [part["number"] for part in some["parts"]] == two
    assert some["pages"] > sum(part["pages"] for part in every["parts"][:2])
    incident = done("order", two[0])["incident"]
    assert incident


def test_what_finds_nothing_is_told(cli: Cli, tmp_path: Path) -> None:
    """No document, an unknown one: a refusal, and no file."""
    file = tmp_path / "none.pdf"
    for words, told in (
        (["papers", "pick-lists", "--site", "NOWHERE"], "There is no such entry"),
        (["papers", "orders", "ORDER-1"], "There is no such entry"),
        (["papers", "orders", "--incident", "NONE"], "There is no such entry"),
    ):
        ran = cli(*words, "--pdf", str(file))
        assert ran.code == 1
        assert told in ran.err
        assert not file.exists()
