"""The main job once: incident, request, plan, approval, pick, check, ship, receive, settle, close."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from inventory.core.errors import StalePage, WrongState
from inventory.core.work import Work
from inventory.dispatch import queries, tracking
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.picking import cancel_order, check_order, pick_order
from inventory.dispatch.proposals import plan_view, staleness
from inventory.dispatch.receiving import receive_shipment, resolve_discrepancy
from inventory.dispatch.rules import Carrier, NothingToShip, PlanStale, Received
from inventory.dispatch.shipping import close_short, ship_order
from inventory.incidents.commands import (
    cancel_request,
    change_incident,
    close_incident,
    resubmit_request,
    return_request,
)
from inventory.incidents.queries import incident, outstanding, proposed_needs, request, request_lines
from inventory.incidents.rules import Affected, IncidentStillOpen
from inventory.ledger.commands import block_lot, receive_goods
from inventory.models import Balance, Hold, Lot
from inventory.people.rules import FourEyes, NotPermitted
from tests.dispatch.steps import approved, asked_for, fastest, opened, seen_of, shipped, sound
from tests.support.district import District


def test_needs_follow_people_and_days(district: District) -> None:
    """100 people for 3 days need 100 quilts, 25 tents and 900 units of water, each with its arithmetic."""
    found = district.ask(proposed_needs, affected=[Affected(district.sites["SHELTER"], 100)], hazard="flood", days=3)
    assert {one.item_code: one.need.quantity for one in found} == {
        "TENT": 25,
        "QUILT": 100,
        "WATER": 900,
        "COT": 100,
    }
    assert all(one.need.basis["people"] == 100 and one.need.basis["source"] for one in found)


def test_the_whole_loop(district: District) -> None:
    """From the first report to a closed incident: nothing is lost, the books prove themselves at every turn."""
    district.stock("TENT", "CENTRAL", 30)
    district.stock("TENT", "WEST", 20)
    incident_id = opened(district)
    request_id = asked_for(district, incident_id, {"TENT": 42})
    orders = approved(district, request_id)
    assert len(orders) == 2  # 30 from the centre and 12 of the 15 that the west may give (5 are its reserve)
    assert district.ask(request, request_id=request_id).state == "in_fulfilment"
    assert sum(line.ordered for line in district.ask(request_lines, request_id=request_id)) == 42
    sound(district)
    received = 0
    for order_id in orders:
        shipment_id = shipped(district, order_id)
        row = next(one for one in district.ask(tracking.shipments) if one.id == shipment_id)
        lines = district.ask(tracking.carried_lines, shipment_id=shipment_id)
        short = 2 if received == 0 else 0
        done = district.do(
            "receiver",
            receive_shipment,
            shipment_id=shipment_id,
            seen=row.seen,
            lines=[
                Received(line.order_line_id, line.lot_id, good=line.quantity - short - 1, damaged=1) for line in lines
            ],
        )
        received += done.outcome["received"]
        assert done.outcome["short"] == short
        sound(district)
    assert received == 40
    assert district.ask(outstanding, incident_id=incident_id) == (1, 40)
    open_ones = district.ask(tracking.discrepancies)
    assert sorted(one.kind for one in open_ones) == ["damaged", "damaged", "short"]
    short_one = next(one for one in open_ones if one.kind == "short")
    receiving = district.ask(queries.order, order_id=orders[0]).to_site_id
    assert len(district.ask(tracking.discrepancies, site_ids=[receiving])) == 3
    assert district.ask(tracking.discrepancies, site_ids=[uuid4()]) == []
    district.do("manager", resolve_discrepancy, discrepancy_id=short_one.id, how="lost", note="fell off")
    states = {district.ask(queries.order, order_id=order_id).state for order_id in orders}
    assert states == {"delivered"}
    open_again = district.ask(request, request_id=request_id)
    assert open_again.state == "in_fulfilment"
    assert [line.quantity - line.ordered for line in district.ask(request_lines, request_id=request_id)] == [2]
    district.do("duty", cancel_request, request_id=request_id, seen=open_again.seen, why="the rest is not needed")
    for row in district.ask(tracking.custody, incident_id=incident_id):
        half = row.quantity // 2
        district.do("receiver", use_goods, custody_id=row.custody_id, lot_id=row.lot_id, quantity=half)
        district.do(
            "clerk",
            return_goods,
            custody_id=row.custody_id,
            lot_id=row.lot_id,
            quantity=row.quantity - half,
            site_id=district.sites["CENTRAL"],
        )
    for state in ("demobilizing", "reconciling"):
        seen = district.ask(incident, incident_id=incident_id).seen
        district.do("duty", change_incident, incident_id=incident_id, seen=seen, state=state)
    seen = district.ask(incident, incident_id=incident_id).seen
    district.do("commander", close_incident, incident_id=incident_id, seen=seen)
    sound(district)


def test_an_incident_with_goods_out_stays_open(district: District) -> None:
    """Closing is refused with the figures while a consignment is on the way."""
    district.stock("TENT", "CENTRAL", 10)
    incident_id = opened(district)
    (order_id,) = approved(district, asked_for(district, incident_id, {"TENT": 10}))
    shipped(district, order_id)
    for state in ("demobilizing", "reconciling"):
        seen = district.ask(incident, incident_id=incident_id).seen
        district.do("duty", change_incident, incident_id=incident_id, seen=seen, state=state)
    seen = district.ask(incident, incident_id=incident_id).seen
    refusal = district.refused("commander", close_incident, incident_id=incident_id, seen=seen)
    assert isinstance(refusal, IncidentStillOpen)
    assert refusal.on_the_way == 1


def test_stock_is_held_at_approval_and_never_before(district: District) -> None:
    """A proposal holds nothing; approval holds exactly the plan, and nobody can take it any more."""
    lot = district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 8})
    plan_id, seen = fastest(district, request_id)

    def held(work: Work) -> int:
        balance = work.session.get(Balance, (lot, district.bins["CENTRAL"]))
        assert balance is not None
        return balance.held

    assert district.ask(held) == 0
    district.do("commander", approve_plan, plan_id=plan_id, seen=seen)
    assert district.ask(held) == 8


def test_a_plan_whose_stock_is_gone_is_stale(district: District) -> None:
    """Two plans for the same ten tents: the second is refused with the numbers, and said to be stale before."""
    district.stock("TENT", "CENTRAL", 10)
    incident_id = opened(district)
    first, second = (asked_for(district, incident_id, {"TENT": 8}) for _ in range(2))
    plan_one, plan_two = fastest(district, first), fastest(district, second)
    assert district.ask(staleness, plan_id=plan_two[0]).changes == 0
    district.do("commander", approve_plan, plan_id=plan_one[0], seen=plan_one[1])
    refusal = district.refused("commander", approve_plan, plan_id=plan_two[0], seen=plan_two[1])
    assert isinstance(refusal, PlanStale)
    assert (refusal.asked, refusal.available) == (8, 2)
    sound(district)


def test_a_blocked_lot_makes_the_plan_stale(district: District) -> None:
    """Goods put on hold after planning cannot be approved, and the page can say what changed."""
    lot = district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 8})
    plan_id, seen = fastest(district, request_id)

    def row(work: Work) -> UUID:
        return work.session.get_one(Lot, lot).changed_by_id

    district.do(
        "keeper",
        block_lot,
        site_id=district.sites["CENTRAL"],
        lot_id=lot,
        why="on_hold",
        note="smell",
        seen=district.ask(row),
    )
    assert district.ask(staleness, plan_id=plan_id).kinds == ("block_lot",)
    refusal = district.refused("commander", approve_plan, plan_id=plan_id, seen=seen)
    assert isinstance(refusal, PlanStale)
    assert refusal.available == 0


def test_shortage_carries_its_certificate(district: District) -> None:
    """What no plan can cover is said with the arithmetic that closes."""
    district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 25})
    plan_id, _ = fastest(district, request_id)
    (short,) = district.ask(plan_view, plan_id=plan_id).shortages
    assert short.short == 15
    assert short.certificate is not None
    assert short.certificate.demand - short.certificate.supply == short.certificate.short == 15


def test_a_cut_road_is_no_road(district: District) -> None:
    """Nothing is planned by truck to a place whose road is cut, and the shortage says why."""
    district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district, cut_road=True), {"TENT": 5})
    plan_id, _ = fastest(district, request_id)
    view = district.ask(plan_view, plan_id=plan_id)
    assert all(one.mode == "foot" for one in view.consignments)
    assert view.consignments or view.shortages


def test_the_requester_cannot_approve_and_the_duty_officer_neither(district: District) -> None:
    """Approval is the commander's; role is checked below the screen."""
    district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 5})
    plan_id, seen = fastest(district, request_id)
    for who in ("duty", "clerk", "manager", "receiver"):
        assert isinstance(district.refused(who, approve_plan, plan_id=plan_id, seen=seen), NotPermitted)


def test_four_eyes_in_the_warehouse(district: District) -> None:
    """Who picked cannot check; who checked cannot sign for the goods."""
    district.stock("TENT", "CENTRAL", 10)
    (order_id,) = approved(district, asked_for(district, opened(district), {"TENT": 5}))
    district.do("clerk", pick_order, order_id=order_id, seen=seen_of(district, order_id))
    refusal = district.refused("clerk", check_order, order_id=order_id, seen=seen_of(district, order_id))
    assert isinstance(refusal, FourEyes)
    assert refusal.other_role == "keeper"
    district.do("keeper", check_order, order_id=order_id, seen=seen_of(district, order_id))
    done = district.do("clerk2", ship_order, order_id=order_id, seen=seen_of(district, order_id), carrier=Carrier())
    shipment_id = UUID(done.outcome["shipment"])
    row = next(one for one in district.ask(tracking.shipments) if one.id == shipment_id)
    lines = district.ask(tracking.carried_lines, shipment_id=shipment_id)
    received = [Received(line.order_line_id, line.lot_id, line.quantity) for line in lines]
    for who in ("keeper", "clerk2"):
        refusal = district.refused(who, receive_shipment, shipment_id=shipment_id, seen=row.seen, lines=received)
        assert isinstance(refusal, FourEyes)


def test_a_surplus_comes_from_lost_and_found(district: District) -> None:
    """More than was sent is booked as such and never counted as delivered."""
    district.stock("TENT", "CENTRAL", 10)
    (order_id,) = approved(district, asked_for(district, opened(district), {"TENT": 5}))
    shipment_id = shipped(district, order_id)
    row = next(one for one in district.ask(tracking.shipments) if one.id == shipment_id)
    (line,) = district.ask(tracking.carried_lines, shipment_id=shipment_id)
    district.do(
        "receiver",
        receive_shipment,
        shipment_id=shipment_id,
        seen=row.seen,
        lines=[Received(line.order_line_id, line.lot_id, good=7)],
    )
    assert district.ask(queries.order, order_id=order_id).received == 5
    assert [one.kind for one in district.ask(tracking.discrepancies)] == ["over"]
    sound(district)


def test_short_pick_then_close_short_reopens_the_need(district: District) -> None:
    """What is not found stays held until it is closed short; then the request asks for it again."""
    district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 6})
    (order_id,) = approved(district, request_id)
    from inventory.dispatch.rules import Pick

    (held,) = district.ask(queries.order_stock, order_id=order_id)
    district.do("clerk", pick_order, order_id=order_id, seen=seen_of(district, order_id), picks=[Pick(held.hold_id, 4)])
    district.do("keeper", check_order, order_id=order_id, seen=seen_of(district, order_id))
    district.do("clerk2", ship_order, order_id=order_id, seen=seen_of(district, order_id), carrier=Carrier())
    district.do("commander", close_short, order_id=order_id, seen=seen_of(district, order_id), why="not found")
    (line,) = district.ask(request_lines, request_id=request_id)
    assert line.ordered == 4
    assert district.ask(queries.order_stock, order_id=order_id) == []
    sound(district)


def test_cancelling_a_picked_order_puts_everything_back(district: District) -> None:
    """Staged goods return to the bins they came from and are free again."""
    lot = district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 6})
    (order_id,) = approved(district, request_id)
    district.do("clerk", pick_order, order_id=order_id, seen=seen_of(district, order_id))
    district.do("commander", cancel_order, order_id=order_id, seen=seen_of(district, order_id), why="not needed")

    def balance(work: Work) -> tuple[int, int]:
        row = work.session.get_one(Balance, (lot, district.bins["CENTRAL"]))
        return row.quantity, row.held

    assert district.ask(balance) == (10, 0)
    assert district.ask(request_lines, request_id=request_id)[0].ordered == 0
    sound(district)


def test_every_step_twice_is_one_document(district: District) -> None:
    """The same id again answers what was done; nothing is posted twice."""
    district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 6})
    plan_id, seen = fastest(district, request_id)
    key = district.store.env.new_id()
    first = district.do("commander", approve_plan, id=key, plan_id=plan_id, seen=seen)
    second = district.do("commander", approve_plan, id=key, plan_id=plan_id, seen=seen)
    assert second.again
    assert second.outcome == first.outcome
    assert isinstance(district.refused("commander", approve_plan, plan_id=plan_id, seen=seen), (StalePage, WrongState))

    def holds(work: Work) -> int:
        return work.session.query(Hold).count()

    assert district.ask(holds) == 1


def test_an_unpicked_order_ships_only_by_override(district: District) -> None:
    """Straight from the bins needs a reason, which is kept."""
    district.stock("TENT", "CENTRAL", 10)
    (order_id,) = approved(district, asked_for(district, opened(district), {"TENT": 6}))
    refusal = district.refused(
        "clerk", ship_order, order_id=order_id, seen=seen_of(district, order_id), carrier=Carrier()
    )
    assert isinstance(refusal, (NothingToShip, WrongState))
    district.do(
        "clerk",
        ship_order,
        order_id=order_id,
        seen=seen_of(district, order_id),
        carrier=Carrier(),
        override_reason="fire at the door",
    )
    assert district.ask(queries.order, order_id=order_id).state == "shipped"
    sound(district)


@pytest.mark.parametrize("who", ["clerk_east", "receiver"])
def test_scope_is_checked(district: District, who: str) -> None:
    """A town's clerk takes nothing in at the district's store."""
    refusal = district.refused(
        who,
        receive_goods,
        site_id=district.sites["CENTRAL"],
        owner_id=district.organisations["bureau"],
        source="purchase",
        lines=[],
    )
    assert isinstance(refusal, NotPermitted)


def test_a_request_that_was_sent_back_is_corrected_and_submitted_again(district: District) -> None:
    """Sent back with a reason, corrected, submitted, planned: nobody has to type it anew."""
    district.stock("TENT", "CENTRAL", 10)
    request_id = asked_for(district, opened(district), {"TENT": 60, "COT": 5})

    def seen() -> UUID:
        return district.ask(request, request_id=request_id).seen

    district.do("commander", return_request, request_id=request_id, seen=seen(), why="too many")
    tents, cots = district.ask(request_lines, request_id=request_id)
    both = {tents.id: 0, cots.id: 0}
    refusal = district.refused("duty", resubmit_request, request_id=request_id, seen=seen(), quantities=both)
    assert refusal.code == "nothing_asked"
    changed = {tents.id: 6, cots.id: 0}
    district.do("duty", resubmit_request, request_id=request_id, seen=seen(), quantities=changed)
    assert district.ask(request, request_id=request_id).state == "submitted"
    assert [line.quantity for line in district.ask(request_lines, request_id=request_id)] == [6]
    assert approved(district, request_id)
    sound(district)
