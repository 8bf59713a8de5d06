"""Bench of the planner: exact quantities (stage A) beside a plain-Python greedy rule and one linear program by HiGHS.

Everything of one size is timed in the same run on the same prepared columns: the greedy rule walks lines in class
order and takes the nearest stock, the best simple program; the linear program holds all items at once, without
fairness bands, which favours it. Stage A includes bands, certificate and all. The scenarios are synthetic:
clustered towns, three classes, deadlines, closed pairs, a fifth of the stock kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from inventory.benches import BenchRow
from inventory.planner.mixed import QuietHighs
from inventory.planner.plan import solve
from inventory.planner.problem import NEVER, Problem, Tables, problems
from inventory.planner.scenario import Scenario
from inventory.planner.supply import Allocation, allocate

BANDS = 20
PRIORITY_WEIGHTS = (4, 2, 1)
UNMET_COST = 100_000
REPEATS = 3


@dataclass(frozen=True)
class Size:
    """How large a synthetic scenario is."""

    points: int
    items: int
    stockpiles: int
    lines_per_point: int
    density: float
    extent_km: int
    deadlines: tuple[int, ...]


SIZES = {
    "small": Size(10, 30, 20, 15, 0.40, 30, (120, 240, 480, 1440)),
    "district": Size(50, 100, 60, 20, 0.40, 40, (120, 240, 480, 1440)),
    "city": Size(300, 500, 1000, 20, 0.10, 120, (240, 480, 1440, 2880)),
}


def synthetic(name: str, seed: int = 1) -> Scenario:
    """Return the scenario of a size and seed; the same on every machine."""
    size, rng = SIZES[name], np.random.default_rng(seed)
    towns = rng.uniform(0, size.extent_km, (max(3, size.points // 10), 2))
    places = size.stockpiles + size.points
    spots = towns[rng.integers(0, len(towns), places)] + rng.normal(0, size.extent_km * 0.05, (places, 2))
    distance = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(2)) * 1.35
    minutes = np.rint(15 + distance / rng.uniform(25, 55, (places, 1)) * 60).astype(np.int64)
    minutes[rng.random((places, places)) < 0.03] = -1
    point_class = rng.choice(3, size.points, p=[0.2, 0.4, 0.4])
    people = np.rint(rng.lognormal(5.5, 1, size.points)).astype(int) + 20
    wanted_items = [rng.choice(size.items, size.lines_per_point, replace=False) for _ in range(size.points)]
    rate = rng.lognormal(-1.5, 1, size.items)
    demands: list[dict[str, Any]] = []
    asked = np.zeros(size.items)
    for point, items in enumerate(wanted_items):
        for item in items.tolist():
            quantity = max(1, round(float(people[point] * rate[item] * rng.uniform(0.6, 1.4))))
            asked[item] += quantity
            demands.append(
                {
                    "id": f"d{len(demands)}",
                    "place": f"p{size.stockpiles + point}",
                    "item": f"i{item}",
                    "quantity": quantity,
                    "priority": int(point_class[point]),
                    "deadline_min": int(rng.choice(size.deadlines)),
                }
            )
    held = rng.random((size.stockpiles, size.items)) < size.density
    held[rng.integers(0, size.stockpiles, size.items), np.arange(size.items)] = True
    ratio = rng.choice([0.4, 0.7, 0.95, 1.5, 3], size.items, p=[0.1, 0.15, 0.15, 0.3, 0.3])
    weight = held * rng.lognormal(0, 1.2, held.shape)
    quantity = np.rint(weight / weight.sum(0) * np.maximum(asked, 10) * ratio).astype(np.int64)
    stock = [
        {
            "id": f"s{place}-{item}",
            "place": f"p{place}",
            "item": f"i{item}",
            "quantity": int(quantity[place, item]),
            "reserve": int(quantity[place, item] // 5),
        }
        for place, item in np.argwhere(quantity > 0).tolist()
    ]
    return Scenario.build(
        now="2026-07-01T08:00:00+08:00",
        places=[{"id": f"p{at}"} for at in range(places)],
        items=[{"id": f"i{at}"} for at in range(size.items)],
        stock=stock,
        demands=demands,
        travel={"truck": {"minutes": minutes}},
        policy={"bands": BANDS},
    )


def rows(*, quick: bool = False) -> list[BenchRow]:
    """Return the measured rows; `quick` leaves out the city. Takes about 5 or 60 seconds."""
    found: list[BenchRow] = []
    for name in ("small", "district") if quick else SIZES:
        found += _size_rows(name)
    return found


def _size_rows(name: str) -> list[BenchRow]:
    """Measure one size."""
    scenario = synthetic(name)
    tables = Tables(scenario)
    lists = _Lists(tables)
    exact: list[tuple[Problem, Allocation]] = []

    def stage_a() -> None:
        exact[:] = [(problem, allocate(problem, BANDS)) for problem in problems(tables)]

    best = _least({"exact": stage_a, "greedy": lists.greedy}, REPEATS)
    linear, lp_unmet = _linear(tables)
    unmet = _unmet_by_class(exact)
    certified = sum(one.certificate is not None and one.certificate.holds for _, one in exact)
    start = time.perf_counter()
    solve(scenario)
    whole = time.perf_counter() - start
    nothing = sum(int((one.unmet == problem.quantity).sum()) for problem, one in exact)
    greedy_unmet, greedy_nothing = lists.greedy()
    weigh = PRIORITY_WEIGHTS
    weighted = sum(one * by for one, by in zip(unmet, weigh, strict=True))
    rival = sum(one * by for one, by in zip(greedy_unmet, weigh, strict=True))
    greedy_ratio, linear_ratio = best["exact"] / best["greedy"], linear / best["exact"]
    city, large = name == "city", name != "small"
    all_items, class_0 = certified == len(exact), abs(unmet[0] - lp_unmet) < 0.5
    judged: list[tuple[Any, ...]] = [
        ("stage A", best["exact"], "s", "greedy", greedy_ratio, "<= 1.0 at city", greedy_ratio <= 1 if city else None),
        ("greedy, plain Python", best["greedy"], "s"),
        (
            "HiGHS LP, all items",
            linear,
            "s",
            "stage A",
            linear_ratio,
            ">= 20 at city",
            linear_ratio >= 20 if city else None,
        ),
        ("items certified", certified, "items", "all items", certified / len(exact), "1.0", all_items),
        ("unmet units of class 0", unmet[0], "units", "HiGHS LP", _ratio(unmet[0], lp_unmet), "equal", class_0),
        ("unmet, weighted 4/2/1", weighted, "units", "greedy", _ratio(weighted, rival), "<= 1.0", weighted <= rival),
        (
            "lines with nothing",
            nothing,
            "lines",
            "greedy",
            _ratio(nothing, greedy_nothing),
            "<= 0.6 from district on",
            nothing <= 0.6 * greedy_nothing if large else None,
        ),
        ("whole plan with reasons", whole, "s", "stage A", whole / best["exact"]),
    ]
    return [BenchRow(f"{name}: {row[0]}", *row[1:]) for row in judged]


def _least(runs: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Return the least seconds of each run; they take turns, so that a busy machine is unfair to none."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


class _Lists:
    """The scenario as plain lists, made before the greedy rule is timed."""

    def __init__(self, tables: Tables) -> None:
        self.minutes = tables.minutes.T.tolist()
        self.lines = list(
            zip(
                tables.demand_item.tolist(),
                tables.demand_place.tolist(),
                tables.demand_rounded.tolist(),
                tables.demand_deadline.tolist(),
                tables.demand_priority.tolist(),
                strict=True,
            )
        )
        self.order = sorted(range(len(self.lines)), key=lambda at: self.lines[at][4])
        self.free = tables.free_packs.tolist()
        self.holders: list[list[tuple[int, int]]] = [
            [(int(tables.stock_place[row]), int(row)) for row in rows_of if tables.free_packs[row] > 0]
            for rows_of in tables.stock_by_item
        ]

    def greedy(self) -> tuple[list[int], int]:
        """Serve lines in class order from the nearest stock; return unmet units by class and lines with nothing."""
        left, unmet, nothing = list(self.free), [0, 0, 0], 0
        for at in self.order:
            item, place, quantity, deadline, priority = self.lines[at]
            minutes = self.minutes[place]
            need = quantity
            for _, row in sorted((minutes[p], row) for p, row in self.holders[item] if minutes[p] <= deadline):
                take = min(need, left[row])
                if take:
                    left[row] -= take
                    need -= take
                    if not need:
                        break
            unmet[priority] += need
            nothing += need == quantity
        return unmet, nothing


def _linear(tables: Tables) -> tuple[float, float]:
    """Return seconds of one linear program over all items (model handed over, solved), and its unmet class 0."""
    line, source, cost, quantity, supply, priority = _all_arcs(tables)
    arcs, lines, sources = len(line), len(quantity), len(supply)
    weight = np.array(PRIORITY_WEIGHTS)[priority] * UNMET_COST
    index = np.empty(2 * arcs, np.int32)
    index[0::2], index[1::2] = line, lines + source
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = arcs + lines, lines + sources
    lp.col_cost_ = np.concatenate([cost, weight]).astype(float)
    lp.col_lower_ = np.zeros(arcs + lines)
    lp.col_upper_ = np.full(arcs + lines, highspy.kHighsInf)
    lp.row_lower_ = np.concatenate([quantity, np.full(sources, -highspy.kHighsInf)]).astype(float)
    lp.row_upper_ = np.concatenate([quantity, supply]).astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.append(np.arange(0, 2 * arcs, 2), 2 * arcs + np.arange(lines + 1)).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([index, np.arange(lines)]).astype(np.int32)
    lp.a_matrix_.value_ = np.ones(2 * arcs + lines)
    solver = QuietHighs()
    for option, setting in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(option, setting)
    start = time.perf_counter()
    solver.passModel(lp)
    solver.run()
    seconds = time.perf_counter() - start
    left = np.array(solver.getSolution().col_value)[arcs:]
    return seconds, float(left[priority == 0].sum())


def _all_arcs(tables: Tables) -> tuple[NDArray[np.int64], ...]:
    """Return line, source, minutes of every arc, and quantities, supplies, priorities, over all items."""
    columns: list[list[NDArray[np.int64]]] = [[] for _ in range(6)]
    lines = sources = 0
    for problem in problems(tables):
        line, source = np.nonzero(problem.arrival < NEVER)
        parts = (line + lines, source + sources, problem.arrival[line, source])
        for column, part in zip(columns, (*parts, problem.quantity, problem.supply, problem.priority), strict=True):
            column.append(part)
        lines, sources = lines + len(problem.quantity), sources + len(problem.supply)
    return tuple(np.concatenate(column) for column in columns)


def _unmet_by_class(exact: list[tuple[Problem, Allocation]]) -> list[int]:
    """Return unmet units by class."""
    return [sum(int(one.unmet[problem.priority == c].sum()) for problem, one in exact) for c in range(3)]


def _ratio(value: float, rival: float) -> float | None:
    """Return value / rival, None against nothing."""
    return value / rival if rival else None
