"""The plan file (`inventory-plan/1`): solve a scenario and write down who sends what to whom, and why.

Three alternatives serve the same lines with the same totals: `fastest` (stage A as it is), `reserves` (sources chosen
again so that reserve stays and stores are drawn evenly) and `fewest` (few consignments). A plan holds integers and
text only, and the same scenario gives the same bytes. There is no clock in here: `seconds` in the plan is what the
caller's `timer` measured, 0 without one.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inventory.planner.certificate import exact
from inventory.planner.consolidate import consignments_bound, consolidate, merged_departures
from inventory.planner.crews import Crews, send_crews
from inventory.planner.explain import Shortage, Violator, Why, reasons, shortages
from inventory.planner.lots import Delivery, deliveries
from inventory.planner.mixed import allocate_mixed
from inventory.planner.problem import Problem, Tables, problems
from inventory.planner.scenario import PRIORITIES, Scenario, scenario_sha256
from inventory.planner.supply import Allocation, allocate, rebalance

FORMAT = "inventory-plan/1"
ALTERNATIVES = ("fastest", "fewest", "reserves")


@dataclass(frozen=True)
class _Base:
    """Stage A of a whole scenario, shared by all alternatives."""

    tables: Tables
    solved: list[tuple[Problem, Allocation]]
    proved: list[bool]
    shortages: list[Shortage]
    crews: Crews


def solve(
    scenario: Scenario,
    *,
    alternative: str = "fastest",
    seconds: int | None = None,
    seed: int = 0,
    timer: Callable[[], float] | None = None,
) -> dict[str, Any]:
    """Return a plan file of a scenario; for `all`, {"plans": [one per alternative]}.

    Parameters
    ----------
    alternative
        "fastest", "fewest", "reserves" or "all".
    seconds
        Wall limit for the search for fewer consignments; needs a `timer`. Stage A always finishes. None: fixed
        numbers of rounds, hence the same plan on every machine.
    seed
        Kept in the plan; nothing in these stages is random.
    timer
        Returns seconds (`time.perf_counter`).

    Raises
    ------
    ValueError
        For an alternative that does not exist, or `seconds` without a `timer`.
    BrokenInvariant
        When a solver contradicts itself.
    """
    if alternative not in (*ALTERNATIVES, "all"):
        raise ValueError(f"no such alternative: {alternative}")
    if seconds is not None and timer is None:
        raise ValueError("a limit in seconds needs a timer: there is no clock in here")
    start = timer() if timer else 0.0

    def elapsed() -> float:
        return timer() - start if timer else 0.0

    base = _base(scenario)
    names = ALTERNATIVES if alternative == "all" else (alternative,)
    plans = []
    for name in names:
        plan = _plan(base, name, lambda: seconds is None or elapsed() < seconds)
        plan["seconds"] = round(elapsed(), 3) if timer else 0
        plan["solver"] = {**_versions(), "seed": seed, "limit_seconds": seconds}
        plans.append(plan)
    return {"plans": plans} if alternative == "all" else plans[0]


def write_plan(plan: dict[str, Any]) -> bytes:
    """Return the canonical bytes of a plan (or of {"plans": …}): keys sorted, no spaces, UTF-8."""
    return json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _base(scenario: Scenario) -> _Base:
    """Solve stage A for every group, explain the shortages, send teams and kits."""
    tables = Tables(scenario)
    bands = scenario.policy.bands
    solved, proved, short = [], [], []
    for problem in problems(tables):
        if problem.cover is None:
            allocation, by_solver = allocate(problem, bands), False
        else:
            allocation, by_solver = allocate_mixed(problem, bands)
        solved.append((problem, allocation))
        proved.append(by_solver or (allocation.certificate is not None and allocation.certificate.holds))
        short += shortages(tables, problem, allocation, bands)
    return _Base(tables, solved, proved, sorted(short, key=lambda one: one.demand), send_crews(tables))


def _plan(base: _Base, alternative: str, go_on: Callable[[], bool]) -> dict[str, Any]:
    """Return one alternative as a plan file."""
    tables, bands = base.tables, base.tables.scenario.policy.bands
    solved = base.solved
    if alternative == "fewest":
        solved = consolidate(tables, solved, go_on)
    elif alternative == "reserves":
        solved = [
            (problem, rebalance(problem, problem.quantity - one.unmet, bands) if problem.cover is None else one)
            for problem, one in solved
        ]
    groups = [deliveries(tables, problem, allocation) for problem, allocation in solved]
    chosen = [delivery for group in groups for delivery in group]
    if alternative == "fewest":
        departs = merged_departures(tables, chosen)
    else:
        departs = [int(tables.stock_leaves[delivery.stock]) for delivery in chosen]
    given: dict[int, list[Delivery]] = {}
    for delivery in chosen:
        given.setdefault(delivery.stock, []).append(delivery)
    why = [
        reason
        for (problem, allocation), group in zip(solved, groups, strict=True)
        for reason in reasons(tables, problem, allocation, group, given)
    ]
    consignments = _consignments(tables, chosen, departs)
    return {
        "format": FORMAT,
        "scenario_sha256": scenario_sha256(tables.scenario),
        "alternative": alternative,
        "consignments": consignments,
        "teams": _teams(base),
        "kits": _kits(base),
        "routes": [],
        "unmet": _unmet(base),
        "objective": _objective(base, consignments),
        "bound": _bound(base),
        "certified": all(one.certificate is not None and one.certificate.holds for _, one in solved)
        if alternative != "fewest"
        else all(one.certificate is not None and one.certificate.holds for _, one in base.solved),
        "why": [_why(tables, reason) for reason in sorted(why, key=lambda one: (one.demand, one.stock))],
        "notes": _notes(base),
    }


def _consignments(tables: Tables, chosen: Sequence[Delivery], departs: Sequence[int]) -> list[dict[str, Any]]:
    """Return deliveries gathered by origin, target and departure, in the order of departure."""
    scenario = tables.scenario
    gathered: dict[tuple[int, int, int], list[Delivery]] = {}
    for delivery, depart in zip(chosen, departs, strict=True):
        origin, target = int(tables.stock_place[delivery.stock]), int(tables.demand_place[delivery.demand])
        gathered.setdefault((depart, origin, target), []).append(delivery)
    return [
        {
            "from": scenario.places[origin].id,
            "to": scenario.places[target].id,
            "mode": tables.travel.modes[int(tables.travel.mode[origin, target])],
            "depart_min": depart,
            "arrive_min": depart + int(tables.minutes[origin, target]),
            "lines": [
                {
                    "demand": scenario.demands[delivery.demand].id,
                    "stock": scenario.stock[delivery.stock].id,
                    "item": scenario.stock[delivery.stock].item,
                    "quantity": delivery.quantity,
                }
                for delivery in sorted(members, key=lambda one: (one.demand, one.stock))
            ],
        }
        for (depart, origin, target), members in sorted(gathered.items())
    ]


def _teams(base: _Base) -> list[dict[str, Any]]:
    """Return the teams sent."""
    scenario = base.tables.scenario
    return [
        {
            "team": scenario.teams[sent.unit].id,
            "demand": scenario.team_demands[sent.demand].id,
            "arrive_min": sent.arrive_min,
        }
        for sent in base.crews.teams
    ]


def _kits(base: _Base) -> list[dict[str, Any]]:
    """Return the kits sent, with the team that operates each."""
    scenario = base.tables.scenario
    return [
        {
            "kit": scenario.kits[sent.unit].id,
            "demand": scenario.kit_demands[sent.demand].id,
            "arrive_min": sent.arrive_min,
        }
        | ({} if sent.operator is None else {"team": scenario.teams[sent.operator].id})
        for sent in base.crews.kits
    ]


def _unmet(base: _Base) -> list[dict[str, Any]]:
    """Return everything that stays short: items, then teams, then kits. `kind` tells them apart."""
    tables, scenario = base.tables, base.tables.scenario
    places = scenario.places
    rows: list[dict[str, Any]] = [
        {
            "kind": "item",
            "demand": scenario.demands[one.demand].id,
            "quantity": one.quantity,
            "reason": one.reason,
            "certificate": _certificate(tables, one.violator),
            "prices": [
                {
                    "lift": price.lift,
                    "saves": price.saves,
                    "saves_all": price.saves_all,
                    "pairs": [[places[origin].id, places[target].id] for origin, target in price.pairs],
                }
                for price in one.prices
            ],
        }
        for one in base.shortages
    ]
    teams = [("team", scenario.team_demands[one.demand].id, one) for one in base.crews.teams_missing]
    kits = [("kit", scenario.kit_demands[one.demand].id, one) for one in base.crews.kits_missing]
    for kind, demand, one in [*teams, *kits]:
        rows.append(
            {
                "kind": kind,
                "demand": demand,
                "quantity": one.count,
                "reason": one.reason,
                "certificate": None,
                "prices": [],
            }
        )
    return rows


def _certificate(tables: Tables, violator: Violator | None) -> dict[str, Any] | None:
    """Return the facts of a violator, or None."""
    if violator is None:
        return None
    scenario = tables.scenario
    return {
        "lines": [scenario.demands[at].id for at in violator.lines],
        "stockpiles": [scenario.places[at].id for at in violator.stockpiles],
        "demand": violator.demand,
        "supply": violator.supply,
        "short": violator.short,
    }


def _objective(base: _Base, consignments: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the objective of the contract, and beside it what teams and kits miss."""
    scenario, rounded = base.tables.scenario, base.tables.demand_rounded
    unmet, nothing, teams, kits = ([0] * PRIORITIES for _ in range(4))
    for short in base.shortages:
        priority = scenario.demands[short.demand].priority
        unmet[priority] += short.quantity
        nothing[priority] += int(short.quantity == rounded[short.demand])
    for one in base.crews.teams_missing:
        teams[scenario.team_demands[one.demand].priority] += one.count
    for one in base.crews.kits_missing:
        kits[scenario.kit_demands[one.demand].priority] += one.count
    return {
        "unmet_by_priority": unmet,
        "zero_lines_by_priority": nothing,
        "unit_minutes": sum(line["quantity"] * one["arrive_min"] for one in consignments for line in one["lines"]),
        "consignments": len(consignments),
        "teams_missing_by_priority": teams,
        "kits_missing_by_priority": kits,
    }


def _bound(base: _Base) -> dict[str, Any]:
    """Return what no plan can undercut. Groups without any proof count as nothing.

    `unit_minutes` holds for plans that leave exactly as much unmet; `by_solver` names items whose proof is the
    solver's own, `unproved` those without one.
    """
    scenario, unmet, minutes = base.tables.scenario, [0] * PRIORITIES, 0
    by_solver, unproved = [], []
    for (problem, one), proved in zip(base.solved, base.proved, strict=True):
        names = [scenario.items[item].id for item in problem.items]
        if not proved:
            unproved += names
            continue
        if problem.cover is not None:
            by_solver += names
        for line in np.flatnonzero(one.unmet).tolist():
            unmet[int(problem.priority[line])] += int(one.unmet[line]) * problem.part
        units = one.parts * problem.source_part[one.source]
        minutes += exact(units, problem.arrival[one.line, one.source])
    return {
        "unmet_by_priority": unmet,
        "unit_minutes": minutes,
        "consignments": consignments_bound(base.tables, base.solved),
        "by_solver": by_solver,
        "unproved": unproved,
        "crews_proved": base.crews.proved,
    }


def _why(tables: Tables, reason: Why) -> dict[str, Any]:
    """Return why a line comes from its stock row."""
    scenario = tables.scenario
    return {
        "demand": scenario.demands[reason.demand].id,
        "stock": scenario.stock[reason.stock].id,
        "minutes": reason.minutes,
        "nearer": [
            {
                "place": scenario.places[one.place].id,
                "minutes": one.minutes,
                "reason": one.reason,
                "price_minutes": one.price_minutes,
                "given_to": [scenario.demands[at].id for at in one.given_to],
            }
            for one in reason.nearer
        ],
        "nearer_count": reason.nearer_count,
    }


def _notes(base: _Base) -> list[dict[str, Any]]:
    """Return what a reader must know about the whole plan, as codes."""
    notes = []
    if base.tables.travel.basis == "estimate":
        notes.append({"code": "note_travel_estimated"})
    if base.tables.scenario.vehicles is not None:
        notes.append({"code": "note_vehicles_not_loaded"})
    return notes


def _versions() -> dict[str, str]:
    """Return the versions of the solvers."""
    return {name: importlib.metadata.version(name) for name in ("ortools", "highspy", "numpy")}
