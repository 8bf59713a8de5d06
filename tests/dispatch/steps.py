"""Steps of the main job that several stories take."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from inventory.dispatch import queries
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.picking import check_order, pick_order
from inventory.dispatch.planning import plan_request
from inventory.dispatch.proposals import plans_of
from inventory.dispatch.rules import Carrier
from inventory.dispatch.shipping import ship_order
from inventory.incidents.commands import (
    open_incident,
    submit_request,
)
from inventory.incidents.rules import Affected, NeedLine
from inventory.ledger.verify import violations
from tests.support.district import District


def opened(district: District, *, cut_road: bool = False) -> UUID:
    """Open an incident at the shelter; return its id."""
    done = district.do(
        "duty",
        open_incident,
        name_zh="Flood",
        hazard="flood",
        level=3,
        division_id=district.divisions["east"],
        affected=[Affected(district.sites["SHELTER"], people=100, cut_road=cut_road)],
    )
    return UUID(done.outcome["incident"])


def asked_for(district: District, incident_id: UUID, quantities: dict[str, int], hours: int = 6) -> UUID:
    """Submit a request for the shelter, quantities by item code; return its id."""
    done = district.do(
        "duty",
        submit_request,
        incident_id=incident_id,
        asker_id=district.organisations["east"],
        asked_id=district.organisations["bureau"],
        deliver_site_id=district.sites["SHELTER"],
        needed_by=district.store.env.now() + dt.timedelta(hours=hours),
        lines=[
            NeedLine(district.items[item], district.sites["SHELTER"], quantity, priority=0)
            for item, quantity in quantities.items()
        ],
    )
    return UUID(done.outcome["request"])


def fastest(district: District, request_id: UUID) -> tuple[UUID, UUID]:
    """Compute the fastest plan; return its id and the entry that a screen saw."""
    plan_request(
        district.store,
        district.people["duty"],
        id=district.store.env.new_id(),
        request_id=request_id,
        alternatives=("fastest",),
    )
    plan = district.ask(plans_of, request_id=request_id)[0]
    return plan.id, plan.seen


def approved(district: District, request_id: UUID) -> list[UUID]:
    """Plan and approve a request; return its orders."""
    plan_id, seen = fastest(district, request_id)
    done = district.do("commander", approve_plan, plan_id=plan_id, seen=seen)
    return [UUID(order["id"]) for order in done.outcome["orders"]]


def seen_of(district: District, order_id: UUID) -> UUID:
    """Return the entry that a screen saw last of an order."""
    return district.ask(queries.order, order_id=order_id).seen


def shipped(district: District, order_id: UUID) -> UUID:
    """Pick, check and ship an order; return its consignment."""
    district.do("clerk", pick_order, order_id=order_id, seen=seen_of(district, order_id))
    district.do("keeper", check_order, order_id=order_id, seen=seen_of(district, order_id))
    done = district.do(
        "clerk2", ship_order, order_id=order_id, seen=seen_of(district, order_id), carrier=Carrier("B-1", "Li", "138")
    )
    return UUID(done.outcome["shipment"])


def sound(district: District) -> None:
    """Assert that the books prove themselves."""
    assert district.ask(violations) == []
