"""Reading the catalogue: items with their packs, norms, open lists, and the names of things."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import Item, ItemPack, Lot, Movement, Norm, Term


@dataclass(frozen=True)
class PackView:
    """A pack of an item: `factor` base units."""

    factor: int
    name: Name
    barcode: str | None


@dataclass(frozen=True)
class ItemView:
    """An item as lists show it; weight in grams and volume in cm3 of one base unit, 0 where not known."""

    id: UUID
    code: str
    name: Name
    gb_code: str | None
    unit: str
    unit_name: Name
    tracking: str
    major_class: int
    domain: str
    return_class: str
    weight_g: int
    volume_cm3: int
    whole_packs: bool
    minimum_life_days: int
    active: bool
    source: str
    confidence: str
    changed_by_id: UUID
    packs: tuple[PackView, ...] = ()


@dataclass(frozen=True)
class NormView:
    """A needs norm: `quantity_milli` thousandths of a base unit per so many persons and period."""

    id: UUID
    code: str
    item_id: UUID
    item_code: str
    item: Name
    hazard: str
    quantity_milli: int
    per_persons: int
    period: str
    season: str
    priority: int
    basis: Name
    source: str
    confidence: str
    active: bool
    changed_by_id: UUID


@dataclass(frozen=True)
class TermView:
    """One code of an open list."""

    kind: str
    code: str
    name: Name
    source: str
    active: bool


def has_stock(work: Work, *, item_id: UUID) -> bool:
    """Return whether a lot of the item has ever moved."""
    moved = select(Movement.lot_id).join(Lot, Lot.id == Movement.lot_id).where(Lot.item_id == item_id)
    return bool(work.connection.scalar(select(exists(moved))))


def items(
    work: Work,
    *,
    search: str = "",
    domain: str | None = None,
    tracking: str | None = None,
    active_only: bool = True,
    limit: int = 200,
    offset: int = 0,
) -> list[ItemView]:
    """Return items by code.

    Parameters
    ----------
    search
        Part of a code, a Chinese or English name, or its pinyin ("zhangpeng", "zp"); any case.
    domain
        R, F, W, E, S, C or G.
    """
    statement = (
        select(Item)
        .where(*_matching(search, domain, tracking, active_only))
        .order_by(Item.code)
        .limit(limit)
        .offset(offset)
    )
    return _views(work, list(work.session.scalars(statement)))


def item_count(
    work: Work, *, search: str = "", domain: str | None = None, tracking: str | None = None, active_only: bool = True
) -> int:
    """Return how many items `items` would list in all."""
    matching = _matching(search, domain, tracking, active_only)
    return work.connection.execute(select(func.count()).select_from(Item).where(*matching)).scalar_one()


def _matching(search: str, domain: str | None, tracking: str | None, active_only: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    wanted = search.strip()
    if wanted:
        conditions.append(
            or_(
                Item.code.icontains(wanted, autoescape=True),
                Item.name_zh.icontains(wanted, autoescape=True),
                Item.name_en.icontains(wanted, autoescape=True),
                Item.name_pinyin.icontains(wanted.replace(" ", ""), autoescape=True),
            )
        )
    if domain is not None:
        conditions.append(Item.domain == domain)
    if tracking is not None:
        conditions.append(Item.tracking == tracking)
    if active_only:
        conditions.append(Item.active.is_(True))
    return conditions


def item(work: Work, *, item_id: UUID) -> ItemView:
    """Return one item.

    Raises
    ------
    NotFound
    """
    row = work.session.get(Item, item_id)
    if row is None:
        raise NotFound(kind="item", key=str(item_id))
    return _views(work, [row])[0]


def items_by_code(work: Work, *, codes: Collection[str]) -> dict[str, ItemView]:
    """Return items by their codes; codes that are not known are absent."""
    rows = list(work.session.scalars(select(Item).where(Item.code.in_(codes)).order_by(Item.code)))
    return {view.code: view for view in _views(work, rows)}


def _views(work: Work, rows: list[Item]) -> list[ItemView]:
    packs: dict[UUID, list[PackView]] = {}
    found = select(ItemPack).where(ItemPack.item_id.in_([row.id for row in rows])).order_by(ItemPack.factor)
    for pack in work.session.scalars(found):
        view = PackView(pack.factor, Name(pack.name_zh, pack.name_en), pack.barcode)
        packs.setdefault(pack.item_id, []).append(view)
    units = term_names(work, kind="unit")
    return [
        ItemView(
            id=row.id,
            code=row.code,
            name=Name(row.name_zh, row.name_en),
            gb_code=row.gb_code,
            unit=row.unit,
            unit_name=units.get(row.unit, Name(row.unit)),
            tracking=row.tracking,
            major_class=row.major_class,
            domain=row.domain,
            return_class=row.return_class,
            weight_g=row.weight_g,
            volume_cm3=row.volume_cm3,
            whole_packs=row.whole_packs,
            minimum_life_days=row.minimum_life_days,
            active=row.active,
            source=row.source,
            confidence=row.confidence,
            changed_by_id=row.changed_by_id,
            packs=tuple(packs.get(row.id, ())),
        )
        for row in rows
    ]


def norms(work: Work, *, hazard: str | None = None, active_only: bool = True) -> list[NormView]:
    """Return the needs norms by priority and code; with a hazard, those of it and the general ones."""
    statement = (
        select(Norm, Item.code, Item.name_zh, Item.name_en)
        .join(Item, Item.id == Norm.item_id)
        .order_by(Norm.priority, Norm.code)
    )
    if hazard is not None:
        statement = statement.where(Norm.hazard.in_(("any", hazard)))
    if active_only:
        statement = statement.where(Norm.active.is_(True))
    return [
        NormView(
            id=norm.id,
            code=norm.code,
            item_id=norm.item_id,
            item_code=code,
            item=Name(name_zh, name_en),
            hazard=norm.hazard,
            quantity_milli=norm.quantity_milli,
            per_persons=norm.per_persons,
            period=norm.period,
            season=norm.season,
            priority=norm.priority,
            basis=Name(norm.basis_zh, norm.basis_en),
            source=norm.source,
            confidence=norm.confidence,
            active=norm.active,
            changed_by_id=norm.changed_by_id,
        )
        for norm, code, name_zh, name_en in work.session.execute(statement)
    ]


def terms(work: Work, *, kind: str, active_only: bool = True) -> list[TermView]:
    """Return an open list in its order."""
    statement = select(Term).where(Term.kind == kind).order_by(Term.position, Term.code)
    if active_only:
        statement = statement.where(Term.active.is_(True))
    return [
        TermView(row.kind, row.code, Name(row.name_zh, row.name_en), row.source, row.active)
        for row in work.session.scalars(statement)
    ]


def term_names(work: Work, *, kind: str) -> dict[str, Name]:
    """Return the names of an open list by code, with those no longer active (old rows still name them)."""
    known: dict[str, dict[str, Name]] = work.memory.setdefault("term_names", {})
    if kind not in known:
        rows = work.connection.execute(select(Term.code, Term.name_zh, Term.name_en).where(Term.kind == kind))
        known[kind] = {row.code: Name(row.name_zh, row.name_en) for row in rows}
    return known[kind]


def name_of(work: Work, *, kind: str, code: str) -> Name:
    """Return the name of a code of an open list; a code that is not in it (from another node) names itself."""
    return term_names(work, kind=kind).get(code, Name(code))
