"""Bringing a database to the schema of this program, safely enough for somebody who only starts it.

One process at a time migrates (a lock file on SQLite, an advisory lock on PostgreSQL). Before anything is changed in a
database that holds something, a backup is made by itself. The whole upgrade is one transaction: it is done or nothing
is. There is no way back but the backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from inventory.core.database import open_engine, process_lock, refusal_of, sqlite_file
from inventory.core.errors import BrokenInvariant
from inventory.core.settings import Settings
from inventory.core.work import Store
from inventory.upkeep.copying import backup_before_migration
from inventory.upkeep.owning import grant_to, is_owner, owner_url, role_of
from inventory.upkeep.rules import DatabaseNewer, NotOurs, NoWayBack

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK_SECONDS = 120
"""How long a second process waits for the one that migrates."""
_ADVISORY_LOCK = 0x746F6E67
"""Any number of our own ("tong"), for pg_advisory_lock."""


@dataclass(frozen=True)
class MigrationReport:
    """What `migrate` did: `before` is None for an empty database; `backup` is the file it made, if it made one.

    `backup_command` is what to run by hand where no backup could be made here (PostgreSQL without pg_dump).
    """

    before: str | None
    after: str
    applied: tuple[str, ...]
    backup: Path | None = None
    backup_command: str | None = None


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings for our migrations; they run on `connection` when one is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """Return the newest revision that this program knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise BrokenInvariant("the program has no migrations")
    return head


def known_revisions() -> frozenset[str]:
    """Return every revision that this program knows."""
    script = ScriptDirectory.from_config(alembic_config())
    return frozenset(revision.revision for revision in script.walk_revisions())


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(
    store_or_url: Store | str,
    *,
    home: Path | None = None,
    to: str = "head",
    without_backup: bool = False,
    owner: str | None = None,
) -> MigrationReport:
    """Bring a database to revision `to`, by default the newest, and make the append-only rules anew.

    Parameters
    ----------
    home
        The data folder, in whose `backups` folder the backup is kept; by default the folder of the SQLite file, or
        the one of the settings.
    without_backup
        Only when a backup was made by other means.
    owner
        On PostgreSQL the address of the role that owns the tables, by default the one of the settings; the role of
        the database's own address is then given its rights.

    Raises
    ------
    DatabaseNewer, NotOurs, NoWayBack, BackupFailed, DatabaseBusy, DatabaseUnavailable, DiskFull
    """
    url = store_or_url.url if isinstance(store_or_url, Store) else store_or_url
    file = sqlite_file(url)
    if home is None:
        home = file.parent if file else Settings().home
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        owner = url if file is not None else owner or owner_url(url)
        with _migrating(owner, file) as connection:
            report = _migrate(connection, owner, home=home, to=to, without_backup=without_backup)
            if owner != url:
                role = role_of(url)
                with connection.begin():
                    grant_to(connection, role)
            return report
    except DBAPIError as error:
        raise refusal_of(error, lock_seconds=LOCK_SECONDS) or error from error


@contextmanager
def _migrating(url: str, file: Path | None) -> Iterator[Connection]:
    """Open the one connection that migrates, with the lock held and no transaction begun."""
    engine = open_engine(url, begin="IMMEDIATE")
    try:
        if file is not None:
            lock = file.with_name(file.name + ".lock")
            with process_lock(lock, seconds=LOCK_SECONDS), engine.connect() as connection:
                # Rebuilding a table drops the old one, which its referring rows would forbid; they are checked after.
                _driver(connection).execute("PRAGMA foreign_keys=OFF")
                yield connection
            return
        with engine.connect() as holder:
            holder = holder.execution_options(isolation_level="AUTOCOMMIT")
            holder.execute(text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
            holder.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
            try:
                with engine.connect() as connection:
                    yield connection
            finally:
                holder.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
    finally:
        engine.dispose()


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if driver is None:
        raise BrokenInvariant("a connection without its driver")
    return driver


def _migrate(connection: Connection, url: str, *, home: Path, to: str, without_backup: bool) -> MigrationReport:
    script = ScriptDirectory.from_config(alembic_config())
    with connection.begin():
        before = revision_of(connection)
        tables = inspect(connection).get_table_names()
    if before is None and tables:
        raise NotOurs(tables=tuple(sorted(tables)[:5]))
    if before is not None and before not in known_revisions():
        raise DatabaseNewer(revision=before, known=head_revision())
    wanted = head_revision() if to == "head" else to
    pending = _pending(script, before, wanted)
    copied: Path | None = None
    advice: str | None = None
    if before is not None and pending and not without_backup:
        copied, advice = backup_before_migration(url, home, revision=before)
    with connection.begin():
        # Who does not own the tables cannot make their rules anew; the check at start looks whether they are there.
        if pending or (before == wanted and is_owner(connection)):
            command.upgrade(alembic_config(connection), wanted)
        _check_references(connection)
    return MigrationReport(before, wanted, pending, copied, advice)


def _pending(script: ScriptDirectory, before: str | None, wanted: str) -> tuple[str, ...]:
    """Return the revisions to apply, oldest first."""
    if before == wanted:
        return ()
    newer = [revision.revision for revision in script.walk_revisions(base="base", head=wanted)]
    if before is not None and before not in newer:
        raise NoWayBack(revision=before)
    return tuple(reversed(newer[: newer.index(before)] if before is not None else newer))


def _check_references(connection: Connection) -> None:
    """SQLite was told not to look at references while tables were rebuilt; they must hold at the end."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenInvariant(f"the migration would leave a row without what it refers to: {tuple(broken)}")
