"""From the database to the papers of an incident: its record, its close-out, the cards of the district's resources.

The record is the journal in words, so it changes with every entry about the incident and only then. Printing a paper
is an entry too, but nothing that happened in the incident: it is left out, else no paper could be printed twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import LANGUAGES, N_
from inventory.core.work import Work
from inventory.dispatch.queries import orders
from inventory.dispatch.reckoning import Reckoning, reckoning
from inventory.dispatch.tracking import custody, shipments
from inventory.documents.data.incidents import (
    AffectedPlacePaper,
    CardKind,
    CloseOutLinePaper,
    CloseOutPaper,
    IncidentRecordPaper,
    RecordLinePaper,
    ResourceCardPaper,
    ResourceCardsPaper,
    UnresolvedPaper,
)
from inventory.documents.data.values import NO_NAME, Contact
from inventory.errands.paper_facts import both, named
from inventory.errands.told_entries import actor_name, deed_name, document_of, goods_text, known_of, told
from inventory.incidents.queries import IncidentRow, RequestRow, incident, requests
from inventory.incidents.rules import LEVEL_SIGNS
from inventory.models import (
    Account,
    Custody,
    Discrepancy,
    DispatchOrder,
    Incident,
    Item,
    Journal,
    Lot,
    Shipment,
    SignOff,
    Site,
)
from inventory.people.queries import here
from inventory.people.stories import story_of_incident
from inventory.speech import state_word
from inventory.teams.queries import DeviceView, TeamView, VehicleView, devices, teams, vehicles

_EVERY = 1_000_000
_OPEN_REQUESTS = ("draft", "submitted", "returned", "approved", "in_fulfilment")
_NOT_LEFT = ("issued", "acknowledged", "picking", "picked", "checked")
_MOVING = ("loading", "in_transit", "arrived", "broken_down", "rerouted", "returning")
_LEVEL = N_("Response level %(level)s")
_KINDS = {
    "short": N_("Did not arrive"),
    "over": N_("Surplus"),
    "damaged": N_("Damaged"),
    "overdrawn": N_("Booked below zero"),
    "hold_broken": N_("Reservation not covered"),
}
"""Kinds of discrepancy, as the screens name them."""
_STATES = {
    "available": N_("available"),
    "alerted": N_("alerted"),
    "standby": N_("on standby"),
    "en_route": N_("on the way"),
    "on_site": N_("on site"),
    "resting": N_("resting"),
    "out_of_service": N_("out of service"),
    "serviceable": N_("serviceable"),
    "limited": N_("usable with limits"),
    "unserviceable": N_("not serviceable"),
    "awaiting_inspection": N_("waits for inspection"),
    "retired": N_("retired"),
}
"""States of teams and vehicles, and conditions of devices."""
_MODES = {
    "truck": N_("Truck"),
    "light_truck": N_("Light truck"),
    "van": N_("Van"),
    "off_road": N_("Off-road vehicle"),
    "boat": N_("Boat"),
    "foot": N_("On foot"),
}
_ENGINES = frozenset({"truck", "light_truck", "van", "off_road"})
"""Modes whose vehicles have the rose card; boats and carriers have the tan one."""


def incident_record_paper(work: Work, incident_id: UUID) -> IncidentRecordPaper:
    """Return the data of the record of an incident: head, places, and every entry of its journal in words.

    Raises
    ------
    NotFound, EmptyPaper, BadPaperValue
    """
    row, known = incident(work, incident_id=incident_id), known_of(work, incident_id=incident_id)
    entries = story_of_incident(work, incident_id, without=("issue_paper",))
    return IncidentRecordPaper(
        number=row.number,
        revision=1,
        incident=row.name,
        hazard=term_names(work, kind="hazard").get(row.hazard, Name(row.hazard)),
        began_at=row.began_at,
        lines=tuple(
            RecordLinePaper(
                at=entry.occurred_at,
                what=deed_name(entry),
                who=actor_name(entry),
                document=document_of(entry, known),
                told=told(entry, known),
            )
            for entry in entries
        ),
        place=row.division,
        level=both(_LEVEL, level=LEVEL_SIGNS[row.level]),
        state=_state("incident", row.state),
        unit=here(work).name,
        places=tuple(
            AffectedPlacePaper(
                place=place.name,
                people=place.people,
                households=place.households or None,
                cut_network=place.cut_network,
                cut_power=place.cut_power,
                cut_road=place.cut_road,
            )
            for place in row.sites
        ),
        closed_at=_closing(work, incident_id)[0],
        note=row.note,
        drill=row.drill,
        demo=here(work).demo,
    )


def close_out_paper(work: Work, incident_id: UUID) -> CloseOutPaper:
    """Return the data of the close-out of an incident: what became of each item, and what still waits for somebody.

    What was handed out to people is recorded with what was used; the paper says so.

    Raises
    ------
    NotFound, BadPaperValue
    """
    row = incident(work, incident_id=incident_id)
    closed_at, closed_by = _closing(work, incident_id)
    units = term_names(work, kind="unit")
    return CloseOutPaper(
        number=row.number,
        revision=1,
        incident=row.name,
        began_at=row.began_at,
        lines=tuple(_close_out_line(one, units) for one in reckoning(work, incident_id=incident_id)),
        unresolved=tuple(_unresolved(work, row, units)),
        state=_state("incident", row.state),
        unit=here(work).name,
        closed_at=closed_at,
        closed_by=closed_by,
        drill=row.drill,
        demo=here(work).demo,
    )


def _close_out_line(one: Reckoning, units: dict[str, Name]) -> CloseOutLinePaper:
    amounts = one.amounts
    return CloseOutLinePaper(
        code=one.code,
        name=one.item,
        unit=units.get(one.unit, Name(one.unit)),
        sent=amounts["sent"],
        surplus=amounts["surplus"],
        lost_on_the_way=amounts["lost_on_the_way"],
        received=amounts["received"],
        used=amounts["used"],
        distributed=amounts["distributed"] or None,
        returned=amounts["returned"],
        transferred=amounts["transferred"],
        lost=amounts["lost"],
    )


def _unresolved(work: Work, row: IncidentRow, units: dict[str, Name]) -> Iterator[UnresolvedPaper]:
    """Yield what still waits: open requests, orders that did not leave, goods on the way and with receivers,
    discrepancies, papers of verbal orders.
    """
    asked = sorted(requests(work, incident_id=row.id, limit=_EVERY), key=lambda one: one.number)
    for one in asked:
        if one.state in _OPEN_REQUESTS:
            told_state = _state("request", one.state)
            yield UnresolvedPaper(
                both(N_("Request not settled")), one.number, told_state, one.asked, _begun(work, one.id)
            )
    found = sorted(orders(work, incident_id=row.id, limit=_EVERY), key=lambda one: one.number)
    for order in found:
        if order.state in _NOT_LEFT:
            yield UnresolvedPaper(
                both(N_("Order not carried out")), order.number, _state("order", order.state), order.from_site,
                order.issued_at,
            )  # fmt: skip
    moving = [one for one in shipments(work, states=_MOVING, limit=_EVERY) if one.incident_id == row.id]
    for shipment in sorted(moving, key=lambda one: one.number):
        route = both(N_("%(origin)s to %(target)s"), origin=shipment.from_site, target=shipment.to_site)
        yield UnresolvedPaper(
            both(N_("Consignment on the way")), shipment.number, route, shipment.to_site, shipment.departed_at
        )
    yield from _with_receivers(work, row.id, units)
    yield from _discrepancies(work, row.id, units)
    yield from _papers_due(work, asked)


def _with_receivers(work: Work, incident_id: UUID, units: dict[str, Name]) -> Iterator[UnresolvedPaper]:
    """Yield what receivers still answer for, by holder, place and item."""
    sums: dict[tuple[str, str, str], int] = {}
    names: dict[tuple[str, str, str], tuple[Name, Name, Name, str]] = {}
    for one in custody(work, incident_id=incident_id, limit=_EVERY):
        key = (str(one.custody_id), one.item.zh, one.unit)
        sums[key] = sums.get(key, 0) + one.quantity
        names[key] = (one.holder, one.site, one.item, one.unit)
    for key in sorted(sums):
        holder, site, item, unit = names[key]
        who = Name(f"{holder.zh} {site.zh}", f"{holder.en or holder.zh} {site.en or site.zh}")
        goods = _goods(item, units.get(unit, Name(unit)), sums[key])
        yield UnresolvedPaper(both(N_("Goods with the receiver")), "", goods, who)


def _discrepancies(work: Work, incident_id: UUID, units: dict[str, Name]) -> Iterator[UnresolvedPaper]:
    """Yield what did not agree and nobody has settled, oldest first."""
    of_order = select(Shipment.id).join(DispatchOrder, DispatchOrder.id == Shipment.order_id)
    places = of_order.where(DispatchOrder.incident_id == incident_id)
    held = select(Custody.id).where(Custody.incident_id == incident_id)
    rows = work.session.execute(
        select(Discrepancy, Item, Journal.recorded_at, Shipment.number)
        .join(Lot, Lot.id == Discrepancy.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Journal, Journal.id == Discrepancy.opened_by_id)
        .outerjoin(Shipment, Shipment.id == Discrepancy.place_id)
        .where(
            Discrepancy.resolved_by_id.is_(None),
            Discrepancy.place_id.in_(places) | Discrepancy.place_id.in_(held),
        )
        .order_by(Journal.clock, Discrepancy.id)
    )
    for row, item, since, number in rows:
        goods = _goods(named(item), units.get(item.unit, Name(item.unit)), row.quantity)
        yield UnresolvedPaper(both(_KINDS[row.kind]), number or "", goods, NO_NAME, since)


def _papers_due(work: Work, asked: list[RequestRow]) -> Iterator[UnresolvedPaper]:
    """Yield verbal orders whose paper was not issued."""
    numbers = {one.id: one for one in asked}
    rows = work.session.execute(
        select(SignOff.document_id, SignOff.verbal_by, Journal.occurred_at)
        .join(Journal, Journal.id == SignOff.entry_id)
        .where(SignOff.document_id.in_(numbers), SignOff.paper_due_at.is_not(None), SignOff.paper_entry_id.is_(None))
        .order_by(Journal.clock)
    )
    for document_id, verbal_by, since in rows:
        one = numbers[document_id]
        words = both(N_("by word of mouth: %(name)s"), name=verbal_by)
        yield UnresolvedPaper(both(N_("Paper of a verbal order")), one.number, words, one.asked, since)


def resource_cards_paper(work: Work, incident_id: UUID) -> ResourceCardsPaper:
    """Return the data of the resource cards for the board of an incident: teams, vehicles and devices of the district.

    Raises
    ------
    NotFound, EmptyPaper
    """
    row = incident(work, incident_id=incident_id)
    disciplines, kinds = term_names(work, kind="discipline"), term_names(work, kind="device_kind")
    homes = {one.id: named(one) for one in work.session.scalars(select(Site))}
    return ResourceCardsPaper(
        number=row.number,
        revision=1,
        incident=row.name,
        incident_number=row.number,
        unit=here(work).name,
        lines=(
            *(_team_card(one, disciplines) for one in teams(work, limit=_EVERY)),
            *(_vehicle_card(one) for one in vehicles(work, limit=_EVERY)),
            *(_device_card(one, kinds, homes) for one in devices(work, limit=_EVERY)),
        ),
        drill=row.drill,
        demo=here(work).demo,
    )


def _team_card(one: TeamView, disciplines: dict[str, Name]) -> ResourceCardPaper:
    discipline = disciplines.get(one.discipline, Name(one.discipline))
    return ResourceCardPaper(
        card="team",
        identifier=one.code,
        name=one.name,
        unit=one.organisation,
        resource_type=both(N_("%(discipline)s, level %(level)s"), discipline=discipline, level=one.level),
        leader=Contact(one.leader, one.phone),
        people=one.people,
        home=one.home_site,
        state=_state_of(one.state),
    )


def _vehicle_card(one: VehicleView) -> ResourceCardPaper:
    mode = both(_MODES[one.mode]) if one.mode in _MODES else Name(one.mode)
    card: CardKind = "engine" if one.mode in _ENGINES else "miscellaneous"
    payload = both(N_("%(mode)s, payload %(kilograms)s kg"), mode=mode, kilograms=one.payload_g // 1000)
    return ResourceCardPaper(
        card=card,
        identifier=one.plate,
        name=one.name,
        unit=one.organisation,
        resource_type=payload if one.payload_g else mode,
        leader=Contact(one.driver, one.phone),
        home=one.home_site,
        state=_state_of(one.state),
        remarks=Name(one.code),
    )


def _device_card(one: DeviceView, kinds: dict[str, Name], homes: dict[UUID, Name]) -> ResourceCardPaper:
    return ResourceCardPaper(
        card="equipment",
        identifier=one.label,
        name=one.name,
        resource_type=kinds.get(one.kind, Name(one.kind)),
        leader=Contact(one.custodian),
        home=homes.get(one.home_site_id, NO_NAME) if one.home_site_id else NO_NAME,
        now_at=one.site or NO_NAME,
        state=_state_of(one.condition),
        remarks=Name(one.number or one.serial_number),
        code=one.label,
    )


def _state_of(code: str) -> Name:
    return both(_STATES[code]) if code in _STATES else Name(code)


def _state(kind: str, code: str) -> Name:
    """Return the word for a state in both languages."""
    chinese, english = (state_word(kind, code, language) for language in LANGUAGES)
    return Name(chinese, english)


def _goods(item: Name, unit: Name, quantity: int) -> Name:
    chinese, english = (goods_text(item, unit, quantity, language) for language in LANGUAGES)
    return Name(chinese, english)


def _begun(work: Work, document_id: UUID) -> dt.datetime | None:
    """Return when the first entry about a document was made."""
    query = select(Journal.occurred_at).where(Journal.subject_id == document_id)
    found: dt.datetime | None = work.connection.execute(query.order_by(Journal.clock).limit(1)).scalar_one_or_none()
    return found


def _closing(work: Work, incident_id: UUID) -> tuple[dt.datetime | None, str]:
    """Return when an incident was closed and by whom."""
    closed_by = work.session.get_one(Incident, incident_id).closed_by_id
    entry = work.session.get(Journal, closed_by) if closed_by else None
    if entry is None:
        return None, ""
    account = work.session.get(Account, entry.actor_id) if entry.actor_id else None
    return entry.occurred_at, account.name_zh if account else ""
