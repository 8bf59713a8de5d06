"""The checker's part for teams and kits, recomputed from the raw scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.planner.fields import shown
from inventory.planner.scenario import PRIORITIES, Kit, KitDemand, Scenario, TeamDemand
from inventory.planner.travel import Travel
from inventory.planner.violations import Violation


def crew_violations(scenario: Scenario, travel: Travel, plan: Mapping[str, Any]) -> list[Violation]:
    """Return everything wrong with the teams and kits of a plan of the right shape."""
    found: list[Violation] = []
    place = {row.id: at for at, row in enumerate(scenario.places)}

    def minutes(origin: str, target: str) -> int:
        return int(travel.fastest[place[origin], place[target]])

    teams, team_demands = {row.id: row for row in scenario.teams}, {row.id: row for row in scenario.team_demands}
    kits, kit_demands = {row.id: row for row in scenario.kits}, {row.id: row for row in scenario.kit_demands}
    standing: dict[str, str] = {}
    got: dict[str, int] = {}
    for at, row in enumerate(plan["teams"]):
        path = f"teams[{at}]"
        team, wanted = teams.get(row["team"]), team_demands.get(row["demand"])
        if team is None or wanted is None:
            found.append(Violation("plan_unknown", path, {"kind": "team", "id": shown(row["team"])}))
            continue
        if team.id in standing:
            found.append(Violation("plan_twice", path, {"kind": "team", "id": team.id}))
        standing[team.id] = wanted.place
        got[wanted.id] = got.get(wanted.id, 0) + 1
        if dict(team.capabilities).get(wanted.capability, 99) > wanted.level:
            found.append(Violation("plan_not_capable", path, {"id": team.id, "demand": wanted.id}))
        way = minutes(team.place, wanted.place)
        found += _time(row, wanted, team.place, way, team.ready_min, path)
    kits_got: dict[str, int] = {}
    used: set[str] = set()
    for at, row in enumerate(plan["kits"]):
        path = f"kits[{at}]"
        kit, need = kits.get(row["kit"]), kit_demands.get(row["demand"])
        if kit is None or need is None:
            found.append(Violation("plan_unknown", path, {"kind": "kit", "id": shown(row["kit"])}))
            continue
        if kit.id in used:
            found.append(Violation("plan_twice", path, {"kind": "kit", "id": kit.id}))
        used.add(kit.id)
        kits_got[need.id] = kits_got.get(need.id, 0) + 1
        found += _fitness(kit, need, path)
        way = minutes(kit.place, need.place)
        found += _time(row, need, kit.place, way, scenario.policy.handling_min, path)
        operator = row.get("team")
        runs = operator in teams and kit.kind in teams[operator].operators and standing.get(operator) == need.place
        if (kit.operator or operator is not None) and not runs:
            found.append(Violation("plan_no_operator", path, {"kit": kit.id, "place": need.place}))
    found += _counts(scenario, plan, got, kits_got)
    return found


def _time(
    row: Mapping[str, Any], demand: TeamDemand | KitDemand, origin: str, way: int, leaves: int, path: str
) -> list[Violation]:
    """Check the way, the stated arrival and the deadline of one team or kit."""
    if way < 0:
        return [Violation("plan_no_way", path, {"mode": "-", "origin": origin, "target": demand.place})]
    arrive, found = leaves + way, []
    if row["arrive_min"] != arrive:
        facts = {"stated": row["arrive_min"], "wanted": arrive}
        found.append(Violation("plan_wrong_arrival", f"{path}.arrive_min", facts))
    if demand.deadline_min is not None and arrive > demand.deadline_min:
        found.append(Violation("plan_too_late", path, {"stated": arrive, "deadline": demand.deadline_min}))
    return found


def _fitness(kit: Kit, demand: KitDemand, path: str) -> list[Violation]:
    """Check that a kit may move, bridges the cuts and lasts."""
    found = []
    if kit.place_bound:
        found.append(Violation("plan_place_bound", path, {"stock": kit.id}))
    if not set(demand.cuts) <= set(kit.independent_of) or kit.hours < demand.hours:
        found.append(Violation("plan_not_capable", path, {"id": kit.id, "demand": demand.id}))
    return found


def _counts(
    scenario: Scenario, plan: Mapping[str, Any], teams: dict[str, int], kits: dict[str, int]
) -> list[Violation]:
    """Check that sent and missing make up every demand, and the stated counts."""
    found: list[Violation] = []
    for kind, got, wanted in (
        ("team", teams, {row.id: (row.teams, row.priority) for row in scenario.team_demands}),
        ("kit", kits, {row.id: (row.kits, row.priority) for row in scenario.kit_demands}),
    ):
        stated: dict[str, int] = {}
        facts: dict[str, Any]
        missing = [0] * PRIORITIES
        for at, row in enumerate(plan["unmet"]):
            if row.get("kind", "item") == kind:
                if row["demand"] not in wanted or row["demand"] in stated:
                    facts = {"kind": "demand", "id": shown(row["demand"])}
                    found.append(Violation("plan_unknown", f"unmet[{at}].demand", facts))
                stated[row["demand"]] = row["quantity"]
        for name, (count, priority) in wanted.items():
            left = max(0, count - got.get(name, 0))
            missing[priority] += left
            if got.get(name, 0) > count:
                facts = {"demand": name, "asked": count, "sent": got[name]}
                found.append(Violation("plan_more_than_asked", f"demand {name}", facts))
            if stated.get(name, 0) != left:
                facts = {"demand": name, "stated": stated.get(name, 0), "wanted": left}
                found.append(Violation("plan_wrong_unmet", f"demand {name}", facts))
        key = f"{kind}s_missing_by_priority"
        if plan["objective"].get(key, missing) != missing:
            facts = {"stated": plan["objective"][key], "wanted": missing}
            found.append(Violation("plan_wrong_objective", f"objective.{key}", facts))
    return found
