"""Who handled a document in which capacity 经手: the four-eyes rule of every room.

A document (or a line of it) carries one row per person; the unique index refuses a second capacity of the same person.
This looks first, so that the refusal says which step the person did; the index stands behind it when two race.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from inventory.core.errors import BrokenInvariant, Name
from inventory.core.work import Work
from inventory.models import Account, Journal, SignOff
from inventory.people.journal import Deed
from inventory.people.rules import FourEyes


@dataclass(frozen=True)
class Hand:
    """One person's part in a document: in which capacity, when, and what was set aside for it."""

    document_id: UUID
    role: str
    account_id: UUID
    name: Name
    at: dt.datetime
    override_reason: str | None
    verbal_by: str | None
    paper_due_at: dt.datetime | None


def hands(work: Work, *, document_ids: Collection[UUID]) -> list[Hand]:
    """Return who handled some documents, oldest first."""
    rows = work.connection.execute(
        select(
            SignOff.document_id,
            SignOff.role,
            SignOff.account_id,
            Account.name_zh,
            Account.name_en,
            Journal.occurred_at,
            SignOff.override_reason,
            SignOff.verbal_by,
            SignOff.paper_due_at,
        )
        .join(Account, Account.id == SignOff.account_id)
        .join(Journal, Journal.id == SignOff.entry_id)
        .where(SignOff.document_id.in_(document_ids))
        .order_by(Journal.occurred_at, Journal.clock)
    )
    return [Hand(row[0], row[1], row[2], Name(row.name_zh, row.name_en), row.occurred_at, *row[6:]) for row in rows]


def capacity_of(work: Work, *, document_id: UUID, account_id: UUID) -> str | None:
    """Return in which capacity the person has handled the document, None when not at all."""
    return work.connection.execute(
        select(SignOff.role).where(
            SignOff.document_id == document_id, SignOff.account_id == account_id, SignOff.override_reason.is_(None)
        )
    ).scalar_one_or_none()


def sign_off(
    work: Work,
    *,
    deed: Deed,
    document_id: UUID,
    capacity: str,
    account_id: UUID | None = None,
    once: bool = True,
    override_reason: str | None = None,
    verbal_by: str | None = None,
    paper_due_at: dt.datetime | None = None,
) -> None:
    """Record within a deed that a person (by default the actor) handled the document.

    Parameters
    ----------
    capacity
        A role of `sign_off`: counter, recounter, approver, keeper, receiver …
    once
        Whether having handled the document before is refused; False leaves the earlier row as it is. The same
        capacity again is never refused.
    override_reason
        Why one person may have two capacities in an emergency; kept, and printed on the paper.
    verbal_by, paper_due_at
        Who gave the order by word of mouth, and when its paper is due.

    Raises
    ------
    FourEyes
    """
    person = account_id or work.actor.account_id
    if person is None:
        raise BrokenInvariant("the program itself cannot sign a document")
    before = _capacities(work, document_id, person)
    if capacity in before or (before and not once):
        return
    if before and not override_reason:
        raise FourEyes(role=capacity, other_role=before[0])
    work.connection.execute(
        insert(SignOff).values(
            document_id=document_id,
            account_id=person,
            role=capacity,
            entry_id=deed.id,
            override_reason=override_reason if before else None,
            verbal_by=verbal_by,
            paper_due_at=paper_due_at,
        )
    )


def _capacities(work: Work, document_id: UUID, account_id: UUID) -> list[str]:
    rows = work.connection.execute(
        select(SignOff.role).where(SignOff.document_id == document_id, SignOff.account_id == account_id)
    )
    return [row.role for row in rows]
