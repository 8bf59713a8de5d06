"""Stage A is exact: against every plan on small cases, against linear programs at district size, and by its proof."""

from __future__ import annotations

import functools
import os
import subprocess
import sys

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.benches.plan import synthetic
from inventory.planner.certificate import Bands, certify
from inventory.planner.check import check
from inventory.planner.mixed import QuietHighs
from inventory.planner.plan import ALTERNATIVES, solve, write_plan
from inventory.planner.problem import NEVER, Problem, Tables, problems
from inventory.planner.scenario import Scenario
from inventory.planner.supply import Allocation, allocate, rebalance, shortage_bands
from tests.planner.cases import best_objective, objective_of, scenario, small_sections, travel


@settings(max_examples=250, deadline=None)
@given(small_sections())
def test_no_plan_is_better(sections):
    """Every plan of a small scenario is tried; none is before the planner's in the order of the contract."""
    scenario = Scenario.build(**sections)
    plan = solve(scenario)
    assert check(scenario, plan) == ()
    assert plan["certified"]
    assert objective_of(sections, plan) == best_objective(sections)


@settings(max_examples=60, deadline=None)
@given(small_sections(ratios=(2, [1, 2], [3, 2], 1), packs=(1, 1, 2)))
def test_no_plan_with_substitutes_is_better(sections):
    """Substitutes that do not exchange one for one are integer-exact too, and say whose proof it is."""
    scenario = Scenario.build(**sections)
    plan = solve(scenario)
    assert check(scenario, plan) == ()
    assert plan["bound"]["unproved"] == []
    assert plan["certified"] == (not plan["bound"]["by_solver"])
    assert objective_of(sections, plan) == best_objective(sections)


@settings(max_examples=80, deadline=None)
@given(small_sections())
def test_alternatives_serve_the_same(sections):
    """All alternatives pass the checker and leave exactly the same unmet."""
    scenario = Scenario.build(**sections)
    plans = solve(scenario, alternative="all")["plans"]
    assert [plan["alternative"] for plan in plans] == list(ALTERNATIVES)
    for plan in plans:
        assert check(scenario, plan) == ()
        assert plan["unmet"] == plans[0]["unmet"]
        assert plan["objective"]["unit_minutes"] >= plan["bound"]["unit_minutes"]
        assert plan["objective"]["consignments"] >= plan["bound"]["consignments"]
    fastest, fewest, _ = plans
    assert fewest["objective"]["consignments"] <= fastest["objective"]["consignments"]


def _given(plan):
    """Return units by demand and stock row."""
    return {(line["demand"], line["stock"]): line["quantity"] for one in plan["consignments"] for line in one["lines"]}


def test_fair_though_stock_abounds_elsewhere():
    """Two lines share what both can reach in halves, though the class as a whole is not short of stock."""
    plan = solve(
        scenario(
            places=[{"id": name} for name in "abxyz"],
            items=[{"id": "tent"}],
            stock=[
                {"id": "shared", "place": "a", "item": "tent", "quantity": 4},
                {"id": "apart", "place": "b", "item": "tent", "quantity": 90},
            ],
            demands=[
                {"id": name, "place": name, "item": "tent", "quantity": 4, "priority": 0} for name in ("x", "y", "z")
            ],
            travel=travel(
                [[0, 9, 5, 50, None], [9, 0, None, None, 5], [5, 9, 0, 9, 9], [9, 9, 9, 0, 9], [9, 9, 9, 9, 0]]
            ),
        )
    )
    assert plan["certified"]
    assert _given(plan) == {("x", "shared"): 2, ("y", "shared"): 2, ("z", "apart"): 4}


def test_fair_with_a_double_substitute():
    """A substitute that covers two is shared fairly too, though the nearer line would take it all in less time."""
    built = scenario(
        places=[{"id": name} for name in "axy"],
        items=[{"id": "tent"}, {"id": "big"}],
        stock=[{"id": "s", "place": "a", "item": "big", "quantity": 2}],
        demands=[{"id": name, "place": name, "item": "tent", "quantity": 4, "priority": 1} for name in ("x", "y")],
        substitutes=[{"item": "tent", "by": "big", "ratio": 2}],
        travel=travel([[0, 5, 500], [5, 0, 9], [500, 9, 0]]),
    )
    plan = solve(built)
    assert check(built, plan) == ()
    assert _given(plan) == {("x", "s"): 1, ("y", "s"): 1}
    assert plan["objective"]["unmet_by_priority"] == [0, 4, 0]


def test_balanced_plan_leaves_the_reserve():
    """Where the near store could only give reserve, the balanced plan takes free stock from afar."""
    built = scenario(
        places=[{"id": name} for name in "abx"],
        items=[{"id": "tent"}],
        stock=[
            {"id": "near", "place": "a", "item": "tent", "quantity": 10, "reserve": 10},
            {"id": "far", "place": "b", "item": "tent", "quantity": 4},
        ],
        demands=[{"id": "d", "place": "x", "item": "tent", "quantity": 4, "priority": 0}],
        travel=travel([[0, 9, 5], [9, 0, 50], [5, 50, 0]]),
        policy={"reserve_open_to_priority": 0},
    )
    assert _given(solve(built)) == {("d", "near"): 4}
    balanced = solve(built, alternative="reserves")
    assert check(built, balanced) == ()
    assert _given(balanced) == {("d", "far"): 4}


@functools.cache
def district() -> list[tuple[Problem, Allocation]]:
    """Return the solved items of the synthetic district."""
    tables = Tables(synthetic("district"))
    return [(problem, allocate(problem, 20)) for problem in problems(tables)]


def test_district_equals_linear_program():
    """At district size every item's cost equals the optimum of its linear program by another solver."""
    for problem, one in district():
        levels = shortage_bands(problem, 20)
        assert one.certificate is not None
        assert one.certificate.primal == pytest.approx(_linear_optimum(problem, levels), rel=1e-9, abs=0.5)


def test_district_is_certified():
    """Every item of the district carries an integer proof."""
    assert all(one.certificate is not None and one.certificate.holds for _, one in district())
    assert sum(int(one.unmet.sum()) for _, one in district()) > 0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_certificate_refuses_other_plans(data):
    """A shipment moved, shrunk or grown is proved only if it is just as good; an infeasible plan never is."""
    problem, one = data.draw(st.sampled_from([pair for pair in district() if len(pair[1].parts)]))
    at = data.draw(st.integers(0, len(one.parts) - 1))
    line, source, parts = one.line.copy(), one.source.copy(), one.parts.copy()
    change = data.draw(st.sampled_from(["less", "more", "other source", "other line"]))
    if change == "less":
        parts[at] -= 1
    elif change == "more":
        parts[at] += 1
    elif change == "other source":
        source[at] = data.draw(st.integers(0, len(problem.supply) - 1))
    else:
        line[at] = data.draw(st.integers(0, len(problem.lines) - 1))
    levels = shortage_bands(problem, 20)
    free = Bands(problem.supply[:, None], np.zeros((len(problem.supply), 1), np.int64))
    proof = certify(problem.arrival, problem.quantity, levels, free, (line, source, parts))
    feasible = (
        (parts > 0).all()
        and (problem.arrival[line, source] < NEVER).all()
        and (np.bincount(line, parts, len(problem.lines)) <= problem.quantity).all()
        and (np.bincount(source, parts, len(problem.supply)) <= problem.supply).all()
    )
    assert one.certificate is not None
    assert proof.holds == bool(feasible and proof.primal == one.certificate.primal)


def test_reserves_are_certified_and_kept():
    """The balanced alternative is proved too, draws no more reserve than the fastest and empties fewer sources."""
    emptied = balanced_emptied = 0
    for problem, one in district():
        balanced = rebalance(problem, problem.quantity - one.unmet, 20)
        assert balanced.certificate is not None
        assert balanced.certificate.holds
        for allocation in (one, balanced):
            drawn = np.bincount(allocation.source, allocation.parts, len(problem.supply))
            if allocation is one:
                emptied += int((drawn == problem.supply).sum())
            else:
                balanced_emptied += int((drawn == problem.supply).sum())
    assert balanced_emptied < emptied


@settings(max_examples=100, deadline=None)
@given(small_sections(packs=(1,)))
def test_reserves_follow_the_intended_order(sections):
    """Reserve drawn least (deepest band first), then free stock drawn evenly, then minutes: against every plan."""
    bands = sections["policy"]["bands"]
    for problem in problems(Tables(Scenario.build(**sections))):
        if problem.cover is not None:
            continue
        totals = problem.quantity - allocate(problem, bands).unmet
        found = rebalance(problem, totals, bands)
        flow = np.zeros(problem.arrival.shape, np.int64)
        np.add.at(flow, (found.line, found.source), found.parts)
        assert _drawn_levels(problem, flow, bands) == min(
            _drawn_levels(problem, other, bands) for other in _every_flow(problem, totals)
        )


def test_same_bytes_twice():
    """The same scenario gives the same bytes, also in another process with another hash seed."""
    code = (
        "import sys; from inventory.benches.plan import synthetic;"
        "from inventory.planner.plan import solve, write_plan;"
        "sys.stdout.buffer.write(write_plan(solve(synthetic('small'), alternative='all')))"
    )
    here = write_plan(solve(synthetic("small"), alternative="all"))
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": "."}
    there = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    assert here == there


def test_wrong_calls_are_errors():
    """An alternative that does not exist and a limit without a clock are programmers' errors, not silent defaults."""
    empty = scenario(places=[])
    with pytest.raises(ValueError, match="no such alternative"):
        solve(empty, alternative="cheapest")
    with pytest.raises(ValueError, match="needs a timer"):
        solve(empty, seconds=5)
    ticks = iter(range(1_000))
    limited = solve(synthetic("small"), alternative="fewest", seconds=3, timer=lambda: float(next(ticks)))
    assert check(synthetic("small"), limited) == ()
    assert limited["solver"]["limit_seconds"] == 3
    assert solve(empty)["objective"]["unmet_by_priority"] == [0, 0, 0]


def _linear_optimum(problem: Problem, levels: Bands) -> float:
    """Return the optimum of an item's linear program with all its bands."""
    line, source = np.nonzero(problem.arrival < NEVER)
    band_line, band = np.nonzero(levels.capacity)
    arcs, columns = len(line), len(line) + len(band_line)
    rows = len(problem.lines) + len(problem.supply)
    index = np.empty(2 * arcs, np.int32)
    index[0::2], index[1::2] = line, len(problem.lines) + source
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = np.concatenate([problem.arrival[line, source], levels.cost[band_line, band]]).astype(float)
    lp.col_lower_ = np.zeros(columns)
    lp.col_upper_ = np.concatenate([np.full(arcs, 1e30), levels.capacity[band_line, band]]).astype(float)
    lp.row_lower_ = np.concatenate([problem.quantity, np.full(len(problem.supply), -1e30)]).astype(float)
    lp.row_upper_ = np.concatenate([problem.quantity, problem.supply]).astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = [np.arange(0, 2 * arcs, 2), 2 * arcs + np.arange(len(band_line) + 1)]
    lp.a_matrix_.start_ = np.concatenate(starts).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([index, band_line]).astype(np.int32)
    lp.a_matrix_.value_ = np.ones(2 * arcs + len(band_line))
    solver = QuietHighs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(lp)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def _drawn_levels(problem: Problem, flow: np.ndarray, bands: int) -> tuple[int, ...]:
    """Return units drawn per level, the worst level first, then minutes."""
    levels = [0] * (2 * bands)
    for source, drawn in enumerate(flow.sum(0).tolist()):
        supply = int(problem.supply[source])
        for band in range(bands):
            fill = min(drawn, (band + 1) * supply // bands - band * supply // bands)
            levels[band + bands * bool(problem.is_reserve[source])] += fill
            drawn -= fill
    return (*reversed(levels), int(flow[flow > 0] @ problem.arrival[flow > 0]))


def _every_flow(problem: Problem, totals: np.ndarray) -> list[np.ndarray]:
    """Return every flow with the given line totals."""
    plans = [np.zeros(problem.arrival.shape, np.int64)]
    for line, total in enumerate(totals.tolist()):
        grown = []
        for plan in plans:
            left = problem.supply - plan.sum(0)
            room = np.where(problem.arrival[line] < NEVER, left, 0)
            for split in _splits(total, room.tolist()):
                more = plan.copy()
                more[line] = split
                grown.append(more)
        plans = grown
    return plans


def _splits(total: int, room: list[int]) -> list[list[int]]:
    """Return every way to split a total over sources with so much room."""
    if not room:
        return [[]] if total == 0 else []
    return [[units, *rest] for units in range(min(total, room[0]) + 1) for rest in _splits(total - units, room[1:])]
