"""The papers of a request: the resource request (ICS 213RR), the demand report, the requirement sheet (ICS 215)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, NOBODY, BadPaperValue, Contact, Paper

Priority = Literal["urgent", "routine", "low"]
PRIORITIES: tuple[Priority, ...] = ("urgent", "routine", "low")
"""As ICS 213RR offers them, the first the most pressing."""


@dataclass(frozen=True)
class RequestLinePaper:
    """Field 4 of ICS 213RR: one kind of thing that is asked for. `cost_fen` is None where no price is known."""

    quantity: int
    unit: Name
    name: Name
    specification: Name = NO_NAME
    resource_kind: Name = NO_NAME
    resource_type: Name = NO_NAME
    cost_fen: int | None = None
    arrive_by: dt.datetime | None = None


@dataclass(frozen=True)
class ResourceStatusPaper:
    """Field 5 of ICS 213RR: who took the request up, where the resource is assigned and to whom it was released."""

    received_by: str = ""
    received_at: dt.datetime | None = None
    assigned_to: Name = NO_NAME
    released_to: Name = NO_NAME
    released_at: dt.datetime | None = None


@dataclass(frozen=True)
class ResourceRequestPaper(Paper):
    """A resource request ICS 213RR 资源申请单, all twenty fields; what is not known is left to be written in.

    `order_numbers` (11), `suppliers` (13) with their telephone (12) and `placed_by` (17) are those of the dispatch
    orders that answer the request. `reply` (18) and its signature belong to finance and are written by hand.
    """

    kind: ClassVar[str] = "resource_request"
    mark: ClassVar[str] = "RR"

    incident: Name
    requested_at: dt.datetime
    lines: tuple[RequestLinePaper, ...]
    delivery: Name
    requested_by: Name
    asked_of: Name = NO_NAME
    requester: Contact = NOBODY
    requester_post: Name = NO_NAME
    incident_number: str = ""
    status: tuple[ResourceStatusPaper, ...] = ()
    substitutes: Name = NO_NAME
    priority: Priority | None = None
    section_chief: str = ""
    order_numbers: tuple[str, ...] = ()
    suppliers: tuple[Name, ...] = ()
    supplier_contacts: tuple[Contact, ...] = ()
    notes: str = ""
    approved_by: str = ""
    approved_at: dt.datetime | None = None
    placed_by: str = ""
    reply: str = ""
    replied_by: str = ""
    replied_at: dt.datetime | None = None
    drill: bool = False
    demo: bool = False


@dataclass(frozen=True)
class DemandLinePaper:
    """One kind of goods of a demand report, whole base units: what is needed and what of it is asked for (`quantity`).

    `own_total` is what the applicant holds itself and `own_used` what it has used already; None = to be written in.
    """

    name: Name
    unit: Name
    needed: int
    quantity: int
    own_total: int | None = None
    own_used: int | None = None
    code: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class ShelteredPaper:
    """A place of a disaster with the people who were moved there or are sheltered there."""

    place: Name
    people: int
    households: int | None = None


@dataclass(frozen=True)
class DemandReportPaper(Paper):
    """A demand report 调拨需求报告单: the six facts of rule P07, signed by the head of the unit, with its seal.

    They are: time, place and kind of the disaster; people moved or sheltered; kinds and quantities needed; own stock
    in all; own stock already used; quantity asked for. (Lingcheng and Zoucheng, secondary sources.)
    """

    kind: ClassVar[str] = "demand_report"
    mark: ClassVar[str] = "DR"

    applicant: Name
    asked_of: Name
    disaster: Name
    reported_at: dt.datetime
    lines: tuple[DemandLinePaper, ...]
    began_at: dt.datetime | None = None
    disaster_place: Name = NO_NAME
    disaster_kind: Name = NO_NAME
    level: Name = NO_NAME
    incident_number: str = ""
    sheltered: tuple[ShelteredPaper, ...] = ()
    days: int | None = None
    delivery: Name = NO_NAME
    contact: Contact = NOBODY
    needed_by: dt.datetime | None = None
    reason: str = ""
    reporter: str = ""
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for position, line in enumerate(self.lines, 1):
            for field in ("needed", "own_total", "own_used"):
                amount = getattr(line, field)
                if amount is not None and amount < 0:
                    raise BadPaperValue(self.kind, self.number, field, position, str(amount))

    @property
    def people(self) -> int:
        """Return the people of all places."""
        return sum(place.people for place in self.sheltered)


@dataclass(frozen=True)
class KindPaper:
    """A kind of goods as a column of the requirement sheet."""

    code: str
    name: Name
    unit: Name


@dataclass(frozen=True)
class RequirementPaper:
    """What one place requires of a kind and what it has, base units; the need follows from the two."""

    kind: str
    required: int
    have: int

    @property
    def need(self) -> int:
        """Return what is still to be ordered."""
        return max(0, self.required - self.have)


@dataclass(frozen=True)
class RequirementLinePaper:
    """One work assignment of the requirement sheet: where, what for, and its amounts by kind of goods."""

    branch: Name
    division: Name
    assignment: Name
    amounts: tuple[RequirementPaper, ...]
    overhead: Name = NO_NAME
    special: Name = NO_NAME
    reporting_location: Name = NO_NAME
    arrive_at: dt.datetime | None = None


@dataclass(frozen=True)
class RequirementSheetPaper(Paper):
    """An operational planning worksheet ICS 215 需求测算表: required, have and need by assignment and kind of goods."""

    kind: ClassVar[str] = "requirement_sheet"
    mark: ClassVar[str] = "RS"

    incident: Name
    kinds: tuple[KindPaper, ...]
    lines: tuple[RequirementLinePaper, ...]
    incident_number: str = ""
    period_from: dt.datetime | None = None
    period_until: dt.datetime | None = None
    prepared_by: str = ""
    prepared_post: Name = NO_NAME
    prepared_at: dt.datetime | None = None
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        known = {kind.code for kind in self.kinds}
        for position, line in enumerate(self.lines, 1):
            seen: set[str] = set()
            for amount in line.amounts:
                if amount.kind not in known or amount.kind in seen:
                    raise BadPaperValue(self.kind, self.number, "amount_kind", position, amount.kind)
                if amount.required < 0 or amount.have < 0:
                    raise BadPaperValue(self.kind, self.number, "quantity", position, amount.kind)
                seen.add(amount.kind)

    def totals(self, code: str) -> tuple[int, int, int]:
        """Return fields 11 to 13 of a kind: required, have and need over all lines."""
        of_kind = [amount for line in self.lines for amount in line.amounts if amount.kind == code]
        return (
            sum(amount.required for amount in of_kind),
            sum(amount.have for amount in of_kind),
            sum(amount.need for amount in of_kind),
        )
