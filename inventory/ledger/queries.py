"""Reading stock: what stands where now, and whether it is usable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.ledger.rules import Piece, usability
from inventory.models import (
    Asset,
    Balance,
    Item,
    Lot,
    Organisation,
    Place,
    Site,
)


@dataclass(frozen=True)
class StockFilter:
    """What a stock page shows. Empty fields do not narrow."""

    search: str = ""
    site_id: UUID | None = None
    item_id: UUID | None = None
    domain: str = ""
    expires_before: dt.date | None = None
    only_usable: bool = False
    blocked: bool = False


@dataclass(frozen=True)
class StockRow:
    """A lot in a place: base units on hand, held, available; why it is unusable (empty: usable)."""

    lot_id: UUID
    place_id: UUID
    item_id: UUID
    item: Name
    item_code: str
    unit: str
    lot: str
    batch: str
    expires_on: dt.date | None
    blocked: str | None
    site_id: UUID
    site: Name
    place: str
    place_kind: str
    owner: Name
    on_hand: int
    held: int
    available: int
    reasons: tuple[str, ...]


def _stock_query() -> Any:
    return (
        select(
            Lot.id.label("lot_id"),
            Lot.label,
            Lot.batch,
            Lot.expires_on,
            Lot.blocked,
            Lot.channel,
            Item.id.label("item_id"),
            Item.name_zh.label("item_zh"),
            Item.name_en.label("item_en"),
            Item.code.label("item_code"),
            Item.unit,
            Item.minimum_life_days,
            Place.id.label("place_id"),
            Place.code.label("place"),
            Place.kind,
            Site.id.label("site_id"),
            Site.name_zh.label("site_zh"),
            Site.name_en.label("site_en"),
            Site.closed,
            Organisation.name_zh.label("owner_zh"),
            Organisation.name_en.label("owner_en"),
            Asset.condition,
            Asset.mobility,
            Balance.quantity,
            Balance.held,
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Place, Place.id == Balance.place_id)
        .join(Site, Site.id == Place.site_id)
        .join(Organisation, Organisation.id == Lot.owner_id)
        .outerjoin(Asset, Asset.lot_id == Lot.id)
        .where(Balance.quantity > 0, Place.drill_id.is_(None))
    )


def _usable(work: Work, today: dt.date) -> ColumnElement[bool]:
    """Return the condition under which `usability` finds no reason, as SQL; a test holds both side by side.

    Adding days to a day is said differently by each database, so each minimum life that occurs is a case of its own.
    """
    lives = work.connection.scalars(select(Item.minimum_life_days).distinct()).all()
    return and_(
        Place.kind == "bin",
        Lot.blocked.is_(None),
        or_(
            Lot.expires_on.is_(None),
            *(
                and_(Item.minimum_life_days == life, Lot.expires_on >= today + dt.timedelta(days=max(life, 0)))
                for life in lives
            ),
        ),
        or_(Asset.condition.is_(None), Asset.condition.in_(("serviceable", "limited"))),
        or_(Asset.mobility.is_(None), Asset.mobility != "fixed"),
        Site.closed.is_(False),
    )


def _narrowed(work: Work, query: Select[Any], wanted: StockFilter) -> Select[Any]:
    if wanted.search:
        query = query.where(
            or_(
                Item.name_zh.contains(wanted.search),
                Item.name_en.icontains(wanted.search),
                Item.name_pinyin.icontains(wanted.search),
                Item.code.icontains(wanted.search),
                Lot.label == wanted.search,
                Asset.label == wanted.search,
                Place.code == wanted.search,
                Lot.batch.icontains(wanted.search),
            )
        )
    if wanted.site_id is not None:
        query = query.where(Site.id == wanted.site_id)
    if wanted.item_id is not None:
        query = query.where(Item.id == wanted.item_id)
    if wanted.domain:
        query = query.where(Item.domain == wanted.domain)
    if wanted.expires_before is not None:
        query = query.where(Lot.expires_on < wanted.expires_before)
    if wanted.blocked:
        query = query.where(Lot.blocked.is_not(None))
    if wanted.only_usable:
        query = query.where(_usable(work, today_of(work)))
    return query


def today_of(work: Work) -> dt.date:
    """Return the day it is at home (Beijing time): expiry counts in days of this calendar."""
    return work.now.astimezone(HOME_ZONE).date()


def stock(
    work: Work,
    *,
    wanted: StockFilter | None = None,
    sort: str = "item",
    limit: int = 50,
    offset: int = 0,
) -> list[StockRow]:
    """Return a page of stock; `sort` is item, site, expiry or quantity."""
    today = today_of(work)
    order = {
        "item": (Item.code, Lot.expires_on, Lot.id, Place.code),
        "site": (Site.code, Place.code, Item.code, Lot.id),
        "expiry": (Lot.expires_on.is_(None), Lot.expires_on, Item.code, Lot.id),
        "quantity": (Balance.quantity.desc(), Item.code, Lot.id),
    }[sort]
    query = _narrowed(work, _stock_query(), wanted or StockFilter()).order_by(*order).limit(limit).offset(offset)
    return [_stock_row(row, today) for row in work.connection.execute(query)]


def stock_count(work: Work, *, wanted: StockFilter | None = None) -> int:
    """Return how many rows `stock` has in all."""
    narrowed = _narrowed(work, _stock_query(), wanted or StockFilter()).subquery()
    return work.connection.scalar(select(func.count()).select_from(narrowed)) or 0


def stock_at(work: Work, *, lot_id: UUID, place_id: UUID) -> tuple[StockRow, Piece] | None:
    """Return one row of stock with what decides its use (for `usability` on another day); None when it is gone."""
    query = _stock_query().where(Balance.lot_id == lot_id, Balance.place_id == place_id)
    row = work.connection.execute(query).one_or_none()
    return None if row is None else (_stock_row(row, today_of(work)), _piece(row))


def _piece(row: Any) -> Piece:
    return Piece(
        place_kind=row.kind,
        expires_on=row.expires_on,
        blocked=row.blocked,
        channel=row.channel,
        minimum_life_days=row.minimum_life_days,
        condition=row.condition or "serviceable",
        mobility=row.mobility or "portable",
        site_closed=row.closed,
    )


def _stock_row(row: Any, today: dt.date) -> StockRow:
    piece = _piece(row)
    return StockRow(
        lot_id=row.lot_id,
        place_id=row.place_id,
        item_id=row.item_id,
        item=Name(row.item_zh, row.item_en),
        item_code=row.item_code,
        unit=row.unit,
        lot=row.label,
        batch=row.batch,
        expires_on=row.expires_on,
        blocked=row.blocked,
        site_id=row.site_id,
        site=Name(row.site_zh, row.site_en),
        place=row.place,
        place_kind=row.kind,
        owner=Name(row.owner_zh, row.owner_en),
        on_hand=row.quantity,
        held=row.held,
        available=row.quantity - row.held,
        reasons=usability(piece, on=today),
    )


@dataclass(frozen=True)
class ItemSum:
    """An item's stock over sites: base units on hand, held, available (usable and free), and what is not usable."""

    item_id: UUID
    item: Name
    item_code: str
    unit: str
    on_hand: int
    held: int
    available: int
    unusable: int
    sites: int


def item_sums(work: Work, *, wanted: StockFilter | None = None, item_ids: Sequence[UUID] = ()) -> list[ItemSum]:
    """Return stock by item over all sites; available counts what is usable today and not held."""
    usable = _usable(work, today_of(work))
    query = _narrowed(work, _stock_query(), wanted or StockFilter()).with_only_columns(
        Item.id,
        Item.name_zh,
        Item.name_en,
        Item.code,
        Item.unit,
        func.sum(Balance.quantity).label("on_hand"),
        func.sum(Balance.held).label("held"),
        func.sum(case((usable, Balance.quantity - Balance.held), else_=0)).label("available"),
        func.sum(case((usable, 0), else_=Balance.quantity)).label("unusable"),
        func.count(Site.id.distinct()).label("sites"),
    )
    query = query.group_by(Item.id, Item.name_zh, Item.name_en, Item.code, Item.unit).order_by(Item.code)
    if item_ids:
        query = query.where(Item.id.in_(item_ids))
    return [
        ItemSum(
            item_id=row.id,
            item=Name(row.name_zh, row.name_en),
            item_code=row.code,
            unit=row.unit,
            on_hand=int(row.on_hand),
            held=int(row.held),
            available=int(row.available),
            unusable=int(row.unusable),
            sites=row.sites,
        )
        for row in work.connection.execute(query)
    ]
