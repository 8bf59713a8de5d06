"""Divisions and sites: saved as WGS-84, refused when wrong, guarded against stale pages, found again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from inventory.core.errors import NotFound, StalePage
from inventory.core.work import SYSTEM, Store
from inventory.people.rules import NotPermitted
from inventory.places import commands, queries, rules
from inventory.places.coordinates import Point, distance_metres, gcj02
from tests.support.demo import person


def facts_of(store: Store, code: str) -> tuple[rules.SiteFacts, UUID]:
    """Return a site as a screen would send it back, with the entry it saw."""
    with store.reading(SYSTEM) as work:
        seen = queries.site_by_code(work, code=code)
    assert seen.point is not None
    facts = rules.SiteFacts(
        code=seen.code,
        name_zh=seen.name.zh,
        name_en=seen.name.en,
        kind=seen.kind,
        division_id=seen.division_id,
        organisation_id=seen.organisation_id,
        latitude=seen.point.latitude,
        longitude=seen.point.longitude,
        entered_as=seen.entered_as,
        point_quality=seen.point_quality,
        channel=seen.channel,
        demo=True,
    )
    return facts, seen.changed_by_id


def test_a_site_is_saved_as_wgs84(store: Store) -> None:
    """A point copied from Gaode is converted, the system kept; the same page saved twice is stale the second time."""
    facts, seen = facts_of(store, "D01")
    shown = Point.of_degrees(*gcj02(28.97, 106.93))
    new = rules.SiteFacts(
        **{
            **facts.__dict__,
            "latitude": shown.latitude,
            "longitude": shown.longitude,
            "entered_as": "gcj02",
            "contact": "演示·李四",
        }
    )
    manager = person(store, "manager")
    store.write(manager, lambda work: commands.save_site(work, id=work.env.new_id(), site=new, seen=seen))
    with store.reading(SYSTEM) as work:
        kept = queries.site_by_code(work, code="D01")
    assert kept.point is not None
    assert distance_metres(kept.point, Point.of_degrees(28.97, 106.93)) <= 1
    assert (kept.entered_as, kept.contact) == ("gcj02", "演示·李四")
    with pytest.raises(StalePage):
        store.write(manager, lambda work: commands.save_site(work, id=work.env.new_id(), site=new, seen=seen))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"kind": "castle"}, rules.BadSite),
        ({"name_zh": ""}, rules.BadSite),
        ({"ready_minutes": -1}, rules.BadSite),
        ({"channel": "stolen"}, rules.BadSite),
        ({"longitude": None}, rules.BadSite),
        ({"latitude": 1069245000, "longitude": 289605000}, rules.OutsideChina),
        ({"closed": True}, rules.SiteNotEmpty),
    ],
)
def test_bad_sites_are_refused(store: Store, change: dict[str, object], refusal: type[Exception]) -> None:
    """Wrong kinds, swapped coordinates, half a point, closing a full store: refused, nothing changed."""
    facts, seen = facts_of(store, "D01")
    bad = replace(facts, **change)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        store.write(
            person(store, "manager"), lambda work: commands.save_site(work, id=work.env.new_id(), site=bad, seen=seen)
        )
    assert facts_of(store, "D01") == (facts, seen)


def test_a_clerk_saves_no_site(store: Store) -> None:
    """Sites belong to managers and administrators."""
    facts, seen = facts_of(store, "D01")
    with pytest.raises(NotPermitted):
        store.write(
            person(store, "clerk"), lambda work: commands.save_site(work, id=work.env.new_id(), site=facts, seen=seen)
        )


def test_the_tree_and_the_lists(store: Store) -> None:
    """The tree lists parents before children; sites are found by pinyin and by their town."""
    with store.reading(SYSTEM) as work:
        tree = queries.divisions(work)
        seen: set[UUID] = set()
        for division in tree:
            assert division.parent_id is None or division.parent_id in seen
            seen.add(division.id)
        assert [division.depth for division in tree][:3] == [0, 1, 2]
        heishan = next(division for division in tree if division.name.zh == "黑山镇")
        here = queries.sites(work, division_id=heishan.id)
        assert {site.kind for site in here} == {"store", "shelter", "village", "forward"}
        assert all(site.town == heishan.name for site in here)
        assert len(here) == queries.site_count(work, division_id=heishan.id)
        assert {site.code for site in queries.sites(work, search="hszyjwzcbd")} == {"T107"}
        assert {bin.kind for bin in queries.bins(work, site_id=queries.site_by_code(work, code="D01").id)} == {
            "bin",
            "staging",
            "quarantine",
        }
        assert queries.site_by_code(work, code="G01").town is not None
        with pytest.raises(NotFound):
            queries.site_by_code(work, code="NOWHERE")


def test_a_division_is_saved_under_its_level(store: Store) -> None:
    """A village goes under a town; under the district, or a town under a town, it is refused; a stale page too."""
    with store.reading(SYSTEM) as work:
        tree = {division.code: division for division in queries.divisions(work)}
    town, district = tree["500110107"], tree["500110"]
    village = rules.DivisionFacts("500110107299", "新村", "village", name_en="Xin Village", parent_id=town.id)
    admin = person(store, "sysadmin")

    def save(facts: rules.DivisionFacts, seen: UUID | None = None, login: str = "sysadmin") -> UUID:
        actor = admin if login == "sysadmin" else person(store, login)
        done = store.write(
            actor, lambda work: commands.save_division(work, id=work.env.new_id(), division=facts, seen=seen)
        )
        return UUID(done.outcome["division"])

    division_id = save(village)
    with store.reading(SYSTEM) as work:
        kept = next(division for division in queries.divisions(work) if division.id == division_id)
        assert (kept.name.zh, kept.parent_id, kept.depth, kept.population) == ("新村", town.id, 2, None)
    for change, field in (
        ({"parent_id": district.id}, "parent_id"),
        ({"parent_id": None}, "parent_id"),
        ({"level": "town"}, "parent_id"),
        ({"level": "planet"}, "level"),
        ({"name_zh": ""}, "name_zh"),
        ({"population": -1}, "population"),
        ({"latitude": 1}, "latitude"),
    ):
        with pytest.raises(rules.BadDivision) as refused:
            save(replace(village, code="500110107298", **change))
        assert refused.value.field == field
    with pytest.raises(rules.OutsideChina):
        save(replace(village, code="500110107298", latitude=1, longitude=1))
    with pytest.raises(StalePage):
        save(village)
    with pytest.raises(NotPermitted):
        save(replace(village, code="500110107298"), login="clerk")
