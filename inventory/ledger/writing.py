"""Writing the rows of an entry: its movements and its new holds, and the same as facts of the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, text

from inventory.core.prepared import Prepared
from inventory.core.work import Work
from inventory.ledger.rules import Line, NewHold
from inventory.models import Hold, Movement
from inventory.people.journal import Deed

_MOVEMENTS = Prepared(insert(Movement), columns=Movement.__table__.columns.keys())
_MOVEMENTS_AT_ONCE = Prepared(
    text("""INSERT INTO movement (entry_id, line, lot_id, from_place_id, to_place_id, quantity, reason, occurred_at,
        hold_id, order_line_id)
    SELECT CAST(:entry AS uuid), x.* FROM json_to_recordset(CAST(:rows AS json)) AS x(line bigint, lot_id uuid,
        from_place_id uuid, to_place_id uuid, quantity bigint, reason text, occurred_at timestamptz, hold_id uuid,
        order_line_id uuid)""")
)
_NEW_HOLDS = insert(Hold)


def write_rows(work: Work, deed: Deed, lines: Sequence[Line], holds: Sequence[NewHold]) -> None:
    """Write the movement rows and the new holds, and remember the lines for the entry's facts."""
    if lines:
        _write_movements(work, deed, lines)
    if holds:
        work.connection.execute(_NEW_HOLDS, [_hold_row(deed, hold) for hold in holds])
        deed.noted.setdefault("holds", []).extend(
            [hold.id, hold.lot_id, hold.place_id, hold.quantity, hold.order_line_id, hold.expires_at] for hold in holds
        )


def _write_movements(work: Work, deed: Deed, lines: Sequence[Line]) -> None:
    start = len(deed.movements)
    at_once = work.on_postgresql and len(lines) > 1
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start):
        moment = line.occurred_at or deed.occurred_at
        fact = [
            str(line.lot_id),
            str(line.from_place_id),
            str(line.to_place_id),
            line.quantity,
            line.reason,
            str(line.hold_id) if line.hold_id else None,
            str(line.order_line_id) if line.order_line_id else None,
            *([] if moment == deed.occurred_at else [moment]),
        ]
        deed.movements.append(fact)
        row: dict[str, Any] = {"line": number, "quantity": line.quantity, "reason": line.reason}
        if at_once:
            row |= {"lot_id": fact[0], "from_place_id": fact[1], "to_place_id": fact[2], "hold_id": fact[5]}
            row |= {"order_line_id": fact[6], "occurred_at": moment.isoformat()}
        else:
            row |= {"lot_id": line.lot_id, "from_place_id": line.from_place_id, "to_place_id": line.to_place_id}
            row |= {"hold_id": line.hold_id, "order_line_id": line.order_line_id}
            row |= {"entry_id": deed.id, "occurred_at": moment}
        rows.append(row)
    if at_once:
        _MOVEMENTS_AT_ONCE.run(work.connection, {"entry": deed.id, "rows": json.dumps(rows)})
    else:
        _MOVEMENTS.run_many(work.connection, rows)


def _hold_row(deed: Deed, hold: NewHold) -> dict[str, Any]:
    return {
        "id": hold.id,
        "lot_id": hold.lot_id,
        "place_id": hold.place_id,
        "order_line_id": hold.order_line_id,
        "quantity": hold.quantity,
        "remaining": hold.quantity,
        "used": 0,
        "freed": 0,
        "expires_at": hold.expires_at,
        "made_by_id": deed.id,
    }
