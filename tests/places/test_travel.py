"""Points, distances and travel estimates against the geodesic, the distance table of the district, and the rules."""

from __future__ import annotations

from uuid import UUID

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from inventory.core.errors import NotFound
from inventory.core.tables import read_table
from inventory.core.work import SYSTEM, Store
from inventory.places import commands, queries, rules
from inventory.places.coordinates import Point, around, bd09, distance_metres, gcj02, moved, to_wgs84
from inventory.places.travel import interval, minutes_between, mode_estimates
from tests.support.demo import person

IN_DISTRICT = (st.floats(28.7, 29.2), st.floats(106.6, 107.2))

GREAT_CIRCLE_KM = {
    ("南桐镇", "青年镇"): 9.7,
    ("南桐镇", "关坝镇"): 17.4,
    ("南桐镇", "丛林镇"): 12.9,
    ("青年镇", "石林镇"): 6.4,
    ("关坝镇", "丛林镇"): 30.0,
    ("丛林镇", "金桥镇"): 8.5,
    ("金桥镇", "黑山镇"): 18.5,
    ("石林镇", "黑山镇"): 10.6,
}
"""Great-circle distances between towns, computed from their GeoNames points."""


def town_points() -> dict[str, Point]:
    """Return the towns' points as they stand in the table."""
    return {
        row["name_zh"]: Point.of_degrees(float(row["latitude"]), float(row["longitude"])) for row in read_table("towns")
    }


def test_distances_match_the_table_of_the_district() -> None:
    """Between the towns of Wansheng the distance is that of the table, to 100 m."""
    points = town_points()
    for (one, other), km in GREAT_CIRCLE_KM.items():
        assert distance_metres(points[one], points[other]) == pytest.approx(km * 1000, abs=100)


@given(*IN_DISTRICT, *IN_DISTRICT)
def test_distances_match_the_geodesic(lat: float, lon: float, other_lat: float, other_lon: float) -> None:
    """The quick formula differs from the geodesic by less than 0.01 % (or a metre)."""
    start, end = Point.of_degrees(lat, lon), Point.of_degrees(other_lat, other_lon)
    exact = geodesic(start.degrees, end.degrees).meters
    assert distance_metres(start, end) == pytest.approx(exact, rel=1e-4, abs=1)


@given(st.floats(20, 45), st.floats(80, 125), st.sampled_from(["gcj02", "bd09"]))
def test_chinese_map_systems_come_back(lat: float, lon: float, system: str) -> None:
    """A point shown in GCJ-02 or BD-09 and entered from there is the same point, to 5 cm; the shift itself is large."""
    shown = (gcj02 if system == "gcj02" else bd09)(lat, lon)
    entered = Point.of_degrees(*shown)
    point, back = Point.of_degrees(lat, lon), to_wgs84(entered.latitude, entered.longitude, entered_as=system)
    assert distance_metres(point, back) <= 1
    assert abs(back.latitude - point.latitude) <= 5
    assert 50 <= distance_metres(point, entered) <= 2500


def test_shift_around_wansheng() -> None:
    """Around Chongqing GCJ-02 is 400-610 m off and BD-09 1.0-1.2 km, as measured."""
    point = Point.of_degrees(28.9605, 106.9245)
    assert 400 <= distance_metres(point, Point.of_degrees(*gcj02(28.9605, 106.9245))) <= 610
    assert 990 <= distance_metres(point, Point.of_degrees(*bd09(28.9605, 106.9245))) <= 1210
    assert gcj02(48.85, 2.35) == (48.85, 2.35)


def test_approximate_points_stay_apart_and_near() -> None:
    """Up to twenty places around a town lie 1.2 to 4.2 km from it, no two within 300 m, always the same."""
    centre = town_points()["黑山镇"]
    found = [around(centre, position=position) for position in range(20)]
    assert found == [around(centre, position=position) for position in range(20)]
    assert all(1190 <= distance_metres(centre, point) <= 4210 for point in found)
    pairs = [(a, b) for at, a in enumerate(found) for b in found[:at]]
    assert min(distance_metres(a, b) for a, b in pairs) > 300


@given(*IN_DISTRICT, st.floats(0, 359), st.floats(10, 5000))
def test_moving_goes_as_far_as_asked(lat: float, lon: float, bearing: float, metres: float) -> None:
    """A point moved by so many metres is that far away."""
    point = Point.of_degrees(lat, lon)
    assert distance_metres(point, moved(point, bearing_degrees=bearing, metres=metres)) == pytest.approx(
        metres, abs=max(2.0, metres * 1e-3)
    )


def test_estimates_are_sane_for_the_district() -> None:
    """A truck crosses the district (30 km as the crow flies) in 80 to 120 minutes; a range is given with it."""
    points, modes = town_points(), mode_estimates()
    minutes = minutes_between(points["关坝镇"], points["丛林镇"], modes["truck"])
    assert minutes is not None
    assert 80 <= minutes <= 120
    low, high = interval(minutes)
    assert low < minutes < high
    foot = minutes_between(points["青年镇"], points["石林镇"], modes["foot"])
    assert foot is not None
    assert 120 <= foot <= 180
    assert all(mode.confidence == "estimate" for mode in modes.values())


@given(*IN_DISTRICT, *IN_DISTRICT, st.sampled_from(sorted(mode_estimates())))
def test_estimates_by_mode(lat: float, lon: float, other_lat: float, other_lon: float, mode: str) -> None:
    """Minutes are whole, at least the start time, the same both ways; a cut road stops those that need one."""
    rule = mode_estimates()[mode]
    start, end = Point.of_degrees(lat, lon), Point.of_degrees(other_lat, other_lon)
    open_road = minutes_between(start, end, rule)
    cut = minutes_between(start, end, rule, cut=True)
    if not rule.estimated:
        assert (open_road, cut) == (None, None)
        return
    assert open_road is not None
    assert open_road >= rule.start_minutes
    assert open_road == minutes_between(end, start, rule)
    kilometres = distance_metres(start, end) / 1000
    exact = kilometres * rule.detour_percent / 100 / rule.speed_kmh * 60 + rule.start_minutes
    assert 0 <= open_road - exact < 1.001
    assert (cut is None) == rule.needs_road
    assert cut is None or cut >= open_road


def ids(store: Store, *codes: str) -> list[UUID]:
    """Return sites by code."""
    with store.reading(SYSTEM) as work:
        return [queries.site_by_code(work, code=code).id for code in codes]


def test_matrix_says_what_it_stands_on(store: Store) -> None:
    """Rows are origins; a cut site is unreachable by truck and slow off-road; entered minutes come before estimates."""
    store_id, town, village = ids(store, "D01", "T107", "V500110107200")
    store.write(
        person(store, "duty"),
        lambda work: commands.save_travel(
            work, id=work.env.new_id(), from_site_id=store_id, to_site_id=town, mode="truck", minutes=77
        ),
    )
    with store.reading(SYSTEM) as work:
        found = queries.travel_minutes(
            work, from_site_ids=[store_id, village], to_site_ids=[town, village], mode="truck", cut_site_ids={village}
        )
        assert found.minutes == ((77, None), (None, 0))
        assert found.basis == (("entered", "cut"), ("cut", "same"))
        off_road = queries.travel_minutes(
            work, from_site_ids=[store_id], to_site_ids=[village], mode="off_road", cut_site_ids={village}
        )
        easy = queries.travel_minutes(work, from_site_ids=[store_id], to_site_ids=[village], mode="off_road")
        slow, quick = off_road.minutes[0][0], easy.minutes[0][0]
        assert slow is not None
        assert quick is not None
        assert slow > 2 * quick
        assert off_road.basis == (("estimate",),)
        boat = queries.travel_minutes(work, from_site_ids=[store_id], to_site_ids=[town], mode="boat")
        assert boat == queries.Travel("boat", ((None,),), (("not_estimated",),))
        with pytest.raises(NotFound):
            queries.travel_minutes(work, from_site_ids=[store_id], to_site_ids=[town], mode="rocket")


def test_unreachable_can_be_entered_and_taken_back(store: Store) -> None:
    """A pair marked unreachable stays so until minutes are entered; both directions unless one is asked."""
    one, other = ids(store, "D01", "T104")
    duty = person(store, "duty")

    def say(minutes: int | None, both: bool) -> None:
        store.write(
            duty,
            lambda work: commands.save_travel(
                work,
                id=work.env.new_id(),
                from_site_id=one,
                to_site_id=other,
                mode="van",
                minutes=minutes,
                both_ways=both,
            ),
        )

    say(None, True)
    with store.reading(SYSTEM) as work:
        found = queries.travel_minutes(work, from_site_ids=[one, other], to_site_ids=[one, other], mode="van")
        assert found.minutes == ((0, None), (None, 0))
    say(50, False)
    with store.reading(SYSTEM) as work:
        found = queries.travel_minutes(work, from_site_ids=[one, other], to_site_ids=[one, other], mode="van")
        assert found.minutes == ((0, 50), (None, 0))


@pytest.mark.parametrize(("minutes", "mode"), [(0, "truck"), (-5, "truck"), (10_081, "truck"), (30, "rocket")])
def test_bad_travel_is_refused(store: Store, minutes: int, mode: str) -> None:
    """Minutes outside 1 to a week and unknown modes change nothing."""
    one, other = ids(store, "D01", "T104")
    with pytest.raises(rules.BadTravel):
        store.write(
            person(store, "duty"),
            lambda work: commands.save_travel(
                work, id=work.env.new_id(), from_site_id=one, to_site_id=other, mode=mode, minutes=minutes
            ),
        )
