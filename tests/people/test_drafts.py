"""Drafts are kept, found again by their author alone, and gone when dropped."""

from __future__ import annotations

from uuid import uuid4

import pytest

from inventory.core.work import SYSTEM
from inventory.people.drafts import BODY_BYTES_MAX, draft_of, drop_draft, save_draft
from tests.people.conftest import Cast


def test_a_draft_is_found_again_by_its_author_alone(cast: Cast) -> None:
    """The newest one of its kind and subject comes back, with its id and facts; others see nothing and cannot write."""
    store, duty, other = cast.store, cast.clerk, cast.manager
    subject, id, later = uuid4(), uuid4(), uuid4()
    store.write(duty, lambda work: save_draft(work, id=id, kind="request", subject_id=subject, body={"days": 3}))
    store.write(duty, lambda work: save_draft(work, id=id, kind="request", subject_id=subject, body={"days": 4}))
    kept = store.read(duty, lambda work: draft_of(work, kind="request", subject_id=subject))
    assert kept is not None
    assert (kept.id, kept.body) == (id, {"days": 4})
    store.write(duty, lambda work: save_draft(work, id=later, kind="request", subject_id=subject, body={"days": 5}))
    newest = store.read(duty, lambda work: draft_of(work, kind="request", subject_id=subject))
    assert newest is not None
    assert newest.id == later
    for kind, about in (("request", None), ("request", uuid4()), ("order", subject)):
        assert (
            store.read(duty, lambda work, kind=kind, about=about: draft_of(work, kind=kind, subject_id=about)) is None
        )
    assert store.read(other, lambda work: draft_of(work, kind="request", subject_id=subject)) is None
    with pytest.raises(ValueError, match="another person"):
        store.write(other, lambda work: save_draft(work, id=id, kind="request", subject_id=subject, body={}))
    assert not store.write(other, lambda work: drop_draft(work, id=id))
    assert store.write(duty, lambda work: drop_draft(work, id=later))
    left = store.read(duty, lambda work: draft_of(work, kind="request", subject_id=subject))
    assert left is not None
    assert left.id == id


def test_what_cannot_be_kept_is_refused(cast: Cast) -> None:
    """Nobody's draft, and one of more than a million bytes."""
    store = cast.store
    with pytest.raises(ValueError, match="cannot be kept"):
        store.write(SYSTEM, lambda work: save_draft(work, id=uuid4(), kind="request", subject_id=None, body={}))
    large = {"text": "x" * BODY_BYTES_MAX}
    with pytest.raises(ValueError, match="cannot be kept"):
        store.write(
            cast.clerk,
            lambda work: save_draft(work, id=uuid4(), kind="request", subject_id=None, body=large),
        )
