"""Small changes while somebody counts: add a pack to what was entered, mark a line that cannot be found.

Both are drafts as readings are: no entry of the journal, until handing in writes everything into one. Adding happens
in one transaction on what the same person entered last, so that no press and no scan is lost, and none counts twice.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from inventory.core.errors import BrokenInvariant, NotFound, WrongState
from inventory.core.work import Work
from inventory.models import Count, CountLine, CountReading
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.stocktaking import rules
from inventory.stocktaking.lines import AnyRow
from inventory.stocktaking.queries import MyReading
from inventory.stocktaking.reading import Saved, read_count


def my_reading(work: Work, *, line_id: UUID) -> MyReading | None:
    """Return what the actor entered last for a line in the first round; None when nothing."""
    row = work.connection.execute(
        select(
            CountReading.id,
            CountReading.quantity,
            CountReading.packs,
            CountReading.loose,
            CountReading.counted_at,
            CountReading.saved_at,
        )
        .where(CountReading.line_id == line_id, CountReading.round == 1, CountReading.by_id == work.actor.account_id)
        .order_by(CountReading.saved_at.desc(), CountReading.id.desc())
        .limit(1)
    ).one_or_none()
    return MyReading(*row) if row else None


def add_to_count(
    work: Work, *, id: UUID, line_id: UUID, factor: int, packs: int = 0, loose: int = 0, way: str = "screen"
) -> Saved:
    """Add packs and loose units to what the actor entered last; sent again with the same id it adds once.

    Parameters
    ----------
    factor
        Base units of a pack; 1 when the item has none.
    packs, loose
        What is added; negative takes away. Below zero is refused, as any quantity below zero.

    Raises
    ------
    NotPermitted, NotFound, WrongState, LineSubmitted, NotAQuantity, PacksDiffer
    """
    line = _line(work, line_id)
    permit(work, "read_count", At(line.site_id))
    before = work.connection.execute(
        select(CountReading.round, CountReading.saved_at).where(CountReading.id == id, CountReading.line_id == line_id)
    ).one_or_none()
    if before is not None:
        return Saved(id, before.round, before.saved_at, again=True)
    mine = my_reading(work, line_id=line_id)
    whole, rest = rules.as_packs(mine.quantity, packs=mine.packs, factor=factor) if mine else (0, 0)
    whole, rest = whole + packs, rest + loose
    quantity = whole * factor + rest
    if factor == 1:
        return read_count(work, id=id, line_id=line_id, quantity=quantity, way=way)
    return read_count(work, id=id, line_id=line_id, quantity=quantity, packs=whole, loose=rest, way=way)


def mark_line(work: Work, *, line_id: UUID, mark: str | None) -> None:
    """Mark a blank line as not found or left out, or take the mark away; handing in takes the marks over.

    Parameters
    ----------
    mark
        "not_found", "left_out", or None.

    Raises
    ------
    NotPermitted, NotFound, WrongState, AlreadyCounted, UnknownWay
    """
    if not work.writing:
        raise BrokenInvariant("mark_line needs a write transaction")
    line = _line(work, line_id)
    permit(work, "read_count", At(line.site_id))
    if mark is not None and mark not in rules.MARKS:
        raise rules.UnknownWay(given=mark, known=rules.MARKS)
    if line.state != "open":
        raise WrongState(kind="count", key=line.number, state=line.state, wanted="open")
    read = work.connection.execute(select(CountReading.id).where(CountReading.line_id == line_id).limit(1)).first()
    if read is not None:
        raise rules.AlreadyCounted(count=1, labels=(line.label,))
    work.connection.execute(update(CountLine).where(CountLine.id == line_id).values(reason=mark))


def _line(work: Work, line_id: UUID) -> AnyRow:
    """Return a line with its count, kept for this transaction: two presses on one line follow each other.

    The count is locked before its line, as handing in does it.
    """
    row = work.connection.execute(
        select(CountLine.id, CountLine.label, Count.number, Count.site_id, Count.state)
        .join(Count, Count.id == CountLine.count_id)
        .where(CountLine.id == line_id)
        .with_for_update(read=True, of=Count)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="count_line", key=str(line_id))
    work.connection.execute(select(CountLine.id).where(CountLine.id == line_id).with_for_update())
    return row
