"""The pure part: transitions, differences, packs, what to free."""

from __future__ import annotations

import datetime as dt
import itertools
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.core.words import Sentence
from inventory.stocktaking import rules
from inventory.stocktaking.rules import HeldFor
from inventory.stocktaking.sentences import SENTENCES

ALLOWED = {
    ("planned", "open"),
    ("open", "review"),
    ("review", "open"),
    ("review", "approved"),
    ("approved", "posted"),
    *((state, "cancelled") for state in ("planned", "open", "review", "approved")),
}


@pytest.mark.parametrize(("state", "target"), list(itertools.product(rules.TRANSITIONS, repeat=2)))
def test_every_pair_of_states(state: str, target: str) -> None:
    """Exactly the drawn transitions are allowed."""
    assert rules.leads_to(state, target) is ((state, target) in ALLOWED)


@given(st.integers(0, 10**6), st.integers(-(10**6), 10**6), st.integers(0, 100))
def test_difference_brings_the_book_to_the_count(counted: int, book: int, tolerance: int) -> None:
    """Book plus difference is what was counted; only more than the tolerance is counted again."""
    off = rules.difference(counted=counted, book=book)
    assert book + off == counted
    assert rules.needs_recount(off, tolerance=tolerance) is not (-tolerance <= off <= tolerance)


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([6, 24, 100]))
def test_packs_that_add_up(packs: int, loose: int, factor: int) -> None:
    """Packs times factor plus loose is accepted, one more or less is not."""
    total = packs * factor + loose
    assert rules.packs_add_up(quantity=total, packs=packs, loose=loose, factors=(factor,))
    assert not rules.packs_add_up(quantity=total + 1, packs=packs, loose=loose, factors=(factor,))


@given(st.lists(st.integers(1, 50), max_size=8), st.integers(0, 500))
def test_freeing_takes_the_youngest_and_no_more_than_needed(sizes: list[int], shortfall: int) -> None:
    """What is proposed covers the shortfall if anything can; an older hold is touched when all younger are spent."""
    start = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    holds = [HeldFor(UUID(int=n), str(n), size, start + dt.timedelta(hours=n)) for n, size in enumerate(sizes)]
    proposed = dict(rules.holds_to_free(shortfall, holds))
    assert sum(proposed.values()) == min(shortfall, sum(sizes))
    touched = [n for n in range(len(sizes)) if UUID(int=n) in proposed]
    assert touched == list(range(len(sizes) - len(touched), len(sizes)))
    assert all(proposed[UUID(int=n)] == sizes[n] for n in touched[1:])


def test_every_refusal_has_its_sentence() -> None:
    """Each code of the room is told in three parts, and each sentence only names facts that the refusal carries."""
    classes = [
        one
        for one in vars(rules).values()
        if isinstance(one, type) and issubclass(one, rules.Refusal) and one.__module__ == rules.__name__
    ]
    assert {one.code for one in classes} == set(SENTENCES)
    for one in classes:
        sentence: Sentence = SENTENCES[one.code]
        facts = dict.fromkeys(one.__dataclass_fields__, "x")
        assert all(part % facts for part in (sentence.what, sentence.why, sentence.then))
