"""Why a team, vehicle or device cannot be sent. Pure: no database, no screen, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from inventory.ledger.rules import Piece, usability

READY_STATES: frozenset[str] = frozenset({"available", "standby"})
"""States in which a team or vehicle can be given a task."""


@dataclass(frozen=True)
class DeviceState:
    """What decides whether a device can be sent: its piece of stock and its card."""

    piece: Piece
    card_expires_on: dt.date | None = None
    held: bool = False


def device_reasons(state: DeviceState, *, on: dt.date) -> tuple[str, ...]:
    """Return why a device cannot be sent on a day; empty means it can.

    The predicate of the ledger, and two reasons of devices: `card_expired` (its card is past its last day) and
    `reserved` (it is held for an order).
    """
    reasons = list(usability(state.piece, on=on))
    if state.card_expires_on is not None and state.card_expires_on < on:
        reasons.append("card_expired")
    if state.held:
        reasons.append("reserved")
    return tuple(reasons)


def resource_reasons(state: str) -> tuple[str, ...]:
    """Return why a team or vehicle in a state cannot be given a task; empty means it can."""
    return () if state in READY_STATES else (state,)
