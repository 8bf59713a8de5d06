"""Rows that never change: triggers in the database itself, one set of rules for SQLite and one for PostgreSQL.

Append-only tables refuse UPDATE, DELETE, TRUNCATE and a replacing INSERT; other tables may have frozen columns, which
are written once. The rules are made again at the end of every migration, because Alembic's batch mode rebuilds SQLite
tables and silently drops their triggers, and they are looked for at every start.

On SQLite `INSERT OR REPLACE` passes a DELETE trigger unless `recursive_triggers` is on, so an INSERT trigger refuses a
row whose key (or any other unique key) is there already. It cannot tell REPLACE from `ON CONFLICT DO NOTHING`: look
before you insert into such a table. No trigger stops DROP TABLE: on PostgreSQL let another role own the tables; on
SQLite the hash chain tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

_REFUSE = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
END $$"""
_REFUSE_FROZEN = """CREATE OR REPLACE FUNCTION refuse_frozen_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' has frozen columns', ERRCODE = 'restrict_violation';
END $$"""
_UNIQUE_INDEXES = "SELECT name FROM pragma_index_list('{table}') WHERE \"unique\" AND NOT partial ORDER BY name"
_INDEX_COLUMNS = "SELECT name FROM pragma_index_info('{index}') ORDER BY seqno"
_KEY_COLUMNS = "SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"


def create_rules(connection: Connection, tables: Sequence[str], frozen_columns: Mapping[str, Sequence[str]]) -> None:
    """Make the rules anew; those that are there already are replaced.

    Parameters
    ----------
    tables
        Tables whose rows never change and never go.
    frozen_columns
        Table -> columns that are written once.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_REFUSE)
        connection.exec_driver_sql(_REFUSE_FROZEN)
    for name, (table, definition) in _rules(connection, tables, frozen_columns).items():
        on = f' ON "{table}"' if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
        connection.exec_driver_sql(definition)


def missing_rules(
    connection: Connection, tables: Sequence[str], frozen_columns: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return the names of rules that are not there, are switched off or say something else; empty when all is well."""
    wanted = _rules(connection, tables, frozen_columns)
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = {row.name: row.sql for row in rows}
        return [name for name, (_, definition) in wanted.items() if there.get(name) != definition]
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        " AND t.tgfoid IN (to_regproc('refuse_change')::oid, to_regproc('refuse_frozen_change')::oid)"
        " AND c.relnamespace = current_schema()::regnamespace"
    )
    standing = {(row.tgname, row.relname) for row in rows}
    return [name for name, (table, _) in wanted.items() if (name, table) not in standing]


def _rules(
    connection: Connection, tables: Sequence[str], frozen_columns: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, str]]:
    """Return rule name -> (table, definition) for the dialect."""
    rules: dict[str, tuple[str, str]] = {}
    on_postgresql = connection.dialect.name == "postgresql"
    for table in tables:
        made = _append_only_postgresql(table) if on_postgresql else _append_only_sqlite(connection, table)
        rules |= {name: (table, definition) for name, definition in made.items()}
    for table, columns in frozen_columns.items():
        made = _frozen_postgresql(table, columns) if on_postgresql else _frozen_sqlite(connection, table, columns)
        rules |= {name: (table, definition) for name, definition in made.items()}
    return rules


def _append_only_postgresql(table: str) -> dict[str, str]:
    return {
        f"{table}_no_change": f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON "{table}"'
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"{table}_no_truncate": f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    }


def _frozen_postgresql(table: str, columns: Sequence[str]) -> dict[str, str]:
    differs = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    name = f"{table}_frozen"
    return {
        name: f'CREATE TRIGGER {name} BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({differs})'
        " EXECUTE FUNCTION refuse_frozen_change()"
    }


def _append_only_sqlite(connection: Connection, table: str) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    rules = {
        f"{table}_no_{kind.lower()}": f'CREATE TRIGGER {table}_no_{kind.lower()} BEFORE {kind} ON "{table}" {refuse}'
        for kind in ("UPDATE", "DELETE")
    }
    return rules | _no_replace_sqlite(connection, table, refuse)


def _frozen_sqlite(connection: Connection, table: str, columns: Sequence[str]) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} has frozen columns'); END"
    differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
    name = f"{table}_frozen"
    rules = {name: f'CREATE TRIGGER {name} BEFORE UPDATE ON "{table}" WHEN {differs} {refuse}'}
    return rules | _no_replace_sqlite(connection, table, refuse)


def _no_replace_sqlite(connection: Connection, table: str, refuse: str) -> dict[str, str]:
    """A row with a key that is there already would replace it: refuse it, by the primary key or any unique index."""
    keys = [tuple(connection.exec_driver_sql(_KEY_COLUMNS.format(table=table)).scalars())]
    for index in connection.exec_driver_sql(_UNIQUE_INDEXES.format(table=table)).scalars().all():
        keys.append(tuple(connection.exec_driver_sql(_INDEX_COLUMNS.format(index=index)).scalars()))
    there = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" WHERE ' + " AND ".join(f'"{part}" = NEW."{part}"' for part in key) + ")"
        for key in dict.fromkeys(keys)
    )
    name = f"{table}_no_replace"
    return {name: f'CREATE TRIGGER {name} BEFORE INSERT ON "{table}" WHEN {there} {refuse}'}
