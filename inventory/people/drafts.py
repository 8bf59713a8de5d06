"""Drafts 草稿: what a person has typed and not yet sent, kept by itself, so that a reload goes on where it was.

A draft is nobody's business but its author's: it is no entry of the journal, is read and written by its account alone,
and goes when its entry is posted. Its id is the id of the coming entry.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from inventory.core.canonical import canonical
from inventory.core.work import Work
from inventory.models import Draft

BODY_BYTES_MAX = 1_000_000


@dataclass(frozen=True)
class DraftView:
    """A draft: the id of its coming entry, its plain facts, when it was last saved."""

    id: UUID
    body: dict[str, Any]
    saved_at: dt.datetime


def save_draft(work: Work, *, id: UUID, kind: str, subject_id: UUID | None, body: dict[str, Any]) -> dt.datetime:
    """Keep a draft of the actor, in place of what was kept under this id; return when.

    Raises
    ------
    ValueError
        It is larger than a million bytes, or belongs to somebody else.
    """
    text = canonical(body).decode()
    account = work.actor.account_id
    if account is None or len(text) > BODY_BYTES_MAX:
        raise ValueError("this draft cannot be kept")
    row = work.session.get(Draft, id)
    if row is None:
        row = Draft(id=id, kind=kind, account_id=account, subject_id=subject_id, body=text, saved_at=work.now)
        work.session.add(row)
    elif row.account_id != account:
        raise ValueError("this draft is another person's")
    row.body, row.saved_at = text, work.now
    return work.now


def draft_of(work: Work, *, kind: str, subject_id: UUID | None) -> DraftView | None:
    """Return the actor's newest draft of a kind about a subject; None when there is none."""
    row = work.session.scalar(
        select(Draft)
        .where(Draft.account_id == work.actor.account_id, Draft.kind == kind)
        .where(Draft.subject_id == subject_id if subject_id is not None else Draft.subject_id.is_(None))
        .order_by(Draft.saved_at.desc())
        .limit(1)
    )
    return None if row is None else DraftView(row.id, json.loads(row.body), row.saved_at)


def drop_draft(work: Work, *, id: UUID) -> bool:
    """Remove a draft of the actor; return whether it was there."""
    gone = work.connection.execute(delete(Draft).where(Draft.id == id, Draft.account_id == work.actor.account_id))
    return bool(gone.rowcount)
