"""Entries of an incident's journal in words: quantities, places, people, cuts and reasons, in both languages.

An entry says what was asked and what came of it; ids in it are looked up once for all entries. What is told follows
from the entry and from names: told again it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import LANGUAGES, N_, choose, fill
from inventory.core.work import Work
from inventory.errands.deed_words import DEEDS
from inventory.incidents.rules import LEVEL_SIGNS
from inventory.models import (
    Discrepancy,
    DispatchOrder,
    Item,
    Journal,
    Lot,
    Movement,
    Request,
    RequestLine,
    Shipment,
    Site,
)
from inventory.people.stories import Entry
from inventory.speech import state_word

_JOIN = N_("; ")
_CUTS = {"cut_network": N_("network cut"), "cut_power": N_("power cut"), "cut_road": N_("road cut")}
_HOW = {
    "found": N_("%(goods)s: found after all"),
    "lost": N_("%(goods)s: written off as lost"),
    "noted": N_("%(goods)s: noted"),
}
_DIFFERENCES = {
    "short": N_("did not arrive: %(goods)s"),
    "damaged": N_("arrived damaged: %(goods)s"),
    "over": N_("more than was sent: %(goods)s"),
}
_PROGRAM = N_("the program")


@dataclass(frozen=True)
class Goods:
    """What goods are called: item and unit."""

    item: Name
    unit: Name


@dataclass(frozen=True)
class Known:
    """Names behind the ids of entries."""

    items: Mapping[UUID, Goods]
    lots: Mapping[UUID, UUID]
    sites: Mapping[UUID, Name]
    orders: Mapping[UUID, tuple[str, UUID, UUID]]
    """Order -> its number, where it comes from, where it goes."""
    shipments: Mapping[UUID, str]
    requests: Mapping[UUID, str]
    request_items: Mapping[UUID, UUID]
    discrepancies: Mapping[UUID, tuple[str, UUID, int]]
    """Discrepancy -> its kind, lot and quantity."""
    opened: Mapping[UUID, Sequence[UUID]]
    """Entry -> the discrepancies that it opened."""


def known_of(work: Work, *, incident_id: UUID) -> Known:
    """Return the names that the entries of an incident need."""
    units = term_names(work, kind="unit")
    orders = {
        row.id: (row.number, row.from_site_id, row.to_site_id)
        for row in work.session.scalars(select(DispatchOrder).where(DispatchOrder.incident_id == incident_id))
    }
    requests = {
        row.id: row.number for row in work.session.scalars(select(Request).where(Request.incident_id == incident_id))
    }
    shipments = {
        row.id: row.number for row in work.session.scalars(select(Shipment).where(Shipment.order_id.in_(orders)))
    }
    lines = work.connection.execute(
        select(RequestLine.id, RequestLine.item_id).where(RequestLine.request_id.in_(requests))
    )
    own = select(Journal.id).where(Journal.incident_id == incident_id)
    rows = work.session.scalars(
        select(Discrepancy).where(Discrepancy.opened_by_id.in_(own)).order_by(Discrepancy.id)
    ).all()
    lots = work.connection.execute(
        select(Lot.id, Lot.item_id)
        .join(Movement, Movement.lot_id == Lot.id)
        .where(Movement.entry_id.in_(own))
        .distinct()
    )
    opened: dict[UUID, list[UUID]] = {}
    for row in rows:
        opened.setdefault(row.opened_by_id, []).append(row.id)
    return Known(
        items={
            row.id: Goods(Name(row.name_zh, row.name_en), units.get(row.unit, Name(row.unit)))
            for row in work.session.scalars(select(Item))
        },
        lots={row.id: row.item_id for row in lots},
        sites={
            row.id: Name(row.name_zh, row.name_en)
            for row in work.connection.execute(select(Site.id, Site.name_zh, Site.name_en))
        },
        orders=orders,
        shipments=shipments,
        requests=requests,
        request_items={row.id: row.item_id for row in lines if row.item_id is not None},
        discrepancies={row.id: (row.kind, row.lot_id, row.quantity) for row in rows},
        opened=opened,
    )


def deed_name(entry: Entry) -> Name:
    """Return what was done, in both languages; the bare command where it has no words."""
    return _both(lambda language: fill(DEEDS[entry.kind], {}, language) if entry.kind in DEEDS else entry.kind)


def actor_name(entry: Entry) -> Name:
    """Return who did it; the program for what it did by itself."""
    return entry.actor if entry.actor is not None else _both(lambda language: fill(_PROGRAM, {}, language))


def document_of(entry: Entry, known: Known) -> str:
    """Return the number of the document that an entry made or is about; empty where there is none."""
    made = entry.outcome.get("number")
    if isinstance(made, str):
        return made
    orders = entry.outcome.get("orders") or []
    numbers = [one["number"] for one in orders if isinstance(one, dict) and "number" in one]
    if numbers:
        return numbers[0] if len(numbers) == 1 else f"{numbers[0]} \u2026 {numbers[-1]}"
    subject = entry.subject_id
    if subject is None:
        return ""
    if subject in known.orders:
        return known.orders[subject][0]
    return known.shipments.get(subject, "") or known.requests.get(subject, "")


def told(entry: Entry, known: Known) -> Name:
    """Return what happened with quantities and reasons, in both languages."""
    return _both(lambda language: _Teller(known, language).told(entry))


def goods_text(item: Name, unit: Name, quantity: int, language: str) -> str:
    """Return a quantity of goods in one language: "Tent 60 ding"."""
    facts = {"item": item, "quantity": quantity, "unit": choose(unit, language)}
    return fill(N_("%(item)s %(quantity)s %(unit)s"), facts, language)


def _both(tell: Callable[[str], str]) -> Name:
    chinese, english = (tell(language) for language in LANGUAGES)
    return Name(chinese, english)


@dataclass(frozen=True)
class _Teller:
    """Tells entries in one language."""

    known: Known
    language: str

    def told(self, entry: Entry) -> str:
        tell = getattr(self, f"_{entry.kind}", None)
        parts: list[str] = tell(entry) if tell is not None else []
        reasons = [str(entry.asked[key]) for key in ("why", "note") if entry.asked.get(key)]
        return self._join([*parts, *(reason for reason in reasons if reason not in parts)])

    def _say(self, msgid: str, **facts: Any) -> str:
        return fill(msgid, facts, self.language)

    def _join(self, parts: Sequence[str]) -> str:
        return self._say(_JOIN).join(part for part in parts if part)

    def _site(self, key: object) -> Name:
        return self.known.sites.get(UUID(str(key)), Name(str(key))) if key else Name("")

    def _goods(self, item_id: UUID, quantity: int) -> str:
        goods = self.known.items.get(item_id, Goods(Name(str(item_id)), Name("")))
        return goods_text(goods.item, goods.unit, quantity, self.language)

    def _of_lot(self, lot: object, quantity: int) -> str:
        lot_id = UUID(str(lot))
        return self._goods(self.known.lots.get(lot_id, lot_id), quantity)

    def _affected(self, entry: Entry) -> list[str]:
        """Return places with people and cuts, as they were entered."""
        found = []
        for place in entry.asked.get("affected") or []:
            site, people, households = self._site(place["site_id"]), place["people"], place["households"]
            text = (
                self._say(
                    N_("%(place)s: %(people)s people, %(households)s households"),
                    place=site,
                    people=people,
                    households=households,
                )
                if households
                else self._say(N_("%(place)s: %(people)s people"), place=site, people=people)
            )
            cuts = [self._say(words) for key, words in _CUTS.items() if place.get(key)]
            found.append(self._say(N_(", ")).join([text, *cuts]))
        return found

    def _level(self, entry: Entry) -> list[str]:
        level = entry.asked.get("level")
        return [self._say(N_("Response level %(level)s"), level=LEVEL_SIGNS[level])] if level else []

    def _open_incident(self, entry: Entry) -> list[str]:
        return [*self._level(entry), *self._affected(entry)]

    def _change_incident(self, entry: Entry) -> list[str]:
        state = entry.asked.get("state")
        words = [state_word("incident", state, self.language)] if state else []
        return [*self._level(entry), *words, *self._affected(entry)]

    def _submit_request(self, entry: Entry) -> list[str]:
        totals: dict[UUID, int] = {}
        for line in entry.asked["lines"]:
            item_id = UUID(line["item_id"])
            totals[item_id] = totals.get(item_id, 0) + line["quantity"]
        goods = [self._goods(item_id, quantity) for item_id, quantity in totals.items()]
        place = self._site(entry.asked["deliver_site"])
        return [self._say(N_(", ")).join(goods), self._say(N_("to be delivered to %(place)s"), place=place)]

    def _resubmit_request(self, entry: Entry) -> list[str]:
        changed = []
        for key, quantity in sorted(entry.asked["quantities"].items()):
            item_id = self.known.request_items.get(UUID(key))
            if item_id is not None:
                changed.append(self._goods(item_id, quantity))
        return [self._say(N_(", ")).join(changed)]

    def _approve_plan(self, entry: Entry) -> list[str]:
        parts = []
        for order in entry.outcome["orders"]:
            number, origin, target = self.known.orders.get(UUID(order["id"]), (order["number"], None, None))
            parts.append(
                self._say(
                    N_("%(number)s: %(origin)s to %(target)s"),
                    number=number,
                    origin=self._site(origin),
                    target=self._site(target),
                )
            )
        if entry.asked.get("verbal_by"):
            parts.append(self._say(N_("by word of mouth: %(name)s"), name=entry.asked["verbal_by"]))
        return parts + self._override(entry)

    def _override(self, entry: Entry) -> list[str]:
        reason = entry.asked.get("override_reason")
        return [self._say(N_("a rule was set aside: %(reason)s"), reason=reason)] if reason else []

    def _check_order(self, entry: Entry) -> list[str]:
        return self._override(entry)

    def _ship_order(self, entry: Entry) -> list[str]:
        carrier = entry.asked["carrier"]
        told = " ".join(str(carrier[key]) for key in ("plate", "driver", "phone") if carrier.get(key))
        order = self.known.orders.get(entry.subject_id) if entry.subject_id else None
        route = (
            [self._say(N_("%(origin)s to %(target)s"), origin=self._site(order[1]), target=self._site(order[2]))]
            if order
            else []
        )
        return [*route, told, *self._override(entry)]

    def _receive_shipment(self, entry: Entry) -> list[str]:
        totals: dict[UUID, int] = {}
        for line in entry.asked["lines"]:
            lot_id = UUID(line["lot_id"])
            item_id = self.known.lots.get(lot_id, lot_id)
            totals[item_id] = totals.get(item_id, 0) + line["good"] + line["damaged"]
        goods = [self._goods(item_id, quantity) for item_id, quantity in totals.items()]
        parts = [self._say(N_("received: %(goods)s"), goods=self._say(N_(", ")).join(goods))]
        for key in self.known.opened.get(entry.id, ()):
            kind, lot_id, quantity = self.known.discrepancies[key]
            if kind in _DIFFERENCES:
                parts.append(self._say(_DIFFERENCES[kind], goods=self._of_lot(lot_id, quantity)))
        return parts + self._override(entry)

    def _resolve_discrepancy(self, entry: Entry) -> list[str]:
        kind_lot_quantity = self.known.discrepancies.get(UUID(entry.asked["discrepancy"]))
        if kind_lot_quantity is None:
            return []
        _, lot_id, quantity = kind_lot_quantity
        return [self._say(_HOW[entry.asked["how"]], goods=self._of_lot(lot_id, quantity))]

    def _use_goods(self, entry: Entry) -> list[str]:
        return [self._of_lot(entry.asked["lot"], entry.asked["quantity"])]

    def _return_goods(self, entry: Entry) -> list[str]:
        goods, place = self._of_lot(entry.asked["lot"], entry.asked["quantity"]), self._site(entry.asked["site"])
        return [self._say(N_("%(goods)s back to %(place)s"), goods=goods, place=place)]
