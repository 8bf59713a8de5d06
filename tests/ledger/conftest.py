"""The small district, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from inventory.core.env import Env
from inventory.core.work import Store
from tests.support import small_district
from tests.support.small_district import District


@pytest.fixture
def store(make_database: Callable[..., str], env: Env) -> Iterator[Store]:
    """A store that starts from the small district."""
    opened = Store(make_database("small-district", small_district.build), env)
    yield opened
    opened.close()


@pytest.fixture
def district(store: Store) -> District:
    """The small district."""
    return District(store)
