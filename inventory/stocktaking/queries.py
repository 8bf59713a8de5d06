"""Reading counts as those who count may see them: blind by data, for the book is nowhere in what these return.

The comparison with the book is in `reviewing`, for approvers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import Account, Count, CountLine, CountReading, ItemPack, Journal, SignOff, Site, Term
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.stocktaking.lines import AnyRow, Reading, count_row, line_rows, readings_of


@dataclass(frozen=True)
class Pack:
    """A pack of an item: so many base units."""

    factor: int
    name: Name


@dataclass(frozen=True)
class MyReading:
    """What the reader of the sheet himself entered last in the line's current round, in base units."""

    id: UUID
    quantity: int
    packs: int | None
    loose: int | None
    counted_at: dt.datetime
    saved_at: dt.datetime


@dataclass(frozen=True)
class SheetLine:
    """One line of a count sheet. There is no expected quantity here, and there must never be one."""

    id: UUID
    label: str
    position: int
    place: str
    item_id: UUID
    item_code: str
    item: Name
    unit: Name
    packs: tuple[Pack, ...]
    lot: str | None
    batch: str
    spec: str
    expires_on: dt.date | None
    found: str
    left_out: bool
    not_found: bool
    handed_in: bool
    """Its first reading is handed in: only a recount changes it."""
    counted: bool
    counted_by: Name | None
    mine: MyReading | None
    to_recount: bool
    """Waits for a recount that the reader of the sheet may do; who counted the line is not told that it does."""
    device: str | None = None
    """The digits on the label of a device, None for other goods."""


@dataclass(frozen=True)
class CountSheet:
    """A count as those who count see it. `seen` goes back with the next step (a page that is stale is refused)."""

    id: UUID
    number: str
    site_id: UUID
    site: Name
    kind: str
    state: str
    opened_at: dt.datetime
    seen: UUID
    lines: tuple[SheetLine, ...]
    counted: int
    total: int


@dataclass(frozen=True)
class CountSummary:
    """A count in a list: how far it is, not what came out."""

    id: UUID
    number: str
    site_id: UUID
    site: Name
    kind: str
    state: str
    opened_at: dt.datetime
    total: int
    counted: int
    recounts: int


@dataclass(frozen=True)
class CountStep:
    """One step of a count's history: who did what, when, by which way."""

    entry_id: UUID
    kind: str
    at: dt.datetime
    by: Name | None
    via: str


@dataclass(frozen=True)
class FoundLine:
    """A count line found by its label."""

    id: UUID
    count_id: UUID
    label: str
    state: str


def count_sheet(work: Work, *, count_id: UUID) -> CountSheet:
    """Return a count for those who count: what to count where, own readings, progress. Never the book.

    Of colleagues it says who counted a line, not how many: a recount is as blind as the first count.

    Raises
    ------
    NotFound, NotPermitted
    """
    count = count_row(work, count_id)
    permit(work, "read_count", At(count.site_id))
    readings = readings_of(work, count_id=count_id)
    rows = work.connection.execute(line_rows(count_id)).all()
    packs = _packs(work, {row.item_id for row in rows})
    units = _units(work, {row.unit for row in rows})
    lines = tuple(
        _sheet_line(row, readings.get(row.id, []), work.actor.account_id, packs, units, count.state) for row in rows
    )
    return CountSheet(
        id=count.id,
        number=count.number,
        site_id=count.site_id,
        site=Name(count.name_zh, count.name_en),
        kind=count.kind,
        state=count.state,
        opened_at=count.opened_at,
        seen=count.changed_by_id,
        lines=lines,
        counted=sum(line.counted for line in lines),
        total=len(lines),
    )


def _sheet_line(
    row: AnyRow,
    readings: Sequence[Reading],
    reader_id: UUID | None,
    packs: dict[UUID, tuple[Pack, ...]],
    units: dict[str, Name],
    state: str,
) -> SheetLine:
    hands = {reading.by_id for reading in readings}
    waits = row.recount and reader_id not in hands and state in {"open", "review"}
    last_round = readings[-1].round if readings else 0
    mine = [reading for reading in readings if reading.by_id == reader_id and reading.round == last_round]
    return SheetLine(
        id=row.id,
        label=row.label,
        position=row.position,
        place=row.place,
        item_id=row.item_id,
        item_code=row.item_code,
        item=Name(row.item_zh, row.item_en),
        unit=units[row.unit],
        packs=packs.get(row.item_id, ()),
        lot=row.lot,
        batch=row.batch or "",
        spec=row.spec or "",
        expires_on=row.expires_on,
        found=row.found,
        left_out=row.reason == "left_out",
        not_found=row.reason == "not_found" and not readings,
        handed_in=row.reading_id is not None,
        counted=bool(readings) and not waits,
        counted_by=readings[-1].by if readings and not waits else None,
        mine=MyReading(
            mine[-1].id, mine[-1].quantity, mine[-1].packs, mine[-1].loose, mine[-1].counted_at, mine[-1].saved_at
        )
        if mine
        else None,
        to_recount=waits,
        device=row.device,
    )


def _packs(work: Work, items: set[UUID]) -> dict[UUID, tuple[Pack, ...]]:
    found: dict[UUID, tuple[Pack, ...]] = {}
    for row in work.connection.execute(
        select(ItemPack.item_id, ItemPack.factor, ItemPack.name_zh, ItemPack.name_en)
        .where(ItemPack.item_id.in_(items))
        .order_by(ItemPack.item_id, ItemPack.factor)
    ):
        found[row.item_id] = (*found.get(row.item_id, ()), Pack(row.factor, Name(row.name_zh, row.name_en)))
    return found


def _units(work: Work, codes: set[str]) -> dict[str, Name]:
    rows = work.connection.execute(
        select(Term.code, Term.name_zh, Term.name_en).where(Term.kind == "unit", Term.code.in_(codes))
    )
    return {code: Name(code) for code in codes} | {row.code: Name(row.name_zh, row.name_en) for row in rows}


def _summaries(work: Work, *conditions: Any) -> list[CountSummary]:
    read = select(CountReading.line_id).distinct().subquery()
    rows = work.connection.execute(
        select(
            Count.id,
            Count.number,
            Count.site_id,
            Site.name_zh,
            Site.name_en,
            Count.kind,
            Count.state,
            Count.opened_at,
            func.count(CountLine.id).label("total"),
            func.count(read.c.line_id).label("counted"),
            func.count(CountLine.id).filter(CountLine.recount).label("recounts"),
        )
        .join(Site, Site.id == Count.site_id)
        .outerjoin(CountLine, CountLine.count_id == Count.id)
        .outerjoin(read, read.c.line_id == CountLine.id)
        .where(*conditions)
        .group_by(Count.id, Site.id)
        .order_by(Count.opened_at.desc(), Count.number)
    )
    return [_summary(row) for row in rows]


def _summary(row: AnyRow) -> CountSummary:
    return CountSummary(
        id=row.id,
        number=row.number,
        site_id=row.site_id,
        site=Name(row.name_zh, row.name_en),
        kind=row.kind,
        state=row.state,
        opened_at=row.opened_at,
        total=row.total,
        counted=row.counted,
        recounts=row.recounts,
    )


def open_counts(work: Work) -> list[CountSummary]:
    """Return every count that is neither posted nor cancelled, newest first."""
    return _summaries(work, Count.state.in_(("planned", "open", "review", "approved")))


def closed_counts(work: Work, *, limit: int = 20) -> list[CountSummary]:
    """Return the counts that are posted or cancelled, newest first."""
    newest = select(Count.id).where(Count.state.in_(("posted", "cancelled"))).order_by(Count.opened_at.desc())
    return _summaries(work, Count.id.in_(newest.limit(limit)))


def counts_of_site(work: Work, *, site_id: UUID) -> list[CountSummary]:
    """Return all counts of a site, newest first."""
    return _summaries(work, Count.site_id == site_id)


def line_by_label(work: Work, *, label: str) -> FoundLine:
    """Return the count line with a label, as scanned from a paper sheet.

    Raises
    ------
    NotFound
    """
    row = work.connection.execute(
        select(CountLine.id, CountLine.count_id, CountLine.label, Count.state)
        .join(Count, Count.id == CountLine.count_id)
        .where(CountLine.label == label)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="count_line", key=label)
    return FoundLine(*row)


def count_history(work: Work, *, count_id: UUID) -> list[CountStep]:
    """Return the steps of a count in order: opened, found goods, handed in, recounted, approved, posted."""
    rows = work.connection.execute(
        select(Journal.id, Journal.kind, Journal.recorded_at, Account.name_zh, Account.name_en, Journal.via)
        .outerjoin(Account, Account.id == Journal.actor_id)
        .where(Journal.subject_id == count_id)
        .order_by(Journal.sequence)
    )
    return [
        CountStep(row.id, row.kind, row.recorded_at, Name(row.name_zh, row.name_en) if row.name_zh else None, row.via)
        for row in rows
    ]


def hands_of(work: Work, *, document_id: UUID) -> dict[str, list[Name]]:
    """Return who handled a count (or one of its lines), by capacity: counter, recounter, approver."""
    found: dict[str, list[Name]] = {}
    for row in work.connection.execute(
        select(SignOff.role, Account.name_zh, Account.name_en)
        .join(Account, Account.id == SignOff.account_id)
        .where(SignOff.document_id == document_id)
        .order_by(SignOff.role, Account.login)
    ):
        found.setdefault(row.role, []).append(Name(row.name_zh, row.name_en))
    return found
