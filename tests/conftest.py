"""Fixtures that every room uses; what they stand on is in `tests/support`.

`database_url` and all that depends on it run twice, on SQLite and on PostgreSQL. Nothing is skipped: where PostgreSQL
or a browser cannot be had, the tests that need it fail and name the command that helps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.core.env import Env
from inventory.core.work import Store
from tests.support import chromium, databases, postgres, summary

pytest_plugins = ["tests.support.browser"]

START = dt.datetime(2026, 7, 1, 0, 0, tzinfo=dt.UTC)
"""Where the clock of tests starts: 08:00 of 1 July 2026 in Beijing."""

_run_is_ours = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the run folder once; xdist workers inherit it."""
    config.stash[_run_is_ours] = databases.open_run()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(summary.Summary(), "inventory-summary")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    if config.stash.get(_run_is_ours, False):
        databases.close_run()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep all browser tests in one worker: one browser at a time is enough for two cores."""
    in_browser = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in in_browser:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
    if chromium.opted_out() and in_browser:
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if item not in in_browser]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder of this test's own (INVENTORY_HOME)."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def env(home: Path) -> Env:
    """A replayable environment: seed 1, the clock starts at START and moves one second at each look."""
    return Env.seeded(home, seed=1, start=START, step_seconds=1)


@pytest.fixture(params=databases.KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database, "sqlite" and "postgresql" in turn."""
    kind = str(request.param)
    request.node.user_properties.append(("database", kind))
    return kind


@pytest.fixture
def make_database(database_kind: str, home: Path) -> Iterator[Callable[..., str]]:
    """Return a function that gives the URL of another fresh database at each call; all are dropped at the end.

    `make_database()` is migrated and empty; `make_database("name", build)` starts from a template that `build(url)`
    fills once per run.
    """
    made: list[str] = []

    def make(template: str = "empty", build: databases.Build | None = None) -> str:
        try:
            made.append(databases.fresh(database_kind, home, template=template, build=build))
        except postgres.NoPostgres as error:
            pytest.fail(str(error), pytrace=False)
        return made[-1]

    yield make
    for url in made:
        databases.drop(url)


@pytest.fixture
def database_url(make_database: Callable[..., str]) -> str:
    """The URL of a fresh, migrated, empty database; on SQLite it is `inventory.db` in `home`."""
    return make_database()


@pytest.fixture
def store(database_url: str, env: Env) -> Iterator[Store]:
    """An open store on a fresh database of each kind."""
    opened = Store(database_url, env)
    yield opened
    opened.close()
