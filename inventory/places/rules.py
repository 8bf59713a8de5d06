"""What a legal site and a legal travel time are. Pure: no database, no screen, no clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from inventory.core.errors import Name, Refusal
from inventory.core.pinyin import search_key
from inventory.places.coordinates import SCALE, SYSTEMS, to_wgs84

SITE_KINDS: tuple[str, ...] = (
    "store",
    "point",
    "shelter",
    "forward",
    "team_base",
    "scene",
    "village",
    "office",
)
STOCK_KINDS: frozenset[str] = frozenset({"store", "point", "forward"})
"""Kinds of site that are stockpiles."""
CHANNELS: tuple[str, ...] = ("own", "entrusted", "agreement", "capacity", "donated", "social", "household")
ON_HAND_CHANNELS: frozenset[str] = frozenset({"own", "entrusted", "donated"})
"""Only these are stock on hand; the rest are promises with a lead time."""
MINUTES_MAX = 7 * 24 * 60
READY_MINUTES_MAX = 7 * 24 * 60
_CHINA = (33 * SCALE // 10, 537 * SCALE // 10, 734 * SCALE // 10, 1352 * SCALE // 10)
"""Latitude 3.3 to 53.7, longitude 73.4 to 135.2 degrees: what lies outside was typed wrongly or the wrong way round."""


@dataclass(frozen=True)
class SiteFacts:
    """A site as it is saved. `latitude` and `longitude` in 1e-7 degrees of the system `entered_as`, both or none."""

    code: str
    name_zh: str
    kind: str
    division_id: UUID
    organisation_id: UUID
    name_en: str | None = None
    latitude: int | None = None
    longitude: int | None = None
    entered_as: str = "wgs84"
    point_quality: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    ready_minutes: int = 0
    channel: str = "own"
    closed: bool = False
    demo: bool = False


LEVELS: dict[str, frozenset[str]] = {
    "district": frozenset(),
    "town": frozenset({"district"}),
    "subdistrict": frozenset({"district"}),
    "village": frozenset({"town", "subdistrict"}),
    "community": frozenset({"town", "subdistrict"}),
}
"""Level of a division -> the levels it may stand under."""


@dataclass(frozen=True)
class DivisionFacts:
    """A division as it is saved; `latitude` and `longitude` in 1e-7 degrees WGS-84, both or none."""

    code: str
    name_zh: str
    level: str
    name_en: str | None = None
    parent_id: UUID | None = None
    latitude: int | None = None
    longitude: int | None = None
    point_quality: str = ""
    population: int | None = None
    source: str = ""


@dataclass(eq=False)
class BadDivision(Refusal):
    """A field of a division is outside its range, or it stands under the wrong level."""

    code: ClassVar[str] = "bad_division"
    division: str
    field: str
    text: str


@dataclass(eq=False)
class BadSite(Refusal):
    """A field of a site is outside its range; `field` names it."""

    code: ClassVar[str] = "bad_site"
    site: str
    field: str
    text: str


@dataclass(eq=False)
class OutsideChina(Refusal):
    """The point lies outside the box of China: latitude and longitude may be the wrong way round."""

    code: ClassVar[str] = "outside_china"
    site: str
    latitude: str
    longitude: str


@dataclass(eq=False)
class BadTravel(Refusal):
    """Minutes are 1 to a week, between two different sites, by a known mode."""

    code: ClassVar[str] = "bad_travel"
    minutes: int
    minutes_max: int
    mode: str


@dataclass(eq=False)
class SiteNotEmpty(Refusal):
    """A site with stock on its shelves cannot be closed."""

    code: ClassVar[str] = "site_not_empty"
    site: Name
    lots: int


def check_site(facts: SiteFacts) -> None:
    """Refuse a site whose fields are outside their ranges.

    Raises
    ------
    BadSite, OutsideChina
    """
    wrong = {
        "code": not 1 <= len(facts.code) <= 24 or facts.code != facts.code.strip(),
        "name_zh": not 1 <= len(facts.name_zh) <= 80,
        "name_en": len(facts.name_en or "") > 120,
        "kind": facts.kind not in SITE_KINDS,
        "entered_as": facts.entered_as not in SYSTEMS,
        "channel": facts.channel not in CHANNELS,
        "ready_minutes": not 0 <= facts.ready_minutes <= READY_MINUTES_MAX,
        "address": len(facts.address) > 120,
        "contact": len(facts.contact) > 60,
        "phone": len(facts.phone) > 40,
        "latitude": (facts.latitude is None) != (facts.longitude is None),
    }
    for name, bad in wrong.items():
        if bad:
            raise BadSite(
                site=facts.code, field="site_kind" if name == "kind" else name, text=str(getattr(facts, name))
            )
    if facts.latitude is not None and facts.longitude is not None:
        check_point(facts.code, facts.latitude, facts.longitude)


def site_columns(site: SiteFacts) -> dict[str, Any]:
    """Return what a site's row holds, its point in WGS-84; raises as `check_site`."""
    check_site(site)
    values = asdict(site) | {"name_pinyin": search_key(site.name_zh)}
    if site.latitude is not None and site.longitude is not None:
        point = to_wgs84(site.latitude, site.longitude, entered_as=site.entered_as)
        values |= {"latitude": point.latitude, "longitude": point.longitude}
    return values


def check_point(site: str, latitude: int, longitude: int) -> None:
    """Refuse a point (1e-7 degrees) outside the box of China.

    Raises
    ------
    OutsideChina
    """
    south, north, west, east = _CHINA
    if not (south <= latitude <= north and west <= longitude <= east):
        raise OutsideChina(site=site, latitude=f"{latitude / SCALE:.5f}", longitude=f"{longitude / SCALE:.5f}")


def check_travel(*, minutes: int | None, mode: str, modes: frozenset[str], same_site: bool) -> None:
    """Refuse what is no travel time; None is "unreachable".

    Raises
    ------
    BadTravel
    """
    if same_site or mode not in modes or (minutes is not None and not 1 <= minutes <= MINUTES_MAX):
        raise BadTravel(minutes=minutes or 0, minutes_max=MINUTES_MAX, mode=mode)


def check_division(facts: DivisionFacts, *, parent_level: str | None) -> None:
    """Refuse a division whose fields are outside their ranges, or that does not stand under its proper level.

    Raises
    ------
    BadDivision, OutsideChina
    """
    above = LEVELS.get(facts.level)
    wrong = {
        "code": not 1 <= len(facts.code) <= 12 or not facts.code.isalnum(),
        "name_zh": not 1 <= len(facts.name_zh) <= 80,
        "name_en": len(facts.name_en or "") > 120,
        "level": above is None,
        "parent_id": above is not None and (parent_level not in above if above else parent_level is not None),
        "population": facts.population is not None and not 0 <= facts.population <= 10**8,
        "latitude": (facts.latitude is None) != (facts.longitude is None),
        "source": len(facts.source) > 200,
    }
    for name, bad in wrong.items():
        if bad:
            raise BadDivision(division=facts.code, field=name, text=str(getattr(facts, name)))
    if facts.latitude is not None and facts.longitude is not None:
        check_point(facts.code, facts.latitude, facts.longitude)
