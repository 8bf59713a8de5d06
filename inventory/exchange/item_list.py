"""The list of items: the district's own catalogue, or corrections of it, taken over as one entry.

A line names at most one pack. A pack of the same size is changed, another is added, and packs that the line does not
name stay: a list with one pack to a line must not drop the others. A blank cell of a closed list (tracking, class,
domain, return) leaves what is there; for a new item it takes what the note of the column says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.catalogue import rules
from inventory.catalogue.commands import store_items
from inventory.catalogue.queries import has_stock
from inventory.catalogue.rules import BadGbCode, BadItem, ItemFacts, Pack
from inventory.core.errors import Fault
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind
from inventory.exchange.readers import Code, Quantity, Text, normal
from inventory.exchange.taking import (
    Known,
    ListKind,
    Problems,
    Rows,
    Terms,
    Wanted,
    asked_of,
    options,
    outcome_of,
    understood,
)
from inventory.models import Item, ItemPack
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT

_TRACKING = (
    ("lot", N_("by batch")),
    ("expiry", N_("by batch and expiry")),
    ("serial", N_("piece by piece with serial numbers")),
    ("bulk", N_("in bulk")),
)
_CLASSES = (
    ("1", N_("basic living supplies")),
    ("2", N_("emergency equipment and accessories")),
    ("3", N_("engineering materials and machinery")),
)
_DOMAINS = (
    ("R", N_("disaster relief")),
    ("F", N_("forest fire")),
    ("W", N_("flood and drought")),
    ("E", N_("earthquake and geology")),
    ("S", N_("work safety")),
    ("C", N_("communications")),
    ("G", N_("general")),
)
_RETURNS = (("recoverable", N_("comes back")), ("not_recoverable", N_("used up")))
_YES_NO = (("yes", N_("yes")), ("no", N_("no")))
_KEPT_WHEN_BLANK = ("tracking", "major_class", "domain", "return_class", "whole_packs", "active")
_PACK = ("pack_factor", "pack_zh", "pack_en", "pack_barcode")
_GB_NOTE = N_("Seven digits of GB/T 38565, if you have the licensed table.")


def item_kind() -> TableKind:
    """Return the list of items as a kind of table."""
    grams, volume = N_("Of one base unit, whole grams."), N_("Of one base unit, whole cubic centimetres.")
    return TableKind(
        key="items",
        title=N_("List of items"),
        columns=(
            Column("code", N_("Item code"), Code(24), True, N_("Your own short code."), "T001"),
            Column("name_zh", N_("Chinese name"), Text(80), True, N_("As it stands on papers."), width=28),
            Column("name_en", N_("English name"), Text(120), note=N_("May stay blank."), width=24),
            Column("unit", N_("Unit"), Text(24), True, N_("The base unit in which it is counted; from the list.")),
            Column("tracking", N_("Tracked by"), options(_TRACKING), note=N_("Blank: by batch."), width=20),
            Column("major_class", N_("Major class"), options(_CLASSES), note=N_("Blank: basic living supplies.")),
            Column("domain", N_("Domain"), options(_DOMAINS), note=N_("Blank: general.")),
            Column("return_class", N_("Return class"), options(_RETURNS), note=N_("Blank: used up.")),
            Column("gb_code", "GB/T 38565", Code(7), note=_GB_NOTE),
            Column("weight_g", N_("Weight (g)"), Quantity(0), note=grams),
            Column("volume_cm3", N_("Volume (cm3)"), Quantity(0), note=volume),
            Column("pack_factor", N_("Units in a pack"), Quantity(2), note=N_("How many base units a pack holds.")),
            Column("pack_zh", N_("Name of the pack"), Text(24), note=N_("For example the word for box.")),
            Column("pack_en", N_("English name of the pack"), Text(24), note=N_("May stay blank.")),
            Column("pack_barcode", N_("Barcode of the pack"), Code(40), note=N_("As a scanner reads it.")),
            Column("whole_packs", N_("Whole packs only"), options(_YES_NO), note=N_("Blank: no.")),
            Column("minimum_life_days", N_("Days left at least"), Quantity(0),
                   note=N_("Days before expiry on which it may still be sent out.")),
            Column("active", N_("In use"), options(_YES_NO), note=N_("Blank: yes.")),
            Column("source", N_("Where the figures come from"), Text(200), note=N_("May stay blank."), width=24),
        ),
        unique=("code",),
        check=_check,
    )  # fmt: skip


def _check(line: Line) -> Iterable[Fault]:
    """Tell a pack without its size or without its name."""
    values = line.values
    if values["pack_factor"] is None and any(values[key] for key in _PACK[1:]):
        yield Fault("pack_without_size", 0, "pack_factor")
    if values["pack_factor"] is not None and not values["pack_zh"]:
        yield Fault("pack_without_name", 0, "pack_zh")


def _understand(work: Work, parsed: Parsed, faults: Problems) -> list[Wanted]:
    known = Known.read(work, Item, parsed.lines)
    units = Terms(work, "unit")
    packs: dict[UUID, list[Pack]] = {}
    barcodes: dict[str, tuple[str, int]] = {}
    owners = {row.id: row.code for row in known.rows.values()}
    for pack in work.connection.execute(select(ItemPack.__table__).order_by(ItemPack.factor)):
        packs.setdefault(pack.item_id, []).append(Pack(pack.factor, pack.name_zh, pack.name_en, pack.barcode))
        if pack.barcode:
            barcodes[pack.barcode] = (normal(owners[pack.item_id]), pack.factor)
    wanted = []
    for line in parsed.lines:
        unit = units.code(line.values["unit"])
        if unit is None:
            faults.add("unit_not_in_list", line, "unit", text=line.values["unit"])
            continue
        row = known.row(line)
        before = None if row is None else _facts_of(row, tuple(packs.get(row.id, ())))
        after = _after(before, line, unit, frozenset(parsed.titles))
        if _sound(work, faults, line, before, after, row.id if row else None, barcodes):
            state = "new" if before is None else "same" if after == before else "changed"
            changes = () if before is None else tuple(_changes(before, after))
            wanted.append(Wanted(line, known.ids[normal(after.code)], state, {"item": after}, changes=changes))
    return wanted


def _facts_of(row: Any, packs: tuple[Pack, ...]) -> ItemFacts:
    names = set(ItemFacts.__dataclass_fields__) - {"packs"}
    return ItemFacts(packs=packs, **{name: getattr(row, name) for name in names})


def _after(before: ItemFacts | None, line: Line, unit: str, present: frozenset[str]) -> ItemFacts:
    """Return what an item is after the line; a column that the file does not have leaves its field as it is."""
    values = line.values
    start = before or ItemFacts(code=values["code"], name_zh=values["name_zh"], unit=unit)
    empty = ItemFacts(code=start.code, name_zh=start.name_zh, unit=unit)
    changed: dict[str, Any] = {"unit": unit}
    for name in present - {"code", "unit", *_PACK}:
        value = values[name]
        if value is None and name in _KEPT_WHEN_BLANK:
            continue
        if name in ("whole_packs", "active"):
            value = value == "yes"
        elif name == "major_class":
            value = int(value)
        changed[name] = getattr(empty, name) if value is None else value
    if values["pack_factor"] is not None:
        changed["packs"] = _packs(start.packs, values, present)
    return replace(start, **changed)


def _changes(before: ItemFacts, after: ItemFacts) -> list[tuple[str, Any]]:
    """Return the fields that differ, with what stands there now."""
    names = ItemFacts.__dataclass_fields__
    return [(name, getattr(before, name)) for name in names if getattr(before, name) != getattr(after, name)]


def _packs(before: tuple[Pack, ...], values: dict[str, Any], present: frozenset[str]) -> tuple[Pack, ...]:
    """Return the packs with the one of the line in its place."""
    by_size = {pack.factor: pack for pack in before}
    old = by_size.get(values["pack_factor"])
    name_en = values["pack_en"] if "pack_en" in present or old is None else old.name_en
    barcode = values["pack_barcode"] if "pack_barcode" in present or old is None else old.barcode
    by_size[values["pack_factor"]] = Pack(values["pack_factor"], values["pack_zh"], name_en, barcode)
    return tuple(by_size[size] for size in sorted(by_size))


def _sound(
    work: Work,
    faults: Problems,
    line: Line,
    before: ItemFacts | None,
    after: ItemFacts,
    item_id: UUID | None,
    barcodes: dict[str, tuple[str, int]],
) -> bool:
    """Tell what the catalogue itself would refuse; return whether nothing is wrong."""
    count = faults.count
    try:
        rules.check_item(after)
    except BadItem as refusal:
        faults.add("item_field_wrong", line, refusal.field, text=refusal.text)
    except BadGbCode as refusal:
        faults.add("not_a_gb_code", line, "gb_code", text=refusal.gb_code, major_class=refusal.major_class)
    if before is not None and item_id is not None and before.unit != after.unit and has_stock(work, item_id=item_id):
        faults.add("unit_has_stock", line, "unit", unit=before.unit, asked=after.unit)
    barcode, size = line.values["pack_barcode"], line.values["pack_factor"]
    if barcode:
        holder = barcodes.setdefault(barcode, (normal(after.code), size))
        if holder != (normal(after.code), size):
            faults.add("barcode_taken", line, "pack_barcode", text=barcode, item=holder[0])
    return faults.count == count


def import_items(work: Work, *, id: UUID, parsed: Parsed) -> Done:
    """Take a list of items over as one entry, all or nothing; an item is found by its code.

    The outcome counts `lines`, `new`, `changed` and `same`.

    Raises
    ------
    FileRefused, NotPermitted
    """
    parsed.refuse_faults()
    deed = begin(work, id=id, kind="import_items", asked=asked_of(parsed), at=DISTRICT)
    if deed.done:
        return deed.done
    wanted = understood(work, parsed, _understand)
    store_items(work, deed=deed, items=[one.columns["item"] for one in wanted])
    return finish(work, deed, outcome=outcome_of(parsed, wanted))


def _rows(work: Work) -> Rows:
    """Return the catalogue; of an item with several packs the smallest, the others stay as they are."""
    units = Terms(work, "unit")
    packs: dict[UUID, Any] = {}
    for pack in work.connection.execute(select(ItemPack.__table__).order_by(ItemPack.factor)):
        packs.setdefault(pack.item_id, pack)
    names = [column.key for column in item_kind().columns if column.key not in _PACK]
    rows: Rows = []
    for item in work.connection.execute(select(Item.__table__).order_by(Item.code)):
        row = {name: getattr(item, name) for name in names}
        row |= {name: "yes" if getattr(item, name) else "no" for name in ("whole_packs", "active")}
        row |= {"unit": units.name(item.unit), "major_class": str(item.major_class)}
        mine = packs.get(item.id)
        if mine is not None:
            told = (mine.factor, mine.name_zh, mine.name_en, mine.barcode)
            row |= dict(zip(_PACK, told, strict=True))
        rows.append(row)
    return rows


ITEMS = ListKind(
    table=item_kind,
    choices=lambda work, language: {"unit": Terms(work, "unit").names(language)},
    understand=_understand,
    command=import_items,
    rows=_rows,
    attributes={"pack_factor": ("packs",)},
)
