"""Bins, teams, vehicles and devices from a list: new, changed, the same, and everything that is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from inventory.core.errors import FileRefused
from inventory.core.work import SYSTEM, Store, Work
from inventory.exchange.lists import LISTS
from inventory.ledger.verify import violations
from inventory.models import (
    Asset,
    Balance,
    Item,
    Journal,
    Lot,
    Norm,
    Place,
    Resource,
    Site,
    Team,
    TravelPair,
    Vehicle,
)
from inventory.people.rules import NotPermitted
from tests.support import demo

TEAM = (
    "Team code,Chinese name,Organisation code,Base (site code),Discipline,Level,Legal kind,People,Assembly here (min)"
)
VEHICLE = "Vehicle code,Chinese name,Organisation code,Base (site code),Plate,Transport,Payload (kg),Volume (litres)"
DEVICE = "Label,Item code,Serial number,Kind of device,Chinese name,Site code,Bin,Works without network,Condition"
BIN = "Site code,Bin,Kind of place"


@pytest.fixture
def store(make_database: Callable[..., str], home: Path) -> Iterator[Store]:
    """The demo district."""
    opened = demo.demo_store(make_database, home)
    yield opened
    opened.close()


def review(store: Store, key: str, head: str, *rows: str) -> Any:
    """Return what a list would do."""
    parsed = LISTS[key].read("\n".join((head, *rows)).encode(), f"{key}.csv")
    return store.read(SYSTEM, lambda work: LISTS[key].review(work, parsed=parsed))


def take(store: Store, key: str, login: str, head: str, *rows: str) -> dict[str, Any]:
    """Take a list over and return its outcome."""
    parsed = LISTS[key].read("\n".join((head, *rows)).encode(), f"{key}.csv")

    def job(work: Work) -> Any:
        return LISTS[key].command(work, id=work.env.new_id(), parsed=parsed)

    return dict(store.write(demo.person(store, login), job).outcome)


def told(found: Any) -> list[tuple[int, str, str]]:
    """Return the faults of a review."""
    return [(fault.row, fault.code, fault.column) for fault in found.faults]


def one(store: Store, query: Any) -> Any:
    """Return one row."""
    with store.reading(SYSTEM) as work:
        return work.connection.execute(query).one()


def entries(store: Store) -> int:
    """Return how many entries the journal has."""
    return int(one(store, select(func.count()).select_from(Journal))[0])


def site(store: Store) -> tuple[str, str]:
    """Return a stockpile with the code of one of its bins."""
    query = select(Site.code, Place.code).join(Place, Place.site_id == Site.id)
    with store.reading(SYSTEM) as work:
        found = work.connection.execute(query.where(Site.code == "T100", Place.kind == "bin")).first()
    assert found is not None
    return found[0], found[1]


def test_teams_come_in_and_are_changed(store: Store) -> None:
    """A team is found by its code; names of the open lists are read in both languages; the same again is the same."""
    rows = ("DW-91,\u4e00\u961f,WS,T100,Fire and rescue,2,Professional team,30,20",
            "DW-92,\u4e8c\u961f,WS,T100,\u9632\u6c5b\u62a2\u9669,3,volunteer,12,40")  # fmt: skip
    assert take(store, "teams", "sysadmin", TEAM, *rows)["new"] == 2
    found = one(store, select(Team, Resource.state).join(Resource).where(Resource.code == "DW-92"))
    assert (found.discipline, found.legal_kind, found.people, found.state) == ("flood", "volunteer", 12, "available")
    assert review(store, "teams", TEAM, *rows).idle
    changed = take(store, "teams", "sysadmin", TEAM + ",In service", rows[0].replace(",30,", ",31,") + ",no")
    assert (changed["new"], changed["changed"]) == (0, 1)
    found = one(store, select(Team.people, Resource.state).join(Resource).where(Resource.code == "DW-91"))
    assert tuple(found) == (31, "out_of_service")
    assert take(store, "teams", "sysadmin", TEAM + ",In service", rows[0] + ",yes")["changed"] == 1
    assert one(store, select(Resource.state).where(Resource.code == "DW-91"))[0] == "available"


def test_what_is_wrong_with_teams_is_told_at_once(store: Store) -> None:
    """Unknown terms, a level that is none, a vehicle's code, a team that is out: all of them, nothing stored."""

    def send_out(work: Work) -> None:
        work.connection.execute(Resource.__table__.update().where(Resource.code == "DW-02").values(state="on_site"))

    store.write(SYSTEM, send_out)
    before = entries(store)
    found = review(
        store, "teams", TEAM + ",In service",
        "DW-91,x,NOPE,NOPE,juggling,4,Professional team,0,20,",
        "CL-01,x,WS,T100,juggling,1,volunteer,5,20,",
        "DW-02,x,WS,T100,flood,1,volunteer,5,20,no",
    )  # fmt: skip
    assert told(found) == [
        (2, "number_out_of_range", "Level"),
        (2, "quantity_too_small", "People"),
        (3, "code_of_another_kind", "Team code"),
        (3, "unknown_term", "Discipline"),
        (4, "resource_is_out", "In service"),
    ]
    with pytest.raises(FileRefused):
        take(store, "teams", "sysadmin", TEAM, "DW-91,x,NOPE,T100,flood,1,volunteer,5,20")
    assert entries(store) == before


def test_vehicles_carry_kilograms_and_exchange_plates(store: Store) -> None:
    """Kilograms and litres become grams and cm3; plates may be exchanged in one list; a taken one is refused."""
    rows = ("CL-91,a,WS,T100,AA-1,truck,1500.5,16000", "CL-92,b,WS,T100,AA-2,boat,300,0")
    assert take(store, "vehicles", "manager", VEHICLE, *rows)["new"] == 2
    query = select(Vehicle.plate, Vehicle.payload_g, Vehicle.volume_cm3, Vehicle.mode).join(Resource)
    assert tuple(one(store, query.where(Resource.code == "CL-91"))) == ("AA-1", 1_500_500, 16_000_000, "truck")
    exchanged = [rows[0].replace("AA-1", "AA-2"), rows[1].replace("AA-2", "AA-1")]
    assert take(store, "vehicles", "manager", VEHICLE, *exchanged)["changed"] == 2
    assert one(store, query.where(Resource.code == "CL-91"))[0] == "AA-2"
    assert told(review(store, "vehicles", VEHICLE, rows[0].replace("CL-91", "CL-93"))) == [(2, "plate_taken", "Plate")]
    assert told(review(store, "vehicles", VEHICLE, "CL-94,a,WS,T100,AA-9,rocket,1.2345,1")) == [
        (2, "not_a_choice", "Transport"),
        (2, "not_a_number", "Payload (kg)"),
    ]


def test_devices_are_received_into_the_books(store: Store) -> None:
    """A new device is a lot of one in its bin, with a label; known by label or serial number it is changed."""
    where, code = site(store)
    row = f",C001,SN-77,satellite_phone,\u536b\u661f\u7535\u8bdd,{where},{code},yes,"
    assert take(store, "devices", "comms", DEVICE, row)["new"] == 1
    query = (
        select(Asset.label, Asset.condition, Asset.independent_of_network, Balance.quantity, Place.code, Lot.source)
        .join(Lot, Lot.id == Asset.lot_id)
        .join(Balance, (Balance.lot_id == Lot.id) & (Balance.quantity > 0))
        .join(Place, Place.id == Balance.place_id)
        .where(Asset.serial_number == "SN-77")
    )
    found = one(store, query)
    assert re.fullmatch(r"2[0-9]{7}", found.label)
    assert tuple(found)[1:] == ("serviceable", True, 1, code, "opening")
    assert review(store, "devices", DEVICE, row).idle
    changed = f"{found.label},C001,SN-78,satellite_phone,x,,,no,limited use"
    assert take(store, "devices", "manager", DEVICE, changed)["changed"] == 1
    found = one(store, select(Asset.condition, Asset.name_zh).where(Asset.serial_number == "SN-78"))
    assert tuple(found) == ("limited", "x")
    assert store.read(SYSTEM, lambda work: violations(work)) == []


def test_what_is_wrong_with_devices_is_told_at_once(store: Store) -> None:
    """A device moved by a list, of another item, without a name, a place or a serial item: all told, nothing stored."""
    where, code = site(store)
    with store.reading(SYSTEM) as work:
        query = select(Asset.label, Asset.serial_number).order_by(Asset.label).limit(1)
        label, serial = work.connection.execute(query).one()
    before = entries(store)
    found = review(
        store, "devices", DEVICE,
        f"{label},C001,{serial},satellite_phone,x,D01,NOPE,,",
        f"{label},T031,{serial},generator,x,,,,",
        "29999999,C001,x,satellite_phone,x,,,,",
        ",C001,,satellite_phone,x,,,,",
        f",T016,W-1,nothing,x,{where},NOPE,,",
        f",C001,W-2,satellite_phone,x,,{code},,",
    )  # fmt: skip
    assert told(found) == [
        (2, "device_elsewhere", "Site code"),
        (3, "item_of_a_device", "Item code"),
        (3, "duplicate_row", ""),
        (4, "unknown_device", "Label"),
        (4, "place_needed", "Site code"),
        (5, "device_not_named", "Serial number"),
        (5, "place_needed", "Site code"),
        (6, "unknown_term", "Kind of device"),
        (6, "item_not_serial", "Item code"),
        (6, "no_such_bin", "Bin"),
        (7, "place_needed", "Site code"),
    ]
    assert entries(store) == before


def test_bins_are_opened_where_the_person_keeps(store: Store) -> None:
    """A list of bins opens what is missing; a keeper of other sites may not; another kind of place is told."""
    where, code = site(store)
    rows = (f"{where},{code},", f"{where},N-01,", f"{where},Q-09,quarantine area")
    outcome = take(store, "bins", "manager", BIN, *rows)
    assert (outcome["new"], outcome["same"]) == (2, 1)
    assert one(store, select(Place.kind).where(Place.code == "Q-09"))[0] == "quarantine"
    assert review(store, "bins", BIN, *rows).idle
    found = review(store, "bins", BIN, f"{where},{code},staging area", "NOPE,A,", f"{where},{code},")
    assert told(found) == [
        (2, "bin_of_another_kind", "Kind of place"),
        (3, "unknown_site", "Site code"),
        (4, "duplicate_row", ""),
    ]
    with pytest.raises(NotPermitted):
        take(store, "bins", "townkeeper", BIN, f"{where},N-02,")
    with pytest.raises(NotPermitted):
        take(store, "teams", "keeper", TEAM, "DW-91,x,WS,T100,flood,1,volunteer,5,20")


def test_norms_become_the_districts_own(store: Store) -> None:
    """A norm that a list changes is the district's own; one that it repeats keeps its mark; wrong ones are told."""
    with store.reading(SYSTEM) as work:
        kept, changed = work.connection.execute(select(Norm).where(Norm.confidence != "own").limit(2)).all()
        units = {row.id: row.code for row in work.connection.execute(select(Item.id, Item.code))}
    head = "Norm code,Item code,Hazard,Quantity needed,For how many persons,Period,Season,Priority,Basis (Chinese),"
    head += "Basis (English),Source of the figure"

    def row(norm: Any, quantity: str) -> str:
        cells = [norm.code, units[norm.item_id], "" if norm.hazard == "any" else norm.hazard, quantity]
        cells += [str(norm.per_persons), norm.period, norm.season, str(norm.priority)]
        return ",".join([*cells, *(f'"{text}"' for text in (norm.basis_zh, norm.basis_en, norm.source))])

    rows = (row(kept, f"{kept.quantity_milli / 1000:g}"), row(changed, "7.125"), "N-NEW,T016,,2,1,day,,,x,,own rule")
    outcome = take(store, "norms", "manager", head, *rows)
    assert (outcome["new"], outcome["changed"], outcome["same"]) == (1, 1, 1)
    query = select(Norm.quantity_milli, Norm.confidence)
    assert tuple(one(store, query.where(Norm.code == changed.code))) == (7_125, "own")
    assert one(store, query.where(Norm.code == kept.code)).confidence == kept.confidence
    new = one(store, select(Norm).where(Norm.code == "N-NEW"))
    assert (new.priority, new.hazard, new.season, new.basis_en, new.active) == (1, "any", "all", "x", True)
    assert told(review(store, "norms", head, "N-2,NOPE,war,0,1,day,,,x,,y", "N-3,T016,,1,1,year,,5,x,,y")) == [
        (2, "unknown_item", "Item code"),
        (2, "unknown_term", "Hazard"),
        (2, "item_field_wrong", "Quantity needed"),
        (3, "not_a_choice", "Period"),
        (3, "number_out_of_range", "Priority"),
    ]


def test_travel_times_come_before_the_estimate(store: Store) -> None:
    """Times come in each way for itself, are changed, go out and come back; a blank closes no road."""
    head = "From (site code),To (site code),Transport,Minutes,Unreachable"
    assert take(store, "travel", "duty", head, "D01,T100,truck,35,", "T100,D01,truck,40,")["new"] == 2
    rows = ("D01,T100,truck,,yes", "T100,D01,truck,40,no", "D01,T101,boat,9,")
    outcome = take(store, "travel", "duty", head, *rows)
    assert (outcome["new"], outcome["changed"], outcome["same"]) == (1, 1, 1)
    with store.reading(SYSTEM) as work:
        found = work.connection.execute(select(TravelPair.mode, TravelPair.minutes, TravelPair.source)).all()
        data = LISTS["travel"].as_csv(work, language="zh_CN")
    assert sorted(found, key=str) == [("boat", 9, "entered"), ("truck", 40, "entered"), ("truck", None, "entered")]
    parsed = LISTS["travel"].read(data, "a.csv")
    assert store.read(SYSTEM, lambda work: LISTS["travel"].review(work, parsed=parsed)).idle
    assert told(review(store, "travel", head, "D01,T100,truck,,", "D01,D01,truck,5,", "D01,NOPE,truck,5,yes")) == [
        (2, "minutes_or_unreachable", "Minutes"),
        (3, "way_to_itself", "To (site code)"),
        (4, "unknown_site", "To (site code)"),
        (4, "minutes_or_unreachable", "Minutes"),
    ]
