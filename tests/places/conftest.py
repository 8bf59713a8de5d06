"""Places are tested on the demo district."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.core.work import Store
from tests.support.demo import demo_store


@pytest.fixture
def store(make_database: Callable[..., str], home: Path) -> Iterator[Store]:
    """A store on a fresh copy of the demo district."""
    opened = demo_store(make_database, home)
    yield opened
    opened.close()
