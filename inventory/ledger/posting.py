"""Posting: how an entry's movements enter the ledger, with the balances and holds that follow from them.

One entry is posted whole. Its amounts are netted per (lot, place), applied in one global order (so that writers do not
deadlock) by guarded updates (so that nobody oversells), with CHECKs behind them. Lines become movement rows that are
never changed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select, tuple_, update

from inventory.core.base import Key, as_key
from inventory.core.errors import BrokenInvariant, Name, NotFound
from inventory.core.prepared import Prepared
from inventory.core.work import Work
from inventory.ledger import rules
from inventory.ledger.applying import apply_on_postgresql, apply_on_sqlite
from inventory.ledger.netting import Delta, net
from inventory.ledger.rules import Counted, Free, Line, NewHold
from inventory.ledger.writing import write_rows
from inventory.models import Balance, Hold, Item, Lot, Place
from inventory.people.journal import Deed
from inventory.people.queries import here


class Stand(NamedTuple):
    """What a posting must know of a place."""

    id: UUID
    kind: str
    floor: int
    drill_id: UUID | None
    open: bool
    code: str
    site_id: UUID | None


_ONE_BY_ONE_MAX = 4
_PLACE = Prepared(
    select(Place.kind, Place.floor, Place.drill_id, Place.open, Place.code, Place.site_id).where(
        Place.id == bindparam("id", type_=Key())
    )
)
_PLACES = select(Place.id, Place.kind, Place.floor, Place.drill_id, Place.open, Place.code, Place.site_id).where(
    Place.id.in_(bindparam("ids", expanding=True))
)
_VIRTUAL = select(Place.id).where(
    Place.kind == bindparam("kind"), Place.node_id == bindparam("node"), Place.drill_id.is_(None)
)
_SERIAL = (
    select(Lot.id)
    .join(Item, Item.id == Lot.item_id)
    .where(Item.tracking == "serial", Lot.id.in_(bindparam("lots", expanding=True)))
)
SERIAL_FLOOR = -1
"""The floor of the supplier's balance of a lot that is one device: it enters once."""
_HOLDS = select(Hold.id, Hold.lot_id, Hold.place_id, Hold.remaining).where(
    Hold.id.in_(bindparam("ids", expanding=True))
)
_b = Balance.__table__.c
_USE = Prepared(
    update(Hold)
    .where(Hold.id == bindparam("hold"), Hold.remaining >= bindparam("n"))
    .values(remaining=Hold.remaining - bindparam("n"), used=Hold.used + bindparam("n"))
)
_FREE = Prepared(
    update(Hold)
    .where(Hold.id == bindparam("hold"), Hold.remaining >= bindparam("n"))
    .values(remaining=Hold.remaining - bindparam("n"), freed=Hold.freed + bindparam("n"))
)
_LOCKED_AT_ONCE = 500
"""Pairs in one statement: SQLite takes 32,766 parameters, and long statements are slow to prepare."""


def virtual_place(work: Work, kind: str) -> UUID:
    """Return this node's place of a kind that stands for the outside world (supplier, lost_found, consumed …)."""
    node = here(work).id
    kept = work.lasting if "here" in work.lasting else work.memory
    known: dict[str, UUID] = kept.setdefault("virtual_places", {})
    if kind not in known:
        found = work.connection.execute(_VIRTUAL, {"kind": kind, "node": node}).scalar_one_or_none()
        if found is None:
            raise BrokenInvariant(f"this node has no place of kind {kind}")
        known[kind] = found
    return known[kind]


def post(
    work: Work,
    *,
    deed: Deed,
    lines: Sequence[Line],
    holds: Sequence[NewHold] = (),
    frees: Sequence[Free] = (),
    counted: Sequence[Counted] = (),
) -> None:
    """Post the movements of a deed; `people.journal.finish` writes its entry afterwards.

    Parameters
    ----------
    lines
        What moves, in base units; a line that names a hold uses that much of it.
    holds, frees
        Stock to set aside, and holds to set free.
    counted
        Shelves of which a count states what stood there; later entries about earlier times settle against lost and
        found from then on.

    Raises
    ------
    NotAMovement, NotEnoughStock, HoldExhausted, PlaceClosed, TwoWorlds, AfterCount
    """
    for line in lines:
        rules.check_line(line)
    for quantity in [*(hold.quantity for hold in holds), *(free.quantity for free in frees)]:
        rules.check_quantity(quantity)
    work.flush()  # The lots, places and order lines that the command made must be there first.
    posted = [*lines, *_fences(work, deed, lines, counting=bool(counted))]
    places = _places(work, {end for line in posted for end in (line.from_place_id, line.to_place_id)}, holds)
    asked = [(line.hold_id, line.quantity) for line in posted if line.hold_id]
    known = _known_holds(work, [*asked, *((free.hold_id, free.quantity) for free in frees)])
    deltas = net(posted, holds, frees, known, _floors(work, posted, places))
    short = apply_on_postgresql(work, deltas) if work.on_postgresql else apply_on_sqlite(work, deltas)
    if short:
        _refuse_short(work, short)
    _use_holds(work, posted, frees, known)
    write_rows(work, deed, posted, holds)
    if frees:
        deed.noted.setdefault("frees", []).extend([free.hold_id, free.quantity] for free in frees)
    for one in counted:
        work.connection.execute(
            update(Balance)
            .where(_b.lot_id == one.lot_id, _b.place_id == one.place_id)
            .where(or_(_b.counted_at.is_(None), _b.counted_at < one.counted_at))
            .values(counted_at=one.counted_at)
        )


def _places(work: Work, ids: set[UUID], holds: Sequence[NewHold]) -> dict[UUID, Stand]:
    """Return the places of a posting; refuse closed ones and a mix of drill and reality."""
    wanted = ids | {hold.place_id for hold in holds}
    if not wanted:
        return {}
    rows = places_of(work, wanted)
    if len(rows) != len(wanted):
        raise NotFound(kind="place", key=str(next(iter(wanted - rows.keys()))))
    for row in rows.values():
        if not row.open:
            raise rules.PlaceClosed(place=row.code)
    if len({row.drill_id for row in rows.values()}) > 1:
        raise rules.TwoWorlds()
    return rows


def places_of(work: Work, wanted: set[UUID]) -> dict[UUID, Stand]:
    """Return the places by id, looked up once in a transaction; those that are not there are left out.

    One by one where each look costs nothing, all at once where it is a journey.
    """
    known: dict[UUID, Stand] = work.memory.setdefault("stands", {})
    missing = wanted - known.keys()
    if missing and (work.on_postgresql or len(missing) > _ONE_BY_ONE_MAX):
        known.update({row.id: Stand(*row) for row in work.connection.execute(_PLACES, {"ids": list(missing)})})
    else:
        for key in missing:
            row = _PLACE.run(work.connection, {"id": key}).one_or_none()
            if row is not None:
                drill, site = as_key(row.drill_id), as_key(row.site_id)
                known[key] = Stand(key, row.kind, row.floor, drill, bool(row.open), row.code, site)
    return {key: known[key] for key in wanted if key in known}


def _fences(work: Work, deed: Deed, lines: Sequence[Line], *, counting: bool) -> list[Line]:
    """Return the counter-lines for movements that happened before a count which is already posted.

    The balances are locked here (a count locks them before it looks at the book), so that no count is posted between
    this look and the movement.
    """
    if not any(_moment(deed, line) < work.now for line in lines):
        return []
    pairs = {(line.lot_id, end) for line in lines for end in (line.from_place_id, line.to_place_id)}
    fenced = {pair: counted_at for pair, counted_at in lock_balances(work, list(pairs)).items() if counted_at}
    if not fenced:
        return []
    lost_found = virtual_place(work, "lost_found")
    counters = []
    for line in lines:
        for end in (line.from_place_id, line.to_place_id):
            counted_at = fenced.get((line.lot_id, end))
            moment = _moment(deed, line)
            if counted_at and (moment < counted_at or (moment == counted_at and not counting)):
                if rules.AfterCount.code not in deed.confirmed:
                    raise _after_count(work, line, end, counted_at)
                counters.append(rules.counter_line(line, place_id=end, lost_found_id=lost_found))
    return counters


def lock_balances(work: Work, pairs: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], dt.datetime | None]:
    """Lock the balances of (lot, place) until the transaction ends; return when each was last counted.

    Pairs without a balance, and places that stand for the outside world, are left out.
    """
    found: dict[tuple[UUID, UUID], dt.datetime | None] = {}
    ordered = sorted(pairs)
    for start in range(0, len(ordered), _LOCKED_AT_ONCE):
        rows = work.connection.execute(
            select(_b.lot_id, _b.place_id, _b.counted_at)
            .where(tuple_(_b.lot_id, _b.place_id).in_(ordered[start : start + _LOCKED_AT_ONCE]), _b.floor == 0)
            .order_by(_b.lot_id, _b.place_id)
            .with_for_update()
        )
        found |= {(row.lot_id, row.place_id): row.counted_at for row in rows}
    return found


def _moment(deed: Deed, line: Line) -> dt.datetime:
    """Return when a line happened: its own time where it has one, else that of its entry."""
    return line.occurred_at or deed.occurred_at


def _after_count(work: Work, line: Line, place_id: UUID, counted_at: Any) -> rules.AfterCount:
    lot = work.connection.execute(select(Lot.label).where(Lot.id == line.lot_id)).scalar_one()
    place = work.connection.execute(select(Place.code).where(Place.id == place_id)).scalar_one()
    return rules.AfterCount(lot=lot, place=place, counted_at=counted_at, quantity=line.quantity)


def _known_holds(work: Work, asked: Sequence[tuple[UUID, int]]) -> dict[UUID, Any]:
    """Return the holds of a posting; refuse when one is asked for more than remains of it."""
    totals: Counter[UUID] = Counter()
    for hold_id, quantity in asked:
        totals[hold_id] += quantity
    if not totals:
        return {}
    known = {row.id: row for row in work.connection.execute(_HOLDS, {"ids": list(totals)})}
    for hold_id, total in totals.items():
        remaining = known[hold_id].remaining if hold_id in known else 0
        if total > remaining:
            raise rules.HoldExhausted(remaining=remaining, asked=total)
    return known


def _floors(work: Work, lines: Sequence[Line], places: dict[UUID, Any]) -> dict[tuple[int, int], int]:
    """Return how low each balance of the lines may go, by the numbers of its lot and place.

    As low as its place may go, but a device comes from the supplier once.
    """
    stands = {place_id.int: (stand.floor, stand.kind == "supplier") for place_id, stand in places.items()}
    floors: dict[tuple[int, int], int] = {}
    supplied: dict[tuple[int, int], UUID] = {}
    for line in lines:
        for end in (line.from_place_id.int, line.to_place_id.int):
            pair = line.lot_id.int, end
            floors[pair], supplies = stands[end]
            if supplies:
                supplied[pair] = line.lot_id
    if supplied:
        serial = set(work.connection.scalars(_SERIAL, {"lots": sorted(set(supplied.values()))}))
        floors |= {pair: SERIAL_FLOOR for pair, lot_id in supplied.items() if lot_id in serial}
    return floors


def _refuse_short(work: Work, short: Sequence[Delta]) -> None:
    """Tell what stands there against what was asked, for the first that was short."""
    delta = short[0]
    balance = work.connection.execute(
        select(_b.quantity, _b.held).where(_b.lot_id == delta.lot_id, _b.place_id == delta.place_id)
    ).one_or_none()
    lot = work.connection.execute(
        select(Lot.label, Item.name_zh, Item.name_en).join(Item, Item.id == Lot.item_id).where(Lot.id == delta.lot_id)
    ).one_or_none()
    place = work.connection.execute(select(Place.code).where(Place.id == delta.place_id)).scalar_one()
    on_hand, held = (balance.quantity, balance.held) if balance else (0, 0)
    raise rules.NotEnoughStock(
        item=Name(lot.name_zh, lot.name_en) if lot else Name("?"),
        lot=lot.label if lot else "?",
        place=place,
        on_hand=on_hand,
        held=held,
        available=on_hand - held,
        asked=max(-delta.quantity, delta.held - delta.quantity),
        others=len(short) - 1,
    )


def _use_holds(work: Work, lines: Sequence[Line], frees: Sequence[Free], known: dict[UUID, Any]) -> None:
    for statement, amounts in (
        (_USE, [(line.hold_id, line.quantity) for line in lines if line.hold_id is not None]),
        (_FREE, [(free.hold_id, free.quantity) for free in frees]),
    ):
        for hold_id, quantity in amounts:
            if statement.run(work.connection, {"hold": hold_id, "n": quantity}).rowcount != 1:
                raise rules.HoldExhausted(remaining=known[hold_id].remaining, asked=quantity)
