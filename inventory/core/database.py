"""Engines for SQLite and PostgreSQL, the lock between processes, and the reading of driver errors.

SQLite runs through `pysqlite3`, which carries a fixed SQLite: releases before 3.51.3 can corrupt a WAL database when
two connections write or checkpoint at once. `open_engine` refuses an older one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pysqlite3 import dbapi2 as fixed_sqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError

from inventory.core.errors import BrokenInvariant, DatabaseBusy, DatabaseUnavailable, DiskFull, Refusal

SQLITE_VERSION_MIN = (3, 51, 3)
"""First release without the WAL-reset bug. Source: SQLite release notes of 13 March 2026."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",
)
REST_SECONDS_MAX = 2.0
"""A connection used this short a time ago is taken to be there; the question costs as much as a statement."""
_PG_BUSY = {"55P03"}
_PG_FULL = {"53100"}
_PG_RETRY = {"40001", "40P01"}


def sqlite_version() -> str:
    """Return the version of SQLite that the program uses."""
    return str(fixed_sqlite.sqlite_version)


def open_engine(url: str, *, begin: Literal["IMMEDIATE", "DEFERRED"] = "DEFERRED", lock_seconds: int = 10) -> Engine:
    """Open the database at `url`.

    Parameters
    ----------
    begin
        How SQLite transactions start. Writers take the write lock at once, so that what they read cannot be
        overtaken; readers are DEFERRED, or a thread that opens a second connection would wait for itself.
    lock_seconds
        How long a statement waits for a lock before it fails.

    Raises
    ------
    DatabaseUnavailable, BrokenInvariant
    """
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise DatabaseUnavailable(reason=str(error)) from error
    if kind == "postgresql":
        return _postgresql(url, lock_seconds=lock_seconds)
    if fixed_sqlite.sqlite_version_info < SQLITE_VERSION_MIN:
        raise BrokenInvariant(f"SQLite {sqlite_version()} can corrupt a WAL database; 3.51.3 or newer is needed")
    engine = create_engine(
        url,
        module=fixed_sqlite,
        pool_size=40,
        max_overflow=40,
        connect_args={"timeout": lock_seconds, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


def _postgresql(url: str, *, lock_seconds: int) -> Engine:
    """Open PostgreSQL; a connection that has rested is asked whether it is still there before it is used."""
    given = make_url(url).query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} -c lock_timeout={int(lock_seconds)}s".strip()
    engine = create_engine(url, pool_size=20, max_overflow=40, connect_args={"options": options})

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info["rested_from"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rested_from", time.monotonic()) < REST_SECONDS_MAX:
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    return engine


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite URL; None for PostgreSQL."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


@contextmanager
def process_lock(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the file lock that lets one process at a time write to an SQLite database.

    SQLite's own busy handler is unfair (16 writers: some wait seconds); a lock file taken first is not.

    Raises
    ------
    DatabaseBusy
        When another process holds it longer than `seconds`.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline, pause = time.monotonic() + seconds, 0.0005
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise DatabaseBusy(seconds=int(seconds)) from error
                time.sleep(pause)
                pause = min(0.01, pause * 2)
        yield
    finally:
        os.close(handle)


def hold_open(path: Path) -> int:
    """Mark an SQLite database as open by this process, until the returned descriptor is closed.

    The mark is a shared lock on a file beside it; whoever replaces the database looks for it with `in_use_alone`.
    """
    handle = os.open(path.with_name(path.name + ".open"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


@contextmanager
def in_use_alone(path: Path) -> Iterator[bool]:
    """Hold an SQLite database so that nobody opens it meanwhile; yield False when somebody has it open."""
    handle = os.open(path.with_name(path.name + ".open"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def refusal_of(error: DBAPIError, *, lock_seconds: int) -> Refusal | None:
    """Return the refusal behind a driver error (busy, disk full, unreachable), or None for any other."""
    code, text = getattr(error.orig, "sqlstate", None), str(error.orig)
    if code in _PG_BUSY or "database is locked" in text or "database table is locked" in text:
        return DatabaseBusy(seconds=lock_seconds)
    if code in _PG_FULL or "disk is full" in text or "disk I/O error" in text:
        return DiskFull()
    if "unable to open database file" in text or "readonly database" in text:
        return DatabaseUnavailable(reason=text.splitlines()[0][:200])
    if code is None and error.connection_invalidated:
        return DatabaseUnavailable(reason=text.splitlines()[0][:200] if text else "")
    if code is None and type(error.orig).__module__.startswith("psycopg") and "connection" in text.lower():
        return DatabaseUnavailable(reason=text.splitlines()[0][:200])
    return None


def worth_retrying(error: DBAPIError) -> bool:
    """Return whether the whole transaction is to be run again: a deadlock, a conflict, a connection that was lost.

    After a lost connection nobody knows whether the commit was made; an entry is found again by its id.
    """
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _PG_RETRY
