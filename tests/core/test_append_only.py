"""The database itself keeps what must not change: every attack on every protected table, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from inventory.core.append_only import create_rules, missing_rules
from inventory.core.base import Base
from inventory.core.database import open_engine
from inventory.models import APPEND_ONLY, FROZEN_COLUMNS
from tests.support.rows import make_row

PROTECTED = (*APPEND_ONLY, *FROZEN_COLUMNS)


def fill(url: str) -> None:
    """Put a row into every protected table."""
    engine = open_engine(url)
    with engine.begin() as connection:
        make_row(connection, "node", here=True)
        first = make_row(connection, "journal")
        make_row(connection, "journal", sequence=2, reverses_id=first["id"])
        make_row(connection, "count_line", lot_id=make_row(connection, "lot")["id"])
        for table in PROTECTED:
            if not connection.execute(select(Base.metadata.tables[table]).limit(1)).first():
                make_row(connection, table)
    engine.dispose()


@pytest.fixture
def engine(make_database: Callable[..., str]) -> Iterator[Engine]:
    """A database with a row in every protected table."""
    opened = open_engine(make_database("append-only", fill))
    yield opened
    opened.dispose()


def refused(engine: Engine, attack: str, **values: Any) -> None:
    """The statement is refused as a breach of integrity, and nothing of it stays."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with pytest.raises(IntegrityError, match=r"append-only|frozen"):
            connection.execute(text(attack), values)
        transaction.rollback()


def rows_of(engine: Engine, table: str) -> list[Any]:
    """Return the rows of a table."""
    with engine.connect() as connection:
        return list(connection.execute(select(Base.metadata.tables[table])).all())


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_rows_are_neither_changed_nor_deleted(engine: Engine, table: str) -> None:
    """UPDATE of each column, UPDATE to itself, and DELETE are refused; so is TRUNCATE where there is one."""
    before = rows_of(engine, table)
    assert before
    for column in Base.metadata.tables[table].columns:
        refused(engine, f'UPDATE "{table}" SET "{column.name}" = "{column.name}"')
    refused(engine, f'DELETE FROM "{table}"')
    if engine.dialect.name == "postgresql":
        refused(engine, f'TRUNCATE "{table}" CASCADE')
    assert rows_of(engine, table) == before


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("recursive", [True, False])
@pytest.mark.parametrize("table", PROTECTED)
def test_no_row_is_replaced(engine: Engine, table: str, recursive: bool) -> None:
    """INSERT OR REPLACE is refused by every unique key, also by a program without our pragma."""
    keys = [inspect(engine).get_pk_constraint(table)["constrained_columns"]]
    keys += [unique["column_names"] for unique in inspect(engine).get_unique_constraints(table)]
    columns = [column.name for column in Base.metadata.tables[table].columns]
    for key in keys:
        fresh = {
            "id": "randomblob(16)",
            "label": "'9'",
            "position": "77",
            "line": "77",
            "sequence": "77",
        }
        taken = ", ".join(fresh.get(name, f'"{name}"') if name not in key else f'"{name}"' for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        attack = f'INSERT OR REPLACE INTO "{table}" ({names}) SELECT {taken} FROM "{table}"'
        attack += " WHERE " + " AND ".join(f'"{name}" IS NOT NULL' for name in key)
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA recursive_triggers={'ON' if recursive else 'OFF'}")
            driver.execute("PRAGMA foreign_keys=OFF")
            with pytest.raises(IntegrityError, match=r"append-only|frozen"):
                connection.execute(text(attack))
            connection.rollback()
            connection.invalidate()


@pytest.mark.parametrize("table", FROZEN_COLUMNS)
def test_frozen_columns_are_written_once(engine: Engine, table: str) -> None:
    """A frozen column keeps its value; writing the same value again is no change."""
    for name in FROZEN_COLUMNS[table]:
        column = Base.metadata.tables[table].columns[name]
        other: Any = {"int": "7", "bytes": "X'00'"}.get(column.type.python_type.__name__, "'other'")
        if "Key" in type(column.type).__name__:
            other = "randomblob(16)" if engine.dialect.name == "sqlite" else "gen_random_uuid()"
        elif engine.dialect.name == "postgresql" and other.startswith("X"):
            other = r"'\x00'::bytea"
        refused(engine, f'UPDATE "{table}" SET "{name}" = {other}')
        with engine.begin() as connection:
            connection.execute(text(f'UPDATE "{table}" SET "{name}" = "{name}"'))


def test_other_columns_of_a_frozen_row_may_change(engine: Engine) -> None:
    """A plan's state moves on while its body stays."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE plan SET state = 'cancelled'"))
    assert {row.state for row in rows_of(engine, "plan")} == {"cancelled"}


def trigger_names(connection: Connection) -> list[str]:
    """Return the names of the rules that stand in the database."""
    source = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return sorted(connection.execute(text(source)).scalars())


def test_every_missing_rule_is_found(engine: Engine) -> None:
    """Drop one rule after the other: each is missed by name, and `create_rules` brings it back."""
    with engine.begin() as connection:
        assert missing_rules(connection, APPEND_ONLY, FROZEN_COLUMNS) == []
        names = trigger_names(connection)
        assert len(names) >= 2 * len(APPEND_ONLY) + len(FROZEN_COLUMNS)
        for name in names:
            table = re.sub(r"_(no_\w+|frozen)$", "", name)
            on = f' ON "{table}"' if engine.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
            assert missing_rules(connection, APPEND_ONLY, FROZEN_COLUMNS) == [name]
            create_rules(connection, APPEND_ONLY, FROZEN_COLUMNS)
            assert missing_rules(connection, APPEND_ONLY, FROZEN_COLUMNS) == []


def test_a_rule_switched_off_or_hollowed_out_is_missed(engine: Engine) -> None:
    """A disabled trigger, or one of the same name that does nothing, does not count as a rule."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE journal DISABLE TRIGGER journal_no_change"))
            assert missing_rules(connection, APPEND_ONLY, FROZEN_COLUMNS) == ["journal_no_change"]
        else:
            connection.execute(text("DROP TRIGGER journal_no_delete"))
            connection.execute(text("CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT 1; END"))
            assert missing_rules(connection, APPEND_ONLY, FROZEN_COLUMNS) == ["journal_no_delete"]


def test_new_rows_are_welcome(engine: Engine) -> None:
    """The rules stand in nobody's way who only adds."""
    for table in APPEND_ONLY:
        before = len(rows_of(engine, table))
        given = {"sequence": 3} if table == "journal" else {"line": 2} if table == "movement" else {}
        with engine.begin() as connection:
            make_row(connection, table, **given)
        assert len(rows_of(engine, table)) == before + 1
