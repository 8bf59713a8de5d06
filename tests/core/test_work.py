"""The one commit: a refused job spoils nobody's, a failing batch is tried alone, a busy or full disk says so."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text

from inventory.core.database import open_engine
from inventory.core.env import Env
from inventory.core.errors import (
    BrokenInvariant,
    DatabaseBusy,
    DatabaseUnavailable,
    DiskFull,
    WrongState,
)
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import Problem

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def add(work: Work, name: str = "x", *, body: bytes = b"") -> str:
    """Write one row into a table without references."""
    key = name.encode().ljust(32)
    work.connection.execute(insert(Problem), {"sha256": key, "body": body, "seen": name, "made_at": work.now})
    return name


def names(store: Store) -> list[str]:
    """Return what stands there."""
    with store.reading(SYSTEM) as work:
        return sorted(work.connection.execute(select(Problem.seen)).scalars())


class Together:
    """Sends jobs while the writer is held up, so that they arrive as one batch."""

    def __init__(self, store: Store) -> None:
        self.store, self.gate, self.started = store, threading.Event(), threading.Event()
        self.answers: dict[str, Any] = {}
        self.threads = [threading.Thread(target=self._ask, args=("gate", self._wait))]
        self.threads[0].start()
        assert self.started.wait(10)

    def _wait(self, work: Work) -> None:
        self.started.set()
        assert self.gate.wait(10)

    def _ask(self, name: str, job: Callable[[Work], Any]) -> None:
        try:
            self.answers[name] = self.store.write(SYSTEM, job)
        except Exception as error:  # What the caller is told is what the test looks at.
            self.answers[name] = error

    def send(self, **jobs: Callable[[Work], Any]) -> dict[str, Any]:
        """Queue the jobs in order, let the writer go, and return the answers by name."""
        writer: Any = self.store._writer
        for waiting, (name, job) in enumerate(jobs.items(), start=1):
            self.threads.append(threading.Thread(target=self._ask, args=(name, job)))
            self.threads[-1].start()
            while writer.asks.qsize() < waiting:
                threading.Event().wait(0.001)
        self.gate.set()
        for thread in self.threads:
            thread.join(30)
        return self.answers


def refuse(work: Work) -> None:
    """Write, then refuse."""
    add(work, "half done")
    raise WrongState(kind="count", key="1", state="open", wanted="posted")


def test_a_refused_job_leaves_nothing(store: Store) -> None:
    """What a refused job had written is gone, on both databases."""
    with pytest.raises(WrongState):
        store.write(SYSTEM, refuse)
    assert names(store) == []


def test_a_reader_cannot_write(store: Store) -> None:
    """Whatever a query writes is rolled back at its end."""
    store.read(SYSTEM, add)
    assert names(store) == []


def test_a_reader_sees_one_moment(store: Store) -> None:
    """Two questions of one reading get the same answer, whatever is written in between."""
    store.write(SYSTEM, lambda work: add(work, "before"))
    with store.reading(SYSTEM) as work:
        first = work.connection.execute(select(Problem.seen)).scalars().all()
        store.write(SYSTEM, lambda other: add(other, "between"))
        assert work.connection.execute(select(Problem.seen)).scalars().all() == first
    assert names(store) == ["before", "between"]


@SQLITE
def test_a_refused_job_does_not_spoil_its_batch(store: Store) -> None:
    """Of three jobs in one transaction the middle one is refused and rolled back alone."""
    answers = Together(store).send(a=lambda work: add(work, "a"), bad=refuse, b=lambda work: add(work, "b"))
    assert isinstance(answers.pop("bad"), WrongState)
    assert answers == {"gate": None, "a": "a", "b": "b"}
    assert names(store) == ["a", "b"]


@SQLITE
def test_a_conflict_does_not_spoil_its_batch(store: Store) -> None:
    """A breach of a constraint is told to its sender alone."""
    answers = Together(store).send(
        a=lambda work: add(work, "a"),
        twin=lambda work: add(work, "a"),
        b=lambda work: add(work, "b"),
    )
    assert "IntegrityError" in type(answers["twin"]).__name__
    assert names(store) == ["a", "b"]


@SQLITE
def test_a_failing_batch_is_tried_again_job_by_job(store: Store) -> None:
    """An error of the database itself fails the transaction; then each job runs alone and the good ones stay."""
    tries = {"a": 0, "broken": 0}

    def good(work: Work) -> str:
        tries["a"] += 1
        return add(work, "a")

    def broken(work: Work) -> None:
        tries["broken"] += 1
        work.connection.execute(text("SELECT * FROM no_such_table"))

    answers = Together(store).send(a=good, broken=broken, b=lambda work: add(work, "b"))
    assert "OperationalError" in type(answers["broken"]).__name__
    assert (answers["a"], answers["b"]) == ("a", "b")
    assert tries == {"a": 2, "broken": 2}
    assert names(store) == ["a", "b"]


@SQLITE
def test_a_reference_that_fails_at_commit_fails_only_its_sender(store: Store) -> None:
    """Deferred references are looked at on commit, where the whole batch fails; alone, the good ones pass."""

    def dangling(work: Work) -> None:
        work.connection.execute(
            text("INSERT INTO place (id, kind, code, floor, open, made_by_id) VALUES (:i, 'supplier', 's', 0, 1, :e)"),
            {"i": uuid4().bytes, "e": uuid4().bytes},
        )

    answers = Together(store).send(a=lambda work: add(work, "a"), bad=dangling, b=lambda work: add(work, "b"))
    assert "IntegrityError" in type(answers["bad"]).__name__
    assert (answers["a"], answers["b"]) == ("a", "b")
    assert names(store) == ["a", "b"]


@SQLITE
def test_a_write_inside_a_write_is_an_error_and_not_a_deadlock(store: Store) -> None:
    """A job that asks the writer to write would wait for itself."""
    with pytest.raises(BrokenInvariant):
        store.write(SYSTEM, lambda work: store.write(SYSTEM, add))


HOLDER = """
import sys, fcntl, os
from pysqlite3 import dbapi2
path, way = sys.argv[1:]
if way == "lock file":
    handle = os.open(path + ".lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
else:
    connection = dbapi2.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@SQLITE
@pytest.mark.parametrize("way", ["lock file", "write lock"])
def test_another_process_that_keeps_the_database_locked(database_url: str, env: Env, way: str) -> None:
    """Beyond the time limit the write is refused, nothing of it stays, and it succeeds once the lock is gone."""
    store = Store(database_url, env, lock_seconds=1)
    arguments = [sys.executable, "-c", HOLDER, str(store.file), way]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(DatabaseBusy) as busy:
            store.write(SYSTEM, add)
        assert busy.value.seconds == 1
        assert names(store) == []
        other.communicate("")
    assert store.write(SYSTEM, add) == "x"
    store.close()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_row_locked_elsewhere_on_postgresql(database_url: str, env: Env) -> None:
    """A transaction that keeps a lock beyond the limit makes the other one busy, not stuck."""
    store = Store(database_url, env, lock_seconds=1)
    with store.reader.connect() as other:
        other.execute(text("LOCK TABLE problem IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseBusy):
            store.write(SYSTEM, add)
        other.rollback()
    assert store.write(SYSTEM, add) == "x"
    store.close()


@SQLITE
def test_a_full_disk(store: Store, tmp_path: Path) -> None:
    """When the file may not grow, the write is refused, what was there stays, and it goes on once there is room."""
    store.write(SYSTEM, lambda work: add(work, "kept"))
    writer: Any = store._writer
    with writer.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count={pages + 4}")
    big = b"\x01" * (1 << 20)
    with pytest.raises(DiskFull):
        store.write(SYSTEM, lambda work: add(work, "big", body=big))
    assert names(store) == ["kept"]
    with writer.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA max_page_count=1000000")
    store.write(SYSTEM, lambda work: add(work, "big", body=big))
    assert names(store) == ["big", "kept"]


@SQLITE
def test_a_batch_on_a_full_disk_keeps_what_has_room(store: Store) -> None:
    """One job too many for the disk: the small ones beside it are either answered and there, or refused and not."""
    store.write(SYSTEM, lambda work: add(work, "kept"))
    writer: Any = store._writer
    with writer.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count={pages + 4}")
    big = b"\x01" * (1 << 20)
    answers = Together(store).send(
        a=lambda work: add(work, "a"),
        big=lambda work: add(work, "big", body=big),
        b=lambda work: add(work, "b"),
    )
    assert isinstance(answers["big"], DiskFull)
    there = names(store)
    for name in ("a", "b"):
        assert (answers[name] == name) == (name in there)
        assert answers[name] == name or isinstance(answers[name], DiskFull)


def test_a_server_that_is_not_there(env: Env) -> None:
    """An unreachable database is a refusal that says why."""
    store = Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing", env)
    with pytest.raises(DatabaseUnavailable) as away:
        store.write(SYSTEM, add)
    assert away.value.reason
    with pytest.raises(DatabaseUnavailable), store.reading(SYSTEM):
        pass
    store.close()


def test_closing_answers_what_is_queued(store: Store) -> None:
    """Jobs sent before the end are done, and the store opens its writer anew when it is asked again."""
    done = [store.write(SYSTEM, lambda work, n=n: add(work, f"{n}")) for n in range(3)]
    store.close()
    assert done == ["0", "1", "2"]
    assert names(store) == done


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_write_survives_a_server_that_let_its_connections_go(store: Store, database_url: str) -> None:
    """The server ends every connection (a restart, a firewall): the next write goes through on a fresh one."""
    store.write(SYSTEM, lambda work: add(work, "before"))
    other = open_engine(database_url)
    with other.connect() as connection:
        gone = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).all()
    other.dispose()
    assert gone
    store.write(SYSTEM, lambda work: add(work, "after"))
    assert names(store) == ["after", "before"]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_the_limit_of_waiting_stands_beside_options_of_the_address(database_url: str) -> None:
    """What the address asks of the server is kept, and every connection waits for locks as long as was said."""
    joint = "&" if "?" in database_url else "?"
    engine = open_engine(f"{database_url}{joint}options=-c%20work_mem%3D8MB", lock_seconds=7)
    with engine.connect() as connection:
        shown = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("lock_timeout", "work_mem")]
    engine.dispose()
    assert shown == ["7s", "8MB"]
