"""Two roles on PostgreSQL: the program works with rights that cannot undo what is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from inventory.core.base import Base
from inventory.core.database import open_engine
from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.demo import load_demo
from inventory.ledger.verify import violations
from inventory.models import APPEND_ONLY
from inventory.upkeep import check_start, migrate
from inventory.upkeep.owning import owns_its_tables
from tests.support import databases

POSTGRESQL = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
PASSWORD = "two-roles"


class Addresses(NamedTuple):
    """Where the program signs in, and where the owner does."""

    program: str
    owner: str


@pytest.fixture
def addresses(make_database: object, database_url: str) -> Iterator[Addresses]:
    """A bare database with two roles of its own."""
    url = make_url(database_url)
    name = f"{url.database}_two"
    roles = (f"{name}_program", f"{name}_owner")
    say = databases._administer().execute
    for role in roles:
        say(f"create role \"{role}\" login password '{PASSWORD}'".encode())
    say(f'create database "{name}" owner "{roles[1]}"'.encode())
    made = [
        url.set(database=name, username=role, password=PASSWORD).render_as_string(hide_password=False) for role in roles
    ]
    yield Addresses(*made)
    databases.drop(url.set(database=name).render_as_string(hide_password=False))
    for role in roles:
        say(f'drop role "{role}"'.encode())


@POSTGRESQL
def test_the_program_works_without_owning_its_tables(addresses: Addresses, home: Path) -> None:
    """The demo district with its history is made by the lesser role, its books are sound, and it owns nothing."""
    migrate(addresses.program, home=home, owner=addresses.owner)
    store = Store(addresses.program, Env.real(home))
    try:
        load_demo(store)
        check_start(store)
        assert store.read(SYSTEM, violations) == []
        assert not store.read(SYSTEM, owns_its_tables)
        assert migrate(addresses.program, home=home, owner=addresses.owner).applied == ()
        assert migrate(addresses.program, home=home).applied == ()
        check_start(store)
    finally:
        store.close()
    owner = Store(addresses.owner, Env.real(home))
    try:
        assert owner.read(SYSTEM, owns_its_tables)
    finally:
        owner.close()


@POSTGRESQL
def test_the_program_cannot_undo_what_is_written(addresses: Addresses, home: Path) -> None:
    """Changing, removing, emptying, dropping, switching rules off: the database itself refuses each."""
    migrate(addresses.program, home=home, owner=addresses.owner)
    engine = open_engine(addresses.program)
    attacks = [
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "DROP TRIGGER journal_no_change ON journal",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "CREATE TABLE more (id int)",
        "UPDATE alembic_version SET version_num = 'x'",
        "ALTER TABLE balance DROP CONSTRAINT ck_balance_free",
    ]
    columns = {table: next(iter(Base.metadata.tables[table].columns)).name for table in APPEND_ONLY}
    for table in APPEND_ONLY:
        attacks += [
            f"UPDATE {table} SET {columns[table]} = {columns[table]}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"DROP TABLE {table}",
        ]
    passed = []
    for attack in attacks:
        with engine.connect() as connection:
            try:
                connection.execute(text(attack))
                passed.append(attack)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != "42501":  # insufficient_privilege
                    passed.append(f"{attack}: {error.orig}")
    engine.dispose()
    assert passed == []
