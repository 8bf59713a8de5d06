"""Shipping an order: what stands ready leaves on a consignment, and is in transit until somebody signs for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.dispatch import rules
from inventory.dispatch.picking import free_order, holds_of, order_at, step
from inventory.dispatch.rules import Carrier
from inventory.dispatch.settling import settle_order
from inventory.ledger.commands import open_place
from inventory.ledger.posting import post
from inventory.ledger.rules import Line, Piece, usability
from inventory.models import Asset, DispatchOrder, Item, Lot, OrderLine, Shipment
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.numbering import number
from inventory.people.signing_off import sign_off


def ship_order(
    work: Work,
    *,
    id: UUID,
    order_id: UUID,
    seen: UUID,
    carrier: Carrier,
    eta_at: dt.datetime | None = None,
    override_reason: str | None = None,
) -> Done:
    """Send what stands in the staging area for an order: staging to transit, out of its holds.

    Parameters
    ----------
    carrier
        Vehicle, driver and phone as they are printed on the waybill.
    override_reason
        Lets an order go straight from its bins (not picked or not checked) in an emergency; logged and printed.

    Raises
    ------
    NotPermitted, NotFound, StalePage, WrongState, NothingToShip, NotUsableNow
    """
    order, at = order_at(work, order_id)
    asked = {"order": order_id, "carrier": asdict(carrier), "eta": eta_at, "override_reason": override_reason}
    deed = begin(work, id=id, kind="ship_order", asked=asked, at=at)
    if deed.done:
        return deed.done
    order = step(order, order_id=order_id, to=order.state if override_reason and order else "shipped", seen=seen)
    rows = holds_of(work, order_id, kind=None if override_reason else "staging")
    if not rows:
        raise rules.NothingToShip(order=order.number)
    _check_usable(work, {row.lot_id for row in rows})
    shipment_id, text = _open_shipment(work, deed, order, carrier, eta_at)
    post(
        work,
        deed=deed,
        lines=[
            Line(row.lot_id, row.place_id, shipment_id, row.remaining, "ship", row.id, row.order_line_id)
            for row in rows
        ],
    )
    shipped = 0
    for row in rows:
        line = work.session.get_one(OrderLine, row.order_line_id)
        line.shipped += row.remaining
        shipped += row.remaining
    sign_off(work, deed=deed, document_id=shipment_id, capacity="keeper", override_reason=override_reason)
    order.state, order.changed_by_id = "shipped", deed.id
    return finish(
        work,
        deed,
        outcome={"shipment": shipment_id, "number": text, "shipped": shipped},
        subject_id=order_id,
        incident_id=order.incident_id,
    )


def _open_shipment(
    work: Work, deed: Deed, order: DispatchOrder, carrier: Carrier, eta_at: dt.datetime | None
) -> tuple[UUID, str]:
    """Make the consignment with its transit place; return its id and number."""
    text, _, _ = number(work, "shipment")
    shipment_id = open_place(work, deed=deed, id=work.env.new_id(), kind="transit", code=text)
    work.session.flush()
    work.session.add(
        Shipment(
            id=shipment_id,
            order_id=order.id,
            number=text,
            vehicle_id=carrier.vehicle_id,
            plate=carrier.plate,
            driver=carrier.driver,
            phone=carrier.phone,
            mode=carrier.mode,
            state="in_transit",
            departed_at=work.now,
            eta_at=eta_at or _eta(work, order),
            changed_by_id=deed.id,
        )
    )
    return shipment_id, text


def _eta(work: Work, order: DispatchOrder) -> dt.datetime | None:
    """Return when it should arrive: as long after leaving as the plan said."""
    if order.due_at is None or order.depart_at is None:
        return None
    expected: dt.datetime = work.now + (order.due_at - order.depart_at)
    return expected


def _check_usable(work: Work, lots: set[UUID]) -> None:
    """Refuse to send what has become unusable since it was planned: the one predicate again, now."""
    rows = work.connection.execute(
        select(
            Lot.label,
            Lot.expires_on,
            Lot.blocked,
            Item.name_zh,
            Item.name_en,
            Asset.condition,
            Asset.mobility,
        )
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(Asset, Asset.lot_id == Lot.id)
        .where(Lot.id.in_(lots))
    )
    today = work.now.astimezone(HOME_ZONE).date()
    for row in rows:
        piece = Piece(
            place_kind="bin",
            expires_on=row.expires_on,
            blocked=row.blocked,
            condition=row.condition or "serviceable",
            mobility=row.mobility or "portable",
        )
        reasons = usability(piece, on=today)
        if reasons:
            raise rules.NotUsableNow(item=Name(row.name_zh, row.name_en), lot=row.label, reason=reasons[0])


def close_short(work: Work, *, id: UUID, order_id: UUID, seen: UUID, why: str) -> Done:
    """Close what is not going to be shipped any more, by the sender's approver; the request line is open again."""
    order, at = order_at(work, order_id)
    deed = begin(work, id=id, kind="close_short", asked={"order": order_id, "why": why}, at=at)
    if deed.done:
        return deed.done
    order = step(order, order_id=order_id, to=order.state if order else "shipped", seen=seen)
    given_up = free_order(work, deed=deed, order_id=order_id)
    order.changed_by_id = deed.id
    settle_order(work, deed=deed, order=order)
    return finish(
        work,
        deed,
        outcome={"given_up": given_up, "why": why},
        subject_id=order_id,
        incident_id=order.incident_id,
    )
