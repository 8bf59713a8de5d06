"""Login sessions: who holds a token, and the end of a session. The database keeps only the sha256 of a token."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select, update

from inventory.core.errors import DatabaseBusy, DiskFull, Name
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.models import Account, LoginSession, Node, Organisation
from inventory.people.access import log_access
from inventory.people.queries import HeldRole, held_roles
from inventory.people.settings import number_setting

SEEN_EVERY = dt.timedelta(minutes=1)
"""`seen_at` is written at most this often: a rerun of a screen is a read."""


@dataclass(frozen=True)
class Person:
    """Who is at the screen."""

    account_id: UUID
    login: str
    name: Name
    organisation_id: UUID
    organisation: Name
    roles: tuple[HeldRole, ...]
    must_change_password: bool
    language: str | None
    demo: bool

    def actor(self, via: str = "screen") -> Actor:
        """Return the person as the actor of commands."""
        return Actor(self.account_id, self.login, via)


def token_digest(token: str) -> bytes:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


_SESSION = (
    select(
        Account.id,
        Account.login,
        Account.name_zh,
        Account.name_en,
        Account.organisation_id,
        Organisation.name_zh.label("organisation_zh"),
        Organisation.name_en.label("organisation_en"),
        Account.must_change_password,
        Account.language,
        Account.demo,
        LoginSession.seen_at,
        select(Node.demo).where(Node.here).scalar_subquery().label("node_demo"),
    )
    .join(Account, Account.id == LoginSession.account_id)
    .join(Organisation, Organisation.id == Account.organisation_id)
    .where(
        LoginSession.token_sha256 == bindparam("token"),
        LoginSession.revoked_at.is_(None),
        LoginSession.idle_until_at > bindparam("now"),
        LoginSession.until_at > bindparam("now"),
        Account.state == "active",
    )
)


def person_for(store: Store, token: str | None, *, loopback: bool = False) -> Person | None:
    """Return who holds the token, or None when the session is over, revoked or was never there.

    Call it on every rerun of a screen and every request: one short read, and a write at most once a minute.
    """
    if not token:
        return None
    digest = token_digest(token)
    with store.reading(SYSTEM) as work:
        row = work.connection.execute(_SESSION, {"token": digest, "now": work.now}).one_or_none()
        if row is None or (row.demo and not (row.node_demo and loopback)):
            return None
        roles = held_roles(work, row.id).get(row.id, ())
        stale = work.now - row.seen_at >= SEEN_EVERY
    if stale:
        # People must be able to read while nothing can be written; the limit moves on at the next look.
        with suppress(DatabaseBusy, DiskFull):
            store.write(SYSTEM, lambda work: _see(work, digest))
    return Person(
        account_id=row.id,
        login=row.login,
        name=Name(row.name_zh, row.name_en),
        organisation_id=row.organisation_id,
        organisation=Name(row.organisation_zh, row.organisation_en),
        roles=roles,
        must_change_password=row.must_change_password,
        language=row.language,
        demo=row.demo,
    )


def _see(work: Work, digest: bytes) -> None:
    """Move the idle limit on; never past the limit of the whole session, never for one that is over."""
    until = work.connection.execute(
        select(LoginSession.until_at).where(
            LoginSession.token_sha256 == digest,
            LoginSession.revoked_at.is_(None),
            LoginSession.idle_until_at > work.now,
        )
    ).scalar_one_or_none()
    if until is None:
        return
    idle = work.now + dt.timedelta(hours=number_setting(work, "session_idle_hours"))
    work.connection.execute(
        update(LoginSession)
        .where(LoginSession.token_sha256 == digest)
        .values(seen_at=work.now, idle_until_at=min(idle, until))
    )


def sign_out(store: Store, token: str, *, address: str = "") -> None:
    """End the session of a token; an unknown token changes nothing."""

    def job(work: Work) -> None:
        row = work.connection.execute(
            select(Account.id, Account.login)
            .join(LoginSession, LoginSession.account_id == Account.id)
            .where(LoginSession.token_sha256 == token_digest(token), LoginSession.revoked_at.is_(None))
        ).one_or_none()
        if row is None:
            return
        work.connection.execute(
            update(LoginSession).where(LoginSession.token_sha256 == token_digest(token)).values(revoked_at=work.now)
        )
        log_access(work, row.id, row.login, "sign_out", None, "ok", address)

    store.write(SYSTEM, job)


def revoke_sessions(work: Work, account_id: UUID, *, keep: bytes | None = None) -> int:
    """End the sessions of an account, but for the one whose `token_digest` is `keep`; return how many."""
    ending = update(LoginSession).where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None))
    if keep is not None:
        ending = ending.where(LoginSession.token_sha256 != keep)
    return int(work.connection.execute(ending.values(revoked_at=work.now)).rowcount)
