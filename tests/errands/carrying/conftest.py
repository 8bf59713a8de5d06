"""A district and a town, each with its own database of the same kind and its own data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.errands.carrying.nodes import Node, new_node


@pytest.fixture
def district(make_database: Callable[..., str], tmp_path: Path) -> Iterator[Node]:
    """Return the node that sends."""
    node = new_node(make_database(), tmp_path / "district", code="TS", seed=1)
    yield node
    node.store.close()


@pytest.fixture
def town(make_database: Callable[..., str], tmp_path: Path, district: Node) -> Iterator[Node]:
    """Return the node that receives; each trusts the other's key, neither knows the other's orders."""
    node = new_node(make_database(), tmp_path / "town", code="HS", seed=2)
    node.trusts(district, name="district")
    district.trusts(node, name="town")
    yield node
    node.store.close()
