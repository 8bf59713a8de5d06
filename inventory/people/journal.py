"""The journal 办理日志: every command begins and finishes here.

`begin` looks the id up (same id and facts: already done; same id, other facts: refused), checks role and scope, and
gives a `Deed`. `finish` writes the one entry: sequence and hash under the lock on the node's row, which is the last
lock that a transaction takes. Entries are never changed; a correction is another entry.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from inventory.core.base import Key
from inventory.core.canonical import canonical, fingerprint
from inventory.core.errors import BrokenInvariant, SameIdOtherFacts
from inventory.core.prepared import Prepared
from inventory.core.work import Work
from inventory.models import Journal, Node
from inventory.people import rules
from inventory.people.queries import here, permit

GENESIS = bytes(32)
_COUNTER_BITS = 16


@dataclass
class Done:
    """What a command answers: the entry, its outcome in plain values, and whether it had been done before."""

    id: UUID
    outcome: dict[str, Any]
    again: bool = False


@dataclass
class Deed:
    """A command under way: its id, what was asked, when it happened, what it has moved so far."""

    id: UUID
    kind: str
    asked: dict[str, Any]
    digest: bytes
    occurred_at: dt.datetime
    done: Done | None = None
    confirmed: frozenset[str] = frozenset()
    movements: list[list[Any]] = field(default_factory=list)
    noted: dict[str, Any] = field(default_factory=dict)
    """Further facts of the entry that its sender neither asked for nor is told (the readings of a count)."""


_BY_ID = Prepared(
    select(Journal.kind, Journal.fingerprint, Journal.facts).where(Journal.id == bindparam("id", type_=Key()))
)
# SQLite has one writer and no FOR UPDATE: there the clause is left out of the text.
_NODE_LOCKED = Prepared(
    select(Node.last_sequence, Node.head, Node.clock).where(Node.id == bindparam("id", type_=Key())).with_for_update()
)
_ADVANCE = Prepared(
    update(Node)
    .where(Node.id == bindparam("node"))
    .values(last_sequence=bindparam("sequence"), head=bindparam("digest"), clock=bindparam("tick"))
)
_INSERT = Prepared(insert(Journal), columns=Journal.__table__.columns.keys())
_COLUMNS = Journal.__table__.columns
# On PostgreSQL entry and node are written by one statement, which saves a journey there and back.
_RECORD = Prepared(
    insert(Journal)
    .values({column.key: bindparam(f"j_{column.key}", type_=column.type) for column in _COLUMNS})
    .add_cte(
        update(Node)
        .where(Node.id == bindparam("j_node_id", type_=Key()))
        .values(
            last_sequence=bindparam("j_sequence", type_=_COLUMNS.sequence.type),
            head=bindparam("j_hash", type_=_COLUMNS.hash.type),
            clock=bindparam("j_clock", type_=_COLUMNS.clock.type),
        )
        .cte("advanced")
    )
)


def begin(
    work: Work,
    *,
    id: UUID,
    kind: str,
    asked: dict[str, Any],
    at: rules.At,
    occurred_at: dt.datetime | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Deed:
    """Open a deed; when `deed.done` is set it was done before and the command returns that.

    Parameters
    ----------
    id
        Made by the sender before sending; it is the idempotency key.
    asked
        Everything that was asked for, in plain facts; its fingerprint tells a resend from another request.
    at
        Where the command acts, for the check of scope.
    occurred_at
        When it happened, as claimed; by default the instant of the transaction.

    Raises
    ------
    SameIdOtherFacts, NotPermitted, InTheFuture, TooLongAgo
    """
    if not work.writing:
        raise BrokenInvariant(f"{kind} needs a write transaction")
    grants = permit(work, kind, at)
    digest = fingerprint([kind, asked])
    deed = Deed(id, kind, asked, digest, occurred_at or work.now, confirmed=confirmed)
    work.twins.append(lambda connection: _BY_ID.run(connection, {"id": id}).first() is not None)
    before = _BY_ID.run(work.connection, {"id": id}).one_or_none()
    if before is not None:
        if bytes(before.fingerprint) != digest:
            raise SameIdOtherFacts(id=id, kind=before.kind)
        deed.done = Done(id, json.loads(bytes(before.facts))["outcome"], again=True)
        return deed
    if occurred_at is not None:
        _check_time(work, occurred_at, manager=any(grant.role == "manager" for grant in grants))
    return deed


def _check_time(work: Work, occurred_at: dt.datetime, *, manager: bool) -> None:
    """Refuse what happened in the future, or longer ago than this person may record."""
    ahead = occurred_at - work.now
    if ahead > dt.timedelta(minutes=rules.FUTURE_MINUTES_MAX):
        raise rules.InTheFuture(minutes=int(ahead.total_seconds() // 60))
    days = (work.now - occurred_at).days
    if days >= rules.BACKDATED_DAYS_MAX + 1 and not manager and work.actor.account_id is not None:
        raise rules.TooLongAgo(days=days, days_max=rules.BACKDATED_DAYS_MAX)


def finish(
    work: Work,
    deed: Deed,
    *,
    outcome: dict[str, Any],
    subject_id: UUID | None = None,
    incident_id: UUID | None = None,
    reverses_id: UUID | None = None,
    drill: bool = False,
) -> Done:
    """Write the entry of a deed and return its outcome. Call it last: it takes the lock on the node's row."""
    work.flush()
    node_id = here(work).id
    row = _NODE_LOCKED.run(work.connection, {"id": node_id}).one()
    facts = canonical({"asked": deed.asked, "movements": deed.movements, "outcome": outcome} | deed.noted)
    values: dict[str, Any] = {
        "id": deed.id,
        "node_id": node_id,
        "sequence": row.last_sequence + 1,
        "kind": deed.kind,
        "actor_id": work.actor.account_id,
        "via": work.actor.via,
        "subject_id": subject_id,
        "incident_id": incident_id,
        "reverses_id": reverses_id,
        "occurred_at": deed.occurred_at,
        "recorded_at": work.now,
        "arrived_at": work.now,
        "clock": tick(row.clock, work.now),
        "fingerprint": deed.digest,
        "facts": facts,
        "drill": drill,
        "algorithm": "sha256",
        "previous": bytes(row.head),
    }
    values["hash"] = link(values)
    if work.on_postgresql:
        _RECORD.run(work.connection, {f"j_{name}": value for name, value in values.items()})
        return Done(deed.id, json.loads(canonical(outcome)))
    _INSERT.run(work.connection, values)
    _ADVANCE.run(
        work.connection,
        {"node": node_id, "sequence": values["sequence"], "digest": values["hash"], "tick": values["clock"]},
    )
    return Done(deed.id, json.loads(canonical(outcome)))


def tick(last: int, now: dt.datetime) -> int:
    """Return the next hybrid clock: milliseconds since 1970 and a counter, above every one before."""
    return max(last + 1, int(now.timestamp() * 1000) << _COUNTER_BITS)


def link(values: dict[str, Any]) -> bytes:
    """Return the hash of an entry: sha256 of the previous hash, the header and the facts."""
    header = "|".join(
        (
            str(values["id"]),
            str(values["node_id"]),
            str(values["sequence"]),
            values["kind"],
            str(values["actor_id"] or ""),
            values["via"],
            str(values["subject_id"] or ""),
            str(values["incident_id"] or ""),
            str(values["reverses_id"] or ""),
            values["occurred_at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
            values["recorded_at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
            str(values["clock"]),
            values["fingerprint"].hex(),
            "1" if values["drill"] else "0",
            values["algorithm"],
        )
    )
    digest = hashlib.sha256(values["previous"])
    digest.update(header.encode())
    digest.update(b"\n")
    digest.update(values["facts"])
    return digest.digest()
