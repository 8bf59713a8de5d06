"""From scenario to numbers: one frozen `Problem` per item, or per group of items joined by substitutes.

What may serve what (design of the file format): the same item or a substitute, not place-bound, connected by a mode
that counts, arrival = ready + handling + minutes not after the deadline, and the expiry day not before the day of
arrival (in the offset of `now`) nor before `use_until`. Whole packs only: the free part of a row and the whole row
are each rounded down, a demand is rounded up. The reserve is a source of its own that only the priorities of the
policy may reach.

Where substitutes do not exchange one for one, or packs differ inside a group, a problem carries `cover`: how much
of a line one pack of a source covers. Such a group is no network; `mixed` solves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inventory.planner.scenario import Scenario
from inventory.planner.travel import Travel, travel_of

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = 1 << 40
"""An arc that does not exist. Two of them still add up in 64 bits."""
DAY_SECONDS = 86_400
RESTRICTIONS = ("place_bound", "expiry", "deadline", "road", "reserve")
"""What `lift` may name: restrictions taken away, to price them."""


class Tables:
    """The scenario as columns. Built once; nothing in it changes.

    Units: minutes from `now`, base units, days counted from the day of `now`. Indices are positions in the scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        place = {row.id: at for at, row in enumerate(scenario.places)}
        item = {row.id: at for at, row in enumerate(scenario.items)}
        today, stock, demands = scenario.now.date().toordinal(), scenario.stock, scenario.demands
        self.scenario = scenario
        self.item_index = item
        self.place_index = place
        self.pack = _ints(row.pack for row in scenario.items)
        self.stock_place = _ints(place[row.place] for row in stock)
        self.stock_item = _ints(item[row.item] for row in stock)
        self.stock_quantity = _ints(row.quantity for row in stock)
        self.stock_reserve = _ints(row.reserve for row in stock)
        self.stock_leaves = _ints(row.ready_min for row in stock) + scenario.policy.handling_min
        self.stock_expires = _ints(row.expires.toordinal() - today if row.expires else NEVER for row in stock)
        self.stock_bound = np.fromiter((row.place_bound for row in stock), bool)
        self.demand_place = _ints(place[row.place] for row in demands)
        self.demand_item = _ints(item[row.item] for row in demands)
        self.demand_priority = _ints(row.priority for row in demands)
        self.demand_deadline = _ints(NEVER if row.deadline_min is None else row.deadline_min for row in demands)
        self.demand_until = _ints(row.use_until.toordinal() - today if row.use_until else -NEVER for row in demands)
        pack = self.pack[self.demand_item] if len(demands) else self.demand_item
        asked = _ints(row.quantity for row in demands)
        self.demand_rounded = -(-asked // pack) * pack
        now = scenario.now
        self.second_of_day = (now.hour * 60 + now.minute) * 60 + now.second
        stock_pack = self.pack[self.stock_item] if len(stock) else self.stock_item
        self.free_packs = np.maximum(0, self.stock_quantity - self.stock_reserve) // stock_pack
        self.whole_packs = self.stock_quantity // stock_pack

    @cached_property
    def travel(self) -> Travel:
        """Minutes between places."""
        return travel_of(self.scenario)

    @cached_property
    def minutes(self) -> Ints:
        """Fastest minutes between places, `NEVER` where nothing connects."""
        return np.where(self.travel.fastest < 0, NEVER, self.travel.fastest)

    @cached_property
    def minutes_if_open(self) -> Ints:
        """`minutes` with every pair connected: closed pairs take the longest time known anywhere (an assumption)."""
        open_pairs = self.minutes < NEVER
        return np.where(open_pairs, self.minutes, int(self.minutes.max(initial=0, where=open_pairs)))

    @cached_property
    def groups(self) -> list[tuple[int, ...]]:
        """Items that are planned together, each with a demand, in the order of the items."""
        wanted, held = set(self.demand_item.tolist()), set(self.stock_item.tolist())
        parent = list(range(len(self.pack)))

        def root(item: int) -> int:
            while parent[item] != item:
                parent[item] = parent[parent[item]]
                item = parent[item]
            return item

        for item, by in self.exchange:
            if item in wanted and by in held:
                low, high = sorted((root(item), root(by)))
                parent[high] = low
        members: dict[int, list[int]] = {}
        for item in range(len(parent)):
            members.setdefault(root(item), []).append(item)
        return [tuple(group) for group in members.values() if wanted.intersection(group)]

    @cached_property
    def exchange(self) -> dict[tuple[int, int], tuple[int, int]]:
        """(item, by) → (n, d): one `by` covers n/d units of the item."""
        return {(self.item_index[row.item], self.item_index[row.by]): row.ratio for row in self.scenario.substitutes}

    @cached_property
    def demands_by_item(self) -> list[Ints]:
        """The demand rows of each item, in the order of the file."""
        return _by_item(self.demand_item, len(self.pack))

    @cached_property
    def stock_by_item(self) -> list[Ints]:
        """The stock rows of each item, in the order of the file."""
        return _by_item(self.stock_item, len(self.pack))

    def day_of(self, minutes: Ints) -> Ints:
        """Return the day (from the day of `now`, in its offset) on which so many minutes from now fall."""
        return (self.second_of_day + minutes * 60) // DAY_SECONDS


@dataclass(frozen=True)
class Problem:
    """One item or group: L lines that want some, S sources that may give some.

    A source is a set of stock rows of one place and item that serve the same lines at the same minutes: `row` with
    `row_packs` belongs to `row_source`. Quantities are in parts: a part is `part` base units, for lines and sources
    alike, unless `cover` is given; then lines count base units, sources count packs of `source_part` units, and one
    pack of source s covers `cover[l, s] / denominator` units of line l.
    """

    items: tuple[int, ...]
    part: int
    lines: Ints
    quantity: Ints
    priority: Ints
    place: Ints
    source_item: Ints
    source_part: Ints
    is_reserve: Flags
    supply: Ints
    row: Ints
    row_source: Ints
    row_packs: Ints
    arrival: Ints
    cover: Ints | None = None
    denominator: int = 1

    @cached_property
    def rows(self) -> list[list[tuple[int, int]]]:
        """The stock rows of each source with their packs."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(len(self.supply))]
        for row, source, packs in zip(
            self.row.tolist(), self.row_source.tolist(), self.row_packs.tolist(), strict=True
        ):
            found[source].append((row, packs))
        return found

    @cached_property
    def longest(self) -> int:
        """Minutes of the latest arrival that exists."""
        return int(self.arrival.max(initial=0, where=self.arrival < NEVER))


def problems(tables: Tables) -> Iterator[Problem]:
    """Yield the problem of each group in turn; only one is held at a time."""
    for group in tables.groups:
        problem = build(tables, group)
        if len(problem.lines):
            yield problem


def build(tables: Tables, group: Sequence[int], lift: Sequence[str] = ()) -> Problem:
    """Return the problem of a group of items, with some of the `RESTRICTIONS` lifted or none."""
    lines = np.sort(np.concatenate([tables.demands_by_item[item] for item in group]))
    lines = lines[tables.demand_rounded[lines] > 0]
    rows = np.sort(np.concatenate([tables.stock_by_item[item] for item in group]))
    rows = rows[tables.whole_packs[rows] > 0]
    if "place_bound" not in lift:
        rows = rows[~tables.stock_bound[rows]]
    arrival = arrivals(tables, lines, rows, lift)
    exchanged = len(group) > 1
    if exchanged:
        arrival = np.where(_may_replace(tables, lines, rows), arrival, NEVER)
    open_to = 2 if "reserve" in lift else tables.scenario.policy.reserve_open_to_priority
    free, whole = tables.free_packs[rows], tables.whole_packs[rows]
    label = _same_column(tables, rows, arrival)
    tiers = [_tier(label, arrival, free)]
    if open_to >= 0:
        closed = tables.demand_priority[lines] > open_to
        tiers.append(_tier(label, np.where(closed[:, None], NEVER, arrival), whole - free))
    first = rows[np.concatenate([tier.first for tier in tiers])]
    part, cover, denominator = _measure(tables, lines, first)
    offset = (0, len(tiers[0].first))
    return Problem(
        items=tuple(group),
        part=part,
        lines=lines,
        quantity=tables.demand_rounded[lines] // part,
        priority=tables.demand_priority[lines],
        place=tables.stock_place[first],
        source_item=tables.stock_item[first],
        source_part=tables.pack[tables.stock_item[first]],
        is_reserve=np.arange(len(first)) >= offset[1],
        supply=np.concatenate([tier.supply for tier in tiers]),
        row=rows[np.concatenate([tier.member for tier in tiers])],
        row_source=np.concatenate([tier.source + at for tier, at in zip(tiers, offset, strict=False)]),
        row_packs=np.concatenate([tier.packs for tier in tiers]),
        arrival=np.concatenate([tier.arrival for tier in tiers], axis=1),
        cover=cover,
        denominator=denominator,
    )


def arrivals(tables: Tables, lines: Ints, rows: Ints, lift: Sequence[str] = ()) -> Ints:
    """Return minutes of arrival (lines x rows), `NEVER` where road, deadline or expiry forbid, whatever the items."""
    minutes = tables.minutes_if_open if "road" in lift else tables.minutes
    arrival = minutes[tables.stock_place[rows][None], tables.demand_place[lines][:, None]] + tables.stock_leaves[rows]
    allowed = arrival < NEVER
    if "deadline" not in lift:
        allowed &= arrival <= tables.demand_deadline[lines][:, None]
    expires = tables.stock_expires[rows]
    if "expiry" not in lift and (expires < NEVER).any():
        allowed &= expires >= np.maximum(tables.day_of(arrival), tables.demand_until[lines][:, None])
    return np.where(allowed, arrival, NEVER)


@dataclass(frozen=True)
class _Tier:
    """The sources of one tier: position of a first row, packs and arrivals of each; and the rows that make them up."""

    first: Ints
    supply: Ints
    arrival: Ints
    member: Ints
    source: Ints
    packs: Ints


def _same_column(tables: Tables, rows: Ints, arrival: Ints) -> Ints:
    """Return a label per row, the position of the first row of the same place, item and arrivals."""
    key = tables.stock_place[rows] * len(tables.pack) + tables.stock_item[rows]
    if len(np.unique(key)) == len(key):
        return np.arange(len(rows))
    found: dict[tuple[int, bytes], int] = {}
    return _ints([found.setdefault((one, arrival[:, at].tobytes()), at) for at, one in enumerate(key.tolist())])


def _tier(label: Ints, arrival: Ints, packs: Ints) -> _Tier:
    """Return the sources of one tier that hold something and reach somebody."""
    member = np.flatnonzero((packs > 0) & (arrival < NEVER).any(0))
    first, source = np.unique(label[member], return_inverse=True)
    supply = np.bincount(source, packs[member], len(first)).astype(np.int64)
    return _Tier(first, supply, arrival[:, first], member, source.astype(np.int64), packs[member])


def _may_replace(tables: Tables, lines: Ints, rows: Ints) -> Flags:
    """Return whether each row's item is the line's own or a substitute of it (lines x rows)."""
    wanted, held = tables.demand_item[lines], tables.stock_item[rows]
    allowed: Flags = np.asarray(wanted[:, None] == held[None])
    for item, by in tables.exchange:
        allowed |= (wanted == item)[:, None] & (held == by)[None]
    return allowed


def _measure(tables: Tables, lines: Ints, first: Ints) -> tuple[int, Ints | None, int]:
    """Return the part in which a group counts, or part 1 with cover and denominator where it is no network."""
    wanted, held = tables.demand_item[lines], tables.stock_item[first]
    packs = set(tables.pack[np.union1d(wanted, held)].tolist())
    asked, given = set(wanted.tolist()), set(held.tolist())
    used = {pair: ratio for pair, ratio in tables.exchange.items() if pair[0] in asked and pair[1] in given}
    if len(packs) <= 1 and all(ratio == (1, 1) for ratio in used.values()):
        return (packs.pop() if packs else 1), None, 1
    denominator = math.lcm(*(ratio[1] for ratio in used.values())) if used else 1
    cover = np.zeros((len(lines), len(first)), np.int64)
    for item in asked:
        for by in given:
            ratio = (1, 1) if item == by else used.get((item, by))
            if ratio is not None:
                each = int(tables.pack[by]) * ratio[0] * denominator // ratio[1]
                cover[np.ix_(wanted == item, held == by)] = each
    return 1, cover, denominator


def _ints(values: Iterator[int] | Sequence[int]) -> Ints:
    """Return whole numbers as a column."""
    return np.fromiter(values, np.int64)


def _by_item(items: Ints, count: int) -> list[Ints]:
    """Return the rows of each item, in order."""
    order = np.argsort(items, kind="stable")
    first = np.searchsorted(items[order], np.arange(count + 1))
    return [order[first[item] : first[item + 1]] for item in range(count)]
