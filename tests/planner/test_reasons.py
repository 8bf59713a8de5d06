"""Every shortage names its cause and price, every line why it comes from where it does; teams and kits are exact."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.benches.plan import synthetic
from inventory.planner.check import check
from inventory.planner.plan import solve
from inventory.planner.scenario import Scenario
from tests.planner.cases import NOW, scenario, travel

NEAR: dict[str, Any] = {"id": "near", "place": "a", "item": "tent", "quantity": 8}
FAR: dict[str, Any] = {"id": "far", "place": "b", "item": "tent", "quantity": 5}
NEED: dict[str, Any] = {"id": "need", "place": "x", "item": "tent", "quantity": 10, "priority": 0}


def solved(*stock: dict[str, Any], demands: Any = (NEED,), to_x: tuple[int | None, int | None] = (10, 30), **more: Any):
    """Return the plan of two stores a and b and two places x and y, checked."""
    rows = [[0, 5, to_x[0], 10], [5, 0, to_x[1], 30], [10, 30, 0, 5], [10, 30, 5, 0]]
    built = scenario(
        places=[{"id": name} for name in "abxy"],
        items=[{"id": "tent"}],
        stock=list(stock),
        demands=list(demands),
        travel=travel(rows),
        **more,
    )
    plan = solve(built)
    assert check(built, plan) == ()
    return plan


@pytest.mark.parametrize(
    ("near", "need", "to_x", "reason", "saves"),
    [
        ({}, {"quantity": 20}, (10, 30), "short_stock", {}),
        ({}, {}, (None, 30), "short_road", {"road": 5}),
        ({}, {"deadline_min": 20}, (10, 30), "short_deadline", {"deadline": 2}),
        ({"reserve": 7}, {}, (10, 30), "short_reserve", {"reserve": 4}),
        ({"expires": "2026-06-01"}, {}, (10, 30), "short_expiry", {"expiry": 5}),
        ({"expires": "2026-07-05"}, {"use_until": "2026-07-06"}, (10, 30), "short_expiry", {"expiry": 5}),
        ({"place_bound": True}, {}, (10, 30), "short_place_bound", {"place_bound": 5}),
        ({"place_bound": True, "reserve": 8}, {}, (10, 30), "short_several", {}),
    ],
)
def test_shortage_names_its_cause(near, need, to_x, reason, saves):
    """Lifting the one restriction that binds saves exactly what it costs."""
    plan = solved({**NEAR, **near}, FAR, demands=[{**NEED, **need}], to_x=to_x)
    (row,) = plan["unmet"]
    assert row["reason"] == reason
    assert {price["lift"]: price["saves"] for price in row["prices"]} == saves
    assert row["certificate"]["demand"] - row["certificate"]["supply"] == row["certificate"]["short"] == row["quantity"]


def test_road_names_the_pair():
    """The price of a closed road names which."""
    plan = solved(NEAR, FAR, to_x=(None, 30))
    assert plan["unmet"][0]["prices"][0]["pairs"] == [["a", "x"]]


def test_no_stock_at_all():
    """An item that nobody holds is told apart from too little of it."""
    plan = solved()
    assert plan["unmet"][0]["reason"] == "short_no_stock"
    assert plan["unmet"][0]["certificate"]["stockpiles"] == []


@pytest.mark.parametrize(
    ("near", "reason"),
    [
        ({"reserve": 8}, "nearer_reserve"),
        ({"place_bound": True}, "nearer_place_bound"),
        ({"expires": "2026-06-01"}, "nearer_expiry"),
        ({"ready_min": 500}, "nearer_leaves_later"),
    ],
)
def test_line_names_the_nearer_store(near, reason):
    """A line from the farther store says what kept the nearer one."""
    plan = solved({**NEAR, **near}, {**FAR, "quantity": 10})
    (why,) = plan["why"]
    assert (why["stock"], why["minutes"], why["nearer_count"]) == ("far", 30, 1)
    assert (why["nearer"][0]["place"], why["nearer"][0]["minutes"], why["nearer"][0]["reason"]) == ("a", 10, reason)


def test_nearer_stock_went_to_others():
    """Near stock that is worth more elsewhere says to whom it went and at what price."""
    demands = [{**NEED, "quantity": 8}, {**NEED, "id": "other", "place": "y", "quantity": 8}]
    plan = solved(NEAR, {**FAR, "quantity": 20}, demands=demands, to_x=(10, 25))
    why = next(row for row in plan["why"] if row["demand"] == "need")
    assert why["nearer"][0]["reason"] == "nearer_given"
    assert why["nearer"][0]["given_to"] == ["other"]
    assert why["nearer"][0]["price_minutes"] == 20


def test_first_expired_first_out():
    """Lots of one store leave in the order of expiry, and the line that needs the later day gets the later lot."""
    early = {**NEAR, "id": "early", "quantity": 5, "expires": "2026-07-10"}
    late = {**NEAR, "id": "late", "quantity": 5, "expires": "2026-08-10"}
    demands = [{**NEED, "quantity": 4}, {**NEED, "id": "long", "place": "y", "quantity": 4, "use_until": "2026-08-01"}]
    plan = solved(late, early, demands=demands)
    lines = {(line["demand"], line["stock"]): line["quantity"] for one in plan["consignments"] for line in one["lines"]}
    assert lines == {("need", "early"): 4, ("long", "late"): 4}


def test_every_district_shortage_closes():
    """At district size every short line has a certificate whose arithmetic closes and covers what it misses."""
    plan = solve(synthetic("district"))
    short = [row for row in plan["unmet"] if row["kind"] == "item"]
    assert len(short) > 50
    for row in short:
        facts = row["certificate"]
        assert row["demand"] in facts["lines"]
        assert facts["demand"] - facts["supply"] == facts["short"] >= row["quantity"] > 0


@st.composite
def crew_sections(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a few teams, kits and needs for them."""
    place = st.sampled_from(["a", "b"])
    minute = st.sampled_from([None, 5, 40])
    kind = st.sampled_from(["mesh", "sat"])
    deadline = st.sampled_from([{}, {"deadline_min": 30}])
    size = st.integers(0, 3)
    return {
        "now": NOW,
        "places": [{"id": "a"}, {"id": "b"}],
        "travel": {"truck": {"minutes": [[0, draw(minute)], [draw(minute), 0]]}},
        "teams": [
            {
                "id": f"t{at}",
                "place": draw(place),
                "capabilities": draw(st.dictionaries(st.sampled_from(["rope", "boat"]), st.integers(1, 3))),
                "people": 4,
                "ready_min": draw(st.sampled_from([0, 10])),
                "operators": draw(st.lists(kind, unique=True, max_size=2)),
            }
            for at in range(draw(size))
        ],
        "team_demands": [
            {
                "id": f"td{at}",
                "place": draw(place),
                "capability": draw(st.sampled_from(["rope", "boat"])),
                "level": draw(st.integers(1, 3)),
                "teams": draw(st.integers(1, 2)),
                "priority": draw(st.integers(0, 2)),
                **draw(deadline),
            }
            for at in range(draw(st.integers(0, 2)))
        ],
        "kits": [
            {
                "id": f"k{at}",
                "place": draw(place),
                "kind": draw(kind),
                "independent_of": draw(st.lists(st.sampled_from(["network", "power"]), unique=True)),
                "hours": draw(st.sampled_from([4, 24])),
                "operator": draw(st.booleans()),
                "place_bound": draw(st.sampled_from([False, False, True])),
            }
            for at in range(draw(size))
        ],
        "kit_demands": [
            {
                "id": f"kd{at}",
                "place": draw(place),
                "cuts": draw(st.lists(st.sampled_from(["network", "power"]), unique=True)),
                "hours": draw(st.sampled_from([0, 12])),
                "kits": draw(st.integers(1, 2)),
                "priority": draw(st.integers(0, 2)),
                **draw(deadline),
            }
            for at in range(draw(st.integers(0, 2)))
        ],
    }


@settings(max_examples=120, deadline=None)
@given(crew_sections())
def test_crews_are_exact(sections):
    """Teams and kits: every assignment is tried, none is before the planner's; the checker passes it."""
    built = Scenario.build(**sections)
    plan = solve(built)
    assert check(built, plan) == ()
    assert plan["bound"]["crews_proved"]
    minutes = sum(row["arrive_min"] for row in (*plan["teams"], *plan["kits"]))
    objective = plan["objective"]
    value = (*objective["teams_missing_by_priority"], *objective["kits_missing_by_priority"], minutes)
    assert value == _best_crews(sections)


def _arrive(sections: Any, unit: Any, demand: Any, leaves: int) -> int | None:
    """Return the arrival in time, or None."""
    order = {"a": 0, "b": 1}
    minutes = sections["travel"]["truck"]["minutes"][order[unit["place"]]][order[demand["place"]]]
    if minutes is None or leaves + minutes > demand.get("deadline_min", 10**9):
        return None
    return int(leaves + minutes)


def _best_crews(sections: Any) -> tuple[int, ...]:
    """Try every assignment of teams and kits."""
    teams, kits = sections["teams"], sections["kits"]
    team_demands, kit_demands = sections["team_demands"], sections["kit_demands"]
    choices = [[None, *range(len(team_demands))] for _ in teams]
    kit_choices = [[None, *range(len(kit_demands))] for _ in kits]
    values = [
        value
        for sent in itertools.product(*choices)
        for taken in itertools.product(*kit_choices)
        if (value := _crew_value(sections, sent, taken)) is not None
    ]
    return min(values)


def _crew_value(sections: Any, sent: Any, taken: Any) -> tuple[int, ...] | None:
    """Return the objective of one assignment, None when it breaks a rule."""
    team_left = [row["teams"] for row in sections["team_demands"]]
    kit_left = [row["kits"] for row in sections["kit_demands"]]
    minutes, standing = 0, {"a": set(), "b": set()}
    for team, at in zip(sections["teams"], sent, strict=True):
        if at is None:
            continue
        demand = sections["team_demands"][at]
        arrive = _arrive(sections, team, demand, team["ready_min"])
        if team["capabilities"].get(demand["capability"], 9) > demand["level"] or arrive is None:
            return None
        team_left[at] -= 1
        minutes += arrive
        standing[demand["place"]].update(team["operators"])
    for kit, at in zip(sections["kits"], taken, strict=True):
        if at is None:
            continue
        demand = sections["kit_demands"][at]
        arrive = _arrive(sections, kit, demand, 0)
        bridges = set(demand["cuts"]) <= set(kit["independent_of"]) and kit["hours"] >= demand["hours"]
        operated = not kit["operator"] or kit["kind"] in standing[demand["place"]]
        if arrive is None or kit["place_bound"] or not bridges or not operated:
            return None
        kit_left[at] -= 1
        minutes += arrive
    if min([0, *team_left, *kit_left]) < 0:
        return None
    missing = [0] * 6
    for row, left in zip(sections["team_demands"], team_left, strict=True):
        missing[row["priority"]] += left
    for row, left in zip(sections["kit_demands"], kit_left, strict=True):
        missing[3 + row["priority"]] += left
    return (*missing, minutes)
