"""Strict reading of JSON files: every fault is collected with its path, nothing is rounded, guessed or skipped.

A file format is written as frozen dataclasses whose fields carry a *kind* (`Text`, `Whole`, `Day`, …). A kind reads
one JSON value, or notes a fault and returns `BAD`. `load` turns bytes into JSON values and notes what the standard
library would let through: NaN, repeated keys, other encodings, endless nesting.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from inventory.core.errors import Fault, FileRefused

FAULTS_KEPT = 1_000
TEXT_LENGTH_MAX = 500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

BAD: Any = object()
"""What a kind returns when it noted a fault."""

Row = TypeVar("Row")


class Faults:
    """The faults of one file; keeps the first thousand and counts them all."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []
        self.count = 0

    def add(self, code: str, path: str, **facts: Any) -> Any:
        """Note a fault at a JSON path and return `BAD`."""
        self.count += 1
        if len(self.found) < FAULTS_KEPT:
            self.found.append(Fault(code=code, column=path, facts=facts))
        return BAD

    def refuse(self) -> None:
        """Raise `FileRefused` with everything noted so far, if anything was."""
        if self.count:
            raise FileRefused(file=self.file, faults=tuple(self.found), count=self.count)


def shown(value: Any) -> str:
    """Return a value short enough for a sentence."""
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 40 else text[:39] + "…"


class Kind(Protocol):
    """Reads one JSON value and writes it back."""

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the value, or note a fault and return `BAD`."""

    def write(self, value: Any) -> Any:
        """Return the JSON value."""


@dataclass(frozen=True)
class Text:
    """Text of 1 to 500 characters that can be written as UTF-8 (a lone surrogate cannot)."""

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the text as it stands; nothing is trimmed."""
        if not isinstance(value, str):
            return faults.add("scenario_not_text", path, value=shown(value))
        if not 1 <= len(value) <= TEXT_LENGTH_MAX:
            return faults.add("scenario_text_length", path, length=len(value), most=TEXT_LENGTH_MAX)
        if any("\ud800" <= character <= "\udfff" for character in value):
            return faults.add("scenario_not_text", path, value=shown(value))
        return value

    def write(self, value: Any) -> Any:
        """Return the text."""
        return value


@dataclass(frozen=True)
class Reference(Text):
    """The id of a row in another section."""

    section: str


@dataclass(frozen=True)
class Choice(Text):
    """One of a closed set of texts."""

    allowed: tuple[str, ...]

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the text if it is one of the set."""
        if not isinstance(value, str) or value not in self.allowed:
            return faults.add("scenario_not_allowed", path, value=shown(value), allowed=self.allowed)
        return value


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`; 12.0 and true are not whole numbers."""

    low: int
    high: int

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the number."""
        if type(value) is not int:
            return faults.add("scenario_not_whole", path, value=shown(value))
        if not self.low <= value <= self.high:
            shown_value = shown(str(value)) if abs(value) < 10**40 else "10^40…"
            return faults.add("scenario_out_of_range", path, value=shown_value, low=self.low, high=self.high)
        return value

    def write(self, value: Any) -> Any:
        """Return the number."""
        return value


@dataclass(frozen=True)
class Degrees:
    """A coordinate in degrees, from `-limit` to `limit`; kept as a float, -0.0 as 0.0."""

    limit: int

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the degrees as a float."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return faults.add("scenario_not_a_number", path, value=shown(value))
        if not -self.limit <= value <= self.limit:  # false for NaN too
            return faults.add("scenario_out_of_range", path, value=shown(value), low=-self.limit, high=self.limit)
        return float(value) + 0.0

    def write(self, value: Any) -> Any:
        """Return the degrees."""
        return value


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the flag."""
        return value if isinstance(value, bool) else faults.add("scenario_not_a_flag", path, value=shown(value))

    def write(self, value: Any) -> Any:
        """Return the flag."""
        return value


@dataclass(frozen=True)
class Day:
    """A day written YYYY-MM-DD."""

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the day."""
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            return faults.add("scenario_not_a_day", path, value=shown(value))
        try:
            return dt.date.fromisoformat(value)
        except ValueError:  # a 30th of February
            return faults.add("scenario_not_a_day", path, value=shown(value))

    def write(self, value: Any) -> Any:
        """Return YYYY-MM-DD."""
        return value.isoformat()


@dataclass(frozen=True)
class Several:
    """A list of different values of one kind, kept in the order of the file."""

    kind: Text

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return the values as a tuple."""
        if not isinstance(value, (list, tuple)):
            return faults.add("scenario_not_a_list", path, value=shown(value))
        read = [self.kind.read(item, f"{path}[{at}]", faults) for at, item in enumerate(value)]
        if any(item is BAD for item in read):
            return BAD
        if len(set(read)) < len(read):
            return faults.add("scenario_duplicate", path, value=shown(read))
        return tuple(read)

    def write(self, value: Any) -> Any:
        """Return a list."""
        return list(value)


@dataclass(frozen=True)
class Graded:
    """An object of whole numbers by code, kept sorted by code."""

    kind: Whole

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return pairs (code, number)."""
        if not isinstance(value, Mapping):
            return faults.add("scenario_not_an_object", path, value=shown(value))
        pairs = [
            (Text().read(code, path, faults), self.kind.read(level, f"{path}.{shown(code)}", faults))
            for code, level in value.items()
        ]
        return BAD if any(BAD in (code, level) for code, level in pairs) else tuple(sorted(pairs))

    def write(self, value: Any) -> Any:
        """Return an object."""
        return dict(value)


@dataclass(frozen=True)
class Ratio:
    """A positive whole number n, or [n, d]; kept as the pair in lowest terms."""

    high: int

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """Return (n, d)."""
        parts = value if isinstance(value, (list, tuple)) else (value, 1)
        if len(parts) != 2 or any(type(part) is not int for part in parts):
            return faults.add("scenario_not_a_ratio", path, value=shown(value))
        if not all(1 <= part <= self.high for part in parts):
            return faults.add("scenario_not_a_ratio", path, value=shown(value))
        divisor = math.gcd(*parts)
        return (parts[0] // divisor, parts[1] // divisor)

    def write(self, value: Any) -> Any:
        """Return [n, d], or n where d is 1."""
        return value[0] if value[1] == 1 else list(value)


def required(kind: Kind) -> Any:
    """Return a dataclass field that a file must give."""
    return field(metadata={"kind": kind})


def optional(kind: Kind, default: Any = None) -> Any:
    """Return a dataclass field that a file may leave out."""
    return field(default=default, metadata={"kind": kind})


def read_row(shape: type[Row], value: Any, path: str, faults: Faults) -> Row | None:
    """Return one frozen row of dataclass `shape`, or None when faults were noted."""
    if not isinstance(value, Mapping):
        faults.add("scenario_not_an_object", path, value=shown(value))
        return None
    fields = {part.name: part for part in dataclasses.fields(shape)}  # type: ignore[arg-type]
    bad = False
    for key in value:
        if key not in fields:
            faults.add("scenario_unknown_key", f"{path}.{shown(key)}", key=shown(key))
            bad = True
    read: dict[str, Any] = {}
    for name, part in fields.items():
        if name in value:
            read[name] = part.metadata["kind"].read(value[name], f"{path}.{name}", faults)
            bad = bad or read[name] is BAD
        elif part.default is dataclasses.MISSING:
            faults.add("scenario_missing_key", f"{path}.{name}", key=name)
            bad = True
    return None if bad else shape(**read)


def write_row(row: Any) -> dict[str, Any]:
    """Return the JSON object of a row; every key stands, except those that are None."""
    written = {part.name: (part, getattr(row, part.name)) for part in dataclasses.fields(row)}
    return {name: part.metadata["kind"].write(value) for name, (part, value) in written.items() if value is not None}


def load(data: bytes, faults: Faults, *, size_max: int, prefix: str = "scenario") -> Any:
    """Return the JSON value of a file, or `BAD` with faults noted.

    Parameters
    ----------
    data
        The file; UTF-8 with or without a byte order mark.
    size_max
        Bytes; a longer file is not parsed at all.
    prefix
        Beginning of the fault codes: "scenario" or "plan".
    """
    if len(data) > size_max:
        return faults.add(f"{prefix}_too_large", "", size=len(data), most=size_max)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return faults.add(f"{prefix}_not_utf8", "", offset=error.start)
    strange: list[tuple[str, str]] = []
    try:
        value = json.loads(
            text,
            parse_constant=lambda word: strange.append((f"{prefix}_not_finite", word)),
            object_pairs_hook=_pairs(strange, f"{prefix}_repeated_key"),
        )
    except RecursionError:
        return faults.add(f"{prefix}_too_deep", "")
    except json.JSONDecodeError as error:
        return faults.add(f"{prefix}_not_json", "", line=error.lineno, position=error.colno)
    except ValueError:  # a number of more than 4,300 digits
        return faults.add(f"{prefix}_not_json", "", line=0, position=0)
    for code, word in strange:
        faults.add(code, shown(word), value=shown(word))
    return BAD if strange else value


def _pairs(strange: list[tuple[str, str]], code: str) -> Callable[[Sequence[tuple[str, Any]]], dict[str, Any]]:
    """Return a hook that builds objects and notes keys that stand twice, where JSON would keep the last."""

    def build(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            keys = [key for key, _ in pairs]
            strange.extend((code, key) for key in sorted({key for key in keys if keys.count(key) > 1}))
        return built

    return build
