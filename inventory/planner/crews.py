"""Teams and communications kits: who goes where, one small integer program, solved in lexicographic passes.

A team answers one demand at most, and only where its capability is strong enough and it arrives in time
(`ready_min` + minutes). A kit answers one demand at most when it bridges all cuts for the hours, is not place-bound,
arrives in time (`handling_min` + minutes) and, if it needs an operator, a team sent to that place operates its kind.
Passes: missing teams of priority 0, 1, 2; missing kits of priority 0, 1, 2; then the sum of the arrivals.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from inventory.planner.mixed import Program
from inventory.planner.problem import Tables
from inventory.planner.scenario import PRIORITIES, Kit, KitDemand, Team, TeamDemand


@dataclass(frozen=True)
class Sent:
    """A team or kit sent to a demand (positions in the scenario); `operator` is the team that runs a kit."""

    unit: int
    demand: int
    arrive_min: int
    operator: int | None = None


@dataclass(frozen=True)
class Missing:
    """So many teams or kits missing at a demand, and why."""

    demand: int
    count: int
    reason: str


@dataclass(frozen=True)
class Crews:
    """The answer for teams and kits; `proved` tells whether every pass was solved to optimality."""

    teams: tuple[Sent, ...]
    kits: tuple[Sent, ...]
    teams_missing: tuple[Missing, ...]
    kits_missing: tuple[Missing, ...]
    proved: bool


def send_crews(tables: Tables, nodes_max: int = 20_000) -> Crews:
    """Return who goes where. What the solver could not place within its nodes is reported as missing."""
    scenario = tables.scenario
    team_arcs = _team_arcs(tables)
    kit_arcs = _kit_arcs(tables)
    arcs = [*team_arcs, *kit_arcs]
    first_team, first_kit = len(arcs), len(arcs) + len(scenario.team_demands)
    wanted = [demand.teams for demand in scenario.team_demands]
    kits_wanted = [demand.kits for demand in scenario.kit_demands]
    program = Program([1.0] * len(arcs) + [float(count) for count in (*wanted, *kits_wanted)])
    for offset, mine, counts, missing in (
        (0, team_arcs, wanted, first_team),
        (len(team_arcs), kit_arcs, kits_wanted, first_kit),
    ):
        for unit in sorted({arc.unit for arc in mine}):
            columns = [offset + at for at, arc in enumerate(mine) if arc.unit == unit]
            program.row(columns, [1.0] * len(columns), -highspy.kHighsInf, 1)
        for demand, count in enumerate(counts):
            columns = [offset + at for at, arc in enumerate(mine) if arc.demand == demand]
            program.row([*columns, missing + demand], [1.0] * (len(columns) + 1), count, count)
    for at, arc in enumerate(kit_arcs):
        if scenario.kits[arc.unit].operator:
            able = [column for column, sent in enumerate(team_arcs) if _operates(tables, sent, arc)]
            program.row([len(team_arcs) + at, *able], [1.0] + [-1.0] * len(able), -highspy.kHighsInf, 0)
    passes: list[dict[int, int]] = []
    for first, classes in (
        (first_team, [row.priority for row in scenario.team_demands]),
        (first_kit, [row.priority for row in scenario.kit_demands]),
    ):
        for priority in range(PRIORITIES):
            passes.append({first + at: 1 for at, own in enumerate(classes) if own == priority})
    passes.append({at: arc.arrive_min for at, arc in enumerate(arcs)})
    found = program.minimise([objective for objective in passes if objective], nodes_max) if program.upper else None
    solution, proved = found or ([0] * len(arcs), not program.upper)
    teams = [arc for arc, taken in zip(team_arcs, solution, strict=False) if taken]
    kits = [arc for arc, taken in zip(kit_arcs, solution[len(team_arcs) : len(arcs)], strict=True) if taken]
    return Crews(
        tuple(sorted(teams, key=lambda sent: (sent.demand, sent.unit))),
        tuple(_with_operator(tables, kit, teams) for kit in sorted(kits, key=lambda sent: (sent.demand, sent.unit))),
        _missing(wanted, teams, team_arcs, "team", False),
        _missing(kits_wanted, kits, kit_arcs, "kit", True),
        proved,
    )


def _team_arcs(tables: Tables) -> list[Sent]:
    """Return every team that could answer a demand in time."""
    scenario, places = tables.scenario, tables.place_index
    return [
        Sent(at, demand, arrive)
        for at, team in enumerate(scenario.teams)
        for demand, row in enumerate(scenario.team_demands)
        if _capable(team, row)
        and (arrive := _arrive(tables, places[team.place], places[row.place], team.ready_min, row.deadline_min)) >= 0
    ]


def _kit_arcs(tables: Tables) -> list[Sent]:
    """Return every kit that could answer a demand in time, the operator apart."""
    scenario, places = tables.scenario, tables.place_index
    handling = scenario.policy.handling_min
    return [
        Sent(at, demand, arrive)
        for at, kit in enumerate(scenario.kits)
        for demand, row in enumerate(scenario.kit_demands)
        if _bridges(kit, row)
        and (arrive := _arrive(tables, places[kit.place], places[row.place], handling, row.deadline_min)) >= 0
    ]


def _capable(team: Team, demand: TeamDemand) -> bool:
    """Return whether a team has the capability at the level or stronger (1 is the strongest)."""
    return any(code == demand.capability and level <= demand.level for code, level in team.capabilities)


def _bridges(kit: Kit, demand: KitDemand) -> bool:
    """Return whether a kit may move and bridges every cut for the hours."""
    return not kit.place_bound and set(demand.cuts) <= set(kit.independent_of) and kit.hours >= demand.hours


def _arrive(tables: Tables, origin: int, target: int, leaves: int, deadline: int | None) -> int:
    """Return the minutes of arrival, or -1 when there is no way or no time."""
    minutes = int(tables.travel.fastest[origin, target])
    arrive = leaves + minutes
    return -1 if minutes < 0 or (deadline is not None and arrive > deadline) else arrive


def _operates(tables: Tables, sent: Sent, kit: Sent) -> bool:
    """Return whether a team sent somewhere would stand where the kit goes and operates its kind."""
    scenario = tables.scenario
    same_place = scenario.team_demands[sent.demand].place == scenario.kit_demands[kit.demand].place
    return same_place and scenario.kits[kit.unit].kind in scenario.teams[sent.unit].operators


def _with_operator(tables: Tables, kit: Sent, teams: list[Sent]) -> Sent:
    """Return the kit with the operating team that arrives first."""
    if not tables.scenario.kits[kit.unit].operator:
        return kit
    able = [sent for sent in teams if _operates(tables, sent, kit)]
    first = min(able, key=lambda sent: (sent.arrive_min, sent.unit))
    return Sent(kit.unit, kit.demand, kit.arrive_min, first.unit)


def _missing(
    wanted: list[int], sent: list[Sent], arcs: list[Sent], kind: str, needs_operator: bool
) -> tuple[Missing, ...]:
    """Return what stays unanswered: nothing fits at all, a fitting kit stays for want of an operator, or too few."""
    got = np.bincount(np.array([arc.demand for arc in sent], np.int64), minlength=len(wanted))
    used = {arc.unit for arc in sent}
    possible = {arc.demand for arc in arcs}
    idle = {arc.demand for arc in arcs if arc.unit not in used} if needs_operator else set()
    found = []
    for at, count in enumerate(wanted):
        if count > got[at]:
            reason = "short_operator" if at in idle else f"short_{kind}s" if at in possible else f"short_no_{kind}"
            found.append(Missing(at, count - int(got[at]), reason))
    return tuple(found)
