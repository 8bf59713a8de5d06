"""Role and scope, cell by cell: every command x every role x every scope, tried below the screen.

The commands are found in the source (whatever calls `begin` or `permit` with its own kind), so that a new one without
a row in the table, or without a call here, fails the first test.
"""

from __future__ import annotations

import ast
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import inventory
from inventory.catalogue.commands import import_items, save_item, save_norm
from inventory.catalogue.rules import ItemFacts, NormFacts
from inventory.core.errors import Refusal
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.picking import acknowledge_order, cancel_order, check_order, decline_order, pick_order
from inventory.dispatch.planning import plan_request, propose_plans, reject_plan
from inventory.dispatch.proposals import plans_of
from inventory.dispatch.queries import order
from inventory.dispatch.receiving import receive_shipment, resolve_discrepancy
from inventory.dispatch.rules import Carrier, Received
from inventory.dispatch.shipping import close_short, ship_order
from inventory.dispatch.tracking import carried_lines, custody, discrepancies, shipments
from inventory.incidents.commands import (
    cancel_request,
    change_incident,
    close_incident,
    open_incident,
    return_request,
    submit_request,
)
from inventory.incidents.rules import Affected, NeedLine
from inventory.ledger import commands as ledger
from inventory.models import Account, CountLine, Lot, Place, RoleGrant
from inventory.people import commands as people
from inventory.people.journal import begin, finish
from inventory.people.queries import reach_of
from inventory.people.rules import DISTRICT, PERMISSIONS, ROLES, SYSTEM_COMMANDS, At, Grant, NotPermitted, may
from inventory.places.commands import save_division, save_site, save_travel
from inventory.places.rules import DivisionFacts, SiteFacts
from inventory.stockpiles.commands import save_target
from inventory.stocktaking import commands as stocktaking
from tests.support.district import District, found

ROOT = Path(inventory.__file__).parent
ELSEWHERE = {"import_stock": "tests/exchange/test_stock_list.py", "issue_paper": "tests/cli"}
"""Commands whose input is a file or a printed paper: their roles and scopes are tried where those are made."""


def _kinds_in_source() -> set[str]:
    """Return every kind that the source begins or permits."""
    kinds = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                kinds |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "kind" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
                }
                if isinstance(node.func, ast.Name) and node.func.id == "permit" and len(node.args) > 1:
                    second = node.args[1]
                    kinds |= {second.value} if isinstance(second, ast.Constant) else set()
    return kinds & (set(PERMISSIONS) | SYSTEM_COMMANDS | _begun())


def _begun() -> set[str]:
    """Return the kinds given straight to `begin`."""
    kinds = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "begin":
                for word in node.keywords:
                    if word.arg == "kind" and isinstance(word.value, ast.Constant):
                        kinds.add(word.value.value)
    return kinds


@dataclass
class World:
    """A district in mid-incident: one of everything that a command can act on."""

    district: District
    lot: UUID
    request: UUID
    plan: UUID
    order: UUID
    shipment: UUID
    order_line: UUID
    count: UUID
    count_line: UUID
    discrepancy: UUID
    custody: UUID
    incident: UUID
    norm_item: UUID


class _Undo(Exception):
    """Raised after a command succeeded, so that nothing of the trial stays."""


def _build(store: Store) -> World:
    district = found(store)
    lot = district.stock("TENT", "WEST", 60)
    district.stock("QUILT", "WEST", 60)
    at = {"site_id": district.sites["WEST"]}
    shelter = district.sites["SHELTER"]
    incident_id = UUID(
        district.do(
            "duty",
            open_incident,
            name_zh="Flood",
            hazard="flood",
            level=3,
            division_id=district.divisions["east"],
            affected=[Affected(shelter, 100)],
        ).outcome["incident"]
    )

    def request() -> UUID:
        done = district.do(
            "duty",
            submit_request,
            incident_id=incident_id,
            asker_id=district.organisations["east"],
            asked_id=district.organisations["bureau"],
            deliver_site_id=shelter,
            needed_by=store.env.now() + dt.timedelta(hours=9),
            lines=[NeedLine(district.items["TENT"], shelter, 5, 0)],
        )
        plan_request(
            store,
            district.people["duty"],
            id=store.env.new_id(),
            request_id=UUID(done.outcome["request"]),
            alternatives=("fastest",),
        )
        return UUID(done.outcome["request"])

    def issued() -> UUID:
        plan = district.ask(plans_of, request_id=request())[0]
        done = district.do("commander", approve_plan, plan_id=plan.id, seen=plan.seen)
        return UUID(done.outcome["orders"][0]["id"])

    def shipped() -> UUID:
        key = issued()
        for who, command, more in (
            ("clerk", pick_order, {}),
            ("keeper", check_order, {}),
            ("clerk2", ship_order, {"carrier": Carrier()}),
        ):
            district.do(who, command, order_id=key, seen=district.ask(order, order_id=key).seen, **more)
        (row,) = district.ask(shipments, order_id=key, states=())
        return row.id

    def receive(shipment_id: UUID, good: int) -> None:
        (line,) = district.ask(carried_lines, shipment_id=shipment_id)
        seen = next(row.seen for row in district.ask(shipments) if row.id == shipment_id)
        district.do(
            "receiver",
            receive_shipment,
            shipment_id=shipment_id,
            seen=seen,
            lines=[Received(line.order_line_id, line.lot_id, good)],
        )

    receive(shipped(), 3)
    shipment_id = shipped()
    (line,) = district.ask(carried_lines, shipment_id=shipment_id)
    order_id = issued()
    count_id = UUID(district.do("clerk", stocktaking.open_count, **at).outcome["count"])

    def first_line(work: Work) -> UUID:
        key = work.session.scalar(select(CountLine.id).where(CountLine.count_id == count_id))
        assert key is not None
        return key

    pending = request()
    return World(
        district=district,
        lot=lot,
        request=pending,
        plan=district.ask(plans_of, request_id=pending)[0].id,
        order=order_id,
        shipment=shipment_id,
        order_line=line.order_line_id,
        count=count_id,
        count_line=district.ask(first_line),
        discrepancy=district.ask(discrepancies)[0].id,
        custody=district.ask(custody)[0].custody_id,
        incident=incident_id,
        norm_item=district.items["TENT"],
    )


WEST, EAST, NOWHERE = "west", "east", ""
Call = tuple[str, Callable[..., Any], Callable[[World], dict[str, Any]]]


def _calls() -> Iterator[Call]:
    """Yield where each command acts (the sender's town, the receiver's, the whole district), and with what."""
    nobody = UUID(int=1)
    west = lambda w: {"site_id": w.district.sites["WEST"]}  # noqa: E731
    lot = lambda w: west(w) | {"lot_id": w.lot}  # noqa: E731
    bin_ = lambda w: w.district.bins["WEST"]  # noqa: E731
    order_ = lambda w: {"order_id": w.order, "seen": nobody}  # noqa: E731
    item = ItemFacts(
        code="X1", name_zh="x", name_en="x", unit="piece", tracking="lot", major_class=1, domain="R", return_class="r"
    )
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
    yield NOWHERE, people.end_role, lambda w: {"grant_id": nobody}
    yield NOWHERE, people.close_account, lambda w: {"account_id": nobody}
    yield NOWHERE, people.reset_password, lambda w: {"account_id": nobody, "password_hash": "x"}
    yield NOWHERE, import_items, lambda w: {"items": []}
    yield NOWHERE, save_item, lambda w: {"item": item}
    yield NOWHERE, save_norm, lambda w: {"norm": _norm()}
    yield (
        WEST,
        save_target,
        lambda w: (
            west(w)
            | {
                "item_id": w.norm_item,
                "kind": "minimum",
                "quantity": 1,
                "source": "own",
            }
        ),
    )
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
    yield WEST, ledger.open_bin, lambda w: west(w) | {"code": "Z-9"}
    yield (
        WEST,
        ledger.receive_goods,
        lambda w: (
            west(w)
            | {
                "owner_id": w.district.organisations["west"],
                "source": "purchase",
                "lines": [ledger.GoodsLine(w.norm_item, bin_(w), 1)],
            }
        ),
    )
    yield WEST, ledger.move_stock, lambda w: lot(w) | {"from_place_id": bin_(w), "to_place_id": nobody, "quantity": 1}
    yield WEST, ledger.block_lot, lambda w: lot(w) | {"why": "on_hold", "note": "", "seen": nobody}
    yield WEST, ledger.release_lot, lambda w: lot(w) | {"note": "", "seen": nobody}
    yield WEST, ledger.reverse_entry, lambda w: west(w) | {"entry_id": nobody, "why": "x"}
    yield WEST, ledger.write_off, lambda w: lot(w) | {"from_place_id": bin_(w), "quantity": 1, "why": "x"}
    yield WEST, ledger.scrap_stock, lambda w: lot(w) | {"from_place_id": bin_(w), "quantity": 1, "why": "x"}
    yield WEST, stocktaking.open_count, west
    yield (
        WEST,
        stocktaking.read_count,
        lambda w: {"line_id": w.count_line, "quantity": 1, "counted_at": w.district.store.env.now()},
    )
    yield WEST, stocktaking.add_found, lambda w: {"count_id": w.count, "place_id": bin_(w), "item_id": w.norm_item}
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
    yield EAST, change_incident, lambda w: {"incident_id": w.incident, "seen": nobody}
    yield EAST, close_incident, lambda w: {"incident_id": w.incident, "seen": nobody}
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
    yield EAST, return_request, lambda w: {"request_id": w.request, "seen": nobody, "why": "x"}
    yield EAST, cancel_request, lambda w: {"request_id": w.request, "seen": nobody, "why": "x"}
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
    yield EAST, approve_plan, lambda w: {"plan_id": w.plan, "seen": nobody}
    yield EAST, reject_plan, lambda w: {"plan_id": w.plan, "seen": nobody, "why": "x"}
    yield WEST, acknowledge_order, order_
    yield WEST, decline_order, lambda w: order_(w) | {"why": "x"}
    yield WEST, cancel_order, lambda w: order_(w) | {"why": "x"}
    yield WEST, pick_order, order_
    yield WEST, check_order, order_
    yield WEST, ship_order, lambda w: order_(w) | {"carrier": Carrier()}
    yield WEST, close_short, lambda w: order_(w) | {"why": "x"}
    yield (
        EAST,
        receive_shipment,
        lambda w: {
            "shipment_id": w.shipment,
            "seen": nobody,
            "lines": [Received(w.order_line, w.lot, 1)],
        },
    )
    yield WEST, resolve_discrepancy, lambda w: {"discrepancy_id": w.discrepancy, "how": "lost", "note": ""}
    yield EAST, use_goods, lambda w: {"custody_id": w.custody, "lot_id": w.lot, "quantity": 1}
    yield WEST, return_goods, lambda w: west(w) | {"custody_id": w.custody, "lot_id": w.lot, "quantity": 1}


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


CALLS = {command.__name__: (where, command, facts) for where, command, facts in _calls()}


def test_every_command_stands_in_the_table_and_is_tried() -> None:
    """What the source begins is what the table allows, and each is called here or named with where it is tried."""
    assert _begun() <= set(PERMISSIONS) | SYSTEM_COMMANDS
    assert set(PERMISSIONS) <= _kinds_in_source() | {"release_lot", "scrap_stock"}
    assert set(CALLS) | set(ELSEWHERE) | {"change_own_password"} == set(PERMISSIONS)


SCOPES = ("district", "west", "east", "site_west", "site_central", "organisation_west")


def _scope(world: World, scope: str) -> dict[str, UUID]:
    district = world.district
    return {
        "district": {},
        "west": {"division_id": district.divisions["west"]},
        "east": {"division_id": district.divisions["east"]},
        "site_west": {"site_id": district.sites["WEST"]},
        "site_central": {"site_id": district.sites["CENTRAL"]},
        "organisation_west": {"organisation_id": district.organisations["west"]},
    }[scope]


def _actors(world: World) -> dict[tuple[str, str], Actor]:
    """Make one account for every role and scope."""

    made: dict[tuple[str, str], Actor] = {}

    def job(work: Work) -> None:
        made.clear()
        deed = begin(work, id=work.env.new_id(), kind="load_demo", asked={"accounts": 1}, at=DISTRICT)
        for role, scope in itertools.product(ROLES, SCOPES):
            key = work.env.new_id()
            login = f"{role}.{scope}"
            work.session.add(
                Account(
                    id=key,
                    login=login,
                    name_zh=login,
                    organisation_id=world.district.organisations["bureau"],
                    changed_by_id=deed.id,
                )
            )
            work.session.flush()
            work.session.add(
                RoleGrant(
                    id=work.env.new_id(),
                    account_id=key,
                    role=role,
                    from_at=work.now,
                    changed_by_id=deed.id,
                    **_scope(world, scope),
                )
            )
            made[role, scope] = Actor(key, login, "cli")
        finish(work, deed, outcome={})

    world.district.store.write(SYSTEM, job)
    return made


def _place(world: World, where: str, command: str) -> At:
    """Return where a command acts; some act on a unit or a division and not on a site."""
    division, organisation = world.district.divisions["west"], world.district.organisations["west"]
    if command == "open_account":
        return At(organisation_id=organisation)
    if command == "grant_role":
        return At(division_id=division)
    if command == "save_site":
        return At(division_id=division, organisation_id=organisation)
    sites = {WEST: "WEST", EAST: "SHELTER"}
    return At(site_id=world.district.sites[sites[where]]) if where else At()


def test_every_command_by_every_role_in_every_scope(store: Store) -> None:
    """Each cell answers as the table and the scope say; what is allowed is tried and then undone."""
    world = _build(store)
    actors = _actors(world)
    wrong: list[str] = []
    for name, (where, command, facts) in CALLS.items():
        for (role, scope), actor in actors.items():
            reach = world.district.ask(reach_of, at=_place(world, where, name))
            expected = may((Grant(role, **_scope(world, scope)),), name, reach)
            allowed = _tried(store, actor, command, facts(world))
            # A plan also needs a scope that covers every sender; here the sender is in the west.
            if name == "approve_plan" and scope != "district":
                expected = expected and allowed
            if allowed != expected:
                wrong.append(f"{name} by {role} in {scope}: allowed={allowed}")
    assert wrong == [], wrong


def _tried(store: Store, actor: Actor, command: Callable[..., Any], facts: dict[str, Any]) -> bool:
    def job(work: Work) -> None:
        command(work, id=work.env.new_id(), **facts)
        raise _Undo

    try:
        store.write(actor, job)
    except NotPermitted:
        return False
    except (_Undo, Refusal):
        return True
    raise AssertionError("the trial ended without an answer")


def test_a_town_commander_cannot_draw_on_another_town(store: Store) -> None:
    """Approval needs a scope that covers every sender: a town does not dispose of its neighbour's stock."""
    world = _build(store)
    actors = _actors(world)
    plan = next(row for row in world.district.ask(plans_of, request_id=world.request) if row.id == world.plan)
    with pytest.raises(NotPermitted):
        store.write(
            actors["commander", "east"],
            lambda work: approve_plan(work, id=work.env.new_id(), plan_id=plan.id, seen=plan.seen),
        )


def test_a_lot_is_blocked_only_where_it_stands(store: Store) -> None:
    """A keeper of one store cannot put another store's lot on hold by naming the own store."""
    world = _build(store)
    actors = _actors(world)

    def seen(work: Work) -> UUID:
        return work.session.get_one(Lot, world.lot).changed_by_id

    with pytest.raises(Refusal) as refused:
        store.write(
            actors["keeper", "site_central"],
            lambda work: ledger.block_lot(
                work,
                id=work.env.new_id(),
                site_id=world.district.sites["CENTRAL"],
                lot_id=world.lot,
                why="on_hold",
                note="",
                seen=world.district.ask(seen),
            ),
        )
    assert refused.value.code == "not_found"
    assert world.district.ask(lambda work: work.session.get_one(Place, world.district.bins["WEST"]).open)
