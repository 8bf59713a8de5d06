"""One errand, one transaction: the only commit in the program.

SQLite has one writer thread with a FIFO queue and group commit: it takes whatever is queued, runs each job in a
savepoint, commits once and answers only then. Measured against SQLite's own busy waiting this is several times faster
and fair. A refused job rolls back alone. PostgreSQL runs each job in a transaction of its own.

A job is a function of `Work`; it may be run again (after a deadlock, or when its neighbours in a batch failed), so it
has no effects but those on the database.
"""

from __future__ import annotations

import datetime as dt
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from inventory.core.database import (
    hold_open,
    open_engine,
    process_lock,
    refusal_of,
    sqlite_file,
    worth_retrying,
)
from inventory.core.env import Env
from inventory.core.errors import BrokenInvariant, Refusal

Result = TypeVar("Result")
GROUP_MAX = 64
TRIES_MAX = 5


@dataclass(frozen=True)
class Actor:
    """Who acts and by which way: `via` is screen, cli, api, import, bundle or clock."""

    account_id: UUID | None
    login: str
    via: str = "screen"


SYSTEM = Actor(account_id=None, login="system", via="clock")


@dataclass
class Work:
    """What a command or query is given: an open transaction, who acts, and the one instant it happens at."""

    connection: Connection
    actor: Actor
    now: dt.datetime
    env: Env
    writing: bool
    memory: dict[str, Any] = field(default_factory=dict)
    """Facts that stay the same within one transaction (grants), looked up once."""
    lasting: dict[str, Any] = field(default_factory=dict)
    """Facts that never change once they are committed (this node, its places), looked up once for the store."""
    twins: list[TwinLook] = field(default_factory=list)
    """Where the journal says how to look for the entries that this job asks for."""
    _session: Session | None = None

    @property
    def session(self) -> Session:
        """The ORM session of this transaction, made when first asked for: the shortest entries need none."""
        if self._session is None:
            self._session = Session(
                self.connection,
                autoflush=self.writing,
                expire_on_commit=False,
                join_transaction_mode="rollback_only",
            )
        return self._session

    def flush(self) -> None:
        """Send what the session holds to the database."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        """Let the session go; the transaction is its opener's."""
        if self._session is not None:
            self._session.close()
            self._session = None

    @property
    def on_postgresql(self) -> bool:
        """Whether this transaction runs on PostgreSQL."""
        return self.connection.dialect.name == "postgresql"


Job = Callable[[Work], Result]
TwinLook = Callable[[Connection], bool]
"""Looks, on another connection, whether the entry that a job is about to write is there already."""


class Store:
    """The database with its one way to write and its one way to read."""

    def __init__(self, url: str, env: Env, *, lock_seconds: int = 10) -> None:
        self.url, self.env, self.lock_seconds = url, env, lock_seconds
        self.file = sqlite_file(url)
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        self._open_mark = hold_open(self.file) if self.file is not None else None
        self.reader: Engine = open_engine(url, lock_seconds=lock_seconds)
        self._lasting: dict[str, Any] = {}
        self._writer: _Writer | None = None
        self._writer_lock = threading.Lock()

    def write(self, actor: Actor, job: Job[Result]) -> Result:
        """Run `job` in one transaction and return its answer after the commit is on disk.

        Raises
        ------
        Refusal
            As the job raised it, or `DatabaseBusy`, `DiskFull`, `DatabaseUnavailable`; nothing was written.
        """
        if self.file is None:
            return self._write_alone(actor, job)
        with self._writer_lock:
            if self._writer is None:
                self._writer = _Writer(self)
            writer = self._writer
        return writer.ask(actor, job)

    def read(self, actor: Actor, job: Job[Result]) -> Result:
        """Run `job` on one consistent snapshot; writes in it raise."""
        with self.reading(actor) as work:
            return job(work)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Work]:
        """Open a snapshot for several queries; it is rolled back at the end."""
        try:
            with self.reader.connect() as connection:
                if self.file is None:
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin() as transaction:
                    work = self._work(connection, actor, writing=False)
                    try:
                        yield work
                    finally:
                        work.close()
                    transaction.rollback()
        except DBAPIError as error:
            raise self._refusal_or(error) from error

    def close(self) -> None:
        """Let the queue run empty, stop the writer, close the connections."""
        with self._writer_lock:
            if self._writer is not None:
                self._writer.stop()
                self._writer = None
        self.reader.dispose()
        if self._open_mark is not None:
            os.close(self._open_mark)
            self._open_mark = None

    def _work(self, connection: Connection, actor: Actor, *, writing: bool) -> Work:
        return Work(
            connection=connection,
            actor=actor,
            now=self.env.now(),
            env=self.env,
            writing=writing,
            lasting=self._lasting,
        )

    def run(
        self, connection: Connection, actor: Actor, job: Job[Result], asked: list[TwinLook] | None = None
    ) -> Result:
        """Run `job` on an open write transaction; whoever calls this commits or rolls back."""
        work = self._work(connection, actor, writing=True)
        if asked is not None:
            work.twins = asked
        try:
            answer = job(work)
            work.flush()
            return answer
        finally:
            work.close()

    def _refusal_or(self, error: DBAPIError) -> Exception:
        return refusal_of(error, lock_seconds=self.lock_seconds) or error

    def _write_alone(self, actor: Actor, job: Job[Result]) -> Result:
        """PostgreSQL: one transaction, again after a deadlock, and once more after any conflict or refusal.

        The twin of a double click may have won between our look at the id and our write; on the second run the job
        finds its entry and answers "already done".
        """
        again = True
        for attempt in range(TRIES_MAX):
            asked: list[TwinLook] = []
            try:
                with self.reader.begin() as connection:
                    return self.run(connection, actor, job, asked)
            except IntegrityError:  # Two raced for one row: run again, the rules will say what happened.
                if not again:
                    raise
                again = False
            except Refusal:
                if not again or not self._twin_won(asked):
                    raise
                again = False
            except DBAPIError as error:
                if not worth_retrying(error) or attempt == TRIES_MAX - 1:
                    raise self._refusal_or(error) from error
        raise BrokenInvariant("a transaction was tried too often")

    def _twin_won(self, asked: list[TwinLook]) -> bool:
        """Return whether an entry that the job asked for has been written by somebody else meanwhile."""
        if not asked:
            return False
        with self.reader.connect() as connection:
            return any(look(connection) for look in asked)


@dataclass
class _Ask:
    actor: Actor
    job: Job[Any]
    answer: Future[Any] = field(default_factory=Future)


class _Writer:
    """The writer thread of an SQLite store."""

    def __init__(self, store: Store) -> None:
        if store.file is None:
            raise BrokenInvariant("the writer thread is for SQLite")
        self.store = store
        self.engine = open_engine(store.url, begin="IMMEDIATE", lock_seconds=store.lock_seconds)
        self.lock_path = store.file.with_name(store.file.name + ".lock")
        self.asks: queue.SimpleQueue[_Ask | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self.thread.start()

    def ask(self, actor: Actor, job: Job[Result]) -> Result:
        """Queue the job and wait for its answer."""
        if threading.current_thread() is self.thread:
            raise BrokenInvariant("a write inside a write would wait for itself")
        ask = _Ask(actor, job)
        self.asks.put(ask)
        answer: Result = ask.answer.result()
        return answer

    def stop(self) -> None:
        """Answer what is queued, then end."""
        self.asks.put(None)
        self.thread.join()
        self.engine.dispose()

    def _run(self) -> None:
        open_ended = True
        while open_ended:
            first = self.asks.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < GROUP_MAX:
                try:
                    following = self.asks.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    open_ended = False
                    break
                batch.append(following)
            self._serve(batch)

    def _serve(self, batch: list[_Ask]) -> None:
        """Run a batch in one transaction; when that fails as a whole, run each of its jobs alone."""
        try:
            answers = self._commit(batch)
        except Exception as error:
            told = self._told(error)
            if len(batch) > 1 and not isinstance(told, Refusal):
                for ask in batch:
                    self._serve([ask])
                return
            answers = [(ask, None, told) for ask in batch]
        for ask, value, failure in answers:
            if failure is None:
                ask.answer.set_result(value)
            else:
                ask.answer.set_exception(failure)

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, DBAPIError):
            return refusal_of(error, lock_seconds=self.store.lock_seconds) or error
        return error

    def _commit(self, batch: list[_Ask]) -> list[tuple[_Ask, Any, Exception | None]]:
        answers: list[tuple[_Ask, Any, Exception | None]] = []
        with process_lock(self.lock_path, seconds=self.store.lock_seconds), self.engine.connect() as connection:
            transaction = connection.begin()
            for ask in batch:
                if len(batch) == 1:  # The transaction itself is the savepoint of a job that is alone.
                    answers.append((ask, self.store.run(connection, ask.actor, ask.job), None))
                    continue
                savepoint = connection.begin_nested()
                try:
                    value = self.store.run(connection, ask.actor, ask.job)
                    savepoint.commit()
                    answers.append((ask, value, None))
                except DBAPIError as error:
                    if not isinstance(error, IntegrityError):
                        raise  # SQLite may have rolled everything back (disk full, input/output error).
                    savepoint.rollback()
                    answers.append((ask, None, error))
                except Exception as error:
                    savepoint.rollback()
                    answers.append((ask, None, error))
            try:
                transaction.commit()
            except DBAPIError:
                # A refused commit (a deferred reference, a full disk) leaves SQLite's transaction open while
                # SQLAlchemy thinks it over: the next job on this connection would find itself inside it.
                connection.invalidate()
                raise
        return answers
