"""From the books to a plan: one snapshot becomes a scenario, the planner solves it, the independent checker passes it.

`snapshot` reads the database once; `propose_plans` sees no database at all, so that it can run outside any write
transaction and in another process. A plan that the checker does not pass is never offered.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from inventory.core.errors import BrokenInvariant, NotFound
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.ledger.rules import Piece, usability
from inventory.models import (
    Asset,
    Balance,
    Incident,
    IncidentSite,
    Item,
    ItemPack,
    Journal,
    Lot,
    Place,
    Request,
    RequestLine,
    Site,
    Target,
    TravelPair,
)
from inventory.planner.check import check
from inventory.planner.plan import ALTERNATIVES, solve
from inventory.planner.scenario import Scenario
from inventory.planner.travel import estimate

MODES: tuple[str, ...] = ("truck", "foot")
ROAD_MODES: frozenset[str] = frozenset({"truck", "van", "4wd"})
FOOT_MINUTES_MAX = 180
"""Longest walk with goods on the back: an estimate of ours, editable as a setting later."""
HANDLING_MINUTES = 20
"""Picking and loading of one consignment: an estimate of ours."""


@dataclass(frozen=True)
class Snapshot:
    """What the planner sees: the scenario, and up to which journal entry of each node the books were read."""

    scenario: Scenario
    seen: dict[str, int]


@dataclass(frozen=True)
class _Row:
    """Free stock of a lot in a bin, before the reserve is split."""

    lot_id: UUID
    place_id: UUID
    site_id: UUID
    item_id: UUID
    available: int
    expires_on: dt.date | None
    ready_minutes: int
    place_bound: bool


def stock_key(lot_id: UUID, place_id: UUID) -> str:
    """Return the id of a stock row in scenarios and plans."""
    return f"{lot_id.hex}@{place_id.hex}"


def read_stock_key(key: str) -> tuple[UUID, UUID]:
    """Return lot and place of a stock row."""
    lot, place = key.split("@")
    return UUID(lot), UUID(place)


def snapshot(
    work: Work,
    *,
    request_ids: Sequence[UUID],
    now: dt.datetime | None = None,
    extra: Mapping[tuple[UUID, UUID], int] | None = None,
    reserve_open_to_priority: int = -1,
) -> Snapshot:
    """Read what is free, what is asked and how far it is, as one scenario.

    Parameters
    ----------
    request_ids
        The requests to plan for; what is ordered or cancelled of a line already is not asked again.
    now
        The instant that minutes count from; approval reads today's books against the plan's own instant.
    extra
        Further free units by (lot, place), for the check of a plan whose own holds already stand.
    reserve_open_to_priority
        Up to which priority safety stock may be used; -1 nobody.

    Raises
    ------
    NotFound
        When no line of the requests is open.
    """
    # Expiry counts in days at home: from midnight to eight in the morning the day of UTC is another one.
    instant = (now or work.now).astimezone(HOME_ZONE)
    lines = _open_lines(work, request_ids)
    if not lines:
        raise NotFound(kind="request_line", key=", ".join(str(key) for key in request_ids))
    item_ids = {line.item_id for line in lines}
    stock = _free_stock(work, item_ids, instant.date(), extra or {})
    sites = _sites(work, {row.site_id for row in stock} | {line.site_id for line in lines})
    position = {site.id: at for at, site in enumerate(sites)}
    reserve = _reserves(work, item_ids)
    items = _items(work, item_ids)
    places = [
        {
            "id": str(site.id),
            "name": site.name_zh,
            **({"lat": site.latitude / 1e7, "lon": site.longitude / 1e7} if site.latitude is not None else {}),
        }
        for site in sites
    ]
    bare = Scenario.build(now=instant, places=places)
    scenario = Scenario.build(
        now=instant,
        places=places,
        items=items,
        stock=_stock_rows(stock, reserve),
        demands=[_demand(line, instant) for line in lines],
        travel=_travel(work, bare, sites, position, _cut_sites(work, request_ids)),
        policy={"handling_min": HANDLING_MINUTES, "reserve_open_to_priority": reserve_open_to_priority},
    )
    return Snapshot(scenario, _seen(work))


def _open_lines(work: Work, request_ids: Sequence[UUID]) -> Sequence[Any]:
    open_quantity = (RequestLine.quantity - RequestLine.ordered - RequestLine.cancelled).label("open")
    return work.connection.execute(
        select(
            RequestLine.id,
            RequestLine.item_id,
            RequestLine.site_id,
            RequestLine.priority,
            RequestLine.deadline_at,
            RequestLine.use_until,
            open_quantity,
        )
        .join(Request, Request.id == RequestLine.request_id)
        .where(RequestLine.request_id.in_(request_ids), RequestLine.kind == "item", open_quantity > 0)
        .order_by(RequestLine.request_id, RequestLine.position)
    ).all()


def _free_stock(work: Work, item_ids: set[UUID], on: dt.date, extra: Mapping[tuple[UUID, UUID], int]) -> list[_Row]:
    """Return usable stock of the items by lot and bin; the one predicate decides what is usable."""
    rows = work.connection.execute(
        select(
            Lot.id.label("lot_id"),
            Lot.item_id,
            Lot.expires_on,
            Lot.blocked,
            Lot.channel,
            Item.minimum_life_days,
            Place.id.label("place_id"),
            Place.kind,
            Site.id.label("site_id"),
            Site.ready_minutes,
            Site.closed,
            Asset.condition,
            Asset.mobility,
            (Balance.quantity - Balance.held).label("free"),
        )
        .join(Item, Item.id == Lot.item_id)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(Place, Place.id == Balance.place_id)
        .join(Site, Site.id == Place.site_id)
        .outerjoin(Asset, Asset.lot_id == Lot.id)
        .where(Lot.item_id.in_(item_ids), Place.drill_id.is_(None), Balance.quantity > 0)
        .order_by(Site.code, Lot.item_id, Lot.expires_on, Lot.id, Place.code)
    )
    found = []
    for row in rows:
        free = row.free + extra.get((row.lot_id, row.place_id), 0)
        piece = Piece(
            place_kind=row.kind,
            expires_on=row.expires_on,
            blocked=row.blocked,
            channel=row.channel,
            minimum_life_days=row.minimum_life_days,
            condition=row.condition or "serviceable",
            mobility=row.mobility or "portable",
            site_closed=row.closed,
        )
        reasons = set(usability(piece, on=on)) - {"place_bound"}
        if free > 0 and not reasons:
            found.append(
                _Row(
                    row.lot_id,
                    row.place_id,
                    row.site_id,
                    row.item_id,
                    free,
                    row.expires_on - dt.timedelta(days=row.minimum_life_days) if row.expires_on else None,
                    row.ready_minutes,
                    piece.mobility == "fixed",
                )
            )
    return found


def _sites(work: Work, ids: set[UUID]) -> list[Any]:
    return list(
        work.connection.execute(
            select(Site.id, Site.name_zh, Site.latitude, Site.longitude).where(Site.id.in_(ids)).order_by(Site.code)
        )
    )


def _reserves(work: Work, item_ids: set[UUID]) -> dict[tuple[UUID, UUID], int]:
    """Return safety stock by (site, item), in base units."""
    rows = work.connection.execute(
        select(Target.site_id, Target.item_id, func.max(Target.quantity))
        .where(Target.kind == "reserve", Target.item_id.in_(item_ids), Target.site_id.is_not(None))
        .group_by(Target.site_id, Target.item_id)
    )
    return {(site_id, item_id): quantity for site_id, item_id, quantity in rows if site_id and item_id}


def _items(work: Work, item_ids: set[UUID]) -> list[dict[str, Any]]:
    smallest = (
        select(ItemPack.item_id, func.min(ItemPack.factor))
        .where(ItemPack.item_id.in_(item_ids))
        .group_by(ItemPack.item_id)
    )
    packs = {row[0]: row[1] for row in work.connection.execute(smallest)}
    rows = work.connection.execute(
        select(Item.id, Item.name_zh, Item.weight_g, Item.volume_cm3, Item.whole_packs)
        .where(Item.id.in_(item_ids))
        .order_by(Item.code)
    )
    return [
        {
            "id": str(row.id),
            "name": row.name_zh,
            "weight_g": row.weight_g,
            "volume_cm3": row.volume_cm3,
            "pack": packs.get(row.id, 1) if row.whole_packs else 1,
        }
        for row in rows
    ]


def _stock_rows(stock: Sequence[_Row], reserve: Mapping[tuple[UUID, UUID], int]) -> list[dict[str, Any]]:
    """Return the stock of the scenario; a site's reserve is kept in the lots that expire last."""
    kept: dict[tuple[UUID, UUID], int] = {}
    left = dict(reserve)
    for row in sorted(stock, key=lambda one: (one.expires_on is None, one.expires_on or dt.date.max), reverse=True):
        share = min(left.get((row.site_id, row.item_id), 0), row.available)
        if share:
            kept[row.lot_id, row.place_id] = share
            left[row.site_id, row.item_id] -= share
    return [
        {
            "id": stock_key(row.lot_id, row.place_id),
            "place": str(row.site_id),
            "item": str(row.item_id),
            "quantity": row.available,
            "reserve": kept.get((row.lot_id, row.place_id), 0),
            "ready_min": row.ready_minutes,
            "place_bound": row.place_bound,
            **({"expires": row.expires_on.isoformat()} if row.expires_on else {}),
        }
        for row in stock
    ]


def _demand(line: Any, instant: dt.datetime) -> dict[str, Any]:
    deadline = {}
    if line.deadline_at is not None:
        deadline["deadline_min"] = max(0, int((line.deadline_at - instant).total_seconds() // 60))
    return {
        "id": str(line.id),
        "place": str(line.site_id),
        "item": str(line.item_id),
        "quantity": line.open,
        "priority": line.priority,
        **deadline,
        **({"use_until": line.use_until.isoformat()} if line.use_until else {}),
    }


def _cut_sites(work: Work, request_ids: Sequence[UUID]) -> set[UUID]:
    """Return the sites whose road is cut in the incidents of the requests."""
    return set(
        work.connection.scalars(
            select(IncidentSite.site_id)
            .join(Incident, Incident.id == IncidentSite.incident_id)
            .where(IncidentSite.cut_road, Incident.state.in_(("active", "demobilizing")))
            .where(IncidentSite.incident_id.in_(select(Request.incident_id).where(Request.id.in_(request_ids))))
        )
    )


def _travel(
    work: Work, bare: Scenario, sites: Sequence[Any], position: Mapping[UUID, int], cut: set[UUID]
) -> dict[str, Any]:
    """Return minutes by mode: stored pairs over estimates, no road to a site that is cut off, walks of three hours."""
    matrices: dict[str, NDArray[np.int64]] = {mode: estimate(bare, mode).copy() for mode in MODES}
    foot = matrices["foot"]
    foot[foot > FOOT_MINUTES_MAX] = -1
    rows = work.connection.execute(
        select(TravelPair.from_site_id, TravelPair.to_site_id, TravelPair.mode, TravelPair.minutes).where(
            TravelPair.from_site_id.in_(position), TravelPair.to_site_id.in_(position), TravelPair.mode.in_(MODES)
        )
    )
    for row in rows:
        minutes = -1 if row.minutes is None else row.minutes
        matrices[row.mode][position[row.from_site_id], position[row.to_site_id]] = minutes
    closed = [position[site_id] for site_id in cut if site_id in position]
    for mode in ROAD_MODES & matrices.keys():
        for at in closed:
            stays = matrices[mode][at, at]
            matrices[mode][at, :] = -1
            matrices[mode][:, at] = -1
            matrices[mode][at, at] = stays
    return {mode: {"minutes": matrix} for mode, matrix in matrices.items()}


def _seen(work: Work) -> dict[str, int]:
    rows = work.connection.execute(select(Journal.node_id, func.max(Journal.sequence)).group_by(Journal.node_id))
    return {str(node_id): sequence for node_id, sequence in rows}


def propose_plans(
    scenario: Scenario,
    *,
    alternatives: Sequence[str] = ALTERNATIVES,
    seconds: int | None = None,
    seed: int = 0,
    step: Callable[[str], object] = str,
) -> list[dict[str, Any]]:
    """Return one checked plan file per alternative, in the order asked.

    Parameters
    ----------
    alternatives
        Of "fastest", "fewest", "reserves"; all serve the same lines with the same totals.
    seconds
        Wall limit for the search for fewer consignments; None for fixed rounds (the same plan everywhere).
    step
        Told "solve" and then "check" when that begins, for a screen that shows how far it is.

    Raises
    ------
    BrokenInvariant
        When the independent checker does not pass a plan: it is not offered.
    """
    step("solve")
    wanted = "all" if tuple(alternatives) == ALTERNATIVES else None
    if wanted:
        plans = solve(scenario, alternative=wanted, seconds=seconds, seed=seed, timer=time.perf_counter)["plans"]
    else:
        plans = [
            solve(scenario, alternative=name, seconds=seconds, seed=seed, timer=time.perf_counter)
            for name in alternatives
        ]
    step("check")
    for plan in plans:
        wrong = check(scenario, plan)
        if wrong:
            raise BrokenInvariant(f"the checker refuses plan {plan['alternative']}: {wrong[:3]}")
    return list(plans)
