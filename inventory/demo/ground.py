"""The ground of the demo district: terms, divisions, organisations, sites with their bins, the catalogue, accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from inventory.catalogue.loading import store_starter
from inventory.core.pinyin import search_key
from inventory.core.tables import read_table, whole
from inventory.core.work import Actor, Work
from inventory.demo.words import demo_table, demo_words, pattern, person, telephone
from inventory.ledger.commands import open_place
from inventory.models import Account, Division, Item, Organisation, RoleGrant
from inventory.people.journal import Deed
from inventory.people.passwords import demo_password_hash
from inventory.places.commands import store_site
from inventory.places.coordinates import Point, around, moved
from inventory.places.rules import SiteFacts

APPROXIMATE = "approximate"
URBAN_SPREAD_METRES = 1100
"""The three urban units share one point in GeoNames; each is moved by this much, in three directions."""
_LEVELS = {"town": "town", "subdistrict": "subdistrict", "village": "village", "community": "community"}


@dataclass
class Ground:
    """What the later stages stand on: ids by code."""

    district_id: UUID
    divisions: dict[str, UUID] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    sites: dict[str, UUID] = field(default_factory=dict)
    bins: dict[str, list[UUID]] = field(default_factory=dict)
    quarantine: dict[str, UUID] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """Return a demo account as the actor of commands."""
        return Actor(self.accounts[login], login, "import")


def lay_catalogue(work: Work, deed: Deed, ground: Ground) -> dict[str, int]:
    """Write terms, items and norms; return how many items and norms."""
    counts = store_starter(work, deed=deed)
    ground.items = {row.code: row.id for row in work.connection.execute(select(Item.code, Item.id))}
    return {"items": counts["items"], "norms": counts["norms"]}


def lay_divisions(work: Work, deed: Deed, ground: Ground) -> None:
    """Write the towns, subdistricts, villages and communities with their points, approximate where none is known."""
    words = demo_words()["district"]
    work.connection.execute(
        update(Division)
        .where(Division.id == ground.district_id)
        .values(
            name_pinyin=search_key(words["division_zh"]),
            population=words["population"],
            source=words["division_source"],
            changed_by_id=deed.id,
        )
    )
    ground.divisions[words["division_code"]] = ground.district_id
    rows = []
    urban = 0
    for town in read_table("towns"):
        point = Point.of_degrees(float(town["latitude"]), float(town["longitude"]))
        if town["point_quality"] == APPROXIMATE:
            point = moved(point, bearing_degrees=90 + 120 * urban, metres=URBAN_SPREAD_METRES)
            urban += 1
        parent = ground.district_id
        rows.append(_division(work, deed, ground, town, parent, point, town["point_quality"]))
    order: dict[str, int] = {}
    for village in read_table("villages"):
        town_code = village["town_code"]
        position = order[town_code] = order.get(town_code, -1) + 1
        point = around(ground.points[town_code], position=position)
        rows.append(_division(work, deed, ground, village, ground.divisions[town_code], point, APPROXIMATE))
    work.connection.execute(insert(Division), rows)


def _division(
    work: Work, deed: Deed, ground: Ground, row: dict[str, str], parent_id: UUID, point: Point, quality: str
) -> dict[str, Any]:
    ground.divisions[row["code"]] = work.env.new_id()
    ground.points[row["code"]] = point
    return {
        "id": ground.divisions[row["code"]],
        "code": row["code"],
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "name_pinyin": search_key(row["name_zh"]),
        "parent_id": parent_id,
        "level": _LEVELS[row["level"]],
        "latitude": point.latitude,
        "longitude": point.longitude,
        "point_quality": quality,
        "population": whole(row.get("population", "")),
        "source": row["source"][:200],
        "changed_by_id": deed.id,
    }


def lay_organisations(work: Work, deed: Deed, ground: Ground) -> None:
    """Write the offices of district and city, the governments of the towns, the committees, and the enterprises."""
    rows: list[dict[str, Any]] = []

    def add(code: str, zh: str, en: str, kind: str, level: str, parent: str, division: str) -> None:
        ground.organisations[code] = work.env.new_id()
        rows.append(
            {
                "id": ground.organisations[code],
                "code": code,
                "name_zh": zh,
                "name_en": en,
                "kind": kind,
                "level": level,
                "parent_id": ground.organisations[parent] if parent else None,
                "division_id": ground.divisions[division] if division else None,
                "phone": telephone(work.env),
                "demo": True,
                "changed_by_id": deed.id,
            }
        )

    district = demo_words()["district"]["division_code"]
    for row in demo_table("organisations"):
        at = district if row["level"] == "district" and row["parent"] else ""
        add(row["code"], row["name_zh"], row["name_en"], row["kind"], row["level"], row["parent"], at)
    root = demo_words()["district"]["node_code"]
    for town in read_table("towns"):
        office = "town_government" if town["level"] == "town" else "subdistrict_office"
        zh = pattern(f"{office}_zh", name=town["name_zh"])
        add(town["code"], zh, pattern(f"{office}_en", name=town["name_en"]), "government", "town", root, town["code"])
    for village in read_table("villages"):
        en = pattern("committee_en", name=village["name_en"])
        add(village["code"], village["committee_zh"], en, "committee", "village", village["town_code"], village["code"])
    work.connection.execute(insert(Organisation), rows)


def lay_sites(work: Work, deed: Deed, ground: Ground) -> None:
    """Write the sites: stockpiles, bases, a store and a shelter in each town, one site in each village."""
    for row in demo_table("sites"):
        division = row["town"]
        point = moved(ground.points[division], bearing_degrees=int(row["bearing"]), metres=int(row["metres"]))
        facts = _site(
            work,
            ground,
            row["code"],
            row["kind"],
            row["name_zh"],
            row["name_en"],
            division,
            point,
            organisation=row["organisation"] or division,
            address=row["address"],
            channel=row["channel"],
            ready_minutes=int(row["ready_minutes"]),
        )
        _store(work, deed, ground, facts, bins=int(row["bins"]))
    for town in read_table("towns"):
        code, centre = town["code"], ground.points[town["code"]]
        short = code.removeprefix("500110")
        names = [(kind, pattern(f"{kind}_zh", name=town["name_zh"])) for kind in ("store", "shelter")]
        for (kind, zh), letter, bearing, bins in zip(names, ("T", "H"), (40, 220), (8, 0), strict=True):
            en = pattern(f"{kind}_en", name=town["name_en"])
            point = moved(centre, bearing_degrees=bearing, metres=450)
            ready = 15 if kind == "store" else 0
            facts = _site(work, ground, f"{letter}{short}", kind, zh, en, code, point, ready_minutes=ready)
            _store(work, deed, ground, facts, bins=bins)
    with_devices = set(demo_words()["devices"]["villages"])
    for village in read_table("villages"):
        code = village["code"]
        zh = pattern("village_site_zh", name=village["name_zh"])
        en = pattern("village_site_en", name=village["name_en"])
        facts = _site(work, ground, f"V{code}", "village", zh, en, code, ground.points[code])
        _store(work, deed, ground, facts, bins=int(code in with_devices))


def _site(
    work: Work,
    ground: Ground,
    code: str,
    kind: str,
    name_zh: str,
    name_en: str,
    division: str,
    point: Point,
    *,
    organisation: str = "",
    address: str = "",
    channel: str = "own",
    ready_minutes: int = 0,
) -> SiteFacts:
    return SiteFacts(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        kind=kind,
        division_id=ground.divisions[division],
        organisation_id=ground.organisations[organisation or division],
        latitude=point.latitude,
        longitude=point.longitude,
        point_quality=APPROXIMATE,
        address=address or pattern("address"),
        contact=person(work.env),
        phone=telephone(work.env),
        ready_minutes=ready_minutes,
        channel=channel,
        demo=True,
    )


def _store(work: Work, deed: Deed, ground: Ground, facts: SiteFacts, *, bins: int) -> None:
    """Write a site with its bins; a store also gets a staging and a quarantine area."""
    site_id = ground.sites[facts.code] = store_site(work, deed=deed, site=facts)
    new = work.env.new_id
    ground.bins[facts.code] = [
        open_place(work, deed=deed, id=new(), kind="bin", code=_bin_code(number, bins), site_id=site_id)
        for number in range(bins)
    ]
    if bins > 1:
        open_place(work, deed=deed, id=new(), kind="staging", code="S01", site_id=site_id)
        ground.quarantine[facts.code] = open_place(
            work, deed=deed, id=new(), kind="quarantine", code="Q01", site_id=site_id
        )
    work.session.flush()


def _bin_code(number: int, bins: int) -> str:
    """Return a rack and a shelf, A01 to F06; the one bin of a village is V01."""
    return demo_words()["devices"]["bin"] if bins == 1 else f"{chr(ord('A') + number // 6)}{number % 6 + 1:02d}"


def open_accounts(work: Work, deed: Deed, ground: Ground) -> int:
    """Open an account for every role; all have the one public demo password. Return how many."""
    digest = demo_password_hash()
    accounts, grants = [], []
    for row in demo_table("accounts"):
        account_id = ground.accounts[row["login"]] = work.env.new_id()
        accounts.append(
            {
                "id": account_id,
                "login": row["login"],
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "organisation_id": ground.organisations[row["organisation"]],
                "phone": telephone(work.env),
                "password_hash": digest,
                "demo": True,
                "changed_by_id": deed.id,
            }
        )
        scope = {"division_id": ground.divisions[row["scope"]]} if row["scope_kind"] == "division" else {}
        grant = {"id": work.env.new_id(), "account_id": account_id, "role": row["role"], "from_at": work.now}
        empty = {"organisation_id": None, "division_id": None, "site_id": None}
        grants.append({**grant, **empty, **scope, "changed_by_id": deed.id})
    work.connection.execute(insert(Account), accounts)
    work.connection.execute(insert(RoleGrant), grants)
    return work.connection.execute(select(func.count()).select_from(Account)).scalar_one()
