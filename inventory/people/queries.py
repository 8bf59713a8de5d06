"""Reading people: this node, a person's grants, and whether they cover a place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from inventory.core.base import as_key
from inventory.core.errors import BrokenInvariant, Name
from inventory.core.prepared import Prepared
from inventory.core.work import Work
from inventory.models import Account, Division, LoginSession, Node, Organisation, RoleGrant, Site
from inventory.people import rules
from inventory.people.rules import At, Grant, Reach


@dataclass(frozen=True)
class Here:
    """This node."""

    id: UUID
    code: str
    name: Name
    demo: bool


def here(work: Work) -> Here:
    """Return this node."""
    found: Here | None = work.lasting.get("here") or work.memory.get("here")
    if found is None:
        row = work.connection.execute(_HERE).one_or_none()
        if row is None:
            raise BrokenInvariant("the database has no node: run init first")
        found = Here(row.id, row.code, Name(row.name_zh, row.name_en), row.demo)
        # A node with entries is committed for good; one that is just being founded may still be rolled back.
        kept = work.lasting if row.last_sequence else work.memory
        kept["here"] = found
    return found


_HERE = select(Node.id, Node.code, Node.name_zh, Node.name_en, Node.demo, Node.last_sequence).where(Node.here)
_GRANTS = Prepared(
    select(RoleGrant.role, RoleGrant.organisation_id, RoleGrant.division_id, RoleGrant.site_id)
    .join(Account, Account.id == RoleGrant.account_id)
    .where(
        RoleGrant.account_id == bindparam("account"),
        Account.state == "active",
        RoleGrant.from_at <= bindparam("now"),
        or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > bindparam("now")),
    )
)
_SITE = select(Site.division_id, Site.organisation_id).where(Site.id == bindparam("id"))
_DIVISION = select(Division.parent_id).where(Division.id == bindparam("id"))
_ORGANISATION = select(Organisation.parent_id, Organisation.division_id).where(Organisation.id == bindparam("id"))


def grants_of(work: Work, account_id: UUID) -> tuple[Grant, ...]:
    """Return the grants that hold now; none for a closed account."""
    known: dict[UUID, tuple[Grant, ...]] = work.memory.setdefault("grants", {})
    if account_id not in known:
        rows = _GRANTS.run(work.connection, {"account": account_id, "now": work.now})
        known[account_id] = tuple(
            Grant(row.role, as_key(row.organisation_id), as_key(row.division_id), as_key(row.site_id)) for row in rows
        )
    return known[account_id]


def reach_of(work: Work, at: At) -> Reach:
    """Return a place with the divisions and organisations above it."""
    division, organisation = at.division_id, at.organisation_id
    if at.site_id is not None:
        row = work.connection.execute(_SITE, {"id": at.site_id}).one_or_none()
        if row is not None:
            division, organisation = row
    organisations: set[UUID] = set()
    while organisation is not None and organisation not in organisations:
        organisations.add(organisation)
        above = work.connection.execute(_ORGANISATION, {"id": organisation}).one_or_none()
        organisation = above.parent_id if above else None
        if division is None and above is not None and at.site_id is None:
            division = above.division_id
    divisions: set[UUID] = set()
    while division is not None and division not in divisions:
        divisions.add(division)
        division = work.connection.execute(_DIVISION, {"id": division}).scalar_one_or_none()
    return Reach(at.site_id, frozenset(divisions), frozenset(organisations))


def permit(work: Work, command: str, at: At) -> tuple[Grant, ...]:
    """Return the actor's grants, or refuse.

    Raises
    ------
    NotPermitted
    """
    if work.actor.account_id is None:
        if command in rules.SYSTEM_COMMANDS or work.actor.via == "clock":
            return ()
        raise rules.NotPermitted(command=command, roles=())
    grants = grants_of(work, work.actor.account_id)
    roles = rules.PERMISSIONS.get(command) or rules.READS.get(command, frozenset())
    useful = [grant for grant in grants if grant.role in roles]
    if useful and (at.own or any(grant.district_wide for grant in useful)):
        return grants
    if useful and rules.may(tuple(useful), command, reach_of(work, at)):
        return grants
    raise rules.NotPermitted(command=command, roles=tuple(sorted(roles)))


def can(work: Work, command: str, at: At) -> bool:
    """Return whether the actor may; for screens that show a step they do not offer."""
    try:
        permit(work, command, at)
    except rules.NotPermitted:
        return False
    return True


@dataclass(frozen=True)
class HeldRole:
    """A role that holds now, with the name of its scope; None is the whole district."""

    grant_id: UUID
    role: str
    scope: Name | None = None
    site_id: UUID | None = None
    division_id: UUID | None = None
    organisation_id: UUID | None = None


_HELD = (
    select(
        RoleGrant.id,
        RoleGrant.account_id,
        RoleGrant.role,
        RoleGrant.site_id,
        RoleGrant.division_id,
        RoleGrant.organisation_id,
        Site.name_zh.label("site_zh"),
        Site.name_en.label("site_en"),
        Division.name_zh.label("division_zh"),
        Division.name_en.label("division_en"),
        Organisation.name_zh.label("organisation_zh"),
        Organisation.name_en.label("organisation_en"),
    )
    .outerjoin(Site, Site.id == RoleGrant.site_id)
    .outerjoin(Division, Division.id == RoleGrant.division_id)
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .where(
        RoleGrant.from_at <= bindparam("now"),
        or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > bindparam("now")),
    )
    .order_by(RoleGrant.account_id, RoleGrant.from_at, RoleGrant.id)
)
_HELD_BY_ONE = _HELD.where(RoleGrant.account_id == bindparam("account"))


def held_roles(work: Work, account_id: UUID | None = None) -> dict[UUID, tuple[HeldRole, ...]]:
    """Return the roles that hold now by account, oldest first; of one account, or of all when none is given."""
    rows = (
        work.connection.execute(_HELD, {"now": work.now})
        if account_id is None
        else work.connection.execute(_HELD_BY_ONE, {"now": work.now, "account": account_id})
    )
    held: dict[UUID, tuple[HeldRole, ...]] = {}
    for row in rows:
        held[row.account_id] = (*held.get(row.account_id, ()), _held_role(row))
    return held


def _held_role(row: Any) -> HeldRole:
    scope = None
    if row.site_id is not None:
        scope = Name(row.site_zh, row.site_en)
    elif row.division_id is not None:
        scope = Name(row.division_zh, row.division_en)
    elif row.organisation_id is not None:
        scope = Name(row.organisation_zh, row.organisation_en)
    return HeldRole(row.id, row.role, scope, row.site_id, row.division_id, row.organisation_id)


@dataclass(frozen=True)
class Listed:
    """An account in the list of people."""

    account_id: UUID
    login: str
    name: Name
    organisation_id: UUID
    organisation: Name
    phone: str | None
    state: str
    demo: bool
    must_change_password: bool
    seen_at: dt.datetime | None
    roles: tuple[HeldRole, ...]
    changed_by_id: UUID


def people(work: Work, *, closed: bool = False, search: str = "") -> list[Listed]:
    """Return the accounts with their roles, by login.

    Parameters
    ----------
    closed
        Also those that are closed.
    search
        A part of login or name; empty for all.

    Raises
    ------
    NotPermitted
    """
    permit(work, "see_people", rules.DISTRICT)
    seen = (
        select(func.max(LoginSession.seen_at))
        .where(LoginSession.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    query = (
        select(
            Account,
            Organisation.name_zh.label("organisation_zh"),
            Organisation.name_en.label("organisation_en"),
            seen.label("seen_at"),
        )
        .join(Organisation, Organisation.id == Account.organisation_id)
        .order_by(Account.login)
    )
    if not closed:
        query = query.where(Account.state == "active")
    if search:
        query = query.where(
            or_(
                Account.login.contains(search.lower(), autoescape=True),
                Account.name_zh.contains(search, autoescape=True),
            )
        )
    held = held_roles(work)
    return [
        Listed(
            account_id=account.id,
            login=account.login,
            name=Name(account.name_zh, account.name_en),
            organisation_id=account.organisation_id,
            organisation=Name(row.organisation_zh, row.organisation_en),
            phone=account.phone,
            state=account.state,
            demo=account.demo,
            must_change_password=account.must_change_password,
            seen_at=row.seen_at,
            roles=held.get(account.id, ()),
            changed_by_id=account.changed_by_id,
        )
        for row in work.session.execute(query)
        for account in (row.Account,)
    ]
