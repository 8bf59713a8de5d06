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
    DispatchOrder,
    Item,
    Journal,
    Lot,
    Movement,
    OrderLine,
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
    from_site: Name | None = None
    to_site: Name | None = None
    reverses_id: UUID | None = None
    reversed_by_id: UUID | None = None
    order_id: UUID | None = None
    order: str | None = None
    outcome: dict[str, Any] = field(default_factory=dict)


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
    source_site, target_site = Site.__table__.alias("source_site"), Site.__table__.alias("target_site")
    undone = Journal.__table__.alias("undone")
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
            source_site.c.name_zh.label("from_zh"),
            source_site.c.name_en.label("from_en"),
            target_site.c.name_zh.label("to_zh"),
            target_site.c.name_en.label("to_en"),
            undone.c.id.label("reversed_by_id"),
            DispatchOrder.id.label("order_id"),
            DispatchOrder.number,
        )
        .join(Journal, Journal.id == Movement.entry_id)
        .join(source, source.c.id == Movement.from_place_id)
        .join(target, target.c.id == Movement.to_place_id)
        .outerjoin(source_site, source_site.c.id == source.c.site_id)
        .outerjoin(target_site, target_site.c.id == target.c.site_id)
        .outerjoin(undone, undone.c.reverses_id == Journal.id)
        .outerjoin(OrderLine, OrderLine.id == Movement.order_line_id)
        .outerjoin(DispatchOrder, DispatchOrder.id == OrderLine.order_id)
        .outerjoin(Account, Account.id == Journal.actor_id)
        .where(Movement.lot_id == lot_id)
        .order_by(Movement.occurred_at.desc(), Journal.sequence.desc(), Movement.line.desc())
        .limit(limit)
    )
    if until is not None:
        query = query.where(Movement.occurred_at <= until)
    return [_story_line(row) for row in work.connection.execute(query)]


def _story_line(row: Any) -> StoryLine:
    told = json.loads(row.facts)
    return StoryLine(
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
        facts=told.get("asked", {}),
        from_site=Name(row.from_zh, row.from_en) if row.from_zh else None,
        to_site=Name(row.to_zh, row.to_en) if row.to_zh else None,
        reverses_id=row.reverses_id,
        reversed_by_id=row.reversed_by_id,
        order_id=row.order_id,
        order=row.number,
        outcome=told.get("outcome", {}),
    )


@dataclass(frozen=True)
class LotHit:
    """A lot that a search found; `on_hand` base units stand in sites now."""

    id: UUID
    label: str
    batch: str
    expires_on: dt.date | None
    item: Name
    unit: str
    on_hand: int


def find_lots(work: Work, *, search: str = "", limit: int = 20) -> list[LotHit]:
    """Return lots by a part of label, batch, item code, name or pinyin, those in stock first; also used-up ones."""
    here = (
        select(Balance.lot_id, func.sum(Balance.quantity).label("quantity"))
        .join(Place, Place.id == Balance.place_id)
        .where(Place.site_id.is_not(None))
        .group_by(Balance.lot_id)
        .subquery()
    )
    on_hand = func.coalesce(here.c.quantity, 0).label("on_hand")
    columns = (Lot.label, Lot.batch, Item.code, Item.name_zh, Item.name_en, Item.name_pinyin)
    query = (
        select(Lot.id, Lot.label, Lot.batch, Lot.expires_on, Item.name_zh, Item.name_en, Item.unit, on_hand)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(here, here.c.lot_id == Lot.id)
        .order_by(on_hand == 0, Item.code, Lot.label)
        .limit(limit)
    )
    if search:
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return [
        LotHit(row.id, row.label, row.batch, row.expires_on, Name(row.name_zh, row.name_en), row.unit, int(row.on_hand))
        for row in work.connection.execute(query)
    ]
