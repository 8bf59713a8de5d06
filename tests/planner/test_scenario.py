"""The scenario file: read strictly with all faults at once, written canonically, the same after a round trip."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given, settings

from inventory.core.errors import FileRefused
from inventory.planner.plan import solve
from inventory.planner.scenario import Policy, Scenario, read_scenario, scenario_sha256, write_scenario
from inventory.planner.travel import estimate, great_circle_km, travel_of
from tests.planner.cases import NOW, scenario, small_sections


def document(**sections: Any) -> dict[str, Any]:
    """Return a sound document with some sections replaced."""
    return {
        "format": "inventory-scenario/1",
        "now": NOW,
        "places": [{"id": "a"}, {"id": "b"}],
        "items": [{"id": "tent"}],
        "stock": [{"id": "s", "place": "a", "item": "tent", "quantity": 3}],
        "demands": [{"id": "d", "place": "b", "item": "tent", "quantity": 3, "priority": 0}],
        **sections,
    }


def refused(value: Any) -> set[tuple[str, str]]:
    """Return code and path of every fault of a document."""
    with pytest.raises(FileRefused) as error:
        read_scenario(value if isinstance(value, bytes) else json.dumps(value).encode())
    assert error.value.count == len(error.value.faults)
    return {(fault.code, fault.column) for fault in error.value.faults}


STOCK = {"id": "s", "place": "a", "item": "tent", "quantity": 3}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"format": "inventory-scenario/2"}, "scenario_wrong_format", "format"),
    ({"now": "2026-07-01T08:00:00"}, "scenario_not_an_instant", "now"),
    ({"now": "yesterday"}, "scenario_not_an_instant", "now"),
    ({"now": 1}, "scenario_not_an_instant", "now"),
    ({"now": "0001-01-01T00:00:00+08:00"}, "scenario_not_an_instant", "now"),
    ({"extra": 1}, "scenario_unknown_key", "extra"),
    ({"places": [{"id": "a", "x": 1}, {"id": "b"}]}, "scenario_unknown_key", "places[0].x"),
    ({"places": {}}, "scenario_not_a_list", "places"),
    ({"places": 7}, "scenario_not_a_list", "places"),
    ({"places": [{"id": "a"}, 5, {"id": "b"}]}, "scenario_not_an_object", "places[1]"),
    ({"places": [{"id": "a"}, {"id": "b", "lat": 91, "lon": 1}]}, "scenario_out_of_range", "places[1].lat"),
    ({"places": [{"id": "a"}, {"id": "b", "lat": 30}]}, "scenario_half_a_point", "places[1]"),
    ({"places": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}, "scenario_duplicate", "places[2].id"),
    ({"places": [{"id": "a"}, {"id": "b"}, {"id": ""}]}, "scenario_text_length", "places[2].id"),
    ({"places": [{"id": "a"}, {"id": "b"}, {"id": 3}]}, "scenario_not_text", "places[2].id"),
    ({"places": [{"id": "a"}, {"id": "b"}, {"id": "\ud800"}]}, "scenario_not_text", "places[2].id"),
    ({"stock": [{**STOCK, "quantity": -1}]}, "scenario_out_of_range", "stock[0].quantity"),
    ({"stock": [{**STOCK, "quantity": 1.5}]}, "scenario_not_whole", "stock[0].quantity"),
    ({"stock": [{**STOCK, "quantity": 3.0}]}, "scenario_not_whole", "stock[0].quantity"),
    ({"stock": [{**STOCK, "quantity": True}]}, "scenario_not_whole", "stock[0].quantity"),
    ({"stock": [{**STOCK, "quantity": "3"}]}, "scenario_not_whole", "stock[0].quantity"),
    ({"stock": [{**STOCK, "quantity": 10**30}]}, "scenario_out_of_range", "stock[0].quantity"),
    ({"stock": [{**STOCK, "quantity": None}]}, "scenario_not_whole", "stock[0].quantity"),
    ({"stock": [{**STOCK, "place": "moon"}]}, "scenario_unknown_reference", "stock[0].place"),
    ({"stock": [{**STOCK, "item": "moon"}]}, "scenario_unknown_reference", "stock[0].item"),
    ({"stock": [{**STOCK, "expires": "2026-02-30"}]}, "scenario_not_a_day", "stock[0].expires"),
    ({"stock": [{**STOCK, "expires": "20260201"}]}, "scenario_not_a_day", "stock[0].expires"),
    ({"stock": [{**STOCK, "place_bound": 1}]}, "scenario_not_a_flag", "stock[0].place_bound"),
    ({"stock": [STOCK, STOCK]}, "scenario_duplicate", "stock[1].id"),
    (
        {"demands": [{"id": "d", "place": "b", "item": "tent", "quantity": 1}]},
        "scenario_missing_key",
        "demands[0].priority",
    ),
    (
        {"demands": [{"id": "d", "place": "b", "item": "tent", "quantity": 1, "priority": 3}]},
        "scenario_out_of_range",
        "demands[0].priority",
    ),
    ({"items": [{"id": "tent", "pack": 0}]}, "scenario_out_of_range", "items[0].pack"),
    ({"substitutes": [{"item": "tent", "by": "tent"}]}, "scenario_own_substitute", "substitutes[0]"),
    ({"substitutes": [{"item": "tent", "by": "x", "ratio": [0, 1]}]}, "scenario_not_a_ratio", "substitutes[0].ratio"),
    ({"substitutes": [{"item": "tent", "by": "x", "ratio": 0.5}]}, "scenario_not_a_ratio", "substitutes[0].ratio"),
    ({"travel": []}, "scenario_not_an_object", "travel"),
    ({"travel": {"truck": {"minutes": [[0, 1]]}}}, "scenario_not_a_matrix", "travel.truck.minutes"),
    ({"travel": {"truck": {"minutes": [[0, 1], [1]]}}}, "scenario_not_a_matrix", "travel.truck.minutes[1]"),
    ({"travel": {"truck": {"minutes": [[0, -1], [1, 0]]}}}, "scenario_out_of_range", "travel.truck.minutes[0][1]"),
    ({"travel": {"truck": {"minutes": [[0, 1.5], [1, 0]]}}}, "scenario_not_whole", "travel.truck.minutes[0][1]"),
    ({"travel": {"truck": [[0, 1], [1, 0]]}}, "scenario_not_a_matrix", "travel.truck"),
    ({"policy": {"bands": 0}}, "scenario_out_of_range", "policy.bands"),
    ({"policy": {"fair": True}}, "scenario_unknown_key", "policy.fair"),
    ({"policy": None}, "scenario_not_an_object", "policy"),
    (
        {"kits": [{"id": "k", "place": "a", "kind": "x", "independent_of": ["gas"], "hours": 1}]},
        "scenario_not_allowed",
        "kits[0].independent_of[0]",
    ),
    (
        {"teams": [{"id": "t", "place": "a", "capabilities": {"rope": 4}, "people": 1}]},
        "scenario_out_of_range",
        "teams[0].capabilities.rope",
    ),
    (
        {"teams": [{"id": "t", "place": "a", "capabilities": ["rope"], "people": 1}]},
        "scenario_not_an_object",
        "teams[0].capabilities",
    ),
]


@pytest.mark.parametrize(("change", "code", "path"), BAD)
def test_faults_are_told(change, code, path):
    """Each fault is refused with its code and its path."""
    assert (code, path) in refused(document(**change))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "scenario_not_json"),
        (b"{", "scenario_not_json"),
        (b"[]", "scenario_not_an_object"),
        (b"null", "scenario_not_an_object"),
        ("{}".encode("utf-16"), "scenario_not_utf8"),
        (b'{"now": NaN}', "scenario_not_finite"),
        (b'{"now": -Infinity}', "scenario_not_finite"),
        (b'{"now": "x", "now": "y"}', "scenario_repeated_key"),
        (b"[" * 300_000, "scenario_too_deep"),
        (b'{"now": ' + b"9" * 5_000 + b"}", "scenario_not_json"),
        (b" " * (64 * 1024 * 1024 + 1), "scenario_too_large"),
    ],
    ids=["empty", "half", "list", "null", "utf-16", "nan", "infinity", "twice", "deep", "digits", "large"],
)
def test_files_that_are_none(data, code):
    """What is no JSON object, or strange JSON, is refused without a crash."""
    assert code in {found for found, _ in refused(data)}


def test_all_faults_at_once():
    """Nothing stops at the first fault; a number that overflows to infinity is a fault too."""
    value = document(now="x", stock=[{**STOCK, "quantity": -1, "place": "q"}], nonsense=1)
    assert refused(value) == {
        ("scenario_not_an_instant", "now"),
        ("scenario_out_of_range", "stock[0].quantity"),
        ("scenario_unknown_reference", "stock[0].place"),
        ("scenario_unknown_key", "nonsense"),
    }
    text = json.dumps(document(places=[{"id": "a"}, {"id": "b", "lat": 1, "lon": 2}])).replace(
        '"lat": 1', '"lat": 1e400'
    )
    assert ("scenario_out_of_range", "places[1].lat") in refused(text.encode())


def test_many_faults_are_counted():
    """A file with thousands of faults keeps the first thousand and counts all."""
    with pytest.raises(FileRefused) as error:
        read_scenario(json.dumps(document(stock=[{}] * 3_000)).encode())
    assert len(error.value.faults) == 1_000
    assert error.value.count == 12_000


@settings(max_examples=100, deadline=None)
@given(small_sections(ratios=(1, 2, [6, 4])))
def test_round_trip(sections):
    """What is written reads back to the same bytes and the same hash, however the file was laid out."""
    built = Scenario.build(**sections)
    data = write_scenario(built)
    again = read_scenario(data)
    assert write_scenario(again) == data
    loose = json.dumps({"format": "inventory-scenario/1", **sections}, indent=2).encode("utf-8-sig")
    assert scenario_sha256(read_scenario(loose)) == scenario_sha256(built) == hashlib.sha256(data).hexdigest()
    assert solve(again) == solve(built)


def test_defaults():
    """Absent keys mean what the format says; absent vehicles differ from none."""
    plain = read_scenario(json.dumps(document()).encode())
    assert plain.policy == Policy(bands=20, reserve_open_to_priority=-1, handling_min=0)
    assert plain.vehicles is None
    assert (plain.stock[0].reserve, plain.stock[0].ready_min, plain.stock[0].place_bound) == (0, 0, False)
    assert plain.items[0].pack == 1
    assert plain.now == dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    nothing = read_scenario(json.dumps(document(vehicles=[])).encode())
    assert solve(nothing)["objective"]["unmet_by_priority"] == [3, 0, 0]


def test_modes_need_a_vehicle():
    """The fastest mode counts, but only one that some listed vehicle has."""
    sections = document(travel={"boat": {"minutes": [[0, 9], [9, 0]]}, "truck": {"minutes": [[0, 30], [None, 0]]}})
    assert travel_of(read_scenario(json.dumps(sections).encode())).fastest[0, 1] == 9
    truck = {"id": "v", "place": "a", "mode": "truck", "payload_g": 1, "volume_cm3": 1}
    found = travel_of(read_scenario(json.dumps({**sections, "vehicles": [truck]}).encode()))
    assert found.fastest.tolist() == [[0, 30], [-1, 0]]
    assert found.modes == ("truck",)


def test_estimate_follows_the_geodesic():
    """Estimated minutes come from a distance within 0.6 % of geopy's geodesic; no coordinates, no way."""
    points = [(28.9629, 106.9284), (29.05, 106.80), (28.5, 107.4), (-33.9, 18.4)]
    places = [{"id": f"p{at}", "lat": lat, "lon": lon} for at, (lat, lon) in enumerate(points)]
    found = scenario(places=[*places, {"id": "nowhere"}])
    kilometres = great_circle_km(found)
    for one in range(4):
        for other in range(4):
            exact = geodesic(points[one], points[other]).km
            assert kilometres[one, other] == pytest.approx(exact, rel=0.006, abs=1e-6)
    minutes = estimate(found, "truck")
    assert minutes[0, 1] == int(np.ceil(kilometres[0, 1] * 1.6 / 36 * 60)) + 10
    assert minutes[4].tolist() == [-1, -1, -1, -1, 0]
    assert {"code": "note_travel_estimated"} in solve(found)["notes"]
    own = scenario(places=places, estimates=[{"mode": "truck", "speed_kmh": 72, "detour_percent": 100}])
    assert estimate(own, "truck")[0, 1] == int(np.ceil(kilometres[0, 1] / 72 * 60))


def test_arrays_are_taken():
    """A travel matrix may be handed over as an integer array with -1 for unreachable."""
    built = scenario(places=[{"id": "a"}, {"id": "b"}], travel={"truck": {"minutes": np.array([[0, -1], [5, 0]])}})
    assert json.loads(write_scenario(built))["travel"] == {"truck": {"minutes": [[0, None], [5, 0]]}}
