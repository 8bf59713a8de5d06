"""Reading orders: lists, lines, and the stock that is held for them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import (
    DispatchOrder,
    Hold,
    Incident,
    Item,
    Lot,
    Movement,
    OrderLine,
    Organisation,
    Place,
    Site,
)

_from_site, _to_site = Site.__table__.alias("from_site"), Site.__table__.alias("to_site")


@dataclass(frozen=True)
class OrderRow:
    """An order as lists and heads show it; quantities are sums of lines in base units, only for progress."""

    id: UUID
    number: str
    state: str
    incident_id: UUID | None
    incident: Name | None
    from_site_id: UUID
    from_site: Name
    to_site_id: UUID
    to_site: Name
    decider: Name
    receiver: Name
    contact: str
    mode: str
    issued_at: dt.datetime
    depart_at: dt.datetime | None
    due_at: dt.datetime | None
    request_id: UUID | None
    plan_id: UUID | None
    revision: int
    line_count: int
    quantity: int
    shipped: int
    received: int
    seen: UUID


@dataclass(frozen=True)
class OrderLineRow:
    """A line of an order; `why` are the planner's facts for the choice of the source."""

    id: UUID
    position: int
    item_id: UUID
    item: Name
    item_code: str
    unit: str
    quantity: int
    shipped: int
    received: int
    closed_short: int
    why: list[Any]


@dataclass(frozen=True)
class OrderStock:
    """Stock held for an order: which lot, where it stands, how much is still to be taken."""

    hold_id: UUID
    order_line_id: UUID
    lot_id: UUID
    lot: str
    batch: str
    expires_on: dt.date | None
    item: Name
    unit: str
    place_id: UUID
    place: str
    place_kind: str
    remaining: int


def _order_query() -> Select[Any]:
    decider, receiver = Organisation.__table__.alias("decider"), Organisation.__table__.alias("receiver")
    sums = (
        select(
            OrderLine.order_id,
            func.count().label("line_count"),
            func.sum(OrderLine.quantity).label("quantity"),
            func.sum(OrderLine.shipped).label("shipped"),
            func.sum(OrderLine.received).label("received"),
        )
        .group_by(OrderLine.order_id)
        .subquery()
    )
    return (
        select(
            DispatchOrder,
            _from_site.c.name_zh.label("from_zh"),
            _from_site.c.name_en.label("from_en"),
            _to_site.c.name_zh.label("to_zh"),
            _to_site.c.name_en.label("to_en"),
            decider.c.name_zh.label("decider_zh"),
            decider.c.name_en.label("decider_en"),
            receiver.c.name_zh.label("receiver_zh"),
            receiver.c.name_en.label("receiver_en"),
            Incident.name_zh.label("incident_zh"),
            Incident.name_en.label("incident_en"),
            sums.c.line_count,
            sums.c.quantity,
            sums.c.shipped,
            sums.c.received,
        )
        .join(_from_site, _from_site.c.id == DispatchOrder.from_site_id)
        .join(_to_site, _to_site.c.id == DispatchOrder.to_site_id)
        .join(decider, decider.c.id == DispatchOrder.decider_id)
        .join(receiver, receiver.c.id == DispatchOrder.receiver_id)
        .outerjoin(Incident, Incident.id == DispatchOrder.incident_id)
        .outerjoin(sums, sums.c.order_id == DispatchOrder.id)
    )


def _order(row: Any) -> OrderRow:
    one: DispatchOrder = row[0]
    return OrderRow(
        id=one.id,
        number=one.number,
        state=one.state,
        incident_id=one.incident_id,
        incident=Name(row.incident_zh, row.incident_en) if row.incident_zh else None,
        from_site_id=one.from_site_id,
        from_site=Name(row.from_zh, row.from_en),
        to_site_id=one.to_site_id,
        to_site=Name(row.to_zh, row.to_en),
        decider=Name(row.decider_zh, row.decider_en),
        receiver=Name(row.receiver_zh, row.receiver_en),
        contact=one.contact,
        mode=one.mode,
        issued_at=one.issued_at,
        depart_at=one.depart_at,
        due_at=one.due_at,
        request_id=one.request_id,
        plan_id=one.plan_id,
        revision=one.revision,
        line_count=row.line_count or 0,
        quantity=int(row.quantity or 0),
        shipped=int(row.shipped or 0),
        received=int(row.received or 0),
        seen=one.changed_by_id,
    )


@dataclass(frozen=True)
class OrderFilter:
    """Which orders a list shows; empty fields do not narrow. `site_id` is either end of an order."""

    states: Sequence[str] = ()
    from_site_id: UUID | None = None
    from_site_ids: Collection[UUID] | None = None
    to_site_ids: Collection[UUID] | None = None
    site_id: UUID | None = None
    incident_id: UUID | None = None
    request_id: UUID | None = None
    search: str = ""


_SORTS: dict[str, tuple[Any, ...]] = {
    "newest": (DispatchOrder.issued_at.desc(), DispatchOrder.number.desc()),
    "due": (DispatchOrder.due_at.is_(None), DispatchOrder.due_at, DispatchOrder.number),
}


def orders(work: Work, *, sort: str = "newest", limit: int = 100, offset: int = 0, **wanted: Any) -> list[OrderRow]:
    """Return orders; `sort` is newest or due (first due first), `wanted` the fields of `OrderFilter`."""
    query = _filtered(_order_query().order_by(*_SORTS[sort]), OrderFilter(**wanted)).limit(limit).offset(offset)
    return [_order(row) for row in work.session.execute(query)]


def order_count(work: Work, **wanted: Any) -> int:
    """Return how many orders the same filters find."""
    query: Select[Any] = (
        select(func.count())
        .select_from(DispatchOrder)
        .join(_from_site, _from_site.c.id == DispatchOrder.from_site_id)
        .join(_to_site, _to_site.c.id == DispatchOrder.to_site_id)
    )
    return work.session.scalar(_filtered(query, OrderFilter(**wanted))) or 0


def _filtered(query: Select[Any], wanted: OrderFilter) -> Select[Any]:
    if wanted.states:
        query = query.where(DispatchOrder.state.in_(wanted.states))
    if wanted.from_site_id is not None:
        query = query.where(DispatchOrder.from_site_id == wanted.from_site_id)
    if wanted.from_site_ids is not None:
        query = query.where(DispatchOrder.from_site_id.in_(wanted.from_site_ids))
    if wanted.to_site_ids is not None:
        query = query.where(DispatchOrder.to_site_id.in_(wanted.to_site_ids))
    if wanted.site_id is not None:
        ends = (DispatchOrder.from_site_id, DispatchOrder.to_site_id)
        query = query.where(or_(*(end == wanted.site_id for end in ends)))
    if wanted.incident_id is not None:
        query = query.where(DispatchOrder.incident_id == wanted.incident_id)
    if wanted.request_id is not None:
        query = query.where(DispatchOrder.request_id == wanted.request_id)
    if wanted.search:
        named = [site.c[column] for site in (_from_site, _to_site) for column in ("name_zh", "name_en", "name_pinyin")]
        columns = (DispatchOrder.number, *named)
        query = query.where(or_(*(column.icontains(wanted.search, autoescape=True) for column in columns)))
    return query


def order(work: Work, *, order_id: UUID | None = None, number: str | None = None) -> OrderRow:
    """Return one order by id or number.

    Raises
    ------
    NotFound
    """
    query = _order_query()
    query = query.where(DispatchOrder.id == order_id) if order_id else query.where(DispatchOrder.number == number)
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(kind="order", key=str(order_id or number))
    return _order(row)


def order_lines(work: Work, *, order_id: UUID) -> list[OrderLineRow]:
    """Return the lines of an order."""
    rows = work.session.execute(
        select(OrderLine, Item.id, Item.name_zh, Item.name_en, Item.code, Item.unit)
        .join(Item, Item.id == OrderLine.item_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position)
    )
    return [
        OrderLineRow(
            id=line.id,
            position=line.position,
            item_id=item_id,
            item=Name(item_zh, item_en),
            item_code=code,
            unit=unit,
            quantity=line.quantity,
            shipped=line.shipped,
            received=line.received,
            closed_short=line.closed_short,
            why=json.loads(line.why),
        )
        for line, item_id, item_zh, item_en, code, unit in rows
    ]


def order_stock(work: Work, *, order_id: UUID) -> list[OrderStock]:
    """Return the stock that is held for an order, in walking order of its places."""
    rows = work.connection.execute(
        select(
            Hold.id,
            Hold.order_line_id,
            Hold.lot_id,
            Lot.label,
            Lot.batch,
            Lot.expires_on,
            Item.name_zh,
            Item.name_en,
            Item.unit,
            Place.id.label("place_id"),
            Place.code,
            Place.kind,
            Hold.remaining,
        )
        .join(OrderLine, OrderLine.id == Hold.order_line_id)
        .join(Lot, Lot.id == Hold.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Place, Place.id == Hold.place_id)
        .where(OrderLine.order_id == order_id, Hold.remaining > 0)
        .order_by(Place.code, OrderLine.position, Lot.expires_on)
    )
    return [
        OrderStock(
            hold_id=row.id,
            order_line_id=row.order_line_id,
            lot_id=row.lot_id,
            lot=row.label,
            batch=row.batch,
            expires_on=row.expires_on,
            item=Name(row.name_zh, row.name_en),
            unit=row.unit,
            place_id=row.place_id,
            place=row.code,
            place_kind=row.kind,
            remaining=row.remaining,
        )
        for row in rows
        if row.order_line_id is not None
    ]


@dataclass(frozen=True)
class OrderSource:
    """Which lot of which bin an order line takes: held at approval, and what of it still stands there, base units."""

    order_line_id: UUID
    lot_id: UUID
    lot: str
    batch: str
    expires_on: dt.date | None
    place: str
    quantity: int
    remaining: int


def order_sources(work: Work, *, order_id: UUID) -> list[OrderSource]:
    """Return the lots and bins of an order's lines as they were approved, in walking order."""
    rows = work.connection.execute(
        select(
            Hold.order_line_id,
            Hold.lot_id,
            Lot.label,
            Lot.batch,
            Lot.expires_on,
            Place.code,
            Hold.quantity,
            Hold.remaining,
        )
        .join(OrderLine, OrderLine.id == Hold.order_line_id)
        .join(Lot, Lot.id == Hold.lot_id)
        .join(Place, Place.id == Hold.place_id)
        .where(OrderLine.order_id == order_id, Place.kind == "bin")
        .order_by(OrderLine.position, Place.code, Lot.label)
    )
    return [OrderSource(row.order_line_id, *row[1:]) for row in rows if row.order_line_id is not None]


def picked_from(work: Work, *, order_id: UUID) -> list[tuple[str, str, int]]:
    """Return what was picked for an order: lot label, bin code, base units."""
    rows = work.connection.execute(
        select(Lot.label, Place.code, Movement.quantity)
        .join(OrderLine, OrderLine.id == Movement.order_line_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Place, Place.id == Movement.from_place_id)
        .where(OrderLine.order_id == order_id, Movement.reason == "pick")
        .order_by(Place.code)
    )
    return [(row.label, row.code, row.quantity) for row in rows]
