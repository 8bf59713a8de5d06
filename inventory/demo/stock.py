"""The stock of the demo district: 600 lots received in two waves, with safety stock and a few blocked lots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from inventory.catalogue.starter import shelf_life_days
from inventory.core.env import Env
from inventory.core.errors import BrokenInvariant
from inventory.core.tables import read_table
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.demo.ground import Ground
from inventory.demo.words import demo_table, demo_words, pattern
from inventory.ledger.commands import GoodsLine, block_lot, move_stock, receive_goods
from inventory.models import Balance, Lot, Place, Target
from inventory.people.journal import Deed

SEASONED, FRESH = "seasoned", "fresh"


@dataclass(frozen=True)
class Arrival:
    """One receipt: what comes to a site in a wave, on a day so many days before the moment of loading."""

    site: str
    owner: str
    source: str
    channel: str
    days_ago: int
    lines: tuple[GoodsLine, ...]


@dataclass(frozen=True)
class Profile:
    """What a kind of site keeps of an item: nominal quantity in base units, in how many lots, and its targets."""

    item: str
    quantity: int
    lots: int
    targets: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Stocked:
    """A site that keeps stock: by which profile, in what share of the nominal amounts."""

    site: str
    profile: str
    percent: int
    owner: str
    source: str
    channel: str


def stocked_sites() -> list[Stocked]:
    """Return every site with stock on hand, in a fixed order."""
    found = [
        Stocked(
            row["code"],
            row["profile"],
            100,
            row["owner"],
            row["source"],
            "entrusted" if row["channel"] == "entrusted" else "own",
        )
        for row in demo_table("sites")
        if row["profile"]
    ]
    shares = demo_words()["towns"]
    for town in read_table("towns"):
        short = town["code"].removeprefix("500110")
        found.append(Stocked(f"T{short}", "town", shares[town["code"]], town["code"], "purchase", "own"))
    return found


def profiles() -> dict[str, list[Profile]]:
    """Return what each kind of site keeps."""
    found: dict[str, list[Profile]] = {}
    for row in demo_table("stock"):
        targets = tuple((kind, int(row[kind])) for kind in ("reserve", "minimum", "standard") if row[kind])
        profile = Profile(row["item"], int(row["quantity"]), int(row["lots"]), targets)
        found.setdefault(row["profile"], []).append(profile)
    return found


def arrivals(env: Env, ground: Ground, *, today: dt.date) -> list[Arrival]:
    """Return all receipts, oldest first. Amounts vary a little, so that no two towns are alike."""
    figures = demo_words()["stock"]
    shelf = shelf_life_days()
    expiring = {row["code"] for row in read_table("items") if row["tracking"] == "expiry"}
    found = []
    number = 0
    for stocked in stocked_sites():
        bins = ground.bins[stocked.site]
        days = {
            wave: env.random.randrange(figures[f"{wave}_days"][1], figures[f"{wave}_days"][0])
            for wave in (SEASONED, FRESH)
        }
        waves: dict[str, list[GoodsLine]] = {SEASONED: [], FRESH: []}
        for profile in profiles()[stocked.profile]:
            life = shelf.get(profile.item)
            wave = FRESH if life is not None and life < figures["fresh_below_shelf_days"] else SEASONED
            for quantity in _parts(env, profile, stocked.percent, figures["spread_percent"]):
                number += 1
                made_on, expires_on = _dates(
                    env, today, life, days[wave], expires=profile.item in expiring, figures=figures
                )
                waves[wave].append(
                    GoodsLine(
                        item_id=ground.items[profile.item],
                        place_id=bins[number % len(bins)],
                        quantity=quantity,
                        batch=pattern("batch", year=made_on.year, number=number),
                        made_on=made_on,
                        expires_on=expires_on,
                        origin=env.random.choice(demo_words()["patterns"]["origins"]),
                        quality="",
                    )
                )
        for wave, lines in waves.items():
            if lines:
                arrival = (stocked.site, stocked.owner, stocked.source, stocked.channel, days[wave], tuple(lines))
                found.append(Arrival(*arrival))
    return sorted(found, key=lambda arrival: -arrival.days_ago)


def _parts(env: Env, profile: Profile, percent: int, spread_percent: int) -> list[int]:
    """Return the quantities of the lots: the nominal amount, a little more or less, cut in uneven parts."""
    total = profile.quantity * percent * env.random.randrange(100 - spread_percent, 100 + spread_percent + 1) // 10_000
    total = max(total, profile.lots)
    weights = [env.random.randrange(70, 131) for _ in range(profile.lots)]
    parts = [max(1, total * weight // sum(weights)) for weight in weights]
    parts[0] += max(0, total - sum(parts))
    return parts


def _dates(
    env: Env, today: dt.date, life: int | None, days_ago: int, *, expires: bool, figures: dict[str, Any]
) -> tuple[dt.date, dt.date | None]:
    """Return the day it was made (before it arrived) and the day it expires, if it does."""
    if not expires:
        # Not perishable: the day until which it may be kept, years ahead.
        made_on = today - dt.timedelta(days=days_ago + env.random.randrange(20, 400))
        return made_on, None if life is None else made_on + dt.timedelta(days=life)
    if life is None:
        raise BrokenInvariant("an item that expires has no shelf life in items.csv")
    draw = env.random.randrange(100)
    bounds = (figures["expired_percent"], figures["within_30_percent"], figures["within_90_percent"])
    if draw < bounds[0]:
        left = -env.random.randrange(2, days_ago - 1)
    elif draw < bounds[0] + bounds[1]:
        left = env.random.randrange(3, 31)
    elif draw < sum(bounds):
        left = env.random.randrange(31, 91)
    else:
        left = env.random.randrange(91, max(92, life - days_ago - 15))
    # Whatever was drawn, it was made before it arrived.
    left = min(left, life - days_ago - 5)
    expires_on = today + dt.timedelta(days=left)
    return expires_on - dt.timedelta(days=life), expires_on


def receive(work: Work, ground: Ground, arrival: Arrival) -> int:
    """Take one arrival in; return how many lots it made."""
    done = receive_goods(
        work,
        id=work.env.new_id(),
        site_id=ground.sites[arrival.site],
        owner_id=ground.organisations[arrival.owner],
        source=arrival.source,
        source_name=pattern("source_name"),
        channel=arrival.channel,
        lines=arrival.lines,
    )
    return len(done.outcome["lots"])


def set_targets(work: Work, deed: Deed, ground: Ground) -> int:
    """Write how much each site should hold: safety stock, minimum and standard; return how many targets."""
    rows = []
    share = demo_words()["stock"]["target_percent"]
    for stocked in stocked_sites():
        for profile in profiles()[stocked.profile]:
            for kind, quantity in profile.targets:
                rows.append(
                    {
                        "id": work.env.new_id(),
                        "item_id": ground.items[profile.item],
                        "class_code": None,
                        "site_id": ground.sites[stocked.site],
                        "organisation_id": None,
                        "season": "all",
                        "kind": kind,
                        "quantity": quantity * stocked.percent * share // 10_000,
                        "source": pattern("target_source"),
                        "confidence": "estimate",
                        "changed_by_id": deed.id,
                    }
                )
    work.connection.execute(insert(Target), rows)
    return len(rows)


def lots_at(work: Work, ground: Ground, *, site: str, item: str) -> list[tuple[UUID, UUID, int, UUID]]:
    """Return the lots of an item at a site by label: lot, place, quantity, last entry."""
    rows = work.connection.execute(
        select(Lot.id, Balance.place_id, Balance.quantity, Lot.changed_by_id)
        .join(Balance, Balance.lot_id == Lot.id)
        .join(Place, Place.id == Balance.place_id)
        .where(
            Place.kind == "bin",
            Place.site_id == ground.sites[site],
            Lot.item_id == ground.items[item],
            Balance.quantity > 0,
        )
        .order_by(Lot.label)
    )
    return [(row.id, row.place_id, row.quantity, row.changed_by_id) for row in rows]


def block(work: Work, ground: Ground, *, site: str, item: str, why: str, note: str) -> None:
    """Put the first lot of an item at a site on hold."""
    lot_id, _, _, seen = lots_at(work, ground, site=site, item=item)[0]
    site_id = ground.sites[site]
    block_lot(work, id=work.env.new_id(), site_id=site_id, lot_id=lot_id, why=why, note=note, seen=seen)


def set_aside(work: Work, ground: Ground, *, site: str, item: str, quantity: int) -> None:
    """Move part of the first lot of an item into the site's quarantine area."""
    lot_id, place_id, on_hand, _ = lots_at(work, ground, site=site, item=item)[0]
    move_stock(
        work,
        id=work.env.new_id(),
        site_id=ground.sites[site],
        lot_id=lot_id,
        from_place_id=place_id,
        to_place_id=ground.quarantine[site],
        quantity=min(quantity, on_hand),
    )


def home_day(instant: dt.datetime) -> dt.date:
    """Return the day in Beijing of an instant."""
    return instant.astimezone(HOME_ZONE).date()


def total_lines(found: Sequence[Arrival]) -> int:
    """Return how many lots the arrivals make."""
    return sum(len(arrival.lines) for arrival in found)
