"""Receiving a consignment: good, damaged, short and surplus goods; what is unresolved stays visibly in transit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import func, select

from inventory.core.errors import NotFound, StalePage, WrongState
from inventory.core.work import Work
from inventory.dispatch import rules
from inventory.dispatch.rules import Received
from inventory.dispatch.settling import settle_order, settle_shipment
from inventory.ledger.commands import open_discrepancy, open_place
from inventory.ledger.posting import post, virtual_place
from inventory.ledger.rules import Line
from inventory.models import (
    Balance,
    Custody,
    Discrepancy,
    DispatchOrder,
    Incident,
    Movement,
    OrderLine,
    Place,
    RequestLine,
    Shipment,
)
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import At, FourEyes
from inventory.people.signing_off import capacity_of, sign_off


def receive_shipment(
    work: Work,
    *,
    id: UUID,
    shipment_id: UUID,
    seen: UUID,
    lines: Sequence[Received],
    final: bool = True,
    note: str = "",
    override_reason: str | None = None,
    arrived_at: dt.datetime | None = None,
) -> Done:
    """Sign for a consignment: what came good or damaged goes to the receiver, what is short stays in transit.

    Parameters
    ----------
    lines
        By order line and lot, base units. More than was sent is a surplus: it comes from lost and found and is
        recorded as such.
    final
        Whether the receiver has seen everything; then what did not come becomes a discrepancy that waits for somebody.
    arrived_at
        When it arrived, where another paper says so; by default now.

    Raises
    ------
    NotPermitted, NotFound, StalePage, WrongState, FourEyes, BadReceipt, NotOnThisOrder
    """
    shipment = work.session.get(Shipment, shipment_id)
    order = work.session.get(DispatchOrder, shipment.order_id) if shipment else None
    asked = {
        "shipment": shipment_id,
        "lines": [asdict(line) for line in lines],
        "final": final,
        "note": note,
        "override_reason": override_reason,
        **({} if arrived_at is None else {"arrived_at": arrived_at}),
    }
    at = At(site_id=order.to_site_id) if order else At()
    deed = begin(work, id=id, kind="receive_shipment", asked=asked, at=at)
    if deed.done:
        return deed.done
    if shipment is None or order is None:
        raise NotFound(kind="shipment", key=str(shipment_id))
    if shipment.changed_by_id != seen:
        raise StalePage(kind="shipment", key=shipment.number)
    if shipment.state not in {"in_transit", "arrived", "rerouted"}:
        raise WrongState(kind="shipment", key=shipment.number, state=shipment.state, wanted="handed_over")
    rules.check_received(lines, order=order.number)
    _other_hands(work, order.id, override_reason)
    sent = in_transit(work, shipment_id)
    if any((line.order_line_id, line.lot_id) not in sent for line in lines):
        raise rules.NotOnThisOrder(order=order.number)
    good_place, damaged_place = _destinations(work, deed, order)
    posted = _post_received(work, deed, shipment_id, lines, sent, good_place, damaged_place)
    short = _note_short(work, deed, shipment_id, lines, sent) if final else 0
    sign_off(work, deed=deed, document_id=shipment_id, capacity="receiver", override_reason=override_reason)
    shipment.state = "handed_over" if final and not short else "arrived"
    shipment.arrived_at = shipment.arrived_at or arrived_at or work.now
    shipment.changed_by_id = deed.id
    settle_order(work, deed=deed, order=order)
    outcome = {"received": posted, "short": short, "state": shipment.state}
    return finish(work, deed, outcome=outcome, subject_id=shipment_id, incident_id=order.incident_id)


def _other_hands(work: Work, order_id: UUID, override_reason: str | None) -> None:
    """The receiver is never the shipper: nobody who picked or checked the order signs for it."""
    if work.actor.account_id is None or override_reason:
        return
    role = capacity_of(work, document_id=order_id, account_id=work.actor.account_id)
    if role is not None:
        raise FourEyes(role="receiver", other_role=role)


def in_transit(work: Work, shipment_id: UUID) -> dict[tuple[UUID, UUID], int]:
    """Return what a consignment still carries by (order line, lot), in base units."""
    carried: dict[tuple[UUID, UUID], int] = {}
    rows = work.connection.execute(
        select(Movement.order_line_id, Movement.lot_id, Movement.to_place_id, func.sum(Movement.quantity))
        .where((Movement.to_place_id == shipment_id) | (Movement.from_place_id == shipment_id))
        .where(Movement.order_line_id.is_not(None))
        .where(Movement.lot_id.in_(select(Balance.lot_id).where(Balance.place_id == shipment_id)))
        .group_by(Movement.order_line_id, Movement.lot_id, Movement.to_place_id)
    )
    for line_id, lot_id, to_place, quantity in rows:
        if line_id is not None:
            signed = int(quantity) if to_place == shipment_id else -int(quantity)
            carried[line_id, lot_id] = carried.get((line_id, lot_id), 0) + signed
    return carried


def _destinations(work: Work, deed: Deed, order: DispatchOrder) -> tuple[UUID, UUID]:
    """Return where good and damaged goods go: the receiver's custody, or a bin and the quarantine of the site."""
    if order.incident_id is not None:
        custody = custody_of(work, deed, order)
        return custody, custody
    return shelves_of(work, deed, order.to_site_id)


def shelves_of(work: Work, deed: Deed, site_id: UUID) -> tuple[UUID, UUID]:
    """Return the first bin and the quarantine of a site; opens them where there are none."""
    places: dict[str, UUID] = {}
    rows = work.connection.execute(
        select(Place.kind, Place.id)
        .where(Place.site_id == site_id, Place.open, Place.kind.in_(("bin", "quarantine")))
        .order_by(Place.code)
    )
    for kind, place_id in rows:
        places.setdefault(kind, place_id)
    for kind in ("bin", "quarantine"):
        if kind not in places:
            places[kind] = open_place(
                work,
                deed=deed,
                id=work.env.new_id(),
                kind=kind,
                code=f"{kind.upper()}-1",
                site_id=site_id,
            )
    return places["bin"], places["quarantine"]


def custody_of(work: Work, deed: Deed, order: DispatchOrder) -> UUID:
    """Return the custody of an order's receiver in its incident; the first receipt opens it."""
    found = work.session.scalar(
        select(Custody.id).where(
            Custody.incident_id == order.incident_id,
            Custody.holder_id == order.receiver_id,
            Custody.site_id == order.to_site_id,
        )
    )
    if found is not None:
        return found
    custody_id = open_place(work, deed=deed, id=work.env.new_id(), kind="custody", code=f"custody {order.number}"[:40])
    work.session.flush()
    work.session.add(
        Custody(
            id=custody_id,
            incident_id=order.incident_id,
            holder_id=order.receiver_id,
            site_id=order.to_site_id,
            contact=order.contact[:60],
            changed_by_id=deed.id,
        )
    )
    work.session.flush()
    return custody_id


def _post_received(
    work: Work,
    deed: Deed,
    shipment_id: UUID,
    lines: Sequence[Received],
    sent: Mapping[tuple[UUID, UUID], int],
    good_place: UUID,
    damaged_place: UUID,
) -> int:
    posted: list[Line] = []
    total = 0
    lost_found = virtual_place(work, "lost_found")
    for line in lines:
        left = sent[line.order_line_id, line.lot_id]
        for quantity, place_id, reason in (
            (line.good, good_place, "deliver"),
            (line.damaged, damaged_place, "damaged"),
        ):
            own = min(quantity, left)
            left -= own
            if own:
                posted.append(Line(line.lot_id, shipment_id, place_id, own, reason, order_line_id=line.order_line_id))
                work.session.get_one(OrderLine, line.order_line_id).received += own
            if quantity > own:
                posted.append(Line(line.lot_id, lost_found, place_id, quantity - own, "over"))
                open_difference(work, deed, "over", line.lot_id, place_id, quantity - own, line.note)
            total += quantity
        if line.damaged:
            open_difference(work, deed, "damaged", line.lot_id, damaged_place, line.damaged, line.note)
    if posted:
        post(work, deed=deed, lines=posted)
    return total


def _note_short(
    work: Work,
    deed: Deed,
    shipment_id: UUID,
    lines: Sequence[Received],
    sent: Mapping[tuple[UUID, UUID], int],
) -> int:
    """Open a discrepancy for what did not come, one a lot; it stays in transit."""
    came: dict[tuple[UUID, UUID], int] = {}
    notes: dict[UUID, str] = {}
    for line in lines:
        key = (line.order_line_id, line.lot_id)
        came[key] = came.get(key, 0) + line.good + line.damaged
        notes[line.lot_id] = line.note
    missing: dict[UUID, int] = {}
    for key, quantity in sent.items():
        short = quantity - min(quantity, came.get(key, 0))
        if short:
            missing[key[1]] = missing.get(key[1], 0) + short
    for lot_id, quantity in missing.items():
        open_difference(work, deed, "short", lot_id, shipment_id, quantity, notes.get(lot_id, ""))
    return sum(missing.values())


def open_difference(work: Work, deed: Deed, kind: str, lot_id: UUID, place_id: UUID, quantity: int, note: str) -> None:
    """Open a discrepancy of a deed, or add to the one it has opened already."""
    # The same on every node: made from what caused it.
    key = uuid.uuid5(deed.id, f"{lot_id}/{place_id}/{kind}")
    before = work.session.get(Discrepancy, key)
    if before is not None:
        before.quantity += quantity
        return
    open_discrepancy(
        work,
        deed=deed,
        id=key,
        kind=kind,
        lot_id=lot_id,
        place_id=place_id,
        quantity=quantity,
        note=note[:200],
    )


def resolve_discrepancy(work: Work, *, id: UUID, discrepancy_id: UUID, how: str, note: str) -> Done:
    """Settle a discrepancy: short goods are found (to the receiver) or lost (written off); others are acknowledged.

    What was lost is open again in its request while the incident is active, so that plans for it can be proposed.

    Parameters
    ----------
    how
        "found", "lost" or "noted" (damaged and surplus goods, which have been booked already).

    Raises
    ------
    NotPermitted, NotFound, WrongState
    """
    row = work.session.get(Discrepancy, discrepancy_id)
    shipment = work.session.get(Shipment, row.place_id) if row else None
    order = work.session.get(DispatchOrder, shipment.order_id) if shipment else None
    at = At(site_id=order.from_site_id) if order else At()
    asked = {"discrepancy": discrepancy_id, "how": how, "note": note}
    deed = begin(work, id=id, kind="resolve_discrepancy", asked=asked, at=at)
    if deed.done:
        return deed.done
    if row is None:
        raise NotFound(kind="discrepancy", key=str(discrepancy_id))
    if row.resolved_by_id is not None:
        raise WrongState(kind="discrepancy", key=row.kind, state="resolved", wanted=how)
    if (row.kind == "short") != (how in {"found", "lost"}) or how not in {"found", "lost", "noted"}:
        raise WrongState(kind="discrepancy", key=row.kind, state="open", wanted=how)
    reopened = 0
    if shipment is not None and order is not None and row.kind == "short":
        reopened = _post_resolution(work, deed, row, shipment, order, how)
    row.resolved_by_id = deed.id
    work.session.flush()
    if shipment is not None and order is not None:
        settle_shipment(work, deed=deed, shipment=shipment)
        settle_order(work, deed=deed, order=order)
    return finish(
        work,
        deed,
        outcome={"how": how, "quantity": row.quantity, "reopened": reopened},
        subject_id=shipment.id if shipment else row.place_id,
        incident_id=order.incident_id if order else None,
    )


def _post_resolution(
    work: Work, deed: Deed, row: Discrepancy, shipment: Shipment, order: DispatchOrder, how: str
) -> int:
    """Move what was short on, and return how many base units of its request are open again."""
    incident = work.session.get(Incident, order.incident_id) if order.incident_id else None
    reopens = how == "lost" and incident is not None and incident.state == "active"
    reopened = 0
    target = virtual_place(work, "lost_found")
    if how == "found":
        target, _ = _destinations(work, deed, order)
    left, lines = row.quantity, []
    for (line_id, lot_id), carried in in_transit(work, shipment.id).items():
        quantity = min(left, carried) if lot_id == row.lot_id else 0
        if quantity:
            reason = "deliver" if how == "found" else "lost"
            lines.append(Line(lot_id, shipment.id, target, quantity, reason, order_line_id=line_id))
            left -= quantity
            order_line = work.session.get_one(OrderLine, line_id)
            if how == "found":
                order_line.received += quantity
            elif reopens and order_line.request_line_id is not None:
                asked = work.session.get_one(RequestLine, order_line.request_line_id)
                asked.ordered -= quantity
                asked.changed_by_id = deed.id
                reopened += quantity
    post(work, deed=deed, lines=lines)
    return reopened
