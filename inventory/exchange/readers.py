"""Readers of one cell: what a person typed, or a spreadsheet stored, becomes a value or a fault. Pure.

Nothing is guessed: a date without a day, a quantity with a unit behind it, a number where the spreadsheet has lost
digits are faults. What people do type is read: full-width digits, thousands commas, 2026年11月23日, a code that the
spreadsheet took for a number.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from inventory.core.errors import Name
from inventory.core.quantities import NotAQuantity, read_quantity
from inventory.exchange.reading import Cell

FIRST_DAY = dt.date(1990, 1, 1)
LAST_DAY = dt.date(2150, 12, 31)
_EXACT_INTEGER = 10**15
_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2})|\u5e74([0-9]{1,2})\u6708([0-9]{1,2})\u65e5|([0-9]{2})([0-9]{2}))"
)
_MONEY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_COMMAS = re.compile(r"[,;\uff0c\uff1b\u3001]")


class CellFault(Exception):
    """A cell does not hold what its column asks for."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def shown(value: Cell) -> str:
    """Return a cell as its fault quotes it: short, whole numbers without the point that spreadsheets store."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGER:
        return str(int(value))
    return str(value)[:40]


def normal(text: str) -> str:
    """Return text for comparing: full width made half, blanks made one, no case."""
    wide = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(wide.split()).casefold()


def as_text(value: Cell) -> str:
    """Return a cell as text; raises `CellFault` for what has no one spelling (dates, yes/no, broken numbers)."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, dt.date, dt.datetime)) or value is None:
        raise CellFault("not_text", text=shown(value))
    if not math.isfinite(value):
        raise CellFault("not_text", text=shown(value))
    if abs(value) >= _EXACT_INTEGER:
        # Spreadsheets keep 15 digits; what stands behind them is zeros, not the code on the label.
        raise CellFault("number_too_long", text=shown(value))
    if value != int(value):
        raise CellFault("not_text", text=shown(value))
    return str(int(value))


@dataclass(frozen=True)
class Text:
    """One line of free text of at most `characters`."""

    characters: int = 200

    def __call__(self, value: Cell) -> str:
        """Return the text as typed."""
        text = as_text(value)
        if "\n" in text or "\r" in text:
            raise CellFault("line_break")
        if len(text) > self.characters:
            raise CellFault("longer_than_allowed", length=len(text), limit=self.characters)
        return text


@dataclass(frozen=True)
class Code:
    """A code: one line without inner blanks, full width made half, so that what looks the same is the same."""

    characters: int = 40

    def __call__(self, value: Cell) -> str:
        """Return the code."""
        text = unicodedata.normalize("NFKC", Text(2_000)(value)).strip()
        if " " in text or "\t" in text:
            raise CellFault("blank_in_code", text=text[:40])
        if len(text) > self.characters:
            raise CellFault("longer_than_allowed", length=len(text), limit=self.characters)
        return text


@dataclass(frozen=True)
class Quantity:
    """A whole number, `smallest` to `largest`."""

    smallest: int = 1
    largest: int = 999_999_999

    def __call__(self, value: Cell) -> int:
        """Return the number."""
        if isinstance(value, (dt.date, dt.datetime)):
            raise CellFault("not_a_quantity", text=shown(value))
        try:
            quantity = read_quantity(value)
        except NotAQuantity as refusal:
            raise CellFault("not_a_quantity", text=shown(refusal.text)) from None
        if quantity < self.smallest:
            raise CellFault("quantity_too_small", quantity=quantity, smallest=self.smallest)
        if quantity > self.largest:
            raise CellFault("number_out_of_range", number=quantity, smallest=self.smallest, largest=self.largest)
        return quantity


@dataclass(frozen=True)
class Thousandths:
    """A number with at most three decimals, read as whole thousandths: kilograms as grams, litres as cm3."""

    def __call__(self, value: Cell) -> int:
        """Return the number times one thousand."""
        if isinstance(value, (bool, dt.date, dt.datetime)) or value is None:
            raise CellFault("not_a_number", text=shown(value))
        text = unicodedata.normalize("NFKC", repr(value) if isinstance(value, float) else str(value)).strip()
        if not re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]{1,3})?", text.removesuffix(".0")):
            raise CellFault("not_a_number", text=shown(value))
        return int(Decimal(text) * 1000)


@dataclass(frozen=True)
class Day:
    """A day: a real date of the spreadsheet, or 2026-11-23, 2026/11/23, 2026.11.23, 20261123 or with 年月日."""

    first: dt.date = FIRST_DAY
    last: dt.date = LAST_DAY

    def __call__(self, value: Cell) -> dt.date:
        """Return the day."""
        day = self.day(value)
        if not self.first <= day <= self.last:
            raise CellFault("date_out_of_range", date=day, first=self.first, last=self.last)
        return day

    def day(self, value: Cell) -> dt.date:
        """Return the day whatever its range."""
        if isinstance(value, dt.datetime):
            if value.time() != dt.time():
                raise CellFault("not_a_date", text=shown(value))
            return value.date()
        if isinstance(value, dt.date):
            return value
        if isinstance(value, bool) or value is None:
            raise CellFault("not_a_date", text=shown(value))
        text = shown(value) if not isinstance(value, str) else value
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        match = _DAY.fullmatch(plain)
        if match is None and re.fullmatch(r"[1-9][0-9]{4}(\.0)?", plain):
            # The day as the spreadsheet counts it, in a cell that lost its format. It may be meant; it is not sure.
            day_then = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(plain)))
            raise CellFault("date_as_number", text=shown(value), date=day_then)
        if match is None:
            raise CellFault("not_a_date", text=shown(value))
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise CellFault("not_a_date", text=shown(value)) from None


@dataclass(frozen=True)
class Yuan:
    """An amount in yuan with at most two decimals, read as whole fen; 0 to 999,999,999.99 yuan."""

    def __call__(self, value: Cell) -> int:
        """Return the amount in fen."""
        if isinstance(value, (bool, dt.date, dt.datetime)) or value is None:
            raise CellFault("not_an_amount", text=shown(value))
        # `repr` of a stored number is the shortest decimal that means it: 12.3, never 12.300000000000001.
        text = repr(value) if isinstance(value, float) else str(value)
        plain = unicodedata.normalize("NFKC", text).strip().removeprefix("\u00a5")
        if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?", plain):
            plain = plain.replace(",", "")
        if not _MONEY.fullmatch(plain):
            raise CellFault("not_an_amount", text=shown(value))
        return int(Decimal(plain) * 100)


@dataclass(frozen=True)
class Degrees:
    """A latitude or longitude in decimal degrees, read as whole 1e-7 degrees; `limit` is 90 or 180."""

    limit: int

    def __call__(self, value: Cell) -> int:
        """Return 1e-7 degrees; further decimals are rounded (1e-7 is about 1 cm)."""
        if isinstance(value, (bool, dt.date, dt.datetime)) or value is None:
            raise CellFault("not_degrees", text=shown(value), limit=self.limit)
        text = unicodedata.normalize("NFKC", repr(value) if isinstance(value, float) else str(value)).strip()
        if not _DEGREES.fullmatch(text) or abs(Decimal(text)) > self.limit:
            raise CellFault("not_degrees", text=shown(value), limit=self.limit)
        return int((Decimal(text) * 10**7).to_integral_value(ROUND_HALF_EVEN))


@dataclass(frozen=True)
class Codes:
    """Several codes in one cell, separated by commas; each stands once."""

    characters: int = 40

    def __call__(self, value: Cell) -> tuple[str, ...]:
        """Return the codes in their order."""
        parts = [part for part in _COMMAS.split(as_text(value)) if part.strip()]
        return tuple(dict.fromkeys(Code(self.characters)(part) for part in parts))


@dataclass(frozen=True)
class Choice:
    """One of a closed list: `options` are the stored values with their names; any of the three spellings is read."""

    options: tuple[tuple[str, Name], ...]
    _known: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write down every spelling once."""
        known: dict[str, str] = {}
        for key, names in self.options:
            for text in (key, names.zh, names.en or names.zh):
                known.setdefault(normal(text), key)
        object.__setattr__(self, "_known", known)

    def __call__(self, value: Cell) -> str:
        """Return the stored value."""
        key = self._known.get(normal(as_text(value)))
        if key is not None:
            return key
        raise CellFault(
            "not_a_choice",
            text=shown(value),
            choices=tuple(names for _, names in self.options[:12]),
        )


Reader = Callable[[Cell], Any]
