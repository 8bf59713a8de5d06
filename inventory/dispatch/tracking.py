"""Reading what is on its way, what does not agree, and what receivers answer for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.dispatch.receiving import in_transit
from inventory.models import (
    Balance,
    Custody,
    Discrepancy,
    DispatchOrder,
    Incident,
    Item,
    Journal,
    Lot,
    Organisation,
    Place,
    Shipment,
    Site,
)

_from_site, _to_site = Site.__table__.alias("from_site"), Site.__table__.alias("to_site")


@dataclass(frozen=True)
class ShipmentRow:
    """A consignment on its way or arrived."""

    id: UUID
    number: str
    order_id: UUID
    order: str
    state: str
    from_site: Name
    to_site: Name
    to_site_id: UUID
    plate: str
    driver: str
    phone: str
    departed_at: dt.datetime | None
    eta_at: dt.datetime | None
    arrived_at: dt.datetime | None
    incident_id: UUID | None
    carried: int
    seen: UUID


@dataclass(frozen=True)
class CarriedLine:
    """What a consignment still carries, by order line and lot, in base units."""

    order_line_id: UUID
    lot_id: UUID
    lot: str
    batch: str
    expires_on: dt.date | None
    item: Name
    unit: str
    quantity: int


@dataclass(frozen=True)
class DiscrepancyRow:
    """Something that does not agree and waits for somebody (or has been settled)."""

    id: UUID
    kind: str
    item: Name
    unit: str
    lot: str
    place: str
    quantity: int
    note: str
    shipment_id: UUID | None
    order: str | None
    resolved: bool


@dataclass(frozen=True)
class CustodyRow:
    """What a receiver answers for, by lot, in base units."""

    custody_id: UUID
    incident_id: UUID | None
    incident: Name | None
    holder: Name
    site: Name
    lot_id: UUID
    lot: str
    item: Name
    unit: str
    quantity: int


def shipment(work: Work, *, shipment_id: UUID | None = None, number: str | None = None) -> ShipmentRow:
    """Return one consignment by id or number.

    Raises
    ------
    NotFound
    """
    ids = select(Shipment.id).where(Shipment.id == shipment_id if shipment_id else Shipment.number == number)
    found = shipments(work, states=(), ids=work.session.scalars(ids).all())
    if not found:
        raise NotFound(kind="shipment", key=str(shipment_id or number))
    return found[0]


def shipments(
    work: Work,
    *,
    states: Sequence[str] = ("in_transit", "arrived", "rerouted", "broken_down"),
    order_id: UUID | None = None,
    to_site_ids: Collection[UUID] | None = None,
    ids: Collection[UUID] | None = None,
    limit: int = 200,
) -> list[ShipmentRow]:
    """Return consignments, the next to arrive first; all states when `states` is empty."""
    carried = (
        select(Balance.place_id, func.sum(Balance.quantity).label("quantity")).group_by(Balance.place_id).subquery()
    )
    query = (
        select(
            Shipment,
            DispatchOrder.number.label("order_number"),
            DispatchOrder.incident_id,
            DispatchOrder.to_site_id,
            _from_site.c.name_zh.label("from_zh"),
            _from_site.c.name_en.label("from_en"),
            _to_site.c.name_zh.label("to_zh"),
            _to_site.c.name_en.label("to_en"),
            carried.c.quantity,
        )
        .join(DispatchOrder, DispatchOrder.id == Shipment.order_id)
        .join(_from_site, _from_site.c.id == DispatchOrder.from_site_id)
        .join(_to_site, _to_site.c.id == DispatchOrder.to_site_id)
        .outerjoin(carried, carried.c.place_id == Shipment.id)
        .order_by(Shipment.eta_at, Shipment.id)
        .limit(limit)
    )
    if states:
        query = query.where(Shipment.state.in_(states))
    if order_id is not None:
        query = query.where(Shipment.order_id == order_id)
    if to_site_ids is not None:
        query = query.where(DispatchOrder.to_site_id.in_(to_site_ids))
    if ids is not None:
        query = query.where(Shipment.id.in_(ids))
    return [
        ShipmentRow(
            id=row[0].id,
            number=row[0].number,
            order_id=row[0].order_id,
            order=row.order_number,
            state=row[0].state,
            from_site=Name(row.from_zh, row.from_en),
            to_site=Name(row.to_zh, row.to_en),
            to_site_id=row.to_site_id,
            plate=row[0].plate,
            driver=row[0].driver,
            phone=row[0].phone,
            departed_at=row[0].departed_at,
            eta_at=row[0].eta_at,
            arrived_at=row[0].arrived_at,
            incident_id=row.incident_id,
            carried=int(row.quantity or 0),
            seen=row[0].changed_by_id,
        )
        for row in work.session.execute(query)
    ]


def carried_lines(work: Work, *, shipment_id: UUID) -> list[CarriedLine]:
    """Return what a consignment still carries."""
    carried = {key: quantity for key, quantity in in_transit(work, shipment_id).items() if quantity}
    lots = {
        row.id: row
        for row in work.connection.execute(
            select(Lot.id, Lot.label, Lot.batch, Lot.expires_on, Item.name_zh, Item.name_en, Item.unit, Item.code)
            .join(Item, Item.id == Lot.item_id)
            .where(Lot.id.in_({lot_id for _, lot_id in carried}))
        )
    }
    found = [
        CarriedLine(
            order_line_id=line_id,
            lot_id=lot_id,
            lot=lots[lot_id].label,
            batch=lots[lot_id].batch,
            expires_on=lots[lot_id].expires_on,
            item=Name(lots[lot_id].name_zh, lots[lot_id].name_en),
            unit=lots[lot_id].unit,
            quantity=quantity,
        )
        for (line_id, lot_id), quantity in carried.items()
    ]
    return sorted(found, key=lambda line: (lots[line.lot_id].code, line.lot))


def discrepancies(
    work: Work,
    *,
    unresolved: bool = True,
    place_id: UUID | None = None,
    site_ids: Collection[UUID] | None = None,
    limit: int = 200,
) -> list[DiscrepancyRow]:
    """Return what does not agree, oldest first; with `site_ids` what one of these sites sent, awaits or holds."""
    query = (
        select(Discrepancy, Item.name_zh, Item.name_en, Item.unit, Lot.label, Place.code, DispatchOrder.number)
        .join(Lot, Lot.id == Discrepancy.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Place, Place.id == Discrepancy.place_id)
        .join(Journal, Journal.id == Discrepancy.opened_by_id)
        .outerjoin(Shipment, Shipment.id == Discrepancy.place_id)
        .outerjoin(DispatchOrder, DispatchOrder.id == Shipment.order_id)
        .outerjoin(Custody, Custody.id == Discrepancy.place_id)
        .order_by(Journal.recorded_at, Discrepancy.id)
        .limit(limit)
    )
    if unresolved:
        query = query.where(Discrepancy.resolved_by_id.is_(None))
    if place_id is not None:
        query = query.where(Discrepancy.place_id == place_id)
    if site_ids is not None:
        ends = (DispatchOrder.from_site_id, DispatchOrder.to_site_id, Place.site_id, Custody.site_id)
        query = query.where(or_(*(end.in_(site_ids) for end in ends)))
    return [
        DiscrepancyRow(
            id=row.id,
            kind=row.kind,
            item=Name(item_zh, item_en),
            unit=unit,
            lot=lot,
            place=place,
            quantity=row.quantity,
            note=row.note,
            shipment_id=row.place_id if order_number else None,
            order=order_number,
            resolved=row.resolved_by_id is not None,
        )
        for row, item_zh, item_en, unit, lot, place, order_number in work.session.execute(query)
    ]


def custody(
    work: Work, *, incident_id: UUID | None = None, site_ids: Collection[UUID] | None = None, limit: int = 500
) -> list[CustodyRow]:
    """Return what receivers answer for, by lot; only what is not zero."""
    query = (
        select(
            Custody.id,
            Custody.incident_id,
            Incident.name_zh.label("incident_zh"),
            Incident.name_en.label("incident_en"),
            Organisation.name_zh.label("holder_zh"),
            Organisation.name_en.label("holder_en"),
            Site.name_zh.label("site_zh"),
            Site.name_en.label("site_en"),
            Lot.id.label("lot_id"),
            Lot.label,
            Item.name_zh,
            Item.name_en,
            Item.unit,
            Balance.quantity,
        )
        .join(Balance, Balance.place_id == Custody.id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Organisation, Organisation.id == Custody.holder_id)
        .join(Site, Site.id == Custody.site_id)
        .outerjoin(Incident, Incident.id == Custody.incident_id)
        .where(Balance.quantity != 0)
        .order_by(Custody.id, Item.code, Lot.label)
        .limit(limit)
    )
    if incident_id is not None:
        query = query.where(Custody.incident_id == incident_id)
    if site_ids is not None:
        query = query.where(Custody.site_id.in_(site_ids))
    return [
        CustodyRow(
            custody_id=row.id,
            incident_id=row.incident_id,
            incident=Name(row.incident_zh, row.incident_en) if row.incident_zh else None,
            holder=Name(row.holder_zh, row.holder_en),
            site=Name(row.site_zh, row.site_en),
            lot_id=row.lot_id,
            lot=row.label,
            item=Name(row.name_zh, row.name_en),
            unit=row.unit,
            quantity=row.quantity,
        )
        for row in work.connection.execute(query)
    ]
