"""Counts that find less than is reserved, less than has left, or goods that the book does not know."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.ledger.rules import Free, Line, NewHold
from inventory.ledger.verify import violations
from inventory.models import Lot, Movement
from inventory.people.rules import InTheFuture
from inventory.stocktaking import rules
from inventory.stocktaking.commands import (
    add_found,
    approve_count,
    cancel_count,
    order_recount,
    post_count,
    read_count,
    recount_line,
    submit_count,
)
from inventory.stocktaking.queries import count_sheet, line_by_label
from inventory.stocktaking.reviewing import count_review
from tests.stocktaking.steps import line_of, opened, read_all, to_approved
from tests.support.small_district import District

BOOK = {"T1": 100, "W1": 240, "R1": 1, "T2": 60}


def _hold(district: District, number: str, quantity: int) -> UUID:
    """Reserve tents of T1 for a new order and return the hold."""
    hold_id = district.store.env.new_id()
    line_id = district.order(number, item=district.item("tent"), quantity=quantity)
    district.post(
        holds=[NewHold(hold_id, district.lots()["T1"], district.bins()["A-01"], quantity, order_line_id=line_id)]
    )
    return hold_id


def test_below_reservations_names_the_orders(district: District) -> None:
    """I6: 60 and 30 are reserved and 80 are found; the posting says which orders, and frees just what is missing."""
    tents, bins = district.lots()["T1"], district.bins()
    _hold(district, "D-1", 60)
    younger = _hold(district, "D-2", 30)
    count_id = opened(district)
    to_approved(district, count_id, BOOK | {"T1": 80})
    with pytest.raises(rules.BelowReservations) as refused:
        district.do("keeper", post_count, count_id=count_id)
    assert refused.value.orders == ("D-1", "D-2")
    told = refused.value
    assert (told.counted, told.remains, told.held, told.missing, told.others) == (80, 80, 90, 10, 0)
    review = district.see("keeper", count_review, count_id=count_id)
    [line] = [one for one in review.lines if one.missing]
    assert line.to_free == ((younger, 10),)
    for wrong, refusal in (
        ([Free(younger, 11)], rules.FreedTooMuch),
        ([Free(younger, 9)], rules.BelowReservations),
        ([Free(younger, 10), Free(UUID(int=5), 1)], NotFound),
    ):
        with pytest.raises(refusal):
            district.do("keeper", post_count, count_id=count_id, free_holds=wrong)
    assert district.balance(tents, bins["A-01"]) == (100, 90)
    done = district.do("keeper", post_count, count_id=count_id, free_holds=[Free(*one) for one in line.to_free])
    assert done.outcome["freed"] == ["D-2"]
    assert district.balance(tents, bins["A-01"]) == (80, 80)
    assert district.read(violations) == []


def test_more_left_than_was_counted(district: District) -> None:
    """5 counted, then 7 left by the book: one of the two is wrong, so the line is counted again."""
    tents, bins = district.lots()["T1"], district.bins()
    count_id = opened(district)
    read_all(district, count_id, BOOK | {"T1": 5})
    first = line_of(district, count_id, "T1", "A-01").mine
    district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 7, "pick")])
    district.do("wang", submit_count, count_id=count_id)
    line = line_of(district, count_id, "T1", "A-01", login="li")
    district.do("li", recount_line, line_id=line.id, quantity=5, counted_at=first.counted_at)
    with pytest.raises(rules.LeftAfterCount) as refused:
        district.do("keeper", approve_count, count_id=count_id)
    assert (refused.value.counted, refused.value.left) == (5, 7)
    district.do("keeper", order_recount, count_id=count_id, line_ids=[line.id], why="cannot be")
    district.do("zhao", recount_line, line_id=line.id, quantity=91)
    district.do("zhao", submit_count, count_id=count_id)
    district.do("keeper", approve_count, count_id=count_id)
    district.do("keeper", post_count, count_id=count_id)
    assert district.balance(tents, bins["A-01"]) == (91, 0)
    assert district.read(violations) == []


def test_goods_that_the_book_does_not_know(district: District) -> None:
    """Unknown water becomes a lot on hold as of the counting; a known lot found in another bin moves by two lines."""
    tents, bins = district.lots()["T1"], district.bins()
    count_id = opened(district)
    unknown = district.do(
        "wang",
        add_found,
        count_id=count_id,
        place_id=bins["A-03"],
        item_id=district.item("water"),
        found="blue bottles, no label",
    )
    known = district.do(
        "wang", add_found, count_id=count_id, place_id=bins["A-03"], item_id=district.item("tent"), lot_id=tents
    )
    with pytest.raises(rules.AlreadyListed):
        district.do(
            "li", add_found, count_id=count_id, place_id=bins["A-03"], item_id=district.item("tent"), lot_id=tents
        )
    with pytest.raises(rules.NotOfThisItem):
        district.do(
            "li", add_found, count_id=count_id, place_id=bins["A-02"], item_id=district.item("water"), lot_id=tents
        )
    with pytest.raises(NotFound):
        district.do("li", add_found, count_id=count_id, place_id=bins["B-01"], item_id=district.item("water"))
    label = known.outcome["label"]
    assert district.see("wang", line_by_label, label=label).id == UUID(known.outcome["line"])
    quantities = {UUID(unknown.outcome["line"]): 12, UUID(known.outcome["line"]): 4}
    for line in district.see("wang", count_sheet, count_id=count_id).lines:
        quantity = quantities.get(line.id, BOOK.get(line.batch, 0) - 4 * (line.batch == "T1"))
        district.do("wang", read_count, line_id=line.id, quantity=quantity)
        quantities[line.id] = quantity
    assert district.do("wang", submit_count, count_id=count_id).outcome["recount"] == 3
    for line in district.see("li", count_sheet, count_id=count_id).lines:
        if line.to_recount:
            district.do("li", recount_line, line_id=line.id, quantity=quantities[line.id])
    district.do("keeper", approve_count, count_id=count_id)
    done = district.do("keeper", post_count, count_id=count_id)
    assert (done.outcome["gained"], done.outcome["lost"]) == (16, 4)
    assert [district.balance(tents, bins[code])[0] for code in ("A-01", "A-03")] == [96, 4]
    query = select(Lot.id, Lot.blocked, Lot.spec, Lot.source).where(Lot.source == "found")
    [lot] = district.read(lambda work: work.connection.execute(query).all())
    assert (lot.blocked, lot.spec) == ("on_hold", "blue bottles, no label")
    assert district.balance(lot.id, bins["A-03"]) == (12, 0)
    moments = select(Movement.occurred_at).where(Movement.entry_id == done.id).distinct()
    assert len(district.read(lambda work: work.connection.execute(moments).all())) == 3
    assert district.read(violations) == []


def test_a_count_below_reservations_can_be_given_up(district: District) -> None:
    """Who cannot post cancels: every state has a way forward or back."""
    _hold(district, "D-1", 100)
    count_id = opened(district)
    to_approved(district, count_id, BOOK | {"T1": 1})
    with pytest.raises(rules.BelowReservations):
        district.do("keeper", post_count, count_id=count_id)
    district.do("keeper", cancel_count, count_id=count_id, why="count again on Monday")
    assert district.balance(district.lots()["T1"], district.bins()["A-01"]) == (100, 100)


def test_nothing_is_posted_before_its_time(district: District) -> None:
    """A reading dated some minutes ahead by a fast clock waits for its moment before it is posted."""
    count_id = opened(district)
    now = district.store.env.now.instant
    for line in district.see("wang", count_sheet, count_id=count_id).lines:
        ahead = now + dt.timedelta(minutes=4)
        district.do("wang", read_count, line_id=line.id, quantity=BOOK[line.batch], counted_at=ahead)
    district.do("wang", submit_count, count_id=count_id)
    district.do("keeper", approve_count, count_id=count_id)
    with pytest.raises(InTheFuture):
        district.do("keeper", post_count, count_id=count_id)
    district.travel(now + dt.timedelta(minutes=5))
    district.do("keeper", post_count, count_id=count_id)
