"""What stands on each paper, as plain frozen values: no database object, no session, no float.

Each paper's digest is taken over the canonical form of these values (`sign.digest`), so a field added here changes
the digest of new papers only; stored papers keep the digest that was printed. Instants are aware; days are days.
Quantities are whole base units (1 or more on an order), weights whole grams.

A paper refuses to exist when it would be misleading: no lines, a quantity below 1, a naive instant, a key that is
not digits. It does not check the trade (who may order what): that was done before the paper.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from inventory.core.errors import BrokenInvariant, Name, Refusal

CountRound = Literal["first", "second"]
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
class OrderLinePaper:
    """One line of a dispatch order. `packages` and `weight_grams` are None when unknown; never guessed."""

    code: str
    name: Name
    unit: Name
    quantity: int
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None
    packages: int | None = None
    weight_grams: int | None = None
    bin: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class DispatchOrderPaper:
    """A dispatch order 调拨令 with its item list 调拨单: one sender, one receiver.

    `number` is the paper number of this program; `document_number` the bureau's own 文号 (empty: the letter prints
    `number` in its place). `urgency` is printed in the top corner as given (empty: nothing). `situation` is the
    opening paragraph of the letter; without it the letter opens with the incident's name alone. `instructions` are
    further paragraphs. `copies_to` is the imprint's 抄送.
    """

    number: str
    revision: int
    issuer: Name
    incident: Name
    sender: Party
    receiver: Party
    lines: tuple[OrderLinePaper, ...]
    issued_at: dt.datetime
    approver: str
    approved_at: dt.datetime
    approver_post: Name = NO_NAME
    document_number: str = ""
    incident_number: str = ""
    level: Name = NO_NAME
    urgency: Name = NO_NAME
    situation: Name = NO_NAME
    instructions: tuple[Name, ...] = ()
    depart_at: dt.datetime | None = None
    arrive_at: dt.datetime | None = None
    deadline_at: dt.datetime | None = None
    route: Name = NO_NAME
    mode: Name = NO_NAME
    vehicle: str = ""
    driver: Contact = NOBODY
    escort: Contact = NOBODY
    contact: Contact = NOBODY
    copies_to: tuple[Name, ...] = ()
    copy_number: int = 1
    request_number: str = ""
    plan_number: str = ""
    verbal: VerbalOrder | None = None
    override: Override | None = None
    ledger: LedgerHead | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        _check(self, "dispatch_order")


@dataclass(frozen=True)
class PickLinePaper:
    """One line to pick. The list is printed in the order of the bins, whatever order it came in."""

    name: Name
    unit: Name
    quantity: int
    bin: str = ""
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class PickListPaper:
    """A pick list 拣货单 for one dispatch order at one stockpile."""

    number: str
    revision: int
    order_number: str
    stockpile: Name
    receiver: Name
    lines: tuple[PickLinePaper, ...]
    issued_at: dt.datetime
    finish_by: dt.datetime | None = None
    dock: str = ""
    vehicle: str = ""
    demo: bool = False

    def __post_init__(self) -> None:
        _check(self, "pick_list")


@dataclass(frozen=True)
class ReceiptLinePaper:
    """One line handed over. `received`, `damaged` and `short` are None on a form that is filled in by hand."""

    name: Name
    unit: Name
    quantity: int
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None
    packages: int | None = None
    weight_grams: int | None = None
    received: int | None = None
    damaged: int | None = None
    short: int | None = None
    remarks: str = ""


@dataclass(frozen=True)
class ReceiptPaper:
    """A hand-over receipt 交接签收单: with `received_at` a record of what was received, without a form to fill in."""

    number: str
    revision: int
    order_number: str
    sender: Party
    receiver: Party
    lines: tuple[ReceiptLinePaper, ...]
    issued_at: dt.datetime
    vehicle: str = ""
    driver: Contact = NOBODY
    escort: Contact = NOBODY
    shipped_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    received_by: str = ""
    incident: Name = NO_NAME
    demo: bool = False

    def __post_init__(self) -> None:
        _check(self, "receipt")


@dataclass(frozen=True)
class CountLinePaper:
    """One line to count. `key` is 4 to 12 digits, unique on the sheet. There is no field for what the books expect."""

    key: str
    name: Name
    unit: Name
    bin: str = ""
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class CountSheetPaper:
    """A blind count sheet 盘点表（盲盘）. `counter` is printed where known (a recount names another person)."""

    number: str
    revision: int
    stockpile: Name
    lines: tuple[CountLinePaper, ...]
    issued_at: dt.datetime
    count_round: CountRound = "first"
    counter: str = ""
    demo: bool = False

    def __post_init__(self) -> None:
        _check(self, "count_sheet")


Paper = DispatchOrderPaper | PickListPaper | ReceiptPaper | CountSheetPaper


def _check(paper: Any, kind: str) -> None:
    """Raise `EmptyPaper` or `BadPaperValue`; a naive instant is a programmer's error."""
    if not paper.lines:
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
    for position, line in enumerate(paper.lines, 1):
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
