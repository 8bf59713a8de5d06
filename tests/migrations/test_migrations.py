"""Migrations: both databases reach the schema of the models, from nothing and from every kept file, with rules."""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url

from inventory.core.append_only import missing_rules
from inventory.core.base import Base
from inventory.core.database import open_engine
from inventory.core.env import Env
from inventory.core.work import Store
from inventory.models import APPEND_ONLY, FROZEN_COLUMNS
from inventory.upkeep import check_start, migrate
from inventory.upkeep.backups import prove
from inventory.upkeep.migrating import alembic_config, head_revision
from inventory.upkeep.rules import (
    BackupFailed,
    DatabaseBehind,
    DatabaseNewer,
    NotOurs,
    RulesMissing,
)
from tests.support import databases
from tools.freeze_schema import DIALECTS, VERSIONS, schema_sql

KEPT = sorted((Path(__file__).parent / "kept").glob("*.sqlite.gz"))
REVISIONS = [one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


@pytest.fixture
def bare_url(database_kind: str, make_database: Callable[..., str], home: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{home / 'bare.db'}"
        return
    url = make_url(make_database())
    name = f"{url.database}_bare"
    databases._administer().execute(f'create database "{name}"'.encode())
    bare = url.set(database=name).render_as_string(hide_password=False)
    yield bare
    databases.drop(bare)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated, empty database."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def test_the_models_are_what_the_migrations_make(engine: Engine) -> None:
    """`alembic check`: nothing to add, to drop or to alter."""
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_checks_are_those_of_the_models_too(engine: Engine, bare_url: str) -> None:
    """Alembic does not compare CHECKs: a database made from the models has the same ones, word for word."""
    other = open_engine(bare_url)
    Base.metadata.create_all(other)
    with engine.connect() as migrated, other.connect() as made:
        assert definitions(migrated) == definitions(made)
    other.dispose()


def definitions(connection: Connection) -> dict[str, Any]:
    """Return every constraint and index of a database by table and name, without our bookkeeping."""
    there = inspect(connection)
    found: dict[str, Any] = {}
    for table in there.get_table_names():
        if table == "alembic_version":
            continue
        for kind in (
            there.get_check_constraints,
            there.get_unique_constraints,
            there.get_foreign_keys,
        ):
            for one in kind(table):
                found[f"{table}.{one['name']}"] = {key: value for key, value in one.items() if key != "comment"}
        for index in there.get_indexes(table):
            where = {key: str(value) for key, value in index["dialect_options"].items()}
            found[f"{table}.{index['name']}"] = (index["column_names"], index["unique"], where)
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_newest_frozen_text_is_current(dialect: str) -> None:
    """While there is only one revision, its frozen text is what `tools/freeze_schema` would write today."""
    if len(REVISIONS) == 1:
        frozen = (VERSIONS / f"2026_11_23_1800_spine.{dialect}.sql").read_text(encoding="utf-8")
        assert frozen.split("\n\n", 1)[1] == schema_sql(dialect)


def test_there_is_one_line_of_revisions() -> None:
    """One head, and names that sort in the order in which they run."""
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [REVISIONS[-1]]
    assert sorted(REVISIONS) == REVISIONS


def test_every_revision_leaves_the_rules_behind(bare_url: str, home: Path) -> None:
    """From nothing, step by step: after each one every protected table of it has its rules."""
    for revision in REVISIONS:
        report = migrate(bare_url, home=home, to=revision)
        assert report.applied == (revision,)
        engine = open_engine(bare_url)
        with engine.connect() as connection:
            inside = inspect(connection)
            tables = set(inside.get_table_names())
            there = [table for table in APPEND_ONLY if table in tables]
            known = {table: {column["name"] for column in inside.get_columns(table)} for table in tables}
            frozen = {
                table: [column for column in columns if column in known[table]]
                for table, columns in FROZEN_COLUMNS.items()
                if table in tables
            }
            assert missing_rules(connection, there, frozen) == []
            assert there
        engine.dispose()
    assert migrate(bare_url, home=home).applied == ()


def test_rules_that_were_lost_come_back(engine: Engine, database_url: str, home: Path, env: Env) -> None:
    """The check at start misses them; migrating again, with nothing to apply, makes them anew."""
    with engine.begin() as connection:
        on = " ON journal" if engine.dialect.name == "postgresql" else ""
        name = "journal_no_change" if on else "journal_no_update"
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    store = Store(database_url, env)
    with pytest.raises(RulesMissing) as missing:
        check_start(store)
    assert missing.value.names == (name,)
    migrate(store, home=home)
    check_start(store)
    store.close()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_every_kept_database_is_brought_up_to_date(kept: Path, database_kind: str, home: Path, env: Env) -> None:
    """A file of each release reaches today's schema with its rows, its chain and a backup of what it was."""
    path = home / "inventory.db"
    with gzip.open(kept) as packed, path.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    url = f"sqlite:///{path}"
    report = migrate(url, home=home)
    assert (report.backup is None) == (report.applied == ())
    store = Store(url, env)
    check_start(store)
    assert prove(store) > 0
    store.close()


def test_there_is_a_kept_database_of_every_revision() -> None:
    """Each revision has a file that was made by it: the way from it to today is tried above."""
    assert {path.name.split(".")[0] for path in KEPT} >= set(REVISIONS)


def test_there_is_no_way_back(engine: Engine) -> None:
    """A downgrade says so in words and drops nothing."""
    with (
        engine.connect() as connection,
        connection.begin(),
        pytest.raises(NotImplementedError, match="Restore"),
    ):
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).has_table("journal")


def set_revision(engine: Engine, revision: str) -> None:
    """Say that the database stands at another revision."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})


def test_a_database_of_a_newer_program(engine: Engine, database_url: str, home: Path, env: Env) -> None:
    """It is neither migrated nor worked on."""
    set_revision(engine, "2999_01_01_0000")
    with pytest.raises(DatabaseNewer):
        migrate(database_url, home=home)
    store = Store(database_url, env)
    with pytest.raises(DatabaseNewer):
        check_start(store)
    store.close()


def test_a_database_of_something_else(bare_url: str, home: Path, env: Env) -> None:
    """Tables of another program are left alone; a bare database is told to be behind."""
    store = Store(bare_url, env)
    with pytest.raises(DatabaseBehind) as behind:
        check_start(store)
    assert behind.value.wanted == head_revision()
    engine = open_engine(bare_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_else (n integer)"))
    with pytest.raises(NotOurs) as refused:
        migrate(bare_url, home=home)
    assert refused.value.tables == ("somebody_else",)
    assert inspect(engine).get_table_names() == ["somebody_else"]
    engine.dispose()
    store.close()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_pending_migration_is_backed_up_first(
    engine: Engine, database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy opens and holds what was there; only as many are kept as the setting says; no copy, no migration."""
    from inventory.upkeep import migrating

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE witness (n integer)"))
    ran: list[str] = []
    monkeypatch.setattr(migrating, "_pending", lambda *_: ("2999_pending",))
    monkeypatch.setattr(migrating.command, "upgrade", lambda *_: ran.append("upgrade"))
    monkeypatch.setenv("INVENTORY_BACKUPS_KEPT", "3")
    backups = [migrate(database_url, home=home).backup for _ in range(5)]
    kept = sorted((home / "backups").iterdir())
    assert kept == [path for path in backups[-3:] if path]
    copy = open_engine(f"sqlite:///{kept[-1]}")
    assert inspect(copy).has_table("witness")
    copy.dispose()
    assert len(ran) == 5
    shutil.rmtree(home / "backups")
    (home / "backups").write_text("a file where the folder should be")
    with pytest.raises(BackupFailed):
        migrate(database_url, home=home)
    assert len(ran) == 5


def test_two_processes_that_start_together(bare_url: str, home: Path) -> None:
    """One migrates, the other waits and finds it done."""
    reports: list[Any] = []
    threads = [threading.Thread(target=lambda: reports.append(migrate(bare_url, home=home))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(report.applied) for report in reports) == [0, 0, len(REVISIONS)]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_failing_migration_changes_nothing(bare_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the middle leaves the database as it was, on SQLite too."""
    from inventory.upkeep import migrating

    def half(config: Any, _revision: str) -> None:
        config.attributes["connection"].execute(text("CREATE TABLE half (n integer)"))
        raise RuntimeError("in the middle")

    monkeypatch.setattr(migrating.command, "upgrade", half)
    with pytest.raises(RuntimeError):
        migrate(bare_url, home=home)
    engine = open_engine(bare_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
