"""Accounts from a terminal: `account open`, `account grant`, `account list`, so that a district can be started."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID, uuid5

from inventory.core.words import N_
from inventory.errands.deeds import Desk, desk
from inventory.errands.frame import Answer, Errand, Terminal, table
from inventory.people.accounts import issue_account
from inventory.people.commands import grant_role
from inventory.people.queries import here, people
from inventory.people.rules import ROLES
from inventory.people.sentences import WORDS
from inventory.people.stories import entry

GIVEN_ROLES = tuple(role for role in ROLES if role != "api")
"""Roles of people."""


def open_one(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Open an account with a temporary password, shown this once, and give it its roles."""
    with desk(terminal, asked) as at:
        scope = _scope(at, asked)
        employer = asked.of or asked.organisation or at.ask(here).code
        facts = {
            "login": asked.login_new,
            "name_zh": asked.name,
            "organisation_id": at.find("organisation", employer),
            "phone": asked.phone,
        }
        before = at.ask(entry, id=at.id)
        if before is not None and before.kind == "open_account" and before.asked["login"] == asked.login_new.lower():
            # The temporary password was shown once and is kept nowhere: a resend cannot show it again.
            account_id, password = UUID(before.outcome["account"]), None
        else:
            issued = issue_account(at.store, at.actor, id=at.id, **facts)
            account_id, password = UUID(issued.done.outcome["account"]), issued.password
        lines = [at.say(N_("Account %(login)s is open."), login=asked.login_new)]
        if password:
            lines.append(
                at.say(
                    N_("Temporary password, shown this once: %(password)s — it must be changed at the first sign-in."),
                    password=password,
                )
            )
        for role in asked.role:
            _grant(at, account_id, role, scope)
            lines.append(at.say(N_("Role given: %(role)s"), role=_role(at.terminal, role)))
    told: dict[str, Any] = {"id": at.id, "account": account_id, "login": asked.login_new, "roles": asked.role}
    return Answer(told | {"again": password is None, "temporary_password": password}, tuple(lines))


def grant(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Give an account further roles."""
    with desk(terminal, asked) as at:
        scope, account_id = _scope(at, asked), at.find("account", asked.login_of)
        for role in asked.role:
            _grant(at, account_id, role, scope)
        lines = [at.say(N_("Role given: %(role)s"), role=_role(terminal, role)) for role in asked.role]
    return Answer({"id": at.id, "account": account_id, "roles": asked.role}, tuple(lines))


def _role(terminal: Terminal, role: str) -> str:
    return terminal.say(WORDS["role"].get(role, role))


def _scope(at: Desk, asked: argparse.Namespace) -> dict[str, UUID]:
    """Return the one scope in which the roles hold; none is the whole district."""
    kinds = ("site", "division", "organisation")
    return {f"{kind}_id": at.find(kind, getattr(asked, kind)) for kind in kinds if getattr(asked, kind)}


def _grant(at: Desk, account_id: UUID, role: str, scope: dict[str, UUID]) -> None:
    """Give one role; its entry's id follows from the id of the errand, so that a resend is the same deed."""
    facts: dict[str, Any] = {"id": uuid5(at.id, role), "account_id": account_id, "role": role, **scope}
    at.store.write(at.actor, lambda work: grant_role(work, **facts))


def list_all(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """List the accounts with their roles; whoever may open accounts or audit may see them."""
    with desk(terminal, asked) as at:
        found = at.ask(people, closed=asked.closed)
    heads = [terminal.say(text) for text in (N_("Login"), N_("Name"), N_("Organisation"), N_("Roles"))]
    rows, facts = [], []
    for one in found:
        roles = [(held.role, held.scope) for held in one.roles]
        told = [_role(terminal, role) + (f" ({terminal.name(scope)})" if scope else "") for role, scope in roles]
        rows.append([one.login, terminal.name(one.name), terminal.name(one.organisation), ", ".join(told)])
        facts.append(
            {
                "login": one.login,
                "name": one.name,
                "organisation": one.organisation,
                "state": one.state,
                "roles": [{"role": role, "scope": scope} for role, scope in roles],
            }
        )
    return Answer({"accounts": facts}, tuple(table(heads, rows)))


def _scope_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--site", metavar="CODE", help=N_("the roles hold in this site only"))
    where.add_argument("--division", metavar="CODE", help=N_("the roles hold in this town or village only"))
    where.add_argument("--organisation", metavar="CODE", help=N_("the roles hold in this organisation only"))


def _roles_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role",
        action="append",
        required=True,
        choices=GIVEN_ROLES,
        metavar="ROLE",
        help=N_("a role to give; may stand several times"),
    )


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login_new", metavar="LOGIN", help=N_("login of the new account"))
    parser.add_argument("--name", metavar="NAME", required=True, help=N_("name of the person"))
    _roles_argument(parser)
    _scope_arguments(parser)
    parser.add_argument("--of", metavar="CODE", help=N_("organisation of the person; by default the one of this node"))
    parser.add_argument("--phone", metavar="NUMBER", help=N_("telephone of the person"))


def _grant_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login_of", metavar="LOGIN", help=N_("login of the account"))
    _roles_argument(parser)
    _scope_arguments(parser)


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--closed", action="store_true", help=N_("closed accounts too"))


ERRANDS = (
    Errand("account open", N_("Open an account and give it its roles."), open_one, _open_arguments, True),
    Errand("account grant", N_("Give an account further roles."), grant, _grant_arguments, True),
    Errand("account list", N_("List accounts with their roles."), list_all, _list_arguments, True),
)
