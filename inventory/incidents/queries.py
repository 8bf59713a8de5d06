"""Reading incidents, their places, their requests, and what the norms would ask for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from inventory.core.errors import Name, NotFound
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.incidents import rules
from inventory.incidents.rules import Affected, Need, NormFigure
from inventory.models import (
    Balance,
    Custody,
    DispatchOrder,
    Division,
    Incident,
    IncidentSite,
    Item,
    Norm,
    Organisation,
    Place,
    Request,
    RequestLine,
    Shipment,
    Site,
)

OPEN_REQUEST_STATES = ("draft", "submitted", "returned", "approved", "in_fulfilment")


@dataclass(frozen=True)
class AffectedSite:
    """A site of an incident with its name."""

    site_id: UUID
    name: Name
    people: int
    households: int
    cut_network: bool
    cut_power: bool
    cut_road: bool


@dataclass(frozen=True)
class IncidentRow:
    """An incident as lists and heads show it. `level` 1 is the highest."""

    id: UUID
    number: str
    name: Name
    hazard: str
    level: int
    state: str
    drill: bool
    demo: bool
    began_at: dt.datetime
    division: Name
    division_id: UUID
    note: str
    people: int
    sites: tuple[AffectedSite, ...]
    seen: UUID


@dataclass(frozen=True)
class RequestLineRow:
    """A line of a request with what became of it, in base units."""

    id: UUID
    item_id: UUID
    item: Name
    item_code: str
    unit: str
    site_id: UUID
    site: Name
    quantity: int
    priority: int
    deadline_at: dt.datetime | None
    approved: int
    ordered: int
    cancelled: int
    outcome: str | None
    basis: dict[str, Any]


@dataclass(frozen=True)
class RequestRow:
    """A request as lists and heads show it."""

    id: UUID
    number: str
    kind: str
    state: str
    incident_id: UUID | None
    incident: Name | None
    asker: Name
    asked: Name
    deliver_site_id: UUID
    deliver_site: Name
    days: int
    needed_by: dt.datetime | None
    note: str
    line_count: int
    seen: UUID


@dataclass(frozen=True)
class ProposedNeed:
    """A need that a norm proposes, with its item's names and what the asked place itself has free."""

    need: Need
    item: Name
    item_code: str
    unit: str
    site: Name


def incidents(
    work: Work, *, states: Sequence[str] = (), search: str = "", limit: int = 100, offset: int = 0
) -> list[IncidentRow]:
    """Return incidents, newest first."""
    query = (
        select(Incident, Division.name_zh, Division.name_en)
        .join(Division, Division.id == Incident.division_id)
        .order_by(Incident.began_at.desc(), Incident.id)
        .limit(limit)
        .offset(offset)
    )
    if states:
        query = query.where(Incident.state.in_(states))
    if search:
        query = query.where(Incident.name_zh.contains(search) | Incident.number.contains(search))
    rows = work.session.execute(query).all()
    sites = _sites_of(work, [row[0].id for row in rows])
    return [_incident(row[0], Name(row[1], row[2]), sites.get(row[0].id, ())) for row in rows]


def incident(work: Work, *, incident_id: UUID) -> IncidentRow:
    """Return one incident.

    Raises
    ------
    NotFound
    """
    row = work.session.execute(
        select(Incident, Division.name_zh, Division.name_en)
        .join(Division, Division.id == Incident.division_id)
        .where(Incident.id == incident_id)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="incident", key=str(incident_id))
    return _incident(row[0], Name(row[1], row[2]), _sites_of(work, [incident_id]).get(incident_id, ()))


def _incident(row: Incident, division: Name, sites: tuple[AffectedSite, ...]) -> IncidentRow:
    return IncidentRow(
        id=row.id,
        number=row.number,
        name=Name(row.name_zh, row.name_en),
        hazard=row.hazard,
        level=row.level,
        state=row.state,
        drill=row.drill,
        demo=row.demo,
        began_at=row.began_at,
        division=division,
        division_id=row.division_id,
        note=row.note,
        people=sum(site.people for site in sites),
        sites=sites,
        seen=row.changed_by_id,
    )


def _sites_of(work: Work, ids: Sequence[UUID]) -> dict[UUID, tuple[AffectedSite, ...]]:
    found: dict[UUID, list[AffectedSite]] = {}
    rows = work.session.execute(
        select(IncidentSite, Site.name_zh, Site.name_en)
        .join(Site, Site.id == IncidentSite.site_id)
        .where(IncidentSite.incident_id.in_(ids))
        .order_by(IncidentSite.people.desc(), Site.code)
    )
    for place, name_zh, name_en in rows:
        found.setdefault(place.incident_id, []).append(
            AffectedSite(
                site_id=place.site_id,
                name=Name(name_zh, name_en),
                people=place.people,
                households=place.households,
                cut_network=place.cut_network,
                cut_power=place.cut_power,
                cut_road=place.cut_road,
            )
        )
    return {key: tuple(value) for key, value in found.items()}


def norm_figures(work: Work) -> list[NormFigure]:
    """Return the active needs norms."""
    rows = work.session.scalars(select(Norm).where(Norm.active).order_by(Norm.code))
    return [
        NormFigure(
            code=row.code,
            item_id=row.item_id,
            quantity_milli=row.quantity_milli,
            per_persons=row.per_persons,
            period=row.period,
            season=row.season,
            hazard=row.hazard,
            priority=row.priority,
            basis=Name(row.basis_zh, row.basis_en),
            source=row.source,
            confidence=row.confidence,
        )
        for row in rows
    ]


def proposed_needs(
    work: Work, *, affected: Sequence[Affected], hazard: str, days: int, on: dt.date | None = None
) -> list[ProposedNeed]:
    """Return what the norms ask for at the affected sites: people x days x hazard, each with its source.

    Raises
    ------
    BadPeriod, NoPeople
    """
    found = rules.needs(
        norm_figures(work), affected, days=days, hazard=hazard, on=on or work.now.astimezone(HOME_ZONE).date()
    )
    items = {
        row.id: row for row in work.session.scalars(select(Item).where(Item.id.in_({need.item_id for need in found})))
    }
    sites = {
        row.id: row for row in work.session.scalars(select(Site).where(Site.id.in_({need.site_id for need in found})))
    }
    return [
        ProposedNeed(
            need=need,
            item=Name(items[need.item_id].name_zh, items[need.item_id].name_en),
            item_code=items[need.item_id].code,
            unit=items[need.item_id].unit,
            site=Name(sites[need.site_id].name_zh, sites[need.site_id].name_en),
        )
        for need in found
    ]


def requests(
    work: Work,
    *,
    incident_id: UUID | None = None,
    states: Sequence[str] = (),
    limit: int = 100,
    offset: int = 0,
) -> list[RequestRow]:
    """Return requests, newest first."""
    query = _request_query().order_by(Request.id.desc()).limit(limit).offset(offset)
    if incident_id is not None:
        query = query.where(Request.incident_id == incident_id)
    if states:
        query = query.where(Request.state.in_(states))
    return [_request(row) for row in work.session.execute(query)]


def request(work: Work, *, request_id: UUID) -> RequestRow:
    """Return one request.

    Raises
    ------
    NotFound
    """
    row = work.session.execute(_request_query().where(Request.id == request_id)).one_or_none()
    if row is None:
        raise NotFound(kind="request", key=str(request_id))
    return _request(row)


def _request_query() -> Any:
    asker, asked = Organisation.__table__.alias("asker"), Organisation.__table__.alias("asked")
    count = (
        select(func.count())
        .select_from(RequestLine)
        .where(RequestLine.request_id == Request.id)
        .correlate(Request)
        .scalar_subquery()
    )
    return (
        select(
            Request,
            asker.c.name_zh.label("asker_zh"),
            asker.c.name_en.label("asker_en"),
            asked.c.name_zh.label("asked_zh"),
            asked.c.name_en.label("asked_en"),
            Site.name_zh.label("site_zh"),
            Site.name_en.label("site_en"),
            Incident.name_zh.label("incident_zh"),
            Incident.name_en.label("incident_en"),
            count.label("line_count"),
        )
        .join(asker, asker.c.id == Request.asker_id)
        .join(asked, asked.c.id == Request.asked_id)
        .join(Site, Site.id == Request.deliver_site_id)
        .outerjoin(Incident, Incident.id == Request.incident_id)
    )


def _request(row: Any) -> RequestRow:
    one: Request = row[0]
    return RequestRow(
        id=one.id,
        number=one.number,
        kind=one.kind,
        state=one.state,
        incident_id=one.incident_id,
        incident=Name(row.incident_zh, row.incident_en) if row.incident_zh else None,
        asker=Name(row.asker_zh, row.asker_en),
        asked=Name(row.asked_zh, row.asked_en),
        deliver_site_id=one.deliver_site_id,
        deliver_site=Name(row.site_zh, row.site_en),
        days=one.days,
        needed_by=one.needed_by,
        note=one.note,
        line_count=row.line_count,
        seen=one.changed_by_id,
    )


def request_lines(work: Work, *, request_id: UUID) -> list[RequestLineRow]:
    """Return the lines of a request in their order."""
    rows = work.session.execute(
        select(RequestLine, Item.id, Item.name_zh, Item.name_en, Item.code, Item.unit, Site.name_zh, Site.name_en)
        .join(Item, Item.id == RequestLine.item_id)
        .join(Site, Site.id == RequestLine.site_id)
        .where(RequestLine.request_id == request_id)
        .order_by(RequestLine.position)
    )
    return [
        RequestLineRow(
            id=line.id,
            item_id=item_id,
            item=Name(item_zh, item_en),
            item_code=code,
            unit=unit,
            site_id=line.site_id,
            site=Name(site_zh, site_en),
            quantity=line.quantity,
            priority=line.priority,
            deadline_at=line.deadline_at,
            approved=line.approved,
            ordered=line.ordered,
            cancelled=line.cancelled,
            outcome=line.outcome,
            basis=json.loads(line.basis),
        )
        for line, item_id, item_zh, item_en, code, unit, site_zh, site_en in rows
    ]


def outstanding(work: Work, *, incident_id: UUID) -> tuple[int, int]:
    """Return how many shipments of an incident are on the way, and how many base units are in custody."""
    on_the_way = work.session.scalar(
        select(func.count())
        .select_from(Shipment)
        .join(DispatchOrder, DispatchOrder.id == Shipment.order_id)
        .where(
            DispatchOrder.incident_id == incident_id,
            Shipment.state.not_in(("handed_over", "returned", "lost")),
        )
    )
    in_custody = work.session.scalar(
        select(func.coalesce(func.sum(Balance.quantity), 0))
        .join(Place, Place.id == Balance.place_id)
        .join(Custody, Custody.id == Place.id)
        .where(Custody.incident_id == incident_id)
    )
    return on_the_way or 0, in_custody or 0


def incident_count(work: Work, *, states: Sequence[str] = (), search: str = "") -> int:
    """Return how many incidents the same filters of `incidents` find."""
    query = select(func.count()).select_from(Incident)
    if states:
        query = query.where(Incident.state.in_(states))
    if search:
        query = query.where(Incident.name_zh.contains(search) | Incident.number.contains(search))
    return work.session.scalar(query) or 0
