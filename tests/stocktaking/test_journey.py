"""A count from the opening to the posting, while the warehouse goes on working."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from inventory.core.errors import SameIdOtherFacts, WrongState
from inventory.ledger.commands import GoodsLine, move_stock, receive_goods, reverse_entry
from inventory.ledger.rules import AfterCount, Line, NewHold
from inventory.ledger.verify import violations
from inventory.people.rules import InTheFuture, NotPermitted
from inventory.stocktaking import rules
from inventory.stocktaking.commands import (
    approve_count,
    cancel_count,
    post_count,
    read_count,
    recount_line,
    submit_count,
)
from inventory.stocktaking.queries import SheetLine, count_history, count_sheet, counts_of_site, hands_of, open_counts
from inventory.stocktaking.reviewing import count_review
from tests.stocktaking.steps import line_of, opened, posted, read_all, to_approved
from tests.support.small_district import START, District

BOOK = {"T1": 100, "W1": 240, "R1": 1, "T2": 60}
MINUTE = dt.timedelta(minutes=1)


def test_a_count_while_goods_are_issued(district: District) -> None:
    """Counted 95 of 100, then 10 leave, then it posts: 5 are lost as of the counting and 85 remain (story 2)."""
    tents, bins = district.lots()["T1"], district.bins()
    count_id = opened(district)
    read_all(district, count_id, BOOK | {"T1": 95})
    counted_at = line_of(district, count_id, "T1", "A-01").mine.counted_at
    issued = district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 10, "pick")])
    done = district.do("wang", submit_count, count_id=count_id)
    assert done.outcome == {"lines": 4, "recount": 1}
    line = line_of(district, count_id, "T1", "A-01", login="li")
    assert line.to_recount
    assert line.mine is None
    district.do("li", recount_line, line_id=line.id, quantity=95, counted_at=counted_at)
    district.do("keeper", approve_count, count_id=count_id)
    done = district.do("keeper", post_count, count_id=count_id)
    assert (done.outcome["differing"], done.outcome["lost"], done.outcome["gained"]) == (1, 5, 0)
    assert district.balance(tents, bins["A-01"]) == (85, 0)
    assert district.balance(tents, district.virtual["lost_found"]) == (5, 0)
    assert district.read(violations) == []
    assert issued != done.id
    told = [step.kind for step in district.see("auditor", count_history, count_id=count_id)]
    assert told == ["open_count", "submit_count", "recount_line", "approve_count", "post_count"]
    review = district.see("keeper", count_review, count_id=count_id)
    [lost] = [one for one in review.lines if one.difference]
    assert (lost.book, lost.counted, lost.difference, lost.value_fen) == (100, 95, -5, -250_000)
    hands = district.see("auditor", hands_of, document_id=count_id)
    assert {role: [name.zh for name in names] for role, names in hands.items()} == {
        "counter": ["wang"],
        "recounter": ["li"],
        "approver": ["keeper"],
    }


def test_what_is_learnt_later_settles_against_lost_and_found(district: District) -> None:
    """The pick of 10:05, recorded after the count of 10:07 is posted, explains the loss and leaves the shelf alone."""
    tents, bins = district.lots()["T1"], district.bins()
    count_id = opened(district)
    picked_at = START + 5 * MINUTE
    district.travel(START + 7 * MINUTE)
    to_approved(district, count_id, BOOK | {"T1": 95})
    district.do("keeper", post_count, count_id=count_id)
    late = {
        "site_id": district.site,
        "lot_id": tents,
        "from_place_id": bins["A-01"],
        "to_place_id": bins["STAGING"],
        "quantity": 5,
        "occurred_at": picked_at,
    }
    district.travel(START + 72 * MINUTE)
    with pytest.raises(AfterCount):
        district.do("manager", move_stock, **late)
    district.do("manager", move_stock, **late, confirmed=frozenset({"after_count"}))
    assert district.balance(tents, bins["A-01"]) == (95, 0)
    assert district.balance(tents, bins["STAGING"]) == (5, 0)
    assert district.balance(tents, district.virtual["lost_found"]) == (0, 0)
    assert district.read(violations) == []


def test_what_is_recorded_late_but_before_posting_belongs_to_the_book(district: District) -> None:
    """An issue of before the counting, recorded after the approval, changes the difference, and that is confirmed."""
    tents, bins = district.lots()["T1"], district.bins()
    count_id = opened(district)
    district.travel(START + 7 * MINUTE)
    to_approved(district, count_id, BOOK | {"T1": 95})
    district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 5, "pick")], occurred_at=START + 5 * MINUTE)
    with pytest.raises(rules.ChangedSinceApproval) as refused:
        district.do("keeper", post_count, count_id=count_id)
    assert refused.value.count == 1
    confirmed = frozenset({"changed_since_approval"})
    done = district.do("keeper", post_count, count_id=count_id, confirmed=confirmed)
    assert done.outcome["differing"] == 0
    assert district.balance(tents, bins["A-01"]) == (95, 0)
    assert district.read(violations) == []


def test_a_reversal_overtaken_by_a_count(district: District) -> None:
    """A receipt of 10 that never came is counted as 0 and then reversed: nothing is left anywhere (story 6)."""
    bins = district.bins()
    receipt = district.do(
        "manager",
        receive_goods,
        site_id=district.site,
        owner_id=district.organisation,
        source="purchase",
        lines=[GoodsLine(district.item("tent"), bins["A-03"], 10, batch="T9")],
    )
    [lot] = [UUID(one) for one in receipt.outcome["lots"]]
    count_id = opened(district)
    posted(district, count_id, BOOK | {"T9": 0})
    assert district.balance(lot, district.virtual["lost_found"]) == (10, 0)
    reversal = {"site_id": district.site, "entry_id": receipt.id, "why": "never came"}
    with pytest.raises(AfterCount):
        district.do("manager", reverse_entry, **reversal)
    district.do("manager", reverse_entry, **reversal, confirmed=frozenset({"after_count"}))
    places = [bins["A-03"], district.virtual["lost_found"], district.virtual["supplier"]]
    assert [district.balance(lot, place)[0] for place in places] == [0, 0, 0]
    assert district.read(violations) == []


def test_blind_by_data(district: District) -> None:
    """No field of the sheet can hold the book, and no value in it is one; nor does handing in tell a difference."""
    book = {100, 240, 60}
    count_id = opened(district)
    read_all(district, count_id, {"T1": 91, "W1": 231, "R1": 1, "T2": 51})
    for login in ("wang", "li"):
        sheet = district.see(login, count_sheet, count_id=count_id)
        assert not book & set(_numbers(dataclasses.asdict(sheet)))
    names = {one.name for one in dataclasses.fields(SheetLine)}
    assert not {"book", "expected", "on_hand", "difference", "quantity", "balance", "held"} & names
    done = district.do("wang", submit_count, count_id=count_id)
    assert done.outcome == {"lines": 4, "recount": 3}
    assert not book & set(_numbers(district.facts(done.id)))
    after = district.see("wang", count_sheet, count_id=count_id)
    assert not any(line.to_recount for line in after.lines), "who counted a line is not told that it differs"
    recounter = district.see("li", count_sheet, count_id=count_id)
    assert sum(line.to_recount for line in recounter.lines) == 3
    assert not {91, 231, 51} & set(_numbers(dataclasses.asdict(recounter))), "a recount is blind too"
    with pytest.raises(NotPermitted):
        district.see("li", count_review, count_id=count_id)


def _numbers(value: Any) -> list[int]:
    """Return every whole number anywhere in a value."""
    if isinstance(value, dict):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in _numbers(item)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def test_the_book_is_hidden_while_counting(district: District) -> None:
    """Not even the approver sees the comparison before the count is handed in."""
    count_id = opened(district)
    with pytest.raises(rules.BookHidden):
        district.see("keeper", count_review, count_id=count_id)


def test_blank_is_not_zero(district: District) -> None:
    """A line without a quantity stops the count; not found counts as 0 and is recounted; left out posts nothing."""
    tents, bins = district.lots(), district.bins()
    count_id = opened(district)
    lines = {line.batch: line for line in district.see("wang", count_sheet, count_id=count_id).lines}
    district.do("wang", read_count, line_id=lines["T1"].id, quantity=100)
    district.do("wang", read_count, line_id=lines["R1"].id, quantity=0)
    with pytest.raises(rules.Uncounted) as refused:
        district.do("wang", submit_count, count_id=count_id)
    assert refused.value.count == 2
    assert set(refused.value.labels) == {lines["W1"].label, lines["T2"].label}
    marks = {"not_found": [lines["W1"].id], "left_out": [lines["T2"].id]}
    with pytest.raises(rules.AlreadyCounted):
        district.do("wang", submit_count, count_id=count_id, not_found=[lines["R1"].id], left_out=marks["left_out"])
    done = district.do("wang", submit_count, count_id=count_id, **marks)
    assert done.outcome["recount"] == 2
    district.do("li", recount_line, line_id=lines["W1"].id, quantity=0)
    district.do("li", recount_line, line_id=lines["R1"].id, quantity=1)
    district.do("keeper", approve_count, count_id=count_id)
    district.do("keeper", post_count, count_id=count_id)
    assert district.balance(tents["W1"], bins["A-02"]) == (0, 0)
    assert district.balance(tents["T2"], bins["A-02"]) == (60, 0)
    assert district.balance(tents["R1"], bins["A-03"]) == (1, 0)
    assert district.read(violations) == []


def test_a_reading_sent_again_is_saved_once(district: District) -> None:
    """The same id and facts answer as before; other facts under the id are refused; an autosave is no entry."""
    count_id = opened(district)
    entries = district.entries()
    line = line_of(district, count_id, "W1", "A-02")
    key = district.store.env.new_id()
    sent = {"line_id": line.id, "quantity": 76, "packs": 3, "loose": 4}
    first = district.do("wang", read_count, id=key, **sent)
    again = district.do("wang", read_count, id=key, **sent)
    assert (first.again, again.again) == (False, True)
    assert first.saved_at == again.saved_at
    for login, other in (("wang", {"quantity": 77, "loose": 5}), ("li", {}), ("wang", {"way": "paper"})):
        with pytest.raises(SameIdOtherFacts):
            district.do(login, read_count, id=key, **(sent | other))
    mine = line_of(district, count_id, "W1", "A-02").mine
    assert (mine.quantity, mine.packs, mine.loose) == (76, 3, 4)
    assert district.entries() == entries
    with pytest.raises(rules.PacksDiffer):
        district.do("wang", read_count, line_id=line.id, quantity=75, packs=3, loose=4)


def test_all_readings_stand_in_the_entry_of_handing_in(district: District) -> None:
    """The chain covers every reading, also those that a later one corrected."""
    count_id = opened(district)
    read_all(district, count_id, BOOK | {"T1": 1})
    read_all(district, count_id, BOOK)
    done = district.do("wang", submit_count, count_id=count_id)
    readings = district.facts(done.id)["readings"]
    assert len(readings) == 8
    assert sorted(one[3] for one in readings) == sorted([*BOOK.values(), *(BOOK | {"T1": 1}).values()])


def test_steps_done_twice_and_out_of_turn(district: District) -> None:
    """A step sent again answers as before; another of the same kind, or one out of turn, is refused."""
    count_id = opened(district)
    with pytest.raises(WrongState):
        district.do("keeper", approve_count, count_id=count_id)
    with pytest.raises(WrongState):
        district.do("keeper", post_count, count_id=count_id)
    to_approved(district, count_id, BOOK)
    line = line_of(district, count_id, "T1", "A-01")
    with pytest.raises(WrongState):
        district.do("wang", read_count, line_id=line.id, quantity=5)
    key = district.store.env.new_id()
    first = district.do("keeper", post_count, id=key, count_id=count_id)
    again = district.do("keeper", post_count, id=key, count_id=count_id)
    assert (first.again, again.again, first.outcome) == (False, True, again.outcome)
    for step, more in ((post_count, {}), (cancel_count, {"why": "x"}), (approve_count, {})):
        with pytest.raises(WrongState):
            district.do("keeper", step, count_id=count_id, **more)


def test_a_cancelled_count_posts_nothing(district: District) -> None:
    """Its readings stay, nothing moves, and no step leads on."""
    count_id = opened(district)
    read_all(district, count_id, dict.fromkeys(BOOK, 0))
    district.do("keeper", cancel_count, count_id=count_id, why="flood")
    with pytest.raises(WrongState):
        district.do("wang", submit_count, count_id=count_id)
    assert district.balance(district.lots()["T1"], district.bins()["A-01"]) == (100, 0)
    assert district.see("wang", open_counts) == []
    [kept] = district.see("wang", counts_of_site, site_id=district.site)
    assert (kept.state, kept.total, kept.counted) == ("cancelled", 4, 4)


def test_shelves_lately_emptied_are_listed(district: District) -> None:
    """A bin that the book emptied this month is on the list; one emptied long ago is not."""
    tents, bins = district.lots()["T1"], district.bins()
    district.post(lines=[Line(tents, bins["A-01"], bins["A-03"], 100, "move")])
    lines = district.see("wang", count_sheet, count_id=opened(district)).lines
    assert [(one.batch, one.place) for one in lines] == [
        ("T1", "A-01"),
        ("T2", "A-02"),
        ("W1", "A-02"),
        ("R1", "A-03"),
        ("T1", "A-03"),
    ]
    district.travel(START + dt.timedelta(days=40))
    lines = district.see("wang", count_sheet, count_id=opened(district)).lines
    assert ("T1", "A-01") not in [(one.batch, one.place) for one in lines]


def test_a_later_count_stands(district: District) -> None:
    """Two counts of a shelf overlap: the one counted later is posted, the earlier one leaves the line out."""
    tents, bins = district.lots()["T1"], district.bins()
    early = opened(district)
    to_approved(district, early, BOOK | {"T1": 90})
    posted(district, opened(district), BOOK | {"T1": 95})
    with pytest.raises(rules.Overtaken) as refused:
        district.do("keeper", post_count, count_id=early)
    assert refused.value.count == 4
    done = district.do("keeper", post_count, count_id=early, confirmed=frozenset({"count_overtaken"}))
    assert len(done.outcome["overtaken"]) == 4
    assert district.balance(tents, bins["A-01"]) == (95, 0)
    assert district.read(violations) == []


def test_the_time_of_counting_must_be_possible(district: District) -> None:
    """Not before the opening, not in the future."""
    count_id = opened(district)
    line = line_of(district, count_id, "T1", "A-01")
    with pytest.raises(rules.BeforeOpening):
        district.do("wang", read_count, line_id=line.id, quantity=1, counted_at=START - dt.timedelta(hours=1))
    with pytest.raises(InTheFuture):
        district.do("wang", read_count, line_id=line.id, quantity=1, counted_at=START + dt.timedelta(hours=1))


def test_a_held_shelf_counts_the_same(district: District) -> None:
    """What is reserved stands there all the same: a count that finds it all posts nothing."""
    tents, bins = district.lots()["T1"], district.bins()
    hold = NewHold(district.store.env.new_id(), tents, bins["A-01"], 30)
    district.post(holds=[hold])
    posted(district, opened(district), BOOK)
    assert district.balance(tents, bins["A-01"]) == (100, 30)
