"""The papers of rescue teams: deployment order, mobilisation sheet, check-in list, change of status.

The check-in list has the fields of ICS 211, the change of status those of ICS 210. All four are filled in by hand as
often as by the program: `blank_lines` rows are left empty to write in, and what is empty here is an empty cell there.
A paper of a `drill` says so before the name of the incident.
"""

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
    EmptyPaper,
    Override,
    Paper,
    VerbalOrder,
)

Rank = Literal["primary", "alternate", "contingency", "emergency"]
RANKS: tuple[Rank, ...] = ("primary", "alternate", "contingency", "emergency")
"""PACE: the order in which means of communication are tried."""

CheckInPlace = Literal["base", "staging", "post", "helibase", "other"]
CHECK_IN_PLACES: tuple[CheckInPlace, ...] = ("base", "staging", "post", "helibase", "other")

NewStatus = Literal["available", "assigned", "out_of_service"]
NEW_STATUSES: tuple[NewStatus, ...] = ("available", "assigned", "out_of_service")

BLANK_LINES_MAX = 200


@dataclass(frozen=True)
class Period:
    """An operational period; an end that is not known is written in by hand."""

    begins_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


NO_PERIOD = Period()


def check_blank_lines(paper: Paper, blank_lines: int, *, written: int) -> None:
    """Refuse a paper without any row, written or blank, and one with an absurd number of blank rows.

    Raises
    ------
    BadPaperValue, EmptyPaper
    """
    if not 0 <= blank_lines <= BLANK_LINES_MAX:
        raise BadPaperValue(paper.kind, paper.number, "blank_lines", 0, str(blank_lines))
    if not written and not blank_lines:
        raise EmptyPaper(paper.kind, paper.number)


def check_code(paper: Paper, field: str, code: str | None, known: tuple[str, ...], *, line: int = 0) -> None:
    """Refuse a word of the program that it does not know: on paper it would be left out, or printed as it is.

    Raises
    ------
    BadPaperValue
    """
    if code is not None and code not in known:
        raise BadPaperValue(paper.kind, paper.number, field, line, code[:80])


def _required(paper: Paper, **texts: Name) -> None:
    for field, text in texts.items():
        if not text.zh.strip():
            raise BadPaperValue(paper.kind, paper.number, field, 0, text.zh)


@dataclass(frozen=True)
class MemberPaper:
    """Somebody who goes: post in the team, telephone, certificate with its last day where it has one."""

    name: str
    post: Name = NO_NAME
    phone: str = ""
    certificate: Name = NO_NAME
    certificate_expires_on: dt.date | None = None
    remarks: str = ""


@dataclass(frozen=True)
class EquipmentPaper:
    """Equipment or goods taken along; `assets` are labels or serial numbers as they are written on the things."""

    name: Name
    unit: Name
    quantity: int
    specification: Name = NO_NAME
    assets: str = ""
    condition: Name = NO_NAME


@dataclass(frozen=True)
class LinkPaper:
    """One rung of the PACE ladder: by what means, on which frequency, number or channel."""

    rank: Rank
    means: Name
    channel: str = ""
    notes: Name = NO_NAME


@dataclass(frozen=True)
class TeamOrderPaper(Paper):
    """A team deployment order 队伍调派令: one team, one task.

    `people` is how many go; `tasks` are numbered when there are several. `rest` says when and where the team rests and
    is relieved, `supply` what it brings and who supplies it. `members` go on a page of their own. `links` fill the
    PACE ladder, whose four rungs always stand; `blank_lines` are empty rows under the equipment and the members.
    """

    kind: ClassVar[str] = "team_order"
    mark: ClassVar[str] = "T"
    needs_lines: ClassVar[bool] = False

    issuer: Name
    incident: Name
    team: Name
    people: int
    tasks: tuple[Name, ...]
    report_to: Name
    report_at: dt.datetime
    issued_at: dt.datetime
    approver: str
    approver_post: Name = NO_NAME
    document_number: str = ""
    incident_number: str = ""
    level: Name = NO_NAME
    period: Period = NO_PERIOD
    sector: Name = NO_NAME
    team_kind: Name = NO_NAME
    leader: Contact = NOBODY
    radio: str = ""
    vehicles: Name = NO_NAME
    assemble_at: Name = NO_NAME
    assemble_by: dt.datetime | None = None
    route: Name = NO_NAME
    commander: Contact = NOBODY
    duty_office: str = ""
    supply: Name = NO_NAME
    rest: Name = NO_NAME
    safety: Name = NO_NAME
    equipment: tuple[EquipmentPaper, ...] = ()
    links: tuple[LinkPaper, ...] = ()
    members: tuple[MemberPaper, ...] = ()
    blank_lines: int = 0
    drill: bool = False
    verbal: VerbalOrder | None = None
    override: Override | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blank_lines(self, self.blank_lines, written=1)
        _required(self, team=self.team, report_to=self.report_to, task=self.tasks[0] if self.tasks else NO_NAME)
        if self.people < 1:
            raise BadPaperValue(self.kind, self.number, "people", 0, str(self.people))
        for position, line in enumerate(self.equipment, 1):
            if line.quantity < 1:
                raise BadPaperValue(self.kind, self.number, "quantity", position, str(line.quantity))
        for position, link in enumerate(self.links, 1):
            check_code(self, "rank", link.rank, RANKS, line=position)
            if [one.rank for one in self.links].count(link.rank) > 1:
                raise BadPaperValue(self.kind, self.number, "rank", position, link.rank)


@dataclass(frozen=True)
class MobilisationLinePaper:
    """A team that is alerted. `people` is its strength, `present` who came; instants that are None are written in.

    `assembly_minutes` is how long the team has said it takes to assemble.
    """

    team: Name
    unit: Name = NO_NAME
    team_kind: Name = NO_NAME
    home: Name = NO_NAME
    leader: Contact = NOBODY
    people: int | None = None
    assembly_minutes: int | None = None
    alerted_at: dt.datetime | None = None
    assembled_at: dt.datetime | None = None
    present: int | None = None
    departed_at: dt.datetime | None = None
    destination: Name = NO_NAME


@dataclass(frozen=True)
class MobilisationPaper(Paper):
    """A mobilisation sheet 动员集结单: teams alerted, who came when, who left for where."""

    kind: ClassVar[str] = "mobilisation"
    mark: ClassVar[str] = "M"
    needs_lines: ClassVar[bool] = False

    issuer: Name
    incident: Name
    lines: tuple[MobilisationLinePaper, ...]
    issued_at: dt.datetime | None = None
    incident_number: str = ""
    level: Name = NO_NAME
    reason: Name = NO_NAME
    assemble_at: Name = NO_NAME
    assemble_by: dt.datetime | None = None
    contact: Contact = NOBODY
    duty_office: str = ""
    blank_lines: int = 0
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blank_lines(self, self.blank_lines, written=len(self.lines))
        for position, line in enumerate(self.lines, 1):
            for field in ("people", "present", "assembly_minutes"):
                if (getattr(line, field) or 0) < 0:
                    raise BadPaperValue(self.kind, self.number, field, position, str(getattr(line, field)))


@dataclass(frozen=True)
class CheckInLinePaper:
    """One resource that checks in: fields 5 to 16 of ICS 211, in that order."""

    resource: Name
    state: Name = NO_NAME
    agency: Name = NO_NAME
    category: Name = NO_NAME
    resource_kind: Name = NO_NAME
    resource_type: Name = NO_NAME
    group: Name = NO_NAME
    order_request: str = ""
    checked_in_at: dt.datetime | None = None
    leader: str = ""
    people: int | None = None
    contact: str = ""
    home_unit: Name = NO_NAME
    departed_from: Name = NO_NAME
    departed_at: dt.datetime | None = None
    travel: Name = NO_NAME
    assignment: Name = NO_NAME
    qualifications: Name = NO_NAME
    reported_at: dt.datetime | None = None


@dataclass(frozen=True)
class CheckInPaper(Paper):
    """A check-in list 报到表 with the fields of ICS 211: one place, one list; `place` None is ticked by hand."""

    kind: ClassVar[str] = "check_in"
    mark: ClassVar[str] = "CI"
    needs_lines: ClassVar[bool] = False

    incident: Name
    incident_number: str
    lines: tuple[CheckInLinePaper, ...]
    place: CheckInPlace | None = None
    place_name: Name = NO_NAME
    starts_at: dt.datetime | None = None
    prepared_by: str = ""
    prepared_post: Name = NO_NAME
    prepared_at: dt.datetime | None = None
    blank_lines: int = 0
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blank_lines(self, self.blank_lines, written=len(self.lines))
        check_code(self, "place", self.place, CHECK_IN_PLACES)
        for position, line in enumerate(self.lines, 1):
            if (line.people or 0) < 0:
                raise BadPaperValue(self.kind, self.number, "people", position, str(line.people))


@dataclass(frozen=True)
class StatusChangeLinePaper:
    """One change: fields 3 to 7 of ICS 210; `moved_from` and `moved_to` are assignment and status in words."""

    resource: Name
    new_status: NewStatus | None = None
    moved_from: Name = NO_NAME
    moved_to: Name = NO_NAME
    changed_at: dt.datetime | None = None


@dataclass(frozen=True)
class StatusChangePaper(Paper):
    """A change of status 状态变更表 with the fields of ICS 210."""

    kind: ClassVar[str] = "status_change"
    mark: ClassVar[str] = "ST"
    needs_lines: ClassVar[bool] = False

    incident: Name
    lines: tuple[StatusChangeLinePaper, ...]
    incident_number: str = ""
    period: Period = NO_PERIOD
    comments: Name = NO_NAME
    prepared_by: str = ""
    prepared_post: Name = NO_NAME
    prepared_at: dt.datetime | None = None
    blank_lines: int = 0
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blank_lines(self, self.blank_lines, written=len(self.lines))
        for position, line in enumerate(self.lines, 1):
            check_code(self, "new_status", line.new_status, NEW_STATUSES, line=position)
