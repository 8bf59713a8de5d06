"""Reading plans as people decide on them: cards, consignments with reasons, shortages with certificates, staleness."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.allocation import read_stock_key
from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import Item, Journal, Lot, Movement, Place, Plan, Problem, RequestLine, Site


@dataclass(frozen=True)
class PlanRow:
    """A plan as its card shows it. Minutes count from `planned_at`; unmet by priority 0, 1, 2 in base units."""

    id: UUID
    request_id: UUID
    alternative: str
    version: int
    state: str
    certified: bool
    planned_at: dt.datetime
    first_arrival_at: dt.datetime | None
    last_arrival_at: dt.datetime | None
    consignment_count: int
    unmet_by_priority: tuple[int, ...]
    short_lines: int
    reserve_used: int
    seconds: float
    seen: UUID


@dataclass(frozen=True)
class PlanLineRow:
    """One line of a consignment: lot and bin, why from here, and what kept nearer stock away (planner facts)."""

    item: Name
    unit: str
    lot: str
    expires_on: dt.date | None
    place: str
    quantity: int
    request_line_id: UUID
    why: Mapping[str, Any]


@dataclass(frozen=True)
class ConsignmentRow:
    """What one sender gives one receiver."""

    from_site_id: UUID
    from_site: Name
    to_site_id: UUID
    to_site: Name
    mode: str
    depart_at: dt.datetime
    arrive_at: dt.datetime
    lines: tuple[PlanLineRow, ...]


@dataclass(frozen=True)
class ShortageRow:
    """A need that stays short: how much, the reason code, the certificate with names, the prices of lifting limits."""

    item: Name
    unit: str
    site: Name
    priority: int
    asked: int
    short: int
    reason: str
    certificate: Certificate | None
    prices: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Certificate:
    """Why no plan can do better: these lines need `demand`; the stores that can reach them in time hold `supply`."""

    line_count: int
    demand: int
    stockpiles: tuple[Name, ...]
    supply: int
    short: int


@dataclass(frozen=True)
class PlanView:
    """A plan with everything that a decision needs."""

    row: PlanRow
    consignments: tuple[ConsignmentRow, ...]
    shortages: tuple[ShortageRow, ...]
    sites: Mapping[str, Name]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Staleness:
    """What has been posted since the plan's snapshot that touches its lots or its request."""

    changes: int
    last_at: dt.datetime | None
    kinds: tuple[str, ...]


def plans_of(work: Work, *, request_id: UUID, states: tuple[str, ...] = ()) -> list[PlanRow]:
    """Return the plans of a request, the newest version first, then fastest, fewest, reserves."""
    query = (
        select(Plan, Problem.made_at, Problem.body)
        .join(Problem, Problem.sha256 == Plan.problem_sha256)
        .where(Plan.request_id == request_id)
        .order_by(Plan.version.desc(), Plan.alternative)
    )
    if states:
        query = query.where(Plan.state.in_(states))
    return [_row(plan, json.loads(zlib.decompress(body))) for plan, _, body in work.session.execute(query)]


def _row(plan: Plan, problem: Mapping[str, Any]) -> PlanRow:
    body: dict[str, Any] = json.loads(zlib.decompress(plan.body))
    start = dt.datetime.fromisoformat(problem["now"])
    arrivals = [one["arrive_min"] for one in body["consignments"]]
    return PlanRow(
        id=plan.id,
        request_id=plan.request_id,
        alternative=plan.alternative,
        version=plan.version,
        state=plan.state,
        certified=plan.certified,
        planned_at=start,
        first_arrival_at=start + dt.timedelta(minutes=min(arrivals)) if arrivals else None,
        last_arrival_at=start + dt.timedelta(minutes=max(arrivals)) if arrivals else None,
        consignment_count=len({(one["from"], one["to"]) for one in body["consignments"]}),
        unmet_by_priority=tuple(body["objective"]["unmet_by_priority"]),
        short_lines=sum(1 for one in body["unmet"] if one.get("kind", "item") == "item"),
        reserve_used=_reserve_used(problem, body),
        seconds=body["seconds"],
        seen=plan.changed_by_id,
    )


def _reserve_used(problem: Mapping[str, Any], body: Mapping[str, Any]) -> int:
    """Return how many base units of safety stock a plan draws on."""
    drawn: dict[str, int] = {}
    for one in body["consignments"]:
        for line in one["lines"]:
            drawn[line["stock"]] = drawn.get(line["stock"], 0) + line["quantity"]
    kept = {row["id"]: (row["quantity"], row.get("reserve", 0)) for row in problem["stock"]}
    return sum(max(0, quantity - max(0, kept[key][0] - kept[key][1])) for key, quantity in drawn.items())


def plan_view(work: Work, *, plan_id: UUID) -> PlanView:
    """Return one plan with names resolved.

    Raises
    ------
    NotFound
    """
    plan = work.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(kind="plan", key=str(plan_id))
    problem_row = work.session.get_one(Problem, plan.problem_sha256)
    problem: dict[str, Any] = json.loads(zlib.decompress(problem_row.body))
    body: dict[str, Any] = json.loads(zlib.decompress(plan.body))
    row = _row(plan, problem)
    sites = _site_names(work, [UUID(place["id"]) for place in problem["places"]])
    return PlanView(
        row=row,
        consignments=_consignments(work, body, row.planned_at, sites),
        shortages=_shortages(work, body, sites),
        sites=sites,
        body=body,
    )


def _site_names(work: Work, ids: list[UUID]) -> dict[str, Name]:
    rows = work.connection.execute(select(Site.id, Site.name_zh, Site.name_en).where(Site.id.in_(ids)))
    return {str(row.id): Name(row.name_zh, row.name_en) for row in rows}


def _consignments(
    work: Work, body: Mapping[str, Any], start: dt.datetime, sites: Mapping[str, Name]
) -> tuple[ConsignmentRow, ...]:
    keys = {line["stock"]: read_stock_key(line["stock"]) for one in body["consignments"] for line in one["lines"]}
    lots = {
        row.id: row
        for row in work.connection.execute(
            select(Lot.id, Lot.label, Lot.expires_on, Item.name_zh, Item.name_en, Item.unit)
            .join(Item, Item.id == Lot.item_id)
            .where(Lot.id.in_({lot for lot, _ in keys.values()}))
        )
    }
    codes = select(Place.id, Place.code).where(Place.id.in_({place for _, place in keys.values()}))
    places = {row.id: row.code for row in work.connection.execute(codes)}
    why = {(row["demand"], row["stock"]): row for row in body.get("why", ())}
    found = []
    for one in body["consignments"]:
        lines = []
        for line in one["lines"]:
            lot_id, place_id = keys[line["stock"]]
            lot = lots[lot_id]
            lines.append(
                PlanLineRow(
                    item=Name(lot.name_zh, lot.name_en),
                    unit=lot.unit,
                    lot=lot.label,
                    expires_on=lot.expires_on,
                    place=places[place_id],
                    quantity=line["quantity"],
                    request_line_id=UUID(line["demand"]),
                    why=why.get((line["demand"], line["stock"]), {}),
                )
            )
        found.append(
            ConsignmentRow(
                from_site_id=UUID(one["from"]),
                from_site=sites[one["from"]],
                to_site_id=UUID(one["to"]),
                to_site=sites[one["to"]],
                mode=one["mode"],
                depart_at=start + dt.timedelta(minutes=one["depart_min"]),
                arrive_at=start + dt.timedelta(minutes=one["arrive_min"]),
                lines=tuple(lines),
            )
        )
    return tuple(sorted(found, key=lambda row: (row.arrive_at, row.from_site.zh)))


def _shortages(work: Work, body: Mapping[str, Any], sites: Mapping[str, Name]) -> tuple[ShortageRow, ...]:
    short = {UUID(one["demand"]): one for one in body["unmet"] if one.get("kind", "item") == "item"}
    rows = work.connection.execute(
        select(
            RequestLine.id,
            RequestLine.site_id,
            RequestLine.priority,
            RequestLine.quantity,
            Item.name_zh,
            Item.name_en,
            Item.unit,
        )
        .join(Item, Item.id == RequestLine.item_id)
        .where(RequestLine.id.in_(short))
        .order_by(RequestLine.priority, RequestLine.position)
    )
    found = []
    for row in rows:
        one = short[row.id]
        proof = one.get("certificate")
        found.append(
            ShortageRow(
                item=Name(row.name_zh, row.name_en),
                unit=row.unit,
                site=sites.get(str(row.site_id), Name("?")),
                priority=row.priority,
                asked=row.quantity,
                short=one["quantity"],
                reason=one["reason"],
                certificate=Certificate(
                    line_count=len(proof["lines"]),
                    demand=proof["demand"],
                    stockpiles=tuple(sites[key] for key in proof["stockpiles"] if key in sites),
                    supply=proof["supply"],
                    short=proof["short"],
                )
                if proof
                else None,
                prices=tuple(one.get("prices", ())),
            )
        )
    return tuple(found)


def staleness(work: Work, *, plan_id: UUID) -> Staleness:
    """Return what was posted after the plan's snapshot that touches its lots or its request.

    Raises
    ------
    NotFound
    """
    plan = work.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(kind="plan", key=str(plan_id))
    problem = work.session.get_one(Problem, plan.problem_sha256)
    seen: dict[str, int] = json.loads(problem.seen)
    lots = {read_stock_key(row["id"])[0] for row in json.loads(zlib.decompress(problem.body))["stock"]}
    later = [(UUID(node), sequence) for node, sequence in seen.items()]
    changes: dict[UUID, tuple[str, dt.datetime]] = {}
    for node_id, sequence in later:
        rows = work.connection.execute(
            select(Journal.id, Journal.kind, Journal.recorded_at, Journal.subject_id, Movement.lot_id)
            .outerjoin(Movement, Movement.entry_id == Journal.id)
            .where(Journal.node_id == node_id, Journal.sequence > sequence)
        )
        for row in rows:
            touches = row.lot_id in lots or row.subject_id in (lots | {plan.request_id})
            if touches and row.kind not in {"propose_plans", "reject_plan"} and row.id != plan.changed_by_id:
                changes[row.id] = (row.kind, row.recorded_at)
    return Staleness(
        changes=len(changes),
        last_at=max((at for _, at in changes.values()), default=None),
        kinds=tuple(sorted({kind for kind, _ in changes.values()})),
    )
