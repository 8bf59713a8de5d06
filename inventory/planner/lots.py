"""From shipments of sources to shipments of lots: first expired, first out, as far as the lines allow.

Within one place, item and tier every lot may replace another, except that a lot must not expire before the line
needs it. Lots are taken in the order of expiry, each given first to the line with the strictest need that it still
meets; so early lots are used as far as any plan could use them, and nothing that was feasible becomes infeasible.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.core.errors import BrokenInvariant
from inventory.planner.problem import Problem, Tables
from inventory.planner.supply import Allocation


@dataclass(frozen=True)
class Delivery:
    """So many base units of one stock row for one demand row; both are positions in the scenario."""

    demand: int
    stock: int
    quantity: int


def deliveries(tables: Tables, problem: Problem, allocation: Allocation) -> list[Delivery]:
    """Return the lots behind an allocation, sorted by demand and stock row."""
    wanted: dict[tuple[int, int, bool, int], dict[int, int]] = {}
    lots: dict[tuple[int, int, bool, int], dict[int, int]] = {}

    def kind(source: int) -> tuple[int, int, bool, int]:
        first = problem.rows[source][0][0]
        place, item = int(problem.place[source]), int(problem.source_item[source])
        return (place, item, bool(problem.is_reserve[source]), int(tables.stock_leaves[first]))

    used = set()
    for line, source, parts in zip(
        allocation.line.tolist(), allocation.source.tolist(), allocation.parts.tolist(), strict=True
    ):
        line_wants = wanted.setdefault(kind(source), {})
        line_wants[line] = line_wants.get(line, 0) + parts
        used.add(kind(source))
    for source in range(len(problem.supply)):
        if kind(source) in used:
            lots.setdefault(kind(source), {}).update(problem.rows[source])
    found: dict[tuple[int, int], int] = {}
    for key, line_wants in wanted.items():
        for line, row, parts in _first_expired(tables, problem, key, line_wants, lots[key]):
            pair = (int(problem.lines[line]), row)
            found[pair] = found.get(pair, 0) + parts * int(tables.pack[key[1]])
    return [Delivery(demand, stock, quantity) for (demand, stock), quantity in sorted(found.items())]


def _first_expired(
    tables: Tables,
    problem: Problem,
    key: tuple[int, int, bool, int],
    wanted: dict[int, int],
    lots: dict[int, int],
) -> list[tuple[int, int, int]]:
    """Return (line, stock row, parts) for one place, item, tier and hour of leaving."""
    need = {}
    for line in wanted:
        demand = problem.lines[line]
        arrival = tables.minutes[key[0], tables.demand_place[demand]] + key[3]
        need[line] = int(max(tables.day_of(arrival), tables.demand_until[demand]))
    strictest = sorted(wanted, key=lambda line: (-need[line], line))
    left, taken = dict(wanted), []
    for row in sorted(lots, key=lambda row: (int(tables.stock_expires[row]), row)):
        rest = lots[row]
        for line in strictest:
            parts = min(rest, left[line]) if need[line] <= tables.stock_expires[row] else 0
            if parts:
                taken.append((line, row, parts))
                left[line] -= parts
                rest -= parts
    if any(left.values()):
        raise BrokenInvariant(f"lots of items {problem.items} do not carry the shipments: {left}")
    return taken
