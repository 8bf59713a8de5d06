"""Finding what a person names on the command line: by code, by paper number, by label, or by id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import (
    Account,
    Count,
    DispatchOrder,
    Division,
    Incident,
    Item,
    Lot,
    Organisation,
    Request,
    Shipment,
    Site,
)

_KEYS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "account": (Account, ("login",)),
    "count": (Count, ("number",)),
    "division": (Division, ("code", "name_zh", "name_en")),
    "incident": (Incident, ("number",)),
    "item": (Item, ("code", "name_zh", "name_en")),
    "lot": (Lot, ("label",)),
    "order": (DispatchOrder, ("number",)),
    "organisation": (Organisation, ("code", "name_zh", "name_en")),
    "request": (Request, ("number",)),
    "shipment": (Shipment, ("number",)),
    "site": (Site, ("code", "name_zh", "name_en")),
}
"""Kind -> its table and the columns by which people name it."""


def find(store: Store, kind: str, key: str) -> UUID:
    """Return the id of what a person names.

    Raises
    ------
    NotFound
        Nothing has that code, number, name or id, or more than one thing has that name.
    """
    return store.read(SYSTEM, lambda work: find_in(work, kind, key))


def find_in(work: Work, kind: str, key: str) -> UUID:
    """Return the id of what a person names, within an open transaction; raises as `find`."""
    table, names = _KEYS[kind]
    for name in names:
        rows = work.connection.execute(select(table.id).where(getattr(table, name) == key.strip()).limit(2)).all()
        if len(rows) == 1:
            return UUID(str(rows[0].id))
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFound(kind=kind, key=key[:60]) from None
    if work.connection.execute(select(table.id).where(table.id == wanted)).first() is None:
        raise NotFound(kind=kind, key=key[:60])
    return wanted
