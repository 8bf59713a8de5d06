"""The signature on a paper: a QR text that anyone with the public key can check without a network.

    TD1:KIND:NUMBER:REVISION:DIGEST:KEY:SIGNATURE

All upper case, so that the QR code stays small. The digest is the first 128 bits of the sha256 over the canonical
form of the paper; KEY is the fingerprint of the public key; the signature (Ed25519) covers all that stands before it.
A number may hold any character; what the QR alphabet lacks is written %XX.

The human code (12 characters, 60 bits, read over the radio) is keyed with the private key: only the office that
issued the paper can say whether it belongs to it. Checking a text is pure and never raises: the answer is one of four
results. Whether a genuine paper is also the latest revision is for whoever keeps the orders.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from inventory.core.canonical import canonical
from inventory.core.errors import BrokenInvariant, Refusal
from inventory.documents.data.values import BadPaperValue, Paper, facts_of

MARK = "TD1"
DIGEST_BYTES = 16
KEY_BYTES = 32
TEXT_LENGTH_MAX = 1000
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PLAIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./")
_SHAPE = re.compile(
    r"TD1:(?P<kind>[A-Z]{1,3}):(?P<number>[0-9A-Z\-./%]{1,540}):(?P<revision>[1-9][0-9]{0,5}):"
    r"(?P<digest>[A-Z2-7]{26}):(?P<key>[0-9A-HJKMNP-TV-Z]{8}):(?P<signature>[A-Z2-7]{103})"
)


@dataclass(eq=False)
class KeyUnusable(Refusal):
    """The key file holds no key. It is never replaced: papers signed with the old one could not be checked."""

    code: ClassVar[str] = "key_unusable"
    file: str


@dataclass(frozen=True)
class PaperKey:
    """The key of one node: 32 secret bytes. It is never printed and never shown."""

    secret: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        """Return the 8 characters that name the public key."""
        return fingerprint_of(self.public)


@dataclass(frozen=True)
class Seal:
    """What a signed paper carries: the QR text, the human code, the key's fingerprint, the digest (16 bytes)."""

    text: str
    code: str
    fingerprint: str
    digest: bytes


@dataclass(frozen=True)
class Genuine:
    """The text was signed by a known key and nothing in it was changed."""

    code: ClassVar[str] = "genuine"
    mark: str
    """That of the kind of paper, one to three capital letters."""
    number: str
    revision: int
    digest: bytes
    fingerprint: str

    def belongs_to(self, paper: Paper) -> bool:
        """Say whether this is the seal of exactly this paper."""
        return hmac.compare_digest(self.digest, digest_of(paper)) and self.mark == paper.mark


@dataclass(frozen=True)
class Altered:
    """The text names a known key, but the signature does not fit: something was changed, or it was forged."""

    code: ClassVar[str] = "altered"
    number: str
    revision: int
    fingerprint: str


@dataclass(frozen=True)
class UnknownKey:
    """The text has the form of a seal, but of a key we do not know: another node's, or a forger's."""

    code: ClassVar[str] = "unknown_key"
    number: str
    revision: int
    fingerprint: str


@dataclass(frozen=True)
class NotASeal:
    """The text is no seal of this program."""

    code: ClassVar[str] = "not_a_seal"


Checked = Genuine | Altered | UnknownKey | NotASeal


def digest_of(paper: Paper) -> bytes:
    """Return the first 16 bytes of the sha256 over kind and canonical facts of a paper.

    Raises
    ------
    BadPaperValue
        A text holds a lone surrogate, which no file can hold.
    """
    facts = {"kind": paper.mark, "paper": facts_of(paper)}
    try:
        return hashlib.sha256(canonical(facts)).digest()[:DIGEST_BYTES]
    except UnicodeEncodeError as error:
        number = paper.number.encode("ascii", "replace").decode()
        bad = f"U+{ord(error.object[error.start]):04X}"
        raise BadPaperValue(kind=paper.kind, number=number, field="text", line=0, value=bad) from error


def seal(paper: Paper, key: PaperKey) -> Seal:
    """Sign a paper. The same paper and key always give the same seal; a label is never signed."""
    if not paper.sealed:
        raise BrokenInvariant(f"{paper.kind} carries no seal")
    digest = digest_of(paper)
    body = ":".join((MARK, paper.mark, quoted(paper.number), str(paper.revision), _base32(digest), key.fingerprint))
    signature = Ed25519PrivateKey.from_private_bytes(key.secret).sign(body.encode())
    return Seal(f"{body}:{_base32(signature)}", human_code(digest, key), key.fingerprint, digest)


def human_code(digest: bytes, key: PaperKey) -> str:
    """Return the code to read aloud, XXXX-XXXX-XXXX, without I, L, O and U."""
    secret = hashlib.sha256(b"tongdiao paper code" + key.secret).digest()
    code = _crockford(hmac.new(secret, digest, "sha256").digest(), 12)
    return "-".join((code[:4], code[4:8], code[8:]))


def plain_text(scanned: str) -> str:
    """Return a scanned or pasted text as it is printed: in capitals, half-width, without spaces and line ends.

    Scanners with caps lock on, full-width input and mails that break lines all leave such traces.
    """
    return "".join(unicodedata.normalize("NFKC", scanned[: 2 * TEXT_LENGTH_MAX]).split()).upper()


def plain_signs(typed: str) -> str:
    """Return a code or fingerprint as it was heard or typed, without what does not matter.

    Case, full-width signs, spaces and dashes of any kind, O for 0 and I or L for 1 do not matter.
    """
    signs = (one for one in unicodedata.normalize("NFKC", typed[:TEXT_LENGTH_MAX]) if not _between(one))
    return "".join(signs).upper().translate(str.maketrans("OIL", "011"))


def plain_code(typed: str) -> str | None:
    """Return the 12 signs of a code as it was heard or typed (see `plain_signs`), or None when it is none."""
    code = plain_signs(typed)
    return code if _CODE.fullmatch(code) else None


def _between(sign: str) -> bool:
    """Say whether a sign only parts the groups of a code: a space, a dash, a point, what cannot be seen."""
    return sign in ".\u00b7\u30fb\u2212_" or unicodedata.category(sign) in ("Zs", "Pd", "Cf", "Cc")


def code_matches(code: str, digest: bytes, key: PaperKey) -> bool:
    """Say whether a code heard or typed (see `plain_code`) is that of the digest."""
    expected = human_code(digest, key).replace("-", "")
    return hmac.compare_digest((plain_code(code) or "").encode(), expected.encode())


def verify_text(text: str, public_keys: Iterable[bytes]) -> Checked:
    """Check a QR text against the public keys (32 bytes each) that are trusted. Pure; never raises for bad text."""
    match = _SHAPE.fullmatch(text.strip()) if len(text) <= TEXT_LENGTH_MAX else None
    number = unquoted(match["number"]) if match else None
    if match is None or number is None:
        return NotASeal()
    revision, named = int(match["revision"]), match["key"]
    known = {fingerprint_of(public): public for public in public_keys}
    if named not in known:
        return UnknownKey(number, revision, named)
    body, _, signature = match[0].rpartition(":")
    try:
        raw = _unbase32(signature)
        digest = _unbase32(match["digest"])
        Ed25519PublicKey.from_public_bytes(known[named]).verify(raw, body.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return Altered(number, revision, named)
    # Base32 leaves spare bits in the last character: only the one spelling we print is genuine.
    if _base32(raw) != signature or _base32(digest) != match["digest"]:
        return Altered(number, revision, named)
    return Genuine(match["kind"], number, revision, digest, named)


def digest_in(text: str) -> bytes | None:
    """Return the digest that a text claims, whoever signed it; None when it is no seal."""
    match = _SHAPE.fullmatch(text)
    return _unbase32(match["digest"]) if match else None


def fingerprint_of(public: bytes) -> str:
    """Return the 8 characters (40 bits) that name a public key."""
    return short_digest(public, 8)


def long_fingerprint_of(public: bytes) -> str:
    """Return 24 characters (120 bits) in groups of four, to be compared by telephone before a key is trusted.

    The eight of `fingerprint_of`, with which they begin, name a key; somebody with a cluster could make another key
    of the same eight.
    """
    code = _crockford(hashlib.sha256(public).digest(), 24)
    return "-".join(code[start : start + 4] for start in range(0, 24, 4))


def load_key(home: Path) -> PaperKey:
    """Return the key of this node from `keys/paper.key` in the data folder; make it on first use, readable by us only.

    Two processes that start at once agree on one key: the file is written aside and linked into place, and whoever
    comes second reads the first one's.

    Raises
    ------
    KeyUnusable
        The file is there and holds no key.
    """
    path = home / "keys" / "paper.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f"paper.key.{os.getpid()}.{os.urandom(4).hex()}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # Where another process was first, its key is the key.
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return PaperKey(_read_hex(path))


@dataclass(frozen=True)
class TrustedKey:
    """A public key (32 bytes) that papers are checked against, and whose it is: the name of its file."""

    office: str
    public: bytes
    own: bool = False

    @property
    def fingerprint(self) -> str:
        """Return the 8 characters that name it on papers."""
        return fingerprint_of(self.public)


def known_keys(home: Path) -> tuple[TrustedKey, ...]:
    """Return our own public key, where one was made already, and those of other offices in `keys/*.pub` by name.

    Raises
    ------
    KeyUnusable
        A file holds no key.
    """
    folder = home / "keys"
    own = (TrustedKey("", load_key(home).public, own=True),) if (folder / "paper.key").exists() else ()
    return own + tuple(TrustedKey(path.stem, _read_hex(path)) for path in sorted(folder.glob("*.pub")))


def trusted_keys(home: Path) -> tuple[bytes, ...]:
    """Return the public keys papers are checked against; raises as `known_keys`."""
    return tuple(key.public for key in known_keys(home))


def public_key_of(text: str) -> bytes | None:
    """Return the key that the text of a `.pub` file holds in hex beside lines that begin with #, None without one."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    try:
        raw = bytes.fromhex("".join(lines))
    except ValueError:
        return None
    return raw if len(raw) == KEY_BYTES else None


def _read_hex(path: Path) -> bytes:
    """Return the 32 bytes that a file holds in hex, secret or public."""
    try:
        text = path.read_text("utf-8")
        raw = (public_key_of(text) or b"") if path.suffix == ".pub" else bytes.fromhex(text.strip())
    except ValueError as error:
        raise KeyUnusable(file=str(path)) from error
    if len(raw) != KEY_BYTES:
        raise KeyUnusable(file=str(path))
    return raw


def quoted(number: str) -> str:
    """Return a number in the QR alphabet."""
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in number.encode())


def unquoted(text: str) -> str | None:
    """Return the number again, or None when it is not what `quoted` writes."""
    try:
        raw = re.sub(r"%([0-9A-F]{2})", lambda hit: chr(int(hit[1], 16)), text).encode("latin-1")
        number = raw.decode()
    except UnicodeError:
        return None
    return number if quoted(number) == text else None


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _unbase32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def short_digest(raw: bytes, length: int) -> str:
    """Return the first `length` characters (5 bits each) of the sha256 of some bytes, as people read them aloud."""
    return _crockford(hashlib.sha256(raw).digest(), length)


def _crockford(raw: bytes, length: int) -> str:
    """Return the first `length` characters (5 bits each) in Crockford's base 32."""
    return _base32(raw)[:length].translate(str.maketrans(_BASE32, _CROCKFORD))
