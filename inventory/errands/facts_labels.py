"""From the database to labels: lots where they stand or as they came in, the bins of a site, devices, kits.

Labels are not issued: nothing is numbered, signed or kept, they are printed at once from a read. Each read asks for
the permission to see the stock of the site that the labels are for; of the whole district where no site is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.documents.data.labels import (
    AssetLabel,
    AssetLabelsPaper,
    BinLabel,
    BinLabelsPaper,
    KitLabel,
    KitLabelsPaper,
    KitPart,
    LotLabel,
    LotLabelsPaper,
)
from inventory.documents.data.values import NO_NAME, Contact
from inventory.ledger.queries import StockFilter, stock, stock_at
from inventory.models import Asset, Item, Journal, Lot, Movement, Place, Site
from inventory.people.queries import here, permit
from inventory.people.rules import DISTRICT, At
from inventory.places.queries import bins, site, sites
from inventory.teams.queries import DeviceView, devices

_EVERYTHING = 1_000_000
_AT_ONCE = 500


@dataclass(frozen=True)
class LabelStock:
    """The stock to print on: its size, the first free place of the sheet, how many of each label."""

    size: str = "24"
    start: int = 1
    copies: int = 1


ONE_EACH = LabelStock()


def lot_labels(work: Work, *, wanted: StockFilter, on: LabelStock = ONE_EACH) -> LotLabelsPaper:
    """Return a label for each lot in each place that a list of stock shows, with the quantity that stands there.

    Raises
    ------
    NotPermitted, NotFound, EmptyPaper, BadPaperValue
    """
    permit(work, "see_stock", DISTRICT if wanted.site_id is None else At(site_id=wanted.site_id))
    rows = stock(work, wanted=wanted, sort="site", limit=_EVERYTHING)
    number = site(work, site_id=wanted.site_id).code if wanted.site_id else here(work).code
    return _lots(work, number, [(row.lot_id, row.on_hand) for row in rows], on)


def lot_labels_at(work: Work, *, lot_id: UUID, place_id: UUID, on: LabelStock = ONE_EACH) -> LotLabelsPaper:
    """Return the label of a lot in one place; raises as `lot_labels`."""
    place = work.session.get(Place, place_id)
    if place is None or place.site_id is None:
        raise NotFound(kind="bin", key=str(place_id))
    permit(work, "see_stock", At(site_id=place.site_id))
    found = stock_at(work, lot_id=lot_id, place_id=place_id)
    if found is None:
        raise NotFound(kind="lot", key=str(lot_id))
    row = found[0]
    return _lots(work, row.lot, [(row.lot_id, row.on_hand)], on)


def lot_labels_of_entry(work: Work, *, entry_id: UUID, on: LabelStock = ONE_EACH) -> LotLabelsPaper:
    """Return a label for each lot that an entry took in, with the quantity that came; raises as `lot_labels`."""
    entry = work.session.get(Journal, entry_id)
    if entry is None:
        raise NotFound(kind="entry", key=str(entry_id))
    rows = work.connection.execute(
        select(Movement.lot_id, Movement.quantity, Place.site_id)
        .join(Place, Place.id == Movement.to_place_id)
        .where(Movement.entry_id == entry_id, Movement.reason == "receive")
        .order_by(Movement.line)
    ).all()
    for site_id in {row.site_id for row in rows} or {None}:
        permit(work, "see_stock", At(site_id=site_id))
    return _lots(work, f"{here(work).code}-{entry.sequence}", [(row.lot_id, row.quantity) for row in rows], on)


def _lots(work: Work, number: str, found: list[tuple[UUID, int]], on: LabelStock) -> LotLabelsPaper:
    units = term_names(work, kind="unit")
    known: dict[UUID, tuple[Lot, Item]] = {}
    for some in _chunks({lot_id for lot_id, _ in found}):
        query = select(Lot, Item).join(Item, Item.id == Lot.item_id).where(Lot.id.in_(some))
        known |= {lot.id: (lot, item) for lot, item in work.session.execute(query)}
    return LotLabelsPaper(
        number=number,
        issuer=here(work).name,
        size=on.size,
        start=on.start,
        demo=here(work).demo,
        lines=tuple(_lot(*known[lot_id], quantity, units, on.copies) for lot_id, quantity in found),
    )


def _lot(lot: Lot, item: Item, quantity: int, units: dict[str, Name], copies: int) -> LotLabel:
    return LotLabel(
        code=lot.label,
        name=Name(item.name_zh, item.name_en),
        quantity=quantity,
        unit=units.get(item.unit, Name(item.unit)),
        specification=Name(lot.spec),
        origin=Name(lot.origin),
        quality=Name(lot.quality),
        made_on=lot.made_on,
        entered_on=lot.entered_on,
        expires_on=lot.expires_on,
        batch=lot.batch,
        copies=copies,
    )


def bin_labels(work: Work, *, site_id: UUID | None = None, on: LabelStock = ONE_EACH) -> BinLabelsPaper:
    """Return the labels of the open bins of a site, or of every open site; raises as `lot_labels`."""
    permit(work, "see_stock", DISTRICT if site_id is None else At(site_id=site_id))
    keepers = [site(work, site_id=site_id)] if site_id else sites(work, limit=_EVERYTHING)
    return BinLabelsPaper(
        number=_number(work, site_id),
        issuer=here(work).name,
        size=on.size,
        start=on.start,
        demo=here(work).demo,
        lines=tuple(
            BinLabel(code=one.code, site=keeper.name, copies=on.copies)
            for keeper in keepers
            for one in bins(work, site_id=keeper.id, kinds=("bin",))
        ),
    )


def asset_labels(
    work: Work, *, site_id: UUID | None = None, label: str = "", on: LabelStock = ONE_EACH
) -> AssetLabelsPaper:
    """Return the labels of the devices of a site, of the district, or of the one with a label; raises as `lot_labels`.

    A device that is on the way or in custody belongs to no site: only the label itself or the district finds it.
    """
    rows = [row for row in devices(work, site_id=site_id, search=label, limit=_EVERYTHING) if label in ("", row.label)]
    wanted = site_id if not label else rows[0].site_id if rows else None
    permit(work, "see_stock", DISTRICT if wanted is None else At(site_id=wanted))
    if label and not rows:
        raise NotFound(kind="asset", key=label[:60])
    lots = _lots_of(work, rows)
    return AssetLabelsPaper(
        number=label or _number(work, site_id),
        issuer=here(work).name,
        size=on.size,
        start=on.start,
        demo=here(work).demo,
        lines=tuple(
            AssetLabel(
                code=row.label,
                name=row.name,
                specification=Name(lots[row.lot_id].spec),
                serial_number=row.serial_number,
                place=_standing(row),
                entered_on=lots[row.lot_id].entered_on,
                good_until=lots[row.lot_id].expires_on,
                custodian=Contact(row.custodian),
                copies=on.copies,
            )
            for row in rows
        ),
    )


def kit_labels(work: Work, *, site_id: UUID | None = None, on: LabelStock = ONE_EACH) -> KitLabelsPaper:
    """Return the labels of the kits (devices that have parts) of a site or the district, with what is in each.

    Raises as `lot_labels`.
    """
    permit(work, "see_stock", DISTRICT if site_id is None else At(site_id=site_id))
    part, item = aliased(Asset), aliased(Item)
    query = (
        select(part.part_of_id, part.name_zh, part.name_en, item.unit)
        .join(Lot, Lot.id == part.lot_id)
        .join(item, item.id == Lot.item_id)
        .where(part.part_of_id.is_not(None))
        .order_by(part.label)
    )
    contents: dict[UUID, Counter[tuple[Name, str]]] = {}
    for row in work.connection.execute(query):
        contents.setdefault(row.part_of_id, Counter())[Name(row.name_zh, row.name_en), row.unit] += 1
    rows = [row for row in devices(work, site_id=site_id, limit=_EVERYTHING) if row.lot_id in contents]
    lots, units = _lots_of(work, rows), term_names(work, kind="unit")
    return KitLabelsPaper(
        number=_number(work, site_id),
        issuer=here(work).name,
        size=on.size,
        start=on.start,
        demo=here(work).demo,
        lines=tuple(
            KitLabel(
                code=row.label,
                name=row.name,
                contents=tuple(
                    KitPart(name, count, units.get(unit, Name(unit)))
                    for (name, unit), count in contents[row.lot_id].items()
                ),
                place=_standing(row),
                packed_on=lots[row.lot_id].entered_on,
                check_by=lots[row.lot_id].expires_on,
                custodian=Contact(row.custodian),
                copies=on.copies,
            )
            for row in rows
        ),
    )


def _standing(row: DeviceView) -> Name:
    """Return where a device stands, nothing while it is on the way or in custody."""
    if row.site is None:
        return NO_NAME
    return Name(f"{row.site.zh} {row.place}", f"{row.site.en or row.site.zh} {row.place}")


def _number(work: Work, site_id: UUID | None) -> str:
    """Return what labels are of: the code of the site, or of this node."""
    return work.session.get_one(Site, site_id).code if site_id else here(work).code


def _lots_of(work: Work, rows: Sequence[DeviceView]) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    for some in _chunks({row.lot_id for row in rows}):
        query = select(Lot.id, Lot.spec, Lot.entered_on, Lot.expires_on).where(Lot.id.in_(some))
        found |= {row.id: row for row in work.connection.execute(query)}
    return found


def _chunks(ids: set[UUID]) -> list[list[UUID]]:
    """Return ids in lists short enough for one question."""
    ordered = sorted(ids)
    return [ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)]
