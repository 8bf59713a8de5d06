"""From the books to the papers of a warehouse: waybill and issue note of a consignment, receipt note of an entry.

As in `paper_facts` the data follow from what was done, not from when it is printed. Receipt and issue notes have
numbers of their own, given out when they are issued; until then they bear `UNNUMBERED`.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name, NotFound
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.documents.data.values import Contact, Override
from inventory.documents.data.warehouse import (
    IssueNoteLine,
    IssueNotePaper,
    ReceiptNoteLine,
    ReceiptNotePaper,
    Reversal,
    WaybillLine,
    WaybillPaper,
)
from inventory.errands.paper_facts import both, named, order_paper, receipt_paper
from inventory.models import (
    Account,
    DispatchOrder,
    Item,
    Journal,
    Lot,
    Movement,
    OrderLine,
    Organisation,
    Place,
    Shipment,
    Site,
)
from inventory.people.queries import here
from inventory.people.signing_off import Hand, hands

UNNUMBERED = "-"
"""Stands for the number of a paper that has not been issued yet."""

AnyRow = Row[*tuple[Any, ...]]

_MODES = {
    "truck": N_("Truck"),
    "light_truck": N_("Light truck"),
    "van": N_("Van"),
    "off_road": N_("Off-road vehicle"),
    "foot": N_("On foot"),
    "boat": N_("Boat"),
    "helicopter": N_("Helicopter"),
    "drone": N_("Drone"),
}
_SOURCES = {
    "purchase": N_("Purchase"),
    "donation": N_("Donation"),
    "allotted": N_("Allotted from above"),
    "requisition": N_("Requisition"),
    "opening": N_("Opening stock"),
    "found": N_("Found in a count"),
}
_TRANSFER = N_("Transfer between stockpiles")
_source = Place.__table__.alias("source")
_NOT_ORIGINAL = {"damaged": N_("damaged"), "over": N_("more than was sent")}
"""Movements of a receipt that need a word on the paper."""


def waybill_paper(work: Work, shipment_id: UUID) -> WaybillPaper:
    """Return the data of the waybill of a consignment: what left on the vehicle, whatever came of it later.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    shipment = work.session.get(Shipment, shipment_id)
    if shipment is None or shipment.departed_at is None:
        raise NotFound(kind="shipment", key=str(shipment_id))
    order = order_paper(work, shipment.order_id)
    sent = receipt_paper(work, shipment_id).lines
    return WaybillPaper(
        number=shipment.number,
        revision=1,
        order_number=order.number,
        sender=order.sender,
        receiver=order.receiver,
        lines=tuple(
            WaybillLine(
                name=line.name,
                unit=line.unit,
                quantity=line.quantity,
                specification=line.specification,
                lot=line.lot,
                expires_on=line.expires_on,
                packages=line.packages,
                weight_grams=line.weight_grams,
            )
            for line in sent
        ),
        departed_at=shipment.departed_at,
        arrive_at=shipment.eta_at,
        deadline_at=order.deadline_at,
        vehicle=shipment.plate,
        driver=Contact(shipment.driver, shipment.phone),
        mode=both(_MODES[shipment.mode]) if shipment.mode in _MODES else Name(shipment.mode),
        incident=order.incident,
        override=_override(work, shipment),
        demo=order.demo,
    )


def issue_note_paper(work: Work, shipment_id: UUID) -> IssueNotePaper:
    """Return the data of the issue note of a consignment: what it took out, by lot and bin.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    shipment = work.session.get(Shipment, shipment_id)
    if shipment is None or shipment.departed_at is None:
        raise NotFound(kind="shipment", key=str(shipment_id))
    order = order_paper(work, shipment.order_id)
    row = work.session.get_one(DispatchOrder, shipment.order_id)
    signed = [one for one in hands(work, document_ids=[row.id]) if one.at <= shipment.departed_at]
    return IssueNotePaper(
        number=UNNUMBERED,
        revision=1,
        stockpile=named(work.session.get_one(Site, row.from_site_id)),
        keeper=order.sender.unit,
        receiver=order.receiver,
        purpose=order.incident,
        issued_at=shipment.departed_at,
        lines=_issue_lines(work, shipment),
        order_number=order.number,
        waybill_number=shipment.number,
        picked_by=_people(signed, "keeper"),
        checked_by=_people(signed, "checker"),
        override=_override(work, shipment),
        demo=order.demo,
    )


def _people(signed: Sequence[Hand], role: str) -> str:
    """Return who signed in a capacity; more than one where a pick went on in another shift."""
    return " / ".join(dict.fromkeys(one.name.zh for one in signed if one.role == role))


def _override(work: Work, shipment: Shipment) -> Override | None:
    """Return the rule that was set aside so that a consignment could leave: at shipping, else before it."""
    entry = work.session.scalar(
        select(Journal)
        .join(Movement, Movement.entry_id == Journal.id)
        .where(Movement.to_place_id == shipment.id, Movement.reason == "ship")
        .limit(1)
    )
    reason = json.loads(entry.facts)["asked"].get("override_reason") if entry is not None else None
    if entry is not None and reason:
        return Override(_actor(work, entry), entry.recorded_at, reason)
    for one in hands(work, document_ids=[shipment.order_id]):
        if one.override_reason and shipment.departed_at is not None and one.at <= shipment.departed_at:
            return Override(one.name.zh, one.at, one.override_reason)
    return None


def _actor(work: Work, entry: Journal) -> str:
    """Return who made an entry, empty for the program itself."""
    return work.session.get_one(Account, entry.actor_id).name_zh if entry.actor_id is not None else ""


def _issue_lines(work: Work, shipment: Shipment) -> tuple[IssueNoteLine, ...]:
    units = term_names(work, kind="unit")
    rows = work.connection.execute(
        _moves(Movement.to_place_id == shipment.id, Movement.reason == "ship").order_by(
            OrderLine.position, Movement.lot_id, Movement.line
        )
    ).all()
    shipped: dict[tuple[UUID, UUID, UUID], tuple[AnyRow, int]] = {}
    for row in rows:  # A consignment takes a lot out of a place once for each hold on it.
        key = (row.order_line_id, row.lot_id, row.from_place_id)
        shipped[key] = (row, row.quantity + (shipped[key][1] if key in shipped else 0))
    found = []
    for row, whole in shipped.values():
        bins = _bins_of(work, row, whole) if row.kind == "staging" else [(row.place, whole)]
        lot = work.session.get_one(Lot, row.lot_id)
        item = work.session.get_one(Item, lot.item_id)
        found += [
            IssueNoteLine(
                name=named(item),
                unit=units.get(item.unit, Name(item.unit)),
                quantity=quantity,
                specification=Name(lot.spec),
                lot=lot.batch or lot.label,
                expires_on=lot.expires_on,
                code=item.code,
                bin=place,
            )
            for place, quantity in bins
        ]
    return tuple(found)


def _moves(*conditions: Any) -> Any:
    """Return the query for movements of order lines with the place they came from."""
    return (
        select(
            Movement.order_line_id,
            Movement.lot_id,
            Movement.from_place_id,
            Movement.to_place_id,
            Movement.quantity,
            Movement.reason,
            Journal.sequence,
            Journal.node_id,
            Place.code.label("place"),
            Place.kind,
        )
        .join(Journal, Journal.id == Movement.entry_id)
        .join(OrderLine, OrderLine.id == Movement.order_line_id)
        .join(Place, Place.id == Movement.from_place_id)
        .where(*conditions)
    )


def _bins_of(work: Work, shipped: AnyRow, whole: int) -> list[tuple[str, int]]:
    """Return the bins that staged goods came from, with how much of each, as they were picked: first picked, first out.

    What no pick explains (moved to the staging area by hand) is told by the staging area's own code.
    """
    staging = shipped.from_place_id
    rows = work.connection.execute(
        _moves(
            Movement.order_line_id == shipped.order_line_id,
            Movement.lot_id == shipped.lot_id,
            (Movement.to_place_id == staging) | (Movement.from_place_id == staging),
            Journal.sequence < shipped.sequence,
            Journal.node_id == shipped.node_id,
        ).order_by(Journal.sequence, Movement.line)
    )
    waiting: deque[tuple[str, int]] = deque()
    for row in rows:
        if row.to_place_id == staging:
            waiting.append((row.place, row.quantity))
        else:
            _taken(waiting, row.quantity, last=row.reason == "unpick")
    found: dict[str, int] = {}
    for place, quantity in _taken(waiting, whole):
        found[place] = found.get(place, 0) + quantity
    left = whole - sum(found.values())
    return [*found.items(), *([(shipped.place, left)] if left else [])]


def _taken(waiting: deque[tuple[str, int]], quantity: int, *, last: bool = False) -> list[tuple[str, int]]:
    """Take a quantity off what waits, from the first picked (or the last) on; return what was taken from which bin."""
    found = []
    while quantity and waiting:
        place, there = waiting.pop() if last else waiting.popleft()
        part = min(there, quantity)
        found.append((place, part))
        quantity -= part
        if there > part:
            (waiting.append if last else waiting.appendleft)((place, there - part))
    return found


def entry_site(work: Work, entry: Journal) -> UUID | None:
    """Return the one site into which an entry brought goods from outside; None when there is none, or several."""
    sites = work.connection.scalars(_incoming(entry.id, Place.site_id).distinct()).all()
    return sites[0] if len(sites) == 1 else None


def entry_state(work: Work, entry: Journal) -> str:
    """Return "reversed" for an entry that was reversed, nothing for one that stands."""
    return "" if _reversal(work, entry.id) is None else "reversed"


def _incoming(entry_id: UUID, *columns: Any) -> Any:
    """Return the query for the movements of an entry that brought goods from outside into a real place."""
    return (
        select(*columns)
        .select_from(Movement)
        .join(Place, Place.id == Movement.to_place_id)
        .join(_source, _source.c.id == Movement.from_place_id)
        .where(Movement.entry_id == entry_id, Place.site_id.is_not(None), _source.c.site_id.is_(None))
        .where(Movement.reason.in_(("receive", "deliver", "damaged", "over")))
    )


def receipt_note_paper(work: Work, entry_id: UUID) -> ReceiptNotePaper:
    """Return the data of the receipt note of an entry that took goods into a stockpile.

    Raises
    ------
    NotFound
        The entry brought nothing into a stockpile.
    EmptyPaper, BadPaperValue
    """
    entry = work.session.get(Journal, entry_id)
    site_id = entry_site(work, entry) if entry is not None else None
    if entry is None or site_id is None:
        raise NotFound(kind="entry", key=str(entry_id))
    columns = (Movement.quantity, Movement.reason, Place.code, _source.c.code.label("source"), Lot, Item)
    query = _incoming(entry_id, *columns).join(Lot, Lot.id == Movement.lot_id).join(Item, Item.id == Lot.item_id)
    rows, site = work.session.execute(query.order_by(Movement.line)).all(), work.session.get_one(Site, site_id)
    owners = list(dict.fromkeys([row.Lot.owner_id for row in rows]))
    source, supplier, based_on = _origin(work, entry, rows[0].Lot, rows[0].source)
    return ReceiptNotePaper(
        number=UNNUMBERED,
        revision=1,
        stockpile=named(site),
        entered_at=entry.occurred_at,
        lines=tuple(_receipt_line(work, row) for row in rows),
        keeper=named(work.session.get_one(Organisation, site.organisation_id)),
        owner=_joined([named(work.session.get_one(Organisation, owner_id)) for owner_id in owners]),
        source=source,
        supplier=supplier,
        based_on=based_on,
        entered_by=_actor(work, entry),
        reversed=_reversal(work, entry_id),
        demo=here(work).demo,
    )


def _origin(work: Work, entry: Journal, lot: Lot, source: str) -> tuple[Name, Name, str]:
    """Return how goods came, from whom, and with which document; `source` is the place that they came from."""
    if entry.kind == "take_paper":  # Their place stands for the consignment of another node and bears its number.
        return both(_TRANSFER), Name(""), source
    shipment = work.session.get(Shipment, entry.subject_id) if entry.kind == "receive_shipment" else None
    if shipment is None:
        return both(_SOURCES[lot.source]), Name(lot.source_name), ""
    order = order_paper(work, shipment.order_id)
    return both(_TRANSFER), _joined([order.sender.unit, order.sender.place], " "), f"{order.number} {shipment.number}"


def _joined(parts: Sequence[Name], sign: str = " / ") -> Name:
    """Return several names in one."""
    return Name(sign.join(part.zh for part in parts), sign.join(part.en or part.zh for part in parts))


def _receipt_line(work: Work, row: AnyRow) -> ReceiptNoteLine:
    lot, item = row.Lot, row.Item
    return ReceiptNoteLine(
        name=named(item),
        unit=term_names(work, kind="unit").get(item.unit, Name(item.unit)),
        quantity=row.quantity,
        specification=Name(lot.spec),
        lot=lot.batch or lot.label,
        expires_on=lot.expires_on,
        remarks=both(_NOT_ORIGINAL[row.reason]) if row.reason in _NOT_ORIGINAL else Name(""),
        bin=row.code,
        unit_price_fen=lot.unit_price_fen,
    )


def _reversal(work: Work, entry_id: UUID) -> Reversal | None:
    undone = work.session.scalar(select(Journal).where(Journal.reverses_id == entry_id))
    if undone is None:
        return None
    return Reversal(undone.recorded_at, _actor(work, undone), json.loads(undone.facts)["asked"].get("why", ""))
