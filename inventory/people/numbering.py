"""Numbers that people read: gapless per kind, node and year, allotted when the paper is issued, under a row lock."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.models import PaperSeries
from inventory.people.queries import here

PREFIXES: dict[str, str] = {
    "order": "\u8c03",
    "shipment": "\u8fd0",
    "count": "\u76d8",
    "incident": "\u4e8b",
    "request": "\u7533",
    "receipt": "\u6536",
    "receipt_note": "\u5165",
    "issue_note": "\u51fa",
}
"""The Chinese sign that a number of the kind begins with (diao, yun, pan, shi, shen, shou, ru, chu)."""

LABEL_DIGITS_MAX = 10


def _next(work: Work, kind: str, year: int, *, many: int = 1) -> int:
    """Give out `many` numbers of a series and return the last of them."""
    node = here(work).id
    insert = postgresql.insert if work.on_postgresql else sqlite.insert
    row = {"kind": kind, "node_id": node, "year": year, "last": 0}
    work.connection.execute(insert(PaperSeries).values(row).on_conflict_do_nothing())
    of = (PaperSeries.kind == bindparam("k"), PaperSeries.node_id == bindparam("n"), PaperSeries.year == bindparam("y"))
    of_values = {"k": kind, "n": node, "y": year}
    work.connection.execute(update(PaperSeries).where(*of).values(last=PaperSeries.last + many), of_values)
    return work.connection.execute(select(PaperSeries.last).where(*of), of_values).scalar_one()


def number(work: Work, kind: str) -> tuple[str, int, int]:
    """Return the next number of a kind with its year and sequence, for example 调-WS-2026-000123."""
    year = work.now.astimezone(HOME_ZONE).year
    sequence = _next(work, kind, year)
    return f"{PREFIXES[kind]}-{here(work).code}-{year}-{sequence:06d}", year, sequence


def queue(work: Work, kind: str) -> None:
    """Stand in line for the next number of a kind: whoever asks for one later waits until this transaction ends."""
    _next(work, kind, work.now.astimezone(HOME_ZONE).year, many=0)


def label(work: Work, kind: str) -> str:
    """Return the next short label (digits only, for stickers and count sheets) of lots, assets or count lines."""
    return labels(work, kind, many=1)[0]


def labels(work: Work, kind: str, *, many: int) -> list[str]:
    """Return the next `many` (at least one) labels of a kind, in order."""
    last = _next(work, "label_" + kind, 0, many=many)
    sign = {"lot": 1, "asset": 2, "count_line": 3}[kind]
    return [f"{sign}{number:07d}" for number in range(last - many + 1, last + 1)]
