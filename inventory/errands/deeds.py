"""What errands that write have in common: the account, the id, the answer, and what comes next."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inventory.core.words import N_
from inventory.core.work import Actor, Store, Work
from inventory.errands.finding import find
from inventory.errands.frame import Answer, Terminal, deed_id, who
from inventory.people.journal import Done


@dataclass(frozen=True)
class Desk:
    """An open database with the person who acts and the id of the deed."""

    terminal: Terminal
    store: Store
    actor: Actor
    id: UUID

    def do(self, command: Callable[..., Done], **facts: Any) -> Done:
        """Give one command in a transaction of its own."""
        return self.store.write(self.actor, lambda work: command(work, id=self.id, **facts))

    def ask(self, query: Callable[..., Any], **facts: Any) -> Any:
        """Ask one query on a snapshot, as this person."""
        return self.store.read(self.actor, lambda work: query(work, **facts))

    def find(self, kind: str, key: str) -> UUID:
        """Return the id of what the person names; raises `NotFound`."""
        return find(self.store, kind, key)

    def answer(self, done: Done, line: str, *further: str, **facts: Any) -> Answer:
        """Return what was done: the outcome of the entry and the given facts, a line for people, what comes next."""
        lines = [line, *further]
        if done.again:
            lines.insert(0, self.terminal.say(N_("This was done before with the same id; nothing was added.")))
        return Answer({"id": done.id, "again": done.again, **done.outcome, **facts}, tuple(lines))

    def say(self, msgid: str, **facts: Any) -> str:
        """Return a text in the language of the terminal."""
        return self.terminal.say(msgid, **facts)


@contextmanager
def desk(terminal: Terminal, asked: argparse.Namespace) -> Iterator[Desk]:
    """Open the database for the account of `--as`.

    Raises
    ------
    NotFound, NotFounded, and what `upkeep.check_start` raises.
    """
    with terminal.store() as store:
        yield Desk(terminal, store, who(store, asked), deed_id(store, asked))


def row_of(work: Work, table: type[Any], id: UUID) -> Any:
    """Return a row by its id; it is known to be there."""
    return work.session.get_one(table, id)
