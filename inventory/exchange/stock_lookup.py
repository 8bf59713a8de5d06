"""What the codes and names of a stock list mean in this district: sites, bins, items, units, owners. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Fault, Name
from inventory.core.quantities import QUANTITY_MAX
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.exchange.columns import Line
from inventory.exchange.readers import normal
from inventory.models import Item, ItemPack, Organisation, Place, Site, Term

ON_HAND_CHANNELS = frozenset({"own", "entrusted"})
"""Channels whose stock is counted on hand; what is contracted or could be produced is a promise, not stock."""


@dataclass(frozen=True)
class SiteFound:
    """A site as a stock list needs it."""

    id: UUID
    code: str
    organisation_id: UUID
    channel: str
    closed: bool


@dataclass(frozen=True)
class ItemFound:
    """An item with its units: normalised spelling to base units; `unit_names` are what may be written."""

    id: UUID
    code: str
    tracking: str
    active: bool
    factors: dict[str, int]
    unit_names: tuple[Name, ...]


@dataclass(frozen=True)
class Goods:
    """One understood line of a stock list: quantity in base units, money in fen; `place_id` None is a bin to open."""

    line: Line
    site: SiteFound
    bin_code: str
    place_id: UUID | None
    item_id: UUID
    owner_id: UUID
    quantity: int

    @property
    def batch_key(self) -> tuple[Any, ...]:
        """Return what makes two lines one lot: all but where it stands and how much. No batch, no sharing."""
        values = self.line.values
        told = tuple(values[key] for key in ("batch", "made_on", "expires_on", "spec", "source", "unit_price_fen"))
        alone = () if values["batch"] else (self.line.number,)
        return (self.site.id, self.item_id, self.owner_id, *told, values["source_name"], *alone)


class Lookup:
    """The district's codes and names, read once for a whole file."""

    def __init__(self, work: Work) -> None:
        self.today = work.now.astimezone(HOME_ZONE).date()
        self.sites = {
            normal(row.code): SiteFound(row.id, row.code, row.organisation_id, row.channel, row.closed)
            for row in work.connection.execute(
                select(Site.id, Site.code, Site.organisation_id, Site.channel, Site.closed)
            )
        }
        self.bins = {
            (row.site_id, normal(row.code)): row
            for row in work.connection.execute(
                select(Place.id, Place.site_id, Place.code, Place.kind, Place.open).where(Place.site_id.is_not(None))
            )
        }
        self.owners = {
            normal(row.code): row.id for row in work.connection.execute(select(Organisation.id, Organisation.code))
        }
        self.items: dict[str, ItemFound] = {}
        self.named: dict[str, list[ItemFound]] = {}
        self._read_items(work)

    def _read_items(self, work: Work) -> None:
        """Read items with the spellings of their base unit and packs."""
        terms = select(Term.code, Term.name_zh, Term.name_en).where(Term.kind == "unit")
        units = {term.code: Name(term.name_zh, term.name_en) for term in work.connection.execute(terms)}
        packs: dict[UUID, list[Any]] = {}
        of_items = select(ItemPack.item_id, ItemPack.factor, ItemPack.name_zh, ItemPack.name_en)
        for pack in work.connection.execute(of_items.order_by(ItemPack.factor)):
            packs.setdefault(pack.item_id, []).append(pack)
        columns = select(Item.id, Item.code, Item.name_zh, Item.name_en, Item.unit, Item.tracking, Item.active)
        for row in work.connection.execute(columns):
            base = units.get(row.unit, Name(row.unit))
            factors = {normal(text): 1 for text in (row.unit, base.zh, base.en) if text}
            names = [base]
            for pack in packs.get(row.id, []):
                names.append(Name(pack.name_zh, pack.name_en))
                for text in (pack.name_zh, pack.name_en):
                    if text:
                        factors.setdefault(normal(text), pack.factor)
            found = ItemFound(row.id, row.code, row.tracking, row.active, factors, tuple(names))
            self.items[normal(row.code)] = found
            for text in {normal(name) for name in (row.name_zh, row.name_en) if name}:
                self.named.setdefault(text, []).append(found)

    def goods(self, line: Line) -> tuple[Goods | None, list[Fault]]:
        """Return what a line means, or everything that is wrong with it (columns by key, to be titled)."""
        faults: list[Fault] = []
        site = self._site(line, faults)
        place_id = self._bin(line, site, faults) if site else None
        item = self._item(line, faults)
        quantity = self._quantity(line, item, faults) if item else 0
        owner_id = site.organisation_id if site else None
        if line.values["owner"] is not None:
            owner_id = self.owners.get(normal(line.values["owner"]))
            if owner_id is None:
                faults.append(_fault(line, "unknown_owner", "owner", text=line.values["owner"]))
        self._days(line, item, faults)
        if faults or site is None or item is None or owner_id is None:
            return None, faults
        return Goods(line, site, line.values["bin"], place_id, item.id, owner_id, quantity), []

    def _site(self, line: Line, faults: list[Fault]) -> SiteFound | None:
        """Return the site, which must be open and keep stock on hand; a wrong site says nothing about its bins."""
        text = line.values["site"]
        site = self.sites.get(normal(text))
        if site is not None and not site.closed and site.channel in ON_HAND_CHANNELS:
            return site
        code = "unknown_site" if site is None else "closed_site" if site.closed else "site_not_on_hand"
        faults.append(_fault(line, code, "site", text=text))
        return None

    def _bin(self, line: Line, site: SiteFound, faults: list[Fault]) -> UUID | None:
        """Return the bin; None where it is to be opened, which the line must allow."""
        code = line.values["bin"]
        place = self.bins.get((site.id, normal(code)))
        if place is None:
            if line.values["new_bin"] != "yes":
                faults.append(_fault(line, "unknown_bin", "bin", text=code, site=site.code))
            return None
        if place.kind != "bin" or not place.open:
            faults.append(_fault(line, "not_an_open_bin", "bin", text=code, site=site.code))
        found: UUID = place.id
        return found

    def _item(self, line: Line, faults: list[Fault]) -> ItemFound | None:
        """Return the item by its code, else by its name; where both stand they must agree."""
        code, name = line.values["item"], line.values["name"]
        if code is None and name is None:
            faults.append(_fault(line, "item_not_named", "item"))
            return None
        by_name = self.named.get(normal(name), []) if name is not None else []
        if code is not None:
            item = self.items.get(normal(code))
            if item is None:
                faults.append(_fault(line, "unknown_item", "item", text=code))
            elif name is not None and item not in by_name:
                faults.append(_fault(line, "name_of_another_item", "name", text=name, code=code))
        else:
            item = by_name[0] if len(by_name) == 1 else None
            if len(by_name) > 1:
                codes = tuple(one.code for one in by_name[:6])
                faults.append(_fault(line, "name_of_several_items", "name", text=name, codes=codes))
            elif item is None:
                faults.append(_fault(line, "unknown_item", "name", text=name))
        if item is not None and not item.active:
            faults.append(_fault(line, "item_not_in_use", "item" if code else "name", text=item.code))
        if item is not None and item.tracking == "serial":
            faults.append(_fault(line, "serial_item", "item" if code else "name", text=item.code))
        return item

    def _quantity(self, line: Line, item: ItemFound, faults: list[Fault]) -> int:
        """Return base units: the unit is the item's own or one of its packs."""
        factor = item.factors.get(normal(line.values["unit"]))
        if factor is None:
            faults.append(
                _fault(
                    line, "unit_not_of_item", "unit", text=line.values["unit"], units=item.unit_names, item=item.code
                )
            )
            return 0
        quantity: int = line.values["quantity"] * factor
        if quantity > QUANTITY_MAX:
            faults.append(_fault(line, "quantity_too_large", "quantity", quantity=quantity, limit=QUANTITY_MAX))
        return quantity

    def _days(self, line: Line, item: ItemFound | None, faults: list[Fault]) -> None:
        """Compare the days: made before today, expiring after it was made, and told where the item needs it."""
        made: dt.date | None = line.values["made_on"]
        expires: dt.date | None = line.values["expires_on"]
        if made is not None and made > self.today:
            faults.append(_fault(line, "made_in_future", "made_on", date=made))
        if made is not None and expires is not None and expires < made:
            faults.append(_fault(line, "expires_before_made", "expires_on", date=expires, made=made))
        if item is not None and item.tracking == "expiry" and expires is None:
            faults.append(_fault(line, "expiry_needed", "expires_on", item=item.code))


def _fault(line: Line, code: str, column: str, /, **facts: Any) -> Fault:
    """Return a fault of a line; the column is told by its key, to be titled by whoever knows the file."""
    return Fault(code, line.number, column, facts)
