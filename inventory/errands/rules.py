"""What the command line itself refuses, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Refusal


@dataclass(eq=False)
class BadEnvironment(Refusal):
    """An environment variable holds what cannot be understood."""

    code: ClassVar[str] = "bad_environment"
    reason: str


@dataclass(eq=False)
class NotFounded(Refusal):
    """The database has no district yet."""

    code: ClassVar[str] = "not_founded"


@dataclass(eq=False)
class NotEmpty(Refusal):
    """The demo district is loaded into an empty database only."""

    code: ClassVar[str] = "not_empty"
    name: str


@dataclass(eq=False)
class PortTaken(Refusal):
    """Another program listens at the address."""

    code: ClassVar[str] = "port_taken"
    address: str
    port: str


@dataclass(eq=False)
class FileUnreadable(Refusal):
    """A file cannot be read."""

    code: ClassVar[str] = "file_unreadable"
    file: str
    reason: str


@dataclass(eq=False)
class FileUnwritable(Refusal):
    """A file cannot be written."""

    code: ClassVar[str] = "file_unwritable"
    file: str
    reason: str


@dataclass(eq=False)
class UnknownKind(Refusal):
    """There is no import or export of that name."""

    code: ClassVar[str] = "unknown_kind"
    wanted: str
    known: tuple[str, ...]


@dataclass(eq=False)
class PasswordsDiffer(Refusal):
    """The password was typed twice, and differently."""

    code: ClassVar[str] = "passwords_differ"


@dataclass(eq=False)
class NoSuchPlan(Refusal):
    """The request has no open proposal of that alternative."""

    code: ClassVar[str] = "no_such_plan"
    request: str
    alternative: str


@dataclass(eq=False)
class NothingOnTheWay(Refusal):
    """Nothing of the order is on its way."""

    code: ClassVar[str] = "nothing_on_the_way"
    order: str


@dataclass(eq=False)
class NotCarried(Refusal):
    """A line names what the consignment does not carry, or more than one lot."""

    code: ClassVar[str] = "not_carried"
    wanted: str
    carried: tuple[str, ...]


@dataclass(eq=False)
class NotHolding(Refusal):
    """Nobody answers for that lot in that incident, or it is not clear who."""

    code: ClassVar[str] = "not_holding"
    lot: str


@dataclass(eq=False)
class NoPublicKey(Refusal):
    """A file holds no public key for papers."""

    code: ClassVar[str] = "no_public_key"
    file: str


@dataclass(eq=False)
class BadOfficeName(Refusal):
    """An office is named by 2 to 40 letters, digits, spaces, dots or hyphens: it becomes the name of a file."""

    code: ClassVar[str] = "bad_office_name"
    office: str


@dataclass(eq=False)
class OtherFingerprint(Refusal):
    """The fingerprint that was told is not that of the key in the file."""

    code: ClassVar[str] = "other_fingerprint"
    found: str
    told: str


@dataclass(eq=False)
class OfficeHasKey(Refusal):
    """The office has another key already; it is never replaced in silence."""

    code: ClassVar[str] = "office_has_key"
    office: str
    fingerprint: str


@dataclass(eq=False)
class KeyKnown(Refusal):
    """The key is trusted already, under another name; an empty one is our own."""

    code: ClassVar[str] = "key_known"
    office: str
