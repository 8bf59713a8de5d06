"""Reading one lot: its label, where it stands now or stood at any past moment, and how it came there."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import (
    Account,
    Balance,
    Item,
    Journal,
    Lot,
    Movement,
    Organisation,
    Place,
    Site,
)


@dataclass(frozen=True)
class LotFacts:
    """A lot with everything on its label."""

    id: UUID
    label: str
    item_id: UUID
    item: Name
    item_code: str
    unit: str
    owner: Name
    batch: str
    made_on: dt.date | None
    expires_on: dt.date | None
    entered_on: dt.date
    spec: str
    origin: str
    quality: str
    source: str
    source_name: str
    fund: str
    channel: str
    unit_price_fen: int | None
    blocked: str | None
    seen: UUID


@dataclass(frozen=True)
class PlaceBalance:
    """What of a lot stands in a place at a moment, in base units; `held` only for now."""

    place_id: UUID
    place: str
    kind: str
    site_id: UUID | None
    site: Name | None
    quantity: int
    held: int


@dataclass(frozen=True)
class StoryLine:
    """One movement of a lot, with the entry that made it: who, when, why."""

    entry_id: UUID
    sequence: int
    kind: str
    reason: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    actor: str
    actor_name: Name | None
    from_place: str
    from_kind: str
    to_place: str
    to_kind: str
    quantity: int
    reverses: bool
    facts: dict[str, Any] = field(default_factory=dict)


def lot_facts(work: Work, *, lot_id: UUID | None = None, label: str | None = None) -> LotFacts:
    """Return one lot by id or label.

    Raises
    ------
    NotFound
    """
    query = (
        select(Lot, Item.name_zh, Item.name_en, Item.code, Item.unit, Organisation.name_zh, Organisation.name_en)
        .join(Item, Item.id == Lot.item_id)
        .join(Organisation, Organisation.id == Lot.owner_id)
        .where(Lot.id == lot_id if lot_id is not None else Lot.label == label)
    )
    found = work.session.execute(query).one_or_none()
    if found is None:
        raise NotFound(kind="lot", key=str(lot_id or label))
    lot, item_zh, item_en, code, unit, owner_zh, owner_en = found
    return LotFacts(
        id=lot.id,
        label=lot.label,
        item_id=lot.item_id,
        item=Name(item_zh, item_en),
        item_code=code,
        unit=unit,
        owner=Name(owner_zh, owner_en),
        batch=lot.batch,
        made_on=lot.made_on,
        expires_on=lot.expires_on,
        entered_on=lot.entered_on,
        spec=lot.spec,
        origin=lot.origin,
        quality=lot.quality,
        source=lot.source,
        source_name=lot.source_name,
        fund=lot.fund,
        channel=lot.channel,
        unit_price_fen=lot.unit_price_fen,
        blocked=lot.blocked,
        seen=lot.changed_by_id,
    )


def book(work: Work, *, lot_id: UUID, place_id: UUID) -> int:
    """Return what the book says now, in base units."""
    return (
        work.connection.scalar(select(Balance.quantity).where(Balance.lot_id == lot_id, Balance.place_id == place_id))
        or 0
    )


def book_at(work: Work, *, lot_id: UUID, place_id: UUID, instant: dt.datetime) -> int:
    """Return what the movements say about a past moment, in base units."""
    signed = case((Movement.to_place_id == place_id, Movement.quantity), else_=-Movement.quantity)
    return int(
        work.connection.scalar(
            select(func.coalesce(func.sum(signed), 0)).where(
                Movement.lot_id == lot_id,
                or_(Movement.to_place_id == place_id, Movement.from_place_id == place_id),
                Movement.occurred_at <= instant,
            )
        )
        or 0
    )


def lot_places(work: Work, *, lot_id: UUID, instant: dt.datetime | None = None) -> list[PlaceBalance]:
    """Return where a lot stands (or stood at a moment), the real places first; places at zero are left out."""
    if instant is None:
        query = (
            select(Balance.place_id, Balance.quantity, Balance.held)
            .where(Balance.lot_id == lot_id, Balance.quantity != 0)
            .subquery()
        )
    else:
        before = (Movement.lot_id == lot_id, Movement.occurred_at <= instant)
        ends = (
            select(Movement.to_place_id.label("place_id"), Movement.quantity)
            .where(*before)
            .union_all(select(Movement.from_place_id, -Movement.quantity).where(*before))
            .subquery()
        )
        total = func.sum(ends.c.quantity)
        query = (
            select(ends.c.place_id, total.label("quantity"), (total * 0).label("held"))
            .group_by(ends.c.place_id)
            .having(total != 0)
            .subquery()
        )
    rows = work.connection.execute(
        select(
            query.c.place_id,
            Place.code,
            Place.kind,
            Place.site_id,
            Site.name_zh,
            Site.name_en,
            query.c.quantity,
            query.c.held,
        )
        .join(Place, Place.id == query.c.place_id)
        .outerjoin(Site, Site.id == Place.site_id)
        .order_by(Place.site_id.is_(None), Site.code, Place.code)
    )
    return [
        PlaceBalance(
            place_id=row.place_id,
            place=row.code,
            kind=row.kind,
            site_id=row.site_id,
            site=Name(row.name_zh, row.name_en) if row.site_id else None,
            quantity=int(row.quantity),
            held=int(row.held),
        )
        for row in rows
    ]


def lot_story(work: Work, *, lot_id: UUID, until: dt.datetime | None = None, limit: int = 500) -> list[StoryLine]:
    """Return a lot's movements, newest first, each with its entry: who, when, why."""
    source, target = Place.__table__.alias("source"), Place.__table__.alias("target")
    query = (
        select(
            Movement.entry_id,
            Movement.reason,
            Movement.quantity,
            Movement.occurred_at,
            Journal.sequence,
            Journal.kind,
            Journal.recorded_at,
            Journal.reverses_id,
            Journal.facts,
            Account.login,
            Account.name_zh,
            Account.name_en,
            source.c.code.label("from_place"),
            source.c.kind.label("from_kind"),
            target.c.code.label("to_place"),
            target.c.kind.label("to_kind"),
        )
        .join(Journal, Journal.id == Movement.entry_id)
        .join(source, source.c.id == Movement.from_place_id)
        .join(target, target.c.id == Movement.to_place_id)
        .outerjoin(Account, Account.id == Journal.actor_id)
        .where(Movement.lot_id == lot_id)
        .order_by(Movement.occurred_at.desc(), Journal.sequence.desc(), Movement.line.desc())
        .limit(limit)
    )
    if until is not None:
        query = query.where(Movement.occurred_at <= until)
    return [
        StoryLine(
            entry_id=row.entry_id,
            sequence=row.sequence,
            kind=row.kind,
            reason=row.reason,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            actor=row.login or "system",
            actor_name=Name(row.name_zh, row.name_en) if row.name_zh else None,
            from_place=row.from_place,
            from_kind=row.from_kind,
            to_place=row.to_place,
            to_kind=row.to_kind,
            quantity=row.quantity,
            reverses=row.reverses_id is not None,
            facts=json.loads(row.facts).get("asked", {}),
        )
        for row in work.connection.execute(query)
    ]
