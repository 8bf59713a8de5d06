"""Rows for any table, made from its declaration: for tests of what the database itself refuses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Date,
    DateTime,
    Integer,
    String,
    Table,
    insert,
    select,
)
from sqlalchemy.types import Boolean

from inventory.core.base import Base, Key, UtcDateTime

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
SPECIAL: dict[str, dict[str, Any]] = {
    "place": {"floor": 0, "kind": "supplier"},
    "custody": {"due_on": NOW.date()},
    "item": {"gb_code": "1234567"},
}
"""Values that the checks of a table ask for beyond the ordinary."""


def make_row(connection: Connection, name: str, **given: Any) -> dict[str, Any]:
    """Insert a row into a table, with the rows it refers to, and return its values."""
    table = Base.metadata.tables[name]
    row = {column.name: _value(connection, table, column.name) for column in table.columns if _needed(column)}
    row |= SPECIAL.get(name, {}) | given
    if name == "movement":
        row |= {"to_place_id": make_row(connection, "place")["id"]}
    connection.execute(insert(table), row)
    return row


def _needed(column: Any) -> bool:
    return column.primary_key or (not column.nullable and column.default is None and column.server_default is None)


def _value(connection: Connection, table: Table, name: str) -> Any:
    column = table.columns[name]
    for key in column.foreign_keys:
        return _referred(connection, key.column.table, key.column.name)
    if isinstance(column.type, Key):
        return uuid4()
    if isinstance(column.type, (UtcDateTime, DateTime)):
        return NOW
    if isinstance(column.type, Date):
        return NOW.date()
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, String):
        return _word(table, name, column.type.length or 8)
    return uuid4().bytes * 2


def _referred(connection: Connection, table: Table, column: str) -> Any:
    """Return a key of the referred table: a row that is there, else one made for it."""
    if table.name != "place":  # Movements go between two different ones.
        there = connection.execute(select(table.columns[column]).limit(1)).scalar_one_or_none()
        if there is not None:
            return there
    return make_row(connection, table.name)[column]


def _word(table: Table, name: str, length: int) -> str:
    """Return the first of the words that a check allows, else a new one."""
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            found = re.match(rf"{name} IN \('(\w+)'", str(check.sqltext))
            if found:
                return found[1]
    return uuid4().hex[: min(length, 16)]
