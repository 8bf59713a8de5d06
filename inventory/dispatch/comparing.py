"""Reading plans side by side: what each costs against the others, and where senders and receivers lie."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.dispatch.proposals import PlanRow, plans_of
from inventory.models import IncidentSite, Plan, Problem, Request, Site

OFFERED: tuple[str, ...] = ("proposed", "submitted", "approved", "done")
ORDER: tuple[str, ...] = ("fastest", "fewest", "reserves", "edited")


@dataclass(frozen=True)
class Point:
    """A sender, a receiver or another stockpile of the problem, WGS-84 degrees; `cut` = its road is reported cut."""

    site_id: UUID
    name: Name
    latitude: float
    longitude: float
    sends: bool
    receives: bool
    cut: bool


@dataclass(frozen=True)
class Leg:
    """Goods that go from one site to another by a mode."""

    from_site_id: UUID
    to_site_id: UUID
    mode: str


@dataclass(frozen=True)
class Sketch:
    """What a schematic map of a plan shows; sites without coordinates are left out and counted."""

    points: tuple[Point, ...]
    legs: tuple[Leg, ...]
    without_point: int


def newest_plans(work: Work, *, request_id: UUID) -> list[PlanRow]:
    """Return the plans on offer of a request (or the approved one), of the newest version, in their fixed order."""
    rows = plans_of(work, request_id=request_id, states=OFFERED)
    newest = [row for row in rows if row.version == rows[0].version] if rows else []
    return sorted(newest, key=lambda row: ORDER.index(row.alternative))


def sketch(work: Work, *, plan_id: UUID) -> Sketch:
    """Return senders, receivers and other stockpiles of a plan with their coordinates.

    Raises
    ------
    NotFound
    """
    plan = work.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(kind="plan", key=str(plan_id))
    problem: dict[str, Any] = json.loads(zlib.decompress(work.session.get_one(Problem, plan.problem_sha256).body))
    body: dict[str, Any] = json.loads(zlib.decompress(plan.body))
    legs = sorted({(one["from"], one["to"], one["mode"]) for one in body["consignments"]})
    sends = {origin for origin, _, _ in legs}
    receives = {demand["place"] for demand in problem["demands"]}
    names = _names(work, [UUID(place["id"]) for place in problem["places"]])
    cut = _cut(work, plan.request_id)
    placed = [place for place in problem["places"] if place.get("lat") is not None]
    return Sketch(
        points=tuple(
            Point(
                UUID(place["id"]), names[UUID(place["id"])], place["lat"], place["lon"],
                place["id"] in sends, place["id"] in receives, UUID(place["id"]) in cut,
            )
            for place in placed
        ),
        legs=tuple(Leg(UUID(origin), UUID(target), mode) for origin, target, mode in legs),
        without_point=len(problem["places"]) - len(placed),
    )  # fmt: skip


def _names(work: Work, ids: Sequence[UUID]) -> dict[UUID, Name]:
    rows = work.connection.execute(select(Site.id, Site.name_zh, Site.name_en).where(Site.id.in_(ids)))
    return {row.id: Name(row.name_zh, row.name_en) for row in rows}


def _cut(work: Work, request_id: UUID) -> set[UUID]:
    """Return the sites of the request's incident whose road is reported cut."""
    return set(
        work.connection.scalars(
            select(IncidentSite.site_id)
            .join(Request, Request.incident_id == IncidentSite.incident_id)
            .where(Request.id == request_id, IncidentSite.cut_road)
        )
    )
