"""From the database to the papers of requests: resource request, demand report, requirement sheet.

What a request states was frozen when it was submitted; who answered it follows from its orders. The requirement sheet
tells the own stock of the moment: printed again after stock has moved it is another revision.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.dispatch.board import OVER_STATES
from inventory.dispatch.queries import OrderRow, orders
from inventory.documents.data.requests import (
    PRIORITIES,
    DemandLinePaper,
    DemandReportPaper,
    KindPaper,
    RequestLinePaper,
    RequirementLinePaper,
    RequirementPaper,
    RequirementSheetPaper,
    ResourceRequestPaper,
    ResourceStatusPaper,
    ShelteredPaper,
)
from inventory.documents.data.values import NO_NAME, Contact
from inventory.errands.paper_facts import both, named
from inventory.incidents.asking import own_stock
from inventory.incidents.queries import (
    AffectedSite,
    IncidentRow,
    RequestLineRow,
    RequestRow,
    incident,
    request,
    request_lines,
    requests,
)
from inventory.incidents.rules import LEVEL_SIGNS
from inventory.models import Account, DispatchOrder, Item, Journal, OrderLine, Organisation, Request, Shipment, Site
from inventory.people.queries import here
from inventory.places.queries import site as site_view

_EVERY = 1_000_000
_ASKED = ("submit_request", "resubmit_request")
_TAKEN_UP = ("acknowledge_order", "pick_order")
_LEVEL = N_("Response level %(level)s")
_OTHER = {"replenish": N_("Replenishment"), "preposition": N_("Goods sent ahead")}
_CUTS = {"cut_network": N_("network cut"), "cut_power": N_("power cut"), "cut_road": N_("road cut")}


def resource_request_paper(work: Work, request_id: UUID) -> ResourceRequestPaper:
    """Return the data of a resource request (ICS 213RR); cost, substitutes and finance are left to be written in.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    row, lines = request(work, request_id=request_id), request_lines(work, request_id=request_id)
    asked = _entries(work, request_id, _ASKED)
    approved = _entries(work, request_id, ("approve_plan",))
    happened = incident(work, incident_id=row.incident_id) if row.incident_id else None
    answering = [one for one in _orders_of(work, request_id) if one.state not in OVER_STATES]
    senders = _unique([one.from_site_id for one in answering])
    sites = [work.session.get_one(Site, key) for key in senders]
    contacts = [Contact(one.contact, one.phone) for one in sites]
    return ResourceRequestPaper(
        number=row.number,
        revision=1,
        incident=happened.name if happened else both(_OTHER[row.kind]),
        incident_number=happened.number if happened else "",
        requested_at=_last_at(work, request_id, asked),
        lines=_request_lines(work, lines),
        status=tuple(_status(work, one) for one in answering),
        delivery=_place(work, row.deliver_site_id),
        requested_by=row.asker,
        requester=_person(work, asked),
        asked_of=row.asked,
        priority=PRIORITIES[min(line.priority for line in lines)] if lines else None,
        order_numbers=tuple(one.number for one in answering),
        suppliers=tuple(named(one) for one in sites),
        supplier_contacts=tuple(one for one in contacts if one != Contact()),
        notes=row.note,
        approved_by=_person(work, approved).name,
        approved_at=approved[-1].occurred_at if approved else None,
        placed_by=_person(work, approved).name,
        drill=happened.drill if happened else False,
        demo=here(work).demo,
    )


def demand_report_paper(work: Work, request_id: UUID) -> DemandReportPaper:
    """Return the data of a demand report: the six facts of rule P07 as they were stated when it was submitted.

    What a person corrected upwards counts as needed; what was asked for below the norm leaves the norm's figure as the
    need. Own stock that was not stated is left to be written in.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    row, lines = request(work, request_id=request_id), request_lines(work, request_id=request_id)
    kept = work.session.get_one(Request, request_id)
    asked = _entries(work, request_id, _ASKED)
    happened = incident(work, incident_id=row.incident_id) if row.incident_id else None
    return DemandReportPaper(
        number=row.number,
        revision=1,
        applicant=row.asker,
        asked_of=row.asked,
        disaster=happened.name if happened else both(_OTHER[row.kind]),
        incident_number=happened.number if happened else "",
        reported_at=_last_at(work, request_id, asked),
        lines=_demand_lines(work, lines, json.loads(kept.own_total), json.loads(kept.own_used)),
        began_at=happened.began_at if happened else None,
        disaster_place=happened.division if happened else NO_NAME,
        disaster_kind=_hazard(work, happened) if happened else NO_NAME,
        level=both(_LEVEL, level=LEVEL_SIGNS[happened.level]) if happened else NO_NAME,
        sheltered=_sheltered(happened, lines) if happened else (),
        days=row.days,
        delivery=_place(work, row.deliver_site_id),
        contact=_person(work, asked),
        needed_by=row.needed_by,
        reason=row.note,
        reporter=_person(work, asked).name,
        drill=happened.drill if happened else False,
        demo=here(work).demo,
    )


def _demand_lines(
    work: Work, lines: Sequence[RequestLineRow], own_total: dict[str, int], own_used: dict[str, int]
) -> tuple[DemandLinePaper, ...]:
    """Return one line per item, however many places of the request need it: own stock is stated by item."""
    units = term_names(work, kind="unit")
    by_item: dict[str, list[RequestLineRow]] = {}
    for line in lines:
        by_item.setdefault(line.item_code, []).append(line)
    return tuple(
        DemandLinePaper(
            code=code,
            name=rows[0].item,
            unit=units.get(rows[0].unit, Name(rows[0].unit)),
            needed=sum(max(row.quantity, _proposed(row)) for row in rows),
            quantity=sum(row.quantity for row in rows),
            own_total=own_total.get(code),
            own_used=own_used.get(code),
        )
        for code, rows in by_item.items()
    )


def _proposed(line: RequestLineRow) -> int:
    """Return what the norm proposed for a line, 0 where a person added it."""
    return int(line.basis.get("proposed") or 0)


def _sheltered(happened: IncidentRow, lines: Sequence[RequestLineRow]) -> tuple[ShelteredPaper, ...]:
    """Return the places of the request with their people; those of the incident where none of them is among them."""
    wanted = {line.site_id for line in lines}
    places = [place for place in happened.sites if place.site_id in wanted] or list(happened.sites)
    return tuple(ShelteredPaper(place.name, place.people, place.households or None) for place in places)


def _request_lines(work: Work, lines: Sequence[RequestLineRow]) -> tuple[RequestLinePaper, ...]:
    units, domains = term_names(work, kind="unit"), term_names(work, kind="domain")
    found = []
    for line in lines:
        item = work.session.get_one(Item, line.item_id)
        found.append(
            RequestLinePaper(
                quantity=line.quantity,
                unit=units.get(line.unit, Name(line.unit)),
                name=line.item,
                resource_kind=domains.get(item.domain, Name(item.domain)),
                specification=Name(line.item_code),
                arrive_by=line.deadline_at,
            )
        )
    return tuple(found)


def _status(work: Work, order: OrderRow) -> ResourceStatusPaper:
    """Return who took an order up, and when its first consignment left for whom."""
    taken = _entries(work, order.id, _TAKEN_UP)[:1]
    left = work.connection.execute(
        select(func.min(Shipment.departed_at)).where(Shipment.order_id == order.id)
    ).scalar_one_or_none()
    return ResourceStatusPaper(
        received_by=_person(work, taken).name,
        received_at=taken[0].occurred_at if taken else None,
        assigned_to=order.from_site,
        released_to=order.receiver if left else NO_NAME,
        released_at=left,
    )


def requirement_sheet_paper(work: Work, incident_id: UUID) -> RequirementSheetPaper:
    """Return the data of the requirement sheet (ICS 215) of an incident: its requests against own stock and orders.

    Required is what was asked for and not cancelled. Have is what is ordered for it (of a delivered order: what came)
    and what the place's own town holds free and usable; the stock of a town is counted once, the most urgent first.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    row = incident(work, incident_id=incident_id)
    valid = [
        one
        for one in reversed(requests(work, incident_id=incident_id, limit=_EVERY))
        if one.state not in ("draft", "rejected", "cancelled")
    ]
    lines = [line for one in valid for line in request_lines(work, request_id=one.id) if line.quantity > line.cancelled]
    units = term_names(work, kind="unit")
    kinds = {
        line.item_code: KindPaper(line.item_code, line.item, units.get(line.unit, Name(line.unit))) for line in lines
    }
    asked = sorted(
        (entry for one in valid for entry in _entries(work, one.id, _ASKED)),
        key=lambda one: (one.occurred_at, one.clock),
    )
    return RequirementSheetPaper(
        number=row.number,
        revision=1,
        incident=row.name,
        kinds=tuple(kinds[code] for code in sorted(kinds)),
        lines=_assignments(work, row, valid, lines),
        incident_number=row.number,
        period_from=asked[0].occurred_at if asked else None,
        period_until=_period_end(work, valid),
        prepared_by=_person(work, asked).name,
        prepared_at=asked[-1].occurred_at if asked else None,
        drill=row.drill,
        demo=here(work).demo,
    )


def _period_end(work: Work, valid: Sequence[RequestRow]) -> dt.datetime | None:
    """Return until when the requests want people supplied: their last day."""
    ends = [_last_at(work, one.id, _entries(work, one.id, _ASKED)) + dt.timedelta(days=one.days) for one in valid]
    return max(ends, default=None)


@dataclass
class _Cell:
    """What one place requires of an item, what is arranged for it, and its own part of the town's stock."""

    required: int = 0
    arranged: int = 0
    own: int = 0


@dataclass
class _Assignment:
    """One place of the sheet."""

    site_id: UUID
    days: int = 0
    arrive_at: dt.datetime | None = None
    cells: dict[str, _Cell] = field(default_factory=dict)


def _assignments(
    work: Work, row: IncidentRow, valid: Sequence[RequestRow], lines: Sequence[RequestLineRow]
) -> tuple[RequirementLinePaper, ...]:
    arranged = _arranged(work, [line.id for line in lines])
    days = {one.deliver_site_id: one.days for one in valid}
    longest = max((one.days for one in valid), default=0)
    found: dict[UUID, _Assignment] = {}
    towns: dict[UUID, dict[UUID, int]] = {}
    items = {line.item_id for line in lines}
    for line in sorted(lines, key=lambda one: (one.priority, one.deadline_at is None, one.deadline_at, one.item_code)):
        one = found.setdefault(line.site_id, _Assignment(line.site_id, days.get(line.site_id, longest)))
        cell = one.cells.setdefault(line.item_code, _Cell())
        wanted = line.quantity - line.cancelled
        ordered = min(wanted, arranged.get(line.id, 0))
        where = site_view(work, site_id=line.site_id)
        town = where.town_id or line.site_id
        if town not in towns:
            towns[town] = own_stock(work, site_id=line.site_id, item_ids=items)
        own = min(wanted - ordered, towns[town].get(line.item_id, 0))
        towns[town][line.item_id] = towns[town].get(line.item_id, 0) - own
        cell.required, cell.arranged, cell.own = cell.required + wanted, cell.arranged + ordered, cell.own + own
        if line.deadline_at and (one.arrive_at is None or line.deadline_at < one.arrive_at):
            one.arrive_at = line.deadline_at
    affected = {place.site_id: place for place in row.sites}
    return tuple(_requirement_line(work, one, affected.get(one.site_id)) for one in found.values())


def _requirement_line(work: Work, one: _Assignment, place: AffectedSite | None) -> RequirementLinePaper:
    where = site_view(work, site_id=one.site_id)
    return RequirementLinePaper(
        branch=where.town or where.division,
        division=where.name,
        assignment=_assignment_text(place, one.days),
        amounts=tuple(
            RequirementPaper(code, cell.required, cell.arranged + cell.own) for code, cell in sorted(one.cells.items())
        ),
        reporting_location=Name(where.address),
        arrive_at=one.arrive_at,
    )


def _assignment_text(place: AffectedSite | None, days: int) -> Name:
    """Return whom the supplies are for, how long, and which roads and networks are cut there."""
    if place is None:
        return both(N_("Supply for %(days)s days"), days=days)
    text = both(N_("Supply %(people)s people for %(days)s days"), people=place.people, days=days)
    cuts = [both(words) for key, words in _CUTS.items() if getattr(place, key)]
    separator = both(N_("; "))
    chinese = separator.zh.join([text.zh, *(cut.zh for cut in cuts)])
    return Name(chinese, (separator.en or "").join([text.en or "", *(cut.en or "" for cut in cuts)]))


def _arranged(work: Work, line_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return what is ordered for request lines, base units; of a delivered order what came."""
    over = DispatchOrder.state.in_(("delivered", "closed"))
    rows = work.connection.execute(
        select(
            OrderLine.request_line_id,
            func.sum(case((over, OrderLine.received), else_=OrderLine.quantity - OrderLine.closed_short)),
        )
        .join(DispatchOrder, DispatchOrder.id == OrderLine.order_id)
        .where(DispatchOrder.state.not_in(OVER_STATES), OrderLine.request_line_id.in_(line_ids))
        .group_by(OrderLine.request_line_id)
    )
    return {line_id: int(total) for line_id, total in rows if line_id is not None}


def _entries(work: Work, subject_id: UUID, kinds: Sequence[str]) -> list[Any]:
    """Return the entries of some kinds about a document, oldest first."""
    query = select(Journal).where(Journal.subject_id == subject_id, Journal.kind.in_(kinds))
    return list(work.session.scalars(query.order_by(Journal.occurred_at, Journal.clock)))


def _last_at(work: Work, request_id: UUID, asked: Sequence[Any]) -> dt.datetime:
    """Return when a request was last submitted; of one that another node wrote, when its row was."""
    if asked:
        last: dt.datetime = asked[-1].occurred_at
        return last
    row = work.session.get_one(Request, request_id)
    return work.session.get_one(Journal, row.changed_by_id).occurred_at


def _person(work: Work, entries: Sequence[Any]) -> Contact:
    """Return who wrote the last of some entries, with a telephone: their own, else that of their unit."""
    actor = entries[-1].actor_id if entries else None
    account = work.session.get(Account, actor) if actor else None
    if account is None:
        return Contact()
    unit = work.session.get_one(Organisation, account.organisation_id)
    return Contact(account.name_zh, account.phone or unit.phone or "")


def _place(work: Work, site_id: UUID) -> Name:
    """Return a site with its address."""
    row = work.session.get_one(Site, site_id)
    return Name(f"{row.name_zh} {row.address}".strip(), f"{row.name_en} {row.address}".strip() if row.name_en else None)


def _hazard(work: Work, happened: IncidentRow) -> Name:
    return term_names(work, kind="hazard").get(happened.hazard, Name(happened.hazard))


def _orders_of(work: Work, request_id: UUID) -> list[OrderRow]:
    return sorted(orders(work, request_id=request_id, limit=_EVERY), key=lambda one: one.number)


def _unique(keys: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(keys))
