"""What the data pages carry, gathered from the database: a consignment that left, a receipt that goes back.

Like the data of every paper they follow from what was decided and done, not from when they are printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from inventory.catalogue.queries import term_names
from inventory.core.canonical import canonical
from inventory.core.errors import BrokenInvariant, Name
from inventory.core.work import Work
from inventory.dispatch.carried import (
    Carried,
    CarriedAsset,
    CarriedItem,
    CarriedLine,
    CarriedOwner,
    back_facts,
    carried_facts,
)
from inventory.dispatch.handing_back import carried_order, handed_back, taking
from inventory.dispatch.typed import line_key, typed_lines, typing_code
from inventory.documents.data.carrying import DataLinePaper, DataPagePaper, HandBackPaper
from inventory.documents.data.dispatch import DispatchOrderPaper
from inventory.documents.data.values import EmptyPaper
from inventory.documents.drawing.wording import contact_text
from inventory.errands.paper_facts import order_paper
from inventory.models import Asset, DispatchOrder, Incident, Item, Lot, Organisation, Shipment, Site
from inventory.people.queries import here


def carried_consignment(work: Work, shipment_id: UUID, paper: DispatchOrderPaper) -> Carried:
    """Return a consignment as its data page carries it; `paper` is its order as it is printed.

    Raises
    ------
    EmptyPaper
    """
    shipment = work.session.get_one(Shipment, shipment_id)
    order = work.session.get_one(DispatchOrder, shipment.order_id)
    if shipment.departed_at is None:
        raise BrokenInvariant(f"consignment {shipment.number} has not left")
    units = term_names(work, kind="unit")
    sent = [(row, work.session.get_one(Lot, row.lot_id)) for row in carried_order(work, shipment_id=shipment_id)]
    if not sent:
        raise EmptyPaper(kind=DataPagePaper.kind, number=shipment.number)
    items = _distinct([lot.item_id for _, lot in sent])
    owners = _distinct([lot.owner_id for _, lot in sent])
    incident = work.session.get(Incident, order.incident_id) if order.incident_id else None
    node = here(work)
    return Carried(
        id=shipment.id,
        number=shipment.number,
        order=order.number,
        revision=order.revision,
        node=node.code,
        node_name=node.name,
        demo=node.demo,
        shipped_at=shipment.departed_at.replace(microsecond=0),
        from_unit=paper.sender.unit,
        from_place=paper.sender.place,
        to_unit=paper.receiver.unit,
        to_place=paper.receiver.place,
        to_site=work.session.get_one(Site, order.to_site_id).code,
        contact=contact_text(paper.receiver.contact),
        vehicle=shipment.plate,
        driver=f"{shipment.driver} {shipment.phone}".strip(),
        incident=paper.incident,
        incident_number=incident.number if incident else "",
        items=tuple(carried_item(work.session.get_one(Item, key), units) for key in items),
        owners=tuple(_owner(work.session.get_one(Organisation, key)) for key in owners),
        lines=tuple(
            CarriedLine(
                order_position=row.position,
                item=items[lot.item_id],
                owner=owners[lot.owner_id],
                lot_id=lot.id,
                label=lot.label,
                quantity=int(row.quantity),
                batch=lot.batch,
                made_on=lot.made_on,
                expires_on=lot.expires_on,
                spec=lot.spec,
                asset=_asset(work.session.get(Asset, lot.id)),
            )
            for row, lot in sent
        ),
    )


def data_page_paper(work: Work, shipment_id: UUID) -> DataPagePaper:
    """Return the data page of a consignment, revision 1.

    Raises
    ------
    EmptyPaper, BadPaperValue
    """
    shipment = work.session.get_one(Shipment, shipment_id)
    order = order_paper(work, shipment.order_id)
    carried = carried_consignment(work, shipment_id, order)
    typed = typed_lines(carried)
    return DataPagePaper(
        number=shipment.number,
        revision=1,
        order_number=order.number,
        sender=order.sender,
        receiver=order.receiver,
        lines=tuple(
            _line(carried, line, check=line_key(carried.id, one))
            for line, one in zip(carried.lines, typed, strict=True)
        ),
        issued_at=carried.shipped_at,
        facts=canonical(carried_facts(carried)).decode(),
        incident=order.incident,
        typing=typing_code(carried.id, carried.number, typed),
        demo=order.demo,
    )


def hand_back_paper(work: Work, consignment_id: UUID) -> HandBackPaper:
    """Return the page that goes back to the sender of a consignment that was taken here, revision 1.

    Raises
    ------
    NotFound, BadPaperValue
    """
    taken, back = taking(work, consignment_id=consignment_id), handed_back(work, consignment_id=consignment_id)
    carried = taken.carried
    return HandBackPaper(
        number=taken.receipt,
        revision=1,
        order_number=carried.order,
        consignment_number=carried.number,
        sender=_together(carried.from_unit, carried.from_place),
        receiver=_together(back.node_name, taken.site),
        received_at=back.received_at,
        received_by=back.received_by,
        lines=tuple(_line(carried, carried.lines[one.line - 1], came=(one.good, one.damaged)) for one in taken.lines),
        facts=canonical(back_facts(back)).decode(),
        note=back.note,
        demo=back.demo,
    )


def _line(
    carried: Carried, line: CarriedLine, *, came: tuple[int, int] | None = None, check: str = ""
) -> DataLinePaper:
    item = carried.items[line.item]
    received = sum(came) if came else None
    return DataLinePaper(
        code=item.code,
        name=item.name,
        unit=item.unit_name,
        quantity=line.quantity,
        label=line.label,
        specification=Name(line.spec),
        lot=line.batch,
        expires_on=line.expires_on,
        received=received,
        damaged=came[1] if came else None,
        short=None if received is None else max(0, line.quantity - received),
        check=check,
    )


def carried_item(item: Any, units: dict[str, Name]) -> CarriedItem:
    """Return an item of this catalogue as a paper carries it."""
    return CarriedItem(
        code=item.code,
        name=Name(item.name_zh, item.name_en),
        unit=item.unit,
        unit_name=units.get(item.unit, Name(item.unit)),
        tracking=item.tracking,
        major_class=item.major_class,
        domain=item.domain,
        return_class=item.return_class,
        weight_grams=item.weight_g,
    )


def _asset(asset: Any) -> CarriedAsset | None:
    if asset is None:
        return None
    return CarriedAsset(
        label=asset.label,
        serial_number=asset.serial_number,
        kind=asset.kind,
        name=Name(asset.name_zh, asset.name_en),
        condition=asset.condition,
        mobility=asset.mobility,
    )


def _owner(owner: Any) -> CarriedOwner:
    return CarriedOwner(owner.code, Name(owner.name_zh, owner.name_en), owner.kind, owner.level)


def _distinct(keys: Sequence[UUID]) -> dict[UUID, int]:
    """Return the keys in the order of their first place, each with its position."""
    return {key: position for position, key in enumerate(dict.fromkeys(keys))}


def _together(first: Name, second: Name) -> Name:
    return Name(f"{first.zh} {second.zh}", f"{first.en or first.zh}, {second.en or second.zh}")
