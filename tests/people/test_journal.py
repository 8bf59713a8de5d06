"""The journal: one entry a deed, however often it is sent; a chain that proves itself; numbers without gaps."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from inventory.core.env import Env
from inventory.core.errors import SameIdOtherFacts
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import Journal, Node
from inventory.people.chain import ChainFault, verify_chain
from inventory.people.commands import change_setting
from inventory.people.journal import Done, begin, finish
from inventory.people.numbering import number
from inventory.people.rules import DISTRICT, InTheFuture, NotPermitted, TooLongAgo
from inventory.people.stories import entry, newest_entries, story_of
from tests.people.conftest import Cast


def entries(store: Store) -> int:
    """Return how many entries the journal has."""
    with store.reading(SYSTEM) as work:
        return work.connection.execute(select(func.count(Journal.id))).scalar_one()


def deed(id: UUID, **asked: Any) -> Callable[[Work], Done]:
    """Return a job that takes a number and writes one entry."""

    def job(work: Work) -> Done:
        opened = begin(work, id=id, kind="change_setting", asked=asked, at=DISTRICT)
        if opened.done:
            return opened.done
        return finish(work, opened, outcome={"number": number(work, "order")[0]}, subject_id=id)

    return job


def test_the_same_deed_twice_is_done_once(store: Store, cast: Cast) -> None:
    """The second sending is answered with the outcome of the first, and marked so."""
    before, id = entries(store), uuid4()
    first = store.write(cast.manager, deed(id, what=1))
    second = store.write(cast.manager, deed(id, what=1))
    assert (first.again, second.again) == (False, True)
    assert second.outcome == first.outcome
    assert entries(store) == before + 1


def test_the_same_id_with_other_facts_is_refused(store: Store, cast: Cast) -> None:
    """Answering "done" would lose what was entered the second time."""
    before, id = entries(store), uuid4()
    store.write(cast.manager, deed(id, what=1))
    with pytest.raises(SameIdOtherFacts):
        store.write(cast.manager, deed(id, what=2))
    assert entries(store) == before + 1


@pytest.mark.parametrize("facts", [(1, 1), (1, 2)])
def test_twins_at_the_same_moment(store: Store, cast: Cast, facts: tuple[int, int]) -> None:
    """Two sendings of one id race: one entry; the other is told "done", or refused when its facts differ."""
    actor = cast.manager
    for _ in range(10):
        before, id, barrier = entries(store), uuid4(), threading.Barrier(2)
        answers: list[Any] = []

        def send(
            what: int,
            id: UUID = id,
            barrier: threading.Barrier = barrier,
            answers: list[Any] = answers,
        ) -> None:
            barrier.wait()
            try:
                answers.append(store.write(actor, deed(id, what=what)))
            except SameIdOtherFacts as refusal:
                answers.append(refusal)

        threads = [threading.Thread(target=send, args=(what,)) for what in facts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert entries(store) == before + 1
        done = [answer for answer in answers if isinstance(answer, Done)]
        if facts[0] == facts[1]:
            assert sorted(answer.again for answer in done) == [False, True]
            assert done[0].outcome == done[1].outcome
        else:
            assert [answer.again for answer in done] == [False]


def test_many_writers_keep_one_chain_and_gapless_numbers(store: Store, cast: Cast) -> None:
    """Eight threads of ten entries each: the chain holds and the paper numbers have no gap."""
    actor, told = cast.manager, []

    def write() -> None:
        for _ in range(10):
            told.append(store.write(actor, deed(uuid4())).outcome["number"])

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(text.rsplit("-", 1)[1]) for text in told) == list(range(1, 81))
    with store.reading(SYSTEM) as work:
        assert verify_chain(work) == []
        clocks = work.connection.execute(select(Journal.clock).order_by(Journal.sequence)).scalars().all()
    assert clocks == sorted(set(clocks))


def test_a_refused_entry_takes_no_number(store: Store, cast: Cast) -> None:
    """What fails after taking a number gives it back."""

    def fails(work: Work) -> None:
        number(work, "order")
        raise NotPermitted(command="x", roles=())

    with pytest.raises(NotPermitted):
        store.write(cast.manager, fails)
    assert store.write(cast.manager, deed(uuid4())).outcome["number"].endswith("-000001")


def test_when_it_is_said_to_have_happened(store: Store, cast: Cast, env: Env) -> None:
    """Not in the future; yesterday anybody; earlier a manager only."""

    def at(moment: dt.datetime) -> Callable[[Work], Done]:
        def job(work: Work) -> Done:
            facts = {"asked": {}, "at": DISTRICT, "occurred_at": moment}
            return finish(work, begin(work, id=uuid4(), kind="change_own_password", **facts), outcome={})

        return job

    now = env.now.instant
    with pytest.raises(InTheFuture):
        store.write(cast.clerk, at(now + dt.timedelta(minutes=10)))
    store.write(cast.clerk, at(now - dt.timedelta(hours=40)))
    with pytest.raises(TooLongAgo):
        store.write(cast.clerk, at(now - dt.timedelta(days=3)))
    store.write(cast.manager, at(now - dt.timedelta(days=3)))


def test_the_story_of_a_document(store: Store, cast: Cast) -> None:
    """Who, when, why: oldest first for one document, newest first for all."""
    subject = uuid4()
    store.write(cast.manager, deed(subject, why="flood"))
    (told,) = story_of_all(store, subject)
    assert (told.login, told.kind, told.asked) == ("manager", "change_setting", {"why": "flood"})
    with store.reading(SYSTEM) as work:
        assert newest_entries(work, limit=1) == [told]
        assert newest_entries(work, kinds=["found_district"])[0].actor is None
        assert entry(work, subject) == told
        assert entry(work, uuid4()) is None


def story_of_all(store: Store, subject: UUID) -> list[Any]:
    """Return the story of a document."""
    with store.reading(SYSTEM) as work:
        return story_of(work, subject)


TAMPERINGS = {
    "a fact": ("UPDATE journal SET facts = :other WHERE sequence = 3", "changed"),
    "who did it": ("UPDATE journal SET via = 'api' WHERE sequence = 3", "changed"),
    "when it happened": (
        "UPDATE journal SET occurred_at = recorded_at, clock = clock + 1 WHERE sequence = 3",
        "changed",
    ),
    "an entry taken out": ("DELETE FROM journal WHERE sequence = 3", "gap"),
    "the last entry taken out": (
        "DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal)",
        "head",
    ),
    "two entries exchanged": (
        "UPDATE journal SET sequence = CASE sequence WHEN 3 THEN 1004 ELSE 1003 END WHERE sequence IN (3, 4)",
        "gap",
    ),
    "another hash": ("UPDATE journal SET hash = :digest WHERE sequence = 3", "changed"),
    "another head": ("UPDATE node SET head = :digest", "head"),
    "another algorithm": ("UPDATE journal SET algorithm = 'none' WHERE sequence = 3", "algorithm"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_changed_past_the_program_is_found(store: Store, what: str) -> None:
    """Somebody with the database file in hand switches the rules off and changes one thing: the chain tells where."""
    attack, code = TAMPERINGS[what]
    with store.reading(SYSTEM) as work:
        assert verify_chain(work) == []
    with store.reader.connect() as connection, connection.begin():
        triggers = ("update", "delete") if store.file else ("change",)
        for name in triggers:
            connection.execute(text(f"DROP TRIGGER journal_no_{name}" + ("" if store.file else " ON journal")))
        if store.file:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        values = {"other": b'{"asked":{},"movements":[],"outcome":{}}', "digest": b"\x07" * 32}
        tampered = text(attack)
        if "DELETE" in attack:
            without_references(connection)
        connection.execute(tampered, {name: value for name, value in values.items() if f":{name}" in attack})
    with store.reading(SYSTEM) as work:
        found = verify_chain(work)
    assert code in {fault.code for fault in found}
    if code in {"changed", "algorithm"}:
        assert found[0] == ChainFault(found[0].code, "WS", 3, found[0].entry_id)


def without_references(connection: Any) -> None:
    """Let entries go whose rows refer to them, as an attacker with the file would."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    names = [
        row[0]
        for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        if row[0] not in {"journal", "node", "alembic_version"}
    ]
    for _ in range(2):
        for name in names:
            triggers = (
                connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
                    {"t": name},
                )
                .scalars()
                .all()
            )
            for trigger in triggers:
                connection.execute(text(f"DROP TRIGGER {trigger}"))
            connection.execute(text(f'DELETE FROM "{name}"'))


def test_a_stale_setting_page_is_refused(store: Store, cast: Cast) -> None:
    """The entry that a page saw last must still be the last."""
    facts = {"key": "session_hours", "value": "20"}
    first = store.write(cast.manager, lambda work: change_setting(work, id=uuid4(), **facts))
    again = store.write(
        cast.manager,
        lambda work: change_setting(work, id=uuid4(), key="session_hours", value="8", seen=first.id),
    )
    assert (again.outcome["before"], again.outcome["after"]) == ("20", "8")
    with store.reading(SYSTEM) as work:
        assert work.connection.execute(select(Node.last_sequence)).scalar_one() == entries(store)
