"""Fences and reversal: a counted shelf keeps what was counted, an entry is undone once and as of its own time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.work import Work
from inventory.ledger.commands import GoodsLine, move_stock, receive_goods, reverse_entry, write_off
from inventory.ledger.posting import post
from inventory.ledger.rules import AfterCount, AlreadyReversed, Counted, Line, NotEnoughStock, NotReversible
from inventory.ledger.verify import violations
from inventory.models import Journal, Movement
from inventory.people.journal import begin, finish
from inventory.people.rules import At, NotPermitted
from tests.support.small_district import START, District

CONFIRMED = frozenset({"after_count"})
MINUTE = dt.timedelta(minutes=1)


def _count(district: District, lot: UUID, place: UUID, *, found: int, book: int, at: dt.datetime) -> None:
    """Post what a count of one shelf posts."""

    def job(work: Work) -> None:
        deed = begin(work, id=work.env.new_id(), kind="post_count", asked={}, at=At(district.site))
        lost = district.virtual["lost_found"]
        off = found - book
        ends = (lost, place) if off > 0 else (place, lost)
        lines = [Line(lot, *ends, abs(off), "count", occurred_at=at)] if off else []
        post(work, deed=deed, lines=lines, counted=[Counted(lot, place, at)])
        finish(work, deed, outcome={})

    district.store.write(district.actor("manager"), job)


def _moved(district: District, quantity: int, occurred_at: dt.datetime, **more: object) -> UUID:
    """Move tents from A-01 to A-02 and return the entry."""
    bins = district.bins()
    done = district.do(
        "manager",
        move_stock,
        site_id=district.site,
        lot_id=district.lots()["T1"],
        from_place_id=bins["A-01"],
        to_place_id=bins["A-02"],
        quantity=quantity,
        occurred_at=occurred_at,
        **more,
    )
    return done.id


def test_a_line_may_have_its_own_time(district: District) -> None:
    """The movement carries it, the facts tell it, and the proof accepts it."""
    lot, place = district.lots()["T1"], district.bins()["A-01"]
    at = START - 30 * MINUTE
    _count(district, lot, place, found=90, book=100, at=at)
    query = select(Movement.occurred_at).where(Movement.reason == "count")
    assert district.read(lambda work: work.connection.execute(query).scalar_one()) == at
    assert district.read(violations) == []


def test_before_at_and_after_the_fence(district: District) -> None:
    """At or before the moment of counting the shelf keeps its count; after it the shelf changes."""
    lot, bins = district.lots()["T1"], district.bins()
    at = START - 30 * MINUTE
    _count(district, lot, bins["A-01"], found=95, book=100, at=at)
    _moved(district, 10, at + MINUTE)
    assert district.balance(lot, bins["A-01"]) == (85, 0)
    for moment in (at - MINUTE, at):
        with pytest.raises(AfterCount) as refused:
            _moved(district, 2, moment)
        assert (refused.value.place, refused.value.quantity, refused.value.counted_at) == ("A-01", 2, at)
        _moved(district, 2, moment, confirmed=CONFIRMED)
    assert district.balance(lot, bins["A-01"]) == (85, 0)
    assert district.balance(lot, bins["A-02"]) == (14, 0)
    assert district.balance(lot, district.virtual["lost_found"]) == (1, 0)
    assert district.read(violations) == []


def test_goods_that_came_before_the_count(district: District) -> None:
    """A move into a counted shelf, recorded late, is already in what was counted."""
    lot, bins = district.lots()["T1"], district.bins()
    _count(district, lot, bins["A-02"], found=8, book=0, at=START)
    assert district.balance(lot, district.virtual["lost_found"]) == (-8, 0)
    _moved(district, 8, START - MINUTE, confirmed=CONFIRMED)
    assert [district.balance(lot, bins[code])[0] for code in ("A-01", "A-02")] == [92, 8]
    assert district.balance(lot, district.virtual["lost_found"]) == (0, 0)
    assert district.read(violations) == []


def test_both_ends_counted(district: District) -> None:
    """A late move between two counted shelves changes neither."""
    lot, bins = district.lots()["T1"], district.bins()
    _count(district, lot, bins["A-01"], found=90, book=100, at=START)
    _count(district, lot, bins["A-02"], found=10, book=0, at=START)
    _moved(district, 10, START - MINUTE, confirmed=CONFIRMED)
    assert [district.balance(lot, bins[code])[0] for code in ("A-01", "A-02")] == [90, 10]
    assert district.read(violations) == []


def test_a_fence_only_moves_forward(district: District) -> None:
    """A count of an earlier moment, posted later, settles against the later one and leaves its fence."""
    lot, bins = district.lots()["T1"], district.bins()
    _count(district, lot, bins["A-01"], found=95, book=100, at=START)
    with pytest.raises(AfterCount):
        _count(district, lot, bins["A-01"], found=90, book=100, at=START - 10 * MINUTE)
    with pytest.raises(AfterCount):
        _moved(district, 1, START - MINUTE)
    assert district.balance(lot, bins["A-01"]) == (95, 0)


def test_an_entry_is_reversed_once(district: District) -> None:
    """The lines come back as of their time; a second reversal and the reversal of a reversal are refused."""
    lot, bins = district.lots()["T1"], district.bins()
    moved = _moved(district, 30, START - MINUTE)
    asked = {"site_id": district.site, "why": "wrong bin"}
    with pytest.raises(NotPermitted):
        district.do("wang", reverse_entry, entry_id=moved, **asked)
    back = district.do("keeper", reverse_entry, entry_id=moved, **asked)
    assert [district.balance(lot, bins[code])[0] for code in ("A-01", "A-02")] == [100, 0]
    row = select(Journal.occurred_at, Journal.reverses_id).where(Journal.id == back.id)
    assert tuple(district.read(lambda work: work.connection.execute(row).one())) == (START - MINUTE, moved)
    with pytest.raises(AlreadyReversed):
        district.do("keeper", reverse_entry, entry_id=moved, **asked)
    with pytest.raises(NotReversible):
        district.do("keeper", reverse_entry, entry_id=back.id, **asked)
    with pytest.raises(NotFound):
        district.do("keeper", reverse_entry, entry_id=UUID(int=4), **asked)
    assert district.read(violations) == []


def test_what_has_gone_on_cannot_be_reversed(district: District) -> None:
    """A receipt of which part has left stays: the bin cannot give it back. Nor is an entry of another store touched."""
    bins = district.bins()
    receipt = district.do(
        "manager",
        receive_goods,
        site_id=district.site,
        owner_id=district.organisation,
        source="purchase",
        lines=[GoodsLine(district.item("tent"), bins["A-03"], 10)],
    )
    lot = UUID(receipt.outcome["lots"][0])
    district.post(lines=[Line(lot, bins["A-03"], bins["STAGING"], 1, "pick")])
    with pytest.raises(NotEnoughStock):
        district.do("keeper", reverse_entry, site_id=district.site, entry_id=receipt.id, why="x")
    with pytest.raises(NotFound):
        district.do("keeper", reverse_entry, site_id=district.other_site, entry_id=receipt.id, why="x")
    lost = district.do(
        "manager",
        write_off,
        site_id=district.site,
        lot_id=lot,
        from_place_id=bins["A-03"],
        quantity=1,
        why="gone",
    )
    with pytest.raises(NotReversible):
        district.do("keeper", reverse_entry, site_id=district.site, entry_id=lost.id, why="found")


def test_reversing_what_was_fenced(district: District) -> None:
    """A late move that was settled against lost and found is reversed: the shelf still keeps its count (story 6)."""
    lot, bins = district.lots()["T1"], district.bins()
    _count(district, lot, bins["A-01"], found=95, book=100, at=START)
    moved = _moved(district, 5, START - MINUTE, confirmed=CONFIRMED)
    assert district.balance(lot, district.virtual["lost_found"]) == (0, 0)
    asked = {"site_id": district.site, "entry_id": moved, "why": "never happened"}
    with pytest.raises(AfterCount):
        district.do("keeper", reverse_entry, **asked)
    district.do("keeper", reverse_entry, **asked, confirmed=CONFIRMED)
    assert [district.balance(lot, bins[code])[0] for code in ("A-01", "A-02")] == [95, 0]
    assert district.balance(lot, district.virtual["lost_found"]) == (5, 0)
    assert district.read(violations) == []
