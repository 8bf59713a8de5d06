"""From a count that was handed in to the data of its variance report, with the permission of the review.

The report shows what the approver sees. A line that waits for its recount shows neither book nor first count: paper
goes from hand to hand, and who recounts must not know them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name, WrongState
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.documents.data.counting import ReportState, VarianceLine, VarianceMark, VarianceReportPaper
from inventory.errands.paper_facts import both
from inventory.models import CountLine, Journal, Lot, Movement
from inventory.people.queries import here
from inventory.stocktaking.lines import AnyRow, line_rows
from inventory.stocktaking.queries import hands_of
from inventory.stocktaking.reviewing import CountReview, ReviewLine, count_review

_KINDS = {
    "whole": N_("Whole site"),
    "cycle": N_("Some bins or items"),
    "spot": N_("Spot check"),
    "first": N_("First count"),
}
_STATES: dict[str, ReportState] = {"review": "review", "approved": "approved", "posted": "posted"}


def variance_paper(work: Work, count_id: UUID) -> VarianceReportPaper:
    """Return the data of the variance report of a count: what differs, was recounted or is marked.

    Raises
    ------
    NotFound, NotPermitted, BookHidden
    WrongState
        The count was cancelled.
    """
    review = count_review(work, count_id=count_id)
    if review.state not in _STATES:
        raise WrongState(kind="count", key=review.number, state=review.state, wanted="review")
    state = _STATES[review.state]
    entries = _entries(work, count_id)
    rows = {row.id: row for row in work.connection.execute(line_rows(count_id))}
    unknown = _unknown(work, count_id, review.number)
    marks = {line.line_id: _marks(line, unknown) for line in review.lines}
    told = [line for line in review.lines if line.difference or _recount(line) is not None or marks[line.line_id]]
    moved = _moved(work, count_id, review, told, until=entries.get("post_count"))
    people = {role: tuple(one.zh for one in names) for role, names in hands_of(work, document_id=count_id).items()}
    approved = state != "review"
    return VarianceReportPaper(
        number=review.number,
        revision=1,
        stockpile=review.site,
        opened_at=review.opened_at,
        state=state,
        lines_total=len(review.lines),
        lines_agreeing=sum(line.difference == 0 for line in review.lines),
        lines=tuple(_line(work, line, rows[line.line_id], marks[line.line_id], moved) for line in told),
        count_kind=both(_KINDS[review.kind]),
        counters=people.get("counter", ()),
        recounters=people.get("recounter", ()),
        approver=" / ".join(people.get("approver", ())) if approved else "",
        approved_at=entries.get("approve_count") if approved else None,
        posted_at=entries.get("post_count") if state == "posted" else None,
        demo=here(work).demo,
    )


def _entries(work: Work, count_id: UUID) -> dict[str, dt.datetime]:
    """Return when each kind of step of a count was last recorded."""
    rows = work.connection.execute(
        select(Journal.kind, func.max(Journal.recorded_at).label("at"))
        .where(Journal.subject_id == count_id)
        .group_by(Journal.kind)
    )
    return {row.kind: row.at for row in rows}


def _recount(line: ReviewLine) -> int | None:
    """Return what was counted last by another person than the first, None where nobody recounted."""
    return line.readings[-1].quantity if line.readings and line.readings[-1].round > 1 else None


def _first(line: ReviewLine) -> int | None:
    """Return the first count: the last reading of the first round."""
    first = [reading.quantity for reading in line.readings if reading.round == 1]
    return first[-1] if first else None


def _unknown(work: Work, count_id: UUID, number: str) -> set[UUID]:
    """Return the lines of goods that the books did not know; the posting makes lots of them."""
    made_here = (Lot.source == "found") & (Lot.source_name == number)
    return set(
        work.connection.scalars(
            select(CountLine.id)
            .outerjoin(Lot, Lot.id == CountLine.lot_id)
            .where(CountLine.count_id == count_id, CountLine.lot_id.is_(None) | made_here)
        )
    )


def _marks(line: ReviewLine, unknown: set[UUID]) -> tuple[VarianceMark, ...]:
    found: dict[VarianceMark, bool] = {
        "found": line.line_id in unknown,
        "not_found": line.reason == "not_found",
        "left_out": line.reason == "left_out",
        "waits_for_recount": line.waits_for_recount,
        "not_posted": line.overtaken,
    }
    return tuple(mark for mark, holds in found.items() if holds)


def _moved(
    work: Work, count_id: UUID, review: CountReview, told: Sequence[ReviewLine], *, until: dt.datetime | None
) -> dict[UUID, tuple[int, int]]:
    """Return what came to and left the shelf of each line from the opening of the count to the line's counting.

    What was recorded after the posting does not change the report any more.
    """
    counted = {line.line_id: line.counted_at for line in told if line.counted_at is not None}
    rows = work.connection.execute(
        select(CountLine.id, CountLine.place_id, Movement.to_place_id, Movement.quantity, Movement.occurred_at)
        .join(Movement, Movement.lot_id == CountLine.lot_id)
        .join(Journal, Journal.id == Movement.entry_id)
        .where(CountLine.count_id == count_id, Movement.occurred_at > review.opened_at)
        .where(or_(Movement.to_place_id == CountLine.place_id, Movement.from_place_id == CountLine.place_id))
        .where(Journal.subject_id.is_distinct_from(count_id), *([Journal.recorded_at <= until] if until else []))
    )
    found: dict[UUID, tuple[int, int]] = {}
    for row in rows:
        moment = counted.get(row.id)
        if moment is None or row.occurred_at > moment:
            continue
        came, went = found.get(row.id, (0, 0))
        if row.to_place_id == row.place_id:
            found[row.id] = came + row.quantity, went
        else:
            found[row.id] = came, went + row.quantity
    return found


def _line(
    work: Work,
    line: ReviewLine,
    row: AnyRow,
    marks: tuple[VarianceMark, ...],
    moved: Mapping[UUID, tuple[int, int]],
) -> VarianceLine:
    hidden = line.waits_for_recount
    came, went = (0, 0) if hidden else moved.get(line.line_id, (0, 0))
    shown: dict[str, Any] = {"book": None, "first": None, "recount": None}
    if not hidden:
        shown = {"book": line.book, "first": _first(line), "recount": _recount(line)}
    return VarianceLine(
        name=line.item,
        unit=term_names(work, kind="unit").get(row.unit, Name(row.unit)),
        moved_in=came,
        moved_out=went,
        bin=line.place,
        specification=Name(row.spec or line.found),
        lot=line.batch or (line.lot or ""),
        expires_on=row.expires_on,
        marks=marks,
        **shown,
    )
