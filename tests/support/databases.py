"""Fresh, migrated databases of both kinds for tests, fast: each kind is migrated once per run and then copied.

All processes of one run (xdist workers, subprocesses) share a *run folder*, named by the environment variable
`INVENTORY_TEST_RUN`. The first who needs PostgreSQL starts it under a file lock; whoever made the run folder stops it.
A *template* is a named starting point: "empty" is the migrated schema, further ones are built on it once per run.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy.engine import URL, make_url

from tests.support import postgres

RUN = "INVENTORY_TEST_RUN"
KINDS = ("sqlite", "postgresql")
Build = Callable[[str], object]

_administrator: psycopg.Connection[Any] | None = None


def open_run() -> bool:
    """Make the run folder unless one is there; return whether this process made it and so must close it."""
    if os.environ.get(RUN):
        return False
    folder = Path(tempfile.mkdtemp(prefix="inventory-tests-"))
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[RUN] = str(folder)
    return True


def close_run() -> None:
    """Stop the server that this run started and remove the run folder."""
    global _administrator
    folder = run_folder()
    if _administrator is not None:
        _administrator.close()
        _administrator = None
    server = server_of_run()
    if server is not None:
        if not server.root:
            _drop_leftovers(server, folder)
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[RUN]


def run_folder() -> Path:
    """Return the run folder."""
    return Path(os.environ[RUN])


def server_of_run() -> postgres.Server | None:
    """Return the PostgreSQL server of this run, None while nobody needed one."""
    path = run_folder() / "server.json"
    return postgres.Server.load(path) if path.exists() else None


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock of this run across its processes."""
    with (run_folder() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fresh(kind: str, folder: Path, *, template: str = "empty", build: Build | None = None) -> str:
    """Return the URL of a new database.

    Parameters
    ----------
    kind
        "sqlite" or "postgresql".
    folder
        Where an SQLite file is put (`inventory.db`, or a numbered name when that is taken).
    template, build
        Name of the starting point, and the function that fills a migrated database (given by URL) the first time it
        is asked for in this run. "empty" needs no `build`.
    """
    _ensure_template(kind, template, build)
    if kind == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "inventory.db"
        while path.exists():
            path = folder / f"inventory-{uuid4().hex[:8]}.db"
        shutil.copyfile(_sqlite_template(template), path)
        return f"sqlite:///{path}"
    name = f"{_prefix()}_{uuid4().hex[:12]}"
    _copy_database(_postgres_template(template), name)
    return _url_of(name)


def drop(url: str) -> None:
    """Remove a database made by `fresh`; SQLite files stay in their temporary folder."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        _administer().execute(f'drop database if exists "{parsed.database}" with (force)'.encode())


def versions() -> str:
    """Return one line that names both databases."""
    from inventory.core.database import sqlite_version

    server = server_of_run()
    other = f"PostgreSQL {server.version}" if server else "PostgreSQL not used"
    return f"SQLite {sqlite_version()} (pysqlite3), {other}"


def _ensure_template(kind: str, name: str, build: Build | None) -> None:
    ready = run_folder() / f"{kind}-{name}.ready"
    if ready.exists():
        return
    with locked(f"{kind}-{name}"):
        if ready.exists():
            return
        if name == "empty":
            from inventory.upkeep import migrate

            _make_template(kind, name, None, migrate)
        elif build is None:
            raise ValueError(f"template {name!r} is not there yet and no build function is given")
        else:
            _ensure_template(kind, "empty", None)
            _make_template(kind, name, "empty", build)
        ready.touch()


def _make_template(kind: str, name: str, origin: str | None, build: Build) -> None:
    if kind == "sqlite":
        path = _sqlite_template(name)
        path.unlink(missing_ok=True)
        if origin:
            shutil.copyfile(_sqlite_template(origin), path)
        build(f"sqlite:///{path}")
        _fold_log(path)
        return
    database = _postgres_template(name)
    _administer().execute(f'drop database if exists "{database}" with (force)'.encode())
    if origin:
        _copy_database(_postgres_template(origin), database)
    else:
        _administer().execute(f'create database "{database}"'.encode())
    build(_url_of(database))
    _administer().execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s", [database])


def _fold_log(path: Path) -> None:
    """Bring everything into the one file that is copied."""
    from pysqlite3 import dbapi2 as fixed_sqlite

    connection = fixed_sqlite.connect(str(path))
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    connection.close()
    if busy:
        raise RuntimeError(f"the builder of {path.name} left a connection open")


def _sqlite_template(name: str) -> Path:
    return run_folder() / f"{name}.db"


def _prefix() -> str:
    return "inventory_test_" + re.sub(r"\W", "", run_folder().name.removeprefix("inventory-tests-")).lower()


def _postgres_template(name: str) -> str:
    return f"{_prefix()}_template_{name}"


def _copy_database(origin: str, name: str) -> None:
    _administer().execute(f'create database "{name}" template "{origin}" strategy file_copy'.encode())


def _server() -> postgres.Server:
    path = run_folder() / "server.json"
    if not path.exists():
        with locked("server"):
            if not path.exists():
                owner = int((run_folder() / "owner").read_text())
                partial = path.with_suffix(".partial")
                postgres.start(owner=owner).save(partial)
                partial.rename(path)
    return postgres.Server.load(path)


def _url_of(database: str) -> str:
    return make_url(_server().url).set(database=database).render_as_string(hide_password=False)


def _administer() -> psycopg.Connection[Any]:
    global _administrator
    if _administrator is None:
        _administrator = psycopg.connect(_plain(make_url(_server().url)), autocommit=True)
    return _administrator


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _drop_leftovers(server: postgres.Server, folder: Path) -> None:
    """Leave nothing of this run on a server that is not ours."""
    with psycopg.connect(_plain(make_url(server.url)), autocommit=True) as connection:
        rows = connection.execute("select datname from pg_database where starts_with(datname, %s)", [_prefix()])
        for (name,) in rows.fetchall():
            connection.execute(f'drop database if exists "{name}" with (force)'.encode())
