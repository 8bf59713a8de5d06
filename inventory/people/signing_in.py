"""Signing in and out: login sessions that live in the database, and a delay after failures that locks nobody out.

The browser holds a random token, the database its sha256. Failures are counted per login and address, from the access
log, and only make the next attempt wait; a correct password from another address always gets in, so nobody can lock
the last duty officer out by guessing. An unknown login costs the same work and gives the same answer as a known one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from inventory.core.errors import Name, Refusal
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import AccessLog, Account, LoginSession, Node
from inventory.people import passwords
from inventory.people.access import log_access, note_refusal
from inventory.people.queries import HeldRole, held_roles
from inventory.people.rules import DemoNotHere
from inventory.people.sessions import Person, person_for, revoke_sessions, sign_out, token_digest
from inventory.people.settings import number_setting, setting

__all__ = [
    "DemoAccount",
    "DemoNotHere",
    "HeldRole",
    "NotSignedIn",
    "Person",
    "SignedIn",
    "WaitBeforeSigningIn",
    "clean_login",
    "delay_seconds",
    "demo_accounts",
    "note_refusal",
    "person_for",
    "prove",
    "revoke_sessions",
    "sign_in",
    "sign_out",
]

FAILURES_FREE = 5
"""So many failures are answered at once. Source: GB/T 22239 asks for handling of failed sign-ins; ASVS 6.3.1."""
WINDOW = dt.timedelta(minutes=15)
"""Failures older than this are forgotten, so the longest delay ends by itself."""
DELAY_SECONDS = 30
"""The delay after the fifth failure; it doubles with each further one."""
DELAY_SECONDS_MAX = 600
SESSIONS_KEPT = dt.timedelta(days=30)


@dataclass(eq=False)
class NotSignedIn(Refusal):
    """Login and password do not go together (or there is no such account: the answer is the same)."""

    code: ClassVar[str] = "not_signed_in"
    tries_left: int


@dataclass(eq=False)
class WaitBeforeSigningIn(Refusal):
    """Too many failures from this address for this login; the next attempt counts after some seconds."""

    code: ClassVar[str] = "wait_before_signing_in"
    seconds: int


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: `token` goes into the cookie and nowhere else."""

    token: str
    account_id: UUID
    must_change_password: bool


@dataclass(frozen=True)
class DemoAccount:
    """A demo account as the sign-in page of a demo district shows it."""

    login: str
    password: str
    role: str
    name: Name
    scope: Name | None = None


def clean_login(text: str) -> str:
    """Return a login as it is kept: without spaces around it, in lower case."""
    return text.strip().lower()


def sign_in(store: Store, *, login: str, password: str, address: str, loopback: bool = False) -> SignedIn:
    """Open a session.

    Parameters
    ----------
    address
        Where the attempt comes from, as the server sees it; failures are counted per login and address.
    loopback
        Whether the server is open to this machine only; demo accounts need that.

    Raises
    ------
    NotSignedIn, WaitBeforeSigningIn, DemoNotHere
    """
    address = address[:64]
    found = _proven(store, clean_login(login), password, address)
    if found.demo and not (found.node_demo and loopback):
        _note(store, found, address, action="sign_in", outcome="demo_not_here")
        raise DemoNotHere()
    fresh = passwords.hash_password(password) if passwords.outdated(found.password_hash or "") else None
    token = secrets.token_urlsafe(32)
    return store.write(SYSTEM, lambda work: _open(work, found, token, address, fresh_hash=fresh))


def prove(store: Store, *, login: str, password: str, address: str) -> str | None:
    """Return the hash against which the password of a login is right; failures count as failed sign-ins.

    Raises
    ------
    NotSignedIn, WaitBeforeSigningIn
    """
    return _proven(store, clean_login(login), password, address[:64]).password_hash


def _proven(store: Store, login: str, password: str, address: str) -> _Found:
    # Looking, hashing and writing the failure down are done behind the gate that lets two hashes be made at once;
    # so a hundred guesses sent together are seen as failures one after another and do not all slip through.
    with passwords.hashing():
        found = store.read(SYSTEM, lambda work: _look(work, login, address))
        if found.wait_seconds:
            _note(store, found, address, action="sign_in", outcome="wait_before_signing_in")
            raise WaitBeforeSigningIn(seconds=found.wait_seconds)
        right = passwords.verify_password(found.password_hash, password)
        if not right:
            _note(store, found, address, action="sign_in", outcome="not_signed_in")
            raise NotSignedIn(tries_left=max(0, FAILURES_FREE - found.failures - 1))
    return found


@dataclass(frozen=True)
class _Found:
    """What is known of a login before its password is looked at."""

    logged_as: str
    account_id: UUID | None = None
    password_hash: str | None = None
    demo: bool = False
    node_demo: bool = False
    failures: int = 0
    wait_seconds: int = 0


_ACCOUNT = select(Account.id, Account.password_hash, Account.demo).where(
    Account.login == bindparam("login"), Account.state == "active"
)
_ATTEMPTS = (
    select(AccessLog.at, AccessLog.outcome)
    .where(
        AccessLog.login == bindparam("login"),
        AccessLog.at > bindparam("since", type_=AccessLog.at.type),
        AccessLog.address == bindparam("address"),
        AccessLog.action == "sign_in",
        AccessLog.outcome.in_(("ok", "not_signed_in")),
    )
    .order_by(AccessLog.at.desc(), AccessLog.id.desc())
)


def _look(work: Work, login: str, address: str) -> _Found:
    row = work.connection.execute(_ACCOUNT, {"login": login}).one_or_none()
    logged_as = login if row else _disguised(login)
    failures, last = 0, work.now
    for at, outcome in work.connection.execute(
        _ATTEMPTS, {"login": logged_as, "since": work.now - WINDOW, "address": address}
    ):
        if outcome == "ok":
            break
        failures, last = failures + 1, max(at, last) if failures else at
    wait = delay_seconds(failures) - int((work.now - last).total_seconds())
    node_demo = bool(work.connection.execute(select(Node.demo).where(Node.here)).scalar_one_or_none())
    if row is None:
        return _Found(logged_as, failures=failures, wait_seconds=max(0, wait))
    return _Found(logged_as, row.id, row.password_hash, row.demo, node_demo, failures, max(0, wait))


def delay_seconds(failures: int) -> int:
    """Return how long to wait after so many failures within the window: 0 for the first ones, then doubling."""
    if failures < FAILURES_FREE:
        return 0
    return int(min(DELAY_SECONDS * 2 ** min(failures - FAILURES_FREE, 10), DELAY_SECONDS_MAX))


def _disguised(login: str) -> str:
    """An unknown login is noted by its digest: people type their password into the wrong box."""
    return "?" + hashlib.sha256(login.encode()).hexdigest()[:16]


def _open(work: Work, found: _Found, token: str, address: str, *, fresh_hash: str | None) -> SignedIn:
    account = work.connection.execute(
        select(Account.id, Account.must_change_password, Account.state).where(Account.id == found.account_id)
    ).one()
    if account.state != "active":
        raise NotSignedIn(tries_left=FAILURES_FREE)
    if fresh_hash:
        work.connection.execute(update(Account).where(Account.id == account.id).values(password_hash=fresh_hash))
    idle = dt.timedelta(hours=number_setting(work, "session_idle_hours"))
    whole = dt.timedelta(hours=number_setting(work, "session_hours"))
    if setting(work, "one_session") == "yes":
        revoke_sessions(work, account.id)
    work.connection.execute(
        delete(LoginSession).where(
            LoginSession.account_id == account.id, LoginSession.until_at < work.now - SESSIONS_KEPT
        )
    )
    row = {
        "token_sha256": token_digest(token),
        "account_id": account.id,
        "opened_at": work.now,
        "seen_at": work.now,
        "idle_until_at": min(work.now + idle, work.now + whole),
        "until_at": work.now + whole,
        "address": address,
    }
    work.connection.execute(insert(LoginSession), row)
    log_access(work, found.account_id, found.logged_as, "sign_in", None, "ok", address)
    return SignedIn(token, account.id, account.must_change_password)


def _note(store: Store, found: _Found, address: str, *, action: str, outcome: str) -> None:
    store.write(
        SYSTEM,
        lambda work: log_access(work, found.account_id, found.logged_as, action, None, outcome, address),
    )


def demo_accounts(store: Store) -> list[DemoAccount]:
    """Return the demo accounts with their password, by login; none unless this node is a demo district."""
    with store.reading(SYSTEM) as work:
        if not work.connection.execute(select(Node.demo).where(Node.here)).scalar_one_or_none():
            return []
        held = held_roles(work)
        accounts = work.connection.execute(
            select(Account.id, Account.login, Account.name_zh, Account.name_en)
            .where(Account.demo, Account.state == "active")
            .order_by(Account.login)
        )
        return [
            DemoAccount(
                row.login,
                passwords.DEMO_PASSWORD,
                held[row.id][0].role,
                Name(row.name_zh, row.name_en),
                held[row.id][0].scope,
            )
            for row in accounts
            if row.id in held
        ]
