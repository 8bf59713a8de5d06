"""The rows of a count: the count itself, its lines, their readings. Commands, sheets and reviews all read them here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import Account, Asset, Count, CountLine, CountReading, Item, Lot, Place, Site

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Reading:
    """One reading of a line, whoever made it; for rules and reviewers."""

    id: UUID
    line_id: UUID
    round: int
    quantity: int
    packs: int | None
    loose: int | None
    counted_at: dt.datetime
    by_id: UUID
    by: Name
    way: str
    saved_at: dt.datetime


def count_row(work: Work, count_id: UUID, *, lock: bool = False) -> AnyRow:
    """Return a count with its site; `lock` keeps other writers off it until the transaction ends.

    Raises
    ------
    NotFound
    """
    query = (
        select(
            Count.id,
            Count.number,
            Count.site_id,
            Count.kind,
            Count.state,
            Count.opened_at,
            Count.changed_by_id,
            Site.name_zh,
            Site.name_en,
            Site.organisation_id,
        )
        .join(Site, Site.id == Count.site_id)
        .where(Count.id == count_id)
    )
    row = work.connection.execute(query.with_for_update(of=Count) if lock else query).one_or_none()
    if row is None:
        raise NotFound(kind="count", key=str(count_id))
    return row


def readings_of(work: Work, *, count_id: UUID, line_ids: Sequence[UUID] = ()) -> dict[UUID, list[Reading]]:
    """Return the readings of a count (or of some of its lines) by line, by round and then as they were saved."""
    query = (
        select(
            CountReading.id,
            CountReading.line_id,
            CountReading.round,
            CountReading.quantity,
            CountReading.packs,
            CountReading.loose,
            CountReading.counted_at,
            CountReading.by_id,
            Account.name_zh,
            Account.name_en,
            CountReading.way,
            CountReading.saved_at,
        )
        .join(CountLine, CountLine.id == CountReading.line_id)
        .join(Account, Account.id == CountReading.by_id)
        .where(CountLine.count_id == count_id)
        .order_by(CountReading.line_id, CountReading.round, CountReading.saved_at, CountReading.id)
    )
    if line_ids:
        query = query.where(CountLine.id.in_(line_ids))
    found: dict[UUID, list[Reading]] = {}
    for row in work.connection.execute(query):
        found.setdefault(row.line_id, []).append(_reading(row))
    return found


def line_rows(count_id: UUID) -> Select[*tuple[Any, ...]]:
    """Return the query for the lines of a count with all that names them, in the order of counting."""
    return (
        select(
            CountLine.id,
            CountLine.label,
            CountLine.position,
            CountLine.place_id,
            CountLine.lot_id,
            CountLine.item_id,
            CountLine.found,
            CountLine.recount,
            CountLine.reading_id,
            CountLine.reason,
            Place.code.label("place"),
            Item.code.label("item_code"),
            Item.name_zh.label("item_zh"),
            Item.name_en.label("item_en"),
            Item.unit,
            Lot.label.label("lot"),
            Lot.batch,
            Lot.spec,
            Lot.expires_on,
            Asset.label.label("device"),
        )
        .join(Place, Place.id == CountLine.place_id)
        .join(Item, Item.id == CountLine.item_id)
        .outerjoin(Lot, Lot.id == CountLine.lot_id)
        .outerjoin(Asset, Asset.lot_id == CountLine.lot_id)
        .where(CountLine.count_id == count_id)
        .order_by(CountLine.position)
    )


def _reading(row: AnyRow) -> Reading:
    return Reading(
        id=row.id,
        line_id=row.line_id,
        round=row.round,
        quantity=row.quantity,
        packs=row.packs,
        loose=row.loose,
        counted_at=row.counted_at,
        by_id=row.by_id,
        by=Name(row.name_zh, row.name_en),
        way=row.way,
        saved_at=row.saved_at,
    )
