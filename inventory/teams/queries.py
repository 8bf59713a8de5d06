"""Reading teams, vehicles and devices, each with why it cannot be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select

from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.ledger.rules import Piece
from inventory.models import Asset, Balance, Division, Item, Lot, Organisation, Place, Resource, Site, Team, Vehicle
from inventory.teams.rules import DeviceState, device_reasons, resource_reasons


@dataclass(frozen=True)
class TeamView:
    """A rescue team; `reasons` say why it cannot be given a task now, empty = it can."""

    id: UUID
    code: str
    name: Name
    discipline: str
    level: int
    legal_kind: str
    people: int
    assembly_local_minutes: int
    assembly_away_minutes: int | None
    endurance_hours: int | None
    leader: str
    phone: str
    organisation: Name
    home_site_id: UUID
    home_site: Name
    state: str
    reasons: tuple[str, ...]
    demo: bool
    changed_by_id: UUID


@dataclass(frozen=True)
class VehicleView:
    """A vehicle; payload in grams, volume in cm3."""

    id: UUID
    code: str
    name: Name
    plate: str
    mode: str
    payload_g: int
    volume_cm3: int
    driver: str
    phone: str
    organisation: Name
    home_site_id: UUID
    home_site: Name
    state: str
    reasons: tuple[str, ...]
    demo: bool
    changed_by_id: UUID


@dataclass(frozen=True)
class DeviceView:
    """A device with where it is now; `site` is None while it is on the way or in somebody's custody."""

    lot_id: UUID
    label: str
    serial_number: str
    kind: str
    name: Name
    item_id: UUID
    item_code: str
    item: Name
    condition: str
    mobility: str
    site_id: UUID | None
    site: Name | None
    division: Name | None
    place: str
    place_kind: str
    home_site_id: UUID | None
    custodian: str
    number: str
    card_expires_on: dt.date | None
    runtime_minutes: int | None
    independent_of_network: bool
    independent_of_power: bool
    independent_of_road: bool
    operator_certificate: str | None
    reasons: tuple[str, ...]
    demo: bool
    changed_by_id: UUID


def teams(
    work: Work, *, disciplines: Collection[str] = (), states: Collection[str] = (), limit: int = 500
) -> list[TeamView]:
    """Return rescue teams by code."""
    statement = (
        _resources(Team, states).join(Team, Team.id == Resource.id).add_columns(Team).order_by(Resource.code)
    ).limit(limit)
    if disciplines:
        statement = statement.where(Team.discipline.in_(disciplines))
    return [
        TeamView(
            discipline=row.Team.discipline,
            level=row.Team.level,
            legal_kind=row.Team.legal_kind,
            people=row.Team.people,
            assembly_local_minutes=row.Team.assembly_local_minutes,
            assembly_away_minutes=row.Team.assembly_away_minutes,
            endurance_hours=row.Team.endurance_hours,
            leader=row.Team.leader,
            phone=row.Team.phone,
            **_common(row),
        )
        for row in work.session.execute(statement)
    ]


def vehicles(
    work: Work, *, modes: Collection[str] = (), states: Collection[str] = (), limit: int = 500
) -> list[VehicleView]:
    """Return vehicles by code."""
    statement = (
        _resources(Vehicle, states)
        .join(Vehicle, Vehicle.id == Resource.id)
        .add_columns(Vehicle)
        .order_by(Resource.code)
    ).limit(limit)
    if modes:
        statement = statement.where(Vehicle.mode.in_(modes))
    return [
        VehicleView(
            plate=row.Vehicle.plate,
            mode=row.Vehicle.mode,
            payload_g=row.Vehicle.payload_g,
            volume_cm3=row.Vehicle.volume_cm3,
            driver=row.Vehicle.driver,
            phone=row.Vehicle.phone,
            **_common(row),
        )
        for row in work.session.execute(statement)
    ]


def _resources(table: type[Team] | type[Vehicle], states: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Return the part of the select that teams and vehicles share."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Resource,
            Organisation.name_zh.label("organisation_zh"),
            Organisation.name_en.label("organisation_en"),
            Site.name_zh.label("site_zh"),
            Site.name_en.label("site_en"),
        )
        .join(Organisation, Organisation.id == Resource.organisation_id)
        .join(Site, Site.id == Resource.home_site_id)
        .where(Resource.kind == table.__tablename__)
    )
    return statement.where(Resource.state.in_(states)) if states else statement


def _common(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    resource: Resource = row.Resource
    return {
        "id": resource.id,
        "code": resource.code,
        "name": Name(resource.name_zh, resource.name_en),
        "organisation": Name(row.organisation_zh, row.organisation_en),
        "home_site_id": resource.home_site_id,
        "home_site": Name(row.site_zh, row.site_en),
        "state": resource.state,
        "reasons": resource_reasons(resource.state),
        "demo": resource.demo,
        "changed_by_id": resource.changed_by_id,
    }


_DEVICES: Select[*tuple[Any, ...]] = (
    select(
        Asset,
        Item.id.label("item_id"),
        Item.code.label("item_code"),
        Item.name_zh.label("item_zh"),
        Item.name_en.label("item_en"),
        Item.minimum_life_days,
        Lot.expires_on,
        Lot.blocked,
        Lot.channel,
        Balance.held,
        Place.code.label("place"),
        Place.kind.label("place_kind"),
        Site.id.label("site_id"),
        Site.name_zh.label("site_zh"),
        Site.name_en.label("site_en"),
        Site.closed,
        Division.name_zh.label("division_zh"),
        Division.name_en.label("division_en"),
    )
    .join(Lot, Lot.id == Asset.lot_id)
    .join(Item, Item.id == Lot.item_id)
    .join(Balance, (Balance.lot_id == Lot.id) & (Balance.quantity > 0))
    .join(Place, Place.id == Balance.place_id)
    .outerjoin(Site, Site.id == Place.site_id)
    .outerjoin(Division, Division.id == Site.division_id)
)


def devices(
    work: Work,
    *,
    kinds: Collection[str] = (),
    site_id: UUID | None = None,
    search: str = "",
    limit: int = 500,
    offset: int = 0,
) -> list[DeviceView]:
    """Return devices by label.

    Parameters
    ----------
    kinds
        Codes of the open list `device_kind`; empty for all.
    search
        Part of a label, a serial number, a name or a custodian.
    """
    statement = _DEVICES.order_by(Asset.label).limit(limit).offset(offset)
    if kinds:
        statement = statement.where(Asset.kind.in_(kinds))
    if site_id is not None:
        statement = statement.where(Site.id == site_id)
    wanted = search.strip()
    if wanted:
        columns = (Asset.label, Asset.serial_number, Asset.name_zh, Asset.name_en, Asset.custodian)
        statement = statement.where(or_(*[column.icontains(wanted, autoescape=True) for column in columns]))
    on = work.now.astimezone(HOME_ZONE).date()
    return [_device(row, on) for row in work.session.execute(statement)]


def device_counts(work: Work) -> dict[str, int]:
    """Return how many devices there are of each kind."""
    rows = work.connection.execute(
        select(Asset.kind, func.count().label("devices")).group_by(Asset.kind).order_by(Asset.kind)
    )
    return {row.kind: row.devices for row in rows}


def _device(row: Row[*tuple[Any, ...]], on: dt.date) -> DeviceView:
    asset: Asset = row.Asset
    piece = Piece(
        place_kind=row.place_kind,
        expires_on=row.expires_on,
        blocked=row.blocked,
        channel=row.channel,
        minimum_life_days=row.minimum_life_days,
        condition=asset.condition,
        mobility=asset.mobility,
        site_closed=bool(row.closed),
    )
    state = DeviceState(piece, card_expires_on=asset.card_expires_on, held=row.held > 0)
    return DeviceView(
        lot_id=asset.lot_id,
        label=asset.label,
        serial_number=asset.serial_number,
        kind=asset.kind,
        name=Name(asset.name_zh, asset.name_en),
        item_id=row.item_id,
        item_code=row.item_code,
        item=Name(row.item_zh, row.item_en),
        condition=asset.condition,
        mobility=asset.mobility,
        site_id=row.site_id,
        site=None if row.site_id is None else Name(row.site_zh, row.site_en),
        division=None if row.site_id is None else Name(row.division_zh, row.division_en),
        place=row.place,
        place_kind=row.place_kind,
        home_site_id=asset.home_site_id,
        custodian=asset.custodian,
        number=asset.number,
        card_expires_on=asset.card_expires_on,
        runtime_minutes=asset.runtime_minutes,
        independent_of_network=asset.independent_of_network,
        independent_of_power=asset.independent_of_power,
        independent_of_road=asset.independent_of_road,
        operator_certificate=asset.operator_certificate,
        reasons=device_reasons(state, on=on),
        demo=asset.demo,
        changed_by_id=asset.changed_by_id,
    )
