"""Data on paper: signed facts as the texts of QR codes, and back. Pure: no database, no clock, no camera.

    TDC1:NUMBER:ID:PART/PARTS:CHECK:CHUNK

- The facts (plain values, canonical JSON) are signed with Ed25519 as they are, together with kind and number.
- To be carried, UUIDs are taken out of the JSON (they stand after it, column by column, where their common beginnings
  compress), and all is deflated with a preset dictionary that belongs to the version and never changes.
- The bytes are written in base 41: the QR alphabet (11 bits for two characters) without space, `$`, `%` and `+`. Like
  base 45 it needs three characters for two bytes, but no scanner or text field trims or collapses anything in it.
- The text is cut into parts. Each names the number of its paper and the whole it belongs to, so parts can be read in
  any order, and a check of its own, so that one wrong character is told of that part.

Whatever is wrong is a refusal; bad texts never raise anything else.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from inventory.core.canonical import canonical
from inventory.core.errors import BrokenInvariant, Refusal
from inventory.documents.sign import PaperKey, fingerprint_of, quoted, unquoted
from inventory.documents.sign import short_digest as _short

MARK = "TDC1"
CONSIGNMENT, HANDED_BACK = "C", "B"
"""Kinds of data: a consignment on its way to the receiver, and what the receiver signed for."""
CODE_LENGTH_MAX = 600
"""Characters in one code: what a QR code of version 15 with correction level M holds (77 modules a side)."""
PARTS_MAX = 36
"""Codes of one paper: three pages. Whoever must scan more is better served by a file."""
PLAIN_BYTES_MAX = 512 * 1024
"""What the data may unpack to: far above what fits into the parts, far below what would hurt."""
TEXT_LENGTH_MAX = 1000
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*-./:"
_BASE = len(ALPHABET)
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_SIGNATURE_BYTES = 64
_FINGERPRINT_LENGTH = 8
_DICTIONARY = Path(__file__).resolve().parent / "carrying-1.dictionary.txt"
_UUID = re.compile(rb'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"')
_PLACE, _END = b"\x01", b"\x02"
"""Where a UUID was taken out, and where the UUIDs begin: bytes that canonical JSON cannot hold."""
_SHAPE = re.compile(
    r"TDC(?P<version>[0-9]{1,3}):(?P<number>[0-9A-Z\-./%]{1,540}):(?P<id>[0-9A-HJKMNP-TV-Z]{8}):"
    r"(?P<part>[1-9][0-9]?)/(?P<parts>[1-9][0-9]?):(?P<check>[0-9A-HJKMNP-TV-Z]{4}):(?P<chunk>[0-9A-Z*\-./:]+)"
)
_NEWER = re.compile(r"TDC([0-9]{1,3}):")


@dataclass(eq=False)
class NotAPart(Refusal):
    """A text is no code of a data page of ours."""

    code: ClassVar[str] = "not_a_part"
    text: str


@dataclass(eq=False)
class PartAltered(Refusal):
    """One code of a data page does not carry what was printed: its own check fails."""

    code: ClassVar[str] = "part_altered"
    number: str
    part: int
    parts: int


@dataclass(eq=False)
class OtherPaper(Refusal):
    """A code belongs to another paper (or another print) than those read before it."""

    code: ClassVar[str] = "other_paper"
    number: str
    other: str


@dataclass(eq=False)
class PartsMissing(Refusal):
    """Some codes of a paper were not read yet."""

    code: ClassVar[str] = "parts_missing"
    number: str
    missing: tuple[str, ...]
    parts: int


@dataclass(eq=False)
class CarriedAltered(Refusal):
    """The data of a paper name a known key, and its signature does not fit them."""

    code: ClassVar[str] = "carried_altered"
    number: str


@dataclass(eq=False)
class CarriedUnknownKey(Refusal):
    """The data of a paper were signed by a node whose key is not known here."""

    code: ClassVar[str] = "carried_unknown_key"
    number: str
    fingerprint: str


@dataclass(eq=False)
class CarriedNewer(Refusal):
    """The codes were made by another version of the program."""

    code: ClassVar[str] = "carried_newer"
    version: str


@dataclass(eq=False)
class TooMuchToCarry(Refusal):
    """The data of a paper need more codes than anybody would scan."""

    code: ClassVar[str] = "too_much_to_carry"
    number: str
    codes: int
    codes_max: int


@dataclass(frozen=True)
class Part:
    """One code as it was read; `part` and `parts` count from 1."""

    number: str
    id: str
    part: int
    parts: int
    chunk: str


@dataclass(frozen=True)
class Gathered:
    """The codes of one paper that were read so far, in whatever order."""

    number: str
    id: str
    parts: int
    chunks: Mapping[int, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[int, ...]:
        """Return which codes were not read yet."""
        return tuple(part for part in range(1, self.parts + 1) if part not in self.chunks)


@dataclass(frozen=True)
class Opened:
    """What a paper carried, proven: its kind, number and facts, and whose key signed it."""

    kind: str
    number: str
    facts: Any
    fingerprint: str


def codes_of(kind: str, number: str, facts: Any, key: PaperKey) -> tuple[str, ...]:
    """Return the texts of the codes that carry some facts; the same facts and key always give the same texts.

    Raises
    ------
    TooMuchToCarry
    """
    plain = canonical(facts)
    secret = Ed25519PrivateKey.from_private_bytes(key.secret)
    signature = secret.sign(_signed(kind, number, plain))
    blob = kind.encode() + key.fingerprint.encode() + signature + _packed(plain)
    text, name, identity = _written(blob), quoted(number), _short(blob, 8)
    room = CODE_LENGTH_MAX - len(f"{MARK}:{name}:{identity}:{PARTS_MAX}/{PARTS_MAX}:XXXX:")
    if room < CODE_LENGTH_MAX // 4:
        raise BrokenInvariant(f"no paper has a number of {len(number)} characters")
    parts = -(-len(text) // room)
    if parts > PARTS_MAX:
        raise TooMuchToCarry(number=number, codes=parts, codes_max=PARTS_MAX)
    # As even as possible, so that every code has the same size.
    even = -(-len(text) // parts)
    chunks = [text[start : start + even] for start in range(0, len(text), even)]
    return tuple(
        f"{MARK}:{name}:{identity}:{part}/{parts}:{_check(name, identity, part, parts, chunk)}:{chunk}"
        for part, chunk in enumerate(chunks, 1)
    )


def read_part(text: str) -> Part:
    """Return one code from its text; blanks around it and small letters do not matter.

    Raises
    ------
    NotAPart, CarriedNewer, PartAltered
    """
    wanted = text.strip().upper() if len(text) <= TEXT_LENGTH_MAX else ""
    match = _SHAPE.fullmatch(wanted)
    newer = _NEWER.match(wanted)
    if newer is not None and newer[0] != f"{MARK}:":
        raise CarriedNewer(version=newer[1])
    number = unquoted(match["number"]) if match else None
    if match is None or number is None:
        raise NotAPart(text=text.strip()[:40])
    part, parts, chunk = int(match["part"]), int(match["parts"]), match["chunk"]
    if part > parts or match["check"] != _check(match["number"], match["id"], part, parts, chunk):
        raise PartAltered(number=number, part=part, parts=parts)
    return Part(number, match["id"], part, parts, chunk)


def with_part(gathered: Gathered | None, part: Part) -> Gathered:
    """Return the codes read so far with one more; the same code twice changes nothing.

    Raises
    ------
    OtherPaper, PartAltered
    """
    if gathered is None:
        gathered = Gathered(part.number, part.id, part.parts)
    if (part.number, part.id, part.parts) != (gathered.number, gathered.id, gathered.parts):
        raise OtherPaper(number=gathered.number, other=part.number)
    if gathered.chunks.get(part.part, part.chunk) != part.chunk:
        raise PartAltered(number=part.number, part=part.part, parts=part.parts)
    return replace(gathered, chunks={**gathered.chunks, part.part: part.chunk})


def gathered_from(texts: Iterable[str]) -> Gathered:
    """Return the codes of a paper from their texts; empty lines are passed over.

    Raises
    ------
    NotAPart, CarriedNewer, PartAltered, OtherPaper
    """
    found: Gathered | None = None
    for text in texts:
        if text.strip():
            found = with_part(found, read_part(text))
    if found is None:
        raise NotAPart(text="")
    return found


def opened(gathered: Gathered, public_keys: Iterable[bytes]) -> Opened:
    """Return what a paper carries, after its signature was checked against the trusted keys (32 bytes each).

    Raises
    ------
    PartsMissing, CarriedAltered, CarriedUnknownKey
    """
    number = gathered.number
    if gathered.missing:
        raise PartsMissing(number=number, missing=tuple(map(str, gathered.missing)), parts=gathered.parts)
    blob = _read("".join(gathered.chunks[part] for part in range(1, gathered.parts + 1)))
    head = 1 + _FINGERPRINT_LENGTH
    if blob is None or len(blob) <= head + _SIGNATURE_BYTES or _short(blob, 8) != gathered.id:
        raise CarriedAltered(number=number)
    kind, fingerprint = blob[:1].decode("latin-1"), blob[1:head].decode("latin-1")
    known = {fingerprint_of(public): public for public in public_keys}
    if fingerprint not in known:
        raise CarriedUnknownKey(number=number, fingerprint=fingerprint)
    plain = _unpacked(blob[head + _SIGNATURE_BYTES :])
    try:
        if plain is None:
            raise ValueError(number)
        signature = blob[head : head + _SIGNATURE_BYTES]
        Ed25519PublicKey.from_public_bytes(known[fingerprint]).verify(signature, _signed(kind, number, plain))
        facts = json.loads(plain)
    except (InvalidSignature, ValueError) as error:
        raise CarriedAltered(number=number) from error
    return Opened(kind, number, facts, fingerprint)


def _signed(kind: str, number: str, plain: bytes) -> bytes:
    """Return what is signed: not the packed form, so that a better packing needs no other signature."""
    return b"\n".join((b"tongdiao carried data 1", kind.encode(), number.encode(), plain))


def _check(name: str, identity: str, part: int, parts: int, chunk: str) -> str:
    return _short(f"{name}:{identity}:{part}/{parts}:{chunk}".encode(), 4)


@cache
def _dictionary() -> bytes:
    return _DICTIONARY.read_bytes()


def _packed(plain: bytes) -> bytes:
    """Return facts deflated, their UUIDs after them: first all first bytes, then all second ones."""
    keys = [bytes.fromhex(found.decode().replace("-", "")) for found in _UUID.findall(plain)]
    columns = bytes(key[column] for column in range(16) for key in keys)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=_dictionary())
    return deflater.compress(_UUID.sub(_PLACE, plain) + _END + columns) + deflater.flush()


def _unpacked(packed: bytes) -> bytes | None:
    """Return the facts again, or None when this is not what `_packed` writes."""
    inflater = zlib.decompressobj(-15, zdict=_dictionary())
    try:
        whole = inflater.decompress(packed, PLAIN_BYTES_MAX)
    except zlib.error:
        return None
    text, end, columns = whole.partition(_END)
    count = text.count(_PLACE)
    if not inflater.eof or inflater.unused_data or not end or len(columns) != 16 * count:
        return None
    keys = iter(bytes(columns[column * count + row] for column in range(16)).hex() for row in range(count))

    def key(_: re.Match[bytes]) -> bytes:
        found = next(keys)
        parts = (found[:8], found[8:12], found[12:16], found[16:20], found[20:])
        return b'"' + "-".join(parts).encode() + b'"'

    return re.sub(_PLACE, key, text)


def _written(raw: bytes) -> str:
    """Return bytes in base 41: three characters for two bytes, two for a last one."""
    signs: list[str] = []
    for start in range(0, len(raw) - 1, 2):
        rest, low = divmod(raw[start] << 8 | raw[start + 1], _BASE)
        high, middle = divmod(rest, _BASE)
        signs += (ALPHABET[low], ALPHABET[middle], ALPHABET[high])
    if len(raw) % 2:
        high, low = divmod(raw[-1], _BASE)
        signs += (ALPHABET[low], ALPHABET[high])
    return "".join(signs)


def _read(text: str) -> bytes | None:
    """Return the bytes again, or None when this is not what `_written` writes."""
    values = [_VALUE[sign] for sign in text]
    found = bytearray()
    for start in range(0, len(values) - 2, 3):
        low, middle, high = values[start : start + 3]
        value = low + _BASE * (middle + _BASE * high)
        if value > 0xFFFF:
            return None
        found += value.to_bytes(2, "big")
    if len(values) % 3 == 2:
        value = values[-2] + _BASE * values[-1]
        if value > 0xFF:
            return None
        found.append(value)
    return None if len(values) % 3 == 1 else bytes(found)
