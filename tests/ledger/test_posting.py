"""Posting: goods come from somewhere, nothing is oversold, one id is one entry, drill and reality stay apart."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from inventory.core.errors import NotFound, SameIdOtherFacts
from inventory.core.work import Work
from inventory.ledger.commands import GoodsLine, move_stock, receive_goods, scrap_stock, write_off
from inventory.ledger.rules import Line, NotAMovement, NotEnoughStock, PlaceClosed, TwoWorlds
from inventory.ledger.verify import violations
from inventory.models import Balance, Incident, Movement, Place
from inventory.people.journal import begin, finish
from inventory.people.rules import At, NotPermitted, TooLongAgo
from tests.support.small_district import START, District


def _receive(district: District, item: str, quantity: int, *, login: str = "manager", **more: object) -> UUID:
    """Receive a new lot into A-03 and return its id."""
    done = district.do(
        login,
        receive_goods,
        site_id=district.site,
        owner_id=district.organisation,
        source="donation",
        lines=[GoodsLine(district.item(item), district.bins()["A-03"], quantity)],
        **more,
    )
    return UUID(done.outcome["lots"][0])


def test_every_lot_sums_to_zero(district: District) -> None:
    """What stands in the bins is what the supplier gave; the two sides of every lot cancel."""
    lot = _receive(district, "tent", 7)
    assert district.balance(lot, district.bins()["A-03"]) == (7, 0)
    assert district.balance(lot, district.virtual["supplier"]) == (-7, 0)
    sums = select(func.sum(Balance.quantity)).group_by(Balance.lot_id)
    assert set(district.read(lambda work: work.connection.execute(sums).scalars().all())) == {0}


def test_oversell_is_refused_with_its_facts(district: District) -> None:
    """Several lines short: nothing at all is posted, and the refusal tells the first and how many more."""
    lots, bins = district.lots(), district.bins()
    entries = district.entries()
    lines = [
        Line(lots["T1"], bins["A-01"], bins["STAGING"], 50, "pick"),
        Line(lots["T2"], bins["A-02"], bins["STAGING"], 61, "pick"),
        Line(lots["W1"], bins["A-02"], bins["STAGING"], 999, "pick"),
    ]
    with pytest.raises(NotEnoughStock) as refused:
        district.post(lines=lines)
    assert refused.value.others == 1
    assert (refused.value.asked, refused.value.available) in {(61, 60), (999, 240)}
    assert district.balance(lots["T1"], bins["A-01"]) == (100, 0)
    assert district.entries() == entries
    assert district.read(violations) == []


def test_lines_of_one_entry_are_netted(district: District) -> None:
    """Through and out again within one entry needs no stock at the place between."""
    lot, bins = district.lots()["T1"], district.bins()
    district.post(
        lines=[
            Line(lot, bins["A-03"], bins["STAGING"], 100, "pick"),
            Line(lot, bins["A-01"], bins["A-03"], 100, "move"),
        ]
    )
    assert [district.balance(lot, bins[code])[0] for code in ("A-01", "A-03", "STAGING")] == [0, 0, 100]
    assert district.read(violations) == []


@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_impossible_movements(district: District, quantity: int) -> None:
    """Zero, less and more than a movement can be are refused, as is a movement to where it comes from."""
    lot, bins = district.lots()["T1"], district.bins()
    with pytest.raises(NotAMovement):
        district.post(lines=[Line(lot, bins["A-01"], bins["A-02"], quantity, "move")])
    with pytest.raises(NotAMovement):
        district.post(lines=[Line(lot, bins["A-01"], bins["A-01"], 1, "move")])


def test_places_that_cannot_be(district: District) -> None:
    """Unknown places and those of another site are not found; closed ones take and give nothing."""
    lot, bins = district.lots()["T1"], district.bins()
    with pytest.raises(NotFound):
        district.post(lines=[Line(lot, bins["A-01"], UUID(int=3), 1, "move")])
    asked = {"site_id": district.site, "lot_id": lot, "from_place_id": bins["A-01"], "quantity": 1}
    with pytest.raises(NotFound):
        district.do("manager", move_stock, to_place_id=bins["B-01"], **asked)
    closing = update(Place).where(Place.id == bins["A-02"]).values(open=False)
    district.store.write(district.actor("system"), lambda work: work.connection.execute(closing).rowcount)
    with pytest.raises(PlaceClosed):
        district.do("manager", move_stock, to_place_id=bins["A-02"], **asked)


def test_one_id_is_one_entry(district: District) -> None:
    """The same command under its id answers as before and moves nothing; another under the id is refused."""
    lot, bins = district.lots()["T1"], district.bins()
    key = district.store.env.new_id()
    asked = {
        "site_id": district.site,
        "lot_id": lot,
        "from_place_id": bins["A-01"],
        "to_place_id": bins["A-02"],
        "quantity": 30,
    }
    first = district.do("manager", move_stock, id=key, **asked)
    again = district.do("wang", move_stock, id=key, **asked)
    assert (first.again, again.again, first.outcome) == (False, True, again.outcome)
    with pytest.raises(SameIdOtherFacts):
        district.do("manager", move_stock, id=key, **(asked | {"quantity": 31}))
    with pytest.raises(NotPermitted):
        district.do("auditor", move_stock, id=key, **asked)
    assert district.balance(lot, bins["A-01"]) == (70, 0)


def test_drill_and_reality_do_not_meet(district: District) -> None:
    """An entry that touches a drill place and a real one is refused."""
    lot, bins = district.lots()["T1"], district.bins()
    incident, place = district.store.env.new_id(), district.store.env.new_id()

    def drill(work: Work) -> None:
        deed = begin(work, id=work.env.new_id(), kind="open_incident", asked={}, at=At())
        work.connection.execute(
            insert(Incident).values(
                id=incident,
                number="X-1",
                name_zh="演练",
                hazard="flood",
                level=4,
                division_id=district.division,
                state="active",
                drill=True,
                began_at=work.now,
                changed_by_id=deed.id,
            )
        )
        work.connection.execute(
            insert(Place).values(
                id=place, kind="bin", code="DRILL", site_id=district.site, drill_id=incident, made_by_id=deed.id
            )
        )
        finish(work, deed, outcome={}, drill=True)

    district.store.write(district.actor("commander"), drill)
    with pytest.raises(TwoWorlds):
        district.post(lines=[Line(lot, bins["A-01"], place, 1, "move")])


def test_a_device_enters_once(district: District) -> None:
    """A lot kept piece by piece is one piece: five at once are refused, and so is its second coming."""
    with pytest.raises(NotEnoughStock):
        _receive(district, "radio", 5)
    lot, bins = district.lots()["R1"], district.bins()
    with pytest.raises(NotEnoughStock):
        district.post(lines=[Line(lot, district.virtual["supplier"], bins["A-01"], 1, "receive")])
    district.post(lines=[Line(lot, bins["A-03"], district.virtual["supplier"], 1, "give_back")])
    district.post(lines=[Line(lot, district.virtual["supplier"], bins["A-01"], 1, "receive")])
    assert district.balance(lot, bins["A-01"]) == (1, 0)
    assert district.read(violations) == []


def test_losing_and_scrapping(district: District) -> None:
    """A manager, and nobody below, writes off to lost and found and scraps for good."""
    lot, bins = district.lots()["T1"], district.bins()
    asked = {"site_id": district.site, "lot_id": lot, "from_place_id": bins["A-01"], "quantity": 4, "why": "torn"}
    for login in ("wang", "keeper", "commander"):
        with pytest.raises(NotPermitted):
            district.do(login, write_off, **asked)
    district.do("manager", write_off, **asked)
    district.do("manager", scrap_stock, **asked)
    assert district.balance(lot, bins["A-01"]) == (92, 0)
    assert district.balance(lot, district.virtual["lost_found"]) == (4, 0)
    assert district.balance(lot, district.virtual["scrap"]) == (4, 0)
    with pytest.raises(NotEnoughStock):
        district.do("manager", write_off, **(asked | {"quantity": 93}))
    with pytest.raises(NotEnoughStock):
        district.post(lines=[Line(lot, district.virtual["scrap"], bins["A-01"], 5, "wonder")])
    assert district.read(violations) == []


def test_who_may_record_the_past(district: District) -> None:
    """A clerk records yesterday, not last week; a manager may; the movement carries the claimed time."""
    last_week = START - dt.timedelta(days=7)
    with pytest.raises(TooLongAgo):
        _receive(district, "tent", 1, login="wang", occurred_at=last_week)
    _receive(district, "tent", 1, login="wang", occurred_at=START - dt.timedelta(hours=20))
    lot = _receive(district, "tent", 1, occurred_at=last_week)
    moment = select(Movement.occurred_at).where(Movement.lot_id == lot)
    assert district.read(lambda work: work.connection.execute(moment).scalar_one()) == last_week
    assert district.read(violations) == []


def test_an_entry_of_many_lines(district: District) -> None:
    """Seven hundred lots in one entry about the past, past a count's fence look-up: no statement grows too large."""
    done = district.do(
        "manager",
        receive_goods,
        site_id=district.site,
        owner_id=district.organisation,
        source="purchase",
        lines=[GoodsLine(district.item("water"), district.bins()["A-01"], number) for number in range(1, 701)],
        occurred_at=START - dt.timedelta(hours=1),
    )
    assert len(done.outcome["lots"]) == 700
    assert district.read(violations) == []
