"""Rows of exports about goods, places, teams and devices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, and_, case, cast, func, select
from sqlalchemy.orm import aliased

from inventory.catalogue import queries as catalogue
from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.ledger import queries as ledger
from inventory.models import Asset, Balance, Division, Item, Journal, Lot, Movement, Organisation, Place, Site
from inventory.places import queries as placing
from inventory.stockpiles import queries as stockpiles
from inventory.teams import queries as teaming

Rows = list[dict[str, Any]]
_EVERYTHING = 10_000_000
CODE, NAME, SITE, ITEM_CODE, ITEM, UNIT, LOT = (
    ("code", N_("Code")),
    ("name", N_("Name")),
    ("site", N_("Site")),
    ("item_code", N_("Item code")),
    ("item", N_("Item")),
    ("unit", N_("Unit")),
    ("lot", N_("Lot")),
)
SITE_CODE, PLACE, BATCH = ("site_code", N_("Site code")), ("place", N_("Bin")), ("batch", N_("Batch"))
EXPIRES, QUANTITY, HELD = ("expires_on", N_("Expires on")), ("quantity", N_("Quantity")), ("held", N_("Held"))
SOURCE, CONFIDENCE, STATE = ("source", N_("Source")), ("confidence", N_("Certainty")), ("state", N_("State"))
REASONS, DEMO = ("reasons", N_("Why not usable")), ("demo", N_("Invented"))


def flat(rows: Any, columns: tuple[tuple[str, str], ...], **renamed: str) -> Rows:
    """Return dataclass rows as facts by column key; `renamed` maps a column to the field it is read from."""
    return [{key: getattr(row, renamed.get(key, key)) for key, _ in columns} for row in rows]


DIVISION_COLUMNS = (
    CODE, NAME, ("level", N_("Level")), ("depth", N_("Depth")), ("latitude_e7", N_("Latitude (1e-7 degrees)")),
    ("longitude_e7", N_("Longitude (1e-7 degrees)")), ("point_quality", N_("Quality of the point")), SOURCE,
)  # fmt: skip


def divisions(work: Work) -> Rows:
    """Return the tree of divisions."""
    return [
        _with_point(row, {key: getattr(row, key, None) for key, _ in DIVISION_COLUMNS})
        for row in placing.divisions(work)
    ]


def _with_point(row: Any, facts: dict[str, Any]) -> dict[str, Any]:
    point = row.point
    if point is not None:
        facts["latitude_e7"], facts["longitude_e7"] = point.latitude, point.longitude
    return facts


PLACE_COLUMNS = (
    CODE, NAME, ("kind", N_("Kind")), ("channel", N_("Channel")), ("town", N_("Town")), ("division", N_("Division")),
    ("organisation", N_("Organisation")), ("latitude_e7", N_("Latitude (1e-7 degrees)")),
    ("longitude_e7", N_("Longitude (1e-7 degrees)")), ("point_quality", N_("Quality of the point")),
    ("address", N_("Address")), ("contact", N_("Contact")), ("phone", N_("Telephone")),
    ("ready_minutes", N_("Minutes until ready")), ("closed", N_("Closed")), DEMO,
)  # fmt: skip


def places(work: Work) -> Rows:
    """Return all sites, closed ones too."""
    rows = placing.sites(work, open_only=False, limit=_EVERYTHING)
    return [_with_point(row, {key: getattr(row, key, None) for key, _ in PLACE_COLUMNS}) for row in rows]


ITEM_COLUMNS = (
    CODE, NAME, ("gb_code", "GB/T 38565"), ("unit", N_("Unit")), ("tracking", N_("Tracked by")),
    ("domain", N_("Domain")), ("return_class", N_("Return class")), ("weight_g", N_("Weight (g)")),
    ("volume_cm3", N_("Volume (cm3)")), ("minimum_life_days", N_("Remaining life needed (days)")),
    ("active", N_("Active")), SOURCE, CONFIDENCE,
)  # fmt: skip


def items(work: Work) -> Rows:
    """Return the catalogue."""
    rows = catalogue.items(work, active_only=False, limit=_EVERYTHING)
    return flat(rows, ITEM_COLUMNS, unit="unit_name")


STOCK_COLUMNS = (
    SITE, PLACE, ("place_kind", N_("Kind of place")), ITEM_CODE, ITEM, LOT, BATCH, EXPIRES,
    ("on_hand", N_("On hand")), HELD, ("available", N_("Available")), UNIT, ("owner", N_("Owner")),
    ("blocked", N_("On hold")), REASONS,
)  # fmt: skip


def stock(work: Work) -> Rows:
    """Return what stands where."""
    return flat(ledger.stock(work, limit=_EVERYTHING), STOCK_COLUMNS)


LOT_COLUMNS = (
    LOT, ITEM_CODE, ITEM, BATCH, ("made_on", N_("Made on")), EXPIRES, ("entered_on", N_("Entered on")),
    ("spec", N_("Specification")), ("owner", N_("Owner")), SOURCE, ("channel", N_("Channel")),
    ("blocked", N_("On hold")), ("on_hand", N_("On hand")), UNIT,
)  # fmt: skip


def lots(work: Work) -> Rows:
    """Return every lot with what stands of it inside sites."""
    there = (
        select(Balance.lot_id, cast(func.sum(Balance.quantity), BigInteger).label("on_hand"))
        .join(Place, Place.id == Balance.place_id)
        .where(Place.site_id.is_not(None))
        .group_by(Balance.lot_id)
        .subquery()
    )
    query = (
        select(Lot, Item, Organisation, func.coalesce(there.c.on_hand, 0).label("on_hand"))
        .join(Item, Item.id == Lot.item_id)
        .join(Organisation, Organisation.id == Lot.owner_id)
        .outerjoin(there, there.c.lot_id == Lot.id)
        .order_by(Lot.label)
    )
    return [
        {
            "lot": lot.label,
            "item_code": item.code,
            "item": Name(item.name_zh, item.name_en),
            "owner": Name(owner.name_zh, owner.name_en),
            "on_hand": on_hand,
            "unit": item.unit,
            **{
                key: getattr(lot, key)
                for key in ("batch", "made_on", "expires_on", "entered_on", "spec", "source", "channel", "blocked")
            },
        }
        for lot, item, owner, on_hand in work.session.execute(query)
    ]


_from, _to = aliased(Place), aliased(Place)
_from_site, _to_site = aliased(Site), aliased(Site)
MOVEMENT_COLUMNS = (
    ("sequence", N_("Entry")), ("line", N_("Line")), ("entry", N_("Kind of entry")), LOT, ITEM_CODE,
    ("from_site", N_("From site")), ("from_place", N_("From")), ("to_site", N_("To site")), ("to_place", N_("To")),
    QUANTITY, ("reason", N_("Reason")), ("occurred_at", N_("Occurred")), ("recorded_at", N_("Recorded")),
)  # fmt: skip


def movements(work: Work) -> Rows:
    """Return every movement in the order of the journal."""
    query = (
        select(
            Journal.sequence,
            Movement.line,
            Journal.kind.label("entry"),
            Lot.label.label("lot"),
            Item.code.label("item_code"),
            _from_site.code.label("from_site"),
            _from.code.label("from_place"),
            _to_site.code.label("to_site"),
            _to.code.label("to_place"),
            Movement.quantity,
            Movement.reason,
            Movement.occurred_at,
            Journal.recorded_at,
        )
        .join(Journal, Journal.id == Movement.entry_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(_from, _from.id == Movement.from_place_id)
        .join(_to, _to.id == Movement.to_place_id)
        .outerjoin(_from_site, _from_site.id == _from.site_id)
        .outerjoin(_to_site, _to_site.id == _to.site_id)
        .order_by(Journal.node_id, Journal.sequence, Movement.line)
    )
    return [dict(row) for row in work.connection.execute(query).mappings()]


BALANCE_COLUMNS = (
    LOT, ITEM_CODE, SITE_CODE, PLACE, ("place_kind", N_("Kind of place")), QUANTITY, HELD,
    ("overdrawn", N_("Overdrawn")),
)  # fmt: skip


def balances(work: Work) -> Rows:
    """Return every balance that is not zero, of virtual places too: those of a lot sum to zero."""
    query = (
        select(
            Lot.label.label("lot"),
            Item.code.label("item_code"),
            Site.code.label("site_code"),
            Place.code.label("place"),
            Place.kind.label("place_kind"),
            Balance.quantity,
            Balance.held,
            Balance.overdrawn,
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Place, Place.id == Balance.place_id)
        .outerjoin(Site, Site.id == Place.site_id)
        .where((Balance.quantity != 0) | (Balance.held != 0))
        .order_by(Lot.label, Place.kind, Place.code)
    )
    return [dict(row) for row in work.connection.execute(query).mappings()]


GAP_COLUMNS = (
    SITE_CODE, SITE, ITEM_CODE, ITEM, ("on_hand", N_("On hand")), ("usable", N_("Usable")),
    ("reserve", N_("Safety stock")), ("minimum", N_("Minimum")), ("standard", N_("Standard")),
    ("short_of_minimum", N_("Short of minimum")), ("short_of_standard", N_("Short of standard")), UNIT, SOURCE,
    CONFIDENCE,
)  # fmt: skip


def gaps(work: Work) -> Rows:
    """Return stock against targets, whether short or not."""
    return flat(stockpiles.gaps(work, limit=_EVERYTHING), GAP_COLUMNS)


EXPIRING_COLUMNS = (
    SITE_CODE, SITE, PLACE, ITEM_CODE, ITEM, LOT, BATCH, QUANTITY, HELD, UNIT, EXPIRES,
    ("days_left", N_("Days left")), ("blocked", N_("On hold")),
)  # fmt: skip


def expiring(work: Work) -> Rows:
    """Return lots on hand that have expired or expire within half a year."""
    return flat(stockpiles.expiring(work, within_days=180, limit=_EVERYTHING), EXPIRING_COLUMNS, lot="label")


TEAM_COLUMNS = (
    CODE, NAME, ("discipline", N_("Discipline")), ("level", N_("Level")), ("legal_kind", N_("Legal kind")),
    ("people", N_("People")), ("assembly_local_minutes", N_("Assembly here (min)")),
    ("assembly_away_minutes", N_("Assembly elsewhere (min)")), ("endurance_hours", N_("Endurance (h)")),
    ("leader", N_("Leader")), ("phone", N_("Telephone")), ("organisation", N_("Organisation")),
    ("home_site", N_("Base")), STATE, REASONS, DEMO,
)  # fmt: skip


def teams(work: Work) -> Rows:
    """Return rescue teams."""
    return flat(teaming.teams(work, limit=_EVERYTHING), TEAM_COLUMNS)


VEHICLE_COLUMNS = (
    CODE, NAME, ("plate", N_("Plate")), ("mode", N_("Transport")), ("payload_g", N_("Payload (g)")),
    ("volume_cm3", N_("Volume (cm3)")), ("driver", N_("Driver")), ("phone", N_("Telephone")),
    ("organisation", N_("Organisation")), ("home_site", N_("Base")), STATE, REASONS, DEMO,
)  # fmt: skip


def vehicles(work: Work) -> Rows:
    """Return vehicles."""
    return flat(teaming.vehicles(work, limit=_EVERYTHING), VEHICLE_COLUMNS)


DEVICE_COLUMNS = (
    ("label", N_("Label")), ("serial_number", N_("Serial number")), ("kind", N_("Kind")), NAME, ITEM_CODE,
    ("condition", N_("Condition")), ("mobility", N_("Mobility")), SITE, ("division", N_("Division")), PLACE,
    ("custodian", N_("Custodian")), ("number", N_("Call number")), ("card_expires_on", N_("Card expires on")),
    ("runtime_minutes", N_("Runtime (min)")), ("independent_of_network", N_("Works without network")),
    ("independent_of_power", N_("Works without power")), ("independent_of_road", N_("Works without road")),
    ("operator_certificate", N_("Operator needs")), REASONS, DEMO,
)  # fmt: skip


def devices(work: Work) -> Rows:
    """Return devices with where they are."""
    return flat(teaming.devices(work, limit=_EVERYTHING), DEVICE_COLUMNS)


COVERAGE_COLUMNS = (
    ("division_code", N_("Code")), ("division", N_("Division")), ("devices", N_("Devices")),
    ("without_network", N_("Work without network")), ("without_power", N_("Work without power")),
    ("without_road", N_("Work without road")), ("without_all", N_("Work without all three")),
)  # fmt: skip


def coverage(work: Work) -> Rows:
    """Return, for every division with sites, its serviceable devices and against which cuts they help."""
    free = (Asset.independent_of_network, Asset.independent_of_power, Asset.independent_of_road)

    def many(*flags: Any) -> Any:
        return cast(func.coalesce(func.sum(case((and_(*flags), 1), else_=0)), 0), BigInteger)

    query = (
        select(
            Division.code.label("division_code"),
            Division.name_zh,
            Division.name_en,
            func.count(Asset.lot_id).label("devices"),
            many(free[0]).label("without_network"),
            many(free[1]).label("without_power"),
            many(free[2]).label("without_road"),
            many(*free).label("without_all"),
        )
        .select_from(Division)
        .join(Site, Site.division_id == Division.id)
        .outerjoin(Place, Place.site_id == Site.id)
        .outerjoin(Balance, (Balance.place_id == Place.id) & (Balance.quantity > 0))
        .outerjoin(Asset, (Asset.lot_id == Balance.lot_id) & (Asset.condition == "serviceable"))
        .group_by(Division.code, Division.name_zh, Division.name_en)
        .order_by(Division.code)
    )
    return [
        {**row, "division": Name(row["name_zh"], row["name_en"])} for row in work.connection.execute(query).mappings()
    ]
