"""Finding what a person names on the command line: by code, by paper number, by label, or by id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.quantities import QUANTITY_MAX
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import (
    Account,
    Count,
    DispatchOrder,
    Division,
    Incident,
    Item,
    Journal,
    Lot,
    Movement,
    Organisation,
    Request,
    Shipment,
    Site,
)
from inventory.people.queries import here

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
    if kind == "entry":
        return _entry_in(work, key.strip())
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


def _entry_in(work: Work, key: str) -> UUID:
    """Return the entry that a person names: by id, as #12 by its number here, or by a lot that it brought in."""
    numbered = key.removeprefix("#")
    query = (
        select(Movement.entry_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Journal, Journal.id == Movement.entry_id)
        .where(Lot.label == key)
        .order_by(Journal.recorded_at, Journal.sequence)
    )
    if key.startswith("#") and numbered.isascii() and numbered.isdigit() and int(numbered) <= QUANTITY_MAX:
        query = select(Journal.id).where(Journal.sequence == int(numbered), Journal.node_id == here(work).id)
    found = work.connection.execute(query.limit(1)).scalar_one_or_none()
    if found is not None:
        return UUID(str(found))
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFound(kind="entry", key=key[:60]) from None
    if work.connection.execute(select(Journal.id).where(Journal.id == wanted)).first() is None:
        raise NotFound(kind="entry", key=key[:60])
    return wanted
