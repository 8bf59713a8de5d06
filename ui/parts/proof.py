"""The self-check behind its page: the proof of the books in named steps, what the node is, its backups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from inventory.core.clock import utc_now
from inventory.core.database import sqlite_version
from inventory.core.settings import Settings
from inventory.core.words import N_
from inventory.core.work import Actor, Store, Work
from inventory.ledger.verify import Violation, chain_violations, facts_against_rows, violations
from inventory.models import Discrepancy, Journal, Movement, Node
from inventory.people.queries import here, permit
from inventory.people.rules import DISTRICT
from inventory.upkeep import backup
from inventory.upkeep.migrating import head_revision, revision_of
from inventory.upkeep.owning import owns_its_tables
from inventory.upkeep.starting import check_database

STEPS: tuple[str, ...] = (
    N_("Balances, holds and rules recomputed from the movements"),
    N_("Every entry against its movements and its hash"),
    N_("The chain of every node"),
    N_("The database file itself"),
)
"""What the proof does, step by step."""


@dataclass(frozen=True)
class About:
    """This node and its database, as they are now."""

    node: str
    kind: str
    version: str
    revision: str
    up_to_date: bool
    entries: int
    movements: int
    head: str
    last_at: dt.datetime | None
    discrepancies: int
    owns_tables: bool = False
    """Whether the program could switch off the rules of its own tables (PostgreSQL with one role for all)."""


@dataclass(frozen=True)
class Proof:
    """The outcome of a proof: when, on how much, and what was found (nothing is the proof)."""

    at: dt.datetime
    entries: int
    movements: int
    head: str
    found: tuple[Violation, ...]


def about(work: Work) -> About:
    """Return what this node is.

    Raises
    ------
    NotPermitted
    """
    permit(work, "see_checks", DISTRICT)
    count = select(func.count())
    row = work.connection.execute(select(Node.head, Node.last_sequence).where(Node.here)).one()
    revision, wanted = revision_of(work.connection), head_revision()
    version = (
        str(work.connection.exec_driver_sql("SHOW server_version").scalar_one())
        if work.on_postgresql
        else sqlite_version()
    )
    open_discrepancies = count.select_from(Discrepancy).where(Discrepancy.resolved_by_id.is_(None))
    return About(
        node=here(work).code,
        kind="PostgreSQL" if work.on_postgresql else "SQLite",
        owns_tables=owns_its_tables(work),
        version=version,
        revision=revision or "—",
        up_to_date=revision == wanted,
        entries=work.connection.execute(count.select_from(Journal)).scalar_one(),
        movements=work.connection.execute(count.select_from(Movement)).scalar_one(),
        head=bytes(row.head).hex(),
        last_at=work.connection.execute(select(func.max(Journal.recorded_at))).scalar_one(),
        discrepancies=work.connection.execute(open_discrepancies).scalar_one(),
    )


def prove(work: Work) -> Iterator[str | Proof]:
    """Prove the books: yield the step that begins, and at last the `Proof`. One snapshot, nothing is written.

    Raises
    ------
    NotPermitted, and what the check at start refuses.
    """
    now = about(work)
    found: list[Violation] = []
    yield STEPS[0]
    check_database(work)
    found += violations(work, chain=False)
    yield STEPS[1]
    found += facts_against_rows(work)
    yield STEPS[2]
    found += chain_violations(work)
    yield STEPS[3]
    found += _damage(work)
    yield Proof(utc_now(), now.entries, now.movements, now.head, tuple(found))


def _damage(work: Work) -> list[Violation]:
    """Ask SQLite to read its whole file; PostgreSQL keeps checksums of its own."""
    if work.on_postgresql:
        return []
    told = [str(row[0]) for row in work.connection.exec_driver_sql("PRAGMA integrity_check(10)")]
    return [] if told == ["ok"] else [Violation("file_damaged", len(told), told[0][:200])]


@dataclass(frozen=True)
class Kept:
    """A backup in the data folder."""

    name: str
    bytes: int
    at: dt.datetime


def backups(limit: int = 8) -> list[Kept]:
    """Return the newest backups of the data folder."""
    folder = Settings().home / "backups"
    files = [path for path in folder.glob("*") if path.suffix in (".db", ".dump")] if folder.is_dir() else []
    told = [
        Kept(path.name, path.stat().st_size, dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC))
        for path in files
    ]
    return sorted(told, key=lambda one: one.at, reverse=True)[:limit]


def backup_now(store: Store, actor: Actor) -> Path:
    """Write a backup into the data folder while others go on working; return its file.

    Raises
    ------
    NotPermitted, BackupFailed, ToolMissing, FileExists
    """
    store.read(actor, lambda work: permit(work, "make_backup", DISTRICT))
    ending = "db" if store.file is not None else "dump"
    return backup(store, Settings().home / "backups" / f"by-hand-{utc_now():%Y%m%dT%H%M%SZ}.{ending}")
