"""Entering what was counted: autosaved line by line, handed in as one entry, recounted by another person.

A reading is kept for ever, also when the next one corrects it; the last of a round counts. A reading is no entry of
its own; handing the count in writes all of them into one entry, and so into the chain. Nothing here tells the book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from inventory.core.errors import BrokenInvariant, NotFound, SameIdOtherFacts, WrongState
from inventory.core.quantities import QUANTITY_MAX, NotAQuantity
from inventory.core.work import Work
from inventory.models import Count, CountLine, CountReading, ItemPack
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import permit
from inventory.people.rules import FUTURE_MINUTES_MAX, At, InTheFuture
from inventory.people.signing_off import sign_off
from inventory.stocktaking import rules
from inventory.stocktaking.lines import AnyRow, Reading, count_row, readings_of
from inventory.stocktaking.opening import advance
from inventory.stocktaking.reviewing import settlements


@dataclass(frozen=True)
class Saved:
    """A reading on disk: when, in which round, and whether it had been there before."""

    id: UUID
    round: int
    saved_at: dt.datetime
    again: bool = False


def read_count(
    work: Work,
    *,
    id: UUID,
    line_id: UUID,
    quantity: int,
    packs: int | None = None,
    loose: int | None = None,
    counted_at: dt.datetime | None = None,
    way: str = "screen",
) -> Saved:
    """Save what was counted of a line; sent again with the same id it is saved once.

    Parameters
    ----------
    id
        Of the reading, made where it was entered.
    quantity
        The total in base units, 0 to 999,999,999. Zero is a statement; a line without a reading is not counted.
    packs, loose
        How it was counted, kept as entered; they must make the total with a pack of the item.
    counted_at
        When; by default now. Not before the count was opened.

    Raises
    ------
    NotPermitted, NotFound, WrongState, LineSubmitted, NotAQuantity, PacksDiffer, BeforeOpening, InTheFuture,
    SameIdOtherFacts
    """
    if not work.writing:
        raise BrokenInvariant("read_count needs a write transaction")
    line = _line_row(work, line_id)
    permit(work, "read_count", At(line.site_id))
    given = _Given(id, line_id, quantity, packs, loose, counted_at, way)
    before = _saved_before(work, given)
    if before is not None:
        return before
    if line.state != "open":
        raise WrongState(kind="count", key=line.number, state=line.state, wanted="open")
    if line.reading_id is not None:
        raise rules.LineSubmitted(label=line.label)
    _check(work, given, line)
    return _save(work, given, round=1)


@dataclass(frozen=True)
class _Given:
    """A reading as it was sent."""

    id: UUID
    line_id: UUID
    quantity: int
    packs: int | None
    loose: int | None
    counted_at: dt.datetime | None
    way: str


def _person(work: Work) -> UUID:
    if work.actor.account_id is None:
        raise BrokenInvariant("a person counts, not the program")
    return work.actor.account_id


def _line_row(work: Work, line_id: UUID) -> AnyRow:
    """Return a line with its count; a submission that is under way is waited for, and waits for this."""
    row = work.connection.execute(
        select(
            CountLine.id,
            CountLine.label,
            CountLine.item_id,
            CountLine.recount,
            CountLine.reading_id,
            CountLine.count_id,
            Count.number,
            Count.site_id,
            Count.state,
            Count.opened_at,
        )
        .join(Count, Count.id == CountLine.count_id)
        .where(CountLine.id == line_id)
        .with_for_update(read=True, of=Count)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="count_line", key=str(line_id))
    return row


def _saved_before(work: Work, given: _Given) -> Saved | None:
    row = work.connection.execute(
        select(
            CountReading.line_id,
            CountReading.quantity,
            CountReading.packs,
            CountReading.loose,
            CountReading.way,
            CountReading.by_id,
            CountReading.counted_at,
            CountReading.round,
            CountReading.saved_at,
        ).where(CountReading.id == given.id)
    ).one_or_none()
    if row is None:
        return None
    same = (given.line_id, given.quantity, given.packs, given.loose, given.way, _person(work))
    if same != tuple(row[:6]) or given.counted_at not in (None, row.counted_at):
        raise SameIdOtherFacts(id=given.id, kind="read_count")
    return Saved(given.id, row.round, row.saved_at, again=True)


def _check(work: Work, given: _Given, line: AnyRow) -> None:
    """Refuse a reading that cannot be: way, quantity, packs, time."""
    if given.way not in rules.WAYS:
        raise rules.UnknownWay(given=given.way, known=rules.WAYS)
    for number in (given.quantity, given.packs or 0, given.loose or 0):
        if not 0 <= number <= QUANTITY_MAX:
            raise NotAQuantity(text=str(number))
    if given.packs is not None or given.loose is not None:
        query = select(ItemPack.factor).where(ItemPack.item_id == line.item_id).order_by(ItemPack.factor)
        factors = tuple(work.connection.execute(query).scalars())
        if not rules.packs_add_up(quantity=given.quantity, packs=given.packs, loose=given.loose, factors=factors):
            raise rules.PacksDiffer(
                packs=given.packs or 0, loose=given.loose or 0, quantity=given.quantity, factors=factors
            )
    if given.counted_at is not None:
        if given.counted_at < line.opened_at:
            raise rules.BeforeOpening(counted_at=given.counted_at, opened_at=line.opened_at)
        ahead = given.counted_at - work.now
        if ahead > dt.timedelta(minutes=FUTURE_MINUTES_MAX):
            raise InTheFuture(minutes=int(ahead.total_seconds() // 60))


def _save(work: Work, given: _Given, *, round: int) -> Saved:
    work.connection.execute(
        insert(CountReading).values(
            id=given.id,
            line_id=given.line_id,
            round=round,
            quantity=given.quantity,
            packs=given.packs,
            loose=given.loose,
            counted_at=given.counted_at or work.now,
            by_id=_person(work),
            way=given.way,
            saved_at=work.now,
        )
    )
    return Saved(given.id, round, work.now)


def submit_count(
    work: Work,
    *,
    id: UUID,
    count_id: UUID,
    not_found: Sequence[UUID] = (),
    left_out: Sequence[UUID] = (),
    seen: UUID | None = None,
) -> Done:
    """Hand a count in. Lines that differ from the book are marked to be recounted by another person.

    Parameters
    ----------
    not_found
        Lines of which nothing was found: they count as 0, now.
    left_out
        Lines that were not counted this time; nothing is posted for them.

    Returns
    -------
    Done
        With `lines` and `recount`, only how many are to be recounted: which and by how much would tell the book.

    Raises
    ------
    NotPermitted, NotFound, WrongState, StalePage, Uncounted, AlreadyCounted, RecountsOpen
    """
    count = count_row(work, count_id, lock=True)
    asked = {"count": count_id, "not_found": list(not_found), "left_out": list(left_out)}
    deed = begin(work, id=id, kind="submit_count", asked=asked, at=At(count.site_id))
    if deed.done:
        return deed.done
    advance(work, deed=deed, count=count, target="review", seen=seen)
    _mark(work, count_id, not_found=set(not_found), left_out=set(left_out))
    lines = _lines(work, count_id)
    waiting = [line.label for line in lines if line.recount]
    if waiting:
        raise rules.RecountsOpen(count=len(waiting), labels=rules.named(waiting))
    readings = readings_of(work, count_id=count_id)
    blank = [line.label for line in lines if line.id not in readings and line.reason != "left_out"]
    if blank:
        raise rules.Uncounted(count=len(blank), labels=rules.named(blank))
    new = {line.id for line in lines if line.reading_id is None and line.id in readings}
    recount = {
        one.line_id
        for one in settlements(work, count_id=count_id)
        if one.line_id in new and rules.needs_recount(one.difference)
    }
    for line_id in sorted(new):
        work.connection.execute(
            update(CountLine)
            .where(CountLine.id == line_id)
            .values(reading_id=readings[line_id][-1].id, recount=line_id in recount)
        )
        sign_off(
            work, deed=deed, document_id=line_id, capacity="counter", account_id=readings[line_id][-1].by_id, once=False
        )
    for person in sorted({reading.by_id for line_id in new for reading in readings[line_id]}):
        sign_off(work, deed=deed, document_id=count_id, capacity="counter", account_id=person, once=False)
    deed.noted["readings"] = [_told(reading) for line_id in sorted(readings) for reading in readings[line_id]]
    return finish(work, deed, outcome={"lines": len(lines), "recount": len(recount)}, subject_id=count_id)


def _lines(work: Work, count_id: UUID) -> Sequence[AnyRow]:
    return work.connection.execute(
        select(CountLine.id, CountLine.label, CountLine.reading_id, CountLine.recount, CountLine.reason)
        .where(CountLine.count_id == count_id)
        .order_by(CountLine.position)
    ).all()


def _mark(work: Work, count_id: UUID, *, not_found: set[UUID], left_out: set[UUID]) -> None:
    """Note the lines said to be not found (a reading of 0, now) or left out; they must be blank lines of this count."""
    lines = {line.id: line for line in _lines(work, count_id)}
    strangers = (not_found | left_out) - lines.keys()
    if strangers:
        raise NotFound(kind="count_line", key=str(min(strangers)))
    readings = readings_of(work, count_id=count_id)
    doubtful = [lines[one].label for one in (not_found | left_out) if one in readings or one in not_found & left_out]
    if doubtful:
        raise rules.AlreadyCounted(count=len(doubtful), labels=rules.named(sorted(doubtful)))
    for line_id in sorted(not_found):
        _save(work, _Given(work.env.new_id(), line_id, 0, None, None, None, "screen"), round=1)
    reasons = dict.fromkeys(readings) | dict.fromkeys(left_out, "left_out") | dict.fromkeys(not_found, "not_found")
    for line_id, reason in reasons.items():
        if lines[line_id].reason != reason and lines[line_id].reading_id is None:
            work.connection.execute(update(CountLine).where(CountLine.id == line_id).values(reason=reason))


def _told(reading: Reading) -> list[Any]:
    """Return a reading as it stands in the facts of the entry."""
    return [
        reading.id,
        reading.line_id,
        reading.round,
        reading.quantity,
        reading.packs,
        reading.loose,
        reading.counted_at,
        reading.by_id,
        reading.way,
        reading.saved_at,
    ]


def recount_line(
    work: Work,
    *,
    id: UUID,
    line_id: UUID,
    quantity: int,
    packs: int | None = None,
    loose: int | None = None,
    counted_at: dt.datetime | None = None,
    way: str = "screen",
) -> Done:
    """Count a line again that differed. Another person than those who counted it; he may correct himself.

    Parameters
    ----------
    id
        Of the entry and of its reading.
    quantity, packs, loose, counted_at, way
        As in `read_count`.

    Raises
    ------
    NotPermitted, NotFound, WrongState, NoRecountAsked, NotYourRecount, NotAQuantity, PacksDiffer, BeforeOpening,
    InTheFuture
    """
    count_id = work.connection.execute(select(CountLine.count_id).where(CountLine.id == line_id)).scalar_one_or_none()
    if count_id is None:
        raise NotFound(kind="count_line", key=str(line_id))
    count = count_row(work, count_id, lock=True)
    line = _line_row(work, line_id)
    asked = {
        "line": line_id,
        "quantity": quantity,
        "packs": packs,
        "loose": loose,
        "counted_at": counted_at,
        "way": way,
    }
    deed = begin(work, id=id, kind="recount_line", asked=asked, at=At(line.site_id))
    if deed.done:
        return deed.done
    if count.state not in {"open", "review"}:
        raise WrongState(kind="count", key=count.number, state=count.state, wanted="review")
    given = _Given(id, line_id, quantity, packs, loose, counted_at, way)
    readings = readings_of(work, count_id=count.id, line_ids=[line_id]).get(line_id, [])
    round_now = _round_of_recount(work, line, readings)
    _check(work, given, line)
    saved = _save(work, given, round=round_now)
    work.connection.execute(
        update(CountLine).where(CountLine.id == line_id).values(reading_id=saved.id, recount=False, reason=None)
    )
    work.connection.execute(update(Count).where(Count.id == count.id).values(changed_by_id=deed.id))
    sign_off(work, deed=deed, document_id=line_id, capacity="recounter", once=False)
    sign_off(work, deed=deed, document_id=count.id, capacity="recounter", once=False)
    outcome = {"count": count.id, "round": saved.round, "saved_at": saved.saved_at}
    return finish(work, deed, outcome=outcome, subject_id=count.id)


def _round_of_recount(work: Work, line: AnyRow, readings: Sequence[Reading]) -> int:
    """Return the round this recount belongs to: the next one, or the recounter's own that he corrects."""
    me, last = _person(work), readings[-1] if readings else None
    if last is None or line.reading_id is None:
        raise rules.NoRecountAsked(label=line.label)
    if not line.recount:
        if last.round > 1 and last.by_id == me:
            return last.round
        raise rules.NoRecountAsked(label=line.label)
    if any(reading.by_id == me for reading in readings) or last.round >= rules.ROUND_MAX:
        raise rules.NotYourRecount(label=line.label)
    return last.round + 1


def order_recount(
    work: Work, *, id: UUID, count_id: UUID, line_ids: Sequence[UUID], why: str, seen: UUID | None = None
) -> Done:
    """Send a count back: these lines are to be counted once more by another person, then it is handed in again.

    Raises
    ------
    NotPermitted, NotFound, WrongState, StalePage
    """
    count = count_row(work, count_id, lock=True)
    asked = {"count": count_id, "lines": list(line_ids), "why": why}
    deed = begin(work, id=id, kind="order_recount", asked=asked, at=At(count.site_id))
    if deed.done:
        return deed.done
    advance(work, deed=deed, count=count, target="open", seen=seen)
    lines = {line.id: line for line in _lines(work, count_id)}
    strangers = set(line_ids) - lines.keys()
    if strangers:
        raise NotFound(kind="count_line", key=str(min(strangers)))
    for line_id in line_ids:
        work.connection.execute(
            update(CountLine)
            .where(CountLine.id == line_id)
            .values(recount=lines[line_id].reading_id is not None, reason=None)
        )
    return finish(work, deed, outcome={"lines": len(line_ids)}, subject_id=count_id)
