"""The demo district, loaded once per run and kind of database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.core.env import Env
from inventory.core.work import Store
from inventory.demo import load_demo
from tests.support import databases

MOMENT = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
"""The moment to which the history of the tests' demo district leads: 9 o'clock in Beijing."""
TEMPLATE = "demo-district-tests"


def load(url: str) -> None:
    """Fill an empty database with the demo district."""
    store = Store(url, Env.seeded(Path(databases.run_folder()), seed=1, start=MOMENT))
    load_demo(store, now=MOMENT)
    store.close()


@pytest.fixture
def store(make_database: Callable[..., str], home: Path) -> Iterator[Store]:
    """A store on a fresh copy of the demo district; its clock stands a little after the moment of loading."""
    env = Env.seeded(home, seed=2, start=MOMENT + dt.timedelta(minutes=5), step_seconds=1)
    opened = Store(make_database(TEMPLATE, load), env)
    yield opened
    opened.close()
