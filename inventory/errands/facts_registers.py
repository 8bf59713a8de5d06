"""From the database to registers: what the books say now about stock, teams and devices.

A register is sealed and numbered by its moment, but not issued: it follows from the ledger alone, which can be read as
of that moment for ever, so a second copy of thousands of lines for each print would prove nothing more. The head of
the chain stands on it. Who printed it stands in the access log.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE, LANGUAGES, N_, fill
from inventory.core.work import Work
from inventory.documents.data.registers import (
    DeviceLine,
    DeviceRegisterPaper,
    RegisterPaper,
    SiteStock,
    StockLine,
    StockRegisterPaper,
    TeamLine,
    TeamRegisterPaper,
)
from inventory.documents.data.values import NO_NAME, Contact, LedgerHead
from inventory.ledger.queries import StockFilter, StockRow, stock
from inventory.models import Item, ItemPack, Lot, Node
from inventory.people.queries import here, permit
from inventory.people.rules import DISTRICT, At
from inventory.places.queries import SiteView, site, sites
from inventory.teams.queries import DeviceView, TeamView, devices, teams

_EVERYTHING = 1_000_000
_DISTRICT_WORDS = N_("Whole district")
SIGNS = {"stock_register": "\u5e93", "team_register": "\u961f", "device_register": "\u88c5"}
"""The Chinese sign that the number of a register begins with (ku, dui, zhuang)."""


def stock_register(work: Work, *, site_id: UUID | None = None) -> StockRegisterPaper:
    """Return the register of the stock of a site, or of every site of the district that holds any.

    Raises
    ------
    NotPermitted, NotFound
    """
    permit(work, "see_stock", DISTRICT if site_id is None else At(site_id=site_id))
    rows = stock(work, wanted=StockFilter(site_id=site_id), sort="site", limit=_EVERYTHING)
    known = {one.id: one for one in sites(work, open_only=False, limit=_EVERYTHING)} if site_id is None else {}
    if site_id is not None:
        known[site_id] = site(work, site_id=site_id)
    lines = _StockLines(work)
    standing = {key: tuple(lines.of(row) for row in found) for key, found in groupby(rows, key=lambda row: row.site_id)}
    return StockRegisterPaper(
        sites=tuple(_site(known[key], standing.get(key, ())) for key in ([site_id] if site_id else standing)),
        **_head(work, "stock_register", known[site_id] if site_id else None),
    )


def team_register(work: Work) -> TeamRegisterPaper:
    """Return the register of all rescue teams; raises as `stock_register`."""
    permit(work, "see_stock", DISTRICT)
    disciplines, kinds = term_names(work, kind="discipline"), term_names(work, kind="legal_kind")
    lines = tuple(_team(row, disciplines, kinds) for row in teams(work, limit=_EVERYTHING))
    return TeamRegisterPaper(lines=lines, **_head(work, "team_register", None))


def device_register(work: Work, *, site_id: UUID | None = None) -> DeviceRegisterPaper:
    """Return the register of the devices at a site, or of all; raises as `stock_register`."""
    permit(work, "see_stock", DISTRICT if site_id is None else At(site_id=site_id))
    keeper = site(work, site_id=site_id) if site_id is not None else None
    kinds = term_names(work, kind="device_kind")
    expiries = _expiries(work)
    lines = tuple(
        _device(row, kinds, expiries.get(row.lot_id)) for row in devices(work, site_id=site_id, limit=_EVERYTHING)
    )
    return DeviceRegisterPaper(lines=lines, **_head(work, "device_register", keeper))


def register(work: Work, *, kind: str, site_id: UUID | None = None) -> RegisterPaper:
    """Return a register of a kind; a site narrows those of stock and devices. Raises as `stock_register`."""
    if kind == "team_register":
        return team_register(work)
    return stock_register(work, site_id=site_id) if kind == "stock_register" else device_register(work, site_id=site_id)


def _head(work: Work, kind: str, keeper: SiteView | None) -> dict[str, Any]:
    """Return what every register has; its number is the moment, to the second, in Beijing time."""
    node = work.session.get_one(Node, here(work).id)
    moment = work.now.replace(microsecond=0)
    local = moment.astimezone(HOME_ZONE)
    number = f"{SIGNS[kind]}-{node.code}-{local:%Y%m%d-%H%M%S}"
    scope = keeper.name if keeper else Name(*(fill(_DISTRICT_WORDS, {}, language) for language in LANGUAGES))
    return {
        "number": f"{number}-{keeper.code}" if keeper else number,
        "issuer": here(work).name,
        "scope": scope,
        "as_of": moment,
        "ledger": LedgerHead(node.code, node.last_sequence, node.head.hex()),
        "demo": node.demo,
    }


def _site(keeper: SiteView, lines: tuple[StockLine, ...]) -> SiteStock:
    return SiteStock(
        code=keeper.code,
        name=keeper.name,
        lines=lines,
        address=Name(keeper.address),
        keeper=Contact(keeper.contact, keeper.phone),
    )


class _StockLines:
    """Makes lines of stock; what items and lots say is read once for all of them."""

    def __init__(self, work: Work) -> None:
        self._units = term_names(work, kind="unit")
        ask = work.connection.execute
        self._weights = {row.id: row.weight_g for row in ask(select(Item.id, Item.weight_g))}
        largest = select(ItemPack.item_id, func.max(ItemPack.factor).label("factor")).group_by(ItemPack.item_id)
        self._packs = {row.item_id: row.factor for row in ask(largest)}
        self._specs = {row.id: row.spec for row in ask(select(Lot.id, Lot.spec).where(Lot.spec != ""))}

    def of(self, row: StockRow) -> StockLine:
        """Return the line of a row; packages only where the quantity makes a whole number of the largest pack."""
        factor, weight = self._packs.get(row.item_id), self._weights[row.item_id]
        return StockLine(
            code=row.item_code,
            name=row.item,
            unit=self._units.get(row.unit, Name(row.unit)),
            quantity=row.on_hand,
            lot=row.lot,
            held=row.held,
            specification=Name(self._specs.get(row.lot_id, "")),
            batch=row.batch,
            bin=row.place,
            expires_on=row.expires_on,
            reasons=row.reasons,
            packages=row.on_hand // factor if factor and row.on_hand % factor == 0 else None,
            weight_grams=weight * row.on_hand or None,
        )


def _team(row: TeamView, disciplines: dict[str, Name], kinds: dict[str, Name]) -> TeamLine:
    return TeamLine(
        code=row.code,
        name=row.name,
        organisation=row.organisation,
        discipline=disciplines.get(row.discipline, Name(row.discipline)),
        level=row.level,
        legal_kind=kinds.get(row.legal_kind, Name(row.legal_kind)),
        people=row.people,
        assembly_local_minutes=row.assembly_local_minutes,
        base=row.home_site,
        state=row.state,
        assembly_away_minutes=row.assembly_away_minutes,
        endurance_hours=row.endurance_hours,
        leader=Contact(row.leader, row.phone),
    )


def _device(row: DeviceView, kinds: dict[str, Name], good_until: dt.date | None) -> DeviceLine:
    cuts = (
        ("network", row.independent_of_network),
        ("power", row.independent_of_power),
        ("road", row.independent_of_road),
    )
    standing = NO_NAME
    if row.site is not None:
        standing = Name(f"{row.site.zh} {row.place}", f"{row.site.en or row.site.zh} {row.place}")
    return DeviceLine(
        label=row.label,
        name=row.name,
        device_kind=kinds.get(row.kind, Name(row.kind)),
        condition=row.condition,
        place=standing,
        serial_number=row.serial_number,
        number=row.number,
        custodian=row.custodian,
        card_expires_on=row.card_expires_on,
        good_until=good_until,
        runtime_minutes=row.runtime_minutes,
        works_without=tuple(cut for cut, holds in cuts if holds),
    )


def _expiries(work: Work) -> dict[UUID, dt.date]:
    """Return until when the lots that have an expiry are good."""
    rows = work.connection.execute(select(Lot.id, Lot.expires_on).where(Lot.expires_on.is_not(None)))
    return {row.id: row.expires_on for row in rows}
