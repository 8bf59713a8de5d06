"""The papers of requests and incidents from the books, on both databases: figures, revisions, who prints."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.work import Store, Work
from inventory.dispatch import tracking
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.receiving import receive_shipment, resolve_discrepancy
from inventory.dispatch.reckoning import Flow, add_up, reckoning
from inventory.dispatch.rules import Received
from inventory.documents.data.values import EmptyPaper
from inventory.errands.facts_incidents import close_out_paper, incident_record_paper
from inventory.errands.facts_requests import demand_report_paper, requirement_sheet_paper, resource_request_paper
from inventory.errands.papers import paper_pdf
from inventory.incidents.commands import cancel_request, open_incident, submit_request
from inventory.incidents.queries import request
from inventory.incidents.rules import Affected, NeedLine
from inventory.ledger.commands import open_bin
from inventory.models import Paper
from inventory.people.rules import NotPermitted
from tests.dispatch.steps import approved, asked_for, opened, shipped
from tests.support.district import District, found

OF_INCIDENT = ("requirement_sheet", "incident_record", "close_out")
OF_REQUEST = ("demand_report", "resource_request")


@pytest.fixture
def district(store: Store) -> District:
    """A founded district with 30 tents in the centre."""
    filled = found(store)
    filled.stock("TENT", "CENTRAL", 30)
    return filled


def revisions(district: District, kind: str, subject_id: UUID) -> int:
    """Return how many revisions of a paper were issued."""

    def look(work: Work) -> int:
        query = select(Paper.id).where(Paper.kind == kind, Paper.subject_id == subject_id)
        return len(work.connection.scalars(query).all())

    return district.ask(look)


def pdf(district: District, kind: str, subject_id: UUID, who: str = "duty") -> bytes:
    """Print a paper as somebody."""
    return paper_pdf(district.store, district.people[who], kind=kind, subject_id=subject_id)


def delivered(district: District, incident_id: UUID) -> UUID:
    """Ask for 20 tents, bring them, sign for 17 good and one damaged; return the request."""
    request_id = asked_for(district, incident_id, {"TENT": 20})
    (order_id,) = approved(district, request_id)
    shipment_id = shipped(district, order_id)
    row = next(one for one in district.ask(tracking.shipments) if one.id == shipment_id)
    (line,) = district.ask(tracking.carried_lines, shipment_id=shipment_id)
    received = [Received(line.order_line_id, line.lot_id, good=17, damaged=1)]
    district.do("receiver", receive_shipment, shipment_id=shipment_id, seen=row.seen, lines=received)
    return request_id


def test_a_close_out_follows_the_goods_to_the_end(district: District) -> None:
    """Sent 20, lost 2, received 18 = used 10 + returned 8; what is open is named until it is settled."""
    incident_id = opened(district)
    request_id = delivered(district, incident_id)
    (line,) = district.ask(close_out_paper, incident_id=incident_id).lines
    assert (line.sent, line.received, line.on_the_way, line.remaining) == (20, 18, 2, 18)
    paper = district.ask(close_out_paper, incident_id=incident_id)
    waiting = [(one.what.en, one.told.en) for one in paper.unresolved]
    assert ("Did not arrive", "Tent 2 piece") in waiting
    assert ("Damaged", "Tent 1 piece") in waiting
    assert ("Goods with the receiver", "Tent 18 piece") in waiting
    assert any(what == "Consignment on the way" for what, _ in waiting)
    for one in district.ask(tracking.discrepancies):
        how = "lost" if one.kind == "short" else "noted"
        district.do("manager", resolve_discrepancy, discrepancy_id=one.id, how=how, note="river")
    (held,) = district.ask(tracking.custody, incident_id=incident_id)
    goods = {"custody_id": held.custody_id, "lot_id": held.lot_id}
    district.do("receiver", use_goods, quantity=10, **goods)
    district.do("clerk", return_goods, quantity=8, site_id=district.sites["CENTRAL"], **goods)
    paper = district.ask(close_out_paper, incident_id=incident_id)
    (line,) = paper.lines
    assert (line.sent, line.lost_on_the_way, line.received, line.used, line.returned) == (20, 2, 18, 10, 8)
    assert (line.on_the_way, line.remaining, line.distributed) == (0, 0, None)
    # What was lost on the way is open again in its request, until somebody says that it is not needed any more.
    assert [one.what.en for one in paper.unresolved] == ["Request not settled"]
    assert not paper.closed
    seen = district.ask(request, request_id=request_id).seen
    district.do("duty", cancel_request, request_id=request_id, seen=seen, why="enough came")
    paper = district.ask(close_out_paper, incident_id=incident_id)
    assert paper.unresolved == ()
    assert paper.closed


def test_the_reckoning_agrees_with_the_balances(district: District) -> None:
    """What is left of an incident's goods is what its custody and consignments hold, entry by entry."""
    incident_id = opened(district)
    assert district.ask(reckoning, incident_id=incident_id) == []
    delivered(district, incident_id)
    (one,) = district.ask(reckoning, incident_id=incident_id)
    assert one.remaining == sum(row.quantity for row in district.ask(tracking.custody, incident_id=incident_id))
    assert one.on_the_way == sum(row.carried for row in district.ask(tracking.shipments) if row.carried)


def test_a_reversed_movement_takes_away_what_it_added() -> None:
    """Turned back, transferred, surplus, handed out: each counts once, and a reversal undoes it."""
    item = UUID(int=1)
    flows = [
        Flow(item, "staging", "transit", "ship", 50), Flow(item, "transit", "custody", "deliver", 40),
        Flow(item, "transit", "bin", "move", 10), Flow(item, "lost_found", "custody", "over", 3),
        Flow(item, "custody", "elsewhere", "transfer", 5), Flow(item, "custody", "consumed", "distributed", 7),
        Flow(item, "custody", "consumed", "used", 9), Flow(item, "consumed", "custody", "reversal", 4),
        Flow(item, "custody", "lost_found", "lost", 1), Flow(item, "custody", "custody", "move", 6),
    ]  # fmt: skip
    amounts = {item: dict.fromkeys(
        ("sent", "surplus", "lost_on_the_way", "received", "used", "distributed", "returned", "transferred", "lost"), 0
    )}  # fmt: skip
    add_up(flows, amounts)
    assert amounts[item] == {
        "sent": 40, "surplus": 3, "lost_on_the_way": 0, "received": 43, "used": 5, "distributed": 7,
        "returned": 0, "transferred": 5, "lost": 1,
    }  # fmt: skip


def test_the_record_tells_the_journal_in_order(district: District) -> None:
    """Who did what with which quantities; a print is no event; what happens later makes a new revision."""
    incident_id = opened(district, cut_road=True)
    first = pdf(district, "incident_record", incident_id)
    assert pdf(district, "incident_record", incident_id) == first
    assert revisions(district, "incident_record", incident_id) == 1
    paper = district.ask(incident_record_paper, incident_id=incident_id)
    assert [(line.what.en, line.who.zh) for line in paper.lines] == [("Incident opened", "duty")]
    assert "100 people" in (paper.lines[0].told.en or "")
    assert "断路" in paper.lines[0].told.zh
    assert paper.people == 100
    asked_for(district, incident_id, {"TENT": 20})
    assert pdf(district, "incident_record", incident_id) != first
    assert revisions(district, "incident_record", incident_id) == 2
    paper = district.ask(incident_record_paper, incident_id=incident_id)
    assert paper.lines[-1].document.startswith("申-")
    assert "Tent 20 piece" in (paper.lines[-1].told.en or "")


def test_the_record_tells_receipts_and_differences(district: District) -> None:
    """From the request to the receipt each step stands there with its document and quantities."""
    incident_id = opened(district)
    delivered(district, incident_id)
    told = {line.what.en: line for line in district.ask(incident_record_paper, incident_id=incident_id).lines}
    assert {"Request submitted", "Plan approved", "Goods picked", "Consignment sent"} <= set(told)
    receipt = told["Consignment received"]
    assert receipt.document.startswith("运-")
    for words in ("received: Tent 18 piece", "did not arrive: Tent 2 piece", "arrived damaged: Tent 1 piece"):
        assert words in (receipt.told.en or ""), words
    assert "B-1" in told["Consignment sent"].told.zh


def test_the_request_papers_state_what_was_submitted(district: District) -> None:
    """The six facts of the demand report, and who answered the request on the 213RR."""
    incident_id = opened(district)
    done = district.do(
        "receiver", submit_request, incident_id=incident_id, asker_id=district.organisations["east"],
        asked_id=district.organisations["bureau"], deliver_site_id=district.sites["SHELTER"],
        lines=[
            NeedLine(district.items["TENT"], district.sites["SHELTER"], 20, 0, basis={"proposed": 25}),
            NeedLine(district.items["TENT"], district.sites["VILLAGE"], 4, 1, basis={"proposed": 2}),
        ],
        own_total={"TENT": 7}, own_used={"TENT": 3}, note="rain",
    )  # fmt: skip
    request_id = UUID(done.outcome["request"])
    report = district.ask(demand_report_paper, request_id=request_id)
    (line,) = report.lines
    assert (line.needed, line.own_total, line.own_used, line.quantity) == (29, 7, 3, 24)
    assert (report.people, report.applicant.zh, report.reporter, report.reason) == (100, "east", "receiver", "rain")
    assert report.began_at is not None
    before = district.ask(resource_request_paper, request_id=request_id)
    assert (before.priority, before.order_numbers, before.approved_by) == ("urgent", (), "")
    approved(district, request_id)
    after = district.ask(resource_request_paper, request_id=request_id)
    assert (len(after.order_numbers) >= 1, after.approved_by, after.suppliers[0].zh) == (True, "commander", "CENTRAL")
    assert district.ask(demand_report_paper, request_id=request_id) == report


def test_the_requirement_sheet_counts_orders_and_own_stock_once(district: District) -> None:
    """Of 42 tents 30 are ordered: 12 are needed; own stock of the town counts once for two requests."""
    incident_id = opened(district)
    with pytest.raises(EmptyPaper):
        district.ask(requirement_sheet_paper, incident_id=incident_id)
    request_id = asked_for(district, incident_id, {"TENT": 42})
    before = district.ask(requirement_sheet_paper, incident_id=incident_id)
    assert before.totals("TENT") == (42, 0, 42)
    approved(district, request_id)
    after = district.ask(requirement_sheet_paper, incident_id=incident_id)
    assert after.totals("TENT") == (42, 30, 12)
    assert (after.prepared_by, after.lines[0].division.zh) == ("duty", "SHELTER")


def test_another_towns_requester_is_refused(district: District) -> None:
    """A requester of the east prints the papers of the east and none of the west; who is nobody there, none."""
    east = opened(district)
    request_id = asked_for(district, east, {"TENT": 2})
    west = UUID(
        district.do(
            "duty", open_incident, name_zh="West", hazard="flood", level=3, division_id=district.divisions["west"],
            affected=[Affected(district.sites["WEST"], people=10)],
        ).outcome["incident"]
    )  # fmt: skip
    done = district.do(
        "duty", submit_request, incident_id=west, asker_id=district.organisations["west"],
        asked_id=district.organisations["bureau"], deliver_site_id=district.sites["WEST"],
        lines=[NeedLine(district.items["TENT"], district.sites["WEST"], 2, 0)],
    )  # fmt: skip
    for kind in OF_INCIDENT:
        assert pdf(district, kind, east, "receiver").startswith(b"%PDF")
        with pytest.raises(NotPermitted):
            pdf(district, kind, west, "receiver")
        assert revisions(district, kind, west) == 0
    for kind in OF_REQUEST:
        assert pdf(district, kind, request_id, "receiver").startswith(b"%PDF")
        with pytest.raises(NotPermitted):
            pdf(district, kind, UUID(done.outcome["request"]), "receiver")
    with pytest.raises(NotPermitted):
        pdf(district, "incident_record", east, "security")


@pytest.mark.parametrize("kind", [*OF_INCIDENT, *OF_REQUEST, "resource_cards"])
def test_what_is_not_there_cannot_be_printed(district: District, kind: str) -> None:
    """An id of nothing is refused by its kind."""
    with pytest.raises(NotFound):
        pdf(district, kind, UUID(int=7))


def test_the_same_state_prints_the_same_bytes(district: District) -> None:
    """Printed by two people, however often, each paper is one revision and the same file."""
    incident_id = opened(district)
    request_id = delivered(district, incident_id)
    for kind in (*OF_INCIDENT, *OF_REQUEST):
        subject = request_id if kind in OF_REQUEST else incident_id
        assert pdf(district, kind, subject) == pdf(district, kind, subject, "commander")
        assert revisions(district, kind, subject) == 1


def test_own_stock_that_nobody_stated_is_what_the_books_say(district: District) -> None:
    """Rule P07: the town's own total is what its sites have free, and used what they have sent for this incident."""
    opened_bin = district.do("keeper", open_bin, site_id=district.sites["VILLAGE"], code="V-1")
    district.bins["VILLAGE"] = UUID(opened_bin.outcome["place"])
    district.stock("TENT", "VILLAGE", 9)
    incident_id = opened(district)

    def asked(quantity: int) -> UUID:
        done = district.do(
            "receiver", submit_request, incident_id=incident_id, asker_id=district.organisations["east"],
            asked_id=district.organisations["bureau"], deliver_site_id=district.sites["SHELTER"],
            lines=[NeedLine(district.items["TENT"], district.sites["SHELTER"], quantity, 0)],
        )  # fmt: skip
        return UUID(done.outcome["request"])

    first = asked(4)
    (line,) = district.ask(demand_report_paper, request_id=first).lines
    assert (line.own_total, line.own_used) == (9, 0)
    for order_id in approved(district, first):
        shipped(district, order_id)
    (line,) = district.ask(demand_report_paper, request_id=asked(6)).lines
    assert (line.own_total, line.own_used) == (5, 4)
    (line,) = district.ask(demand_report_paper, request_id=first).lines
    assert (line.own_total, line.own_used) == (9, 0)
