"""What a stock count may do, and what follows from it. Pure: no database, no screen, no clock.

    planned -> open -> review -> approved -> posted
                 ^-------'  (order_recount)
    any of them but posted -> cancelled

A count states one instant per line. Blank is not zero: a line without a reading is either left out by name or stops
the count. Nobody recounts his own line, and who approves has neither counted nor recounted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from inventory.core.errors import Name, NeedsConfirmation, Refusal

TRANSITIONS: dict[str, frozenset[str]] = {
    "planned": frozenset({"open", "cancelled"}),
    "open": frozenset({"review", "cancelled"}),
    "review": frozenset({"open", "approved", "cancelled"}),
    "approved": frozenset({"posted", "cancelled"}),
    "posted": frozenset(),
    "cancelled": frozenset(),
}
"""State of a count -> the states it may go to."""

KINDS: tuple[str, ...] = ("whole", "cycle", "spot", "first")
WAYS: tuple[str, ...] = ("screen", "paper", "sheet")
MARKS: tuple[str, ...] = ("not_found", "left_out")
"""What may be said of a line instead of a quantity."""
COUNTED_KINDS: tuple[str, ...] = ("bin", "quarantine")
"""Kinds of place that a count lists; what is being picked moves too much to be counted."""

TOLERANCE = 0
"""Base units a count may differ without a recount. Source: own estimate; every difference is looked at twice."""

RECENT_ZERO_DAYS = 30
"""A lot that left a bin this recently is still listed there, so that what was left behind is found. Own estimate."""

ROUND_MAX = 9
LABELS_NAMED_MAX = 8
"""How many lines a refusal names before it only says how many there are."""


def leads_to(state: str, target: str) -> bool:
    """Return whether a count may go from one state to another."""
    return target in TRANSITIONS[state]


def difference(*, counted: int, book: int) -> int:
    """Return how many base units more (or, below zero, fewer) stand there than the book says of that moment."""
    return counted - book


def needs_recount(off: int, *, tolerance: int = TOLERANCE) -> bool:
    """Return whether a difference is large enough to be counted again by another person."""
    return abs(off) > tolerance


def packs_add_up(*, quantity: int, packs: int | None, loose: int | None, factors: Iterable[int]) -> bool:
    """Return whether so many packs of one of the item's sizes and so many loose units make the quantity."""
    if packs is None:
        return loose is None or loose == quantity
    rest = quantity - (loose or 0)
    return rest == 0 if packs == 0 else any(packs * factor == rest for factor in factors)


def as_packs(quantity: int, *, packs: int | None, factor: int) -> tuple[int, int]:
    """Return packs and loose units of a quantity as entered; all is loose when it was not in packs of `factor`."""
    whole = packs or 0
    return (whole, quantity - whole * factor) if 0 <= whole * factor <= quantity and factor > 1 else (0, quantity)


@dataclass(frozen=True)
class HeldFor:
    """A hold on counted stock: whose it is, what of it is still set aside."""

    hold_id: UUID
    order: str
    remaining: int
    made_at: dt.datetime


def holds_to_free(shortfall: int, holds: Sequence[HeldFor]) -> list[tuple[UUID, int]]:
    """Propose which holds to free for a shortfall of base units: the youngest first, an older promise goes before."""
    proposed: list[tuple[UUID, int]] = []
    for hold in sorted(holds, key=lambda one: (one.made_at, one.hold_id), reverse=True):
        if shortfall <= 0:
            break
        freed = min(shortfall, hold.remaining)
        proposed.append((hold.hold_id, freed))
        shortfall -= freed
    return proposed


def named(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the first labels, for a refusal that also says how many there are."""
    return tuple(labels[:LABELS_NAMED_MAX])


@dataclass(eq=False)
class NothingToCount(Refusal):
    """No place of the scope holds anything by the book; only a first count may start empty."""

    code: ClassVar[str] = "nothing_to_count"


@dataclass(eq=False)
class UnknownWay(Refusal):
    """A kind of count, or a way of reading, that does not exist."""

    code: ClassVar[str] = "unknown_way_of_counting"
    given: str
    known: tuple[str, ...]


@dataclass(eq=False)
class AlreadyListed(Refusal):
    """The goods said to be found are on the list already."""

    code: ClassVar[str] = "already_listed"
    label: str


@dataclass(eq=False)
class NotOfThisItem(Refusal):
    """The lot named for found goods is one of another item."""

    code: ClassVar[str] = "lot_of_other_item"
    lot: str
    item: Name


@dataclass(eq=False)
class PacksDiffer(Refusal):
    """Packs and loose units do not make the quantity, with any pack of the item."""

    code: ClassVar[str] = "packs_differ"
    packs: int
    loose: int
    quantity: int
    factors: tuple[int, ...]


@dataclass(eq=False)
class BeforeOpening(Refusal):
    """Something is said to have been counted before the count was opened."""

    code: ClassVar[str] = "counted_before_opening"
    counted_at: dt.datetime
    opened_at: dt.datetime


@dataclass(eq=False)
class LineSubmitted(Refusal):
    """The line has been handed in; only a recount changes it."""

    code: ClassVar[str] = "line_submitted"
    label: str


@dataclass(eq=False)
class Uncounted(Refusal):
    """Lines without a reading: blank is not zero."""

    code: ClassVar[str] = "uncounted_lines"
    count: int
    labels: tuple[str, ...]


@dataclass(eq=False)
class AlreadyCounted(Refusal):
    """A line said to be left out or not found has a reading."""

    code: ClassVar[str] = "already_counted"
    count: int
    labels: tuple[str, ...]


@dataclass(eq=False)
class NotYourRecount(Refusal):
    """A line is recounted by another person than those who counted it."""

    code: ClassVar[str] = "not_your_recount"
    label: str


@dataclass(eq=False)
class NoRecountAsked(Refusal):
    """The line does not wait for a recount."""

    code: ClassVar[str] = "no_recount_asked"
    label: str


@dataclass(eq=False)
class RecountsOpen(Refusal):
    """Lines wait for a recount."""

    code: ClassVar[str] = "recounts_open"
    count: int
    labels: tuple[str, ...]


@dataclass(eq=False)
class BelowReservations(Refusal):
    """What was counted does not cover what is reserved there; the orders at risk are named."""

    code: ClassVar[str] = "below_reservations"
    item: Name
    label: str
    place: str
    counted: int
    remains: int
    held: int
    missing: int
    orders: tuple[str, ...]
    others: int


@dataclass(eq=False)
class FreedTooMuch(Refusal):
    """A count frees no more of the reservations than it must, and none of other goods."""

    code: ClassVar[str] = "freed_too_much"
    label: str
    missing: int
    freed: int


@dataclass(eq=False)
class LeftAfterCount(Refusal):
    """More has left since the moment of counting than was counted: one of the two is wrong."""

    code: ClassVar[str] = "left_after_count"
    label: str
    place: str
    counted: int
    counted_at: dt.datetime
    left: int


@dataclass(eq=False)
class Overtaken(NeedsConfirmation):
    """Lines were counted again later, in a count that is posted: theirs stands, these lines would be left out."""

    code: ClassVar[str] = "count_overtaken"
    count: int
    labels: tuple[str, ...]


@dataclass(eq=False)
class ChangedSinceApproval(NeedsConfirmation):
    """Entries about the time before the count arrived after its approval: other differences would be posted."""

    code: ClassVar[str] = "changed_since_approval"
    count: int
    labels: tuple[str, ...]


@dataclass(eq=False)
class BookHidden(Refusal):
    """The book is shown when the count is handed in, not before."""

    code: ClassVar[str] = "book_hidden"
    number: str
