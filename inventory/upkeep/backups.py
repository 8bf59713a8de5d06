"""Backups that somebody asks for, and the way back from one.

A backup of SQLite is one file, made beside the running program. A restore looks the file over first (integrity,
revision, rules, hash chain), keeps what it replaces, and refuses while anything has the database open.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pysqlite3 import dbapi2 as fixed_sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from inventory.core.clock import utc_now
from inventory.core.database import in_use_alone, open_engine, process_lock, refusal_of, sqlite_file
from inventory.core.env import Env
from inventory.core.errors import Refusal
from inventory.core.settings import Settings
from inventory.core.work import SYSTEM, Store
from inventory.people.chain import verify_chain
from inventory.upkeep.copying import (
    copy_sqlite,
    dump_command,
    dump_postgres,
    postgres_environment,
    postgres_tool,
    postgres_uri,
)
from inventory.upkeep.migrating import known_revisions, migrate, revision_of
from inventory.upkeep.owning import owner_url
from inventory.upkeep.rules import (
    BackupFailed,
    ChainBroken,
    DatabaseNewer,
    FileExists,
    InUse,
    NotABackup,
    ToolMissing,
)
from inventory.upkeep.starting import check_database

_SIDE_FILES = ("-wal", "-shm")


@dataclass(frozen=True)
class RestoreReport:
    """What a restore did: the last entry of the restored journal, and the file that keeps what was replaced."""

    entries: int
    replaced: Path | None
    migrated: bool


def backup(store: Store, file: Path) -> Path:
    """Write a backup of the database, while others go on working, and return its file.

    SQLite gives one database file, PostgreSQL a pg_dump archive.

    Raises
    ------
    FileExists, BackupFailed, ToolMissing
    """
    if file.exists():
        raise FileExists(file=str(file))
    if store.file is not None:
        copy_sqlite(store.file, file)
    elif not dump_postgres(store.url, file):
        raise ToolMissing(tool="pg_dump", command=" ".join(dump_command(store.url, file)))
    return file


def restore(file: Path, settings: Settings) -> RestoreReport:
    """Replace the database by a backup.

    Raises
    ------
    NotABackup, ChainBroken, DatabaseNewer, InUse, ToolMissing, BackupFailed
        The database in use was not touched.
    """
    if not file.is_file():
        raise NotABackup(file=str(file), reason="no_such_file")
    target = sqlite_file(settings.url)
    if target is None:
        return _restore_postgres(file, settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".restoring")
    with _alone(target, settings):
        try:
            shutil.copyfile(file, fresh)
            entries, migrated = _look_over(fresh, file, settings)
            replaced = _set_aside(target, settings)
            os.replace(fresh, target)
        finally:
            for left in (fresh, *_beside(fresh)):
                left.unlink(missing_ok=True)
    return RestoreReport(entries, replaced, migrated)


@contextlib.contextmanager
def _alone(target: Path, settings: Settings) -> Iterator[None]:
    """Hold the database so that no other program opens it, or refuse because one has it open."""
    with in_use_alone(target) as alone:
        if not alone:
            raise InUse(file=str(target))
        with process_lock(target.with_name(target.name + ".lock"), seconds=settings.lock_seconds):
            yield


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in (*_SIDE_FILES, ".lock", ".open")]


def _look_over(fresh: Path, file: Path, settings: Settings) -> tuple[int, bool]:
    """Prove a copy of the backup and bring it to today's schema; return its last sequence and whether it was older."""
    try:
        connection = fixed_sqlite.connect(str(fresh))
        try:
            told = connection.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            connection.close()
    except fixed_sqlite.DatabaseError as error:
        raise NotABackup(file=str(file), reason=str(error)[:200]) from error
    if told != "ok":
        raise NotABackup(file=str(file), reason=told[:200])
    url = f"sqlite:///{fresh}"
    with _opened(url, settings) as store, store.reading(SYSTEM) as work:
        revision = revision_of(work.connection)
    if revision is None:
        raise NotABackup(file=str(file), reason="not_ours")
    if revision not in known_revisions():
        raise DatabaseNewer(revision=revision, known=max(known_revisions()))
    report = migrate(url, home=settings.home, without_backup=True)
    with _opened(url, settings) as store:
        entries = prove(store)
    connection = fixed_sqlite.connect(str(fresh), isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")  # What replaces the database is one file.
    finally:
        connection.close()
    return entries, bool(report.applied)


@contextlib.contextmanager
def _opened(url: str, settings: Settings) -> Iterator[Store]:
    store = Store(url, Env.real(settings.home), lock_seconds=settings.lock_seconds)
    try:
        yield store
    finally:
        store.close()


def prove(store: Store) -> int:
    """Check a database as at a start and its whole hash chain; return the number of entries.

    Raises
    ------
    ChainBroken, and what `check_start` raises.
    """
    with store.reading(SYSTEM) as work:
        check_database(work)
        faults = verify_chain(work)
        if faults:
            raise ChainBroken(sequence=faults[0].sequence, faults=len(faults))
        return int(work.connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one())


def _set_aside(target: Path, settings: Settings) -> Path | None:
    """Keep what is there: a copy by the backup interface, or the bare files when the database cannot be read."""
    if not target.exists():
        return None
    kept = settings.home / "backups" / f"before-restore-{utc_now():%Y%m%dT%H%M%S%fZ}.db"
    try:
        copy_sqlite(target, kept)
    except BackupFailed:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, kept)
        for ending in _SIDE_FILES:
            side = target.with_name(target.name + ending)
            if side.exists():
                shutil.copyfile(side, kept.with_name(kept.name + ending))
    for ending in _SIDE_FILES:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    return kept


def _restore_postgres(file: Path, settings: Settings) -> RestoreReport:
    """Restore a pg_dump archive in one transaction; what it replaces is dumped first, and put back if it fails."""
    told = _postgres_tool("pg_restore", file, settings, "--list")
    if not all(f" TABLE DATA public {table} " in told for table in ("journal", "alembic_version")):
        raise NotABackup(file=str(file), reason="not_ours")
    if _others_connected(settings.url):
        raise InUse(file=make_url(settings.url).database or "")
    kept = settings.home / "backups" / f"before-restore-{utc_now():%Y%m%dT%H%M%S%fZ}.dump"
    if not dump_postgres(owner_url(settings.url), kept):
        raise ToolMissing(tool="pg_dump", command=" ".join(dump_command(settings.url, kept)))
    replace = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    into = f"--dbname={postgres_uri(owner_url(settings.url))}"
    _postgres_tool("pg_restore", file, settings, *replace, into)
    try:
        report = migrate(settings.url, home=settings.home, without_backup=True)
        with _opened(settings.url, settings) as store:
            entries = prove(store)
    except Refusal:
        _postgres_tool("pg_restore", kept, settings, *replace, into)
        raise
    return RestoreReport(entries, kept, bool(report.applied))


def _postgres_tool(name: str, file: Path, settings: Settings, *arguments: str) -> str:
    """Run one of PostgreSQL's programs on a file and return what it says."""
    program = postgres_tool(name, settings.url)
    if program is None:
        raise ToolMissing(tool=name, command=" ".join([name, *arguments, str(file)]))
    done = subprocess.run(
        [program, *arguments, str(file)],
        env=postgres_environment(owner_url(settings.url)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotABackup(file=str(file), reason=done.stderr.strip()[:200])
    return done.stdout


def _others_connected(url: str) -> bool:
    """Return whether somebody else has the PostgreSQL database open."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return bool(connection.exec_driver_sql(_OTHERS).scalar_one())
    except DBAPIError as error:
        raise refusal_of(error, lock_seconds=0) or error from error
    finally:
        engine.dispose()


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
