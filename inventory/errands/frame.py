"""What every errand stands on: the terminal it speaks to, the answer it gives, and the way it is described.

Facts go to standard output as one JSON object when `--json` is asked for; otherwise lines for people go there.
Warnings, progress and refusals go to standard error, so a pipe never carries a stray word.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from inventory.core.canonical import plain
from inventory.core.env import Env
from inventory.core.errors import Name
from inventory.core.settings import Settings
from inventory.core.words import choose, fill, tell
from inventory.core.work import SYSTEM, Actor, Store
from inventory.errands.rules import BadEnvironment, FileUnreadable, FileUnwritable, NotFounded
from inventory.models import Node
from inventory.people.accounts import actor_of
from inventory.speech import state_word
from inventory.upkeep import check_start
from inventory.upkeep.rules import ChainBroken, RulesMissing

BACKENDS = ("sqlite", "postgresql")
FILE_BYTES_MAX = 64 * 1024 * 1024
"""No file that an errand reads whole is larger."""


@dataclass(frozen=True)
class Answer:
    """What an errand did.

    Parameters
    ----------
    facts
        The JSON object for programs; ids, instants and days may stand in it as they are.
    lines
        The same for people, already in their language.
    problem
        True when the errand ran but found something wrong: exit code 1.
    raw
        Bytes to write to standard output as they are instead of lines (a file that was asked for as `-`).
    """

    facts: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    problem: bool = False
    raw: bytes | None = None


Arguments = Callable[[argparse.ArgumentParser], None]


@dataclass(frozen=True)
class Errand:
    """One command: its words ("count open"), one sentence of help (a msgid), its arguments and what it runs."""

    words: str
    help: str
    run: Callable[[Terminal, argparse.Namespace], Answer]
    arguments: Arguments = lambda parser: None
    writes: bool = False
    """Whether it changes the inventory: then `--as LOGIN` is needed and `--id UUID` understood."""


@dataclass
class Terminal:
    """Who speaks to us: language, streams, settings; and the database, opened when an errand asks for it."""

    language: str
    wants_json: bool = False
    input: TextIO = field(default_factory=lambda: sys.stdin)
    errors: TextIO = field(default_factory=lambda: sys.stderr)
    _settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """Return what the environment decides.

        Raises
        ------
        BadEnvironment
        """
        if self._settings is None:
            try:
                settings = Settings()
                backend = make_url(settings.url).get_backend_name()
            except (ValueError, ArgumentError) as error:
                raise BadEnvironment(reason=str(error)[:200]) from error
            if backend not in BACKENDS:
                raise BadEnvironment(reason=f"DATABASE_URL={backend}:")
            self._settings = settings
        return self._settings

    def say(self, msgid: str, **facts: Any) -> str:
        """Return a text in the language of this terminal, with its facts."""
        return fill(msgid, facts, self.language)

    def name(self, names: Name) -> str:
        """Return a name in the language of this terminal."""
        return choose(names, self.language)

    def tell(self, value: Any) -> str:
        """Return one value as people read it; nothing is an empty cell."""
        return "" if value is None else tell(value, self.language)

    def state(self, kind: str, state: str) -> str:
        """Return the word for a state of an "order", "request", "incident" or "count"."""
        return state_word(kind, state, self.language)

    def note(self, text: str) -> None:
        """Write a line to standard error: progress, warnings, refusals."""
        print(text, file=self.errors, flush=True)

    @contextmanager
    def store(self, *, unchecked: bool = False) -> Iterator[Store]:
        """Open the database; `unchecked` opens one whose rules or chain are broken too, so that they can be proven.

        Raises
        ------
        NotFounded, and what `upkeep.check_start` raises.
        """
        settings = self.settings
        opened = Store(settings.url, Env.real(settings.home), lock_seconds=settings.lock_seconds)
        try:
            with suppress(*((RulesMissing, ChainBroken) if unchecked else ())):
                check_start(opened)
            if not is_founded(opened):
                raise NotFounded()
            yield opened
        finally:
            opened.close()

    def read_file(self, name: str, *, size_max: int = FILE_BYTES_MAX) -> bytes:
        """Read a file whole, `-` for standard input.

        Raises
        ------
        FileUnreadable
        """
        try:
            if name == "-":
                data = self.input.buffer.read(size_max + 1)
            else:
                with Path(name).open("rb") as source:
                    data = source.read(size_max + 1)
        except OSError as error:
            raise FileUnreadable(file=name, reason=error.strerror or str(error)) from error
        if len(data) > size_max:
            raise FileUnreadable(file=name, reason=f">{size_max // 2**20}MB")
        return data

    def write_file(self, name: str, data: bytes) -> None:
        """Write a file whole, replacing what was there only when everything is written.

        Raises
        ------
        FileUnwritable
        """
        path = Path(name)
        partial = path.with_name(path.name + ".partial")
        try:
            try:
                partial.write_bytes(data)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            raise FileUnwritable(file=name, reason=error.strerror or str(error)) from error


def is_founded(store: Store) -> bool:
    """Return whether the database holds a district."""
    with store.reading(SYSTEM) as work:
        return work.connection.execute(select(Node.id).where(Node.here)).first() is not None


def who(store: Store, asked: argparse.Namespace) -> Actor:
    """Return the account named by `--as`.

    Raises
    ------
    NotFound
    """
    return actor_of(store, asked.login, via="cli")


def deed_id(store: Store, asked: argparse.Namespace) -> UUID:
    """Return the id of the deed: the one given with `--id`, else a fresh one."""
    given: UUID | None = asked.id
    return given or store.env.new_id()


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Return rows under their heads as lines of text; wide signs count as two columns."""
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def to_json(facts: dict[str, Any]) -> str:
    """Return facts as one JSON object; floats (seconds, ratios) may stand in them."""
    return json.dumps(facts, ensure_ascii=False, default=_plainly)


def _plainly(value: Any) -> Any:
    if isinstance(value, Name):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, bytes):
        return value.hex()
    return plain(value)
