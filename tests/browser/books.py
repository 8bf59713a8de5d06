"""What stands in the books of a served district, read beside the running server through the command line."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from contextlib import closing
from typing import Any
from unittest import mock
from uuid import UUID

from sqlalchemy import ColumnElement, String, select

from inventory.cli import main
from inventory.core.base import Base
from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store, Work
from tests.support.server import Server


def rows(server: Server, kind: str) -> list[dict[str, Any]]:
    """Return the rows that `python -m inventory export KIND - --json` writes."""
    found: list[dict[str, Any]] = run(server, "export", kind, "-")["rows"]
    return found


def done(server: Server, kind: str) -> int:
    """Return how often a step stands in the journal."""
    return Counter(row["kind"] for row in rows(server, "entries"))[kind]


def sound(server: Server) -> bool:
    """Return whether the books prove themselves."""
    return bool(run(server, "verify")["sound"])


def balance(server: Server, lot: str, place: str) -> int:
    """Return how much of a lot stands in a place."""
    return sum(row["quantity"] for row in rows(server, "balances") if row["lot"] == lot and row["place"] == place)


def run(server: Server, *words: str) -> dict[str, Any]:
    """Run a command in this process, its standard output led into a file: it writes there past `sys.stdout`."""
    with tempfile.TemporaryFile() as out, mock.patch.dict(os.environ, {"INVENTORY_HOME": str(server.home)}):
        os.environ.pop("DATABASE_URL", None)
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(out.fileno(), 1)
        try:
            code = main([*words, "--json"])
        finally:
            os.dup2(kept, 1)
            os.close(kept)
        out.seek(0)
        told: dict[str, Any] = json.loads(out.read())
    assert code == 0, told
    return told


def ids(server: Server, table: type[Base], *conditions: ColumnElement[bool]) -> list[UUID]:
    """Return the ids of a table's rows, oldest first: addresses of pages name documents by id."""
    with closing(Store(f"sqlite:///{server.home / 'inventory.db'}", Env.real(server.home))) as store:

        def look(work: Work) -> list[UUID]:
            return list(work.session.scalars(select(table.id).where(*conditions).order_by(table.id)))  # type: ignore[attr-defined]

        return store.read(SYSTEM, look)


def words_of_data(server: Server) -> frozenset[str]:
    """Return every text that the district itself brings along (names, codes, sources), without English names."""
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not column.name.endswith("_en")
    ]
    with closing(Store(f"sqlite:///{server.home / 'inventory.db'}", Env.real(server.home))) as store:

        def look(work: Work) -> frozenset[str]:
            found = (work.connection.scalars(select(column).distinct()) for column in columns)
            return frozenset(text for texts in found for text in texts if text)

        return store.read(SYSTEM, look)
