"""Lots of a paper that is taken: with the sender's ids; an item, a unit or an owner that is not known here is made.

Goods that arrived are never turned away. The same code with another unit is another thing: it is kept under a further
code, so that sets are never added to pieces.
"""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from inventory.catalogue.commands import store_items
from inventory.catalogue.rules import ItemFacts
from inventory.core.errors import NotFound
from inventory.core.work import Work
from inventory.dispatch.carried import Carried, CarriedItem, CarriedLine, CarriedOwner
from inventory.ledger.commands import new_lot
from inventory.models import Asset, Item, Lot, Organisation, Term
from inventory.people.journal import Deed
from inventory.people.numbering import label


def lots_of(work: Work, deed: Deed, carried: Carried, made: list[str]) -> list[UUID]:
    """Return the lot of each line; what is not known here (lot, item, unit, owner) is made."""
    items = [item_here(work, deed, one, made) for one in carried.items]
    owners = [_owner_here(work, deed, one) for one in carried.owners]
    return [_lot_here(work, deed, carried, one, items[one.item], owners[one.owner]) for one in carried.lines]


def _lot_here(work: Work, deed: Deed, carried: Carried, line: CarriedLine, item_id: UUID, owner_id: UUID) -> UUID:
    """Return the lot with the sender's id; where that is another item's here, one derived from it."""
    key = line.lot_id
    found = work.session.get(Lot, key)
    if found is not None and found.item_id != item_id:
        key = uuid.uuid5(key, str(item_id))
        found = work.session.get(Lot, key)
    if found is not None:
        return key
    lot_id = new_lot(
        work,
        deed=deed,
        id=key,
        item_id=item_id,
        owner_id=owner_id,
        source="allotted",
        source_name=f"{carried.number} {line.label}"[:80],
        batch=line.batch[:60],
        made_on=line.made_on,
        expires_on=line.expires_on,
        spec=line.spec[:120],
    )
    work.session.flush()
    if line.asset is not None:
        work.session.add(
            Asset(
                lot_id=lot_id,
                label=label(work, "asset"),
                serial_number=line.asset.serial_number,
                kind=line.asset.kind,
                name_zh=line.asset.name.zh,
                name_en=line.asset.name.en,
                condition=line.asset.condition,
                mobility=line.asset.mobility,
                changed_by_id=deed.id,
            )
        )
        work.session.flush()
    return lot_id


def item_known(work: Work, item: CarriedItem) -> Any:
    """Return the row of an item here: the same code (or one that was made for it before) with the same unit."""
    for code in _codes(item.code):
        row = work.session.scalars(select(Item).where(Item.code == code)).one_or_none()
        if row is None or row.unit == item.unit:
            return row
    return None


def item_here(work: Work, deed: Deed, item: CarriedItem, made: list[str]) -> UUID:
    """Return an item by its code; make it when it is not known, under a further code where the unit differs."""
    for code in _codes(item.code):
        row = work.session.scalars(select(Item).where(Item.code == code)).one_or_none()
        if row is not None and row.unit == item.unit:
            return UUID(str(row.id))
        if row is None:
            _make_item(work, deed, item, code)
            made.append(code)
            return UUID(str(work.session.scalars(select(Item.id).where(Item.code == code)).one()))
    raise NotFound(kind="item", key=item.code)


def _make_item(work: Work, deed: Deed, item: CarriedItem, code: str) -> None:
    if work.session.get(Term, ("unit", item.unit)) is None:
        values = {"name_zh": item.unit_name.zh[:80], "name_en": (item.unit_name.en or item.unit_name.zh)[:80]}
        work.connection.execute(
            insert(Term).values(
                kind="unit", code=item.unit, source="paper", position=0, active=True, changed_by_id=deed.id, **values
            )
        )
    facts = ItemFacts(
        code=code,
        name_zh=item.name.zh,
        name_en=item.name.en,
        unit=item.unit,
        tracking=item.tracking,
        major_class=item.major_class,
        domain=item.domain,
        return_class=item.return_class,
        weight_g=item.weight_grams,
        source="paper",
        confidence="secondary",
    )
    store_items(work, deed=deed, items=[facts])


def _codes(code: str) -> list[str]:
    """Return the code as it is, then the codes under which something else of that code is kept."""
    return [code, *(f"{code[:21]}-{further}" for further in range(2, 10))]


def _owner_here(work: Work, deed: Deed, owner: CarriedOwner) -> UUID:
    """Return an organisation by code and name; make it, outside every scope, when it is not known."""
    for code in _codes(owner.code):
        row = work.session.scalars(select(Organisation).where(Organisation.code == code)).one_or_none()
        if row is not None and row.name_zh == owner.name.zh:
            return UUID(str(row.id))
        if row is None:
            made = Organisation(
                id=work.env.new_id(),
                code=code,
                name_zh=owner.name.zh,
                name_en=owner.name.en,
                kind=owner.kind,
                level=owner.level,
                changed_by_id=deed.id,
            )
            work.session.add(made)
            work.session.flush()
            return UUID(str(made.id))
    raise NotFound(kind="organisation", key=owner.code)
