"""The papers of a dispatch: the order with its list, the pick list, the hand-over receipt."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal

from inventory.core.errors import Name
from inventory.documents.data.values import (
    NO_NAME,
    NOBODY,
    BadPaperValue,
    Contact,
    LedgerHead,
    Override,
    Paper,
    Party,
    VerbalOrder,
    later,
)

LIST_COPIES = ("stub", "vehicle", "return")
"""The copies of the item list of an order: kept by who issues, carried with the goods, signed and sent back."""

COSIGNERS_MAX, COSIGNER_LENGTH_MAX = 9, 120
OrderFormat = Literal["letter", "command"]


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
class Cosigner:
    """A unit that issues an order together with others, and who signs for it where the order is a command."""

    unit: Name
    post: Name = NO_NAME
    name: str = ""


@dataclass(frozen=True)
class DispatchOrderPaper(Paper):
    """A dispatch order 调拨令 with its item list 调拨单: one sender, one receiver.

    `number` is the paper number of this program; `document_number` the bureau's own 文号 (empty: the letter prints
    `number` in its place). `urgency` is printed in the top corner as given (empty: nothing). `situation` is the
    opening paragraph of the letter; without it the letter opens with the incident's name alone. `instructions` are
    further paragraphs. `copies_to` is the imprint's 抄送.

    `format` is that of GB/T 9704: a letter with title and seal, or a command 命令 that the approver stamps.
    `list_copies` are of `LIST_COPIES`, each printed in full and named; none: one list without a name. Printed on
    `both_sides`, the imprint stands on an even page and every copy of the list on a leaf of its own.
    """

    kind: ClassVar[str] = "dispatch_order"
    mark: ClassVar[str] = "O"

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
    format: OrderFormat = later("letter")
    list_copies: tuple[str, ...] = later(())
    both_sides: bool = later(False)
    cosigners: tuple[Cosigner, ...] = later(())

    def __post_init__(self) -> None:
        super().__post_init__()

        def refuse(field: str, value: object) -> None:
            raise BadPaperValue(kind=self.kind, number=self.number, field=field, line=0, value=str(value)[:80])

        if self.format not in ("letter", "command"):
            refuse("format", self.format)
        if len(set(self.list_copies)) < len(self.list_copies) or not set(self.list_copies) <= set(LIST_COPIES):
            refuse("list_copies", " ".join(self.list_copies))
        if len(self.cosigners) > COSIGNERS_MAX:
            refuse("cosigners", len(self.cosigners))
        for cosigner in self.cosigners:
            for text in (cosigner.unit.zh, cosigner.unit.en or "-", cosigner.post.zh, cosigner.post.en or ""):
                if len(text) > COSIGNER_LENGTH_MAX:
                    refuse("cosigners", text)
            if not cosigner.unit.zh.strip():
                refuse("cosigners", cosigner.unit.zh)


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
class PickListPaper(Paper):
    """A pick list 拣货单 for one dispatch order at one stockpile."""

    kind: ClassVar[str] = "pick_list"
    mark: ClassVar[str] = "P"

    order_number: str
    stockpile: Name
    receiver: Name
    lines: tuple[PickLinePaper, ...]
    issued_at: dt.datetime
    finish_by: dt.datetime | None = None
    dock: str = ""
    vehicle: str = ""
    demo: bool = False


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
class ReceiptPaper(Paper):
    """A hand-over receipt 交接签收单: with `received_at` a record of what was received, without a form to fill in."""

    kind: ClassVar[str] = "receipt"
    mark: ClassVar[str] = "R"

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
