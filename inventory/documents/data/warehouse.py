"""The papers of a warehouse: waybill, receipt note, issue note, return note, scrap request, loan note.

Money is whole fen and only on the receipt note, the one form that has columns for it; None is left open for the hand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, NOBODY, BadPaperValue, Contact, Override, Paper, Party

GoodsCondition = Literal["", "good", "repair", "scrap"]
"""What the inspection of returned goods found; empty is ticked by hand."""


@dataclass(frozen=True)
class WarehouseLine:
    """What every line says: so many base units of an item, of which lot, good until when."""

    name: Name
    unit: Name
    quantity: int
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None
    remarks: Name = NO_NAME


@dataclass(frozen=True)
class WaybillLine(WarehouseLine):
    """One line on a vehicle. `packages` and `weight_grams` are None when unknown; never guessed."""

    packages: int | None = None
    weight_grams: int | None = None


@dataclass(frozen=True)
class WaybillPaper(Paper):
    """A waybill 随车单: what one vehicle carries to one receiver, from leaving to arriving."""

    kind: ClassVar[str] = "waybill"
    mark: ClassVar[str] = "W"

    order_number: str
    sender: Party
    receiver: Party
    lines: tuple[WaybillLine, ...]
    departed_at: dt.datetime
    arrive_at: dt.datetime | None = None
    deadline_at: dt.datetime | None = None
    vehicle: str = ""
    driver: Contact = NOBODY
    escort: Contact = NOBODY
    mode: Name = NO_NAME
    route: Name = NO_NAME
    incident: Name = NO_NAME
    override: Override | None = None
    demo: bool = False


@dataclass(frozen=True)
class ReceiptNoteLine(WarehouseLine):
    """One lot that came in, into one bin, at a price of so many fen a unit (None: not known)."""

    bin: str = ""
    unit_price_fen: int | None = None

    @property
    def amount_fen(self) -> int | None:
        """Return what the line cost, None where the price is not known."""
        return None if self.unit_price_fen is None else self.unit_price_fen * self.quantity


@dataclass(frozen=True)
class Reversal:
    """The entry that a paper tells of was reversed 冲销: when, by whom, why."""

    at: dt.datetime
    by: str
    reason: str


@dataclass(frozen=True)
class ReceiptNotePaper(Paper):
    """A receipt note 入库单: what came into a stockpile with one entry, from whom, for whom it is kept.

    `based_on` is the number of the document it came with; `entered_by` who recorded it. `owner` owns the goods,
    `keeper` is the unit that keeps them.

    Source: entry time, item, specification, quantity, unit, unit price, amount; three copies (buyer, keeper, finance);
    signed by buyer, inspector, keeper (store rules of Tianjin Wuqing).
    """

    kind: ClassVar[str] = "receipt_note"
    mark: ClassVar[str] = "IN"

    stockpile: Name
    entered_at: dt.datetime
    lines: tuple[ReceiptNoteLine, ...]
    keeper: Name = NO_NAME
    owner: Name = NO_NAME
    source: Name = NO_NAME
    supplier: Name = NO_NAME
    based_on: str = ""
    entered_by: str = ""
    reversed: Reversal | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        """Refuse what every paper refuses, and a price below nothing."""
        super().__post_init__()
        for position, line in enumerate(self.lines, 1):
            if (line.unit_price_fen or 0) < 0:
                raise BadPaperValue(self.kind, self.number, "unit_price", position, str(line.unit_price_fen))


@dataclass(frozen=True)
class IssueNoteLine(WarehouseLine):
    """So many units of a lot that left one bin."""

    code: str = ""
    bin: str = ""


@dataclass(frozen=True)
class IssueNotePaper(Paper):
    """An issue note 出库单: what a consignment took out of a stockpile, by lot and bin, and for what.

    Source: time, item, unit, quantity, purpose or project; three copies (user, keeper, finance in red); signed by
    receiver, head of the receiving unit, keeper (store rules of Tianjin Wuqing).
    """

    kind: ClassVar[str] = "issue_note"
    mark: ClassVar[str] = "OUT"

    stockpile: Name
    receiver: Party
    purpose: Name
    issued_at: dt.datetime
    lines: tuple[IssueNoteLine, ...]
    keeper: Name = NO_NAME
    order_number: str = ""
    waybill_number: str = ""
    picked_by: str = ""
    checked_by: str = ""
    override: Override | None = None
    demo: bool = False


@dataclass(frozen=True)
class ReturnNoteLine(WarehouseLine):
    """So many units that come back, why, and in which condition the inspection found them."""

    reason: str = ""
    condition: GoodsCondition = ""


@dataclass(frozen=True)
class ReturnNotePaper(Paper):
    """A return note 退库单: goods that come back from a receiver. Source: item, specification, quantity, reason."""

    kind: ClassVar[str] = "return_note"
    mark: ClassVar[str] = "RET"

    returner: Party
    stockpile: Name
    lines: tuple[ReturnNoteLine, ...]
    returned_at: dt.datetime | None = None
    incident: Name = NO_NAME
    based_on: str = ""
    demo: bool = False


@dataclass(frozen=True)
class ScrapRequestLine(WarehouseLine):
    """So many units to be scrapped, since when in store, and why."""

    code: str = ""
    entered_on: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True)
class ScrapRequestPaper(Paper):
    """A scrap request 报废申请单: decided before anything is destroyed, after a technical appraisal.

    Source: list of items, leader's decision, approved before destroying (store rules of Tianjin Wuqing); usable parts
    are used again (rules for central depots).
    """

    kind: ClassVar[str] = "scrap_request"
    mark: ClassVar[str] = "SC"

    applicant: Name
    stockpile: Name
    requested_at: dt.datetime
    lines: tuple[ScrapRequestLine, ...]
    owner: Name = NO_NAME
    appraisal: str = ""
    appraised_by: tuple[str, ...] = ()
    usable_parts: str = ""
    demo: bool = False


@dataclass(frozen=True)
class LoanNoteLine(WarehouseLine):
    """So many units (or one device by its label) on loan; `returned` and what follows is None or empty until then."""

    condition: str = ""
    returned: int | None = None
    returned_on: dt.date | None = None
    returned_condition: str = ""
    returned_to: str = ""


@dataclass(frozen=True)
class LoanNotePaper(Paper):
    """A loan note 出借单: who borrows what until when, with the columns of its coming back."""

    kind: ClassVar[str] = "loan_note"
    mark: ClassVar[str] = "LO"

    lender: Party
    borrower: Party
    purpose: Name
    lent_at: dt.datetime
    due_on: dt.date
    lines: tuple[LoanNoteLine, ...]
    incident: Name = NO_NAME
    demo: bool = False

    def __post_init__(self) -> None:
        """Refuse what every paper refuses, and more coming back than was lent."""
        super().__post_init__()
        for position, line in enumerate(self.lines, 1):
            if not 0 <= (line.returned or 0) <= line.quantity:
                raise BadPaperValue(self.kind, self.number, "returned", position, str(line.returned))
