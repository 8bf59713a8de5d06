"""Holds: set aside, used, freed, expired; never more than stands there, never more than they are."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import select

from inventory.ledger.commands import expire_holds
from inventory.ledger.rules import Free, HoldExhausted, Line, NewHold, NotAMovement, NotEnoughStock
from inventory.ledger.verify import violations
from inventory.models import Hold
from tests.support.small_district import District


def _hold(district: District, quantity: int, **more: object) -> UUID:
    """Set tents of T1 in A-01 aside and return the hold."""
    key = district.store.env.new_id()
    district.post(holds=[NewHold(key, district.lots()["T1"], district.bins()["A-01"], quantity, **more)])
    return key


def _row(district: District, hold_id: UUID) -> tuple[int, int, int]:
    """Return remaining, used and freed of a hold."""
    query = select(Hold.remaining, Hold.used, Hold.freed).where(Hold.id == hold_id)
    return tuple(district.read(lambda work: work.connection.execute(query).one()))


def test_a_hold_is_used_and_freed(district: District) -> None:
    """60 of 100 held; 25 leave under the hold, 15 are freed, 20 remain; the books prove themselves at each step."""
    tents, bins = district.lots()["T1"], district.bins()
    hold = _hold(district, 60)
    assert district.balance(tents, bins["A-01"]) == (100, 60)
    district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 25, "pick", hold_id=hold)])
    assert district.balance(tents, bins["A-01"]) == (75, 35)
    district.post(frees=[Free(hold, 15)])
    assert district.balance(tents, bins["A-01"]) == (75, 20)
    assert _row(district, hold) == (20, 25, 15)
    assert district.read(violations) == []


def test_the_facts_tell_of_holds(district: District) -> None:
    """Holds made and freed stand in the entry, and so in the chain."""
    key = district.store.env.new_id()
    hold = NewHold(key, district.lots()["T1"], district.bins()["A-01"], 7)
    made = district.post(holds=[hold])
    assert district.facts(made)["holds"] == [[str(key), str(hold.lot_id), str(hold.place_id), 7, None, None]]
    freed = district.post(frees=[Free(key, 3)])
    assert district.facts(freed)["frees"] == [[str(key), 3]]


def test_what_is_held_is_not_for_others(district: District) -> None:
    """With 60 of 100 held, 40 can go or be held and not one more; the refusal tells what there is."""
    tents, bins = district.lots()["T1"], district.bins()
    _hold(district, 60)
    with pytest.raises(NotEnoughStock) as refused:
        district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 41, "pick")])
    told = refused.value
    assert (told.place, told.on_hand, told.held, told.available, told.asked) == ("A-01", 100, 60, 40, 41)
    assert told.item.zh == "帐篷"
    with pytest.raises(NotEnoughStock):
        _hold(district, 41)
    _hold(district, 40)
    with pytest.raises(NotEnoughStock):
        district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 1, "pick")])
    assert district.read(violations) == []


def test_a_hold_covers_no_more_than_it_is(district: District) -> None:
    """Using or freeing more than remains, of another lot or place, or of no hold at all, is refused whole."""
    lots, bins = district.lots(), district.bins()
    hold = _hold(district, 10)
    wrong = [
        {"lines": [Line(lots["T1"], bins["A-01"], bins["STAGING"], 11, "pick", hold_id=hold)]},
        {"lines": [Line(lots["T2"], bins["A-02"], bins["STAGING"], 1, "pick", hold_id=hold)]},
        {"lines": [Line(lots["T1"], bins["A-01"], bins["STAGING"], 1, "pick", hold_id=UUID(int=9))]},
        {"lines": [Line(lots["T1"], bins["A-01"], bins["STAGING"], 6, "pick", hold_id=hold)] * 2},
        {"frees": [Free(hold, 11)]},
        {"frees": [Free(hold, 6), Free(hold, 6)]},
        {"frees": [Free(UUID(int=9), 1)]},
    ]
    for asked in wrong:
        with pytest.raises((HoldExhausted, NotEnoughStock)):
            district.post(**asked)
    assert _row(district, hold) == (10, 0, 0)
    assert district.balance(lots["T1"], bins["A-01"]) == (100, 10)


@pytest.mark.parametrize("quantity", [0, -5, 10**9])
def test_quantities_of_holds_are_quantities(district: District, quantity: int) -> None:
    """Freeing minus five would enlarge a hold: refused like any impossible quantity."""
    hold = _hold(district, 10)
    district.post(frees=[Free(hold, 6)])
    with pytest.raises(NotAMovement):
        district.post(frees=[Free(hold, quantity)])
    with pytest.raises(NotAMovement):
        _hold(district, quantity)
    assert _row(district, hold) == (4, 0, 6)


def test_holds_with_a_limit_expire(district: District) -> None:
    """The clock frees what is past its time and leaves firm holds and later ones alone."""
    tents, bins = district.lots()["T1"], district.bins()
    now = district.store.env.now.instant
    firm = _hold(district, 10)
    soon = _hold(district, 20, expires_at=now + dt.timedelta(hours=1))
    later = _hold(district, 30, expires_at=now + dt.timedelta(hours=3))
    district.post(lines=[Line(tents, bins["A-01"], bins["STAGING"], 5, "pick", hold_id=soon)])
    district.travel(now + dt.timedelta(hours=2))
    done = district.do("system", expire_holds)
    assert done.outcome["holds"] == [str(soon)]
    assert [_row(district, one) for one in (firm, soon, later)] == [(10, 0, 0), (0, 5, 15), (30, 0, 0)]
    assert district.balance(tents, bins["A-01"]) == (95, 40)
    assert district.do("system", expire_holds).outcome["holds"] == []
    assert district.read(violations) == []
