"""The count beside the book, for who approves it: what was counted, what the book says of that moment, what follows.

`settlements` is the one place that computes a difference; handing in, review, approval and posting all use it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, case, func, literal, or_, select, tuple_

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.models import Balance, CountLine, CountReading, DispatchOrder, Hold, Journal, Lot, Movement, OrderLine
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.stocktaking import rules
from inventory.stocktaking.lines import AnyRow, Reading, count_row, line_rows, readings_of
from inventory.stocktaking.rules import HeldFor

_AT_ONCE = 500


@dataclass(frozen=True)
class Settlement:
    """A counted line beside the book as of its moment; quantities in base units.

    `on_hand` and `held` are of now; `fence` is when the same shelf was last counted in a posted count.
    """

    line_id: UUID
    label: str
    place_id: UUID
    lot_id: UUID | None
    item_id: UUID
    counted: int
    counted_at: dt.datetime
    book: int
    on_hand: int
    held: int
    fence: dt.datetime | None

    @property
    def difference(self) -> int:
        """Return what the posting adds to the shelf (below zero: takes from it)."""
        return rules.difference(counted=self.counted, book=self.book)

    @property
    def remains(self) -> int:
        """Return what will stand there after the posting, with all that has moved since the counting."""
        return self.on_hand + self.difference

    @property
    def overtaken(self) -> bool:
        """Whether a later count of the same shelf is posted."""
        return self.fence is not None and self.fence > self.counted_at


@dataclass(frozen=True)
class ReviewLine:
    """A line as the approver sees it; `value_fen` is the difference at the lot's price, None without a price."""

    line_id: UUID
    label: str
    place: str
    item_code: str
    item: Name
    lot: str | None
    batch: str
    found: str
    reason: str | None
    counted: int | None
    counted_at: dt.datetime | None
    book: int | None
    difference: int | None
    value_fen: int | None
    on_hand: int
    held: int
    missing: int
    """How much of what is reserved would no longer be covered."""
    held_for: tuple[HeldFor, ...]
    to_free: tuple[tuple[UUID, int], ...]
    """Proposed holds to free (hold, base units), youngest first; empty when the reservations stay covered."""
    waits_for_recount: bool
    overtaken: bool
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class CountReview:
    """A count beside the book."""

    id: UUID
    number: str
    site_id: UUID
    site: Name
    kind: str
    state: str
    opened_at: dt.datetime
    seen: UUID
    lines: tuple[ReviewLine, ...]
    differing: int
    gained: int
    lost: int
    value_fen: int


def settlements(work: Work, *, count_id: UUID) -> list[Settlement]:
    """Return every line of a count that has an accepted or, before handing in, a last reading, beside the book.

    The book of a line is the sum of the movements of its lot at its place that happened at or before the moment of
    counting, whenever they were recorded.
    """
    rows = work.connection.execute(
        select(CountLine.id, CountLine.label, CountLine.place_id, CountLine.lot_id, CountLine.item_id)
        .where(CountLine.count_id == count_id)
        .order_by(CountLine.position)
    ).all()
    last = {line_id: readings[-1] for line_id, readings in readings_of(work, count_id=count_id).items()}
    books = _books(work, count_id)
    balances = _balances(work, [(row.lot_id, row.place_id) for row in rows if row.lot_id])
    found = []
    for row in rows:
        reading = last.get(row.id)
        if reading is None:
            continue
        on_hand, held, fence = balances.get((row.lot_id, row.place_id), (0, 0, None))
        found.append(Settlement(*row, reading.quantity, reading.counted_at, books.get(row.id, 0), on_hand, held, fence))
    return found


def _books(work: Work, count_id: UUID) -> dict[UUID, int]:
    """Return the book of each line as of its last reading, by one search of the movements of each lot."""
    rank = func.row_number().over(
        partition_by=CountReading.line_id,
        order_by=(CountReading.round.desc(), CountReading.saved_at.desc(), CountReading.id.desc()),
    )
    ranked = (
        select(CountReading.line_id, CountReading.counted_at, rank.label("rank"))
        .join(CountLine, CountLine.id == CountReading.line_id)
        .where(CountLine.count_id == count_id)
        .subquery()
    )
    signed = case((Movement.to_place_id == CountLine.place_id, Movement.quantity), else_=-Movement.quantity)
    rows = work.connection.execute(
        select(CountLine.id, func.coalesce(func.sum(signed), literal(0)).label("book"))
        .join(ranked, and_(ranked.c.line_id == CountLine.id, ranked.c.rank == 1))
        .join(
            Movement,
            and_(
                Movement.lot_id == CountLine.lot_id,
                Movement.occurred_at <= ranked.c.counted_at,
                or_(Movement.to_place_id == CountLine.place_id, Movement.from_place_id == CountLine.place_id),
            ),
        )
        .group_by(CountLine.id)
    )
    return {row.id: int(row.book) for row in rows}


def _balances(
    work: Work, pairs: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID | None, UUID], tuple[int, int, dt.datetime | None]]:
    found: dict[tuple[UUID | None, UUID], tuple[int, int, dt.datetime | None]] = {}
    for start in range(0, len(pairs), _AT_ONCE):
        for row in work.connection.execute(
            select(Balance.lot_id, Balance.place_id, Balance.quantity, Balance.held, Balance.counted_at).where(
                tuple_(Balance.lot_id, Balance.place_id).in_(pairs[start : start + _AT_ONCE])
            )
        ):
            found[row.lot_id, row.place_id] = (row.quantity, row.held, row.counted_at)
    return found


def held_for(work: Work, *, lot_id: UUID, place_id: UUID) -> list[HeldFor]:
    """Return what is still set aside of a lot at a place and for which order, oldest first."""
    rows = work.connection.execute(
        select(Hold.id, DispatchOrder.number, Hold.remaining, Journal.recorded_at)
        .join(Journal, Journal.id == Hold.made_by_id)
        .outerjoin(OrderLine, OrderLine.id == Hold.order_line_id)
        .outerjoin(DispatchOrder, DispatchOrder.id == OrderLine.order_id)
        .where(Hold.lot_id == lot_id, Hold.place_id == place_id, Hold.remaining > 0)
        .order_by(Journal.recorded_at, Hold.id)
    )
    return [HeldFor(row.id, row.number or "", row.remaining, row.recorded_at) for row in rows]


def count_review(work: Work, *, count_id: UUID) -> CountReview:
    """Return a count beside the book as of the counting of each line. Not before it is handed in: a count is blind.

    Raises
    ------
    NotFound, NotPermitted, BookHidden
    """
    count = count_row(work, count_id)
    permit(work, "see_count_review", At(count.site_id))
    if count.state in {"planned", "open"}:
        raise rules.BookHidden(number=count.number)
    settled = {one.line_id: one for one in settlements(work, count_id=count_id)}
    readings = readings_of(work, count_id=count_id)
    posted = _posted(work, count_id) if count.state == "posted" else {}
    rows = work.connection.execute(line_rows(count_id)).all()
    prices = _prices(work, count_id)
    lines = tuple(
        _review_line(work, row, settled.get(row.id), readings.get(row.id, []), prices, posted.get(row.id))
        for row in rows
    )
    differences = [line.difference for line in lines if line.difference]
    return CountReview(
        id=count.id,
        number=count.number,
        site_id=count.site_id,
        site=Name(count.name_zh, count.name_en),
        kind=count.kind,
        state=count.state,
        opened_at=count.opened_at,
        seen=count.changed_by_id,
        lines=lines,
        differing=len(differences),
        gained=sum(one for one in differences if one > 0),
        lost=-sum(one for one in differences if one < 0),
        value_fen=sum(line.value_fen or 0 for line in lines),
    )


def _posted(work: Work, count_id: UUID) -> dict[UUID, tuple[int, int]]:
    """Return book and difference of the lines as they were posted; what is learnt later does not change them."""
    rows = work.connection.execute(
        select(CountLine.id, CountLine.book, CountLine.difference).where(
            CountLine.count_id == count_id, CountLine.book.is_not(None)
        )
    )
    return {row.id: (row.book, row.difference) for row in rows}


def _prices(work: Work, count_id: UUID) -> dict[UUID, int]:
    rows = work.connection.execute(
        select(Lot.id, Lot.unit_price_fen)
        .join(CountLine, CountLine.lot_id == Lot.id)
        .where(CountLine.count_id == count_id, Lot.unit_price_fen.is_not(None))
    )
    return {row.id: row.unit_price_fen for row in rows}


def _review_line(
    work: Work,
    row: AnyRow,
    settled: Settlement | None,
    readings: Sequence[Reading],
    prices: dict[UUID, int],
    posted: tuple[int, int] | None,
) -> ReviewLine:
    book, off = posted or ((settled.book, settled.difference) if settled else (None, None))
    missing = max(0, settled.held - settled.remains) if settled and posted is None and settled.difference < 0 else 0
    holds = held_for(work, lot_id=row.lot_id, place_id=row.place_id) if settled and settled.held else []
    price = prices.get(row.lot_id)
    return ReviewLine(
        line_id=row.id,
        label=row.label,
        place=row.place,
        item_code=row.item_code,
        item=Name(row.item_zh, row.item_en),
        lot=row.lot,
        batch=row.batch or "",
        found=row.found,
        reason=row.reason,
        counted=settled.counted if settled else None,
        counted_at=settled.counted_at if settled else None,
        book=book,
        difference=off,
        value_fen=None if price is None or off is None else price * off,
        on_hand=settled.on_hand if settled else 0,
        held=settled.held if settled else 0,
        missing=missing,
        held_for=tuple(holds),
        to_free=tuple(rules.holds_to_free(missing, holds)),
        waits_for_recount=row.recount,
        overtaken=bool(settled and posted is None and settled.overtaken),
        readings=tuple(readings),
    )
