"""The words of the forms (`words/*.toml`) in the language of the paper, and values as they are printed.

A form has two texts side by side: the paper's language large, the other one small. Values come from people and
files: line ends and tabs become spaces, composed characters are normalised; nothing in them is markup.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from inventory.core.errors import BrokenInvariant, Name
from inventory.core.words import HOME_ZONE, LANGUAGES, choose
from inventory.documents.data.values import Contact

WORDS = Path(__file__).resolve().parent.parent / "words"
BOTH = "both"
"""The language of a paper that is printed in Chinese and then in English."""

UNKNOWN = "\u2014"
AT_LEAST = "\u2265 "
_DOUBLE = re.compile(r" {2,}(?=[^ ])")
_LOOSE = re.compile(r" (?=[.,;:](?: |$))")


@functools.cache
def forms() -> dict[str, Any]:
    """Return the texts of the forms by section; each section stands in one file only."""
    found: dict[str, Any] = {}
    for path in sorted(WORDS.glob("*.toml")):
        texts = tomllib.loads(path.read_text("utf-8"))
        twice = found.keys() & texts.keys()
        if twice:
            raise BrokenInvariant(f"{path.name} repeats {sorted(twice)}")
        found |= texts
    return found


class Goods(Protocol):
    """What every line about goods has."""

    @property
    def name(self) -> Name:
        """The name of the item."""

    @property
    def specification(self) -> Name:
        """Its specification, empty where there is none."""


class Batch(Protocol):
    """What every line about goods of a lot has."""

    @property
    def lot(self) -> str:
        """The batch as it is written on the goods."""

    @property
    def expires_on(self) -> dt.date | None:
        """The last day of use, None where there is none."""


@dataclass(frozen=True)
class Wording:
    """The words of one language, "zh_CN" or "en"."""

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"no paper in language {self.language!r}")

    @property
    def other(self) -> Wording:
        """Return the words of the other language, for the small text under the large one."""
        return Wording("en" if self.language == "zh_CN" else "zh_CN")

    def text(self, key: str, /, **values: Any) -> str:
        """Return the text "form.key" filled with values; names are put in this language, texts cleaned."""
        form, _, name = key.partition(".")
        pattern: str = forms()[form][name]["zh" if self.language == "zh_CN" else "en"]
        filled = {key: value if isinstance(value, int) else self.shown(value) for key, value in values.items()}
        # Parts that are empty leave two spaces, or one before a mark, in Latin text.
        return _LOOSE.sub("", _DOUBLE.sub(" ", pattern.format(**filled)))

    def shown(self, value: object) -> str:
        """Return a value as it is printed: names by language, days and instants in Beijing time, None as nothing."""
        if value is None:
            return ""
        if isinstance(value, Name):
            return clean(choose(value, self.language))
        if isinstance(value, dt.datetime):
            return self.instant("common.short_time", value)
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, int):
            return f"{value:,}"
        return clean(str(value))

    def instant(self, key: str, value: dt.datetime) -> str:
        """Return an instant in Beijing time after the pattern `key`."""
        local = value.astimezone(HOME_ZONE)
        return self.text(
            key,
            year=local.year,
            month=local.month,
            day=local.day,
            hour=local.hour,
            minute=local.minute,
        )

    def joined(self, values: list[str]) -> str:
        """Return a list in one text."""
        return self.text("common.list_separator").join(clean(value) for value in values if value)


def wordings_of(language: str) -> tuple[Wording, ...]:
    """Return the words of a language, for "both" the Chinese ones and then the English ones."""
    return tuple(Wording(one) for one in (LANGUAGES if language == BOTH else (language,)))


def clean(text: str) -> str:
    """Return a text for one printed place: normalised (NFC), every kind of white space one plain space."""
    spaced = "".join(
        " " if character in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029" else character for character in text
    )
    return unicodedata.normalize("NFC", spaced).strip()


def printed_texts(value: Any, wording: Wording) -> list[str]:
    """Return every text of a paper (a dataclass, tuple or value) as it is printed in this language."""
    if isinstance(value, (str, Name)):
        return [wording.shown(value)]
    if isinstance(value, tuple):
        return [text for item in value for text in printed_texts(item, wording)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return [text for field in fields for text in printed_texts(getattr(value, field.name), wording)]
    return []


def contact_text(contact: Contact) -> str:
    """Return name and telephone in one text."""
    return f"{contact.name} {contact.phone}".strip()


def item_text(line: Goods, wording: Wording) -> str:
    """Return name and specification of a line."""
    return f"{wording.shown(line.name)} {wording.shown(line.specification)}".strip()


def lot_text(line: Batch, wording: Wording) -> str:
    """Return lot and expiry of a line."""
    return " / ".join(text for text in (wording.shown(line.lot), wording.shown(line.expires_on)) if text)


def kilograms(grams: int) -> str:
    """Return a weight in kilograms, exact to the gram, with at least one decimal."""
    whole, rest = divmod(grams, 1000)
    decimals = f"{rest:03d}".rstrip("0") or "0"
    return f"{whole:,}.{decimals}"
