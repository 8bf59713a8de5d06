"""Reading the journal: the story of a document (who, when, why), and what was done lately."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.models import Account, Journal, Node

ENTRIES_MAX = 500
"""The most entries that one question returns."""


@dataclass(frozen=True)
class Entry:
    """One entry of the journal. `actor` is None for what the program did by itself."""

    id: UUID
    node: str
    sequence: int
    kind: str
    via: str
    actor_id: UUID | None
    actor: Name | None
    login: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    subject_id: UUID | None
    incident_id: UUID | None
    reverses_id: UUID | None
    drill: bool
    asked: dict[str, Any]
    outcome: dict[str, Any]
    movements: int


def story_of(work: Work, subject_id: UUID, *, related: Sequence[UUID] = ()) -> list[Entry]:
    """Return the entries about a document or an incident, oldest first; at most `ENTRIES_MAX`.

    Parameters
    ----------
    related
        Further documents to tell with it, for example an order's shipments.
    """
    ids = (subject_id, *related)
    query = _entries().where(or_(Journal.subject_id.in_(ids), Journal.incident_id == subject_id))
    return _told(work, query.order_by(Journal.occurred_at, Journal.clock).limit(ENTRIES_MAX))


def story_of_incident(work: Work, incident_id: UUID, *, without: Sequence[str] = ()) -> list[Entry]:
    """Return every entry about an incident, oldest first and however many; `without` are kinds that are left out."""
    query = _entries().where(or_(Journal.subject_id == incident_id, Journal.incident_id == incident_id))
    if without:
        query = query.where(Journal.kind.not_in(without))
    return _told(work, query.order_by(Journal.occurred_at, Journal.clock, Journal.id))


def newest_entries(
    work: Work,
    *,
    limit: int = 50,
    offset: int = 0,
    kinds: Sequence[str] = (),
    actor_id: UUID | None = None,
) -> list[Entry]:
    """Return what was done lately, newest first; at most `ENTRIES_MAX` at once."""
    query = _entries()
    if kinds:
        query = query.where(Journal.kind.in_(kinds))
    if actor_id is not None:
        query = query.where(Journal.actor_id == actor_id)
    order = (Journal.clock.desc(), Journal.node_id)
    return _told(work, query.order_by(*order).limit(min(limit, ENTRIES_MAX)).offset(offset))


def entry(work: Work, id: UUID) -> Entry | None:
    """Return one entry; None when this node has none of that id."""
    found = _told(work, _entries().where(Journal.id == id))
    return found[0] if found else None


def _entries() -> Any:
    return (
        select(Journal, Node.code, Account.name_zh, Account.name_en, Account.login)
        .join(Node, Node.id == Journal.node_id)
        .outerjoin(Account, Account.id == Journal.actor_id)
    )


def _told(work: Work, query: Any) -> list[Entry]:
    told = []
    for row in work.session.execute(query):
        written: Journal = row.Journal
        facts = json.loads(written.facts)
        told.append(
            Entry(
                id=written.id,
                node=row.code,
                sequence=written.sequence,
                kind=written.kind,
                via=written.via,
                actor_id=written.actor_id,
                actor=Name(row.name_zh, row.name_en) if row.name_zh is not None else None,
                login=row.login or "",
                occurred_at=written.occurred_at,
                recorded_at=written.recorded_at,
                subject_id=written.subject_id,
                incident_id=written.incident_id,
                reverses_id=written.reverses_id,
                drill=written.drill,
                asked=facts.get("asked", {}),
                outcome=facts.get("outcome", {}),
                movements=len(facts.get("movements", ())),
            )
        )
    return told
