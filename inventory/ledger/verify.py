"""The proof of the books: every balance recomputed from the movements, every sum, hold and chain link.

Cheap enough for every restore, every night and a button on the self-check page. An empty list is the proof.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, union_all

from inventory.core.append_only import missing_rules
from inventory.core.canonical import instant
from inventory.core.work import Work
from inventory.models import (
    APPEND_ONLY,
    FROZEN_COLUMNS,
    Balance,
    Discrepancy,
    Hold,
    Journal,
    Lot,
    Movement,
    Place,
)
from inventory.people.chain import verify_chain


@dataclass(frozen=True)
class Violation:
    """Something that cannot be: a code, how often, and one example."""

    code: str
    count: int
    example: str


_FLOWS = union_all(
    select(Movement.to_place_id.label("place_id"), Movement.lot_id, Movement.quantity.label("q")),
    select(Movement.from_place_id, Movement.lot_id, -Movement.quantity),
).subquery()
_SUMS = (
    select(_FLOWS.c.place_id, _FLOWS.c.lot_id, func.sum(_FLOWS.c.q).label("q"))
    .group_by(_FLOWS.c.place_id, _FLOWS.c.lot_id)
    .subquery()
)
_HELD = (
    select(Hold.lot_id, Hold.place_id, func.sum(Hold.remaining).label("q")).group_by(Hold.lot_id, Hold.place_id)
).subquery()
_USED = (
    select(Movement.hold_id, func.sum(Movement.quantity).label("q"))
    .where(Movement.hold_id.is_not(None))
    .group_by(Movement.hold_id)
    .subquery()
)
_OVERDRAWN = (
    select(Discrepancy.lot_id, Discrepancy.place_id, func.sum(Discrepancy.quantity).label("q"))
    .where(Discrepancy.resolved_by_id.is_(None), Discrepancy.kind.in_(("overdrawn", "hold_broken")))
    .group_by(Discrepancy.lot_id, Discrepancy.place_id)
    .subquery()
)


def violations(work: Work, *, chain: bool = True) -> list[Violation]:
    """Return everything that is wrong with the books of this database.

    Parameters
    ----------
    chain
        Whether to recompute the hash chain too (reads every entry).
    """
    same = and_(_SUMS.c.place_id == Balance.place_id, _SUMS.c.lot_id == Balance.lot_id)
    held = and_(_HELD.c.place_id == Balance.place_id, _HELD.c.lot_id == Balance.lot_id)
    over = and_(_OVERDRAWN.c.place_id == Balance.place_id, _OVERDRAWN.c.lot_id == Balance.lot_id)
    lot_sums = select(Balance.lot_id, func.sum(Balance.quantity).label("q")).group_by(Balance.lot_id).subquery()
    checks = {
        "balance_differs_from_movements": select(Balance.lot_id)
        .outerjoin(_SUMS, same)
        .where(Balance.quantity != func.coalesce(_SUMS.c.q, 0)),
        "movements_without_balance": select(_SUMS.c.lot_id)
        .outerjoin(Balance, same)
        .where(Balance.lot_id.is_(None), _SUMS.c.q != 0),
        "lot_does_not_sum_to_zero": select(lot_sums.c.lot_id).where(lot_sums.c.q != 0),
        "oversold": select(Balance.lot_id).where(
            or_(
                Balance.held < 0,
                Balance.quantity - Balance.held < Balance.floor - Balance.overdrawn,
            )
        ),
        "held_differs_from_holds": select(Balance.lot_id)
        .outerjoin(_HELD, held)
        .where(Balance.held != func.coalesce(_HELD.c.q, 0)),
        "hold_used_differs_from_movements": select(Hold.id)
        .outerjoin(_USED, _USED.c.hold_id == Hold.id)
        .where(Hold.used != func.coalesce(_USED.c.q, 0)),
        "overdrawn_differs_from_discrepancies": select(Balance.lot_id)
        .outerjoin(_OVERDRAWN, over)
        .where(Balance.overdrawn != func.coalesce(_OVERDRAWN.c.q, 0)),
        "floor_differs_from_place": select(Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Balance.floor != Place.floor, Balance.floor != -1),
        "movement_without_entry": select(Movement.lot_id)
        .outerjoin(Journal, Journal.id == Movement.entry_id)
        .where(Journal.id.is_(None)),
    }
    found = []
    for code, query in checks.items():
        wrong = work.connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        if wrong:
            found.append(Violation(code, wrong, str(work.connection.execute(query.limit(1)).scalar_one())))
    found.extend(_conversion(work))
    found.extend(
        Violation("missing_rule", 1, name) for name in missing_rules(work.connection, APPEND_ONLY, FROZEN_COLUMNS)
    )
    if chain:
        found.extend(chain_violations(work))
        found.extend(facts_against_rows(work))
    return found


def _conversion(work: Work) -> list[Violation]:
    """What goes into a change of owner, a split or a merge comes out again: zero per item."""
    rows = work.connection.execute(
        select(Lot.item_id, func.sum(Balance.quantity).label("q"))
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Place.kind == "conversion")
        .group_by(Lot.item_id)
    ).all()
    wrong = [row for row in rows if row.q != 0]
    return [Violation("conversion_not_zero", len(wrong), str(wrong[0].item_id))] if wrong else []


def chain_violations(work: Work) -> list[Violation]:
    """Say what `people.chain` finds: entries that do not follow from one another, or another head than the last one."""
    faults = verify_chain(work)
    broken = [fault for fault in faults if fault.code != "head"]
    heads = [fault for fault in faults if fault.code == "head"]
    return [
        Violation(code, len(some), f"{some[0].node} {some[0].sequence}")
        for code, some in (("chain_broken", broken), ("chain_head_differs", heads))
        if some
    ]


def facts_against_rows(work: Work) -> list[Violation]:
    """Every movement row stands in the facts of its entry, word for word, and none is missing.

    Entries and movements are read side by side in the order of the entry's id, so memory stays flat.
    """
    columns = (Movement.entry_id, Movement.lot_id, Movement.from_place_id, Movement.to_place_id, Movement.quantity)
    more = (Movement.reason, Movement.hold_id, Movement.order_line_id, Movement.occurred_at)
    lines = iter(
        work.connection.execute(
            select(*columns, *more).order_by(Movement.entry_id, Movement.line),
            execution_options={"yield_per": 1000},
        )
    )
    entries = work.connection.execute(
        select(Journal.id, Journal.sequence, Journal.occurred_at, Journal.facts).order_by(Journal.id),
        execution_options={"yield_per": 500},
    )
    wrong: list[int] = []
    line = next(lines, None)
    for entry in entries:
        rows = []
        while line is not None and line.entry_id <= entry.id:
            if line.entry_id == entry.id:  # A line of no entry at all is told by movement_without_entry.
                rows.append([str(part) if isinstance(part, UUID) else part for part in line[1:]])
            line = next(lines, None)
        if _told_movements(entry.facts, entry.occurred_at) != rows:
            wrong.append(entry.sequence)
    return [Violation("movement_differs_from_entry", len(wrong), str(wrong[0]))] if wrong else []


def _told_movements(facts: bytes, occurred_at: dt.datetime) -> list[list[Any]] | None:
    """Return the movements as the facts of an entry tell them; None where the facts cannot be read any more."""
    try:
        told = json.loads(facts).get("movements", [])
        return [[*one[:7], instant(one[7]) if len(one) > 7 else occurred_at] for one in told]
    except (ValueError, TypeError, AttributeError):
        return None
