"""Writing the catalogue: items and norms, one by one or a whole list as one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from inventory.catalogue import rules
from inventory.catalogue.queries import has_stock
from inventory.catalogue.rules import ItemFacts, NormFacts
from inventory.core.errors import NotFound, StalePage
from inventory.core.pinyin import search_key
from inventory.core.work import Work
from inventory.models import Item, ItemPack, Norm
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import DISTRICT


def import_items(work: Work, *, id: UUID, items: Sequence[ItemFacts]) -> Done:
    """Save a list of items as one entry, all or nothing; an item is found by its code. Unchanged items stay untouched.

    Outcome: `new`, `changed` and `same` count the items.

    Raises
    ------
    NotPermitted, BadItem, BadGbCode, UnitFixed
    """
    deed = begin(work, id=id, kind="import_items", asked={"items": [asdict(item) for item in items]}, at=DISTRICT)
    if deed.done:
        return deed.done
    return finish(work, deed, outcome=store_items(work, deed=deed, items=items))


def store_items(work: Work, *, deed: Deed, items: Sequence[ItemFacts]) -> dict[str, int]:
    """Write items within a deed; return how many are new, changed and the same."""
    counts = {"new": 0, "changed": 0, "same": 0}
    known = {row.code: row for row in work.session.scalars(select(Item))}
    for facts in items:
        row = known.get(facts.code)
        if row is None:
            _add_item(work, deed, facts)
            counts["new"] += 1
        else:
            counts["changed" if _change_item(work, deed, row, facts) else "same"] += 1
    work.session.flush()
    return counts


def save_item(work: Work, *, id: UUID, item: ItemFacts, seen: UUID | None = None) -> Done:
    """Save one item; `seen` is the entry that the screen saw on an item that exists, None for a new one.

    Raises
    ------
    NotPermitted, StalePage, BadItem, BadGbCode, UnitFixed
    """
    deed = begin(work, id=id, kind="save_item", asked={"item": asdict(item), "seen": seen}, at=DISTRICT)
    if deed.done:
        return deed.done
    row = work.session.scalars(select(Item).where(Item.code == item.code).with_for_update()).one_or_none()
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="item", key=item.code)
    item_id = _add_item(work, deed, item) if row is None else row.id
    if row is not None:
        _change_item(work, deed, row, item)
    return finish(work, deed, outcome={"item": item_id}, subject_id=item_id)


def _columns(facts: ItemFacts) -> dict[str, Any]:
    """Return what an item's row holds, without its packs."""
    values = asdict(facts)
    del values["packs"]
    return values | {"name_pinyin": search_key(facts.name_zh)}


def _add_item(work: Work, deed: Deed, facts: ItemFacts) -> UUID:
    rules.check_item(facts)
    item_id = work.env.new_id()
    work.session.add(Item(id=item_id, changed_by_id=deed.id, **_columns(facts)))
    _write_packs(work, deed, item_id, facts)
    return item_id


def _change_item(work: Work, deed: Deed, row: Item, facts: ItemFacts) -> bool:
    """Change a row to the facts; return whether anything was different."""
    rules.check_item(facts)
    columns = _columns(facts)
    before = {name: getattr(row, name) for name in columns}
    packs = {
        (pack.factor, pack.name_zh, pack.name_en, pack.barcode)
        for pack in work.session.scalars(select(ItemPack).where(ItemPack.item_id == row.id))
    }
    same_packs = packs == {(pack.factor, pack.name_zh, pack.name_en, pack.barcode) for pack in facts.packs}
    if before == columns and same_packs:
        return False
    if facts.unit != row.unit and has_stock(work, item_id=row.id):
        raise rules.UnitFixed(item=facts.code, unit=row.unit, asked=facts.unit)
    for name, value in columns.items():
        setattr(row, name, value)
    row.changed_by_id = deed.id
    if not same_packs:
        work.connection.execute(delete(ItemPack).where(ItemPack.item_id == row.id))
        _write_packs(work, deed, row.id, facts)
    return True


def _write_packs(work: Work, deed: Deed, item_id: UUID, facts: ItemFacts) -> None:
    work.session.flush()
    for pack in facts.packs:
        values = asdict(pack) | {"id": work.env.new_id(), "item_id": item_id, "changed_by_id": deed.id}
        work.connection.execute(insert(ItemPack).values(values))


def save_norm(work: Work, *, id: UUID, norm: NormFacts, seen: UUID | None = None) -> Done:
    """Save one needs norm; `seen` is the entry that the screen saw on a norm that exists, None for a new one.

    Raises
    ------
    NotPermitted, NotFound, StalePage, BadNorm
    """
    deed = begin(work, id=id, kind="save_norm", asked={"norm": asdict(norm), "seen": seen}, at=DISTRICT)
    if deed.done:
        return deed.done
    row = work.connection.execute(select(Norm.id, Norm.changed_by_id).where(Norm.code == norm.code)).one_or_none()
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="norm", key=norm.code)
    if row is None:
        norm_id = store_norms(work, deed=deed, norms=[norm])[0]
    else:
        norm_id = row.id
        values = _norm_columns(work, norm) | {"changed_by_id": deed.id}
        changed = work.connection.execute(
            update(Norm).where(Norm.id == norm_id, Norm.changed_by_id == seen).values(values)
        )
        if changed.rowcount != 1:
            raise StalePage(kind="norm", key=norm.code)
    return finish(work, deed, outcome={"norm": norm_id}, subject_id=norm_id)


def store_norms(work: Work, *, deed: Deed, norms: Sequence[NormFacts]) -> list[UUID]:
    """Write new norms within a deed and return their ids."""
    ids = []
    for norm in norms:
        ids.append(work.env.new_id())
        values = _norm_columns(work, norm) | {"id": ids[-1], "changed_by_id": deed.id}
        work.connection.execute(insert(Norm).values(values))
    return ids


def _norm_columns(work: Work, norm: NormFacts) -> dict[str, Any]:
    rules.check_norm(norm)
    item_id = work.connection.execute(select(Item.id).where(Item.code == norm.item_code)).scalar_one_or_none()
    if item_id is None:
        raise NotFound(kind="item", key=norm.item_code)
    values = asdict(norm)
    del values["item_code"]
    return values | {"item_id": item_id}
