"""A small district with an administrator, a second one, a clerk and an auditor, in both kinds of database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Actor, Store
from inventory.models import Account
from inventory.people.commands import grant_role, open_account
from inventory.people.passwords import hash_password
from inventory.upkeep import Administrator, found_district

PASSWORD = "Correct-horse-7"
START = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
PEOPLE = {"second": "security_admin", "clerk": "clerk", "auditor": "auditor", "manager": "manager"}


def build(url: str) -> None:
    """Found the district and open its accounts; every password is PASSWORD."""
    env = Env.seeded(Path("."), seed=7, start=START - dt.timedelta(days=1), step_seconds=1)
    store = Store(url, env)
    secret = hash_password(PASSWORD)
    founded = store.write(
        SYSTEM,
        lambda work: found_district(
            work,
            id=env.new_id(),
            node_code="WS",
            name_zh="万盛",
            name_en="Wansheng",
            division_code="500110",
            administrator=Administrator("admin", "管理员", secret, "Admin"),
        ),
    )
    organisation = UUID(founded.outcome["organisation"])
    for login, role in PEOPLE.items():
        opened = store.write(
            SYSTEM,
            lambda work, login=login: open_account(
                work,
                id=env.new_id(),
                login=login,
                name_zh=login,
                organisation_id=organisation,
                password_hash=secret,
                must_change_password=False,
            ),
        )
        account = UUID(opened.outcome["account"])
        store.write(
            SYSTEM,
            lambda work, account=account, role=role: grant_role(work, id=env.new_id(), account_id=account, role=role),
        )
    store.close()


@pytest.fixture
def store(make_database: Callable[..., str], env: Env) -> Iterator[Store]:
    """The district, opened."""
    opened = Store(make_database("people-district", build), env)
    yield opened
    opened.close()


@dataclass
class Cast:
    """The people of the district by login, as actors."""

    store: Store

    def id_of(self, login: str) -> UUID:
        """Return the account of a login."""
        with self.store.reading(SYSTEM) as work:
            return work.session.query(Account.id).filter_by(login=login).scalar()

    def __getattr__(self, login: str) -> Actor:
        return Actor(self.id_of(login), login, "screen")


@pytest.fixture
def cast(store: Store) -> Cast:
    """The people of the district."""
    return Cast(store)
