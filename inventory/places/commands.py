"""Writing places: divisions, sites, and travel times that somebody knows better than the estimate."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from inventory.core.errors import Name, NotFound, StalePage
from inventory.core.pinyin import search_key
from inventory.core.work import Work
from inventory.models import Balance, Division, Place, Site, TravelPair
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.queries import here
from inventory.people.rules import At
from inventory.places import rules
from inventory.places.rules import DivisionFacts, SiteFacts
from inventory.places.travel import mode_estimates

ENTERED = "entered"
"""What `travel_pair.source` says of minutes that a person gave without naming where they come from."""


def save_site(work: Work, *, id: UUID, site: SiteFacts, seen: UUID | None = None) -> Done:
    """Save a site; `seen` is the entry that the screen saw on a site that exists, None for a new one.

    A point is converted to WGS-84 from the system in which it was entered.

    Raises
    ------
    NotPermitted, StalePage, BadSite, OutsideChina, SiteNotEmpty
    """
    at = At(division_id=site.division_id, organisation_id=site.organisation_id)
    deed = begin(work, id=id, kind="save_site", asked={"site": asdict(site), "seen": seen}, at=at)
    if deed.done:
        return deed.done
    row = work.session.scalars(select(Site).where(Site.code == site.code).with_for_update()).one_or_none()
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="site", key=site.code)
    if row is None:
        site_id = store_site(work, deed=deed, site=site)
    else:
        site_id = row.id
        if site.closed and not row.closed:
            _refuse_stock(work, row)
        for name, value in rules.site_columns(site).items():
            setattr(row, name, value)
        row.changed_by_id = deed.id
        work.session.flush()
    return finish(work, deed, outcome={"site": site_id}, subject_id=site_id)


def save_division(work: Work, *, id: UUID, division: DivisionFacts, seen: UUID | None = None) -> Done:
    """Save a division; `seen` is the entry that the screen saw on one that exists, None for a new one.

    Raises
    ------
    NotPermitted, StalePage, BadDivision, OutsideChina
    """
    asked = {"division": asdict(division), "seen": seen}
    deed = begin(work, id=id, kind="save_division", asked=asked, at=At(division_id=division.parent_id))
    if deed.done:
        return deed.done
    row = work.session.scalars(select(Division).where(Division.code == division.code).with_for_update()).one_or_none()
    if (row.changed_by_id if row else None) != seen:
        raise StalePage(kind="division", key=division.code)
    level = work.connection.execute(
        select(Division.level).where(Division.id == division.parent_id)
    ).scalar_one_or_none()
    rules.check_division(division, parent_level=level)
    if row is None:
        row = Division(id=work.env.new_id(), code=division.code)
        work.session.add(row)
    for name, value in asdict(division).items():
        setattr(row, name, value)
    row.name_pinyin, row.changed_by_id = search_key(division.name_zh), deed.id
    return finish(work, deed, outcome={"division": row.id}, subject_id=row.id)


def store_site(work: Work, *, deed: Deed, site: SiteFacts) -> UUID:
    """Write a new site within a deed and return its id; this node has authority over it."""
    site_id = work.env.new_id()
    values = rules.site_columns(site) | {"id": site_id, "node_id": here(work).id, "changed_by_id": deed.id}
    work.connection.execute(insert(Site).values(values))
    return site_id


def _refuse_stock(work: Work, row: Site) -> None:
    """Refuse to close a site in which anything stands."""
    lots = work.connection.execute(
        select(func.count())
        .select_from(Balance)
        .join(Place, Place.id == Balance.place_id)
        .where(Place.site_id == row.id, Balance.quantity > 0)
    ).scalar_one()
    if lots:
        raise rules.SiteNotEmpty(site=Name(row.name_zh, row.name_en), lots=lots)


def save_travel(
    work: Work,
    *,
    id: UUID,
    from_site_id: UUID,
    to_site_id: UUID,
    mode: str,
    minutes: int | None,
    source: str = ENTERED,
    both_ways: bool = True,
) -> Done:
    """Enter how long it takes from a site to another by a mode; None is "unreachable". It comes before the estimate.

    Raises
    ------
    NotPermitted, NotFound, BadTravel
    """
    asked = {
        "from": from_site_id,
        "to": to_site_id,
        "mode": mode,
        "minutes": minutes,
        "source": source,
        "both_ways": both_ways,
    }
    deed = begin(work, id=id, kind="save_travel", asked=asked, at=At(site_id=to_site_id))
    if deed.done:
        return deed.done
    modes = frozenset(mode_estimates())
    rules.check_travel(minutes=minutes, mode=mode, modes=modes, same_site=from_site_id == to_site_id)
    known = set(work.connection.scalars(select(Site.id).where(Site.id.in_((from_site_id, to_site_id)))))
    for site_id in (from_site_id, to_site_id):
        if site_id not in known:
            raise NotFound(kind="site", key=str(site_id))
    pairs = [(from_site_id, to_site_id), (to_site_id, from_site_id)][: 2 if both_ways else 1]
    for start, end in pairs:
        work.connection.execute(
            delete(TravelPair).where(
                TravelPair.from_site_id == start, TravelPair.to_site_id == end, TravelPair.mode == mode
            )
        )
        values = {
            "from_site_id": start,
            "to_site_id": end,
            "mode": mode,
            "minutes": minutes,
            "source": source[:40],
            "changed_by_id": deed.id,
        }
        work.connection.execute(insert(TravelPair).values(values))
    return finish(work, deed, outcome={"pairs": len(pairs)}, subject_id=to_site_id)
