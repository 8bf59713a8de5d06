"""Refusals as data: a stable code and typed facts, no prose.

A `Refusal` is an expected "no" on which the user can act. Its words stand in the `sentences.py` of the room that
raises it and are made at the edge by `inventory.speech`. `BrokenInvariant` is a programmer's error or a damaged
database and is never shown as advice.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True)
class Name:
    """A name of data in both languages; English falls back to Chinese."""

    zh: str
    en: str | None = None


@dataclass(eq=False)
class Refusal(Exception):
    """An expected "no": the user can act on it. Subclasses name their facts as fields."""

    code: ClassVar[str] = "refused"

    @property
    def facts(self) -> dict[str, Any]:
        """Return the typed facts by name (`Name`, int, str, date, datetime, UUID, or tuples of these)."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def __str__(self) -> str:
        return f"{self.code}: {self.facts}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle by `args`, which dataclasses leave empty; refusals cross process borders.
        return (type(self), tuple(self.facts.values()))


@dataclass(eq=False)
class NeedsConfirmation(Refusal):
    """Allowed when the user says so: the same command with `confirmed` naming this code is done."""

    code: ClassVar[str] = "needs_confirmation"


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where it stands, a code and facts. Words are made at the edge, as for refusals.

    `row` counts from 1 as in the spreadsheet (the heading is row 1), 0 for the file as a whole; `column` is the
    heading or the path to the value, empty where the whole row is meant.
    """

    code: str
    row: int = 0
    column: str = ""
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(eq=False)
class FileRefused(Refusal):
    """A file has faults; nothing of it was taken over."""

    code: ClassVar[str] = "file_refused"
    file: str
    faults: tuple[Fault, ...]
    count: int


@dataclass(eq=False)
class SameIdOtherFacts(Refusal):
    """The id was used before, for another entry: answering "already done" would lose this one."""

    code: ClassVar[str] = "same_id_other_facts"
    id: UUID
    kind: str


@dataclass(eq=False)
class NotFound(Refusal):
    """There is no such thing, or not in what this person may see."""

    code: ClassVar[str] = "not_found"
    kind: str
    key: str


@dataclass(eq=False)
class StalePage(Refusal):
    """The row was changed after the screen read it."""

    code: ClassVar[str] = "stale_page"
    kind: str
    key: str


@dataclass(eq=False)
class WrongState(Refusal):
    """The document is in a state from which this step does not lead."""

    code: ClassVar[str] = "wrong_state"
    kind: str
    key: str
    state: str
    wanted: str


@dataclass(eq=False)
class DatabaseBusy(Refusal):
    """Another process kept the database locked beyond the time limit; nothing was written."""

    code: ClassVar[str] = "database_busy"
    seconds: int


@dataclass(eq=False)
class DiskFull(Refusal):
    """The disk has no room; nothing of this entry was written."""

    code: ClassVar[str] = "disk_full"


@dataclass(eq=False)
class DatabaseUnavailable(Refusal):
    """The database cannot be reached or opened."""

    code: ClassVar[str] = "database_unavailable"
    reason: str


class BrokenInvariant(Exception):
    """Something that cannot be has happened; not for users, and not an `assert`, which `python -O` drops."""
