"""Labels and registers from a terminal, on the demo district."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize("what", ["lots", "bins", "devices"])
def test_labels_of_a_store(done: Callable[..., dict[str, Any]], tmp_path: Path, what: str) -> None:
    """A sheet that was begun is filled up: the same labels from the last place on need one page more at most."""
    file = tmp_path / "labels.pdf"
    site = ("--site", "D01") if what != "devices" else ()
    first = done("labels", what, *site, "--pdf", str(file), "--as", "keeper")
    assert (first["printed"], first["missing"]) == (f"{what} labels", [])
    assert file.read_bytes().startswith(b"%PDF")
    last = done("labels", what, *site, "--start", "24", "--pdf", str(file), "--as", "keeper")
    assert first["pages"] <= last["pages"] <= first["pages"] + 1


@pytest.mark.parametrize("what", ["stock", "teams", "devices"])
def test_registers_of_the_district(done: Callable[..., dict[str, Any]], tmp_path: Path, what: str) -> None:
    """Each is a PDF with a number of its moment; a site narrows it."""
    file = tmp_path / "register.pdf"
    whole = done("register", what, "--pdf", str(file), "--as", "keeper")
    assert whole["pages"] > 1
    assert file.stat().st_size == whole["bytes"]
    if what != "teams":
        narrowed = done("register", what, "--site", "D01", "--pdf", str(file), "--as", "keeper")
        assert narrowed["number"].endswith("-D01")
        assert narrowed["pages"] < whole["pages"]


def test_what_cannot_be_printed_is_said_and_no_file_is_left(cli: Cli, tmp_path: Path) -> None:
    """A role that does not reach, a place that no sheet has, a site that is not there."""
    file = tmp_path / "none.pdf"
    for words, code in (
        (("register", "stock", "--as", "townclerk"), "not_permitted"),
        (("labels", "bins", "--site", "D01", "--start", "25"), "bad_paper_value"),
        (("labels", "bins", "--site", "NOWHERE"), "not_found"),
    ):
        ran = cli(*words, "--pdf", str(file), "--json")
        assert (ran.code, ran.facts["refused"]) == (1, code)
        assert not file.exists()
