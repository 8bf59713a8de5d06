"""Why something stays short, and why a line comes from where it comes: typed facts, no words.

A shortage carries a Hall violator: lines X and all stockpiles N(X) that can serve them, with
demand(X) - supply(N(X)) == short, checked in integers, so the shortage is there whatever the plan. Its price list
solves the group again with one restriction lifted. A delivered line names the nearer stockpiles and what kept each.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from inventory.core.errors import BrokenInvariant
from inventory.planner.lots import Delivery
from inventory.planner.mixed import allocate_mixed
from inventory.planner.problem import NEVER, RESTRICTIONS, Ints, Problem, Tables, arrivals, build
from inventory.planner.supply import Allocation, allocate

NEARER_TOLD = 3
PAIRS_TOLD = 5


@dataclass(frozen=True)
class Violator:
    """Lines that together need more than all stockpiles that can serve them hold; base units, scenario positions."""

    lines: tuple[int, ...]
    stockpiles: tuple[int, ...]
    demand: int
    supply: int
    short: int


@dataclass(frozen=True)
class Price:
    """What lifting one restriction would save: on this line, and on all lines of the group (base units).

    `pairs` names the closed pairs of places that the plan without the restriction would use (road only).
    """

    lift: str
    saves: int
    saves_all: int
    pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Shortage:
    """One short line: how much, the reason code, the certificate (None where no network proof exists), the prices."""

    demand: int
    quantity: int
    reason: str
    violator: Violator | None
    prices: tuple[Price, ...]


@dataclass(frozen=True)
class Nearer:
    """A stockpile nearer than the chosen one and what kept it.

    `price_minutes` is what taking one part from there would cost elsewhere, None where somebody would go short of it;
    `given_to` are the demands that its stock went to.
    """

    place: int
    minutes: int
    reason: str
    price_minutes: int | None = None
    given_to: tuple[int, ...] = ()


@dataclass(frozen=True)
class Why:
    """Why a demand is served from this stock row: the nearer stockpiles (nearest first) and how many there are."""

    demand: int
    stock: int
    minutes: int
    nearer: tuple[Nearer, ...]
    nearer_count: int


def shortages(tables: Tables, problem: Problem, allocation: Allocation, bands: int) -> list[Shortage]:
    """Return every short line of a group with its reason."""
    short = np.flatnonzero(allocation.unmet)
    if not len(short):
        return []
    priced = [
        (lift, *effect) for lift in RESTRICTIONS if (effect := _lifted(tables, problem, allocation, (lift,), bands))
    ]
    without = _lifted(tables, problem, allocation, RESTRICTIONS, bands)
    found: list[Shortage] = []
    seen: dict[bytes, Violator] = {}
    for line in short.tolist():
        violator = None
        if problem.cover is None:
            key, closed = _closure(problem, allocation, line)
            if key not in seen:
                seen[key] = _violator(problem, tables, allocation, *closed)
            violator = seen[key]
        prices = tuple(
            Price(lift, int(saved[line]), int(saved.sum()), pairs) for lift, saved, pairs in priced if saved.sum() > 0
        )
        quantity = int(allocation.unmet[line]) * problem.part
        reason = _reason(tables, problem, line, prices, without)
        found.append(Shortage(int(problem.lines[line]), quantity, reason, violator, prices))
    return found


def _reason(
    tables: Tables, problem: Problem, line: int, prices: tuple[Price, ...], without: tuple[Ints, object] | None
) -> str:
    """Return the restriction that costs this line most, or that the stock itself does not suffice."""
    best = max(prices, key=lambda price: price.saves, default=None)
    if best is not None and best.saves > 0:
        return f"short_{best.lift}"
    if without is not None and without[0][line] > 0:
        return "short_several"
    rows = np.concatenate([tables.stock_by_item[item] for item in problem.items])
    return "short_stock" if tables.whole_packs[rows].any() else "short_no_stock"


def _lifted(
    tables: Tables, problem: Problem, allocation: Allocation, lift: tuple[str, ...], bands: int
) -> tuple[Ints, tuple[tuple[int, int], ...]] | None:
    """Return units saved per line with restrictions lifted, and the closed pairs used; None when nothing changes."""
    freed = build(tables, problem.items, lift)
    same = freed.arrival.shape == problem.arrival.shape and bool((freed.arrival == problem.arrival).all())
    if same and bool((freed.supply == problem.supply).all()):
        return None
    other = allocate(freed, bands) if freed.cover is None else allocate_mixed(freed, bands)[0]
    saved = allocation.unmet * problem.part - other.unmet * freed.part
    pairs: tuple[tuple[int, int], ...] = ()
    if lift == ("road",):
        origin, target = freed.place[other.source], tables.demand_place[freed.lines[other.line]]
        closed = tables.minutes[origin, target] >= NEVER
        both = zip(origin[closed].tolist(), target[closed].tolist(), strict=True)
        pairs = tuple(sorted(set(both)))[:PAIRS_TOLD]
    return saved, pairs


def _closure(problem: Problem, allocation: Allocation, line: int) -> tuple[bytes, tuple[Ints, Ints]]:
    """Return the smallest lines X around a short line such that all stock that can reach X is given to X."""
    line_count = len(problem.lines)
    reach = problem.arrival < NEVER
    inside = np.zeros(line_count, bool)
    inside[line] = True
    while True:
        sources = np.asarray(reach[inside].any(0))
        wider = inside.copy()
        wider[allocation.line[sources[allocation.source]]] = True
        if (wider == inside).all():
            return inside.tobytes(), (np.flatnonzero(inside), np.flatnonzero(sources))
        inside = wider


def _violator(problem: Problem, tables: Tables, allocation: Allocation, lines: Ints, sources: Ints) -> Violator:
    """Return the violator with its arithmetic checked.

    Raises
    ------
    BrokenInvariant
        When it does not close: then the allocation left stock that a short line could have had.
    """
    demand = int(problem.quantity[lines].sum()) * problem.part
    supply = int(problem.supply[sources].sum()) * problem.part
    short = int(allocation.unmet[lines].sum()) * problem.part
    if demand - supply != short:
        raise BrokenInvariant(f"items {problem.items}: {demand} - {supply} is not {short}")
    places = tuple(sorted(set(problem.place[sources].tolist())))
    return Violator(tuple(problem.lines[lines].tolist()), places, demand, supply, short)


@dataclass(frozen=True)
class _View:
    """What one demand sees of the rows that could serve it, nearest first: minutes, arrival, arrival but for expiry."""

    rows: list[int]
    minutes: list[int]
    arrival: list[int]
    arrival_unexpired: list[int]


def reasons(
    tables: Tables, problem: Problem, allocation: Allocation, chosen: list[Delivery], given: dict[int, list[Delivery]]
) -> list[Why]:
    """Return, for each delivery of a group, which stockpiles are nearer and what kept them.

    Parameters
    ----------
    chosen
        The deliveries of the group in this plan.
    given
        The same by stock row.
    """
    prices = _row_prices(problem, allocation)
    step = 2 * min(problem.arrival.shape) * problem.longest + 1
    rows = np.sort(np.concatenate([tables.stock_by_item[item] for item in problem.items]))
    rows = rows[tables.stock_quantity[rows] > 0]
    drawn = {row: sum(taken.quantity for taken in given[row]) for row in rows.tolist() if row in given}
    found: list[Why] = []
    views: dict[int, _View] = {}
    for delivery in chosen:
        demand = delivery.demand
        if demand not in views:
            views[demand] = _view(tables, demand, rows)
        view = views[demand]
        here = int(tables.minutes[tables.stock_place[delivery.stock], tables.demand_place[demand]])
        arrive = here + int(tables.stock_leaves[delivery.stock])
        places: dict[int, list[int]] = {}
        for at in range(bisect_left(view.minutes, here)):
            places.setdefault(int(tables.stock_place[view.rows[at]]), []).append(at)
        told = []
        for place, mine in list(places.items())[:NEARER_TOLD]:
            kept, at = max((_kept(tables, demand, view, at, arrive, drawn), at) for at in mine)
            if _KEPT[kept] == "nearer_given":
                price = prices.get(view.rows[at], 0)
                takers = tuple(sorted({taken.demand for at in mine for taken in given.get(view.rows[at], [])}))
                told.append(Nearer(place, view.minutes[at], _KEPT[kept], price if price < step else None, takers))
            else:
                told.append(Nearer(place, view.minutes[at], _KEPT[kept]))
        found.append(Why(demand, delivery.stock, here, tuple(told), len(places)))
    return found


def _view(tables: Tables, demand: int, rows: Ints) -> _View:
    """Return the rows that hold the item of a demand or a substitute, nearest first."""
    item, one = int(tables.demand_item[demand]), np.array([demand])
    fits = [by for by in set(tables.stock_item[rows].tolist()) if by == item or (item, by) in tables.exchange]
    rows = rows[np.isin(tables.stock_item[rows], fits)]
    minutes = tables.minutes[tables.stock_place[rows], tables.demand_place[demand]]
    order = np.lexsort((rows, minutes))
    rows = rows[order]
    own, unexpired = arrivals(tables, one, rows)[0], arrivals(tables, one, rows, ("expiry",))[0]
    return _View(rows.tolist(), minutes[order].tolist(), own.tolist(), unexpired.tolist())


_KEPT = (
    "nearer_place_bound",
    "nearer_less_than_a_pack",
    "nearer_deadline",
    "nearer_expiry",
    "nearer_reserve",
    "nearer_leaves_later",
    "nearer_given",
    "nearer_not_chosen",
)
"""What keeps a row, the furthest from being usable first; a stockpile tells the last that holds for one of its rows."""


def _kept(tables: Tables, demand: int, view: _View, at: int, arrive: int, drawn: dict[int, int]) -> int:
    """Return what kept one row from serving a demand, as a position in `_KEPT`."""
    row = view.rows[at]
    open_to = tables.scenario.policy.reserve_open_to_priority
    packs = int((tables.whole_packs if tables.demand_priority[demand] <= open_to else tables.free_packs)[row])
    if tables.stock_bound[row]:
        reason = "nearer_place_bound"
    elif not tables.whole_packs[row]:
        reason = "nearer_less_than_a_pack"
    elif view.arrival_unexpired[at] >= NEVER:
        reason = "nearer_deadline"
    elif view.arrival[at] >= NEVER:
        reason = "nearer_expiry"
    elif not packs:
        reason = "nearer_reserve"
    elif view.arrival[at] >= arrive:
        reason = "nearer_leaves_later"
    elif drawn.get(row, 0) >= packs * int(tables.pack[tables.stock_item[row]]):
        reason = "nearer_given"
    else:
        reason = "nearer_not_chosen"
    return _KEPT.index(reason)


def _row_prices(problem: Problem, allocation: Allocation) -> dict[int, int]:
    """Return what taking one part of each stock row would cost elsewhere."""
    if allocation.certificate is None:
        return {}
    found: dict[int, int] = {}
    prices = allocation.certificate.source_price[problem.row_source].tolist()
    for row, price in zip(problem.row.tolist(), prices, strict=True):
        found[row] = max(found.get(row, 0), price)
    return found
