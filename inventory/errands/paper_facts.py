"""From the database to the data of a paper: everything that is printed, nothing that changes by itself.

A paper's data follow from what was decided, not from when it is printed: printed again it is the same data, unless
the document itself was changed.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from inventory.catalogue.queries import term_names
from inventory.core.errors import BrokenInvariant, Name
from inventory.core.words import LANGUAGES, N_, fill
from inventory.core.work import Work
from inventory.dispatch import queries as dispatch
from inventory.documents.data.counting import CountLinePaper, CountSheetPaper
from inventory.documents.data.dispatch import (
    LIST_COPIES,
    DispatchOrderPaper,
    OrderLinePaper,
    PickLinePaper,
    PickListPaper,
    ReceiptLinePaper,
    ReceiptPaper,
)
from inventory.documents.data.values import Contact, Override, Party, VerbalOrder
from inventory.incidents.rules import LEVEL_SIGNS
from inventory.models import (
    Account,
    Count,
    DispatchOrder,
    Incident,
    Item,
    ItemPack,
    Journal,
    Lot,
    Movement,
    OrderLine,
    Organisation,
    Plan,
    Request,
    Shipment,
    SignOff,
    Site,
)
from inventory.people.queries import here
from inventory.people.settings import setting
from inventory.stocktaking.queries import count_sheet

_REPLENISHMENT = N_("Replenishment")
_LEVEL = N_("Response level %(level)s")


def both(msgid: str, **facts: Any) -> Name:
    """Return a text of ours in both languages."""
    chinese, english = (fill(msgid, facts, language) for language in LANGUAGES)
    return Name(chinese, english)


def named(row: Any) -> Name:
    """Return the name of a row that has one."""
    return Name(row.name_zh, row.name_en)


def order_paper(work: Work, order_id: UUID) -> DispatchOrderPaper:
    """Return the data of a dispatch order, revision 1, without the head of the ledger.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    dispatch.order(work, order_id=order_id)
    order = work.session.get_one(DispatchOrder, order_id)
    plan = work.session.get(Plan, order.plan_id) if order.plan_id else None
    request = work.session.get(Request, order.request_id) if order.request_id else None
    incident = work.session.get(Incident, order.incident_id) if order.incident_id else None
    approver, approved_at, signed = _approval(work, plan, order)
    needed_by = request.needed_by if request else None
    return DispatchOrderPaper(
        number=order.number,
        revision=1,
        issuer=named(work.session.get_one(Organisation, order.decider_id)),
        incident=named(incident) if incident else both(_REPLENISHMENT),
        incident_number=incident.number if incident else "",
        level=both(_LEVEL, level=LEVEL_SIGNS[incident.level]) if incident else Name(""),
        sender=_party(work, order.from_site_id),
        receiver=_party(work, order.to_site_id, organisation_id=order.receiver_id),
        lines=_order_lines(work, order_id),
        issued_at=order.issued_at,
        approver=approver,
        approved_at=approved_at,
        depart_at=order.depart_at,
        arrive_at=order.due_at,
        deadline_at=needed_by,
        request_number=request.number if request else "",
        verbal=_verbal(signed, approver, approved_at),
        override=_override(signed, approver, approved_at),
        demo=here(work).demo,
        format="command" if setting(work, "order_format") == "command" else "letter",
        list_copies=LIST_COPIES if setting(work, "order_copies") == "yes" else (),
        both_sides=setting(work, "order_both_sides") == "yes",
    )


def _approval(work: Work, plan: Plan | None, order: DispatchOrder) -> tuple[str, dt.datetime, SignOff | None]:
    """Return who approved the plan of an order, when, and the signature; nobody for an order without a plan."""
    entry = None
    if plan is not None:
        entry = work.session.scalar(
            select(Journal)
            .where(Journal.kind == "approve_plan", Journal.subject_id == plan.request_id)
            .where(Journal.recorded_at == order.issued_at)
            .limit(1)
        )
    if entry is None or entry.actor_id is None:
        return "", order.issued_at, None
    account = work.session.get_one(Account, entry.actor_id)
    signed = work.session.scalar(
        select(SignOff).where(SignOff.document_id == order.request_id, SignOff.entry_id == entry.id).limit(1)
    )
    return account.name_zh, entry.recorded_at, signed


def _verbal(signed: SignOff | None, approver: str, at: dt.datetime) -> VerbalOrder | None:
    if signed is None or not signed.verbal_by:
        return None
    return VerbalOrder(signed.verbal_by, at, taken_by=approver, paperwork_due_at=signed.paper_due_at)


def _override(signed: SignOff | None, approver: str, at: dt.datetime) -> Override | None:
    return Override(approver, at, signed.override_reason) if signed is not None and signed.override_reason else None


def _party(work: Work, site_id: UUID, *, organisation_id: UUID | None = None) -> Party:
    site = work.session.get_one(Site, site_id)
    unit = work.session.get_one(Organisation, organisation_id or site.organisation_id)
    place = Name(
        f"{site.name_zh} {site.address}".strip(), f"{site.name_en} {site.address}".strip() if site.name_en else None
    )
    return Party(unit=named(unit), place=place, contact=Contact(site.contact, site.phone))


def _order_lines(work: Work, order_id: UUID) -> tuple[OrderLinePaper, ...]:
    """Return a line for each lot and bin, as held at approval."""
    units = term_names(work, kind="unit")
    lines = {line.id: line for line in dispatch.order_lines(work, order_id=order_id)}
    found = []
    for source in dispatch.order_sources(work, order_id=order_id):
        line = lines[source.order_line_id]
        item = work.session.get_one(Item, line.item_id)
        lot = work.session.get_one(Lot, source.lot_id)
        found.append(
            OrderLinePaper(
                code=line.item_code,
                name=line.item,
                unit=units.get(item.unit, Name(item.unit)),
                quantity=source.quantity,
                specification=Name(lot.spec),
                lot=source.batch or source.lot,
                expires_on=source.expires_on,
                packages=_packages(work, item.id, source.quantity),
                weight_grams=item.weight_g * source.quantity or None,
                bin=source.place,
            )
        )
    return tuple(found)


def _packages(work: Work, item_id: UUID, quantity: int) -> int | None:
    """Return how many of the largest pack the quantity makes, where it makes a whole number of them."""
    factor = work.connection.execute(
        select(func.max(ItemPack.factor)).where(ItemPack.item_id == item_id)
    ).scalar_one_or_none()
    return quantity // factor if factor and quantity % factor == 0 else None


def pick_list_paper(work: Work, order_id: UUID) -> PickListPaper:
    """Return the data of the pick list of an order; raises as `order_paper`."""
    order = order_paper(work, order_id)
    return PickListPaper(
        number=order.number,
        revision=1,
        order_number=order.number,
        stockpile=order.sender.place,
        receiver=order.receiver.unit,
        lines=tuple(
            PickLinePaper(
                name=line.name,
                unit=line.unit,
                quantity=line.quantity,
                bin=line.bin,
                specification=line.specification,
                lot=line.lot,
                expires_on=line.expires_on,
            )
            for line in order.lines
        ),
        issued_at=order.issued_at,
        finish_by=order.depart_at,
        demo=order.demo,
    )


def receipt_paper(work: Work, shipment_id: UUID) -> ReceiptPaper:
    """Return the data of the hand-over receipt of a consignment: a form to fill in, or what was received.

    Raises
    ------
    EmptyPaper, BadPaperValue
    """
    shipment = work.session.get_one(Shipment, shipment_id)
    order = order_paper(work, shipment.order_id)
    if shipment.departed_at is None:
        raise BrokenInvariant(f"consignment {shipment.number} has not left")
    handed_over = shipment.state == "handed_over"
    came = _received(work, shipment_id)
    return ReceiptPaper(
        number=shipment.number,
        revision=1,
        order_number=order.number,
        sender=order.sender,
        receiver=order.receiver,
        lines=_receipt_lines(work, shipment_id, came),
        issued_at=shipment.departed_at,
        vehicle=shipment.plate,
        driver=Contact(shipment.driver, shipment.phone),
        shipped_at=shipment.departed_at,
        received_at=shipment.arrived_at if handed_over else None,
        received_by=_receiver_name(work, shipment_id) if handed_over else "",
        incident=order.incident,
        demo=order.demo,
    )


def _received(work: Work, shipment_id: UUID) -> dict[tuple[str, str], tuple[int, int]]:
    """Return what was signed for so far by (order line, lot): what came, and what of it was damaged."""
    came: dict[tuple[str, str], tuple[int, int]] = {}
    query = select(Journal.facts).where(Journal.kind == "receive_shipment", Journal.subject_id == shipment_id)
    for facts in work.connection.scalars(query):
        for line in json.loads(facts)["asked"]["lines"]:
            key = (line["order_line_id"], line["lot_id"])
            before = came.get(key, (0, 0))
            came[key] = (before[0] + line["good"] + line["damaged"], before[1] + line["damaged"])
    return came


def _receipt_lines(
    work: Work, shipment_id: UUID, came: dict[tuple[str, str], tuple[int, int]]
) -> tuple[ReceiptLinePaper, ...]:
    units = term_names(work, kind="unit")
    sent = work.connection.execute(
        select(Movement.order_line_id, Movement.lot_id, func.sum(Movement.quantity).label("quantity"))
        .join(OrderLine, OrderLine.id == Movement.order_line_id)
        .where(Movement.to_place_id == shipment_id, Movement.reason == "ship")
        .group_by(Movement.order_line_id, Movement.lot_id, OrderLine.position)
        .order_by(OrderLine.position, Movement.lot_id)
    ).all()
    found = []
    for row in sent:
        lot = work.session.get_one(Lot, row.lot_id)
        item = work.session.get_one(Item, lot.item_id)
        quantity = int(row.quantity)
        told = came.get((str(row.order_line_id), str(row.lot_id)))
        found.append(
            ReceiptLinePaper(
                name=named(item),
                unit=units.get(item.unit, Name(item.unit)),
                quantity=quantity,
                specification=Name(lot.spec),
                lot=lot.batch or lot.label,
                expires_on=lot.expires_on,
                packages=_packages(work, item.id, quantity),
                weight_grams=item.weight_g * quantity or None,
                received=told[0] if told else None,
                damaged=told[1] if told else None,
                short=max(0, quantity - told[0]) if told else None,
            )
        )
    return tuple(found)


def _receiver_name(work: Work, shipment_id: UUID) -> str:
    query = (
        select(Account.name_zh)
        .join(SignOff, SignOff.account_id == Account.id)
        .where(SignOff.document_id == shipment_id, SignOff.role == "receiver")
        .limit(1)
    )
    return work.connection.execute(query).scalar_one_or_none() or ""


def count_paper(work: Work, count_id: UUID) -> CountSheetPaper:
    """Return the data of the blind sheet of a count; raises as `stocktaking.queries.count_sheet`."""
    sheet = count_sheet(work, count_id=count_id)
    return CountSheetPaper(
        number=sheet.number,
        revision=1,
        stockpile=sheet.site,
        lines=tuple(
            CountLinePaper(
                key=line.label,
                name=line.item,
                unit=line.unit,
                bin=line.place,
                specification=Name(line.spec),
                lot=line.batch or (line.lot or ""),
                expires_on=line.expires_on,
            )
            for line in sheet.lines
        ),
        issued_at=work.session.get_one(Count, count_id).opened_at,
        demo=here(work).demo,
    )
