"""The devices, teams and vehicles of the demo district. A device is a lot of one with a row of its own."""

from __future__ import annotations

import datetime as dt
from itertools import cycle
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from inventory.core.tables import read_table, whole
from inventory.core.work import Work
from inventory.demo.ground import Ground
from inventory.demo.words import demo_table, demo_words, pattern, person, telephone
from inventory.ledger.commands import new_lot
from inventory.ledger.posting import post, virtual_place
from inventory.ledger.rules import Line
from inventory.models import Asset, Resource, Team, Vehicle
from inventory.people.journal import Deed
from inventory.people.numbering import labels

VILLAGES = "villages"
OWNER = "WS"
"""The code of the organisation that owns the devices."""


def bring_devices(work: Work, deed: Deed, ground: Ground, *, today: dt.date) -> int:
    """Take every device in: its lot, its row, supplier to bin; return how many."""
    names = {row["code"]: row for row in read_table("items")}
    supplier = virtual_place(work, "supplier")
    numbers: dict[str, int] = {}
    lines, assets = [], []
    count = sum(int(row["count"]) for row in demo_table("devices"))
    lot_labels = iter(labels(work, "lot", many=count))
    asset_labels = iter(labels(work, "asset", many=count))
    for row in demo_table("devices"):
        sites = cycle(_device_sites(row["sites"]))
        for _ in range(int(row["count"])):
            site = next(sites)
            numbers[row["item"]] = number = numbers.get(row["item"], 0) + 1
            lot_id = new_lot(
                work,
                deed=deed,
                label=next(lot_labels),
                item_id=ground.items[row["item"]],
                owner_id=ground.organisations[OWNER],
                source="purchase",
                source_name=pattern("source_name"),
                made_on=today - dt.timedelta(days=work.env.random.randrange(400, 1500)),
            )
            places = ground.bins[site]
            lines.append(Line(lot_id, supplier, places[number % len(places)], 1, "receive"))
            assets.append(
                _asset(work, deed, ground, row, names[row["item"]], lot_id, site, number, next(asset_labels), today)
            )
    work.session.flush()
    work.connection.execute(insert(Asset), assets)
    post(work, deed=deed, lines=lines)
    return len(assets)


def _device_sites(text: str) -> list[str]:
    if text == VILLAGES:
        return [f"V{code}" for code in demo_words()["devices"]["villages"]]
    return text.split()


def _asset(
    work: Work,
    deed: Deed,
    ground: Ground,
    row: dict[str, str],
    item: dict[str, str],
    lot_id: UUID,
    site: str,
    number: int,
    label: str,
    today: dt.date,
) -> dict[str, Any]:
    figures = demo_words()["devices"]
    draw = work.env.random.randrange(100)
    bounds = (figures["limited_percent"], figures["awaiting_inspection_percent"], figures["unserviceable_percent"])
    condition = "serviceable"
    for name, share in zip(("limited", "awaiting_inspection", "unserviceable"), bounds, strict=True):
        if draw < share:
            condition = name
            break
        draw -= share
    card_expires_on = None
    if row["card"] == "yes":
        expired = work.env.random.randrange(100) < figures["card_expired_percent"]
        days = work.env.random.randrange(5, 60) * -1 if expired else work.env.random.randrange(10, 700)
        card_expires_on = today + dt.timedelta(days=days)
    return {
        "lot_id": lot_id,
        "label": label,
        "serial_number": f"DEMO-{row['item']}-{number:03d}",
        "kind": row["kind"],
        "name_zh": pattern("device_zh", name=item["name_zh"], number=number),
        "name_en": pattern("device_en", name=item["name_en"], number=number),
        "part_of_id": None,
        "condition": condition,
        "mobility": row["mobility"],
        "home_site_id": ground.sites[site],
        "custodian": person(work.env),
        "number": f"1740-DEMO-{number:03d}" if row["kind"] == "satellite_phone" else "",
        "card_expires_on": card_expires_on,
        "runtime_minutes": whole(row["runtime_minutes"]),
        "independent_of_network": row["network"] == "yes",
        "independent_of_power": row["power"] == "yes",
        "independent_of_road": row["road"] == "yes",
        "operator_certificate": row["certificate"] or None,
        "demo": True,
        "changed_by_id": deed.id,
    }


def raise_teams(work: Work, deed: Deed, ground: Ground) -> int:
    """Write the rescue teams; return how many."""
    resources, teams = [], []
    for row in demo_table("teams"):
        resource = _resource(work, deed, ground, row, kind="team")
        resources.append(resource)
        teams.append(
            {
                "id": resource["id"],
                "discipline": row["discipline"],
                "level": int(row["level"]),
                "legal_kind": row["legal_kind"],
                "people": int(row["people"]),
                "assembly_local_minutes": int(row["local_minutes"]),
                "assembly_away_minutes": whole(row["away_minutes"]),
                "endurance_hours": whole(row["endurance_hours"]),
                "leader": person(work.env),
                "phone": telephone(work.env),
            }
        )
    work.connection.execute(insert(Resource), resources)
    work.connection.execute(insert(Team), teams)
    return len(teams)


def bring_vehicles(work: Work, deed: Deed, ground: Ground) -> int:
    """Write the vehicles; return how many."""
    resources, vehicles = [], []
    for number, row in enumerate(demo_table("vehicles"), start=1):
        resource = _resource(work, deed, ground, row, kind="vehicle")
        resources.append(resource)
        vehicles.append(
            {
                "id": resource["id"],
                "plate": pattern("plate", number=number),
                "mode": row["mode"],
                "payload_g": int(row["payload_kg"]) * 1000,
                "volume_cm3": int(row["volume_litres"]) * 1000,
                "driver": pattern("driver", number=number),
                "phone": telephone(work.env),
            }
        )
    work.connection.execute(insert(Resource), resources)
    work.connection.execute(insert(Vehicle), vehicles)
    return len(vehicles)


def _resource(work: Work, deed: Deed, ground: Ground, row: dict[str, str], *, kind: str) -> dict[str, Any]:
    return {
        "id": work.env.new_id(),
        "kind": kind,
        "code": row["code"],
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "organisation_id": ground.organisations[row["organisation"]],
        "home_site_id": ground.sites[row["site"]],
        "state": row["state"],
        "note": pattern("source_name"),
        "demo": True,
        "changed_by_id": deed.id,
    }
