"""A small district with stock, on both databases."""

from __future__ import annotations

import pytest

from inventory.core.work import Store
from tests.support.district import District, found


@pytest.fixture
def district(store: Store) -> District:
    """Return a founded district without stock."""
    return found(store)
