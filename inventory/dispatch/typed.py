"""A data page typed by hand, where nothing can be scanned: a code of 32 signs, and each line with a key. Pure.

The code holds the consignment's id (26 signs) and a check over all lines (6); a line's key holds its place in the order
and a check of its own (two signs), so a slip is told with its line. That is no signature: whoever types it answers for
it, and says so. The id is that of the codes, so a paper that was typed and is scanned later is booked once.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from inventory.core.errors import NeedsConfirmation, Refusal
from inventory.core.quantities import QUANTITY_MAX
from inventory.dispatch.carried import Carried

TEXT_LENGTH_MAX = 40_000
LINES_MAX = 300
NONE = "-"
"""What is typed for an expiry where there is none."""
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{32}")
_KEY = re.compile(r"([1-9][0-9]{0,3})-([0-9A-HJKMNP-TV-Z]{2})")
_ID_SIGNS = 26


@dataclass(frozen=True)
class TypedLine:
    """One line as it is typed; `label` is the lot as on the paper, quantities are base units."""

    order_position: int
    item: str
    label: str
    quantity: int
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class Typed:
    """A whole page as it was typed, its checks passed."""

    consignment_id: UUID
    number: str
    sender: str
    lines: tuple[TypedLine, ...]


@dataclass(eq=False)
class TypedWrong(Refusal):
    """What was typed is not what is printed; `line` counts the goods from 1, 0 is the head or the paper as a whole."""

    code: ClassVar[str] = "typed_wrong"
    line: int
    text: str


@dataclass(eq=False)
class TypedUnsigned(NeedsConfirmation):
    """A page that was typed carries no signature: a person answers for it."""

    code: ClassVar[str] = "typed_unsigned"
    number: str


def typed_lines(carried: Carried) -> tuple[TypedLine, ...]:
    """Return the lines of a consignment as they are typed."""
    return tuple(
        TypedLine(line.order_position, carried.items[line.item].code, line.label, line.quantity, line.expires_on)
        for line in carried.lines
    )


def typing_code(consignment_id: UUID, number: str, lines: Sequence[TypedLine]) -> str:
    """Return the code of a page: eight groups of four signs."""
    signs = _signs(consignment_id.bytes, _ID_SIGNS) + _page_check(consignment_id, number, lines)
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def line_key(consignment_id: UUID, line: TypedLine) -> str:
    """Return the key of a line: its place in the order and two signs, 3-7K."""
    return f"{line.order_position}-{_signs(hashlib.sha256(_line_text(consignment_id, line)).digest(), 2)}"


def read_typed(text: str) -> Typed:
    """Return a page from what was typed: number, code, sender, then `ITEM LABEL QUANTITY EXPIRY KEY` for each line.

    Small letters, full-width signs, spaces and O for 0 do not matter in codes; an expiry is a day (2027-03-31) or `-`.

    Raises
    ------
    TypedWrong
    """
    rows = [row.strip() for row in unicodedata.normalize("NFKC", text[:TEXT_LENGTH_MAX]).splitlines() if row.strip()]
    if not 4 <= len(rows) <= LINES_MAX + 3:
        raise TypedWrong(line=0, text="")
    number, sender = rows[0].upper(), rows[2][:80]
    code = _plain(rows[1])
    key = _id_in(code) if _CODE.fullmatch(code) else None
    if key is None:
        raise TypedWrong(line=0, text=rows[1][:60])
    lines = tuple(_line(key, position, row) for position, row in enumerate(rows[3:], 1))
    if _page_check(key, number, lines) != code[_ID_SIGNS:]:
        raise TypedWrong(line=0, text=rows[0][:60])
    return Typed(key, number, sender, lines)


def _line(consignment_id: UUID, position: int, row: str) -> TypedLine:
    try:
        item, label, quantity, expiry, key = row.split()
        quantity = quantity.replace(",", "")
        place, _, check = key.partition("-")
        found = _KEY.fullmatch(f"{place}-{_plain(check)}")
        if found is None or not 1 <= int(quantity) <= QUANTITY_MAX:
            raise ValueError(row)
        expires_on = None if expiry == NONE else dt.date.fromisoformat(expiry)
        line = TypedLine(int(found[1]), item, label, int(quantity), expires_on)
    except ValueError as error:
        raise TypedWrong(line=position, text=row[:60]) from error
    if line_key(consignment_id, line) != found[0]:
        raise TypedWrong(line=position, text=row[:60])
    return line


def _line_text(consignment_id: UUID, line: TypedLine) -> bytes:
    expiry = line.expires_on.isoformat() if line.expires_on else NONE
    parts = (consignment_id, line.order_position, line.item.upper(), line.label, line.quantity, expiry)
    return "/".join(map(str, parts)).encode()


def _page_check(consignment_id: UUID, number: str, lines: Sequence[TypedLine]) -> str:
    digest = hashlib.sha256(number.upper().encode() + b"\n")
    for line in lines:
        digest.update(_line_text(consignment_id, line) + b"\n")
    return _signs(digest.digest(), 6)


def _plain(typed: str) -> str:
    """Return the signs of a code without what parts its groups."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", typed.upper()).translate(str.maketrans("OIL", "011"))


def _signs(raw: bytes, count: int) -> str:
    """Return the first signs of some bytes in Crockford's base 32, five bits each."""
    return base64.b32encode(raw).decode().rstrip("=")[:count].translate(str.maketrans(_BASE32, _CROCKFORD))


def _id_in(code: str) -> UUID | None:
    """Return the id in the first signs of a code; None when its spare bits are not as we write them."""
    text = code[:_ID_SIGNS].translate(str.maketrans(_CROCKFORD, _BASE32))
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=raw) if len(raw) == 16 and _signs(raw, _ID_SIGNS) == code[:_ID_SIGNS] else None
