"""The demo district for tests: loaded once per run and kind of database, always to the same moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Actor, Store
from inventory.demo import load_demo
from inventory.models import Account
from tests.support import databases

MOMENT = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
"""The moment to which the history of the tests' demo district leads: 9 o'clock in Beijing."""
TEMPLATE = "demo-district-tests"


def load(url: str) -> None:
    """Fill an empty database with the demo district."""
    store = Store(url, Env.seeded(Path(databases.run_folder()), seed=1, start=MOMENT))
    load_demo(store, now=MOMENT)
    store.close()


def demo_store(make_database: Callable[..., str], home: Path) -> Store:
    """Return a store on a fresh copy of the demo district; its clock stands five minutes after the moment."""
    start = MOMENT + dt.timedelta(minutes=5)
    return Store(make_database(TEMPLATE, load), Env.seeded(home, seed=2, start=start, step_seconds=1))


def person(store: Store, login: str) -> Actor:
    """Return a demo account as the actor."""
    with store.reading(SYSTEM) as work:
        return Actor(work.connection.scalars(select(Account.id).where(Account.login == login)).one(), login)
