"""Role and scope, cell by cell: every command x every role x every scope, tried below the screen.

The commands are found in the source (whatever calls `begin` or `permit` with its own kind), so that a new one without
a row in the table, or without a call here, fails the first test.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from inventory.core.errors import Refusal
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.proposals import plans_of
from inventory.ledger import commands as ledger
from inventory.models import Account, Lot, Place, RoleGrant
from inventory.people.journal import begin, finish
from inventory.people.queries import reach_of
from inventory.people.rules import DISTRICT, PERMISSIONS, ROLES, SYSTEM_COMMANDS, At, Grant, NotPermitted, may
from tests.permissions.calls import EAST, WEST, calls
from tests.permissions.source import ELSEWHERE, begun, kinds_in_source
from tests.permissions.world import World, build


class _Undo(Exception):
    """Raised after a command succeeded, so that nothing of the trial stays."""


CALLS = {command.__name__: (where, command, facts) for where, command, facts in calls()}


def test_every_command_stands_in_the_table_and_is_tried() -> None:
    """What the source begins is what the table allows, and each is called here or named with where it is tried."""
    assert begun() <= set(PERMISSIONS) | SYSTEM_COMMANDS
    assert set(PERMISSIONS) <= kinds_in_source() | {"release_lot", "scrap_stock"}
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
    world = build(store)
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
    world = build(store)
    actors = _actors(world)
    plan = next(row for row in world.district.ask(plans_of, request_id=world.request) if row.id == world.plan)
    with pytest.raises(NotPermitted):
        store.write(
            actors["commander", "east"],
            lambda work: approve_plan(work, id=work.env.new_id(), plan_id=plan.id, seen=plan.seen),
        )


def test_a_lot_is_blocked_only_where_it_stands(store: Store) -> None:
    """A keeper of one store cannot put another store's lot on hold by naming the own store."""
    world = build(store)
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
