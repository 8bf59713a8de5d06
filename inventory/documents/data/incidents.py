"""The papers of an incident: its record, its close-out, and the cards of the resources (ICS 219)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, NOBODY, BadPaperValue, Contact, Paper

CardKind = Literal["header", "team", "engine", "helicopter", "person", "plane", "equipment", "miscellaneous", "generic"]
CARD_KINDS: tuple[CardKind, ...] = (
    "header", "team", "engine", "helicopter", "person", "plane", "equipment", "miscellaneous", "generic",
)  # fmt: skip
"""The nine cards of ICS 219, each with a colour of its own."""


@dataclass(frozen=True)
class AffectedPlacePaper:
    """A place of an incident: people and households there, and which of network, power and road are cut."""

    place: Name
    people: int
    households: int | None = None
    cut_network: bool = False
    cut_power: bool = False
    cut_road: bool = False


@dataclass(frozen=True)
class RecordLinePaper:
    """One thing that happened: when, what, on which document, who did it, and the facts and reasons in words."""

    at: dt.datetime
    what: Name
    who: Name
    document: str = ""
    told: Name = NO_NAME


@dataclass(frozen=True)
class IncidentRecordPaper(Paper):
    """An incident record 事件处置记录: the head of the incident and everything that was done, in order of time."""

    kind: ClassVar[str] = "incident_record"
    mark: ClassVar[str] = "IR"

    incident: Name
    hazard: Name
    began_at: dt.datetime
    lines: tuple[RecordLinePaper, ...]
    place: Name = NO_NAME
    level: Name = NO_NAME
    state: Name = NO_NAME
    unit: Name = NO_NAME
    places: tuple[AffectedPlacePaper, ...] = ()
    closed_at: dt.datetime | None = None
    note: str = ""
    drill: bool = False
    demo: bool = False

    @property
    def people(self) -> int:
        """Return the people of all places."""
        return sum(place.people for place in self.places)


@dataclass(frozen=True)
class CloseOutLinePaper:
    """What became of one item in an incident, whole base units.

    `sent` left the stockpiles, `surplus` came beyond it, `lost_on_the_way` never arrived. `distributed` is None where
    it is not recorded apart from `used`.
    """

    name: Name
    unit: Name
    sent: int
    received: int
    code: str = ""
    surplus: int = 0
    lost_on_the_way: int = 0
    used: int = 0
    distributed: int | None = None
    returned: int = 0
    transferred: int = 0
    lost: int = 0
    remarks: str = ""

    @property
    def settled(self) -> int:
        """Return used + distributed + returned + transferred + lost."""
        return self.used + (self.distributed or 0) + self.returned + self.transferred + self.lost

    @property
    def remaining(self) -> int:
        """Return what the receivers still answer for; the loop is closed at 0."""
        return self.received - self.settled

    @property
    def on_the_way(self) -> int:
        """Return what was sent and has neither arrived nor been written off."""
        return self.sent + self.surplus - self.lost_on_the_way - self.received


@dataclass(frozen=True)
class UnresolvedPaper:
    """Something that still waits for somebody before an incident may be closed."""

    what: Name
    document: str = ""
    told: Name = NO_NAME
    who: Name = NO_NAME
    since: dt.datetime | None = None


@dataclass(frozen=True)
class CloseOutPaper(Paper):
    """A close-out 闭环销号表: received = used + distributed + returned + transferred + lost, item by item.

    An incident of which no goods were sent has no lines; its close-out says so.
    """

    kind: ClassVar[str] = "close_out"
    mark: ClassVar[str] = "CO"
    needs_lines: ClassVar[bool] = False

    incident: Name
    began_at: dt.datetime
    lines: tuple[CloseOutLinePaper, ...] = ()
    unresolved: tuple[UnresolvedPaper, ...] = ()
    incident_number: str = ""
    state: Name = NO_NAME
    unit: Name = NO_NAME
    closed_at: dt.datetime | None = None
    closed_by: str = ""
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for position, line in enumerate(self.lines, 1):
            for field in ("sent", "surplus", "lost_on_the_way", "used", "returned", "transferred", "lost"):
                if getattr(line, field) < 0:
                    raise BadPaperValue(self.kind, self.number, field, position, str(getattr(line, field)))
            if (line.distributed or 0) < 0:
                raise BadPaperValue(self.kind, self.number, "distributed", position, str(line.distributed))
            # More settled than received would print as a closed loop that never closed.
            if line.remaining < 0 or line.on_the_way < 0:
                left = min(line.remaining, line.on_the_way)
                raise BadPaperValue(self.kind, self.number, "remaining", position, str(left))

    @property
    def closed(self) -> bool:
        """Whether every item is accounted for and nothing waits for anybody."""
        return not self.unresolved and all(line.remaining == 0 == line.on_the_way for line in self.lines)


CARD_CODE_MAX = 40
"""Characters that a scanner reads from a code of the size of a card."""


@dataclass(frozen=True)
class ResourceCardPaper:
    """One card of the board. `code` is the label of a device (digits), printed to be scanned; else empty."""

    card: CardKind
    identifier: str
    name: Name
    unit: Name = NO_NAME
    resource_type: Name = NO_NAME
    leader: Contact = NOBODY
    people: int | None = None
    home: Name = NO_NAME
    now_at: Name = NO_NAME
    state: Name = NO_NAME
    remarks: Name = NO_NAME
    code: str = ""


@dataclass(frozen=True)
class ResourceCardsPaper(Paper):
    """A sheet of resource cards ICS 219 资源状态卡 to cut out; its colour says of what kind a resource is."""

    kind: ClassVar[str] = "resource_cards"
    mark: ClassVar[str] = "TC"

    incident: Name
    lines: tuple[ResourceCardPaper, ...]
    incident_number: str = ""
    unit: Name = NO_NAME
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for position, line in enumerate(self.lines, 1):
            if len(line.code) > CARD_CODE_MAX or not line.code.isascii():
                raise BadPaperValue(self.kind, self.number, "label_code", position, line.code[:80])
