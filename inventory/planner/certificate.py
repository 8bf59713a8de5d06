"""The integer proof that a plan of one group is optimal. Asks no solver and shares no code with one.

Shipments are read against the problem's own numbers: feasible; residual prices by Bellman-Ford reach a fixed point
(no negative cycle); no price contradicts a used band; and the cost of the shipments equals the dual value

    sum q_l pi_l - sum cap_lb max(0, pi_l - w_lb) - sum cap_st max(0, pi_s - v_st)       v = 0, one band: stage A

All in integers: primal == dual proves optimality outright.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_ABSENT = 1 << 40
_NOWHERE = 1 << 60
_SAFE = float(1 << 62)


@dataclass(frozen=True)
class Bands:
    """Parallel arcs from the root: capacity and unit cost (both nodes x bands), cost rising along each row."""

    capacity: Ints
    cost: Ints


@dataclass(frozen=True)
class Certificate:
    """The proof: whether it `holds`, the two costs, the price of a part at each line and at each source.

    `source_price` is what taking one part from the source would cost, in cost units.
    """

    holds: bool
    primal: int
    dual: int
    line_price: Ints
    source_price: Ints


def certify(
    arrival: Ints, quantity: Ints, unmet: Bands, supply: Bands, shipments: tuple[Ints, Ints, Ints]
) -> Certificate:
    """Prove shipments (line, source, parts) optimal for one problem.

    Parameters
    ----------
    arrival
        Unit cost, lines x sources; 2**40 and more where no arc exists.
    quantity
        What each line asks for.
    unmet, supply
        The bands from the root to lines (what stays unmet) and to sources (what is drawn).
    shipments
        Line, source and parts of each shipment.
    """
    line, source, parts = shipments
    line_count, source_count = arrival.shape
    missing = quantity - np.bincount(line, parts, line_count).astype(np.int64)
    given = np.bincount(source, parts, source_count).astype(np.int64)
    minutes = arrival[line, source]
    unmet_fill, supply_fill = _fill(unmet, missing), _fill(supply, given)
    feasible = (
        bool((parts > 0).all())
        and bool((minutes < _ABSENT).all())
        and bool((missing >= 0).all())
        and bool((unmet_fill.sum(1) == missing).all())
        and bool((supply_fill.sum(1) == given).all())
    )
    reach = np.where(arrival < _ABSENT, arrival, _NOWHERE)
    far = int(max(unmet.cost.max(initial=0), supply.cost.max(initial=0))) + _ABSENT
    line_price = np.where(unmet_fill < unmet.capacity, unmet.cost, far).min(1, initial=far)
    source_price = np.where(supply_fill < supply.capacity, supply.cost, far).min(1, initial=far)
    settled = False
    for _ in range(2 * (line_count + source_count) + 2):
        lower_line = np.minimum(line_price, (reach + source_price).min(1, initial=far))
        lower_source = source_price.copy()
        np.minimum.at(lower_source, source, lower_line[line] - minutes)
        settled = bool((lower_line == line_price).all() and (lower_source == source_price).all())
        line_price, source_price = lower_line, lower_source
        if settled:
            break
    consistent = bool(((line_price[:, None] >= unmet.cost) | (unmet_fill == 0)).all()) and bool(
        ((source_price[:, None] >= supply.cost) | (supply_fill == 0)).all()
    )
    primal = exact(parts, minutes) + exact(unmet_fill, unmet.cost) + exact(supply_fill, supply.cost)
    dual = (
        exact(quantity, line_price)
        - exact(unmet.capacity, np.maximum(0, line_price[:, None] - unmet.cost))
        - exact(supply.capacity, np.maximum(0, source_price[:, None] - supply.cost))
    )
    holds = feasible and settled and consistent and primal == dual
    return Certificate(holds, primal, dual, line_price, np.maximum(0, source_price))


def exact(left: Ints, right: Ints) -> int:
    """Return the sum of products, in Python integers where 64 bits might not hold it."""
    if float(np.abs(left.astype(float)).ravel() @ np.abs(right.astype(float)).ravel()) < _SAFE:
        return int((left * right).sum())
    return int((left.astype(object) * right.astype(object)).sum())


def _fill(bands: Bands, amount: Ints) -> Ints:
    """Return how much of each band is used when bands fill in order."""
    upper = bands.capacity.cumsum(1)
    return np.clip(amount[:, None] - (upper - bands.capacity), 0, bands.capacity)
