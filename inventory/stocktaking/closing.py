"""Approving a count by a third person, and posting its differences as of the moment each line was counted.

Posting never waits for the warehouse to stand still: what moved after a line was counted stays moved, and what is
learnt later about the time before it settles against lost and found (the fence of the ledger).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.ledger.commands import new_lot
from inventory.ledger.posting import lock_balances, post, virtual_place
from inventory.ledger.rules import Counted, Free, Line
from inventory.models import CountLine, Item, Journal, Place
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import At, InTheFuture
from inventory.people.signing_off import sign_off
from inventory.stocktaking import rules
from inventory.stocktaking.lines import AnyRow, count_row
from inventory.stocktaking.opening import advance
from inventory.stocktaking.reviewing import Settlement, held_for, settlements

REASON = "count"
"""The reason of the movements that a count posts."""


def approve_count(work: Work, *, id: UUID, count_id: UUID, seen: UUID | None = None) -> Done:
    """Approve the differences of a count, by a person who has neither counted nor recounted any of it.

    Raises
    ------
    NotPermitted, NotFound, WrongState, StalePage, RecountsOpen, FourEyes, LeftAfterCount
    """
    count = count_row(work, count_id, lock=True)
    deed = begin(work, id=id, kind="approve_count", asked={"count": count_id}, at=At(count.site_id))
    if deed.done:
        return deed.done
    advance(work, deed=deed, count=count, target="approved", seen=seen)
    waiting = (
        work.connection.execute(
            select(CountLine.label)
            .where(CountLine.count_id == count_id, CountLine.recount)
            .order_by(CountLine.position)
        )
        .scalars()
        .all()
    )
    if waiting:
        raise rules.RecountsOpen(count=len(waiting), labels=rules.named(waiting))
    sign_off(work, deed=deed, document_id=count_id, capacity="approver")
    settled = settlements(work, count_id=count_id)
    _refuse_left_after(work, settled)
    deed.noted["differences"] = {str(one.line_id): one.difference for one in settled}
    differing = sum(one.difference != 0 for one in settled)
    outcome = {"number": count.number, "lines": len(settled), "differing": differing}
    return finish(work, deed, outcome=outcome, subject_id=count_id)


def post_count(
    work: Work,
    *,
    id: UUID,
    count_id: UUID,
    free_holds: Sequence[Free] = (),
    seen: UUID | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Done:
    """Post a count: each difference between bin and lost & found, as of the moment its line was counted.

    Parameters
    ----------
    free_holds
        Reservations to free in the same entry where what was counted no longer covers them; never more than that.
    confirmed
        Codes of `NeedsConfirmation` the person has said yes to: count_overtaken, changed_since_approval.

    Returns
    -------
    Done
        With `lines`, `differing`, `gained`, `lost` (base units), `freed` (orders) and `overtaken` (labels).

    Raises
    ------
    NotPermitted, NotFound, WrongState, StalePage, Overtaken, ChangedSinceApproval, BelowReservations, FreedTooMuch,
    LeftAfterCount, InTheFuture, NotEnoughStock
    """
    count = count_row(work, count_id, lock=True)
    asked = {"count": count_id, "free_holds": [[free.hold_id, free.quantity] for free in free_holds]}
    deed = begin(work, id=id, kind="post_count", asked=asked, at=At(count.site_id), confirmed=confirmed)
    if deed.done:
        return deed.done
    advance(work, deed=deed, count=count, target="posted", seen=seen)
    lock_balances(work, _shelves(work, count_id))
    settled = settlements(work, count_id=count_id)
    overtaken = [one.label for one in settled if one.overtaken]
    _confirm(work, deed, settled, overtaken, approved=_approved(work, count_id))
    settled = [one for one in settled if not one.overtaken]
    _check_time(work, settled)
    _refuse_left_after(work, settled)
    orders = _check_holds(work, settled, free_holds)
    lots = {one.line_id: one.lot_id or _found_lot(work, deed, count, one) for one in settled}
    post(
        work,
        deed=deed,
        lines=_movements(work, settled, lots),
        frees=free_holds,
        counted=[Counted(lot, one.place_id, one.counted_at) for one in settled if (lot := lots[one.line_id])],
    )
    for one in settled:
        work.connection.execute(
            update(CountLine)
            .where(CountLine.id == one.line_id)
            .values(book=one.book, difference=one.difference, lot_id=lots[one.line_id])
        )
    outcome = {
        "number": count.number,
        "lines": len(settled),
        "differing": sum(one.difference != 0 for one in settled),
        "gained": sum(max(one.difference, 0) for one in settled),
        "lost": sum(max(-one.difference, 0) for one in settled),
        "freed": orders,
        "overtaken": overtaken,
    }
    return finish(work, deed, outcome=outcome, subject_id=count_id)


def _shelves(work: Work, count_id: UUID) -> list[tuple[UUID, UUID]]:
    rows = work.connection.execute(
        select(CountLine.lot_id, CountLine.place_id).where(
            CountLine.count_id == count_id, CountLine.lot_id.is_not(None), CountLine.reading_id.is_not(None)
        )
    )
    return [(row.lot_id, row.place_id) for row in rows]


def _approved(work: Work, count_id: UUID) -> dict[str, int]:
    """Return the differences that were approved, by line, out of the entry of the approval."""
    facts = work.connection.execute(
        select(Journal.facts)
        .where(Journal.subject_id == count_id, Journal.kind == "approve_count")
        .order_by(Journal.sequence.desc())
        .limit(1)
    ).scalar_one()
    approved: dict[str, int] = json.loads(facts)["differences"]
    return approved


def _confirm(
    work: Work, deed: Deed, settled: Sequence[Settlement], overtaken: Sequence[str], *, approved: dict[str, int]
) -> None:
    """Ask before posting other than what was approved."""
    if overtaken and rules.Overtaken.code not in deed.confirmed:
        raise rules.Overtaken(count=len(overtaken), labels=rules.named(overtaken))
    changed = [one.label for one in settled if not one.overtaken and one.difference != approved.get(str(one.line_id))]
    if changed and rules.ChangedSinceApproval.code not in deed.confirmed:
        raise rules.ChangedSinceApproval(count=len(changed), labels=rules.named(changed))


def _check_time(work: Work, settled: Sequence[Settlement]) -> None:
    """Refuse to post what is said to be counted later than now: the fence would cut off what happens meanwhile."""
    for one in settled:
        if one.counted_at > work.now:
            ahead = one.counted_at - work.now
            raise InTheFuture(minutes=int(ahead.total_seconds() // 60) + 1)


def _refuse_left_after(work: Work, settled: Sequence[Settlement]) -> None:
    for one in settled:
        if one.remains < 0:
            raise rules.LeftAfterCount(
                label=one.label,
                place=_place(work, one.place_id),
                counted=one.counted,
                counted_at=one.counted_at,
                left=one.book - one.on_hand,
            )


def _place(work: Work, place_id: UUID) -> str:
    return work.connection.execute(select(Place.code).where(Place.id == place_id)).scalar_one()


def _check_holds(work: Work, settled: Sequence[Settlement], free_holds: Sequence[Free]) -> list[str]:
    """Refuse a count below firm reservations, naming the orders; return the orders whose holds are freed."""
    free: Counter[UUID] = Counter()
    for asked in free_holds:
        free[asked.hold_id] += asked.quantity
    orders: list[str] = []
    short: list[rules.BelowReservations] = []
    for one in settled:
        if one.lot_id is None or one.held == 0:
            continue
        holds = held_for(work, lot_id=one.lot_id, place_id=one.place_id)
        mine = {hold.hold_id: free.pop(hold.hold_id) for hold in holds if hold.hold_id in free}
        missing = max(0, one.held - one.remains) if one.difference < 0 else 0
        if sum(mine.values()) > missing:
            raise rules.FreedTooMuch(label=one.label, missing=missing, freed=sum(mine.values()))
        orders.extend(hold.order for hold in holds if hold.hold_id in mine and hold.order)
        if missing > sum(mine.values()):
            short.append(_below(work, one, missing, [hold.order for hold in holds if hold.order]))
    if free:
        raise NotFound(kind="hold", key=str(min(free)))
    if short:
        short[0].others = len(short) - 1
        raise short[0]
    return sorted(set(orders))


def _below(work: Work, one: Settlement, missing: int, orders: Sequence[str]) -> rules.BelowReservations:
    item = work.connection.execute(select(Item.name_zh, Item.name_en).where(Item.id == one.item_id)).one()
    return rules.BelowReservations(
        item=Name(item.name_zh, item.name_en),
        label=one.label,
        place=_place(work, one.place_id),
        counted=one.counted,
        remains=one.remains,
        held=one.held,
        missing=missing,
        orders=tuple(dict.fromkeys(orders)),
        others=0,
    )


def _found_lot(work: Work, deed: Deed, count: AnyRow, one: Settlement) -> UUID | None:
    """Make the lot of goods that the book did not know; where their expiry matters they wait on hold for a look."""
    if one.counted == 0:
        return None
    tracking = work.connection.execute(select(Item.tracking).where(Item.id == one.item_id)).scalar_one()
    found = work.connection.execute(select(CountLine.found).where(CountLine.id == one.line_id)).scalar_one()
    return new_lot(
        work,
        deed=deed,
        item_id=one.item_id,
        owner_id=count.organisation_id,
        source="found",
        source_name=count.number,
        spec=found,
        blocked="on_hold" if tracking == "expiry" else None,
    )


def _movements(work: Work, settled: Sequence[Settlement], lots: dict[UUID, UUID | None]) -> list[Line]:
    lost_found = virtual_place(work, "lost_found")
    lines = []
    for one in settled:
        lot = lots[one.line_id]
        if one.difference == 0 or lot is None:
            continue
        ends = (lost_found, one.place_id) if one.difference > 0 else (one.place_id, lost_found)
        lines.append(Line(lot, *ends, abs(one.difference), REASON, occurred_at=one.counted_at))
    return lines
