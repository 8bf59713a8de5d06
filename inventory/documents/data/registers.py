"""Registers: what the books say at one moment about stock, teams and devices.

A register is sealed but not kept: the ledger is the copy of record and can be read as of any past moment, so a paper
with its moment and the head of the chain proves itself. Printed a minute later it is another register, not a revision.
A register may be empty: "nothing stands here" is a statement too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, NOBODY, BadPaperValue, Contact, LedgerHead, Paper


@dataclass(frozen=True)
class StockLine:
    """A lot in a bin, in base units; `held` is what of it is promised. `reasons` are codes of why it cannot be sent.

    `packages` and `weight_grams` are None when unknown; never guessed.
    """

    code: str
    name: Name
    unit: Name
    quantity: int
    lot: str
    held: int = 0
    specification: Name = NO_NAME
    batch: str = ""
    bin: str = ""
    expires_on: dt.date | None = None
    reasons: tuple[str, ...] = ()
    packages: int | None = None
    weight_grams: int | None = None


@dataclass(frozen=True)
class SiteStock:
    """The stock of one site, which begins on a page of its own and is signed there."""

    code: str
    name: Name
    lines: tuple[StockLine, ...] = ()
    address: Name = NO_NAME
    keeper: Contact = NOBODY


@dataclass(frozen=True)
class TeamLine:
    """A rescue team; `discipline` and `legal_kind` in words, `state` a code, `level` 1 the strongest."""

    code: str
    name: Name
    organisation: Name
    discipline: Name
    level: int
    legal_kind: Name
    people: int
    assembly_local_minutes: int
    base: Name
    state: str
    assembly_away_minutes: int | None = None
    endurance_hours: int | None = None
    leader: Contact = NOBODY


@dataclass(frozen=True)
class DeviceLine:
    """A device; `condition` and `works_without` ("network", "power", "road") are codes, `number` what it is called by."""

    label: str
    name: Name
    device_kind: Name
    condition: str
    place: Name
    serial_number: str = ""
    number: str = ""
    custodian: str = ""
    card_expires_on: dt.date | None = None
    good_until: dt.date | None = None
    runtime_minutes: int | None = None
    works_without: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RegisterPaper(Paper):
    """What every register has: who keeps it, of what (a site, the district), as of when, and the head of the ledger."""

    needs_lines: ClassVar[bool] = False
    kept: ClassVar[bool] = False

    revision: int = 1
    issuer: Name
    scope: Name
    as_of: dt.datetime
    ledger: LedgerHead | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class StockRegisterPaper(RegisterPaper):
    """A register of stock 库存台账 by site; quantities of different goods are never summed, packages and weight are."""

    kind: ClassVar[str] = "stock_register"
    mark: ClassVar[str] = "SR"

    sites: tuple[SiteStock, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        lines = [line for site in self.sites for line in site.lines]
        for position, line in enumerate(lines, 1):
            for field, value, least in (
                ("quantity", line.quantity, 1),
                ("quantity", line.quantity - line.held, 0),
                ("quantity", line.held, 0),
                ("packages", line.packages or 0, 0),
                ("weight_grams", line.weight_grams or 0, 0),
            ):
                if value < least:
                    raise BadPaperValue(
                        kind=self.kind, number=self.number, field=field, line=position, value=str(value)
                    )


@dataclass(frozen=True, kw_only=True)
class TeamRegisterPaper(RegisterPaper):
    """A register of rescue teams 救援队伍台账."""

    kind: ClassVar[str] = "team_register"
    mark: ClassVar[str] = "TR"

    lines: tuple[TeamLine, ...]


@dataclass(frozen=True, kw_only=True)
class DeviceRegisterPaper(RegisterPaper):
    """A register of devices 装备台账."""

    kind: ClassVar[str] = "device_register"
    mark: ClassVar[str] = "VR"

    lines: tuple[DeviceLine, ...]
