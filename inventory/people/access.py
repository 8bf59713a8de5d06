"""The access log: sign-ins and refused actions, append-only, of this node only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.models import AccessLog

_LOGIN_MAX = 40


def log_access(
    work: Work,
    account_id: UUID | None,
    login: str,
    action: str,
    subject_id: UUID | None,
    outcome: str,
    address: str,
) -> None:
    """Write one line of the access log."""
    row = {
        "id": work.env.new_id(),
        "at": work.now,
        "account_id": account_id,
        "login": login[:_LOGIN_MAX],
        "action": action[:40],
        "subject_id": subject_id,
        "outcome": outcome[:40],
        "address": address[:64],
    }
    work.connection.execute(insert(AccessLog), row)


def note_refusal(
    store: Store,
    actor: Actor,
    *,
    action: str,
    code: str,
    subject_id: UUID | None = None,
    address: str = "",
) -> None:
    """Write a refused action into the access log; the edge calls it after `NotPermitted` and the like."""
    store.write(
        SYSTEM,
        lambda work: log_access(work, actor.account_id, actor.login, action, subject_id, code, address),
    )
