"""Bench of the ledger: documents beside raw inserts with the same durability, one writer, in slices that take turns.

A document is what a command really does through the one unit of work: permission, idempotency, movements, derived
balances with their checks and triggers, the entry with its link of the hash chain, commit on disk. The rival is the
plain driver: one row of nine columns with a unique key, committed as often. A busy neighbour slows both, so the RATIO
is the figure to hold, not the rate; on a slow disk the ratio of one-line documents rises.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from pysqlite3 import dbapi2 as fixed_sqlite
from sqlalchemy import select
from sqlalchemy.engine import make_url

from inventory.benches import BenchRow
from inventory.core.env import Env
from inventory.core.errors import BrokenInvariant
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.demo import load_demo
from inventory.ledger.commands import GoodsLine, move_stock, open_bin, receive_goods
from inventory.ledger.posting import post
from inventory.ledger.rules import Line
from inventory.ledger.verify import violations
from inventory.models import Account, Item, Lot, Site
from inventory.people.journal import begin, finish
from inventory.people.rules import At
from inventory.upkeep import migrate

AIMS = {"sqlite": {1: 0.15, 50: 0.30}, "postgresql": {1: 0.15, 50: 0.60}}
"""Documents per second (lines per second for fifty) as a ratio to raw rows. Source: measured design figures."""
LOTS = 100
_COLUMNS = "k,a,b,l,q,r,d,o,t"
_ROW = (1, 2, 3, 4, "transfer", "D1", "bench", "2026-01-01")


def rows(*, quick: bool = False, database: str | None = None) -> list[BenchRow]:
    """Return the measurements on SQLite, or on the empty database of another URL.

    Parameters
    ----------
    quick
        Three slices of 0.2 s instead of seven of 0.4 s: only to see that it runs.
    database
        URL of an empty database that may be filled and thrown away.
    """
    slices, seconds = (3, 0.2) if quick else (7, 0.4)
    with tempfile.TemporaryDirectory(prefix="inventory-bench-") as folder:
        url = database or f"sqlite:///{folder}/inventory.db"
        with closing(Store(url, Env.real(Path(folder)))) as store:
            migrate(store, home=Path(folder))
            load_demo(store)
            yard = _Yard(store)
            raw = _raw_postgres(url) if store.file is None else _raw_sqlite(f"{folder}/raw.db")
            cases: dict[tuple[int, str], Callable[[], int]] = {}
            for lines in (1, 50):
                cases[lines, "raw"] = partial(raw, lines)
                cases[lines, "document"] = partial(yard.document, lines)
            rates = _interleaved(cases, slices=slices, seconds=seconds)
            wrong = store.read(SYSTEM, violations)
    kind = "postgresql" if database else "sqlite"
    return [_row(kind, lines, rates) for lines in (1, 50)] + [
        BenchRow(f"{kind}: violations after the bench", len(wrong), "", aim="0", holds=not wrong)
    ]


def _row(kind: str, lines: int, rates: dict[tuple[int, str], float]) -> BenchRow:
    aim = AIMS[kind][lines]
    ratio = rates[lines, "document"] / rates[lines, "raw"]
    return BenchRow(
        name=f"{kind}: documents of {lines} lines with hash chain",
        value=rates[lines, "document"],
        unit="lines/s",
        versus=f"raw rows, {lines} a commit: {rates[lines, 'raw']:.0f}/s",
        ratio=ratio,
        aim=f"ratio >= {aim:.2f}",
        holds=ratio >= aim,
    )


def _interleaved(
    cases: dict[tuple[int, str], Callable[[], int]], *, slices: int, seconds: float
) -> dict[tuple[int, str], float]:
    """Return the median rate of each case over slices that take turns."""
    seen: dict[tuple[int, str], list[float]] = {case: [] for case in cases}
    for once in cases.values():
        once()
    for _ in range(slices):
        for case, once in cases.items():
            done, began = 0, time.perf_counter()
            while time.perf_counter() - began < seconds:
                done += once()
            seen[case].append(done / (time.perf_counter() - began))
    return {case: statistics.median(rates) for case, rates in seen.items()}


class _Yard:
    """A stockpile of the demo district with two bins and a hundred lots that are carried to and fro."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.reading(SYSTEM) as work:
            site = work.connection.execute(select(Site.id, Site.organisation_id).where(Site.code == "D01")).one()
            keeper = work.connection.execute(select(Account.id).where(Account.login == "keeper")).scalar_one()
            item = work.connection.execute(select(Item.id).where(Item.tracking != "serial").limit(1)).scalar_one()
        self.site: UUID = site.id
        self.actor = Actor(keeper, "keeper", "cli")
        self.bins: list[UUID] = [self._bin(code) for code in ("BENCH-1", "BENCH-2")]
        goods = [GoodsLine(item, self.bins[0], 1_000_000, batch=f"BENCH-{number}") for number in range(LOTS)]
        for start in range(0, LOTS, 50):
            part = goods[start : start + 50]
            self._do(receive_goods, site_id=self.site, owner_id=site.organisation_id, source="purchase", lines=part)
        with store.reading(SYSTEM) as work:
            query = select(Lot.id).where(Lot.batch.like("BENCH-%")).order_by(Lot.id)
            self.lots: list[UUID] = list(work.connection.scalars(query))
        if len(self.lots) != LOTS:
            raise BrokenInvariant(f"{len(self.lots)} lots instead of {LOTS}")
        self.turn = 0

    def _do(self, command: Callable[..., Any], **facts: Any) -> Any:
        return self.store.write(self.actor, lambda work: command(work, id=self.store.env.new_id(), **facts))

    def _bin(self, code: str) -> UUID:
        return UUID(self._do(open_bin, site_id=self.site, code=code).outcome["place"])

    def document(self, lines: int) -> int:
        """Post one document and return its lines; goods go back and forth, so it never runs out."""
        self.turn += 1
        start = self.turn * lines
        lots = [self.lots[(start + number) % LOTS] for number in range(lines)]
        if lines == 1:
            self._do(
                move_stock,
                site_id=self.site,
                lot_id=lots[0],
                from_place_id=self.bins[0],
                to_place_id=self.bins[1],
                quantity=1,
            )
        else:
            id = self.store.env.new_id()
            self.store.write(self.actor, lambda work: self._many(work, id, lots))
        return lines

    def _many(self, work: Work, id: UUID, lots: list[UUID]) -> None:
        """Move one unit of each lot, as one entry."""
        asked = {"site": self.site, "lots": lots}
        deed = begin(work, id=id, kind="move_stock", asked=asked, at=At(site_id=self.site))
        post(work, deed=deed, lines=[Line(lot, self.bins[0], self.bins[1], 1, "move") for lot in lots])
        finish(work, deed, outcome={"lines": len(lots)}, subject_id=self.site)


def _raw_sqlite(file: str) -> Callable[[int], int]:
    """Return the floor on SQLite: the plain driver with the journal and sync settings of the program."""
    connection = fixed_sqlite.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE raw (id INTEGER PRIMARY KEY, k text UNIQUE, a bigint, b bigint, l bigint, q bigint, r text, "
        "d text, o text, t text)"
    )
    insert = f"INSERT INTO raw ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"

    def once(count: int) -> int:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(count):
            connection.execute(insert, (str(uuid4()), *_ROW))
        connection.execute("COMMIT")
        return count

    return once


def _raw_postgres(url: str) -> Callable[[int], int]:
    """Return the floor on PostgreSQL: the plain driver, prepared, in the same database."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(plain)
    connection.execute(
        "CREATE TABLE raw (id bigserial PRIMARY KEY, k text UNIQUE, a bigint, b bigint, l bigint, q bigint, r text, "
        "d text, o text, t text)"
    )
    connection.execute("COMMIT")
    insert = f"INSERT INTO raw ({_COLUMNS}) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s)".encode()

    def once(count: int) -> int:
        for _ in range(count):
            connection.execute(insert, (str(uuid4()), *_ROW), prepare=True)
        connection.execute("COMMIT")
        return count

    return once
