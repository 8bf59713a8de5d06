"""Waybill, issue note and receipt note from the books, on both databases: lots, bins, numbers, and who may print."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.work import Store, Work
from inventory.dispatch.picking import check_order, pick_order
from inventory.dispatch.receiving import receive_shipment
from inventory.dispatch.rules import Carrier, Pick, Received
from inventory.dispatch.shipping import ship_order
from inventory.dispatch.tracking import carried_lines, shipment
from inventory.errands.finding import find
from inventory.errands.papers import paper_pdf
from inventory.errands.verdicts import say_more
from inventory.incidents.commands import submit_request
from inventory.incidents.rules import NeedLine
from inventory.ledger.commands import GoodsLine, move_stock, receive_goods, reverse_entry
from inventory.models import Hold, Journal, Lot, OrderLine, Paper, Place
from inventory.people.rules import NotPermitted
from tests.dispatch.steps import approved, asked_for, opened, seen_of, shipped
from tests.errands.trust import judged, rows, seal_of
from tests.support.district import District, found


@pytest.fixture
def district(store: Store) -> District:
    """A founded district without stock."""
    return found(store)


def data_of(district: District, kind: str, subject_id: UUID) -> list[dict[str, Any]]:
    """Return what was kept of a paper, by revision."""

    def look(work: Work) -> list[dict[str, Any]]:
        query = select(Paper.data).where(Paper.kind == kind, Paper.subject_id == subject_id).order_by(Paper.revision)
        return [json.loads(data) for data in work.connection.scalars(query)]

    return district.ask(look)


def pdf(district: District, kind: str, subject_id: UUID, who: str = "clerk", language: str = "zh_CN") -> bytes:
    """Print a paper as somebody."""
    return paper_pdf(district.store, district.people[who], kind=kind, subject_id=subject_id, language=language)


def second_bin(district: District) -> UUID:
    """Return the bin A-02 of the central store."""
    query = select(Place.id).where(Place.site_id == district.sites["CENTRAL"], Place.code == "A-02")
    return district.ask(lambda work: work.connection.execute(query).scalar_one())


def shipped_from_two_bins(district: District) -> tuple[UUID, UUID, UUID]:
    """Ship 60 tents of one lot, 25 out of A-02 and 35 out of A-01, and 40 quilts; return shipment and both lots."""
    tents, quilts = district.stock("TENT", "CENTRAL", 60), district.stock("QUILT", "CENTRAL", 40)
    place = {"from_place_id": district.bins["CENTRAL"], "to_place_id": second_bin(district)}
    district.do("clerk", move_stock, site_id=district.sites["CENTRAL"], lot_id=tents, quantity=25, **place)
    request = asked_for(district, opened(district), {"TENT": 60, "QUILT": 40})
    [order] = approved(district, request)
    district.do("clerk", pick_order, order_id=order, seen=seen_of(district, order))
    district.do("keeper", check_order, order_id=order, seen=seen_of(district, order))
    carrier = Carrier("B-1", "Li", "138")
    done = district.do("clerk2", ship_order, order_id=order, seen=seen_of(district, order), carrier=carrier)
    return UUID(done.outcome["shipment"]), tents, quilts


def entry_of(district: District, kind: str) -> UUID:
    """Return the last entry of a kind."""
    query = select(Journal.id).where(Journal.kind == kind).order_by(Journal.sequence.desc()).limit(1)
    return district.ask(lambda work: work.connection.execute(query).scalar_one())


def test_waybill_and_issue_note_tell_what_left(district: District) -> None:
    """By lot on the waybill, by bin on the issue note; receiving changes neither, reprints are the same bytes."""
    shipment_id, tents, quilts = shipped_from_two_bins(district)
    bill, note = pdf(district, "waybill", shipment_id), pdf(district, "issue_note", shipment_id)
    labels = district.ask(lambda work: {key: str(row) for key, row in lots_by_id(work).items()})
    [waybill], [issue] = data_of(district, "waybill", shipment_id), data_of(district, "issue_note", shipment_id)
    assert sorted((line["lot"], line["quantity"]) for line in waybill["lines"]) == sorted(
        [(labels[tents], 60), (labels[quilts], 40)]
    )
    assert (waybill["vehicle"], waybill["driver"]) == ("B-1", {"name": "Li", "phone": "138"})
    assert waybill["number"] == issue["waybill_number"] == district.ask(shipment, shipment_id=shipment_id).number
    assert waybill["order_number"] == issue["order_number"]
    taken = sorted((line["lot"], line["bin"], line["quantity"]) for line in issue["lines"])
    assert taken == sorted([(labels[tents], "A-01", 35), (labels[tents], "A-02", 25), (labels[quilts], "A-01", 40)])
    assert issue["number"] == "\u51fa-TS-2026-000001"
    assert issue["purpose"]["zh"] == "Flood"
    assert (issue["picked_by"], issue["checked_by"]) == ("clerk", "keeper")
    lines = district.ask(carried_lines, shipment_id=shipment_id)
    came = [Received(line.order_line_id, line.lot_id, line.quantity - 1, 1, "wet") for line in lines]
    seen = district.ask(shipment, shipment_id=shipment_id).seen
    district.do("receiver", receive_shipment, shipment_id=shipment_id, seen=seen, lines=came)
    assert pdf(district, "waybill", shipment_id) == bill
    assert pdf(district, "issue_note", shipment_id, who="keeper") == note
    with pytest.raises(NotFound):
        pdf(district, "receipt_note", entry_of(district, "receive_shipment"))


def lots_by_id(work: Work) -> dict[UUID, str]:
    """Return the label of each lot."""
    return {row.id: row.label for row in work.connection.execute(select(Lot.id, Lot.label))}


def test_a_second_consignment_names_its_own_bins(district: District) -> None:
    """What an earlier consignment took is not told again: first picked, first out."""
    tents = district.stock("TENT", "CENTRAL", 60)
    place = {"from_place_id": district.bins["CENTRAL"], "to_place_id": second_bin(district)}
    district.do("clerk", move_stock, site_id=district.sites["CENTRAL"], lot_id=tents, quantity=25, **place)
    [order] = approved(district, asked_for(district, opened(district), {"TENT": 60}))

    def hold_at(code: str) -> tuple[UUID, int]:
        query = (
            select(Hold.id, Hold.remaining)
            .join(OrderLine, OrderLine.id == Hold.order_line_id)
            .join(Place, Place.id == Hold.place_id)
            .where(OrderLine.order_id == order, Place.code == code)
        )
        return district.ask(lambda work: tuple(work.connection.execute(query).one()))

    first = Pick(hold_at("A-02")[0], 20)
    district.do("clerk", pick_order, order_id=order, seen=seen_of(district, order), picks=[first])
    district.do("keeper", check_order, order_id=order, seen=seen_of(district, order))
    send = {"order_id": order, "carrier": Carrier("B-1", "Li", "138")}
    one = district.do("clerk2", ship_order, seen=seen_of(district, order), **send).outcome["shipment"]
    # The rest leaves at once, straight from the bins, in an emergency.
    two = district.do(
        "clerk2", ship_order, seen=seen_of(district, order), override_reason="river rises", **send
    ).outcome["shipment"]
    taken = []
    for shipment_id in (UUID(one), UUID(two)):
        pdf(district, "issue_note", shipment_id)
        [issue] = data_of(district, "issue_note", shipment_id)
        taken.append(
            (issue["number"], sorted((line["bin"], line["quantity"]) for line in issue["lines"]), issue["override"])
        )
    assert taken[0] == ("\u51fa-TS-2026-000001", [("A-02", 20)], None)
    assert taken[1][:2] == ("\u51fa-TS-2026-000002", [("A-01", 35), ("A-02", 5)])
    assert taken[1][2]["reason"] == "river rises"


def received(district: District, prices: tuple[int | None, ...], who: str = "clerk") -> UUID:
    """Take tents in at these prices, a line each; return the entry."""
    done = district.do(
        who,
        receive_goods,
        site_id=district.sites["CENTRAL"],
        owner_id=district.organisations["bureau"],
        source="donation",
        source_name="Red Cross",
        lines=[
            GoodsLine(district.items["TENT"], district.bins["CENTRAL"], 10 + at, batch=f"B{at}", unit_price_fen=price)
            for at, price in enumerate(prices)
        ],
    )
    return done.id


def test_a_receipt_note_tells_its_entry_and_is_revised_when_it_is_reversed(district: District) -> None:
    """Lots, bins, prices, who and from whom; numbers without gaps; a reversal makes revision 2 of the same number."""
    first, second = received(district, (138_000, None)), received(district, (5,))
    made = pdf(district, "receipt_note", first)
    pdf(district, "receipt_note", second, who="keeper")
    [note], [other] = data_of(district, "receipt_note", first), data_of(district, "receipt_note", second)
    assert (note["number"], other["number"]) == ("\u5165-TS-2026-000001", "\u5165-TS-2026-000002")
    told = [(line["lot"], line["bin"], line["quantity"], line["unit_price_fen"]) for line in note["lines"]]
    assert told == [("B0", "A-01", 10, 138_000), ("B1", "A-01", 11, None)]
    assert (note["supplier"]["zh"], note["source"]["en"], note["entered_by"]) == ("Red Cross", "Donation", "clerk")
    assert note["reversed"] is None
    assert pdf(district, "receipt_note", first, who="manager") == made
    why = {"site_id": district.sites["CENTRAL"], "entry_id": first, "why": "entered twice"}
    district.do("keeper", reverse_entry, **why)
    assert pdf(district, "receipt_note", first) != made
    before, after = data_of(district, "receipt_note", first)
    assert before == note
    assert (after["number"], after["revision"]) == (note["number"], 2)
    assert (after["reversed"]["by"], after["reversed"]["reason"]) == ("keeper", "entered twice")
    with pytest.raises(NotFound):
        pdf(district, "receipt_note", entry_of(district, "reverse_entry"))


def test_two_first_prints_at_once_are_one_paper(district: District) -> None:
    """Whoever prints the same entry at the same moment gets the same number and the same bytes."""
    entry = received(district, (100,))
    with ThreadPoolExecutor(4) as pool:
        prints = set(pool.map(lambda who: pdf(district, "receipt_note", entry, who), ["clerk", "keeper"] * 2))
    assert len(prints) == 1
    assert len(data_of(district, "receipt_note", entry)) == 1
    pdf(district, "receipt_note", received(district, (100,)))
    assert data_of(district, "receipt_note", entry_of(district, "receive_goods"))[0]["number"].endswith("000002")


def test_papers_of_another_town_are_refused(district: District) -> None:
    """The clerk of a town prints nothing of the central store, the one of the store does; trying issues nothing."""
    shipment_id, *_ = shipped_from_two_bins(district)
    entry = received(district, (100,))
    for kind, subject_id in (("waybill", shipment_id), ("issue_note", shipment_id), ("receipt_note", entry)):
        with pytest.raises(NotPermitted):
            pdf(district, kind, subject_id, who="clerk_east")
        with pytest.raises(NotPermitted):
            pdf(district, kind, subject_id, who="system")
        assert data_of(district, kind, subject_id) == []
        assert pdf(district, kind, subject_id, who="clerk_store")[:5] == b"%PDF-"
    with pytest.raises(NotPermitted):
        pdf(district, "receipt_note", district.store.env.new_id(), who="clerk_east")


def replenishment(district: District, quantity: int) -> UUID:
    """Order tents from the central store to the western one, for no incident; return the order."""
    done = district.do(
        "duty",
        submit_request,
        kind="replenish",
        asker_id=district.organisations["west"],
        asked_id=district.organisations["bureau"],
        deliver_site_id=district.sites["WEST"],
        needed_by=district.store.env.now() + dt.timedelta(hours=8),
        lines=[NeedLine(district.items["TENT"], district.sites["WEST"], quantity, priority=1)],
    )
    [order] = approved(district, UUID(done.outcome["request"]))
    return order


def test_goods_that_arrive_at_a_store_get_a_receipt_note(district: District) -> None:
    """A replenishment goes into the bins of the receiving store: who receives there prints the note, the sender not."""
    district.stock("TENT", "CENTRAL", 30)
    order = replenishment(district, 30)
    shipment_id = shipped(district, order)
    [line] = district.ask(carried_lines, shipment_id=shipment_id)
    came = [Received(line.order_line_id, line.lot_id, 28, 2, "torn")]
    seen = district.ask(shipment, shipment_id=shipment_id).seen
    district.do("manager", receive_shipment, shipment_id=shipment_id, seen=seen, lines=came)
    entry = entry_of(district, "receive_shipment")
    pdf(district, "receipt_note", entry, who="manager")
    [note] = data_of(district, "receipt_note", entry)
    assert note["stockpile"]["zh"] == "WEST"
    assert sorted((one["quantity"], one["remarks"]["en"] or "") for one in note["lines"]) == [(2, "damaged"), (28, "")]
    assert district.ask(shipment, shipment_id=shipment_id).number in note["based_on"]
    with pytest.raises(NotPermitted):
        pdf(district, "receipt_note", entry, who="clerk_store")


def test_an_entry_is_found_by_number_label_and_id(district: District) -> None:
    """The command line takes what stands on the screen (#12), the label of a lot it brought in, or the id."""
    entry = received(district, (100, 200))

    def look(work: Work) -> tuple[int, list[str]]:
        sequence = work.connection.execute(select(Journal.sequence).where(Journal.id == entry)).scalar_one()
        return sequence, sorted(lots_by_id(work).values())

    sequence, labels = district.ask(look)
    for key in (f"#{sequence}", *labels, str(entry)):
        assert find(district.store, "entry", key) == entry
    for key in ("#", "#99999", "#99999999999", "12", "no such lot", str(district.store.env.new_id())):
        with pytest.raises(NotFound):
            find(district.store, "entry", key)


def test_who_checks_the_note_of_a_reversed_entry_is_told(district: District) -> None:
    """The print before the reversal is genuine and the latest, and still no green light."""
    entry = received(district, (100,))
    pdf(district, "receipt_note", entry)
    [row] = rows(district)
    before = judged(district, seal_of(row))
    assert before.found is not None
    assert (before.answer, before.found.state, say_more(before, "en")) == ("valid", "", [])
    why = {"site_id": district.sites["CENTRAL"], "entry_id": entry, "why": "entered twice"}
    district.do("keeper", reverse_entry, **why)
    after = judged(district, seal_of(row))
    assert after.found is not None
    assert (after.answer, after.found.state) == ("valid", "reversed")
    [(good, words)] = say_more(after, "zh_CN")
    assert not good
    assert "已冲销" in words
