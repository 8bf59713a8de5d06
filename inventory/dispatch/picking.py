"""Picking and checking an order: goods go from their bins to the staging area, held all the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound, StalePage, WrongState
from inventory.core.work import Work
from inventory.dispatch import rules
from inventory.dispatch.rules import Pick
from inventory.dispatch.settling import settle_request
from inventory.ledger.commands import open_place
from inventory.ledger.posting import post
from inventory.ledger.rules import Free, Line, NewHold
from inventory.models import DispatchOrder, Hold, Movement, OrderLine, Place, RequestLine, Site
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import At
from inventory.people.signing_off import sign_off


def order_at(work: Work, order_id: UUID, *, receiving: bool = False) -> tuple[DispatchOrder | None, At]:
    """Return an order and where its steps act: at the sender's site, or at the receiver's."""
    order = work.session.get(DispatchOrder, order_id)
    if order is None:
        return None, At()
    return order, At(site_id=order.to_site_id if receiving else order.from_site_id)


def step(order: DispatchOrder | None, *, order_id: UUID, to: str, seen: UUID | None = None) -> DispatchOrder:
    """Return the order if it may go to the state.

    Raises
    ------
    NotFound, StalePage, WrongState
    """
    if order is None:
        raise NotFound(kind="order", key=str(order_id))
    if seen is not None and order.changed_by_id != seen:
        raise StalePage(kind="order", key=order.number)
    if to not in rules.ORDER_STEPS[order.state] and to != order.state:
        raise WrongState(kind="order", key=order.number, state=order.state, wanted=to)
    return order


def acknowledge_order(work: Work, *, id: UUID, order_id: UUID, seen: UUID) -> Done:
    """Say that the warehouse has the order and can execute it."""
    order, at = order_at(work, order_id)
    deed = begin(work, id=id, kind="acknowledge_order", asked={"order": order_id}, at=at)
    if deed.done:
        return deed.done
    order = step(order, order_id=order_id, to="acknowledged", seen=seen)
    order.state, order.changed_by_id = "acknowledged", deed.id
    return finish(work, deed, outcome={"state": order.state}, subject_id=order_id, incident_id=order.incident_id)


def pick_order(
    work: Work,
    *,
    id: UUID,
    order_id: UUID,
    seen: UUID,
    picks: Sequence[Pick] | None = None,
    override_reason: str | None = None,
) -> Done:
    """Take an order's goods from their bins to the staging area of the site.

    Parameters
    ----------
    picks
        What was taken of each hold, in base units; by default everything that is held. What is not taken stays held
        in its bin until it is found, or the commander closes the order short.

    Raises
    ------
    NotPermitted, NotFound, StalePage, WrongState, NotOnThisOrder, NothingToShip, HoldExhausted
    """
    order, at = order_at(work, order_id)
    asked = {
        "order": order_id,
        "picks": None if picks is None else [asdict(pick) for pick in picks],
        "override_reason": override_reason,
    }
    deed = begin(work, id=id, kind="pick_order", asked=asked, at=at)
    if deed.done:
        return deed.done
    order = step(order, order_id=order_id, to="picked", seen=seen)
    held = holds_of(work, order_id, kind="bin")
    taken = picks if picks is not None else [Pick(row.id, row.remaining) for row in held]
    taken = [pick for pick in taken if pick.quantity]
    if not taken:
        raise rules.NothingToShip(order=order.number)
    known = {row.id: row for row in held}
    if any(pick.hold_id not in known for pick in taken):
        raise rules.NotOnThisOrder(order=order.number)
    staging = _staging(work, deed, order.from_site_id)
    lines, holds = [], []
    for pick in taken:
        row = known[pick.hold_id]
        lines.append(Line(row.lot_id, row.place_id, staging, pick.quantity, "pick", pick.hold_id, row.order_line_id))
        holds.append(NewHold(work.env.new_id(), row.lot_id, staging, pick.quantity, row.order_line_id))
    post(work, deed=deed, lines=lines, holds=holds)
    sign_off(work, deed=deed, document_id=order_id, capacity="keeper", override_reason=override_reason)
    order.state, order.changed_by_id = "picked", deed.id
    short = sum(row.remaining for row in held) - sum(pick.quantity for pick in taken)
    return finish(
        work,
        deed,
        outcome={"state": order.state, "left_in_bins": short},
        subject_id=order_id,
        incident_id=order.incident_id,
    )


def check_order(work: Work, *, id: UUID, order_id: UUID, seen: UUID, override_reason: str | None = None) -> Done:
    """Check the picked goods against the order 复核: a second warehouse person.

    Raises
    ------
    FourEyes
        When the person who picked checks, and no override says why.
    """
    order, at = order_at(work, order_id)
    asked = {"order": order_id, "override_reason": override_reason}
    deed = begin(work, id=id, kind="check_order", asked=asked, at=at)
    if deed.done:
        return deed.done
    order = step(order, order_id=order_id, to="checked", seen=seen)
    sign_off(work, deed=deed, document_id=order_id, capacity="checker", override_reason=override_reason)
    order.state, order.changed_by_id = "checked", deed.id
    return finish(work, deed, outcome={"state": order.state}, subject_id=order_id, incident_id=order.incident_id)


def holds_of(work: Work, order_id: UUID, *, kind: str | None = None) -> Sequence[Any]:
    """Return what is still held for an order: id, lot, place, order line, remaining (base units)."""
    query = (
        select(Hold.id, Hold.lot_id, Hold.place_id, Hold.order_line_id, Hold.remaining, Place.kind)
        .join(OrderLine, OrderLine.id == Hold.order_line_id)
        .join(Place, Place.id == Hold.place_id)
        .where(OrderLine.order_id == order_id, Hold.remaining > 0)
        .order_by(OrderLine.position, Hold.id)
    )
    if kind is not None:
        query = query.where(Place.kind == kind)
    return work.connection.execute(query).all()


def _staging(work: Work, deed: Deed, site_id: UUID) -> UUID:
    """Return the staging area of a site; a site that has none gets one."""
    found = work.connection.scalar(
        select(Place.id)
        .where(Place.site_id == site_id, Place.kind == "staging", Place.open, Place.drill_id.is_(None))
        .order_by(Place.code)
        .limit(1)
    )
    if found is not None:
        return found
    code = work.session.get_one(Site, site_id).code
    return open_place(
        work, deed=deed, id=work.env.new_id(), kind="staging", code=f"{code}-STAGING"[:40], site_id=site_id
    )


def cancel_order(work: Work, *, id: UUID, order_id: UUID, seen: UUID, why: str) -> Done:
    """Cancel an order before it is shipped: its goods go back to their bins and are free again."""
    return _give_up(work, id=id, kind="cancel_order", order_id=order_id, seen=seen, state="cancelled", why=why)


def decline_order(work: Work, *, id: UUID, order_id: UUID, seen: UUID, why: str) -> Done:
    """Say that the warehouse cannot execute the order, and why: the request line is open again."""
    return _give_up(work, id=id, kind="decline_order", order_id=order_id, seen=seen, state="declined", why=why)


def _give_up(work: Work, *, id: UUID, kind: str, order_id: UUID, seen: UUID, state: str, why: str) -> Done:
    order, at = order_at(work, order_id)
    deed = begin(work, id=id, kind=kind, asked={"order": order_id, "why": why}, at=at)
    if deed.done:
        return deed.done
    order = step(order, order_id=order_id, to=state, seen=seen)
    free_order(work, deed=deed, order_id=order_id)
    order.state, order.changed_by_id = state, deed.id
    settle_request(work, deed=deed, request_id=order.request_id)
    return finish(work, deed, outcome={"state": state, "why": why}, subject_id=order_id, incident_id=order.incident_id)


def free_order(work: Work, *, deed: Deed, order_id: UUID) -> int:
    """Within a deed: put staged goods back into the bins they came from, free all holds, reopen the request lines.

    Returns
    -------
    int
        The base units that are not going to be shipped.
    """
    held = holds_of(work, order_id)
    lines = [line for row in held if row.kind == "staging" for line in _back(work, row)]
    frees = [Free(row.id, row.remaining) for row in held if row.kind != "staging"]
    post(work, deed=deed, lines=lines, frees=frees)
    given_up = 0
    for row in work.session.scalars(select(OrderLine).where(OrderLine.order_id == order_id)):
        rest = row.quantity - row.shipped - row.closed_short
        row.closed_short += rest
        given_up += rest
        if row.request_line_id is not None and rest:
            asked = work.session.get_one(RequestLine, row.request_line_id)
            asked.ordered -= rest
            asked.changed_by_id = deed.id
    return given_up


def _back(work: Work, row: Any) -> list[Line]:
    """Return the way back of staged goods: to the bins that the picks took them from, last pick first."""
    picks = work.connection.execute(
        select(Movement.from_place_id, Movement.quantity)
        .where(
            Movement.order_line_id == row.order_line_id,
            Movement.lot_id == row.lot_id,
            Movement.to_place_id == row.place_id,
            Movement.reason == "pick",
        )
        .order_by(Movement.entry_id.desc(), Movement.line.desc())
    )
    lines, left = [], row.remaining
    for pick in picks:
        quantity = min(left, pick.quantity)
        if quantity:
            lines.append(
                Line(row.lot_id, row.place_id, pick.from_place_id, quantity, "unpick", row.id, row.order_line_id)
            )
            left -= quantity
    return lines
