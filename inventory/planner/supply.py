"""Stage A of one group: a banded minimum-cost flow that settles priority, fairness and arrival exactly.

    min  sum t_sl x_sl + sum w_lb u_lb                       x, u >= 0, integers come for free
    s.t. sum_s x_sl + sum_b u_lb = q_l      every line       sum_l x_sl <= c_s   every source
         u_lb <= floor((b+1) q_l / B) - floor(b q_l / B)     b = 0..B-1
         w_lb = M (level + 1), level = (lower classes present) * B + b,   M = 2 min(L, S) t_max + 1

The order of levels decides and not their size, because the deliverable vectors of one item form a polymatroid. So the
solver gets a smaller M and bands only for the classes that run short; the certificate, with all bands and the full M,
says whether that was enough, and if not the solver is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from inventory.core.errors import BrokenInvariant
from inventory.planner.certificate import Bands, Certificate, certify
from inventory.planner.problem import NEVER, Flags, Ints, Problem


@dataclass(frozen=True)
class Allocation:
    """Who gets what in one problem: line, source and parts of each shipment, and what stays unmet per line.

    For a problem with `cover`, parts are packs of the source and `unmet` counts base units. `certificate` is None
    where no integer proof exists (`mixed`); `bound` then says what the solver proved.
    """

    line: Ints
    source: Ints
    parts: Ints
    unmet: Ints
    certificate: Certificate | None


def allocate(problem: Problem, bands: int) -> Allocation:
    """Solve a network problem to certified optimality.

    Raises
    ------
    BrokenInvariant
        When the flow solver fails on a network that is always feasible.
    """
    levels = shortage_bands(problem, bands)
    free = Bands(problem.supply[:, None], np.zeros((len(problem.supply), 1), np.int64))
    ranks = _class_ranks(problem)
    asked = np.array([problem.quantity[ranks >= rank].sum() for rank in range(int(ranks.max()) + 1)])
    short = asked > problem.supply.sum()  # classes expected to be short; the others first get one unmet arc
    step, full = problem.longest + 1, _full_step(problem)
    while True:
        width = np.where(short, bands, 1)
        below = np.concatenate(([0], width.cumsum()[:-1]))
        room = np.where(short[ranks][:, None], levels.capacity, 0)
        room[~short[ranks], 0] = problem.quantity[~short[ranks]]
        cost = (below[ranks][:, None] + np.arange(1, bands + 1)) * step
        shipments = _flow(problem, problem.quantity, Bands(room, cost), free)
        unmet = problem.quantity - np.bincount(shipments[0], shipments[2], len(problem.lines)).astype(np.int64)
        deeper = ~short[ranks] & (unmet > levels.capacity[:, 0])
        if deeper.any():  # short against expectation: the class gets its bands
            short[ranks[deeper]] = True
            continue
        certificate = certify(problem.arrival, problem.quantity, levels, free, shipments)
        if certificate.holds or step >= full:
            return Allocation(*shipments, unmet, certificate)
        step = full


def rebalance(problem: Problem, totals: Ints, bands: int) -> Allocation:
    """Choose sources again for fixed line totals: reserve untouched first, then stores drawn evenly, then minutes.

    Each source is drawn in bands of its own stock; a deeper band costs more, any band of the reserve more than all
    bands of free stock.
    """
    step = _full_step(problem)
    edges = (problem.supply[:, None] * np.arange(bands + 1)) // bands
    tier = np.where(problem.is_reserve, bands, 0)[:, None]
    drawn = Bands(np.diff(edges, axis=1), (tier + np.arange(1, bands + 1)) * step)
    nothing = np.empty((len(totals), 0), np.int64)
    shipments = _flow(problem, totals, Bands(nothing, nothing), drawn)
    certificate = certify(problem.arrival, totals, Bands(nothing, nothing), drawn, shipments)
    return Allocation(*shipments, problem.quantity - totals, certificate)


def reroute(problem: Problem, totals: Ints, cost: Ints, allowed: Flags) -> Allocation | None:
    """Return the cheapest shipments for fixed line totals on allowed arcs under other costs (both lines x sources).

    None when the allowed arcs cannot carry the totals.
    """
    nothing = np.empty((len(totals), 0), np.int64)
    free = Bands(problem.supply[:, None], np.zeros((len(problem.supply), 1), np.int64))
    shipments = _solve(problem, totals, (Bands(nothing, nothing), free), cost, allowed)
    return None if shipments is None else Allocation(*shipments, problem.quantity - totals, None)


def shortage_bands(problem: Problem, bands: int) -> Bands:
    """Return the unmet arcs (lines x bands) with the M of the proof: a deeper shortage of a higher class costs more."""
    edges = (problem.quantity[:, None] * np.arange(bands + 1)) // bands
    level = _class_ranks(problem)[:, None] * bands + np.arange(1, bands + 1)
    return Bands(np.diff(edges, axis=1), level * _full_step(problem))


def _class_ranks(problem: Problem) -> Ints:
    """Return how many lower classes are present, per line."""
    ranks: Ints = np.unique(-problem.priority, return_inverse=True)[1].astype(np.int64)
    return ranks


def _full_step(problem: Problem) -> int:
    """Return M: a simple cycle has at most 2 min(L, S) delivery arcs, so it changes the minutes by less."""
    return int(2 * min(problem.arrival.shape) * problem.longest + 1)


def _flow(problem: Problem, totals: Ints, unmet: Bands, supply: Bands) -> tuple[Ints, Ints, Ints]:
    """Return line, source and parts of the cheapest flow on a network that is always feasible."""
    shipments = _solve(problem, totals, (unmet, supply), problem.arrival, problem.arrival < NEVER)
    if shipments is None:
        raise BrokenInvariant(f"minimum-cost flow of items {problem.items} found nothing")
    return shipments


def _solve(
    problem: Problem, totals: Ints, bands: tuple[Bands, Bands], cost: Ints, allowed: Flags
) -> tuple[Ints, Ints, Ints] | None:
    """Return line, source and parts, or None when infeasible. Nodes: lines, then sources, then the root."""
    unmet, supply = bands
    line_count, source_count = problem.arrival.shape
    root = line_count + source_count
    line, source = np.nonzero(allowed)
    unmet_line, unmet_band = np.nonzero(unmet.capacity)
    drawn_source, drawn_band = np.nonzero(supply.capacity)
    arcs, drawn = len(line), len(drawn_source)
    end = arcs + drawn + len(unmet_line)
    tail, head = np.full(end, root, np.int32), np.empty(end, np.int32)
    capacity, unit = np.empty(end, np.int64), np.empty(end, np.int64)
    tail[:arcs], head[:arcs] = source + line_count, line
    capacity[:arcs] = np.minimum(problem.supply[source], totals[line])
    unit[:arcs] = cost[line, source]
    head[arcs : arcs + drawn] = drawn_source + line_count
    capacity[arcs : arcs + drawn] = supply.capacity[drawn_source, drawn_band]
    unit[arcs : arcs + drawn] = supply.cost[drawn_source, drawn_band]
    head[arcs + drawn :] = unmet_line
    capacity[arcs + drawn :] = unmet.capacity[unmet_line, unmet_band]
    unit[arcs + drawn :] = unmet.cost[unmet_line, unmet_band]
    solver = min_cost_flow.SimpleMinCostFlow()
    ids = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, unit)
    nodes = np.append(np.arange(line_count, dtype=np.int32), np.int32(root))
    solver.set_nodes_supplies(nodes, np.append(-totals, totals.sum()))
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise BrokenInvariant(f"minimum-cost flow of items {problem.items}: {status}")
    result = np.asarray(solver.flows(ids[:arcs]), np.int64)
    used = np.flatnonzero(result)
    return line[used].astype(np.int64), source[used].astype(np.int64), result[used]
