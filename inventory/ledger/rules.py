"""What a legal movement is, and whether stock is usable. Pure: no database, no screen, no clock.

`usability` is the one predicate behind screens, planner, picking and shipping: nothing expired, on hold, failed,
place-bound or standing outside a bin is ever proposed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from inventory.core.errors import Name, NeedsConfirmation, Refusal
from inventory.core.quantities import QUANTITY_MAX

REAL_KINDS = frozenset({"bin", "staging", "quarantine"})
"""Kinds of place that stand in a site and can be counted."""

REVERSIBLE_KINDS = frozenset({"receive_goods", "import_stock", "move_stock", "scrap_stock"})
"""Entries that a plain reversal undoes whole; the others have their own way back (recall, return, recount)."""


@dataclass(frozen=True)
class Line:
    """So many base units of a lot go from one place to another, perhaps out of a hold, perhaps for an order line.

    `occurred_at` is given where the lines of one entry happened at different moments (a count); otherwise the moment of
    the entry holds.
    """

    lot_id: UUID
    from_place_id: UUID
    to_place_id: UUID
    quantity: int
    reason: str
    hold_id: UUID | None = None
    order_line_id: UUID | None = None
    occurred_at: dt.datetime | None = None


@dataclass(frozen=True)
class NewHold:
    """Stock to set aside; firm unless `expires_at` is given."""

    id: UUID
    lot_id: UUID
    place_id: UUID
    quantity: int
    order_line_id: UUID | None = None
    expires_at: dt.datetime | None = None


@dataclass(frozen=True)
class Free:
    """So many base units of a hold to set free again."""

    hold_id: UUID
    quantity: int


@dataclass(frozen=True)
class Counted:
    """A count stated what stood there at that moment."""

    lot_id: UUID
    place_id: UUID
    counted_at: dt.datetime


@dataclass(eq=False)
class NotAMovement(Refusal):
    """A movement needs a quantity from 1 to 999,999,999 and two different places."""

    code: ClassVar[str] = "not_a_movement"
    quantity: int


@dataclass(eq=False)
class NotEnoughStock(Refusal):
    """A place cannot give more than it holds free."""

    code: ClassVar[str] = "not_enough_stock"
    item: Name
    lot: str
    place: str
    on_hand: int
    held: int
    available: int
    asked: int
    others: int


@dataclass(eq=False)
class HoldExhausted(Refusal):
    """A hold covers less than asked, or stands for another lot or place."""

    code: ClassVar[str] = "hold_exhausted"
    remaining: int
    asked: int


@dataclass(eq=False)
class PlaceClosed(Refusal):
    """Nothing goes to or from a closed place."""

    code: ClassVar[str] = "place_closed"
    place: str


@dataclass(eq=False)
class TwoWorlds(Refusal):
    """Drill stock and real stock never meet in one entry."""

    code: ClassVar[str] = "two_worlds"


@dataclass(eq=False)
class AfterCount(NeedsConfirmation):
    """The movement happened before a count that is already posted: the shelf keeps what was counted."""

    code: ClassVar[str] = "after_count"
    lot: str
    place: str
    counted_at: dt.datetime
    quantity: int


@dataclass(eq=False)
class AlreadyReversed(Refusal):
    """An entry is reversed once; a reversal is not reversed: post anew."""

    code: ClassVar[str] = "already_reversed"


@dataclass(eq=False)
class NotReversible(Refusal):
    """This kind of entry has its own way back."""

    code: ClassVar[str] = "not_reversible"
    kind: str


def check_line(line: Line) -> None:
    """Refuse what is not a movement at all; quantity in base units."""
    check_quantity(line.quantity)
    if line.from_place_id == line.to_place_id:
        raise NotAMovement(quantity=line.quantity)


def check_quantity(quantity: int) -> None:
    """Refuse to move, hold or free anything but 1 to 999,999,999 base units."""
    if not 1 <= quantity <= QUANTITY_MAX:
        raise NotAMovement(quantity=quantity)


def reversed_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with their ends swapped, as of their own time; holds once used stay used."""
    return [
        replace(line, from_place_id=line.to_place_id, to_place_id=line.from_place_id, reason="reversal", hold_id=None)
        for line in lines
    ]


def counter_line(line: Line, *, place_id: UUID, lost_found_id: UUID) -> Line:
    """Return the line that keeps a counted shelf as it was counted when an earlier movement becomes known later."""
    ends = (lost_found_id, place_id) if line.from_place_id == place_id else (place_id, lost_found_id)
    return Line(line.lot_id, *ends, line.quantity, "after_count", occurred_at=line.occurred_at)


@dataclass(frozen=True)
class Piece:
    """What decides whether stock is usable: its lot, where it stands, and, for a device, its state."""

    place_kind: str
    expires_on: dt.date | None
    blocked: str | None
    channel: str = "own"
    minimum_life_days: int = 0
    condition: str = "serviceable"
    mobility: str = "portable"
    site_closed: bool = False


UNUSABLE_REASONS: tuple[str, ...] = (
    "not_in_bin",
    "expired",
    "expires_before_use",
    "on_hold",
    "recalled",
    "unserviceable",
    "place_bound",
    "site_closed",
)


def usability(piece: Piece, *, on: dt.date, use_until: dt.date | None = None) -> tuple[str, ...]:
    """Return why the piece cannot be dispatched for use on a day; empty means usable.

    Parameters
    ----------
    on
        The day on which it arrives.
    use_until
        The last day on which it must still be good; by default the day of arrival and the item's minimum life.
    """
    reasons: list[str] = []
    if piece.place_kind != "bin":
        reasons.append("not_in_bin")
    if piece.expires_on is not None:
        until = max(on + dt.timedelta(days=piece.minimum_life_days), use_until or on)
        if piece.expires_on < on:
            reasons.append("expired")
        elif piece.expires_on < until:
            reasons.append("expires_before_use")
    if piece.blocked is not None:
        reasons.append(piece.blocked)
    if piece.condition not in {"serviceable", "limited"}:
        reasons.append("unserviceable")
    if piece.mobility == "fixed":
        reasons.append("place_bound")
    if piece.site_closed:
        reasons.append("site_closed")
    return tuple(reasons)
