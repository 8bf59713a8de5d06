"""Reading the duty board: what waits for whom until when, and how far the needs of incidents are covered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.dispatch.queries import OrderRow, orders
from inventory.dispatch.tracking import ShipmentRow, discrepancies, shipments
from inventory.models import DispatchOrder as Order
from inventory.models import Incident, OrderLine, Plan, Request, RequestLine, SignOff, Site
from inventory.people.queries import can
from inventory.people.rules import DISTRICT, At
from inventory.stocktaking.queries import CountSummary, open_counts

COMMANDS: dict[str, str] = {
    "plan": "propose_plans",
    "approve": "approve_plan",
    "complete": "submit_request",
    "paper": "approve_plan",
    "pick": "pick_order",
    "check": "check_order",
    "ship": "ship_order",
    "receive": "receive_shipment",
    "resolve": "resolve_discrepancy",
    "count": "submit_count",
    "recount": "recount_line",
    "approve_count": "approve_count",
    "post_count": "post_count",
}
"""Kind of duty -> the command that settles it; its row in the permission table says whose it is."""

FOUR_EYES: frozenset[str] = frozenset({"approve", "check", "recount", "approve_count"})
"""Duties that are nobody's who has handled the document in another capacity."""

_ORDER_DUTY = {"issued": "pick", "acknowledged": "pick", "picking": "pick", "picked": "check", "checked": "ship"}
OVER_STATES: tuple[str, ...] = ("cancelled", "declined", "recalled", "returned", "lost")


@dataclass(frozen=True)
class Duty:
    """One thing that waits for somebody.

    Parameters
    ----------
    kind
        A key of `COMMANDS`.
    subject_id
        The request, order, shipment or count to open; of "resolve" the discrepancy itself.
    number
        The paper number of that document.
    due_at
        By when; None where there is no limit.
    count
        How many there are of what the kind is about: plans, lines, differences, base units.
    mine
        Whether the person who asks may do it there.
    """

    kind: str
    subject_id: UUID
    site_id: UUID | None
    number: str
    incident: Name | None
    origin: Name | None
    target: Name | None
    due_at: dt.datetime | None
    count: int
    phone: str = ""
    incident_id: UUID | None = None
    mine: bool = False


@dataclass(frozen=True)
class Coverage:
    """How far the needs of an incident are covered, in per mille of its lines (each line counts the same).

    `arrived` was signed for, `moving` is on its way, `held` is ordered and stands in store, `open_` is not ordered.
    """

    lines: int
    short_lines: int
    arrived: int
    moving: int
    held: int
    open_: int
    first_due_at: dt.datetime | None


def duties(work: Work, *, moving: Sequence[ShipmentRow] | None = None) -> list[Duty]:
    """Return everything that waits for somebody, the nearest time limit first; `mine` marks what this person may do.

    `moving` are the consignments on their way where the caller has read them already.
    """
    found = [
        *_requests(work),
        *_papers(work),
        *(_of_order(row) for row in orders(work, states=tuple(_ORDER_DUTY), limit=500)),
        *(_of_shipment(row) for row in (shipments(work) if moving is None else moving)),
        *_of_discrepancies(work),
        *(_of_count(row) for row in open_counts(work) if row.state != "planned"),
    ]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(_for_me(work, found), key=lambda duty: (duty.due_at or far, duty.number))


def _for_me(work: Work, found: Sequence[Duty]) -> list[Duty]:
    """Mark what this person may do: the permission at the site of each, and the four-eyes rule."""
    known: dict[tuple[str, UUID | None], bool] = {}
    handled = _handled(work, {duty.subject_id for duty in found if duty.kind in FOUR_EYES})
    marked = []
    for duty in found:
        key = (duty.kind, duty.site_id)
        if key not in known:
            at = At(site_id=duty.site_id) if duty.site_id else DISTRICT
            known[key] = can(work, COMMANDS[duty.kind], at)
        marked.append(replace(duty, mine=known[key] and duty.subject_id not in handled))
    return marked


def _handled(work: Work, documents: Iterable[UUID]) -> set[UUID]:
    """Return those documents that this person has handled already."""
    return set(
        work.connection.scalars(
            select(SignOff.document_id).where(
                SignOff.account_id == work.actor.account_id, SignOff.document_id.in_(list(documents))
            )
        )
    )


def _requests(work: Work) -> list[Duty]:
    """Return the requests that wait for plans, for a decision, or to be completed."""
    plans = (
        select(func.count())
        .select_from(Plan)
        .where(Plan.request_id == Request.id, Plan.state.in_(("proposed", "submitted")))
        .correlate(Request)
        .scalar_subquery()
    )
    deadline = (
        select(func.min(RequestLine.deadline_at))
        .where(RequestLine.request_id == Request.id)
        .correlate(Request)
        .scalar_subquery()
    )
    rows = work.session.execute(
        select(
            Request,
            Site.name_zh,
            Site.name_en,
            Incident.name_zh.label("incident_zh"),
            Incident.name_en.label("incident_en"),
            plans.label("plans"),
            deadline.label("deadline_at"),
        )
        .join(Site, Site.id == Request.deliver_site_id)
        .outerjoin(Incident, Incident.id == Request.incident_id)
        .where(Request.state.in_(("submitted", "returned")))
    )
    found = []
    for row in rows:
        one: Request = row.Request
        kind = "complete" if one.state == "returned" else "approve" if row.plans else "plan"
        found.append(
            Duty(
                kind=kind,
                subject_id=one.id,
                site_id=one.deliver_site_id,
                number=one.number,
                incident=Name(row.incident_zh, row.incident_en) if row.incident_zh else None,
                origin=None,
                target=Name(row.name_zh, row.name_en),
                due_at=row.deadline_at or one.needed_by,
                count=row.plans,
                incident_id=one.incident_id,
            )
        )
    return found


def _papers(work: Work) -> list[Duty]:
    """Return verbal orders whose paper is still due."""
    rows = work.connection.execute(
        select(
            SignOff.document_id,
            SignOff.verbal_by,
            SignOff.paper_due_at,
            Request.number,
            Request.deliver_site_id,
            Incident.name_zh,
            Incident.name_en,
        )
        .join(Request, Request.id == SignOff.document_id)
        .outerjoin(Incident, Incident.id == Request.incident_id)
        .where(SignOff.paper_due_at.is_not(None), SignOff.paper_entry_id.is_(None))
    )
    return [
        Duty(
            kind="paper",
            subject_id=row.document_id,
            site_id=row.deliver_site_id,
            number=row.number,
            incident=Name(row.name_zh, row.name_en) if row.name_zh else None,
            origin=Name(row.verbal_by),
            target=None,
            due_at=row.paper_due_at,
            count=1,
        )
        for row in rows
    ]


def _of_order(row: OrderRow) -> Duty:
    return Duty(
        kind=_ORDER_DUTY[row.state],
        subject_id=row.id,
        site_id=row.from_site_id,
        number=row.number,
        incident=row.incident,
        origin=row.from_site,
        target=row.to_site,
        due_at=row.depart_at,
        count=row.line_count,
    )


def _of_shipment(row: ShipmentRow) -> Duty:
    return Duty(
        kind="receive",
        subject_id=row.id,
        site_id=row.to_site_id,
        number=row.number,
        incident=None,
        origin=row.from_site,
        target=row.to_site,
        due_at=row.eta_at,
        count=row.carried,
        phone=row.phone,
    )


def _of_discrepancies(work: Work) -> list[Duty]:
    return [
        Duty(
            kind="resolve",
            subject_id=row.id,
            site_id=None,
            number=row.order or row.lot,
            incident=None,
            origin=row.item,
            target=None,
            due_at=None,
            count=row.quantity,
        )
        for row in discrepancies(work)
    ]


def _of_count(row: CountSummary) -> Duty:
    kind = {"open": "count", "approved": "post_count"}.get(row.state, "recount" if row.recounts else "approve_count")
    return Duty(
        kind=kind,
        subject_id=row.id,
        site_id=row.site_id,
        number=row.number,
        incident=None,
        origin=None,
        target=row.site,
        due_at=None,
        count=row.recounts if kind == "recount" else row.total - row.counted if kind == "count" else row.total,
    )


def coverage(work: Work, *, incident_ids: Sequence[UUID]) -> dict[UUID, Coverage]:
    """Return how far the needs of incidents are covered; an incident without a request has no entry."""
    over = Order.state.in_(("delivered", "closed"))
    ordered = OrderLine.quantity - OrderLine.closed_short
    sums = (
        select(
            OrderLine.request_line_id,
            func.sum(OrderLine.received).label("received"),
            # What a delivered order did not deliver is open again, however much of it was shipped.
            func.sum(case((over, OrderLine.received), else_=OrderLine.shipped)).label("shipped"),
            func.sum(case((over, OrderLine.received), else_=ordered)).label("ordered"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.state.not_in(OVER_STATES))
        .group_by(OrderLine.request_line_id)
        .subquery()
    )
    rows = work.connection.execute(
        select(
            Request.incident_id,
            RequestLine.quantity,
            RequestLine.cancelled,
            RequestLine.deadline_at,
            sums.c.received,
            sums.c.shipped,
            sums.c.ordered,
        )
        .join(Request, Request.id == RequestLine.request_id)
        .outerjoin(sums, sums.c.request_line_id == RequestLine.id)
        .where(
            Request.incident_id.in_(incident_ids),
            Request.state.not_in(("draft", "rejected", "cancelled")),
            RequestLine.quantity > RequestLine.cancelled,
        )
    )
    by_incident: dict[UUID, list[Any]] = {}
    for row in rows:
        by_incident.setdefault(row.incident_id, []).append(row)
    return {key: _covered(lines) for key, lines in by_incident.items()}


def _covered(lines: Sequence[Any]) -> Coverage:
    """Return the mean over lines of what arrived, moves, is held, and is open; the four make 1,000 together."""
    arrived = moving = held = 0.0
    short = 0
    for row in lines:
        wanted = row.quantity - row.cancelled
        received, shipped, ordered = (min(int(part or 0), wanted) for part in (row.received, row.shipped, row.ordered))
        arrived += received / wanted
        moving += (shipped - received) / wanted
        held += (ordered - shipped) / wanted
        short += ordered < wanted
    parts = [round(1000 * part / len(lines)) for part in (arrived, moving, held)]
    return Coverage(
        lines=len(lines),
        short_lines=short,
        arrived=parts[0],
        moving=parts[1],
        held=parts[2],
        open_=max(0, 1000 - sum(parts)),
        first_due_at=min((row.deadline_at for row in lines if row.deadline_at), default=None),
    )
