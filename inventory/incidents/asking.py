"""Reading what a request needs beside the norms: who asks whom, and what the town itself has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.ledger.queries import today_of
from inventory.ledger.rules import Piece, usability
from inventory.models import (
    Asset,
    Balance,
    DispatchOrder,
    Division,
    Item,
    Lot,
    OrderLine,
    Organisation,
    Place,
    Site,
)
from inventory.places.queries import site as site_view

TOWN_LEVEL, DISTRICT_LEVEL = "town", "district"
EMERGENCY_KIND = "bureau"


@dataclass(frozen=True)
class Party:
    """An organisation that asks or is asked."""

    id: UUID
    name: Name


def parties(work: Work, *, site_id: UUID) -> tuple[Party, Party]:
    """Return who asks for a site and whom: its town, and the district organisation above.

    Where no town organisation stands above the site, its own organisation asks.
    """
    own = site_view(work, site_id=site_id).organisation_id
    above = _upwards(work, own)
    asker = next((row for row in above if row.level == TOWN_LEVEL), above[0])
    asked = next((row for row in above if row.level == DISTRICT_LEVEL and row.kind == EMERGENCY_KIND), above[-1])
    return _party(asker), _party(asked)


def _upwards(work: Work, organisation_id: UUID) -> list[Organisation]:
    """Return an organisation and those above it, itself first."""
    found: list[Organisation] = []
    key: UUID | None = organisation_id
    while key is not None and all(row.id != key for row in found):
        row = work.session.get_one(Organisation, key)
        found.append(row)
        key = row.parent_id
    return found


def _party(row: Organisation) -> Party:
    return Party(row.id, Name(row.name_zh, row.name_en))


def own_stated(
    work: Work, incident_id: UUID | None, site_id: UUID, item_ids: Collection[UUID]
) -> dict[str, dict[str, int]]:
    """Return what a request states of the town's own (rule P07), by item code in base units, as the books have it.

    `own_total` is what is free and usable in the town's own sites now, `own_used` what those sites have already sent
    out for this incident; every item that is asked for stands in both, with 0 where there is none.
    """
    wanted = select(Item.id, Item.code).where(Item.id.in_(item_ids)).order_by(Item.code)
    codes = {row.id: row.code for row in work.connection.execute(wanted)}
    total, used = own_stock(work, site_id=site_id, item_ids=item_ids), {}
    if incident_id is not None:
        rows = work.connection.execute(
            select(OrderLine.item_id, func.sum(OrderLine.shipped).label("sent"))
            .join(DispatchOrder, DispatchOrder.id == OrderLine.order_id)
            .join(Site, Site.id == DispatchOrder.from_site_id)
            .join(Division, Division.id == Site.division_id)
            .where(DispatchOrder.incident_id == incident_id, OrderLine.item_id.in_(item_ids), _in_town(work, site_id))
            .group_by(OrderLine.item_id)
        )
        used = {row.item_id: int(row.sent) for row in rows}
    return {
        "own_total": {code: total.get(key, 0) for key, code in codes.items()},
        "own_used": {code: used.get(key, 0) for key, code in codes.items()},
    }


def _in_town(work: Work, site_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a site belongs to the town of another, or to one of its villages."""
    town = site_view(work, site_id=site_id).town_id
    return or_(Site.division_id == town, Division.parent_id == town) if town else Site.id == site_id


def own_stock(work: Work, *, site_id: UUID, item_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what the town of a site has free and usable itself, in base units by item; items without any are left out.

    The town's stock stands in its own sites and in those of its villages.
    """
    here = _in_town(work, site_id)
    rows = work.connection.execute(
        select(
            Lot.item_id,
            Lot.expires_on,
            Lot.blocked,
            Lot.channel,
            Item.minimum_life_days,
            Place.kind,
            Site.closed,
            Asset.condition,
            Asset.mobility,
            (Balance.quantity - Balance.held).label("free"),
        )
        .join(Item, Item.id == Lot.item_id)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(Place, Place.id == Balance.place_id)
        .join(Site, Site.id == Place.site_id)
        .join(Division, Division.id == Site.division_id)
        .outerjoin(Asset, Asset.lot_id == Lot.id)
        .where(Lot.item_id.in_(list(item_ids)), here, Place.drill_id.is_(None), Balance.quantity > Balance.held)
    )
    today = today_of(work)
    found: dict[UUID, int] = {}
    for row in rows:
        if not usability(_piece(row), on=today):
            found[row.item_id] = found.get(row.item_id, 0) + row.free
    return found


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
