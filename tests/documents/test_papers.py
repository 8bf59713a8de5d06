"""What a paper refuses to be."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import inventory.documents
from inventory.core.errors import BrokenInvariant, Name, Refusal
from inventory.documents.data.values import BadPaperValue, EmptyPaper
from inventory.documents.pdf_signature import CertificateUnusable
from inventory.documents.press import PRESSES
from inventory.documents.sentences import SENTENCES, WORDS
from inventory.documents.sign import KeyUnusable
from tests.documents import samples

MAKERS: list[Callable[..., Any]] = [samples.order, samples.receipt, samples.count_sheet]


@pytest.mark.parametrize("maker", [*MAKERS, samples.pick_list])
def test_an_empty_paper_is_refused(maker: Callable[..., Any]) -> None:
    """A paper without lines cannot be made, so it cannot be printed."""
    paper = maker()
    with pytest.raises(EmptyPaper) as refused:
        dataclasses.replace(paper, lines=())
    assert refused.value.number == paper.number


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("number", {"number": " "}),
        ("number", {"number": "9" * 61}),
        ("revision", {"revision": 0}),
        ("issuer", {"issuer": Name("局" * 121)}),
        ("urgency", {"urgency": Name("急" * 21)}),
        ("document_number", {"document_number": "8" * 61}),
    ],
)
def test_a_head_that_would_be_printed_wrong_is_refused(field: str, changes: dict[str, Any]) -> None:
    """Values in places of fixed size have a limit; the refusal names the field."""
    with pytest.raises(BadPaperValue) as refused:
        samples.order(1, **changes)
    assert (refused.value.field, refused.value.line) == (field, 0)


@pytest.mark.parametrize(
    ("field", "value"), [("quantity", 0), ("quantity", -3), ("packages", -1), ("weight_grams", -1)]
)
def test_a_line_that_orders_nothing_or_less_is_refused(field: str, value: int) -> None:
    """The refusal names the line."""
    lines = samples.order_lines(3)
    bad = dataclasses.replace(lines[1], **{field: value})
    with pytest.raises(BadPaperValue) as refused:
        samples.order(lines=(lines[0], bad, lines[2]))
    assert (refused.value.field, refused.value.line) == (field, 2)


@pytest.mark.parametrize("key", ["123", "1" * 13, "12a4", "１２３４", "03150001"])
def test_line_codes_are_digits_and_unique(key: str) -> None:
    """Keys that a scanner would misread, and the same key twice, are refused."""
    lines = samples.count_sheet(2).lines
    with pytest.raises(BadPaperValue):
        samples.count_sheet(lines=(lines[0], dataclasses.replace(lines[1], key=key)))


def test_naive_instants_and_floats_are_errors_of_the_program() -> None:
    """They are no refusals: no user can correct them."""
    with pytest.raises(BrokenInvariant):
        samples.order(1, approved_at=dt.datetime(2026, 6, 28))  # noqa: DTZ001
    with pytest.raises(BrokenInvariant):
        samples.order(lines=(dataclasses.replace(samples.order_lines(1)[0], weight_grams=1.5),))


def refusals_of_the_papers() -> list[type[Refusal]]:
    """Return every refusal that the room of the papers defines."""
    for module in pkgutil.walk_packages(inventory.documents.__path__, "inventory.documents."):
        importlib.import_module(module.name)
    known, found = [Refusal], []
    while known:
        one = known.pop()
        known += one.__subclasses__()
        if one.__module__.startswith("inventory.documents."):
            found.append(one)
    return found


def test_every_refusal_of_the_papers_has_a_sentence_for_all_its_facts() -> None:
    """Each code has its sentence, and no sentence names a fact the refusal does not carry."""
    refusals = refusals_of_the_papers()
    assert {EmptyPaper, BadPaperValue, KeyUnusable, CertificateUnusable} <= set(refusals)
    assert {refusal.code for refusal in refusals} == set(SENTENCES)
    for refusal in refusals:
        sentence = SENTENCES[refusal.code]
        facts = {field.name: "x" for field in dataclasses.fields(refusal)}
        for part in (sentence.what, sentence.why, sentence.then):
            assert part % facts is not None
    assert set(WORDS["kind"]) >= set(PRESSES)
