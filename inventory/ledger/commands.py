"""Writing the ledger: goods in, moves, blocking, reversal, write-off. Every command is one entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select, update

from inventory.core.errors import NotFound, StalePage
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.ledger import rules
from inventory.ledger.posting import places_of, post, virtual_place
from inventory.ledger.rules import Free, Line
from inventory.models import Balance, Discrepancy, Hold, Journal, Lot, Movement, Place
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.numbering import labels
from inventory.people.rules import At


@dataclass(frozen=True)
class GoodsLine:
    """One lot that comes in. Money in fen, quantity in base units of the item."""

    item_id: UUID
    place_id: UUID
    quantity: int
    batch: str = ""
    made_on: dt.date | None = None
    expires_on: dt.date | None = None
    spec: str = ""
    origin: str = ""
    quality: str = ""
    unit_price_fen: int | None = None


def new_lot(
    work: Work,
    *,
    deed: Deed,
    item_id: UUID,
    owner_id: UUID,
    source: str,
    batch: str = "",
    made_on: dt.date | None = None,
    expires_on: dt.date | None = None,
    entered_on: dt.date | None = None,
    spec: str = "",
    origin: str = "",
    quality: str = "",
    source_name: str = "",
    fund: str = "",
    channel: str = "own",
    unit_price_fen: int | None = None,
    split_from_id: UUID | None = None,
    blocked: str | None = None,
    label: str | None = None,
    id: UUID | None = None,
) -> UUID:
    """Make a lot within a deed and return its id; `label` is one of `numbering.labels`, by default the next one.

    `id` is given where the lot is another node's and keeps its id.
    """
    lot_id = id or work.env.new_id()
    work.session.add(
        Lot(
            id=lot_id,
            label=label or labels(work, "lot", many=1)[0],
            item_id=item_id,
            owner_id=owner_id,
            batch=batch,
            made_on=made_on,
            expires_on=expires_on,
            entered_on=entered_on or deed.occurred_at.astimezone(HOME_ZONE).date(),
            spec=spec,
            origin=origin,
            quality=quality,
            source=source,
            source_name=source_name,
            fund=fund,
            channel=channel,
            unit_price_fen=unit_price_fen,
            blocked=blocked,
            split_from_id=split_from_id,
            changed_by_id=deed.id,
        )
    )
    return lot_id


def open_place(work: Work, *, deed: Deed, id: UUID, kind: str, code: str, site_id: UUID | None = None) -> UUID:
    """Make a place within a deed (a bin, a consignment's transit, a receiver's custody) and return its id."""
    work.session.add(Place(id=id, kind=kind, code=code, site_id=site_id, floor=0, open=True, made_by_id=deed.id))
    return id


def open_bin(work: Work, *, id: UUID, site_id: UUID, code: str, kind: str = "bin") -> Done:
    """Open a bin (or a staging or quarantine area) in a site."""
    deed = begin(work, id=id, kind="open_bin", asked={"site": site_id, "code": code, "kind": kind}, at=At(site_id))
    if deed.done:
        return deed.done
    place_id = open_place(work, deed=deed, id=work.env.new_id(), kind=kind, code=code, site_id=site_id)
    return finish(work, deed, outcome={"place": place_id}, subject_id=place_id)


def receive_goods(
    work: Work,
    *,
    id: UUID,
    site_id: UUID,
    owner_id: UUID,
    source: str,
    lines: Sequence[GoodsLine],
    source_name: str = "",
    channel: str = "own",
    occurred_at: dt.datetime | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Done:
    """Take goods into the bins of a site: one new lot a line, supplier to bin; `channel` is own or entrusted.

    Raises
    ------
    NotPermitted, NotAMovement, NotFound, AfterCount
    """
    asked = {
        "site": site_id,
        "owner": owner_id,
        "source": source,
        "source_name": source_name,
        "channel": channel,
        "lines": [asdict(line) for line in lines],
        "occurred_at": occurred_at,
    }
    deed = begin(
        work,
        id=id,
        kind="receive_goods",
        asked=asked,
        at=At(site_id),
        occurred_at=occurred_at,
        confirmed=confirmed,
    )
    if deed.done:
        return deed.done
    _check_bins(work, site_id, {line.place_id for line in lines})
    supplier = virtual_place(work, "supplier")
    posted, lots = [], []
    for line, label in zip(lines, labels(work, "lot", many=len(lines)) if lines else [], strict=True):
        lot_id = new_lot(
            work,
            deed=deed,
            label=label,
            item_id=line.item_id,
            owner_id=owner_id,
            source=source,
            source_name=source_name,
            channel=channel,
            batch=line.batch,
            made_on=line.made_on,
            expires_on=line.expires_on,
            spec=line.spec,
            origin=line.origin,
            quality=line.quality,
            unit_price_fen=line.unit_price_fen,
        )
        lots.append(lot_id)
        posted.append(Line(lot_id, supplier, line.place_id, line.quantity, "receive"))
    post(work, deed=deed, lines=posted)
    return finish(work, deed, outcome={"lots": lots}, subject_id=site_id)


def _check_bins(work: Work, site_id: UUID, places: set[UUID]) -> None:
    """Refuse places of another site: a person's scope was checked for this one."""
    work.flush()
    found = {place.id for place in places_of(work, places).values() if place.site_id == site_id}
    if found != places:
        raise NotFound(kind="bin", key=str(next(iter(places - found))))


def move_stock(
    work: Work,
    *,
    id: UUID,
    site_id: UUID,
    lot_id: UUID,
    from_place_id: UUID,
    to_place_id: UUID,
    quantity: int,
    reason: str = "move",
    occurred_at: dt.datetime | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Done:
    """Move stock between two places of one site (put away, re-bin, into or out of quarantine)."""
    asked = {
        "site": site_id,
        "lot": lot_id,
        "from": from_place_id,
        "to": to_place_id,
        "quantity": quantity,
        "reason": reason,
        "occurred_at": occurred_at,
    }
    deed = begin(
        work, id=id, kind="move_stock", asked=asked, at=At(site_id), occurred_at=occurred_at, confirmed=confirmed
    )
    if deed.done:
        return deed.done
    _check_bins(work, site_id, {from_place_id, to_place_id})
    post(work, deed=deed, lines=[Line(lot_id, from_place_id, to_place_id, quantity, reason)])
    return finish(work, deed, outcome={"quantity": quantity}, subject_id=lot_id)


def block_lot(work: Work, *, id: UUID, site_id: UUID, lot_id: UUID, why: str, note: str, seen: UUID) -> Done:
    """Put a lot on hold 冻结 (`why` is on_hold or recalled): it stays where it is and is not proposed any more."""
    return _set_blocked(work, id=id, kind="block_lot", site_id=site_id, lot_id=lot_id, why=why, note=note, seen=seen)


def release_lot(work: Work, *, id: UUID, site_id: UUID, lot_id: UUID, note: str, seen: UUID) -> Done:
    """Release a lot that was on hold."""
    return _set_blocked(work, id=id, kind="release_lot", site_id=site_id, lot_id=lot_id, why=None, note=note, seen=seen)


def _set_blocked(
    work: Work, *, id: UUID, kind: str, site_id: UUID, lot_id: UUID, why: str | None, note: str, seen: UUID
) -> Done:
    asked = {"site": site_id, "lot": lot_id, "why": why, "note": note}
    deed = begin(work, id=id, kind=kind, asked=asked, at=At(site_id))
    if deed.done:
        return deed.done
    stands_here = work.connection.scalar(
        select(Place.id)
        .join(Balance, Balance.place_id == Place.id)
        .where(Balance.lot_id == lot_id, Place.site_id == site_id)
        .limit(1)
    )
    if stands_here is None:  # The scope was checked for this site, so the lot must stand in it.
        raise NotFound(kind="lot", key=str(lot_id))
    changed = work.connection.execute(
        update(Lot).where(Lot.id == lot_id, Lot.changed_by_id == seen).values(blocked=why, changed_by_id=deed.id)
    )
    if changed.rowcount != 1:
        raise StalePage(kind="lot", key=str(lot_id))
    return finish(work, deed, outcome={"blocked": why}, subject_id=lot_id)


def reverse_entry(
    work: Work, *, id: UUID, site_id: UUID, entry_id: UUID, why: str, confirmed: frozenset[str] = frozenset()
) -> Done:
    """Undo an entry's movements by the same lines with their ends swapped, as of the original's time.

    Raises
    ------
    NotFound, NotReversible, AlreadyReversed, NotEnoughStock, AfterCount
    """
    deed = begin(
        work,
        id=id,
        kind="reverse_entry",
        asked={"site": site_id, "entry": entry_id, "why": why},
        at=At(site_id),
        confirmed=confirmed,
    )
    if deed.done:
        return deed.done
    original = work.connection.execute(
        select(Journal.kind, Journal.occurred_at, Journal.subject_id, Journal.incident_id).where(Journal.id == entry_id)
    ).one_or_none()
    if original is None:
        raise NotFound(kind="entry", key=str(entry_id))
    if original.kind not in rules.REVERSIBLE_KINDS:
        raise rules.NotReversible(kind=original.kind)
    if work.connection.scalar(select(Journal.id).where(Journal.reverses_id == entry_id)) is not None:
        raise rules.AlreadyReversed()
    lines = [line for line in _lines_of(work, entry_id) if line.reason != "after_count"]
    real = {end for line in lines for end in (line.from_place_id, line.to_place_id)}
    _check_bins(
        work,
        site_id,
        set(work.connection.scalars(select(Place.id).where(Place.id.in_(real), Place.site_id.is_not(None)))),
    )
    deed.occurred_at = original.occurred_at
    post(work, deed=deed, lines=rules.reversed_lines(lines))
    return finish(
        work,
        deed,
        outcome={"lines": len(lines)},
        subject_id=original.subject_id,
        incident_id=original.incident_id,
        reverses_id=entry_id,
    )


def _lines_of(work: Work, entry_id: UUID) -> list[Line]:
    """Return the movement lines of an entry, in their order."""
    rows = work.connection.execute(
        select(
            Movement.lot_id,
            Movement.from_place_id,
            Movement.to_place_id,
            Movement.quantity,
            Movement.reason,
            Movement.hold_id,
            Movement.order_line_id,
            Movement.occurred_at,
        )
        .where(Movement.entry_id == entry_id)
        .order_by(Movement.line)
    )
    return [Line(*row) for row in rows]


def write_off(
    work: Work, *, id: UUID, site_id: UUID, lot_id: UUID, from_place_id: UUID, quantity: int, why: str
) -> Done:
    """Write stock off as lost: from where the book has it to lost and found, by a manager, with a reason."""
    asked = {"site": site_id, "lot": lot_id, "from": from_place_id, "quantity": quantity, "why": why}
    deed = begin(work, id=id, kind="write_off", asked=asked, at=At(site_id))
    if deed.done:
        return deed.done
    _check_bins(work, site_id, {from_place_id})
    lost = virtual_place(work, "lost_found")
    post(work, deed=deed, lines=[Line(lot_id, from_place_id, lost, quantity, "lost")])
    return finish(work, deed, outcome={"quantity": quantity}, subject_id=lot_id)


def scrap_stock(
    work: Work, *, id: UUID, site_id: UUID, lot_id: UUID, from_place_id: UUID, quantity: int, why: str
) -> Done:
    """Scrap stock of a bin or quarantine area, by a manager, with the appraisal named in `why`."""
    asked = {"site": site_id, "lot": lot_id, "from": from_place_id, "quantity": quantity, "why": why}
    deed = begin(work, id=id, kind="scrap_stock", asked=asked, at=At(site_id))
    if deed.done:
        return deed.done
    _check_bins(work, site_id, {from_place_id})
    post(work, deed=deed, lines=[Line(lot_id, from_place_id, virtual_place(work, "scrap"), quantity, "scrap")])
    return finish(work, deed, outcome={"quantity": quantity}, subject_id=lot_id)


def expire_holds(work: Work, *, id: UUID) -> Done:
    """Free the holds whose time limit has passed; the clock does this."""
    deed = begin(work, id=id, kind="expire_holds", asked={}, at=At())
    if deed.done:
        return deed.done
    due = work.connection.execute(
        select(Hold.id, Hold.remaining).where(Hold.remaining > 0, Hold.expires_at <= work.now)
    ).all()
    post(work, deed=deed, lines=[], frees=[Free(row.id, row.remaining) for row in due])
    return finish(work, deed, outcome={"holds": [row.id for row in due]})


def open_discrepancy(
    work: Work, *, deed: Deed, id: UUID, kind: str, lot_id: UUID, place_id: UUID, quantity: int, note: str = ""
) -> None:
    """Record within a deed that something does not agree; it stays visible until somebody resolves it."""
    work.session.add(
        Discrepancy(
            id=id,
            kind=kind,
            lot_id=lot_id,
            place_id=place_id,
            quantity=quantity,
            note=note,
            opened_by_id=deed.id,
        )
    )
