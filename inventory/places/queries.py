"""Reading places: the tree of divisions, sites, bins, and minutes from site to site."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.models import Division, Organisation, Place, Site, TravelPair
from inventory.places.coordinates import Point
from inventory.places.travel import minutes_between, mode_estimates


@dataclass(frozen=True)
class DivisionView:
    """A division; `depth` is 0 at the top of the tree. Points in 1e-7 degrees WGS-84; population None = not known."""

    id: UUID
    code: str
    name: Name
    level: str
    parent_id: UUID | None
    depth: int
    point: Point | None
    point_quality: str
    population: int | None
    source: str


@dataclass(frozen=True)
class SiteView:
    """A site as lists show it."""

    id: UUID
    code: str
    name: Name
    kind: str
    channel: str
    division_id: UUID
    division: Name
    town_id: UUID | None
    town: Name | None
    organisation_id: UUID
    organisation: Name
    point: Point | None
    point_quality: str
    entered_as: str
    address: str
    contact: str
    phone: str
    ready_minutes: int
    closed: bool
    demo: bool
    changed_by_id: UUID


@dataclass(frozen=True)
class PlaceView:
    """A bin, staging or quarantine area of a site."""

    id: UUID
    kind: str
    code: str
    open: bool


@dataclass(frozen=True)
class Travel:
    """Minutes between sites by one mode.

    Shape: `minutes` and `basis` have a row for each origin and a column for each destination, in the order asked.
    None = unreachable. `basis`: "same", "entered" (a person said so), "estimate", "cut" (road reported cut),
    "no_point" (a site without coordinates), "not_estimated" (this mode needs entered minutes).
    """

    mode: str
    minutes: tuple[tuple[int | None, ...], ...]
    basis: tuple[tuple[str, ...], ...]


def divisions(work: Work) -> list[DivisionView]:
    """Return the tree of divisions, parents before their children, by code."""
    rows = list(work.session.scalars(select(Division).order_by(Division.code)))
    children: dict[UUID | None, list[Division]] = {}
    known = {row.id for row in rows}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[DivisionView] = []
    waiting = [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        found.append(_division(row, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(row.id, [])))
    return found


def _division(row: Division, depth: int) -> DivisionView:
    return DivisionView(
        id=row.id,
        code=row.code,
        name=Name(row.name_zh, row.name_en),
        level=row.level,
        parent_id=row.parent_id,
        depth=depth,
        point=_point(row.latitude, row.longitude),
        point_quality=row.point_quality,
        population=row.population,
        source=row.source,
    )


def _point(latitude: int | None, longitude: int | None) -> Point | None:
    return None if latitude is None or longitude is None else Point(latitude, longitude)


_town = aliased(Division)
_SITES = (
    select(
        Site,
        Division.name_zh.label("division_zh"),
        Division.name_en.label("division_en"),
        Division.level.label("division_level"),
        _town.id.label("town_id"),
        _town.name_zh.label("town_zh"),
        _town.name_en.label("town_en"),
        Organisation.name_zh.label("organisation_zh"),
        Organisation.name_en.label("organisation_en"),
    )
    .join(Division, Division.id == Site.division_id)
    .join(Organisation, Organisation.id == Site.organisation_id)
    .outerjoin(_town, _town.id == Division.parent_id)
)
_TOWN_LEVELS = frozenset({"town", "subdistrict"})


def sites(
    work: Work,
    *,
    kinds: Collection[str] = (),
    division_id: UUID | None = None,
    search: str = "",
    open_only: bool = True,
    limit: int = 500,
    offset: int = 0,
) -> list[SiteView]:
    """Return sites by code.

    Parameters
    ----------
    kinds
        Of store, point, shelter, forward, team_base, scene, village, office; empty for all.
    division_id
        A division: its own sites and those of the divisions directly below it.
    search
        Part of a code, a name in either language, or its pinyin.
    """
    statement = _SITES.where(*_matching(kinds, division_id, search, open_only)).order_by(Site.code)
    return [_site(*row) for row in work.session.execute(statement.limit(limit).offset(offset))]


def site_count(
    work: Work,
    *,
    kinds: Collection[str] = (),
    division_id: UUID | None = None,
    search: str = "",
    open_only: bool = True,
) -> int:
    """Return how many sites `sites` would list in all."""
    conditions = _matching(kinds, division_id, search, open_only)
    statement = select(func.count()).select_from(Site).join(Division, Division.id == Site.division_id)
    return work.connection.execute(statement.where(*conditions)).scalar_one()


def _matching(
    kinds: Collection[str], division_id: UUID | None, search: str, open_only: bool
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if kinds:
        conditions.append(Site.kind.in_(kinds))
    if division_id is not None:
        conditions.append(or_(Site.division_id == division_id, Division.parent_id == division_id))
    wanted = search.strip()
    if wanted:
        conditions.append(
            or_(
                Site.code.icontains(wanted, autoescape=True),
                Site.name_zh.icontains(wanted, autoescape=True),
                Site.name_en.icontains(wanted, autoescape=True),
                Site.name_pinyin.icontains(wanted.replace(" ", ""), autoescape=True),
            )
        )
    if open_only:
        conditions.append(Site.closed.is_(False))
    return conditions


def site(work: Work, *, site_id: UUID) -> SiteView:
    """Return one site.

    Raises
    ------
    NotFound
    """
    row = work.session.execute(_SITES.where(Site.id == site_id)).one_or_none()
    if row is None:
        raise NotFound(kind="site", key=str(site_id))
    return _site(*row)


def site_by_code(work: Work, *, code: str) -> SiteView:
    """Return the site with a code.

    Raises
    ------
    NotFound
    """
    row = work.session.execute(_SITES.where(Site.code == code)).one_or_none()
    if row is None:
        raise NotFound(kind="site", key=code[:60])
    return _site(*row)


def _site(
    row: Site,
    division_zh: str,
    division_en: str | None,
    division_level: str,
    town_id: UUID | None,
    town_zh: str | None,
    town_en: str | None,
    organisation_zh: str,
    organisation_en: str | None,
) -> SiteView:
    """Build the view; the town of a site that stands in a town is that town."""
    division = Name(division_zh, division_en)
    in_town = division_level in _TOWN_LEVELS
    above = Name(town_zh, town_en) if town_zh is not None and division_level != "district" else None
    return SiteView(
        id=row.id,
        code=row.code,
        name=Name(row.name_zh, row.name_en),
        kind=row.kind,
        channel=row.channel,
        division_id=row.division_id,
        division=division,
        town_id=row.division_id if in_town else town_id if above is not None else None,
        town=division if in_town else above,
        organisation_id=row.organisation_id,
        organisation=Name(organisation_zh, organisation_en),
        point=_point(row.latitude, row.longitude),
        point_quality=row.point_quality,
        entered_as=row.entered_as,
        address=row.address,
        contact=row.contact,
        phone=row.phone,
        ready_minutes=row.ready_minutes,
        closed=row.closed,
        demo=row.demo,
        changed_by_id=row.changed_by_id,
    )


def bins(work: Work, *, site_id: UUID, kinds: Collection[str] = (), open_only: bool = True) -> list[PlaceView]:
    """Return the places inside a site by code; `kinds` of bin, staging, quarantine, empty for all."""
    statement = select(Place.id, Place.kind, Place.code, Place.open).where(Place.site_id == site_id)
    if kinds:
        statement = statement.where(Place.kind.in_(kinds))
    if open_only:
        statement = statement.where(Place.open.is_(True))
    rows = work.connection.execute(statement.where(Place.drill_id.is_(None)).order_by(Place.code))
    return [PlaceView(row.id, row.kind, row.code, row.open) for row in rows]


def travel_minutes(
    work: Work,
    *,
    from_site_ids: Sequence[UUID],
    to_site_ids: Sequence[UUID],
    mode: str,
    cut_site_ids: Collection[UUID] = (),
) -> Travel:
    """Return minutes from each origin to each destination by one mode.

    A pair that somebody entered comes first, then a reported cut (modes that need a road do not pass; walking and
    off-road do, slower), then the estimate.

    Parameters
    ----------
    mode
        truck, light_truck, van, off_road, foot, boat, helicopter or drone.
    cut_site_ids
        Sites whose road is reported cut; both ways are cut.

    Raises
    ------
    NotFound
        The mode or a site is not known.
    """
    rule = mode_estimates().get(mode)
    if rule is None:
        raise NotFound(kind="mode", key=mode[:24])
    points = _points(work, {*from_site_ids, *to_site_ids})
    entered = _entered(work, from_site_ids, to_site_ids, mode)
    minutes: list[tuple[int | None, ...]] = []
    basis: list[tuple[str, ...]] = []
    for origin in from_site_ids:
        row: list[tuple[int | None, str]] = []
        for target in to_site_ids:
            start, end = points[origin], points[target]
            cut = origin in cut_site_ids or target in cut_site_ids
            if origin == target:
                row.append((0, "same"))
            elif (origin, target) in entered and not (cut and rule.needs_road):
                row.append((entered[origin, target], "entered"))
            elif cut and rule.needs_road:
                row.append((None, "cut"))
            elif start is None or end is None:
                row.append((None, "no_point"))
            else:
                found = minutes_between(start, end, rule, cut=cut)
                row.append((found, "not_estimated" if found is None else "estimate"))
        minutes.append(tuple(cell[0] for cell in row))
        basis.append(tuple(cell[1] for cell in row))
    return Travel(mode, tuple(minutes), tuple(basis))


def _points(work: Work, site_ids: set[UUID]) -> dict[UUID, Point | None]:
    rows = work.connection.execute(select(Site.id, Site.latitude, Site.longitude).where(Site.id.in_(site_ids)))
    points = {row.id: _point(row.latitude, row.longitude) for row in rows}
    missing = site_ids - points.keys()
    if missing:
        raise NotFound(kind="site", key=str(min(missing)))
    return points


def _entered(
    work: Work, from_site_ids: Sequence[UUID], to_site_ids: Sequence[UUID], mode: str
) -> dict[tuple[UUID, UUID], int | None]:
    """Return the pairs that somebody entered; None = unreachable."""
    rows = work.connection.execute(
        select(TravelPair.from_site_id, TravelPair.to_site_id, TravelPair.minutes).where(
            TravelPair.mode == mode,
            TravelPair.from_site_id.in_(from_site_ids),
            TravelPair.to_site_id.in_(to_site_ids),
        )
    )
    return {(row.from_site_id, row.to_site_id): row.minutes for row in rows}
