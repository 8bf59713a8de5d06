"""Quantities as people type them: whole numbers of the base unit, 0 to 999,999,999. Nothing is rounded or clamped.

Full-width digits and thousands commas are read; signs, fractions, exponents, digits of other scripts are refused,
because `int()` and `float()` accept far more than a clerk means ('1_000', '²', 'nan', '1e400').
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from inventory.core.errors import Refusal

QUANTITY_MAX = 999_999_999
_WHOLE = re.compile(r"[0-9]{1,9}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")


@dataclass(eq=False)
class NotAQuantity(Refusal):
    """Quantities are whole numbers of the base unit, 0 to 999,999,999."""

    code: ClassVar[str] = "not_a_quantity"
    text: str


def read_quantity(value: Any) -> int:
    """Return what a person typed as a whole number of base units.

    Parameters
    ----------
    value
        Text, or the number a spreadsheet stored (spreadsheets store every number as a float; 12.0 is 12, 12.5 is not).

    Raises
    ------
    NotAQuantity
    """
    if isinstance(value, bool) or value is None:
        raise NotAQuantity(text=str(value))
    if isinstance(value, float):
        if not value.is_integer() or not 0 <= value <= QUANTITY_MAX:
            raise NotAQuantity(text=str(value))
        return int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _WHOLE.fullmatch(text):
        raise NotAQuantity(text=str(value)[:40])
    return int(text)
