"""The database fixtures themselves: fresh, separate, of both kinds."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import inspect, text

from inventory.core.database import open_engine
from inventory.core.work import SYSTEM, Store


def test_a_fresh_database_is_migrated(store: Store, database_kind: str) -> None:
    """The store opens the kind of database that was asked for, with its tables made."""
    with store.reading(SYSTEM) as work:
        assert work.connection.dialect.name == database_kind
        assert len(inspect(work.connection).get_table_names()) > 5


def test_databases_of_one_test_are_separate(make_database: Callable[..., str]) -> None:
    """What is written into one database is not in the next, and a template carries what its builder wrote."""

    def build(url: str) -> None:
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.execute(text("create table built (number integer)"))
            connection.execute(text("insert into built values (7)"))
        engine.dispose()

    urls = [make_database("house-built", build), make_database("house-built", build), make_database()]
    engines = [open_engine(url) for url in urls]
    with engines[0].begin() as connection:
        connection.execute(text("insert into built values (8)"))
    with engines[1].connect() as connection:
        assert connection.execute(text("select number from built")).scalars().all() == [7]
    assert not inspect(engines[2]).has_table("built")
    for engine in engines:
        engine.dispose()
