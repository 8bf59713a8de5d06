"""A founded district behind the screens: `INVENTORY_HOME` and `DATABASE_URL` point there, as for a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.models import Account
from inventory.people.passwords import hash_password
from inventory.people.sessions import Person
from inventory.people.signing_in import person_for, sign_in
from inventory.upkeep import Administrator, found_district
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens

LOGIN, PASSWORD = "chief", "Correct-horse-7"


@pytest.fixture(autouse=True)
def _fresh_bare_session() -> Iterator[None]:
    """Outside a page there is one session for the whole process: what a test leaves in it is swept out."""
    yield
    for key in list(st.session_state):
        del st.session_state[key]


def build(url: str) -> None:
    """Found a district with one administrator."""
    store = Store(url, Env.real(Path(".")))
    secret = hash_password(PASSWORD)
    store.write(
        SYSTEM,
        lambda work: found_district(
            work,
            id=work.env.new_id(),
            node_code="WS",
            name_zh="万盛",
            name_en="Wansheng",
            division_code="500110",
            administrator=Administrator(LOGIN, "管理员", secret, "Chief"),
        ),
    )
    store.write(SYSTEM, lambda work: setattr(_chief(work.session), "must_change_password", False))
    store.close()


def _chief(session: object) -> Account:
    return session.execute(select(Account).where(Account.login == LOGIN)).scalar_one()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def district(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the screens open by themselves, on a founded district of each kind of database."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("ui-district", build))
    yield store_of_screens()
    close_stores()


@pytest.fixture
def token(district: Store) -> str:
    """The token of a signed-in administrator."""
    return sign_in(district, login=LOGIN, password=PASSWORD, address="127.0.0.1").token


@pytest.fixture
def chief(district: Store, token: str) -> Person:
    """The administrator, signed in."""
    found = person_for(district, token)
    assert found is not None
    return found
