"""Netting: the movements, holds and releases of an entry as one change per (lot, place), in the order of locking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inventory.ledger import rules
from inventory.ledger.rules import Free, Line, NewHold


@dataclass(frozen=True, slots=True)
class Delta:
    """A net change of one balance, in base units."""

    lot_id: UUID
    place_id: UUID
    quantity: int
    held: int
    floor: int

    @property
    def needs_row(self) -> bool:
        """Whether something must stand there already: it takes goods or free stock, or sets held stock free."""
        return self.quantity < 0 or self.held < 0 or self.quantity - self.held < 0


class _Sums:
    """Sums per (lot, place), kept by the numbers behind the keys: comparing keys themselves takes longer."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], list[Any]] = {}

    def add(self, lot_id: UUID, place_id: UUID, quantity: int, held: int) -> None:
        """Add a change."""
        total = self.found.setdefault((lot_id.int, place_id.int), [lot_id, place_id, 0, 0])
        total[2] += quantity
        total[3] += held


def net(
    lines: Sequence[Line],
    holds: Sequence[NewHold],
    frees: Sequence[Free],
    known: dict[UUID, Any],
    floors: dict[tuple[int, int], int],
) -> list[Delta]:
    """Return one change per (lot, place), in the one order in which every writer takes its locks.

    `known` are the holds that are used or set free, `floors` how low each balance may go, by the numbers of its keys.

    Raises
    ------
    HoldExhausted
        A line names a hold of another lot or place.
    """
    sums = _Sums()
    for line in lines:
        sums.add(line.lot_id, line.from_place_id, -line.quantity, 0)
        sums.add(line.lot_id, line.to_place_id, line.quantity, 0)
        if line.hold_id is not None:
            hold = known[line.hold_id]
            if (hold.lot_id, hold.place_id) != (line.lot_id, line.from_place_id):
                raise rules.HoldExhausted(remaining=0, asked=line.quantity)
            sums.add(line.lot_id, line.from_place_id, 0, -line.quantity)
    for new in holds:
        sums.add(new.lot_id, new.place_id, 0, new.quantity)
    for free in frees:
        hold = known[free.hold_id]
        sums.add(hold.lot_id, hold.place_id, 0, -free.quantity)
    return [
        Delta(lot_id, place_id, quantity, held, floors.get(key, 0))
        for key, (lot_id, place_id, quantity, held) in sorted(sums.found.items())
        if quantity or held
    ]
