"""What happened before: three past incidents with their goods, one of today, a late consignment, a count in review.

All of it is told through the commands of the rooms, by the people who would give them, on a clock set back: so the
journal of the demo district looks as one that grew.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import cycle
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from inventory.core.work import Store, Work
from inventory.demo.ground import Ground
from inventory.demo.words import FOLDER
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.picking import check_order, pick_order
from inventory.dispatch.planning import plan_request
from inventory.dispatch.receiving import in_transit, receive_shipment, resolve_discrepancy
from inventory.dispatch.rules import Carrier, Received
from inventory.dispatch.shipping import ship_order
from inventory.incidents.commands import change_incident, close_incident, open_incident, submit_request
from inventory.incidents.queries import proposed_needs
from inventory.incidents.rules import Affected, NeedLine
from inventory.models import (
    Balance,
    CountLine,
    Custody,
    Discrepancy,
    DispatchOrder,
    Incident,
    Item,
    Lot,
    Plan,
    Shipment,
)
from inventory.stocktaking.opening import open_count
from inventory.stocktaking.reading import read_count, submit_count

Answer = TypeVar("Answer")
ROUND_HOURS = 1.3
"""From one departure to the next: out, handed over, back."""
GoTo = Callable[[float], None]


@dataclass(frozen=True)
class Event:
    """Something that happened so many hours before the moment of loading."""

    hours_ago: float
    happen: Callable[[], None]


@cache
def stories() -> dict[str, Any]:
    """Return `history.toml`."""
    with (FOLDER / "history.toml").open("rb") as source:
        return tomllib.load(source)


@dataclass
class History:
    """Tells the stories; `go_to` sets the clock to so many hours before the moment of loading."""

    store: Store
    ground: Ground
    go_to: GoTo
    moment: dt.datetime
    carriers: Iterator[dict[str, str]] = field(default_factory=lambda: cycle(stories()["carrier"]))

    def events(self) -> list[Event]:
        """Return what there is to tell, with its time."""
        found = stories()
        told = [(story["hours_ago"], partial(self.incident, story)) for story in found["incident"]]
        told.append((found["preposition"]["hours_ago"], partial(self.preposition, found["preposition"])))
        told.append((found["count"]["hours_ago"], partial(self.count, found["count"])))
        return [Event(hours_ago, happen) for hours_ago, happen in told]

    def do(self, login: str, job: Callable[[Work], Answer]) -> Answer:
        """Let a demo account give a command."""
        return self.store.write(self.ground.actor(login), job)

    def incident(self, story: dict[str, Any]) -> None:
        """Tell one incident up to where its `end` says."""
        self.go_to(story["hours_ago"])
        affected = [
            Affected(
                site_id=self.ground.sites[place["site"]],
                people=place["people"],
                households=place["households"],
                cut_network="network" in place.get("cuts", ()),
                cut_power="power" in place.get("cuts", ()),
                cut_road="road" in place.get("cuts", ()),
            )
            for place in story["affected"]
        ]
        incident_id = self.opened(story, affected)
        self.go_to(story["hours_ago"] - 0.5)
        request_id = self.requested(story, affected, incident_id)
        if story["end"] == "requested":
            return
        orders = self.approved(story["hours_ago"] - 1, request_id)
        for position, order_id in enumerate(orders):
            self.delivered(
                story, order_id, hours_ago=story["hours_ago"] - 2 - position * ROUND_HOURS, first=position == 0
            )
        self.settled(story, incident_id)

    def opened(self, story: dict[str, Any], affected: list[Affected]) -> UUID:
        """Open the incident."""
        done = self.do(
            "duty",
            lambda work: open_incident(
                work,
                id=work.env.new_id(),
                name_zh=story["name_zh"],
                name_en=story["name_en"],
                hazard=story["hazard"],
                level=story["level"],
                division_id=self.ground.divisions[story["division"]],
                affected=affected,
                note=story["note"],
                demo=True,
            ),
        )
        return UUID(done.outcome["incident"])

    def requested(self, story: dict[str, Any], affected: list[Affected], incident_id: UUID) -> UUID:
        """Submit what the norms propose, of the items that the story names."""

        def job(work: Work) -> Any:
            wanted = set(story["items"])
            lines = [
                NeedLine(
                    item_id=one.need.item_id,
                    site_id=one.need.site_id,
                    quantity=one.need.quantity,
                    priority=one.need.priority,
                    basis=one.need.basis,
                )
                for one in proposed_needs(work, affected=affected, hazard=story["hazard"], days=story["days"])
                if one.item_code in wanted
            ]
            return submit_request(
                work,
                id=work.env.new_id(),
                asker_id=self.ground.organisations[story["asker"]],
                asked_id=self.ground.organisations["WS"],
                deliver_site_id=affected[0].site_id,
                lines=lines,
                incident_id=incident_id,
                days=story["days"],
                needed_by=work.now + dt.timedelta(hours=6),
                note=story["note"],
            )

        return UUID(self.do(story["requester"], job).outcome["request"])

    def approved(self, hours_ago: float, request_id: UUID) -> list[UUID]:
        """Plan by fixed rounds (the same everywhere) and approve; return the orders by number."""
        self.go_to(hours_ago)
        duty = self.ground.actor("duty")
        plan_request(
            self.store,
            duty,
            id=self.store.env.new_id(),
            request_id=request_id,
            alternatives=("fastest",),
            seconds=None,
        )

        def job(work: Work) -> list[UUID]:
            plan = work.session.scalars(select(Plan).where(Plan.request_id == request_id)).one()
            approve_plan(work, id=work.env.new_id(), plan_id=plan.id, seen=plan.changed_by_id)
            orders = select(DispatchOrder.id).where(DispatchOrder.request_id == request_id)
            return list(work.connection.scalars(orders.order_by(DispatchOrder.number)))

        return self.do("commander", job)

    def shipped(self, order_id: UUID, *, hours_ago: float, eta_at: dt.datetime | None = None) -> UUID:
        """Pick, check and ship an order by three people; return the shipment."""
        self.go_to(hours_ago)
        van = next(self.carriers)
        carrier = Carrier(plate=van["plate"], driver=van["driver"], phone=van["phone"])

        def seen(work: Work) -> UUID:
            return work.session.get_one(DispatchOrder, order_id).changed_by_id

        self.do("clerk", lambda work: pick_order(work, id=work.env.new_id(), order_id=order_id, seen=seen(work)))
        self.do("clerk2", lambda work: check_order(work, id=work.env.new_id(), order_id=order_id, seen=seen(work)))
        done = self.do(
            "keeper",
            lambda work: ship_order(
                work, id=work.env.new_id(), order_id=order_id, seen=seen(work), carrier=carrier, eta_at=eta_at
            ),
        )
        return UUID(done.outcome["shipment"])

    def delivered(self, story: dict[str, Any], order_id: UUID, *, hours_ago: float, first: bool) -> None:
        """Ship an order and sign for it; of the first order of a story a few are short or damaged."""
        shipment_id = self.shipped(order_id, hours_ago=hours_ago)
        self.go_to(hours_ago - 1)

        def receive(work: Work) -> Any:
            short, damaged = (story.get("short", 0), story.get("damaged", 0)) if first else (0, 0)
            lines = []
            carried = sorted(in_transit(work, shipment_id).items(), key=lambda one: (-one[1], str(one[0])))
            for (line_id, lot_id), quantity in carried:
                missing, broken = (short, damaged) if quantity > short + damaged else (0, 0)
                short, damaged = short - missing, damaged - broken
                lines.append(Received(line_id, lot_id, good=quantity - missing - broken, damaged=broken))
            shipment = work.session.get_one(Shipment, shipment_id)
            return receive_shipment(
                work, id=work.env.new_id(), shipment_id=shipment_id, seen=shipment.changed_by_id, lines=lines
            )

        self.do("teamlead", receive)
        self.go_to(hours_ago - 1.2)

        def resolve(work: Work) -> None:
            open_ones = select(Discrepancy).where(
                Discrepancy.place_id == shipment_id, Discrepancy.resolved_by_id.is_(None)
            )
            for row in work.session.scalars(open_ones.order_by(Discrepancy.kind)).all():
                how = story.get("short_how", "lost") if row.kind == "short" else "noted"
                note = story.get("short_note", story["note"])
                resolve_discrepancy(work, id=work.env.new_id(), discrepancy_id=row.id, how=how, note=note)

        self.do("manager", resolve)

    def settled(self, story: dict[str, Any], incident_id: UUID) -> None:
        """Use what was used, take back what comes back, and end the incident as the story says."""
        later = story["hours_ago"] - 24 * story["days"]
        self.go_to(later - 10)
        self.do("teamlead", lambda work: _use_up(work, story, incident_id))
        self.go_to(later - 14)
        self.do("keeper", lambda work: _take_back(work, story, incident_id, self.ground.sites[story["return_to"]]))
        for state in ("demobilizing", "reconciling")[: 2 if story["end"] == "closed" else 1]:
            self.do("duty", partial(_step, incident_id=incident_id, state=state))
        if story["end"] == "closed":
            self.do("commander", partial(_close, incident_id=incident_id))

    def preposition(self, story: dict[str, Any]) -> None:
        """Send goods ahead; they have left, should have arrived, and nobody has signed for them."""
        self.go_to(story["hours_ago"])
        site_id = self.ground.sites[story["site"]]

        def job(work: Work) -> Any:
            lines = [NeedLine(self.ground.items[line["item"]], site_id, line["quantity"], 1) for line in story["line"]]
            return submit_request(
                work,
                id=work.env.new_id(),
                asker_id=self.ground.organisations[story["asker"]],
                asked_id=self.ground.organisations["WS"],
                deliver_site_id=site_id,
                lines=lines,
                kind="preposition",
                days=story["days"],
                note=story["note"],
            )

        request_id = UUID(self.do("duty", job).outcome["request"])
        orders = self.approved(story["hours_ago"] - 0.5, request_id)
        eta_at = self.moment - dt.timedelta(hours=story["eta_hours_ago"])
        left_at = story["hours_ago"] - 1.5
        for position, order_id in enumerate(orders[:-1]):
            self.delivered(story, order_id, hours_ago=left_at - position * ROUND_HOURS, first=False)
        self.shipped(orders[-1], hours_ago=left_at - len(orders) * ROUND_HOURS, eta_at=eta_at)

    def count(self, story: dict[str, Any]) -> None:
        """Count a store blind and hand it in with a few differences."""
        self.go_to(story["hours_ago"])
        site_id = self.ground.sites[story["site"]]
        opened = self.do(
            story["by"], lambda work: open_count(work, id=work.env.new_id(), site_id=site_id, kind=story["kind"])
        )
        count_id = UUID(opened.outcome["count"])
        self.go_to(story["hours_ago"] - 1)

        def read(work: Work) -> None:
            differences = list(story["differences"])
            rows = work.connection.execute(
                select(CountLine.id, Balance.quantity)
                .join(Balance, (Balance.lot_id == CountLine.lot_id) & (Balance.place_id == CountLine.place_id))
                .where(CountLine.count_id == count_id)
                .order_by(CountLine.position)
            )
            for line_id, book in rows.all():
                off = differences.pop(0) if differences and book > 10 else 0
                read_count(work, id=work.env.new_id(), line_id=line_id, quantity=book + off)

        self.do(story["by"], read)
        self.do(story["by"], lambda work: submit_count(work, id=work.env.new_id(), count_id=count_id))


def _in_custody(work: Work, incident_id: UUID) -> list[tuple[UUID, UUID, str, int]]:
    """Return what receivers of an incident answer for: custody, lot, item code, base units."""
    rows = work.connection.execute(
        select(Custody.id, Lot.id, Item.code, Balance.quantity)
        .join(Balance, Balance.place_id == Custody.id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(Custody.incident_id == incident_id, Balance.quantity > 0)
        .order_by(Item.code, Lot.label, Custody.id)
    )
    return [(custody_id, lot_id, code, quantity) for custody_id, lot_id, code, quantity in rows]


def _use_up(work: Work, story: dict[str, Any], incident_id: UUID) -> None:
    """Record as used what neither comes back nor stays in use."""
    for custody_id, lot_id, code, quantity in _in_custody(work, incident_id):
        back = quantity * story["returned_percent"] // 100 if code in story["returned_items"] else 0
        if code not in story.get("keep_items", ()) and quantity > back:
            note, used = story["note"], quantity - back
            use_goods(work, id=work.env.new_id(), custody_id=custody_id, lot_id=lot_id, quantity=used, note=note)


def _take_back(work: Work, story: dict[str, Any], incident_id: UUID, site_id: UUID) -> None:
    """Take the rest of what comes back into quarantine, where it waits for inspection."""
    for custody_id, lot_id, code, quantity in _in_custody(work, incident_id):
        if code in story["returned_items"]:
            where = {"custody_id": custody_id, "lot_id": lot_id, "site_id": site_id}
            return_goods(work, id=work.env.new_id(), quantity=quantity, note=story["note"], **where)


def _step(work: Work, incident_id: UUID, state: str) -> None:
    seen = work.session.get_one(Incident, incident_id).changed_by_id
    change_incident(work, id=work.env.new_id(), incident_id=incident_id, seen=seen, state=state)


def _close(work: Work, incident_id: UUID) -> None:
    seen = work.session.get_one(Incident, incident_id).changed_by_id
    close_incident(work, id=work.env.new_id(), incident_id=incident_id, seen=seen)
