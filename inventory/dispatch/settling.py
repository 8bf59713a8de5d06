"""Moving documents on when the last thing they waited for has happened: consignments, orders, requests."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from inventory.core.work import Work
from inventory.dispatch import rules
from inventory.models import Balance, DispatchOrder, OrderLine, Request, RequestLine, Shipment
from inventory.people.journal import Deed


def settle_shipment(work: Work, *, deed: Deed, shipment: Shipment) -> None:
    """Hand a consignment over when nothing of it is in transit any more."""
    work.flush()
    carried = work.session.scalar(
        select(func.coalesce(func.sum(Balance.quantity), 0)).where(Balance.place_id == shipment.id)
    )
    if not carried and shipment.state == "arrived":
        shipment.state, shipment.changed_by_id = "handed_over", deed.id


def settle_order(work: Work, *, deed: Deed, order: DispatchOrder) -> None:
    """Deliver an order when all that was shipped has arrived or is explained and nothing more is to come."""
    work.flush()
    carried = work.session.scalar(
        select(func.coalesce(func.sum(Balance.quantity), 0))
        .join(Shipment, Shipment.id == Balance.place_id)
        .where(Shipment.order_id == order.id)
    )
    lines = work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).all()
    complete = all(line.shipped + line.closed_short == line.quantity for line in lines)
    if not carried and complete and order.state == "shipped":
        order.state, order.changed_by_id = "delivered", deed.id
    settle_request(work, deed=deed, request_id=order.request_id)


def settle_request(work: Work, *, deed: Deed, request_id: UUID | None) -> None:
    """Fulfil a request when every line is ordered or cancelled and no order of it is open; say how each line ended."""
    request = work.session.get(Request, request_id) if request_id else None
    if request is None or request.state != "in_fulfilment":
        return
    work.flush()
    open_orders = work.session.scalar(
        select(func.count())
        .select_from(DispatchOrder)
        .where(DispatchOrder.request_id == request.id, DispatchOrder.state.in_(rules.OPEN_ORDER_STATES))
    )
    lines = work.session.scalars(select(RequestLine).where(RequestLine.request_id == request.id)).all()
    if open_orders or any(line.ordered + line.cancelled < line.quantity for line in lines):
        return
    sums = (
        select(OrderLine.request_line_id, func.sum(OrderLine.received))
        .join(DispatchOrder, DispatchOrder.id == OrderLine.order_id)
        .where(DispatchOrder.request_id == request.id)
        .group_by(OrderLine.request_line_id)
    )
    received = {line_id: int(total) for line_id, total in work.connection.execute(sums)}
    for line in lines:
        line.outcome = rules.outcome(asked=line.quantity, cancelled=line.cancelled, received=received.get(line.id, 0))
        line.changed_by_id = deed.id
    request.state, request.changed_by_id = "fulfilled", deed.id
