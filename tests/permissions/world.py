"""A district in mid-incident: one of everything that a command can act on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from inventory.core.work import Store, Work
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.picking import check_order, pick_order
from inventory.dispatch.planning import plan_request
from inventory.dispatch.proposals import plans_of
from inventory.dispatch.queries import order
from inventory.dispatch.receiving import receive_shipment
from inventory.dispatch.rules import Carrier, Received
from inventory.dispatch.shipping import ship_order
from inventory.dispatch.tracking import carried_lines, custody, discrepancies, shipments
from inventory.incidents.commands import (
    open_incident,
    submit_request,
)
from inventory.incidents.rules import Affected, NeedLine
from inventory.models import CountLine
from inventory.stocktaking import commands as stocktaking
from tests.support.district import District, found


@dataclass
class World:
    """A district in mid-incident: one of everything that a command can act on."""

    district: District
    lot: UUID
    request: UUID
    plan: UUID
    order: UUID
    shipment: UUID
    order_line: UUID
    count: UUID
    count_line: UUID
    discrepancy: UUID
    custody: UUID
    incident: UUID
    norm_item: UUID


@dataclass
class _Builder:
    """Brings a district to the middle of an incident, step by step."""

    district: District
    incident: UUID

    def request(self) -> UUID:
        """Submit a request for five tents and compute its plan."""
        district, shelter = self.district, self.district.sites["SHELTER"]
        done = district.do(
            "duty",
            submit_request,
            incident_id=self.incident,
            asker_id=district.organisations["east"],
            asked_id=district.organisations["bureau"],
            deliver_site_id=shelter,
            needed_by=district.store.env.now() + dt.timedelta(hours=9),
            lines=[NeedLine(district.items["TENT"], shelter, 5, 0)],
        )
        key = UUID(done.outcome["request"])
        duty, new = district.people["duty"], district.store.env.new_id
        plan_request(district.store, duty, id=new(), request_id=key, alternatives=("fastest",))
        return key

    def order(self) -> UUID:
        """Approve a plan; return its order."""
        plan = self.district.ask(plans_of, request_id=self.request())[0]
        done = self.district.do("commander", approve_plan, plan_id=plan.id, seen=plan.seen)
        return UUID(done.outcome["orders"][0]["id"])

    def shipment(self) -> UUID:
        """Pick, check and ship an order; return its consignment."""
        key = self.order()
        for who, command, more in (
            ("clerk", pick_order, {}),
            ("keeper", check_order, {}),
            ("clerk2", ship_order, {"carrier": Carrier()}),
        ):
            seen = self.district.ask(order, order_id=key).seen
            self.district.do(who, command, order_id=key, seen=seen, **more)
        (row,) = self.district.ask(shipments, order_id=key, states=())
        return row.id

    def receive(self, shipment_id: UUID, good: int) -> None:
        """Sign for a consignment; what is not good is short."""
        (line,) = self.district.ask(carried_lines, shipment_id=shipment_id)
        seen = next(row.seen for row in self.district.ask(shipments) if row.id == shipment_id)
        lines = [Received(line.order_line_id, line.lot_id, good)]
        self.district.do("receiver", receive_shipment, shipment_id=shipment_id, seen=seen, lines=lines)


def _flood(district: District) -> UUID:
    done = district.do(
        "duty",
        open_incident,
        name_zh="Flood",
        hazard="flood",
        level=3,
        division_id=district.divisions["east"],
        affected=[Affected(district.sites["SHELTER"], 100)],
    )
    return UUID(done.outcome["incident"])


def build(store: Store) -> World:
    """Return a district in mid-incident, in an empty migrated database."""
    district = found(store)
    lot = district.stock("TENT", "WEST", 60)
    district.stock("QUILT", "WEST", 60)
    builder = _Builder(district, _flood(district))
    builder.receive(builder.shipment(), 3)
    shipment_id = builder.shipment()
    (line,) = district.ask(carried_lines, shipment_id=shipment_id)
    order_id = builder.order()
    opened = district.do("clerk", stocktaking.open_count, site_id=district.sites["WEST"])
    count_id = UUID(opened.outcome["count"])

    def first_line(work: Work) -> UUID:
        key = work.session.scalar(select(CountLine.id).where(CountLine.count_id == count_id))
        assert key is not None
        return key

    pending = builder.request()
    return World(
        district=district,
        lot=lot,
        request=pending,
        plan=district.ask(plans_of, request_id=pending)[0].id,
        order=order_id,
        shipment=shipment_id,
        order_line=line.order_line_id,
        count=count_id,
        count_line=district.ask(first_line),
        discrepancy=district.ask(discrepancies)[0].id,
        custody=district.ask(custody)[0].custody_id,
        incident=builder.incident,
        norm_item=district.items["TENT"],
    )
