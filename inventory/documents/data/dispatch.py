"""The papers of a dispatch: the order with its list, the pick list, the hand-over receipt."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, NOBODY, Contact, LedgerHead, Override, Paper, Party, VerbalOrder


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
class DispatchOrderPaper(Paper):
    """A dispatch order 调拨令 with its item list 调拨单: one sender, one receiver.

    `number` is the paper number of this program; `document_number` the bureau's own 文号 (empty: the letter prints
    `number` in its place). `urgency` is printed in the top corner as given (empty: nothing). `situation` is the
    opening paragraph of the letter; without it the letter opens with the incident's name alone. `instructions` are
    further paragraphs. `copies_to` is the imprint's 抄送.
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
