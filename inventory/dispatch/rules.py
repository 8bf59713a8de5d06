"""What plans, orders and shipments may become, and the refusals of dispatch. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from inventory.core.errors import Name, Refusal

PLAN_STEPS: dict[str, frozenset[str]] = {
    "computing": frozenset({"proposed", "failed", "cancelled"}),
    "proposed": frozenset({"submitted", "approved", "rejected", "superseded", "expired"}),
    "submitted": frozenset({"approved", "rejected", "superseded", "expired"}),
    "approved": frozenset({"done"}),
    "done": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "rejected": frozenset(),
    "superseded": frozenset(),
    "expired": frozenset(),
}
"""computing → proposed → submitted → approved → done; proposed, submitted → rejected, superseded, expired.
A proposed plan may be approved at once: the commander who sees it needs no second button."""

ORDER_STEPS: dict[str, frozenset[str]] = {
    "issued": frozenset({"acknowledged", "picking", "picked", "declined", "cancelled", "shipped"}),
    "acknowledged": frozenset({"picking", "picked", "declined", "cancelled"}),
    "picking": frozenset({"picked", "cancelled"}),
    "picked": frozenset({"checked", "cancelled"}),
    "checked": frozenset({"shipped", "cancelled"}),
    "shipped": frozenset({"delivered", "recalled", "lost"}),
    "delivered": frozenset({"closed"}),
    "recalled": frozenset({"returned"}),
    "returned": frozenset(),
    "closed": frozenset(),
    "declined": frozenset(),
    "cancelled": frozenset(),
    "lost": frozenset(),
}
"""issued → acknowledged → picking → picked → checked → shipped → delivered → closed; issued, acknowledged → declined;
before shipping → cancelled; issued → shipped by override; shipped → recalled → returned; shipped → lost."""

SHIPMENT_STEPS: dict[str, frozenset[str]] = {
    "loading": frozenset({"in_transit"}),
    "in_transit": frozenset({"arrived", "handed_over", "broken_down", "rerouted", "lost", "returning"}),
    "arrived": frozenset({"handed_over", "returning"}),
    "broken_down": frozenset({"in_transit"}),
    "rerouted": frozenset({"arrived", "handed_over"}),
    "handed_over": frozenset(),
    "returning": frozenset({"returned"}),
    "returned": frozenset(),
    "lost": frozenset(),
}

OPEN_ORDER_STATES: tuple[str, ...] = ("issued", "acknowledged", "picking", "picked", "checked", "shipped", "recalled")
PAPER_HOURS = 48
"""A verbal order needs its paper within 48 hours. Source: rule P10, Zoucheng procedure (a model, editable)."""
FIRST_BATCH_HOURS = 6
"""The first batch arrives within 6 hours in a county. Source: rule P12, national guidance of 2024 (secondary)."""
PLAN_HOURS_MAX = 12
"""A plan older than this is computed anew before it may be approved: an estimate of ours."""


@dataclass(frozen=True)
class Pick:
    """What was taken from a bin for an order: so many base units out of a hold."""

    hold_id: UUID
    quantity: int


@dataclass(frozen=True)
class Received:
    """What the receiver found of one lot of an order line: good and damaged, in base units."""

    order_line_id: UUID
    lot_id: UUID
    good: int
    damaged: int = 0
    note: str = ""


@dataclass(frozen=True)
class Carrier:
    """Who drives what."""

    plate: str = ""
    driver: str = ""
    phone: str = ""
    mode: str = "truck"
    vehicle_id: UUID | None = None


@dataclass(frozen=True)
class Consignment:
    """What one sender gives one receiver in a plan: stock rows by request line, in base units."""

    from_site_id: UUID
    to_site_id: UUID
    mode: str
    depart_minutes: int
    arrive_minutes: int
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True)
class PlannedLine:
    """So many base units of a stock row for a request line, and why from there."""

    request_line_id: UUID
    stock: str
    item_id: UUID
    quantity: int
    why: Mapping[str, Any]


@dataclass(eq=False)
class PlanStale(Refusal):
    """The books no longer carry the plan: the independent checker refuses it against today's balances."""

    code: ClassVar[str] = "plan_stale"
    plan: str
    planned_at: dt.datetime
    faults: int
    item: Name
    site: Name
    asked: int
    available: int


@dataclass(eq=False)
class PlanUnsound(Refusal):
    """The independent checker refuses the plan itself."""

    code: ClassVar[str] = "plan_unsound"
    faults: int
    first: str


@dataclass(eq=False)
class PlanTooOld(Refusal):
    """A plan is approved within some hours or computed anew."""

    code: ClassVar[str] = "plan_too_old"
    planned_at: dt.datetime
    hours_max: int


@dataclass(eq=False)
class NothingToOrder(Refusal):
    """The plan sends nothing."""

    code: ClassVar[str] = "nothing_to_order"


@dataclass(eq=False)
class NotOnThisOrder(Refusal):
    """A hold, lot or line that does not belong to the order."""

    code: ClassVar[str] = "not_on_this_order"
    order: str


@dataclass(eq=False)
class NothingToShip(Refusal):
    """Nothing of the order stands ready."""

    code: ClassVar[str] = "nothing_to_ship"
    order: str


@dataclass(eq=False)
class BadReceipt(Refusal):
    """Good and damaged are 0 or more, and something must be stated for each line."""

    code: ClassVar[str] = "bad_receipt"
    order: str
    quantity: int


@dataclass(eq=False)
class NotUsableNow(Refusal):
    """What was planned has become unusable (expired, on hold, failed) before it was shipped."""

    code: ClassVar[str] = "not_usable_now"
    item: Name
    lot: str
    reason: str


@dataclass(eq=False)
class VerbalNeedsName(Refusal):
    """A verbal order names who gave it."""

    code: ClassVar[str] = "verbal_needs_name"


def outcome(*, asked: int, cancelled: int, received: int) -> str:
    """Return how a request line ended: filled, partial, unable or cancelled; base units."""
    if cancelled >= asked:
        return "cancelled"
    if received >= asked - cancelled:
        return "filled"
    return "partial" if received else "unable"


def consignments(plan: Mapping[str, Any]) -> list[Consignment]:
    """Return a plan's consignments, one per sender and receiver (their order is the order of departure).

    A plan may send one pair's goods at several times; the order leaves when the last of them is ready.
    """
    why = {(row["demand"], row["stock"]): row for row in plan.get("why", ())}
    gathered: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in plan["consignments"]:
        gathered.setdefault((row["from"], row["to"], row["mode"]), []).append(row)
    return [
        Consignment(
            from_site_id=UUID(origin),
            to_site_id=UUID(target),
            mode=mode,
            depart_minutes=max(row["depart_min"] for row in rows),
            arrive_minutes=max(row["arrive_min"] for row in rows),
            lines=tuple(
                PlannedLine(
                    UUID(line["demand"]),
                    line["stock"],
                    UUID(line["item"]),
                    line["quantity"],
                    why.get((line["demand"], line["stock"]), {}),
                )
                for row in rows
                for line in row["lines"]
            ),
        )
        for (origin, target, mode), rows in gathered.items()
    ]


def check_received(lines: Sequence[Received], *, order: str) -> None:
    """Refuse negative figures and a receipt that states nothing."""
    if not lines:
        raise BadReceipt(order=order, quantity=0)
    for line in lines:
        if line.good < 0 or line.damaged < 0:
            raise BadReceipt(order=order, quantity=min(line.good, line.damaged))
