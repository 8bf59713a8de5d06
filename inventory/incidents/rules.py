"""What an incident and a request may become, and how needs follow from people and days. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from inventory.core.errors import Name, Refusal

INCIDENT_STEPS: dict[str, frozenset[str]] = {
    "draft": frozenset({"active", "cancelled"}),
    "active": frozenset({"demobilizing"}),
    "demobilizing": frozenset({"reconciling"}),
    "reconciling": frozenset({"closed", "active"}),
    "closed": frozenset(),
    "cancelled": frozenset(),
}
"""draft → active → demobilizing → reconciling → closed; reconciling → active; draft → cancelled."""

REQUEST_STEPS: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "cancelled"}),
    "submitted": frozenset({"approved", "returned", "rejected", "cancelled"}),
    "returned": frozenset({"submitted", "cancelled"}),
    "approved": frozenset({"in_fulfilment", "cancelled"}),
    "in_fulfilment": frozenset({"fulfilled", "cancelled"}),
    "fulfilled": frozenset({"closed"}),
    "rejected": frozenset(),
    "closed": frozenset(),
    "cancelled": frozenset(),
}
"""draft → submitted → approved → in_fulfilment → fulfilled → closed; submitted → returned → submitted, → rejected;
any open one → cancelled."""

HAZARDS: tuple[str, ...] = (
    "flood",
    "drought",
    "forest_fire",
    "earthquake",
    "geological",
    "work_safety",
    "other",
)
CUTS: tuple[str, ...] = ("network", "power", "road")

LEVEL_SIGNS: dict[int, str] = {1: "\u2160", 2: "\u2161", 3: "\u2162", 4: "\u2163"}
"""How response levels are written on papers: Roman numerals I (highest) to IV, as one sign each."""

COLD_MONTHS: frozenset[int] = frozenset({11, 12, 1, 2, 3})
"""Months in which the norms of the cold season hold in Chongqing: an estimate, editable as setting `cold_months`."""

DAYS_MAX = 90
PEOPLE_MAX = 1_000_000


@dataclass(frozen=True)
class Affected:
    """A site of an incident: how many people are there, and what is cut."""

    site_id: UUID
    people: int
    households: int = 0
    cut_network: bool = False
    cut_power: bool = False
    cut_road: bool = False


@dataclass(frozen=True)
class NormFigure:
    """A needs norm as the arithmetic needs it: `quantity_milli` thousandths of a base unit per persons and period."""

    code: str
    item_id: UUID
    quantity_milli: int
    per_persons: int
    period: str
    season: str
    hazard: str
    priority: int
    basis: Name
    source: str
    confidence: str


@dataclass(frozen=True)
class Need:
    """What a norm asks for at a site, in base units, with the arithmetic written out in `basis`."""

    item_id: UUID
    site_id: UUID
    quantity: int
    priority: int
    basis: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NeedLine:
    """One line of a request as it is submitted; `edited` says that a person changed what the norm proposed."""

    item_id: UUID
    site_id: UUID
    quantity: int
    priority: int
    deadline_at: dt.datetime | None = None
    use_until: dt.date | None = None
    basis: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class NothingAsked(Refusal):
    """A request needs at least one line."""

    code: ClassVar[str] = "nothing_asked"


@dataclass(eq=False)
class NoPeople(Refusal):
    """An incident names at least one place, and people between 0 and a million."""

    code: ClassVar[str] = "no_people"
    people: int


@dataclass(eq=False)
class BadPeriod(Refusal):
    """Days of supply are 1 to 90."""

    code: ClassVar[str] = "bad_period"
    days: int


@dataclass(eq=False)
class BadNeed(Refusal):
    """A line's quantity is 1 to 999,999,999 and its priority 0 to 2."""

    code: ClassVar[str] = "bad_need"
    quantity: int
    priority: int


@dataclass(eq=False)
class IncidentStillOpen(Refusal):
    """An incident closes only when nothing of it is on the way or in anybody's custody."""

    code: ClassVar[str] = "incident_still_open"
    incident: Name
    on_the_way: int
    in_custody: int


def season_of(day: dt.date) -> str:
    """Return "cold" or "warm"."""
    return "cold" if day.month in COLD_MONTHS else "warm"


def amount(norm: NormFigure, *, people: int, days: int) -> int:
    """Return ceil(people / per_persons x quantity x periods) in base units; whole numbers throughout."""
    periods, parts = {"once": (1, 1), "day": (days, 1), "week": (days, 7), "month": (days, 30)}[norm.period]
    exact = norm.quantity_milli * people * periods
    return -(-exact // (norm.per_persons * parts * 1000))


def needs(
    norms: Sequence[NormFigure], affected: Sequence[Affected], *, days: int, hazard: str, on: dt.date
) -> list[Need]:
    """Return what the norms ask for, by site and item.

    Of several norms for one item those of the hazard and of the season come before the general ones; the largest of
    the most specific counts.

    Raises
    ------
    BadPeriod, NoPeople
    """
    check_period(days)
    season = season_of(on)
    chosen: dict[UUID, NormFigure] = {}
    for norm in norms:
        if norm.hazard not in {"any", hazard} or norm.season not in {"all", season}:
            continue
        best = chosen.get(norm.item_id)
        if best is None or _rank(norm) > _rank(best):
            chosen[norm.item_id] = norm
    found = []
    for place in affected:
        check_people(place.people)
        for norm in chosen.values():
            quantity = amount(norm, people=place.people, days=days)
            if quantity:
                found.append(Need(norm.item_id, place.site_id, quantity, norm.priority, _basis(norm, place, days)))
    return sorted(found, key=lambda need: (need.priority, str(need.site_id), str(need.item_id)))


def _rank(norm: NormFigure) -> tuple[bool, bool, int]:
    return norm.hazard != "any", norm.season != "all", norm.quantity_milli * 1000 // norm.per_persons


def _basis(norm: NormFigure, place: Affected, days: int) -> dict[str, Any]:
    return {
        "norm": norm.code,
        "quantity_milli": norm.quantity_milli,
        "per_persons": norm.per_persons,
        "period": norm.period,
        "people": place.people,
        "days": days,
        "text_zh": norm.basis.zh,
        "text_en": norm.basis.en,
        "source": norm.source,
        "confidence": norm.confidence,
    }


def check_period(days: int) -> None:
    """Refuse days of supply outside 1 to 90."""
    if not 1 <= days <= DAYS_MAX:
        raise BadPeriod(days=days)


def check_people(people: int) -> None:
    """Refuse a number of people outside 0 to a million."""
    if not 0 <= people <= PEOPLE_MAX:
        raise NoPeople(people=people)


def check_lines(lines: Sequence[NeedLine]) -> None:
    """Refuse an empty request and lines out of range."""
    if not lines:
        raise NothingAsked()
    for line in lines:
        check_need(quantity=line.quantity, priority=line.priority)


def check_need(*, quantity: int, priority: int) -> None:
    """Refuse a quantity or a priority out of range."""
    if not 1 <= quantity <= 999_999_999 or not 0 <= priority <= 2:
        raise BadNeed(quantity=quantity, priority=priority)
