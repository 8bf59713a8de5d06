"""What stands on each paper, as plain frozen values: no database object, no session, no float.

Each paper's digest is taken over the canonical form of these values (`facts_of`). A field that is added to a shape of
which papers were issued is written `name: type = later(default)`: where it has its default it is no part of that form,
so stored papers keep the digest that was printed on them. Instants are aware; days are days.
Quantities are whole base units (1 or more on an order), weights whole grams.

A paper refuses to exist when it would be misleading: no lines, a quantity below 1, a naive instant, a key that is
not digits. It does not check the trade (who may order what): that was done before the paper.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from inventory.core.errors import BrokenInvariant, Name, Refusal

NO_NAME = Name("")
NUMBER_LENGTH_MAX = 60
LENGTHS_MAX = {"issuer": 120, "document_number": 60, "urgency": 20}
"""Characters; these stand in places of fixed size on a letter. Every other text may be of any length."""


@dataclass(eq=False)
class EmptyPaper(Refusal):
    """A paper without lines orders, picks, counts or hands over nothing."""

    code: ClassVar[str] = "empty_paper"
    kind: str
    number: str


@dataclass(eq=False)
class BadPaperValue(Refusal):
    """A value that would be printed wrong or misread: named by its field and, where it has one, its line (else 0)."""

    code: ClassVar[str] = "bad_paper_value"
    kind: str
    number: str
    field: str
    line: int
    value: str


def later(default: Any) -> Any:
    """Return a field that was added after papers of its shape were issued; `default` is how they were printed."""
    return dataclasses.field(default=default, metadata={"later": True})


def facts_of(value: Any) -> Any:
    """Return a paper as plain facts, without the later fields that have their default: what is kept and signed."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: facts_of(getattr(value, one.name))
            for one in dataclasses.fields(value)
            if not (one.metadata.get("later") and getattr(value, one.name) == one.default)
        }
    if isinstance(value, tuple):
        return [facts_of(item) for item in value]
    return value


@dataclass(frozen=True)
class Contact:
    """A person to be called. Both are printed as they are; empty means "to be written in by hand"."""

    name: str = ""
    phone: str = ""


NOBODY = Contact()


@dataclass(frozen=True)
class Party:
    """A unit that sends or receives: who it is, the exact place (site, address), whom to call there."""

    unit: Name
    place: Name
    contact: Contact = NOBODY


@dataclass(frozen=True)
class VerbalOrder:
    """The order was given by word of mouth; the paper follows before `paperwork_due_at` (48 hours by default)."""

    given_by: str
    given_at: dt.datetime
    taken_by: str = ""
    paperwork_due_at: dt.datetime | None = None


@dataclass(frozen=True)
class Override:
    """A rule was set aside in an emergency: by whom, when and why, in the words that were recorded."""

    by: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True)
class LedgerHead:
    """The head of the ledger's hash chain when the paper was issued: whoever holds the paper can prove the books."""

    node: str
    sequence: int
    hash_hex: str


@dataclass(frozen=True)
class Paper:
    """What every paper has: its number as people read it and its revision, 1 or more.

    `kind` names it in the program, `mark` (one to three capital letters) in the text of its QR code; `needs_lines`
    papers refuse to exist without lines. Only `sealed` papers are signed: a label names a thing, it orders and proves
    nothing. Only `kept` papers have an issue in the database; a register is sealed, and the ledger itself keeps it.
    """

    kind: ClassVar[str]
    mark: ClassVar[str]
    needs_lines: ClassVar[bool] = True
    sealed: ClassVar[bool] = True
    kept: ClassVar[bool] = True

    number: str
    revision: int

    def __post_init__(self) -> None:
        _check(self)


def _check(paper: Any) -> None:
    """Raise `EmptyPaper` or `BadPaperValue`; a naive instant is a programmer's error."""
    kind = paper.kind
    if paper.needs_lines and not paper.lines:
        raise EmptyPaper(kind=kind, number=paper.number)

    def refuse(field: str, value: object, line: int = 0) -> None:
        raise BadPaperValue(kind=kind, number=paper.number, field=field, line=line, value=str(value)[:80])

    if not paper.number.strip() or len(paper.number) > NUMBER_LENGTH_MAX:
        refuse("number", paper.number)
    if paper.revision < 1:
        refuse("revision", paper.revision)
    _walk(paper, kind)
    for field, longest in LENGTHS_MAX.items():
        text = getattr(paper, field, "")
        names = (text.zh, text.en or "") if isinstance(text, Name) else (text,)
        for text in names:
            if len(text) > longest:
                refuse(field, text)
    keys: set[str] = set()
    for position, line in enumerate(getattr(paper, "lines", ()), 1):
        for field in ("quantity",):
            if getattr(line, field, 1) < 1:
                refuse(field, getattr(line, field), position)
        for field in ("packages", "weight_grams", "received", "damaged", "short"):
            if (getattr(line, field, None) or 0) < 0:
                refuse(field, getattr(line, field), position)
        key = getattr(line, "key", None)
        if key is not None:
            if not (4 <= len(key) <= 12 and key.isascii() and key.isdigit()) or key in keys:
                refuse("key", key, position)
            keys.add(key)


def _walk(value: Any, path: str) -> None:
    """Raise `BrokenInvariant` for a naive instant or a float anywhere in the paper."""
    if isinstance(value, float):
        raise BrokenInvariant(f"float on a paper: {path}={value!r}")
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise BrokenInvariant(f"naive instant on a paper: {path}={value!r}")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            _walk(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for position, item in enumerate(value, 1):
            _walk(item, f"{path}[{position}]")
