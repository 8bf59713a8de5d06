"""The check at every start: is this database safe to work on."""

from __future__ import annotations

from pysqlite3 import dbapi2 as fixed_sqlite
from sqlalchemy import select

from inventory import models
from inventory.core.append_only import missing_rules
from inventory.core.database import SQLITE_VERSION_MIN, sqlite_version
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import Journal, Node
from inventory.people.journal import GENESIS
from inventory.upkeep.migrating import head_revision, known_revisions, revision_of
from inventory.upkeep.rules import (
    ChainBroken,
    DatabaseBehind,
    DatabaseNewer,
    DemoNotWhole,
    RulesMissing,
    SqliteTooOld,
)


def check_start(store: Store) -> None:
    """Refuse to work on a database that is not what this program left behind.

    It looks at the version of SQLite, the revision of the schema, the append-only rules, whether the last entry of the
    journal is the one that the node's row names, and whether a demo district was loaded to its end. `verify` proves the
    rest; it takes longer.

    Raises
    ------
    SqliteTooOld, DatabaseBehind, DatabaseNewer, RulesMissing, ChainBroken, DemoNotWhole, DatabaseUnavailable
    """
    if store.file is not None and fixed_sqlite.sqlite_version_info < SQLITE_VERSION_MIN:
        raise SqliteTooOld(version=sqlite_version(), wanted=".".join(map(str, SQLITE_VERSION_MIN)))
    with store.reading(SYSTEM) as work:
        check_database(work)


def check_database(work: Work) -> None:
    """Check revision, rules and chain head of an open database; raises as `check_start` does."""
    wanted, revision = head_revision(), revision_of(work.connection)
    if revision is not None and revision not in known_revisions():
        raise DatabaseNewer(revision=revision, known=wanted)
    if revision != wanted:
        raise DatabaseBehind(revision=revision or "-", wanted=wanted)
    missing = missing_rules(work.connection, models.APPEND_ONLY, models.FROZEN_COLUMNS)
    if missing:
        raise RulesMissing(names=tuple(missing))
    for node in work.connection.execute(select(Node.id, Node.last_sequence, Node.head)):
        last = work.connection.execute(
            select(Journal.sequence, Journal.hash)
            .where(Journal.node_id == node.id)
            .order_by(Journal.sequence.desc())
            .limit(1)
        ).one_or_none()
        if (node.last_sequence, node.head) != (tuple(last) if last else (0, GENESIS)):
            raise ChainBroken(sequence=node.last_sequence, faults=1)
    _demo_is_whole(work)


def _demo_is_whole(work: Work) -> None:
    """Refuse half a demo district; `load_demo` ends with an entry about the node itself, its stages name nothing.

    On SQLite the district grows in a file aside and cannot be seen half-loaded; on PostgreSQL it grows in place.
    """
    if work.connection.dialect.name == "sqlite":
        return
    node_id = work.connection.execute(select(Node.id).where(Node.here, Node.demo)).scalar_one_or_none()
    if node_id is None:
        return
    whole = select(Journal.id).where(Journal.subject_id == node_id, Journal.kind == "load_demo").limit(1)
    if work.connection.execute(whole).first() is None:
        url = work.connection.engine.url
        raise DemoNotWhole(database=url.database or "")
