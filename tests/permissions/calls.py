"""Every command with something to act on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from inventory.catalogue.commands import import_items, save_item, save_norm
from inventory.catalogue.rules import ItemFacts, NormFacts
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.picking import acknowledge_order, cancel_order, check_order, decline_order, pick_order
from inventory.dispatch.planning import propose_plans, reject_plan
from inventory.dispatch.receiving import receive_shipment, resolve_discrepancy
from inventory.dispatch.rules import Carrier, Received
from inventory.dispatch.shipping import close_short, ship_order
from inventory.errands.paper_keys import forget_key, trust_key
from inventory.exchange.bin_list import import_bins
from inventory.exchange.columns import Line, Parsed
from inventory.exchange.device_list import import_devices
from inventory.exchange.division_list import import_divisions
from inventory.exchange.norm_list import import_norms
from inventory.exchange.organisation_list import import_organisations
from inventory.exchange.resource_list import import_teams, import_vehicles
from inventory.exchange.site_list import import_sites
from inventory.exchange.target_list import import_targets
from inventory.exchange.travel_list import import_travel
from inventory.incidents.commands import (
    cancel_request,
    change_incident,
    close_incident,
    open_incident,
    resubmit_request,
    return_request,
    submit_request,
)
from inventory.incidents.rules import Affected, NeedLine
from inventory.ledger import commands as ledger
from inventory.people import commands as people
from inventory.people.organisations import OrganisationFacts, save_organisation
from inventory.places.commands import save_division, save_site, save_travel
from inventory.places.rules import DivisionFacts, SiteFacts
from inventory.stockpiles.commands import save_target
from inventory.stocktaking import commands as stocktaking
from tests.permissions.world import World

WEST, EAST, NOWHERE = "west", "east", ""
Call = tuple[str, Callable[..., Any], Callable[[World], dict[str, Any]]]


NOBODY = UUID(int=1)


def _west(world: World) -> dict[str, Any]:
    return {"site_id": world.district.sites["WEST"]}


def _lot(world: World) -> dict[str, Any]:
    return _west(world) | {"lot_id": world.lot}


def _bin(world: World) -> UUID:
    return world.district.bins["WEST"]


def _order(world: World) -> dict[str, Any]:
    return {"order_id": world.order, "seen": NOBODY}


def _of_people() -> Iterator[Call]:
    """Yield the commands of accounts, catalogue and places."""
    yield NOWHERE, trust_key, lambda w: {"office": "Heishan", "public_key": "07" * 32}
    yield NOWHERE, forget_key, lambda w: {"office": "Heishan"}
    yield NOWHERE, people.change_setting, lambda w: {"key": "password_policy", "value": "asvs"}
    yield (
        WEST,
        people.open_account,
        lambda w: {
            "login": "new.person",
            "name_zh": "x",
            "organisation_id": w.district.organisations["west"],
            "password_hash": None,
        },
    )
    yield (
        WEST,
        people.grant_role,
        lambda w: {
            "account_id": w.district.people["auditor"].account_id,
            "role": "clerk",
            "division_id": w.district.divisions["west"],
        },
    )
    yield NOWHERE, people.end_role, lambda w: {"grant_id": NOBODY}
    yield NOWHERE, people.close_account, lambda w: {"account_id": NOBODY}
    yield NOWHERE, people.reset_password, lambda w: {"account_id": NOBODY, "password_hash": "x"}
    yield NOWHERE, import_items, lambda w: {"items": []}
    yield NOWHERE, save_item, lambda w: {"item": _item()}
    yield NOWHERE, save_norm, lambda w: {"norm": _norm()}
    yield (
        WEST,
        save_target,
        lambda w: (
            _west(w)
            | {
                "item_id": w.norm_item,
                "kind": "minimum",
                "quantity": 1,
                "source": "own",
            }
        ),
    )
    nothing = Parsed("nothing.csv", "00", ())
    yield NOWHERE, import_divisions, lambda w: {"parsed": nothing}
    yield NOWHERE, import_organisations, lambda w: {"parsed": nothing}
    yield NOWHERE, import_sites, lambda w: {"parsed": nothing}
    yield NOWHERE, import_targets, lambda w: {"parsed": nothing}
    yield NOWHERE, import_norms, lambda w: {"parsed": nothing}
    yield NOWHERE, import_travel, lambda w: {"parsed": nothing}
    yield NOWHERE, import_teams, lambda w: {"parsed": nothing}
    yield NOWHERE, import_vehicles, lambda w: {"parsed": nothing}
    yield NOWHERE, import_devices, lambda w: {"parsed": nothing}
    bins = Parsed("bins.csv", "00", (Line(2, {"site": "WEST", "bin": "Z-8", "kind": None}),))
    yield WEST, import_bins, lambda w: {"parsed": bins}
    yield NOWHERE, save_organisation, lambda w: {"organisation": OrganisationFacts("x", "x", "bureau", "district")}
    yield NOWHERE, save_division, lambda w: {"division": DivisionFacts("990", "x", "district")}
    yield WEST, save_site, lambda w: {"site": _site(w)}
    yield (
        WEST,
        save_travel,
        lambda w: {
            "from_site_id": w.district.sites["CENTRAL"],
            "to_site_id": w.district.sites["WEST"],
            "mode": "truck",
            "minutes": 9,
        },
    )


def _of_stock() -> Iterator[Call]:
    """Yield the commands of the ledger."""
    yield WEST, ledger.open_bin, lambda w: _west(w) | {"code": "Z-9"}
    yield (
        WEST,
        ledger.receive_goods,
        lambda w: (
            _west(w)
            | {
                "owner_id": w.district.organisations["west"],
                "source": "purchase",
                "lines": [ledger.GoodsLine(w.norm_item, _bin(w), 1)],
            }
        ),
    )
    yield WEST, ledger.move_stock, lambda w: _lot(w) | {"from_place_id": _bin(w), "to_place_id": NOBODY, "quantity": 1}
    yield WEST, ledger.block_lot, lambda w: _lot(w) | {"why": "on_hold", "note": "", "seen": NOBODY}
    yield WEST, ledger.release_lot, lambda w: _lot(w) | {"note": "", "seen": NOBODY}
    yield WEST, ledger.reverse_entry, lambda w: _west(w) | {"entry_id": NOBODY, "why": "x"}
    yield WEST, ledger.write_off, lambda w: _lot(w) | {"from_place_id": _bin(w), "quantity": 1, "why": "x"}
    yield WEST, ledger.scrap_stock, lambda w: _lot(w) | {"from_place_id": _bin(w), "quantity": 1, "why": "x"}


def _of_counts() -> Iterator[Call]:
    """Yield the commands of stock counts."""
    yield WEST, stocktaking.open_count, _west
    yield (
        WEST,
        stocktaking.read_count,
        lambda w: {"line_id": w.count_line, "quantity": 1, "counted_at": w.district.store.env.now()},
    )
    yield WEST, stocktaking.add_found, lambda w: {"count_id": w.count, "place_id": _bin(w), "item_id": w.norm_item}
    yield WEST, stocktaking.submit_count, lambda w: {"count_id": w.count}
    yield (
        WEST,
        stocktaking.recount_line,
        lambda w: {
            "line_id": w.count_line,
            "quantity": 1,
            "counted_at": w.district.store.env.now(),
        },
    )
    yield WEST, stocktaking.order_recount, lambda w: {"count_id": w.count, "line_ids": [w.count_line], "why": "x"}
    yield WEST, stocktaking.approve_count, lambda w: {"count_id": w.count}
    yield WEST, stocktaking.post_count, lambda w: {"count_id": w.count}
    yield WEST, stocktaking.cancel_count, lambda w: {"count_id": w.count, "why": "x"}


def _of_incidents() -> Iterator[Call]:
    """Yield the commands of incidents, requests and plans."""
    yield (
        EAST,
        open_incident,
        lambda w: {
            "name_zh": "x",
            "hazard": "flood",
            "level": 4,
            "division_id": w.district.divisions["east"],
            "affected": [Affected(w.district.sites["SHELTER"], 1)],
        },
    )
    yield EAST, change_incident, lambda w: {"incident_id": w.incident, "seen": NOBODY}
    yield EAST, close_incident, lambda w: {"incident_id": w.incident, "seen": NOBODY}
    yield (
        EAST,
        submit_request,
        lambda w: {
            "asker_id": w.district.organisations["east"],
            "asked_id": w.district.organisations["bureau"],
            "deliver_site_id": w.district.sites["SHELTER"],
            "lines": [NeedLine(w.norm_item, w.district.sites["SHELTER"], 1, 0)],
        },
    )
    yield EAST, resubmit_request, lambda w: {"request_id": w.request, "seen": NOBODY, "quantities": {}}
    yield EAST, return_request, lambda w: {"request_id": w.request, "seen": NOBODY, "why": "x"}
    yield EAST, cancel_request, lambda w: {"request_id": w.request, "seen": NOBODY, "why": "x"}
    yield (
        EAST,
        propose_plans,
        lambda w: {
            "request_id": w.request,
            "problem": b"",
            "problem_sha256": bytes(32),
            "seen": {},
            "plans": [],
        },
    )
    yield EAST, approve_plan, lambda w: {"plan_id": w.plan, "seen": NOBODY}
    yield EAST, reject_plan, lambda w: {"plan_id": w.plan, "seen": NOBODY, "why": "x"}


def _of_orders() -> Iterator[Call]:
    """Yield the commands of orders, consignments and custody."""
    yield WEST, acknowledge_order, _order
    yield WEST, decline_order, lambda w: _order(w) | {"why": "x"}
    yield WEST, cancel_order, lambda w: _order(w) | {"why": "x"}
    yield WEST, pick_order, _order
    yield WEST, check_order, _order
    yield WEST, ship_order, lambda w: _order(w) | {"carrier": Carrier()}
    yield WEST, close_short, lambda w: _order(w) | {"why": "x"}
    yield (
        EAST,
        receive_shipment,
        lambda w: {
            "shipment_id": w.shipment,
            "seen": NOBODY,
            "lines": [Received(w.order_line, w.lot, 1)],
        },
    )
    yield WEST, resolve_discrepancy, lambda w: {"discrepancy_id": w.discrepancy, "how": "lost", "note": ""}
    yield EAST, use_goods, lambda w: {"custody_id": w.custody, "lot_id": w.lot, "quantity": 1}
    yield WEST, return_goods, lambda w: _west(w) | {"custody_id": w.custody, "lot_id": w.lot, "quantity": 1}


def calls() -> Iterator[Call]:
    """Yield where each command acts (the sender's town, the receiver's, the whole district), and with what."""
    for group in (_of_people, _of_stock, _of_counts, _of_incidents, _of_orders):
        yield from group()


def _item() -> ItemFacts:
    return ItemFacts(code="X1", name_zh="x", unit="piece")


def _norm() -> NormFacts:
    return NormFacts(
        code="N-X",
        item_code="TENT",
        quantity_milli=1,
        per_persons=1,
        period="once",
        basis_zh="x",
        basis_en="x",
        source="x",
        confidence="own",
    )


def _site(world: World) -> SiteFacts:
    return SiteFacts(
        code="NEW",
        name_zh="x",
        kind="store",
        division_id=world.district.divisions["west"],
        organisation_id=world.district.organisations["west"],
    )
