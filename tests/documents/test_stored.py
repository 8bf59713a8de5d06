"""Papers that were issued by an earlier version: revived from what was kept, they are the same papers still."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from inventory.core.canonical import canonical
from inventory.core.errors import Name
from inventory.documents.data.reviving import revived
from inventory.documents.data.values import Paper, facts_of, later
from inventory.documents.press import PRESSES, printed
from inventory.documents.sign import digest_of, seal
from tests.documents import samples

STORED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "stored_papers.json").read_text("utf-8"))
"""What version 0.1 kept of five papers, with the digest and the seal that it printed on them."""


def paper_of(stored: dict[str, Any]) -> Paper:
    """Return the paper that a stored row holds."""
    paper: Paper = revived(PRESSES[stored["kind"]].shape, stored["data"])
    return paper


@pytest.mark.parametrize("stored", STORED, ids=lambda row: row["kind"])
def test_a_stored_paper_keeps_its_digest_and_seal(stored: dict[str, Any]) -> None:
    """Fields that were added since change neither what is kept nor what was signed."""
    paper = paper_of(stored)
    assert digest_of(paper).hex() == stored["digest"]
    assert seal(paper, samples.KEY).text == stored["seal"]
    assert json.loads(canonical(facts_of(paper))) == stored["data"]


@pytest.mark.parametrize("stored", [row for row in STORED if "sha256_pdf" in row], ids=lambda row: row["kind"])
def test_a_stored_order_is_printed_again_byte_by_byte(stored: dict[str, Any]) -> None:
    """The letter and the list of an order issued earlier, in the language of record, are the same bytes."""
    assert printed(paper_of(stored), key=samples.KEY).sha256 == stored["sha256_pdf"]["zh_CN"]


def test_a_later_field_counts_as_soon_as_it_says_something() -> None:
    """With its default it leaves the facts alone; any other value is signed, also deep inside a paper."""

    @dataclasses.dataclass(frozen=True)
    class Line:
        name: Name
        colour: str = later("")

    assert facts_of((Line(Name("a")),)) == [{"name": {"zh": "a", "en": None}}]
    assert facts_of((Line(Name("a"), "red"),)) == [{"name": {"zh": "a", "en": None}, "colour": "red"}]
