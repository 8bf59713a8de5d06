"""Reading stockpiles: what stands where against what should, what expires, how long it lasts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select

from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.ledger.rules import Piece, usability
from inventory.models import Asset, Balance, Item, Lot, Norm, Place, Site, Target
from inventory.stockpiles import rules


@dataclass(frozen=True)
class Gap:
    """An item at a site against its targets, in base units; a target that is not set is None.

    `usable` counts what could be dispatched today (in a bin, not expired, not on hold) less what is held for orders.
    `short_of_minimum` and `short_of_standard` are 0 where the target is met or not set.
    """

    site_id: UUID
    site_code: str
    site: Name
    item_id: UUID
    item_code: str
    item: Name
    unit: str
    on_hand: int
    usable: int
    reserve: int | None
    minimum: int | None
    standard: int | None
    short_of_minimum: int
    short_of_standard: int
    source: str
    confidence: str


@dataclass(frozen=True)
class Expiring:
    """A lot that expires soon or has expired; `days_left` is negative for the latter, 0 on its last good day."""

    lot_id: UUID
    label: str
    batch: str
    item_id: UUID
    item_code: str
    item: Name
    unit: str
    site_id: UUID
    site_code: str
    site: Name
    place: str
    quantity: int
    held: int
    expires_on: dt.date
    days_left: int
    blocked: str | None


@dataclass(frozen=True)
class Cover:
    """For how many whole days the usable stock of an item lasts so many people, by the norm named."""

    item_id: UUID
    item_code: str
    item: Name
    unit: str
    usable: int
    norm: str
    people: int
    days: int | None
    confidence: str


def today(work: Work) -> dt.date:
    """Return the day in Beijing of the transaction's instant."""
    return work.now.astimezone(HOME_ZONE).date()


def _stock() -> Select[*tuple[Any, ...]]:
    """Return the select of all real stock of the district with what decides whether it is usable."""
    return (
        select(
            Site.id.label("site_id"),
            Item.id.label("item_id"),
            Item.minimum_life_days,
            Balance.quantity,
            Balance.held,
            Place.kind.label("place_kind"),
            Lot.expires_on,
            Lot.blocked,
            Lot.channel,
            Site.closed,
            func.coalesce(Asset.condition, "serviceable").label("condition"),
            func.coalesce(Asset.mobility, "portable").label("mobility"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Place, Place.id == Balance.place_id)
        .join(Site, Site.id == Place.site_id)
        .outerjoin(Asset, Asset.lot_id == Lot.id)
        .where(Balance.quantity > 0, Place.drill_id.is_(None))
    )


def _usable(row: Row[*tuple[Any, ...]], on: dt.date) -> int:
    """Return the base units of a row of `_stock` that could be dispatched on a day."""
    piece = Piece(
        place_kind=row.place_kind,
        expires_on=row.expires_on,
        blocked=row.blocked,
        channel=row.channel,
        minimum_life_days=row.minimum_life_days,
        condition=row.condition,
        mobility=row.mobility,
        site_closed=row.closed,
    )
    free: int = row.quantity - row.held
    return 0 if usability(piece, on=on) else free


def gaps(
    work: Work, *, site_id: UUID | None = None, short_only: bool = False, limit: int = 1000, offset: int = 0
) -> list[Gap]:
    """Return every item with a target at a site, by site and item code.

    Parameters
    ----------
    short_only
        Only what is below its minimum or its standard.
    """
    targets: dict[tuple[UUID, UUID], dict[str, tuple[int, str, str]]] = {}
    wanted = select(Target).where(Target.site_id.is_not(None), Target.item_id.is_not(None), Target.season == "all")
    statement = _stock()
    if site_id is not None:
        wanted = wanted.where(Target.site_id == site_id)
        statement = statement.where(Site.id == site_id)
    for target in work.session.scalars(wanted):
        if target.site_id is not None and target.item_id is not None:
            of = targets.setdefault((target.site_id, target.item_id), {})
            of[target.kind] = (target.quantity, target.source, target.confidence)
    stock: dict[tuple[UUID, UUID], list[int]] = {}
    on = today(work)
    for row in work.connection.execute(statement):
        sums = stock.setdefault((row.site_id, row.item_id), [0, 0])
        sums[0] += row.quantity
        sums[1] += _usable(row, on)
    sites = {row.id: row for row in work.connection.execute(select(Site.id, Site.code, Site.name_zh, Site.name_en))}
    items = {
        row.id: row
        for row in work.connection.execute(select(Item.id, Item.code, Item.name_zh, Item.name_en, Item.unit))
    }
    found = []
    for (at, item_id), kinds in targets.items():
        on_hand, usable = stock.get((at, item_id), [0, 0])
        minimum, standard, reserve = [kinds[kind][0] if kind in kinds else None for kind in _KINDS]
        _, source, confidence = next(iter(kinds.values()))
        gap = Gap(
            site_id=at,
            site_code=sites[at].code,
            site=Name(sites[at].name_zh, sites[at].name_en),
            item_id=item_id,
            item_code=items[item_id].code,
            item=Name(items[item_id].name_zh, items[item_id].name_en),
            unit=items[item_id].unit,
            on_hand=on_hand,
            usable=usable,
            reserve=reserve,
            minimum=minimum,
            standard=standard,
            short_of_minimum=max(0, (minimum or 0) - usable),
            short_of_standard=max(0, (standard or 0) - usable),
            source=source,
            confidence=confidence,
        )
        if not short_only or gap.short_of_minimum or gap.short_of_standard:
            found.append(gap)
    found.sort(key=lambda gap: (gap.site_code, gap.item_code))
    return found[offset : offset + limit]


_KINDS = ("minimum", "standard", "reserve")


def expiring(
    work: Work,
    *,
    within_days: int = 90,
    with_expired: bool = True,
    site_id: UUID | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[Expiring]:
    """Return lots on hand that expire within so many days, the first to expire first."""
    on = today(work)
    statement = (
        select(
            Lot.id.label("lot_id"),
            Lot.label,
            Lot.batch,
            Lot.expires_on,
            Lot.blocked,
            Item.id.label("item_id"),
            Item.code.label("item_code"),
            Item.name_zh,
            Item.name_en,
            Item.unit,
            Site.id.label("site_id"),
            Site.code.label("site_code"),
            Site.name_zh.label("site_zh"),
            Site.name_en.label("site_en"),
            Place.code.label("place"),
            Balance.quantity,
            Balance.held,
        )
        .join(Balance, Balance.lot_id == Lot.id)
        .join(Item, Item.id == Lot.item_id)
        .join(Place, Place.id == Balance.place_id)
        .join(Site, Site.id == Place.site_id)
        .where(
            Lot.expires_on.is_not(None),
            Lot.expires_on <= on + dt.timedelta(days=within_days),
            Balance.quantity > 0,
            Place.drill_id.is_(None),
        )
        .order_by(Lot.expires_on, Lot.label, Place.code)
        .limit(limit)
        .offset(offset)
    )
    if not with_expired:
        statement = statement.where(Lot.expires_on >= on)
    if site_id is not None:
        statement = statement.where(Site.id == site_id)
    return [
        Expiring(
            lot_id=row.lot_id,
            label=row.label,
            batch=row.batch,
            item_id=row.item_id,
            item_code=row.item_code,
            item=Name(row.name_zh, row.name_en),
            unit=row.unit,
            site_id=row.site_id,
            site_code=row.site_code,
            site=Name(row.site_zh, row.site_en),
            place=row.place,
            quantity=row.quantity,
            held=row.held,
            expires_on=row.expires_on,
            days_left=(row.expires_on - on).days,
            blocked=row.blocked,
        )
        for row in work.connection.execute(statement)
    ]


def covers(work: Work, *, people: int, season: str = "all", site_id: UUID | None = None) -> list[Cover]:
    """Return for how many days the usable stock of each item with a daily norm lasts so many people, shortest first.

    Source: the norm named in each row; where several hold, the one of the season comes first.
    """
    on = today(work)
    usable: dict[UUID, int] = {}
    statement = _stock() if site_id is None else _stock().where(Site.id == site_id)
    for row in work.connection.execute(statement):
        usable[row.item_id] = usable.get(row.item_id, 0) + _usable(row, on)
    norms = work.session.execute(
        select(Norm, Item)
        .join(Item, Item.id == Norm.item_id)
        .where(
            and_(Norm.active.is_(True), Norm.period == "day", Norm.hazard == "any", Norm.season.in_(("all", season)))
        )
        .order_by(Item.code, Norm.season == "all", Norm.code)
    )
    found: dict[UUID, Cover] = {}
    for norm, item in norms:
        days = rules.cover_days(
            usable.get(item.id, 0),
            quantity_milli=norm.quantity_milli,
            per_persons=norm.per_persons,
            people=people,
        )
        if item.id not in found:
            found[item.id] = Cover(
                item_id=item.id,
                item_code=item.code,
                item=Name(item.name_zh, item.name_en),
                unit=item.unit,
                usable=usable.get(item.id, 0),
                norm=norm.code,
                people=people,
                days=days,
                confidence=norm.confidence,
            )
    return sorted(found.values(), key=lambda cover: (cover.days is None, cover.days or 0, cover.item_code))
