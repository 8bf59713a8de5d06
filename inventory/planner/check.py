"""The independent checker: recompute a plan from the raw scenario. It stands before every approval.

It shares no code with the solvers: only the scenario's rows, its hash and its travel minutes (the meaning of the
input) are read. It judges feasibility, totals, the arithmetic of shortages and the stated objective; that a plan is
the best one is not its business. Whatever is handed in, the answer is a tuple of violations, never an exception;
an empty tuple means the plan may be approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from inventory.planner.crews_check import crew_violations
from inventory.planner.fields import Faults, load, shown
from inventory.planner.scenario import PRIORITIES, Demand, Scenario, Stock, scenario_sha256
from inventory.planner.shape import PLAN_BYTES_MAX, faults_of_shape
from inventory.planner.travel import Travel, travel_of
from inventory.planner.violations import Violation

__all__ = ["Violation", "check", "read_plan"]


def read_plan(data: bytes, *, file: str = "plan") -> dict[str, Any]:
    """Return the plan of a file, its shape checked.

    Raises
    ------
    FileRefused
        With every fault of JSON or shape, each with its path.
    """
    faults = Faults(file)
    plan = load(data, faults, size_max=PLAN_BYTES_MAX, prefix="plan")
    faults.refuse()
    for fault in faults_of_shape(plan):
        faults.add(fault.code, fault.path, **fault.facts)
    faults.refuse()
    return dict(plan)


def check(scenario: Scenario, plan: Any, *, same_scenario: bool = True) -> tuple[Violation, ...]:
    """Return everything wrong with a plan for a scenario.

    Parameters
    ----------
    plan
        The parsed plan file; anything at all is judged, not trusted.
    same_scenario
        False when a plan is checked against a newer snapshot (today's balances under the ids and the `now` of the
        plan): then the hash and the shortage certificates, which speak of the old snapshot, are not compared.
    """
    faults = faults_of_shape(plan)
    if faults:
        return tuple(faults)
    bench = _Bench(scenario, plan)
    if same_scenario and plan["scenario_sha256"] != scenario_sha256(scenario):
        bench.note("plan_other_scenario", "scenario_sha256", wanted=scenario_sha256(scenario))
    for at, consignment in enumerate(plan["consignments"]):
        bench.consignment(consignment, f"consignments[{at}]")
    bench.stock_totals()
    bench.shortages(same_scenario)
    bench.found += crew_violations(scenario, bench.travel, plan)
    if plan["routes"]:
        bench.note("plan_routes_unchecked", "routes", count=len(plan["routes"]))
    bench.objective()
    return tuple(bench.found)


@dataclass
class _Bench:
    """What is known while one plan is being recomputed."""

    scenario: Scenario
    plan: Mapping[str, Any]
    found: list[Violation] = field(default_factory=list)

    def __post_init__(self) -> None:
        scenario = self.scenario
        self.travel: Travel = travel_of(scenario)
        self.place = {row.id: at for at, row in enumerate(scenario.places)}
        self.items = {row.id: row for row in scenario.items}
        self.stock = {row.id: row for row in scenario.stock}
        self.demands = {row.id: row for row in scenario.demands}
        self.ratio = {(row.item, row.by): Fraction(*row.ratio) for row in scenario.substitutes}
        self.stock_of: dict[str, list[Stock]] = {}
        for row in scenario.stock:
            self.stock_of.setdefault(row.item, []).append(row)
        self.covered: dict[str, Fraction] = {}
        self.drawn: dict[str, int] = {}
        self.drawn_by_closed: dict[str, int] = {}
        self.unit_minutes = 0

    def note(self, code: str, path: str, **facts: Any) -> None:
        """Note a violation."""
        self.found.append(Violation(code, path, facts))

    def rounded(self, demand: Demand) -> int:
        """Return what a demand asks for in whole packs of its item."""
        pack = self.items[demand.item].pack
        return (demand.quantity + pack - 1) // pack * pack

    def minutes(self, mode: str, origin: str, target: str) -> int | None:
        """Return the minutes of a mode between two places, None when it does not connect them."""
        if mode not in self.travel.modes:
            return None
        found = int(self.travel.minutes[self.travel.modes.index(mode), self.place[origin], self.place[target]])
        return None if found < 0 else found

    def consignment(self, consignment: Mapping[str, Any], path: str) -> None:
        """Check one consignment and its lines."""
        origin, target = consignment["from"], consignment["to"]
        unknown = [key for key in ("from", "to") if consignment[key] not in self.place]
        for key in unknown:
            self.note("plan_unknown", f"{path}.{key}", kind="place", id=shown(consignment[key]))
        if unknown:
            return
        minutes = self.minutes(consignment["mode"], origin, target)
        if minutes is None:
            self.note("plan_no_way", f"{path}.mode", mode=shown(consignment["mode"]), origin=origin, target=target)
        elif consignment["arrive_min"] != consignment["depart_min"] + minutes:
            wanted = consignment["depart_min"] + minutes
            self.note("plan_wrong_arrival", f"{path}.arrive_min", stated=consignment["arrive_min"], wanted=wanted)
        for at, line in enumerate(consignment["lines"]):
            self.line(line, consignment, f"{path}.lines[{at}]")

    def line(self, line: Mapping[str, Any], consignment: Mapping[str, Any], path: str) -> None:
        """Check one line and book what it draws and covers."""
        stock, demand = self.stock.get(line["stock"]), self.demands.get(line["demand"])
        for key, found in (("stock", stock), ("demand", demand)):
            if found is None:
                self.note("plan_unknown", f"{path}.{key}", kind=key, id=shown(line[key]))
        if stock is None or demand is None:
            return
        quantity = line["quantity"]
        if line["item"] != stock.item:
            self.note("plan_wrong_item", f"{path}.item", stated=shown(line["item"]), wanted=stock.item)
        if stock.place != consignment["from"]:
            self.note("plan_wrong_place", f"{path}.stock", stated=consignment["from"], wanted=stock.place)
        if demand.place != consignment["to"]:
            self.note("plan_wrong_place", f"{path}.demand", stated=consignment["to"], wanted=demand.place)
        ratio = Fraction(1) if stock.item == demand.item else self.ratio.get((demand.item, stock.item))
        if ratio is None:
            self.note("plan_no_substitute", f"{path}.stock", item=demand.item, by=stock.item)
            ratio = Fraction(0)
        if stock.place_bound:
            self.note("plan_place_bound", f"{path}.stock", stock=stock.id)
        if quantity % self.items[stock.item].pack:
            self.note("plan_broken_pack", f"{path}.quantity", quantity=quantity, pack=self.items[stock.item].pack)
        self._in_time(stock, demand, consignment, path)
        self.covered[demand.id] = self.covered.get(demand.id, Fraction(0)) + quantity * ratio
        self.drawn[stock.id] = self.drawn.get(stock.id, 0) + quantity
        if demand.priority > self.scenario.policy.reserve_open_to_priority:
            self.drawn_by_closed[stock.id] = self.drawn_by_closed.get(stock.id, 0) + quantity
        self.unit_minutes += quantity * consignment["arrive_min"]

    def _in_time(self, stock: Stock, demand: Demand, consignment: Mapping[str, Any], path: str) -> None:
        """Check departure, deadline and expiry of one line."""
        ready = stock.ready_min + self.scenario.policy.handling_min
        if consignment["depart_min"] < ready:
            self.note("plan_leaves_too_early", f"{path}.stock", stated=consignment["depart_min"], wanted=ready)
        if demand.deadline_min is not None and consignment["arrive_min"] > demand.deadline_min:
            self.note("plan_too_late", f"{path}.demand", stated=consignment["arrive_min"], deadline=demand.deadline_min)
        if stock.expires is None:
            return
        needed = arrival_day(self.scenario.now, consignment["arrive_min"])
        if demand.use_until is not None and (needed is None or demand.use_until > needed):
            needed = demand.use_until if needed is not None else None
        if needed is None or stock.expires < needed:
            self.note("plan_expired", f"{path}.stock", expires=stock.expires, needed=needed or dt.date.max)

    def stock_totals(self) -> None:
        """Check that no row gives more than it has, nor more than its free part to those the reserve is closed to."""
        for name, quantity in sorted(self.drawn.items()):
            row = self.stock[name]
            pack = self.items[row.item].pack
            whole = row.quantity // pack * pack
            free = max(0, row.quantity - row.reserve) // pack * pack
            if quantity > whole:
                self.note("plan_more_than_stock", f"stock {name}", stock=name, drawn=quantity, held=whole)
            closed = self.drawn_by_closed.get(name, 0)
            if closed > free:
                self.note("plan_reserve_broken", f"stock {name}", stock=name, drawn=closed, free=free)

    def shortages(self, same_scenario: bool) -> None:
        """Check that covered and unmet make up every demand, and that every certificate closes."""
        stated: dict[str, int] = {}
        for at, row in enumerate(self.plan["unmet"]):
            path = f"unmet[{at}]"
            if row.get("kind", "item") != "item":
                continue
            if row["demand"] not in self.demands:
                self.note("plan_unknown", f"{path}.demand", kind="demand", id=shown(row["demand"]))
                continue
            if row["demand"] in stated:
                self.note("plan_twice", f"{path}.demand", kind="demand", id=row["demand"])
            stated[row["demand"]] = row["quantity"]
            if row["certificate"] is not None and same_scenario:
                self._certificate(row["certificate"], row, f"{path}.certificate")
        for demand in self.scenario.demands:
            covered, rounded = self.covered.get(demand.id, Fraction(0)), self.rounded(demand)
            if covered > rounded:
                self.note(
                    "plan_more_than_asked", f"demand {demand.id}", demand=demand.id, asked=rounded, sent=int(covered)
                )
            unmet = max(0, rounded - covered.__floor__())
            if stated.get(demand.id, 0) != unmet:
                self.note(
                    "plan_wrong_unmet",
                    f"demand {demand.id}",
                    demand=demand.id,
                    stated=stated.get(demand.id, 0),
                    wanted=unmet,
                )

    def _certificate(self, certificate: Mapping[str, Any], row: Mapping[str, Any], path: str) -> None:
        """Recompute a certificate from the raw rows: who can reach these lines, and what they hold together."""
        names = certificate["lines"]
        if len(set(names)) < len(names) or row["demand"] not in names or any(one not in self.demands for one in names):
            self.note("plan_certificate_wrong", path, stated=len(names), wanted=len(set(names) & set(self.demands)))
            return
        lines = [self.demands[name] for name in names]
        asked, held, places = sum(self.rounded(line) for line in lines), 0, set()
        wanted = {line.item for line in lines}
        held_items = wanted | {by for item, by in self.ratio if item in wanted}
        for stock in (row for item in sorted(held_items) for row in self.stock_of.get(item, [])):
            open_to = [line for line in lines if self._can_serve(stock, line)]
            pack = self.items[stock.item].pack
            free = max(0, stock.quantity - stock.reserve) // pack * pack
            reserve_open = any(line.priority <= self.scenario.policy.reserve_open_to_priority for line in open_to)
            usable = (stock.quantity // pack * pack) if reserve_open else free
            if open_to and usable:
                held += usable
                places.add(stock.place)
        stated = (certificate["demand"], certificate["supply"], certificate["short"])
        if stated != (asked, held, asked - held):
            self.note("plan_certificate_wrong", path, stated=certificate["short"], wanted=asked - held)
        if set(certificate["stockpiles"]) != places:
            self.note(
                "plan_certificate_wrong",
                f"{path}.stockpiles",
                stated=len(certificate["stockpiles"]),
                wanted=len(places),
            )

    def _can_serve(self, stock: Stock, demand: Demand) -> bool:
        """Return whether a row could serve a line by its fastest way, one unit for one."""
        same = stock.item == demand.item or self.ratio.get((demand.item, stock.item)) == 1
        minutes = int(self.travel.fastest[self.place[stock.place], self.place[demand.place]])
        if not same or stock.place_bound or minutes < 0:
            return False
        arrive = stock.ready_min + self.scenario.policy.handling_min + minutes
        if demand.deadline_min is not None and arrive > demand.deadline_min:
            return False
        if stock.expires is None:
            return True
        day = arrival_day(self.scenario.now, arrive)
        return day is not None and stock.expires >= day and not (demand.use_until and stock.expires < demand.use_until)

    def objective(self) -> None:
        """Recompute the stated objective, and hold the stated bound against it."""
        stated: Mapping[str, Any] = self.plan["objective"]
        unmet, nothing = [0] * PRIORITIES, [0] * PRIORITIES
        for demand in self.scenario.demands:
            rounded = self.rounded(demand)
            left = max(0, rounded - self.covered.get(demand.id, Fraction(0)).__floor__())
            unmet[demand.priority] += left
            nothing[demand.priority] += int(left == rounded > 0)
        wanted: dict[str, Any] = {
            "unmet_by_priority": unmet,
            "zero_lines_by_priority": nothing,
            "unit_minutes": self.unit_minutes,
            "consignments": len(self.plan["consignments"]),
        }
        for key, value in wanted.items():
            if stated[key] != value:
                self.note("plan_wrong_objective", f"objective.{key}", stated=stated[key], wanted=value)
        bound, less = self.plan["bound"], _less(wanted["unmet_by_priority"])
        if less(bound.get("unmet_by_priority")) or bound.get("consignments", 0) > wanted["consignments"]:
            self.note("plan_wrong_bound", "bound")


def _less(value: list[int]) -> Callable[[Any], bool]:
    """Return whether `value` undercuts a stated bound, in the order of the objective."""
    return lambda bound: bound is not None and value < bound


def arrival_day(now: dt.datetime, minutes: int) -> dt.date | None:
    """Return the day of arrival in the offset of `now`, None beyond the calendar."""
    try:
        return (now + dt.timedelta(minutes=minutes)).date()
    except OverflowError:
        return None
