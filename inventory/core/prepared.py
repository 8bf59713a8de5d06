"""Statements that run for every entry, compiled once for each database and handed to the driver as they are.

Building, looking up and wrapping a SQLAlchemy statement costs several times what running it does. A `Prepared`
statement keeps its SQL text and the conversions of its values. It runs inside the transaction of the connection it is
given, and its errors are those that SQLAlchemy would raise. What a SELECT returns comes back as the driver gives it:
keys pass through `core.base.as_key`, and no column that is an instant may be asked for.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.sql.expression import ClauseElement, SelectBase

from inventory.core.base import Key

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Answer:
    """What a statement gave: rows with the names of its columns, and how many rows it touched."""

    rows: list[Any]
    rowcount: int

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def first(self) -> Any | None:
        """Return the first row, None when there is none."""
        return self.rows[0] if self.rows else None

    def one_or_none(self) -> Any | None:
        """Return the only row, None when there is none; raises `MultipleResultsFound`."""
        if len(self.rows) > 1:
            raise MultipleResultsFound
        return self.first()

    def one(self) -> Any:
        """Return the only row; raises `NoResultFound` or `MultipleResultsFound`."""
        if not self.rows:
            raise NoResultFound
        return self.one_or_none()


@dataclass(frozen=True)
class _Ready:
    """A statement for one database: its text and, in order, each value's name, conversion and default."""

    text: str
    values: tuple[tuple[str, Convert | None, Any], ...]
    by_position: bool
    shape: Callable[[Any], Any] | None

    def row(self, given: Mapping[str, Any]) -> Any:
        """Return the values as the driver takes them."""
        found = [
            given.get(name, default) if convert is None else convert(given.get(name, default))
            for name, convert, default in self.values
        ]
        return found if self.by_position else dict(zip((name for name, _, _ in self.values), found, strict=True))


class Prepared:
    """A statement with named values.

    `columns` names those of an INSERT without VALUES, `returns` what a statement gives back that is no SELECT.
    """

    def __init__(
        self, statement: ClauseElement, *, columns: Sequence[str] | None = None, returns: Sequence[str] = ()
    ) -> None:
        self._statement, self._columns, self._returns = statement, columns, returns
        self._ready: dict[str, _Ready] = {}

    def run(self, connection: Connection, given: Mapping[str, Any]) -> Answer:
        """Run the statement once."""
        ready = self._for(connection)
        values = ready.row(given)
        driver = connection.connection
        cursor = driver.cursor()
        try:
            cursor.execute(ready.text, values)
            rows = [ready.shape(row) for row in cursor.fetchall()] if ready.shape else []
            return Answer(rows, cursor.rowcount)
        except Exception as error:
            _raise(connection, error, ready.text, values)
        finally:
            cursor.close()

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> Answer:
        """Run the statement for each row; the row count is the sum. What it returns is not read."""
        if len(rows) == 1:
            return self.run(connection, rows[0])
        ready = self._for(connection)
        values = [ready.row(given) for given in rows]
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(ready.text, values)
            return Answer([], cursor.rowcount)
        except Exception as error:
            _raise(connection, error, ready.text, values)
        finally:
            cursor.close()

    def _for(self, connection: Connection) -> _Ready:
        name = connection.dialect.name
        ready = self._ready.get(name)
        if ready is None:
            more: dict[str, Any] = {} if self._columns is None else {"column_keys": list(self._columns)}
            compiled: Any = self._statement.compile(dialect=connection.dialect, **more)
            order = compiled.positiontup or list(compiled.binds)
            ready = self._ready[name] = _Ready(
                text=str(compiled),
                values=tuple(
                    (key, _conversion(compiled.binds[key].type, connection), compiled.binds[key].effective_value)
                    for key in order
                ),
                by_position=bool(compiled.positiontup),
                shape=_shape(self._statement, self._returns),
            )
        return ready


def _shape(statement: ClauseElement, returns: Sequence[str]) -> Callable[[Any], Any] | None:
    """Return what makes a named row of a driver's row; None for statements that return none."""
    names = list(returns)
    if isinstance(statement, SelectBase):
        names = [str(column.key) for column in statement.selected_columns]
    if not names:
        return None
    made: Any = namedtuple("Row", names)  # type: ignore[misc]
    shape: Callable[[Any], Any] = made._make
    return shape


def _conversion(kind: Any, connection: Connection) -> Convert | None:
    """Return what makes the driver's value of ours, None where it is the same."""
    if isinstance(kind, Key) and connection.dialect.name == "sqlite":
        return _key_bytes
    convert: Convert | None = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return convert


def _key_bytes(value: Any) -> bytes | None:
    return None if value is None else value.bytes


def _raise(connection: Connection, error: Exception, text: str, values: Any) -> NoReturn:
    """Raise an error of the driver as SQLAlchemy does, and let a broken connection go."""
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    if not isinstance(error, base):
        raise error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    told: Any = DBAPIError.instance(text, values, error, base, connection_invalidated=lost, dialect=dialect)
    if lost:
        connection.invalidate(error)
    raise told from error
