"""The rows of the scenario file: a field is a key, its kind says what may stand, its default what absence means."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from inventory.core.quantities import QUANTITY_MAX
from inventory.planner.fields import (
    Choice,
    Day,
    Degrees,
    Flag,
    Graded,
    Ratio,
    Reference,
    Several,
    Text,
    Whole,
    optional,
    required,
)

MINUTES_MAX = 1_000_000
"""Nearly two years; leaves room for exact integer prices."""
PRIORITIES = 3
CUTS = ("network", "power", "road")

_QUANTITY = Whole(0, QUANTITY_MAX)
MINUTES = Whole(0, MINUTES_MAX)
_DAY = Day()
_PRIORITY = Whole(0, PRIORITIES - 1)
_COUNT = Whole(1, 1_000)
_PLACE = Reference("places")
_ITEM = Reference("items")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A stockpile, a base or a place in need; WGS-84 degrees."""

    id: str = required(Text())
    name: str | None = optional(Text())
    lat: float | None = optional(Degrees(90))
    lon: float | None = optional(Degrees(180))
    town: str | None = optional(Text())


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item; weight in grams, volume in cubic centimetres, `pack` in base units."""

    id: str = required(Text())
    name: str | None = optional(Text())
    weight_g: int = optional(_QUANTITY, 0)
    volume_cm3: int = optional(_QUANTITY, 0)
    pack: int = optional(Whole(1, 1_000_000), 1)


@dataclass(frozen=True, kw_only=True)
class Stock:
    """A lot at a place, in base units; `reserve` of it stays unless the policy opens it."""

    id: str = required(Text())
    place: str = required(_PLACE)
    item: str = required(_ITEM)
    quantity: int = required(_QUANTITY)
    reserve: int = optional(_QUANTITY, 0)
    expires: dt.date | None = optional(_DAY)  # noqa: RUF009 (returns a dataclass field)
    ready_min: int = optional(MINUTES, 0)
    place_bound: bool = optional(Flag(), False)


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A line of need, in base units; priority 0 is the highest; the deadline counts from `now`."""

    id: str = required(Text())
    place: str = required(_PLACE)
    item: str = required(_ITEM)
    quantity: int = required(_QUANTITY)
    priority: int = required(_PRIORITY)
    deadline_min: int | None = optional(MINUTES)
    use_until: dt.date | None = optional(_DAY)  # noqa: RUF009 (returns a dataclass field)


@dataclass(frozen=True, kw_only=True)
class Substitute:
    """One unit of `by` covers `ratio` (n, d) units of `item`."""

    item: str = required(_ITEM)
    by: str = required(_ITEM)
    ratio: tuple[int, int] = optional(Ratio(1_000_000), (1, 1))


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team with its capabilities (code, level 1 strongest to 3) and the kit kinds it operates."""

    id: str = required(Text())
    place: str = required(_PLACE)
    capabilities: tuple[tuple[str, int], ...] = required(Graded(Whole(1, 3)))
    people: int = required(Whole(0, 100_000))
    ready_min: int = optional(MINUTES, 0)
    operators: tuple[str, ...] = optional(Several(Text()), ())


@dataclass(frozen=True, kw_only=True)
class TeamDemand:
    """A place needs so many teams of a capability at `level` or stronger."""

    id: str = required(Text())
    place: str = required(_PLACE)
    capability: str = required(Text())
    level: int = optional(Whole(1, 3), 3)
    teams: int = optional(_COUNT, 1)
    priority: int = required(_PRIORITY)
    deadline_min: int | None = optional(MINUTES)


@dataclass(frozen=True, kw_only=True)
class Kit:
    """A communications kit: the cuts it bridges, for how many hours, and whether it needs an operator."""

    id: str = required(Text())
    place: str = required(_PLACE)
    kind: str = required(Text())
    independent_of: tuple[str, ...] = required(Several(Choice(CUTS)))
    hours: int = required(MINUTES)
    operator: bool = optional(Flag(), True)
    place_bound: bool = optional(Flag(), False)


@dataclass(frozen=True, kw_only=True)
class KitDemand:
    """A place needs so many kits that bridge all its cuts for its hours."""

    id: str = required(Text())
    place: str = required(_PLACE)
    cuts: tuple[str, ...] = required(Several(Choice(CUTS)))
    hours: int = optional(MINUTES, 0)
    kits: int = optional(_COUNT, 1)
    priority: int = required(_PRIORITY)
    deadline_min: int | None = optional(MINUTES)


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A vehicle of a travel mode, with payload and volume."""

    id: str = required(Text())
    place: str = required(_PLACE)
    mode: str = required(Text())
    payload_g: int = required(Whole(0, 10**12))
    volume_cm3: int = required(Whole(0, 10**12))


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How a mode is estimated where no travel matrix is given (see `travel.ESTIMATES` for the defaults)."""

    mode: str = required(Text())
    speed_kmh: int = required(Whole(1, 1_000))
    detour_percent: int = optional(Whole(100, 1_000), 160)
    start_min: int = optional(MINUTES, 0)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rules of a plan: fairness bands, who may use the reserve (-1 nobody), handling minutes per loading."""

    bands: int = optional(Whole(1, 100), 20)
    reserve_open_to_priority: int = optional(Whole(-1, PRIORITIES - 1), -1)
    handling_min: int = optional(MINUTES, 0)
