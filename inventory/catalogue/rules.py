"""What a legal item and a legal norm are. Pure: no database, no screen, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from inventory.core.errors import Refusal

TRACKING: tuple[str, ...] = ("lot", "expiry", "serial", "bulk")
DOMAINS: tuple[str, ...] = ("R", "F", "W", "E", "S", "C", "G")
"""Relief, forest fire, flood and drought (water), earthquake and geology, work safety, communications, general."""
RETURN_CLASSES: tuple[str, ...] = ("recoverable", "not_recoverable")
CONFIDENCES: tuple[str, ...] = ("confirmed", "secondary", "estimate", "own")
PERIODS: tuple[str, ...] = ("once", "day", "week", "month")
SEASONS: tuple[str, ...] = ("all", "cold", "warm")
CODE_MAX = 24
SIZE_MAX = 10**9
"""The largest weight in grams and volume in cubic centimetres: a thousand tonnes, a thousand cubic metres."""

_GB = re.compile(r"[123][0-9]{6}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")


@dataclass(frozen=True)
class Pack:
    """A pack of an item: `factor` base units, more than one."""

    factor: int
    name_zh: str
    name_en: str | None = None
    barcode: str | None = None


@dataclass(frozen=True)
class ItemFacts:
    """An item as it is saved. Weight in grams and volume in cm3 of one base unit, 0 where not known."""

    code: str
    name_zh: str
    unit: str
    name_en: str | None = None
    tracking: str = "lot"
    major_class: int = 1
    domain: str = "G"
    return_class: str = "not_recoverable"
    gb_code: str | None = None
    weight_g: int = 0
    volume_cm3: int = 0
    whole_packs: bool = False
    minimum_life_days: int = 0
    active: bool = True
    source: str = ""
    confidence: str = "own"
    packs: tuple[Pack, ...] = ()


@dataclass(frozen=True)
class NormFacts:
    """A needs norm as it is saved: `quantity_milli` thousandths of a base unit per so many persons and period."""

    code: str
    item_code: str
    quantity_milli: int
    per_persons: int
    period: str
    basis_zh: str
    basis_en: str
    source: str
    confidence: str
    hazard: str = "any"
    season: str = "all"
    priority: int = 1
    active: bool = True


@dataclass(eq=False)
class BadItem(Refusal):
    """A field of an item is outside its range; `field` names it, `text` is what was given."""

    code: ClassVar[str] = "bad_item"
    item: str
    field: str
    text: str


@dataclass(eq=False)
class BadGbCode(Refusal):
    """A GB/T 38565 code has seven digits, the first is the major class."""

    code: ClassVar[str] = "bad_gb_code"
    item: str
    gb_code: str
    major_class: int


@dataclass(eq=False)
class UnitFixed(Refusal):
    """The base unit cannot change once a lot of the item has moved: every book would mean something else."""

    code: ClassVar[str] = "unit_fixed"
    item: str
    unit: str
    asked: str


@dataclass(eq=False)
class BadNorm(Refusal):
    """A field of a norm is outside its range."""

    code: ClassVar[str] = "bad_norm"
    norm: str
    field: str
    text: str


def check_gb_code(gb_code: str | None, *, item: str, major_class: int) -> None:
    """Refuse a code that GB/T 38565-2020 does not allow: 1 digit of major class and three levels of two digits.

    A level is 01 to 99, or 00 where the code stops above it; nothing stands below 99, the residual class of a level.
    The table of codes itself is licensed and is not part of the program, so this checks the shape alone.

    Source: GB/T 38565-2020, 5.2, as quoted on huanwenwen.com and bzxz.net.

    Raises
    ------
    BadGbCode
    """
    if gb_code is None:
        return
    levels = [gb_code[at : at + 2] for at in (1, 3, 5)]
    broken = any(above in {"00", "99"} and below != "00" for above, below in pairwise(levels))
    if not _GB.fullmatch(gb_code) or gb_code[0] != str(major_class) or broken:
        raise BadGbCode(item=item, gb_code=gb_code, major_class=major_class)


def check_item(facts: ItemFacts) -> None:
    """Refuse an item whose fields are outside their ranges.

    Raises
    ------
    BadItem, BadGbCode
    """
    wrong = {
        "code": not _CODE.fullmatch(facts.code),
        "name_zh": not 1 <= len(facts.name_zh) <= 80,
        "name_en": len(facts.name_en or "") > 120,
        "unit": not 1 <= len(facts.unit) <= CODE_MAX,
        "tracking": facts.tracking not in TRACKING,
        "major_class": facts.major_class not in {1, 2, 3},
        "domain": facts.domain not in DOMAINS,
        "return_class": facts.return_class not in RETURN_CLASSES,
        "weight_g": not 0 <= facts.weight_g <= SIZE_MAX,
        "volume_cm3": not 0 <= facts.volume_cm3 <= SIZE_MAX,
        "minimum_life_days": not 0 <= facts.minimum_life_days <= 36500,
        "confidence": facts.confidence not in CONFIDENCES,
        "packs": any(pack.factor <= 1 for pack in facts.packs)
        or len({pack.factor for pack in facts.packs}) != len(facts.packs),
        "whole_packs": facts.whole_packs and not facts.packs,
    }
    for name, bad in wrong.items():
        if bad:
            raise BadItem(item=facts.code, field=name, text=str(getattr(facts, name)))
    check_gb_code(facts.gb_code, item=facts.code, major_class=facts.major_class)


def check_norm(facts: NormFacts) -> None:
    """Refuse a norm whose fields are outside their ranges; a norm without a source is none.

    Raises
    ------
    BadNorm
    """
    wrong = {
        "code": not _CODE.fullmatch(facts.code),
        "quantity_milli": not 1 <= facts.quantity_milli <= 10**9,
        "per_persons": not 1 <= facts.per_persons <= 10**6,
        "period": facts.period not in PERIODS,
        "season": facts.season not in SEASONS,
        "priority": facts.priority not in {0, 1, 2},
        "confidence": facts.confidence not in CONFIDENCES,
        "basis_zh": not 1 <= len(facts.basis_zh) <= 200,
        "basis_en": not 1 <= len(facts.basis_en) <= 200,
        "source": not 1 <= len(facts.source) <= 200,
    }
    for name, bad in wrong.items():
        if bad:
            raise BadNorm(norm=facts.code, field=name, text=str(getattr(facts, name)))
