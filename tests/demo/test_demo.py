"""The demo district: what it promises to hold, that its books are proven, that it is the same everywhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from inventory.core.base import Base
from inventory.core.env import Env
from inventory.core.words import HOME_ZONE
from inventory.core.work import SYSTEM, Store, Work
from inventory.demo import load_demo
from inventory.ledger.rules import Piece, usability
from inventory.ledger.verify import violations
from inventory.models import (
    Account,
    Asset,
    Balance,
    Count,
    DispatchOrder,
    Division,
    Incident,
    Item,
    Journal,
    Lot,
    Movement,
    Node,
    Organisation,
    Place,
    Request,
    Resource,
    RoleGrant,
    Shipment,
    Site,
    Target,
)
from inventory.people.rules import ROLES
from inventory.stockpiles import queries as stockpiles
from inventory.teams import queries as teams
from inventory.upkeep.rules import AlreadyFounded
from tests.support import databases
from tests.support.demo import MOMENT, TEMPLATE, load

TODAY = MOMENT.astimezone(HOME_ZONE).date()


def number(work: Work, table: type[Base], *conditions: object) -> int:
    """Count rows."""
    return work.connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def test_it_holds_what_it_promises(store: Store) -> None:
    """Divisions, items, stockpiles, lots, devices, teams, vehicles and incidents are as many as promised."""
    with store.reading(SYSTEM) as work:
        levels = dict(work.connection.execute(select(Division.level, func.count()).group_by(Division.level)).all())
        assert levels == {"district": 1, "town": 8, "subdistrict": 2, "community": 43, "village": 56}
        assert number(work, Item) == 122
        assert number(work, Site, Site.kind == "village") == 99
        assert number(work, Lot) - number(work, Asset) == 600
        assert number(work, Asset) == 120
        assert number(work, Resource, Resource.kind == "team") == 24
        assert number(work, Resource, Resource.kind == "vehicle") == 20
        assert number(work, Target, Target.kind == "reserve") > 50
        states = list(work.connection.scalars(select(Incident.state).order_by(Incident.began_at)))
        assert states == ["closed", "closed", "demobilizing", "active"]
        keeping = {
            site_id
            for (site_id,) in work.connection.execute(
                select(Place.site_id).join(Balance, Balance.place_id == Place.id).where(Balance.quantity > 0).distinct()
            )
        }
        stocked = work.connection.execute(
            select(Site.id, Site.channel, Organisation.level)
            .join(Organisation, Organisation.id == Site.organisation_id)
            .where(Site.kind.in_(("store", "point", "forward")))
        ).all()
        assert sum(row.id in keeping for row in stocked) >= 14
        channels = {row.channel for row in stocked}
        assert channels >= {"own", "entrusted", "agreement", "capacity", "donated"}
        assert {row.level for row in stocked if row.id in keeping} >= {"district", "town", "village", "unit"}


def test_promises_are_not_stock(store: Store) -> None:
    """At agreement and production-capacity sites nothing stands in the books: a promise is not on hand."""
    with store.reading(SYSTEM) as work:
        standing = (
            select(func.count())
            .select_from(Balance)
            .join(Place, Place.id == Balance.place_id)
            .join(Site, Site.id == Place.site_id)
            .where(Site.channel.in_(("agreement", "capacity", "social", "household")), Balance.quantity > 0)
        )
        assert work.connection.execute(standing).scalar_one() == 0
        entrusted = (
            select(Lot.channel).join(Balance, Balance.lot_id == Lot.id).join(Place, Place.id == Balance.place_id)
        )
        entrusted = entrusted.join(Site, Site.id == Place.site_id).where(Site.channel == "entrusted").distinct()
        assert set(work.connection.scalars(entrusted)) == {"entrusted"}


def test_the_books_are_proven(store: Store) -> None:
    """Every balance, hold, sum and chain link of the loaded history is recomputed and agrees."""
    assert store.read(SYSTEM, violations) == []


def test_dates_and_blocks_are_alive(store: Store) -> None:
    """Some lots have expired, some are about to, some are blocked or set aside; each was made before it came in."""
    with store.reading(SYSTEM) as work:
        lots = work.connection.execute(select(Lot.made_on, Lot.entered_on, Lot.expires_on, Lot.blocked)).all()
        assert all(lot.made_on <= lot.entered_on for lot in lots)
        assert sum(lot.expires_on is not None for lot in lots) > 500
        assert 5 <= sum(lot.expires_on is not None and lot.expires_on < TODAY for lot in lots) <= 40
        soon = [lot for lot in lots if lot.expires_on and TODAY <= lot.expires_on <= TODAY + dt.timedelta(days=90)]
        assert 20 <= len(soon) <= 120
        assert {lot.blocked for lot in lots} == {None, "recalled", "on_hold"}
        aside = select(func.sum(Balance.quantity)).join(Place, Place.id == Balance.place_id)
        assert work.connection.execute(aside.where(Place.kind == "quarantine")).scalar_one() > 0


def test_every_role_can_sign_in(store: Store) -> None:
    """There is a demo account for every role but that of programs, each marked as one; some are scoped."""
    with store.reading(SYSTEM) as work:
        assert set(work.connection.scalars(select(RoleGrant.role))) == set(ROLES) - {"api"}
        assert number(work, RoleGrant, RoleGrant.division_id.is_not(None)) >= 2
        assert number(work, Account, Account.demo.is_(False)) == 0
        assert number(work, Account, Account.password_hash.is_(None)) == 0


def test_everything_invented_says_so(store: Store) -> None:
    """The node, organisations, sites, devices, teams, vehicles and incidents are flagged as demo data."""
    with store.reading(SYSTEM) as work:
        for table in (Node, Organisation, Site, Asset, Resource, Incident, Account):
            assert number(work, table, table.demo.is_(False)) == 0, table.__tablename__
        assert number(work, Site, Site.point_quality != "approximate") == 0


def test_place_bound_devices_stay(store: Store) -> None:
    """Twenty villages have a phone and a generator that no list offers for sending."""
    with store.reading(SYSTEM) as work:
        found = teams.devices(work)
        bound = [device for device in found if device.mobility == "fixed"]
        assert len(bound) == 40
        assert len({device.site_id for device in bound}) == 20
        assert all("place_bound" in device.reasons for device in bound)
        assert any("unserviceable" in device.reasons for device in found)
        assert any("card_expired" in device.reasons for device in found)
        assert sum(not device.reasons for device in found) > 50


def test_today_is_interesting(store: Store) -> None:
    """An active incident with an open request, a consignment past its time, a count that waits for approval."""
    with store.reading(SYSTEM) as work:
        active = work.session.scalars(select(Incident).where(Incident.state == "active")).one()
        request = work.session.scalars(select(Request).where(Request.incident_id == active.id)).one()
        assert request.state == "submitted"
        late = work.session.scalars(select(Shipment).where(Shipment.state == "in_transit")).one()
        assert late.eta_at is not None
        assert late.eta_at < MOMENT
        assert work.session.scalars(select(Count.state)).all() == ["review"]
        orders = work.connection.scalars(select(DispatchOrder.state)).all()
        assert orders.count("delivered") >= 8


def test_history_grew_in_time(store: Store) -> None:
    """The journal runs forward over more than a year up to the moment of loading, by people and by the program."""
    with store.reading(SYSTEM) as work:
        rows = work.connection.execute(select(Journal.recorded_at, Journal.actor_id).order_by(Journal.sequence)).all()
        times = [row.recorded_at for row in rows]
        assert times == sorted(times)
        assert times[0] < MOMENT - dt.timedelta(days=365)
        assert times[-1] <= MOMENT
        assert len({row.actor_id for row in rows}) > 6


def test_gaps_agree_with_the_movements(store: Store) -> None:
    """Stock of the gap list is what the movements add up to, and usable stock what the one predicate lets through."""
    with store.reading(SYSTEM) as work:
        gaps = stockpiles.gaps(work)
        short = [gap for gap in gaps if gap.short_of_standard]
        assert 20 < len(short) < len(gaps) / 2
        wanted = {(gap.site_id, gap.item_id): [0, 0] for gap in gaps}
        flows: dict[tuple[object, object], int] = {}
        for lot_id, start, end, quantity in work.connection.execute(
            select(Movement.lot_id, Movement.from_place_id, Movement.to_place_id, Movement.quantity)
        ):
            flows[lot_id, start] = flows.get((lot_id, start), 0) - quantity
            flows[lot_id, end] = flows.get((lot_id, end), 0) + quantity
        lots = {row.id: row for row in work.connection.execute(select(Lot))}
        life = dict(work.connection.execute(select(Item.id, Item.minimum_life_days)).all())
        held = {
            (row.lot_id, row.place_id): row.held
            for row in work.connection.execute(select(Balance.lot_id, Balance.place_id, Balance.held))
        }
        places = {row.id: row for row in work.connection.execute(select(Place))}
        for (lot_id, place_id), quantity in flows.items():
            lot, place = lots[lot_id], places[place_id]
            sums = wanted.get((place.site_id, lot.item_id))
            if sums is None or not quantity:
                continue
            sums[0] += quantity
            piece = Piece(place.kind, lot.expires_on, lot.blocked, minimum_life_days=life[lot.item_id])
            if not usability(piece, on=TODAY):
                sums[1] += quantity - held[lot_id, place_id]
        assert {(gap.site_id, gap.item_id): [gap.on_hand, gap.usable] for gap in gaps} == wanted


def test_expiring_lists_what_is_on_hand(store: Store) -> None:
    """The list of expiring lots is sorted, within its days, and can leave the expired ones out."""
    with store.reading(SYSTEM) as work:
        found = stockpiles.expiring(work, within_days=60)
        assert [lot.expires_on for lot in found] == sorted(lot.expires_on for lot in found)
        assert all(lot.days_left <= 60 and lot.quantity > 0 for lot in found)
        fresh = stockpiles.expiring(work, within_days=60, with_expired=False)
        assert 0 < len(fresh) < len(found)
        assert all(lot.days_left >= 0 for lot in fresh)


def test_stock_covers_days(store: Store) -> None:
    """5,000 people have water for some days; ten times as many for a tenth of it; nobody needs none."""
    with store.reading(SYSTEM) as work:
        water = {cover.item_code: cover for cover in stockpiles.covers(work, people=500)}["T016"]
        assert water.days is not None
        assert water.days > 20
        more = {cover.item_code: cover for cover in stockpiles.covers(work, people=5000)}["T016"]
        assert more.days == water.usable * 44 // 50_000
        assert stockpiles.covers(work, people=0)[0].days is None


def test_only_an_empty_database_is_filled(store: Store) -> None:
    """A second load is refused and changes nothing."""
    before = store.read(SYSTEM, lambda work: number(work, Journal))
    with pytest.raises(AlreadyFounded):
        load_demo(store, now=MOMENT)
    assert store.read(SYSTEM, lambda work: number(work, Journal)) == before


def test_the_same_everywhere(tmp_path: Path) -> None:
    """Two loads on SQLite and one on PostgreSQL end with the same chain head and the same rows in every table."""
    urls = [
        databases.fresh("sqlite", tmp_path, template=TEMPLATE, build=load),
        databases.fresh("postgresql", tmp_path, template=TEMPLATE, build=load),
        databases.fresh("sqlite", tmp_path),
    ]
    load(urls[2])
    digests = [digest(url, tmp_path) for url in urls]
    databases.drop(urls[1])
    assert digests[0] == digests[2], "two loads on SQLite differ"
    assert digests[0] == digests[1], "SQLite and PostgreSQL differ"


def digest(url: str, home: Path) -> dict[str, str]:
    """Return the head of the chain and a hash of every table's rows, sorted."""
    store = Store(url, Env.seeded(home, seed=1, start=MOMENT))

    def job(work: Work) -> dict[str, str]:
        found = {"head": work.connection.execute(select(Node.head)).scalar_one().hex()}
        for table in Base.metadata.sorted_tables:
            rows = sorted(repr(timeless(row)) for row in work.connection.execute(select(table)).mappings())
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found

    answer = store.read(SYSTEM, job)
    store.close()
    return answer


def timeless(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row as facts; a plan without the seconds its search took, the one thing that is never the same."""
    facts = dict(row)
    if "body" in facts and "alternative" in facts:
        facts["body"] = json.loads(zlib.decompress(facts["body"])) | {"seconds": 0}
    return facts


def test_another_seed_is_another_district(make_database: Callable[..., str], home: Path) -> None:
    """The seed decides the amounts: another one gives another chain, as well proven; loading is quick."""
    store = Store(make_database(), Env.seeded(home, seed=1, start=MOMENT))
    before = time.process_time()
    report = load_demo(store, seed=7, now=MOMENT)
    assert time.process_time() - before < 12, "the first start of a district must not take long"
    usual = Store(make_database(TEMPLATE, load), Env.seeded(home, seed=1, start=MOMENT))
    head = usual.read(SYSTEM, lambda work: work.connection.execute(select(Node.head)).scalar_one().hex())
    assert report.head != head
    assert report.counts["lots"] == 600
    assert store.read(SYSTEM, violations) == []
    store.close()
    usual.close()
