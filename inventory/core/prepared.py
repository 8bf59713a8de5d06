"""Statements that run for every entry, compiled once for each database.

Building and looking up a SQLAlchemy expression costs more than running it. A `Prepared` statement keeps its SQL text
and the conversions of its values, and hands both to the driver. What a SELECT returns comes
back as the driver gives it: keys pass through `core.base.as_key`, and no column that is an instant may be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql.expression import ClauseElement

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Ready:
    """A statement for one database: its text and, in order, each value's name, conversion and default."""

    text: str
    values: tuple[tuple[str, Convert | None, Any], ...]
    by_position: bool

    def row(self, given: Mapping[str, Any]) -> Any:
        """Return the values as the driver takes them."""
        found = (
            (name, given.get(name, default) if convert is None else convert(given.get(name, default)))
            for name, convert, default in self.values
        )
        return tuple(value for _, value in found) if self.by_position else dict(found)


class Prepared:
    """A statement with named values; `columns` names those of an INSERT without VALUES."""

    def __init__(self, statement: ClauseElement, *, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._ready: dict[str, _Ready] = {}

    def run(self, connection: Connection, given: Mapping[str, Any]) -> CursorResult[Any]:
        """Run the statement once."""
        ready = self._for(connection)
        return connection.exec_driver_sql(ready.text, ready.row(given))

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """Run the statement for each row; the row count is the sum."""
        ready = self._for(connection)
        return connection.exec_driver_sql(ready.text, [ready.row(given) for given in rows])

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
                    (
                        key,
                        compiled.binds[key].type.dialect_impl(connection.dialect).bind_processor(connection.dialect),
                        compiled.binds[key].effective_value,
                    )
                    for key in order
                ),
                by_position=bool(compiled.positiontup),
            )
        return ready
