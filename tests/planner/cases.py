"""Scenarios and oracles for the planner's tests, written from the format's meaning and from nothing of the solver."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from inventory.planner.scenario import Scenario

NOW = "2026-07-01T22:30:00+08:00"


def scenario(**sections: Any) -> Scenario:
    """Return a scenario with `NOW` and the given sections."""
    return Scenario.build(**{"now": NOW, **sections})


def travel(rows: list[list[int | None]], mode: str = "truck") -> dict[str, Any]:
    """Return a travel section of one mode."""
    return {mode: {"minutes": rows}}


@st.composite
def small_sections(draw: st.DrawFn, ratios: tuple[Any, ...] = (1,), packs: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    """Draw a scenario small enough to try every plan: 2 stores, 2 places in need, 1 or 2 items."""
    minute = st.sampled_from([None, 0, 5, 5, 20, 90])
    items = draw(st.sampled_from([1, 1, 2]))
    pack = draw(st.sampled_from(packs))
    names = [f"i{at}" for at in range(items)]
    day = st.sampled_from([None, None, None, "2026-06-30", "2026-07-01", "2026-07-02", "2026-07-04"])
    stock = [
        _some(
            id=f"s{at}",
            place=draw(st.sampled_from(["a", "b"])),
            item=draw(st.sampled_from(names)),
            quantity=draw(st.integers(0, 5)),
            reserve=draw(st.sampled_from([0, 0, 1, 2, 9])),
            expires=draw(day),
            ready_min=draw(st.sampled_from([0, 0, 30])),
            place_bound=draw(st.sampled_from([False] * 7 + [True])),
        )
        for at in range(draw(st.sampled_from([0, 1, 2, 2, 3, 3])))
    ]
    demands = [
        _some(
            id=f"d{at}",
            place=draw(st.sampled_from(["x", "y"])),
            item=draw(st.sampled_from(names)),
            quantity=draw(st.integers(0, 5)),
            priority=draw(st.integers(0, 2)),
            deadline_min=draw(st.sampled_from([None, None, None, 20, 60])),
            use_until=draw(st.sampled_from([None, None, None, "2026-07-03"])),
        )
        for at in range(draw(st.sampled_from([1, 2, 2, 3])))
    ]
    substitutes = []
    if items == 2 and draw(st.booleans()):
        substitutes = [{"item": "i0", "by": "i1", "ratio": draw(st.sampled_from(ratios))}]
    return {
        "now": NOW,
        "places": [{"id": name} for name in "abxy"],
        "items": [{"id": name, "pack": pack} for name in names],
        "stock": stock,
        "demands": demands,
        "substitutes": substitutes,
        "travel": {
            mode: {"minutes": [[draw(minute) for _ in range(4)] for _ in range(4)]}
            for mode in draw(st.sampled_from([("truck",), ("boat", "truck")]))
        },
        "policy": {
            "bands": draw(st.sampled_from([1, 2, 3, 20])),
            "reserve_open_to_priority": draw(st.integers(-1, 2)),
            "handling_min": draw(st.sampled_from([0, 10])),
        },
    }


def _some(**values: Any) -> dict[str, Any]:
    """Return the values that are not None."""
    return {key: value for key, value in values.items() if value is not None}


def best_objective(sections: Mapping[str, Any]) -> tuple[int, ...]:
    """Try every plan of a small scenario and return the least objective, item group by item group joined together.

    The order: unmet units of priority 0, 1, 2; then per priority the units in the deepest shortage band, the next, …;
    then units times minutes of arrival. Groups without substitutes are judged each for itself.
    """
    joined = bool(sections["substitutes"])
    names = [item["id"] for item in sections["items"]]
    groups = [names] if joined else [[name] for name in names]
    return tuple(itertools.chain.from_iterable(_best_of_group(sections, group, joined) for group in groups))


def objective_of(sections: Mapping[str, Any], plan: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the same objective of a plan file."""
    joined = bool(sections["substitutes"])
    names = [item["id"] for item in sections["items"]]
    demand_item = {row["id"]: row["item"] for row in sections["demands"]}
    found: list[int] = []
    for group in [names] if joined else [[name] for name in names]:
        given: dict[tuple[str, str], int] = {}
        minutes = 0
        for consignment in plan["consignments"]:
            for line in consignment["lines"]:
                if demand_item[line["demand"]] in group:
                    pair = (line["stock"], line["demand"])
                    given[pair] = given.get(pair, 0) + line["quantity"]
                    minutes += line["quantity"] * consignment["arrive_min"]
        found += _levels(sections, group, given, joined)
        found.append(minutes)
    return tuple(found)


def _best_of_group(sections: Mapping[str, Any], group: list[str], joined: bool) -> tuple[int, ...]:
    """Return the least objective of one group by trying every plan."""
    stock = {row["id"]: row for row in sections["stock"]}
    demands = [row for row in sections["demands"] if row["item"] in group]
    arcs = [
        (row, demand, arrive)
        for row in stock.values()
        for demand in demands
        if (arrive := arrival(sections, row, demand)) is not None
    ]
    best: tuple[int, ...] | None = None
    for given in _every_plan(sections, arcs, 0, {}, {}):
        minutes = sum(given.get((row["id"], demand["id"]), 0) * arrive for row, demand, arrive in arcs)
        value = (*_levels(sections, group, given, joined), minutes)
        if best is None or value < best:
            best = value
    return best or ()


def arrival(sections: Mapping[str, Any], row: Mapping[str, Any], demand: Mapping[str, Any]) -> int | None:
    """Return when a stock row can serve a demand, None when it cannot."""
    ratio = ratio_of(sections, row["item"], demand["item"])
    order = [place["id"] for place in sections["places"]]
    origin, target = order.index(row["place"]), order.index(demand["place"])
    ways = [matrix["minutes"][origin][target] for matrix in sections["travel"].values()]
    ways = [minutes for minutes in ways if minutes is not None]
    if ratio is None or row["place_bound"] or not ways:
        return None
    arrive = row["ready_min"] + sections["policy"]["handling_min"] + min(ways)
    if "deadline_min" in demand and arrive > demand["deadline_min"]:
        return None
    if "expires" in row:
        day = (dt.datetime.fromisoformat(sections["now"]) + dt.timedelta(minutes=arrive)).date().isoformat()
        if row["expires"] < max(day, demand.get("use_until", "")):
            return None
    return int(arrive)


def ratio_of(sections: Mapping[str, Any], held: str, wanted: str) -> Fraction | None:
    """Return how many units of the wanted item one unit of the held item covers."""
    if held == wanted:
        return Fraction(1)
    for row in sections["substitutes"]:
        if (row["item"], row["by"]) == (wanted, held):
            ratio = row["ratio"]
            return Fraction(*ratio) if isinstance(ratio, (list, tuple)) else Fraction(ratio)
    return None


def pack_of(sections: Mapping[str, Any], item: str) -> int:
    """Return the pack of an item."""
    return next(int(row["pack"]) for row in sections["items"] if row["id"] == item)


def rounded(sections: Mapping[str, Any], demand: Mapping[str, Any]) -> int:
    """Return a demand in whole packs, in units."""
    pack = pack_of(sections, demand["item"])
    return -(-int(demand["quantity"]) // pack) * pack


def _every_plan(
    sections: Mapping[str, Any],
    arcs: list[tuple[Any, Any, int]],
    at: int,
    given: dict[tuple[str, str], int],
    covered: dict[str, Fraction],
) -> Iterator[dict[tuple[str, str], int]]:
    """Yield every feasible plan on the arcs from position `at` on."""
    if at == len(arcs):
        yield dict(given)
        return
    row, demand, _ = arcs[at]
    pack = pack_of(sections, row["item"])
    ratio = ratio_of(sections, row["item"], demand["item"]) or Fraction(0)
    open_to = sections["policy"]["reserve_open_to_priority"]
    classes = {one["id"]: one["priority"] for one in sections["demands"]}
    whole = row["quantity"] // pack * pack
    free = max(0, row["quantity"] - row["reserve"]) // pack * pack
    drawn = {name: units for (stock, name), units in given.items() if stock == row["id"]}
    room = whole - sum(drawn.values())
    if demand["priority"] > open_to:
        room = min(room, free - sum(units for name, units in drawn.items() if classes[name] > open_to))
    before = covered.get(demand["id"], Fraction(0))
    for units in range(0, room + 1, pack):
        if before + units * ratio > rounded(sections, demand):
            break
        given[row["id"], demand["id"]] = units
        covered[demand["id"]] = before + units * ratio
        yield from _every_plan(sections, arcs, at + 1, given, covered)
    given.pop((row["id"], demand["id"]), None)
    covered[demand["id"]] = before


def _levels(
    sections: Mapping[str, Any], group: list[str], given: Mapping[tuple[str, str], int], joined: bool
) -> list[int]:
    """Return unmet units by priority, then the units in each shortage band, deepest first, priority by priority."""
    bands, held = sections["policy"]["bands"], {row["id"]: row["item"] for row in sections["stock"]}
    ratios = [row["ratio"] for row in sections["substitutes"]]
    by_units = joined and any(ratio != 1 for ratio in ratios)
    unmet, depth = [0, 0, 0], [[0] * bands for _ in range(3)]
    for demand in (row for row in sections["demands"] if row["item"] in group):
        covered = sum(
            (
                units * (ratio_of(sections, held[stock], demand["item"]) or 0)
                for (stock, name), units in given.items()
                if name == demand["id"]
            ),
            Fraction(0),
        )
        asked, part = rounded(sections, demand), 1 if by_units else pack_of(sections, demand["item"])
        missing = asked - covered.__floor__()
        unmet[demand["priority"]] += missing
        left, parts = missing // part, asked // part
        for band in range(bands):
            fill = min(left, (band + 1) * parts // bands - band * parts // bands)
            depth[demand["priority"]][band] += fill
            left -= fill
    return [*unmet, *(units for of_class in depth for units in reversed(of_class))]
