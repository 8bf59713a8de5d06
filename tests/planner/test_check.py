"""The checker catches damage of every kind, and answers with violations where a plan is no plan at all."""

from __future__ import annotations

import copy
import functools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.core.errors import FileRefused
from inventory.planner.check import check, read_plan
from inventory.planner.plan import solve, write_plan
from inventory.planner.scenario import Scenario, read_scenario, write_scenario
from tests.planner.cases import scenario, travel

NULL = None


@functools.cache
def town() -> Scenario:
    """Return a scenario with something of everything: packs, reserve, expiry, substitutes, teams, kits."""
    rows = [
        [0, 10, 20, 30, NULL],
        [10, 0, 40, 15, 50],
        [20, 40, 0, 25, 60],
        [30, 15, 25, 0, 5],
        [NULL, 50, 60, 5, 0],
    ]
    return scenario(
        places=[{"id": name} for name in ("county", "town", "far", "school", "village")],
        items=[{"id": "tent"}, {"id": "water", "pack": 12}, {"id": "cot"}, {"id": "bed"}],
        stock=[
            {"id": "tents", "place": "county", "item": "tent", "quantity": 30, "reserve": 10},
            {"id": "tents2", "place": "town", "item": "tent", "quantity": 5, "ready_min": 20},
            {"id": "radio tents", "place": "far", "item": "tent", "quantity": 9, "place_bound": True},
            {"id": "water", "place": "town", "item": "water", "quantity": 100, "expires": "2026-07-02"},
            {"id": "old water", "place": "county", "item": "water", "quantity": 240, "expires": "2026-06-30"},
            {"id": "cots", "place": "county", "item": "cot", "quantity": 4},
            {"id": "beds", "place": "far", "item": "bed", "quantity": 7},
        ],
        demands=[
            {"id": "d1", "place": "school", "item": "tent", "quantity": 22, "priority": 0},
            {"id": "d2", "place": "village", "item": "tent", "quantity": 20, "priority": 1, "deadline_min": 80},
            {"id": "d3", "place": "school", "item": "water", "quantity": 50, "priority": 0},
            {"id": "d4", "place": "school", "item": "cot", "quantity": 10, "priority": 2},
            {"id": "d5", "place": "village", "item": "water", "quantity": 60, "priority": 1},
        ],
        substitutes=[{"item": "cot", "by": "bed"}],
        teams=[
            {"id": "t1", "place": "county", "capabilities": {"rope": 1}, "people": 8, "operators": ["mesh"]},
            {"id": "t2", "place": "town", "capabilities": {"boat": 3}, "people": 6},
        ],
        team_demands=[
            {"id": "td1", "place": "school", "capability": "rope", "level": 2, "priority": 0},
            {"id": "td2", "place": "school", "capability": "boat", "level": 2, "priority": 1},
        ],
        kits=[
            {"id": "k1", "place": "town", "kind": "mesh", "independent_of": ["network", "power"], "hours": 24},
            {
                "id": "k2",
                "place": "town",
                "kind": "sat",
                "independent_of": ["network"],
                "hours": 4,
                "place_bound": True,
            },
        ],
        kit_demands=[
            {"id": "kd1", "place": "school", "cuts": ["network", "power"], "hours": 12, "priority": 0},
            {"id": "kd2", "place": "village", "cuts": ["network"], "priority": 0},
        ],
        travel=travel(rows),
    )


def line_of(plan: dict[str, Any], stock: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the first consignment and line that draw on a stock row."""
    return next((one, line) for one in plan["consignments"] for line in one["lines"] if line["stock"] == stock)


def give(plan: dict[str, Any], stock: str, more: int) -> None:
    """Let a line draw more, and change everything that is stated about it, so that only the rule itself is broken."""
    one, line = line_of(plan, stock)
    line["quantity"] += more
    plan["objective"]["unit_minutes"] += more * one["arrive_min"]
    plan["bound"].clear()
    for row in plan["unmet"]:
        if row["demand"] == line["demand"]:
            row["quantity"] -= more


def swap(plan: dict[str, Any], row: str, **values: Any) -> None:
    """Change values of a line."""
    line_of(plan, row)[1].update(values)


def unmet(plan: dict[str, Any], demand: str) -> dict[str, Any]:
    """Return the unmet row of a demand."""
    return next(row for row in plan["unmet"] if row["demand"] == demand)


DAMAGE: list[tuple[str, str, Any]] = [
    ("another scenario", "plan_other_scenario", lambda p: p.update(scenario_sha256="0" * 64)),
    ("more than the row holds", "plan_more_than_stock", lambda p: give(p, "tents2", 1)),
    ("the reserve is drawn", "plan_reserve_broken", lambda p: give(p, "tents", 1)),
    ("a broken pack", "plan_broken_pack", lambda p: give(p, "water", -1)),
    ("expired at arrival", "plan_expired", lambda p: swap(p, "water", stock="old water")),
    ("place-bound stock", "plan_place_bound", lambda p: swap(p, "tents2", stock="radio tents")),
    ("stock stands elsewhere", "plan_wrong_place", lambda p: swap(p, "tents2", stock="tents")),
    ("the need is elsewhere", "plan_wrong_place", lambda p: swap(p, "cots", demand="d2")),
    ("wrong item named", "plan_wrong_item", lambda p: swap(p, "beds", item="cot")),
    ("no substitute", "plan_no_substitute", lambda p: swap(p, "tents", stock="cots", item="cot")),
    ("leaves before it is ready", "plan_leaves_too_early", lambda p: _early(p)),
    ("later than the deadline", "plan_too_late", lambda p: _late(p)),
    ("arrival does not add up", "plan_wrong_arrival", lambda p: p["consignments"][0].update(arrive_min=1)),
    ("unknown mode", "plan_no_way", lambda p: p["consignments"][0].update(mode="train")),
    ("closed pair", "plan_no_way", lambda p: line_of(p, "tents")[0].update(to="village")),
    ("unknown place", "plan_unknown", lambda p: p["consignments"][0].update({"from": "moon"})),
    ("unknown stock", "plan_unknown", lambda p: swap(p, "beds", stock="none")),
    ("unknown demand", "plan_unknown", lambda p: swap(p, "beds", demand="none")),
    ("unmet too small", "plan_wrong_unmet", lambda p: unmet(p, "d2").update(quantity=1)),
    ("unmet left out", "plan_wrong_unmet", lambda p: p["unmet"].remove(unmet(p, "d2"))),
    ("unmet told twice", "plan_twice", lambda p: p["unmet"].append(copy.deepcopy(unmet(p, "d2")))),
    ("unmet of nobody", "plan_unknown", lambda p: unmet(p, "d2").update(demand="none")),
    ("a line left out", "plan_wrong_unmet", lambda p: p["consignments"].remove(line_of(p, "beds")[0])),
    ("a consignment twice", "plan_more_than_asked", lambda p: p["consignments"].append(line_of(p, "beds")[0])),
    ("certificate does not close", "plan_certificate_wrong", lambda p: unmet(p, "d2")["certificate"].update(short=1)),
    ("certificate hides stock", "plan_certificate_wrong", lambda p: _hide(p)),
    ("certificate of others", "plan_certificate_wrong", lambda p: unmet(p, "d2")["certificate"].update(lines=["d3"])),
    ("unmet sum", "plan_wrong_objective", lambda p: p["objective"]["unmet_by_priority"].__setitem__(0, 9)),
    ("zero lines", "plan_wrong_objective", lambda p: p["objective"]["zero_lines_by_priority"].__setitem__(0, 9)),
    ("unit minutes", "plan_wrong_objective", lambda p: p["objective"].update(unit_minutes=1)),
    ("number of consignments", "plan_wrong_objective", lambda p: p["objective"].update(consignments=99)),
    ("a bound above the plan", "plan_wrong_bound", lambda p: p["bound"].update(consignments=99)),
    ("a team twice", "plan_twice", lambda p: p["teams"].append(copy.deepcopy(p["teams"][0]))),
    ("a team without the skill", "plan_not_capable", lambda p: p["teams"][0].update(team="t2")),
    ("a team that does not exist", "plan_unknown", lambda p: p["teams"][0].update(team="t9")),
    ("a team too quick", "plan_wrong_arrival", lambda p: p["teams"][0].update(arrive_min=0)),
    ("a missing team unsaid", "plan_wrong_unmet", lambda p: p["unmet"].remove(unmet(p, "td2"))),
    ("a kit without operator", "plan_no_operator", lambda p: p["kits"][0].pop("team")),
    ("a kit that is place-bound", "plan_place_bound", lambda p: p["kits"][0].update(kit="k2")),
    ("a kit that does not bridge", "plan_not_capable", lambda p: p["kits"][0].update(kit="k2")),
    ("a kit twice", "plan_twice", lambda p: p["kits"].append(copy.deepcopy(p["kits"][0]))),
    ("missing miscounted", "plan_wrong_objective", lambda p: p["objective"].update(teams_missing_by_priority=[9] * 3)),
    ("routes nobody checked", "plan_routes_unchecked", lambda p: p["routes"].append({"vehicle": "v"})),
    ("no lines", "plan_malformed", lambda p: p["consignments"][0].update(lines=[])),
    ("a negative quantity", "plan_malformed", lambda p: swap(p, "beds", quantity=-3)),
    ("a fraction", "plan_malformed", lambda p: swap(p, "beds", quantity=1.5)),
    ("true as a number", "plan_malformed", lambda p: swap(p, "beds", quantity=True)),
    ("an unknown key", "plan_unknown_key", lambda p: p["consignments"][0].update(note="x")),
    ("a missing key", "plan_missing_key", lambda p: p.pop("unmet")),
    ("another format", "plan_malformed", lambda p: p.update(format="inventory-plan/2")),
]  # fmt: skip


def _early(plan: dict[str, Any]) -> None:
    """Let the tents of the town leave before they are ready."""
    one = line_of(plan, "tents2")[0]
    one["depart_min"] -= 20
    one["arrive_min"] -= 20


def _late(plan: dict[str, Any]) -> None:
    """Let the tents for the village arrive after their deadline."""
    plan["consignments"].append(
        {
            "from": "town",
            "to": "village",
            "mode": "truck",
            "depart_min": 31,
            "arrive_min": 81,
            "lines": [{"demand": "d2", "stock": "tents2", "item": "tent", "quantity": 1}],
        }
    )


def _hide(plan: dict[str, Any]) -> None:
    """State a certificate that leaves out stock and is consistent in itself."""
    certificate = unmet(plan, "d5")["certificate"]
    certificate["supply"] -= 12
    certificate["short"] += 12


def test_sound_plans_pass():
    """All alternatives of the town pass, also read back from their bytes."""
    for plan in solve(town(), alternative="all")["plans"]:
        assert check(town(), plan) == ()
        assert check(read_scenario(write_scenario(town())), read_plan(write_plan(plan))) == ()


@pytest.mark.parametrize(("code", "damage"), [row[1:] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_damage_is_caught(code, damage):
    """Each kind of damage is told by its own code."""
    plan = copy.deepcopy(solve(town()))
    damage(plan)
    assert code in {violation.code for violation in check(town(), plan)}


def test_other_snapshot():
    """Against a newer snapshot the hash is not compared, but today's stock is."""
    plan = solve(town())
    document = json.loads(write_scenario(town()))
    document["stock"][0]["quantity"] -= 1
    today = read_scenario(json.dumps(document).encode())
    assert "plan_other_scenario" in {one.code for one in check(today, plan)}
    assert {one.code for one in check(today, plan, same_scenario=False)} == {"plan_reserve_broken"}
    document["stock"][0]["quantity"] += 50
    richer = read_scenario(json.dumps(document).encode())
    assert check(richer, plan, same_scenario=False) == ()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_anything_is_answered(data):
    """Whatever stands in place of any part of a plan, the checker answers and does not raise."""
    plan: Any = copy.deepcopy(solve(town()))
    node, key = plan, None
    for _ in range(data.draw(st.integers(0, 5))):
        if isinstance(node if key is None else node[key], dict) and (node if key is None else node[key]):
            node = node if key is None else node[key]
            key = data.draw(st.sampled_from(sorted(node)))
        elif isinstance(node if key is None else node[key], list) and (node if key is None else node[key]):
            node = node if key is None else node[key]
            key = data.draw(st.integers(0, len(node) - 1))
    value = data.draw(ANY_JSON)
    if key is None:
        plan = value
    else:
        node[key] = value
    assert isinstance(check(town(), plan), tuple)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "plan_not_json"),
        (b"\xff\xfe{", "plan_not_utf8"),
        (b"[1]", "plan_malformed"),
        (b'{"a": NaN}', "plan_not_finite"),
        (b'{"a": 1, "a": 2}', "plan_repeated_key"),
        (b"[" * 200_000, "plan_too_deep"),
        (b"{}", "plan_missing_key"),
    ],
)
def test_bad_files_are_refused(data, code):
    """A file that is no plan is refused with its faults."""
    with pytest.raises(FileRefused) as refused:
        read_plan(data)
    assert code in {fault.code for fault in refused.value.faults}
    assert refused.value.count >= 1
