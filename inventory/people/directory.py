"""Reading for the page of people: organisations to belong to, open sessions, the access log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.models import AccessLog, LoginSession, Organisation
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT

LINES_MAX = 200
"""The most lines of the access log that one question returns."""


@dataclass(frozen=True)
class Unit:
    """An organisation that people may belong to and roles may be scoped to."""

    id: UUID
    code: str
    name: Name
    level: str


def organisations(work: Work) -> list[Unit]:
    """Return the organisations, the district's first, then by code."""
    order = {"city": 0, "district": 0, "town": 1, "village": 2, "unit": 3}
    rows = work.connection.execute(
        select(Organisation.id, Organisation.code, Organisation.name_zh, Organisation.name_en, Organisation.level)
    )
    found = [Unit(row.id, row.code, Name(row.name_zh, row.name_en), row.level) for row in rows]
    return sorted(found, key=lambda unit: (order.get(unit.level, 9), unit.code))


@dataclass(frozen=True)
class OpenSession:
    """A session that still holds: since when, where from, when it was seen last, until when at most."""

    since: dt.datetime
    seen_at: dt.datetime
    until_at: dt.datetime
    address: str


def open_sessions(work: Work, *, account_id: UUID) -> list[OpenSession]:
    """Return the sessions of an account that hold now, newest first; of the own account, or of any for who may see.

    Raises
    ------
    NotPermitted
    """
    if work.actor.account_id != account_id:
        permit(work, "see_people", DISTRICT)
    rows = work.connection.execute(
        select(LoginSession.opened_at, LoginSession.seen_at, LoginSession.until_at, LoginSession.address)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.idle_until_at > work.now,
            LoginSession.until_at > work.now,
        )
        .order_by(LoginSession.seen_at.desc())
    )
    return [OpenSession(*row) for row in rows]


@dataclass(frozen=True)
class AccessLine:
    """One line of the access log: who, from where, what, and how it ended ("ok" or the code of the refusal)."""

    at: dt.datetime
    login: str
    action: str
    outcome: str
    address: str


def access_lines(
    work: Work, *, search: str = "", refused_only: bool = False, limit: int = 50, offset: int = 0
) -> list[AccessLine]:
    """Return sign-ins and refused actions, newest first; at most `LINES_MAX` at once.

    Raises
    ------
    NotPermitted
    """
    permit(work, "see_people", DISTRICT)
    rows = work.connection.execute(
        select(AccessLog.at, AccessLog.login, AccessLog.action, AccessLog.outcome, AccessLog.address)
        .where(*_wanted(search, refused_only))
        .order_by(AccessLog.at.desc(), AccessLog.id.desc())
        .limit(min(limit, LINES_MAX))
        .offset(offset)
    )
    return [AccessLine(*row) for row in rows]


def access_count(work: Work, *, search: str = "", refused_only: bool = False) -> int:
    """Return how many lines `access_lines` would tell in all.

    Raises
    ------
    NotPermitted
    """
    permit(work, "see_people", DISTRICT)
    wanted = _wanted(search, refused_only)
    return work.connection.execute(select(func.count()).select_from(AccessLog).where(*wanted)).scalar_one()


def _wanted(search: str, refused_only: bool) -> list[Any]:
    conditions: list[Any] = []
    if search:
        conditions.append(
            or_(
                AccessLog.login.icontains(search, autoescape=True),
                AccessLog.action.icontains(search, autoescape=True),
                AccessLog.address.contains(search, autoescape=True),
            )
        )
    if refused_only:
        conditions.append(AccessLog.outcome != "ok")
    return conditions
