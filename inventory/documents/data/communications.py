"""The communications plan: the radio plan with the fields of ICS 205, and what is used when something is cut.

Frequencies are whole hertz, so that 358.1250 MHz is never another number.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal

from inventory.core.errors import Name
from inventory.documents.data.teams import NO_PERIOD, Period, check_blank_lines, check_code
from inventory.documents.data.values import NO_NAME, NOBODY, BadPaperValue, Contact, Paper

Cut = Literal["network", "power", "road"]
CUTS: tuple[Cut, ...] = ("network", "power", "road")
"""The three cuts 断网, 断电, 断路."""

Width = Literal["N", "W"]
WIDTHS: tuple[Width, ...] = ("N", "W")
Mode = Literal["A", "D", "M"]
MODES: tuple[Mode, ...] = ("A", "D", "M")


@dataclass(frozen=True)
class ChannelPaper:
    """One channel: field 4 of ICS 205, column by column.

    `receive_hertz` and `transmit_hertz` are None where there is none (a satellite phone); `width` N narrow or W wide;
    tones are a tone in hertz, a NAC or a colour code as the radio shows it; `mode` analogue, digital or mixed.
    """

    function: Name
    channel_name: Name
    zone: str = ""
    channel: str = ""
    assignment: Name = NO_NAME
    receive_hertz: int | None = None
    receive_width: Width | None = None
    receive_tone: str = ""
    transmit_hertz: int | None = None
    transmit_width: Width | None = None
    transmit_tone: str = ""
    mode: Mode | None = None
    remarks: Name = NO_NAME


@dataclass(frozen=True)
class DegradationPaper:
    """What is used when one of the three is cut, rung by rung, and who answers for it."""

    cut: Cut
    primary: Name = NO_NAME
    alternate: Name = NO_NAME
    contingency: Name = NO_NAME
    emergency: Name = NO_NAME
    owner: Contact = NOBODY


@dataclass(frozen=True)
class CommunicationsPlanPaper(Paper):
    """A communications plan 通信保障计划; its ladder always has a row for each of the three cuts."""

    kind: ClassVar[str] = "communications_plan"
    mark: ClassVar[str] = "CP"
    needs_lines: ClassVar[bool] = False

    incident: Name
    lines: tuple[ChannelPaper, ...]
    prepared_at: dt.datetime | None = None
    incident_number: str = ""
    period: Period = NO_PERIOD
    ladder: tuple[DegradationPaper, ...] = ()
    instructions: Name = NO_NAME
    prepared_by: Contact = NOBODY
    prepared_post: Name = NO_NAME
    blank_lines: int = 0
    drill: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blank_lines(self, self.blank_lines, written=len(self.lines))
        for position, line in enumerate(self.lines, 1):
            check_code(self, "mode", line.mode, MODES, line=position)
            for field in ("receive_width", "transmit_width"):
                check_code(self, field, getattr(line, field), WIDTHS, line=position)
            for field in ("receive_hertz", "transmit_hertz"):
                hertz = getattr(line, field)
                if hertz is not None and hertz < 1:
                    raise BadPaperValue(self.kind, self.number, field, position, str(hertz))
        for position, rung in enumerate(self.ladder, 1):
            check_code(self, "cut", rung.cut, CUTS, line=position)
            if [one.cut for one in self.ladder].count(rung.cut) > 1:
                raise BadPaperValue(self.kind, self.number, "cut", position, rung.cut)
