"""Errands that need a password: hashed first, outside every transaction, then done as one command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import NotFound
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.models import Account
from inventory.people import commands, passwords
from inventory.people.journal import Done
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.people.sessions import token_digest
from inventory.people.settings import setting
from inventory.people.signing_in import prove


@dataclass(frozen=True)
class Issued:
    """A temporary password, to be handed over once and shown nowhere again."""

    done: Done
    password: str


def issue_account(store: Store, actor: Actor, *, id: UUID, password: str | None = None, **facts: Any) -> Issued:
    """Open an account with a temporary password, which the person must change at the first sign-in.

    Parameters
    ----------
    password
        A temporary password kept by the sender together with `id`, so that a resend is the same entry; made here
        when it is not given.
    facts
        As `commands.open_account` takes them, without `password_hash` and `must_change_password`.

    Raises
    ------
    As `commands.open_account`.
    """
    at = At(organisation_id=facts.get("organisation_id"))
    store.read(actor, lambda work: permit(work, "open_account", at))
    temporary = password or passwords.temporary_password(store.env)
    made = passwords.hash_password(temporary, id=id)
    done = store.write(actor, lambda work: commands.open_account(work, id=id, password_hash=made, **facts))
    return Issued(done, temporary)


def issue_password(store: Store, actor: Actor, *, id: UUID, account_id: UUID, password: str | None = None) -> Issued:
    """Replace a forgotten password by a temporary one.

    Raises
    ------
    As `commands.reset_password`.
    """
    temporary = password or passwords.temporary_password(store.env)
    made = passwords.hash_password(temporary, id=id)
    done = store.write(
        actor,
        lambda work: commands.reset_password(work, id=id, account_id=account_id, password_hash=made),
    )
    return Issued(done, temporary)


def change_password(
    store: Store,
    actor: Actor,
    *,
    id: UUID,
    old: str,
    new: str,
    token: str | None = None,
    address: str = "",
) -> Done:
    """Change the own password after proving the old one; other sessions end, that of `token` goes on.

    Wrong old passwords are counted as failed sign-ins, so a screen left open is no place to guess.

    Raises
    ------
    NotSignedIn, WaitBeforeSigningIn, WeakPassword, NotPermitted
    """
    seen = prove(store, login=actor.login, password=old, address=address)
    policy = store.read(SYSTEM, lambda work: setting(work, "password_policy"))
    passwords.check_password(new, login=actor.login, policy=policy, old=old)
    made = passwords.hash_password(new, id=id)
    keep = token_digest(token) if token else None
    return store.write(
        actor,
        lambda work: commands.change_own_password(work, id=id, password_hash=made, seen_hash=seen, keep_session=keep),
    )


def actor_of(store: Store, login: str, *, via: str) -> Actor:
    """Return an active account as an actor, for the command line, where whoever opens the database is trusted.

    Raises
    ------
    NotFound
    """

    def look(work: Work) -> Actor:
        account_id = work.connection.execute(
            select(Account.id).where(Account.login == login.strip().lower(), Account.state == "active")
        ).scalar_one_or_none()
        if account_id is None:
            raise NotFound(kind="account", key=login[:40])
        return Actor(account_id, login.strip().lower(), via)

    return store.read(SYSTEM, look)
