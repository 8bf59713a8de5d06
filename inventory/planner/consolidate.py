"""Stage B, thin: fewer consignments for the same line totals, by slope scaling and closing pairs; with a bound.

    min  F * (stockpile, place) pairs used + sum_l (1 / y_l) sum_s t_sl x_sl          F = 100 line-minutes

The totals y_l are those of stage A and stay. Slope scaling spreads F over what a pair carries and repeats the flows;
then pairs that carry least are closed one by one where the open ones can take over. Fixed numbers of rounds, so runs
repeat exactly. The bound is honest and weak: a place needs at least as many senders as its hardest line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.planner.lots import Delivery
from inventory.planner.problem import NEVER, Flags, Ints, Problem, Tables
from inventory.planner.supply import Allocation, reroute

PAIR_MINUTES = 100
ROUNDS = 25
COST_SCALE = 10_000

Solved = tuple[Problem, Allocation]


@dataclass(frozen=True)
class _Share:
    """One network problem with what stays fixed: totals, pair of every arc, which arcs exist."""

    problem: Problem
    totals: Ints
    pair: Ints
    exists: Flags


def consolidate(tables: Tables, solved: Sequence[Solved], go_on: Callable[[], bool]) -> list[Solved]:
    """Return the same problems with sources chosen again for few consignments; mixed groups stay as they are.

    Parameters
    ----------
    go_on
        Asked between rounds; False keeps the best so far.
    """
    size = len(tables.scenario.places)
    shares = [_share(tables, problem, allocation, size) for problem, allocation in solved]
    plan = [allocation for _, allocation in solved]
    fixed = np.zeros(size * size)
    for share, allocation in zip(shares, plan, strict=True):
        if share.problem.cover is not None:
            fixed += _load(share, allocation, size)
    movable = [at for at, share in enumerate(shares) if share.problem.cover is None]
    best, best_value = plan, _value(shares, plan, size)
    loads = sum((_load(share, one, size) for share, one in zip(shares, plan, strict=True)), np.zeros(size * size))
    slope = np.full(size * size, float(PAIR_MINUTES))
    for _ in range(ROUNDS):
        if not go_on():
            break
        slope = np.where(loads > 0, PAIR_MINUTES / np.maximum(loads, 1e-3), slope)
        plan = list(plan)
        for at in movable:
            share = shares[at]
            cost = (share.problem.arrival + slope[share.pair]) / np.maximum(1, share.totals)[:, None]
            cost = np.where(share.exists, np.rint(cost * COST_SCALE), 0)
            plan[at] = reroute(share.problem, share.totals, cost.astype(np.int64), share.exists) or plan[at]
        loads = sum((_load(share, one, size) for share, one in zip(shares, plan, strict=True)), np.zeros(size * size))
        value = _value(shares, plan, size)
        if value < best_value:
            best, best_value = plan, value
    best = _close_pairs(shares, list(best), size, go_on)
    return [(share.problem, allocation) for share, allocation in zip(shares, best, strict=True)]


def _close_pairs(
    shares: list[_Share], plan: list[Allocation], size: int, go_on: Callable[[], bool]
) -> list[Allocation]:
    """Close pairs, least loaded first, where the other open pairs can carry everything."""
    loads = sum((_load(share, one, size) for share, one in zip(shares, plan, strict=True)), np.zeros(size * size))
    is_open: Flags = np.asarray(loads > 0)
    users: dict[int, set[int]] = {}
    for at, (share, allocation) in enumerate(zip(shares, plan, strict=True)):
        for pair in share.pair[allocation.line, allocation.source].tolist():
            users.setdefault(pair, set()).add(at)
    for pair in sorted(np.flatnonzero(is_open).tolist(), key=lambda pair: (loads[pair], pair)):
        if not go_on():
            break
        if any(shares[at].problem.cover is not None for at in users[pair]):
            continue
        is_open[pair] = False
        moved: dict[int, Allocation] = {}
        for at in sorted(users[pair]):
            share = shares[at]
            found = reroute(share.problem, share.totals, share.problem.arrival, share.exists & is_open[share.pair])
            if found is None:
                break
            moved[at] = found
        if len(moved) < len(users[pair]):
            is_open[pair] = True
            continue
        for at, found in moved.items():
            plan[at] = found
            for used in shares[at].pair[found.line, found.source].tolist():
                users.setdefault(used, set()).add(at)
    return plan


def merged_departures(tables: Tables, chosen: Sequence[Delivery]) -> list[int]:
    """Return when each delivery leaves if everything between two places leaves together, where all lines bear it."""
    together: dict[tuple[int, int], list[int]] = {}
    for at, delivery in enumerate(chosen):
        pair = (int(tables.stock_place[delivery.stock]), int(tables.demand_place[delivery.demand]))
        together.setdefault(pair, []).append(at)
    departs = [int(tables.stock_leaves[delivery.stock]) for delivery in chosen]
    for (origin, target), members in together.items():
        last = max(departs[at] for at in members)
        arrival = last + int(tables.minutes[origin, target])
        if all(_bears(tables, chosen[at], arrival) for at in members):
            for at in members:
                departs[at] = last
    return departs


def consignments_bound(tables: Tables, solved: Sequence[Solved]) -> int:
    """Return a number of consignments below which no plan with these line totals can go."""
    need: dict[int, int] = {}
    for problem, allocation in solved:
        totals = problem.quantity - allocation.unmet
        for line in np.flatnonzero(totals).tolist():
            target = int(tables.demand_place[problem.lines[line]])
            senders = 1
            if problem.cover is None:
                reach = problem.arrival[line] < NEVER
                held = np.sort(np.bincount(problem.place[reach], problem.supply[reach]))[::-1]
                senders = int(np.searchsorted(held.cumsum(), totals[line])) + 1
            need[target] = max(need.get(target, 0), senders)
    return sum(need.values())


def _share(tables: Tables, problem: Problem, allocation: Allocation, size: int) -> _Share:
    """Return a problem with its totals fixed."""
    pair = problem.place[None] * size + tables.demand_place[problem.lines][:, None]
    return _Share(problem, problem.quantity - allocation.unmet, pair, np.asarray(problem.arrival < NEVER))


def _load(share: _Share, allocation: Allocation, size: int) -> NDArray[np.float64]:
    """Return the shares of lines that each pair carries."""
    weight = allocation.parts / np.maximum(1, share.totals[allocation.line])
    loads: NDArray[np.float64] = np.zeros(size * size)
    np.add.at(loads, share.pair[allocation.line, allocation.source], weight)
    return loads


def _value(shares: list[_Share], plan: list[Allocation], size: int) -> float:
    """Return the objective of a whole plan."""
    loads, minutes = np.zeros(size * size), 0.0
    for share, one in zip(shares, plan, strict=True):
        loads += _load(share, one, size)
        arrival = share.problem.arrival[one.line, one.source]
        minutes += float((one.parts / np.maximum(1, share.totals[one.line]) * arrival).sum())
    return PAIR_MINUTES * int((loads > 0).sum()) + minutes


def _bears(tables: Tables, delivery: Delivery, arrival: int) -> bool:
    """Return whether a delivery may arrive so late."""
    day = max(int(tables.day_of(np.array(arrival))), int(tables.demand_until[delivery.demand]))
    in_time = arrival <= tables.demand_deadline[delivery.demand]
    return bool(in_time and day <= tables.stock_expires[delivery.stock])
