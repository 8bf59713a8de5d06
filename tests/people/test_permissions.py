"""The table of commands: every command x role x scope against a second reading of the rule, and none outside it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from inventory import models
from inventory.core.env import Env
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.models import Account, Division, Journal, Node, Organisation, RoleGrant, Site
from inventory.people.queries import permit
from inventory.people.rules import PERMISSIONS, READS, ROLES, SYSTEM_COMMANDS, At, NotPermitted
from tests.people.conftest import build

ROOT = Path(models.__file__).resolve().parent
TREE = {
    "district": None,
    "town": "district",
    "village": "town",
    "other town": "district",
}
UNITS = {"bureau": None, "town office": "bureau", "other office": "bureau"}
SITES = {
    "village store": ("village", "town office"),
    "town store": ("town", "town office"),
    "other store": ("other town", "other office"),
}
SCOPES: tuple[tuple[str, str], ...] = (
    ("district", ""),
    ("division", "town"),
    ("division", "village"),
    ("division", "other town"),
    ("organisation", "town office"),
    ("organisation", "bureau"),
    ("site", "town store"),
)


def build_tree(url: str) -> None:
    """Add towns, offices and stores to the district, and one account."""
    build(url)
    store = Store(url, Env.real(Path(".")))
    store.write(SYSTEM, add_tree)
    store.close()


def add_tree(work: Work) -> None:
    """Insert the rows; ids are made from the names, so that tests find them."""
    entry = work.connection.execute(select(Journal.id).limit(1)).scalar_one()
    node = work.connection.execute(select(Node.id)).scalar_one()
    for name, above in TREE.items():
        facts = {
            "code": f"d-{name}"[:12],
            "name_zh": name,
            "parent_id": key(above),
            "level": "town",
        }
        work.connection.execute(insert(Division), {"id": key(name), "changed_by_id": entry, **facts})
    for name, above in UNITS.items():
        facts = {
            "code": f"o-{name}",
            "name_zh": name,
            "parent_id": key(above),
            "level": "unit",
            "kind": "office",
        }
        work.connection.execute(insert(Organisation), {"id": key(name), "changed_by_id": entry, **facts})
    for name, (division, unit) in SITES.items():
        facts = {"code": f"s-{name}", "name_zh": name, "kind": "store", "node_id": node}
        above = {"division_id": key(division), "organisation_id": key(unit), "changed_by_id": entry}
        work.connection.execute(insert(Site), {"id": key(name), **facts, **above})
    who = {
        "login": "who",
        "name_zh": "who",
        "organisation_id": key("bureau"),
        "changed_by_id": entry,
    }
    work.connection.execute(insert(Account), {"id": key("who"), **who})


def key(name: str | None) -> UUID | None:
    """Return the id of a named row."""
    return None if name is None else UUID(bytes=name.encode().ljust(16, b"\0")[:16])


@pytest.fixture
def store(make_database: Callable[..., str], env: Env) -> Iterator[Store]:
    """The district with its tree."""
    opened = Store(make_database("people-tree", build_tree), env)
    yield opened
    opened.close()


def above(name: str | None, tree: dict[str, str | None]) -> set[str]:
    """Return a name with all that stand above it."""
    found = set()
    while name is not None:
        found.add(name)
        name = tree[name]
    return found


def covered(scope: tuple[str, str], site: str | None) -> bool:
    """Say again, from the names alone, whether a scope covers a site; None is the district as a whole."""
    kind, name = scope
    if kind == "district":
        return True
    if site is None:
        return False
    division, unit = SITES[site]
    if kind == "division":
        return name in above(division, TREE)
    if kind == "organisation":
        return name in above(unit, UNITS)
    return name == site


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: "-".join(scope))
def test_every_command_by_role_and_scope(store: Store, scope: tuple[str, str]) -> None:
    """Each command at each place is allowed exactly to the roles of its row within their scope."""
    kind, name = scope
    places = [None, *SITES]

    def ask(work: Work) -> list[str]:
        entry = work.connection.execute(select(Journal.id).limit(1)).scalar_one()
        wrong = []
        for role in ROLES:
            work.session.query(RoleGrant).filter_by(account_id=key("who")).delete()
            scope_id = {f"{kind}_id": key(name)} if name else {}
            grant = {
                "account_id": key("who"),
                "role": role,
                "from_at": work.now,
                "changed_by_id": entry,
            }
            work.connection.execute(insert(RoleGrant), {"id": uuid4(), **grant, **scope_id})
            work.memory.clear()
            for command, roles in {**PERMISSIONS, **READS}.items():
                for site in places:
                    try:
                        permit(work, command, At(site_id=key(site)))
                        allowed = True
                    except NotPermitted:
                        allowed = False
                    if allowed != (role in roles and covered(scope, site)):
                        wrong.append(f"{role} {scope} {command} at {site}: {allowed}")
        return wrong

    actor = Actor(key("who"), "who")
    assert store.read(actor, ask) == []


def test_commands_of_the_program_itself(store: Store) -> None:
    """The clock may; a person without an account may only what the program does at set-up."""
    with store.reading(SYSTEM) as work:
        assert permit(work, "expire_holds", At()) == ()
    with store.reading(Actor(None, "anybody", "api")) as work:
        for command in PERMISSIONS:
            with pytest.raises(NotPermitted):
                permit(work, command, At())


def kinds_begun() -> dict[str, str]:
    """Return every kind of deed that the source begins, with the function that begins it."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "begin":
                    for keyword in call.keywords:
                        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                            found[str(keyword.value.value)] = f"{path.name}:{function.name}"
    return found


def test_no_command_stands_outside_the_table() -> None:
    """What a function begins is in the table of permissions, so that nothing can be done by anybody."""
    begun = kinds_begun()
    assert len(begun) > 5
    assert {
        kind: where for kind, where in begun.items() if kind not in PERMISSIONS | dict.fromkeys(SYSTEM_COMMANDS)
    } == {}


def test_roles_of_the_table_exist() -> None:
    """A misspelt role would close a command to everybody."""
    used = frozenset().union(*PERMISSIONS.values(), *READS.values())
    assert used <= set(ROLES)
    assert set(PERMISSIONS) & SYSTEM_COMMANDS == set()
