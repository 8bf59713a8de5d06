"""Papers that carry data: the page that goes with a consignment, and the page that comes back from its receiver."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, Paper, Party, later


@dataclass(frozen=True)
class DataLinePaper:
    """One line of the consignment as people read it; `label` is the lot as on its sticker, `lot` the maker's batch.

    `received`, `damaged` and `short` are None before it was received; `check` is what is typed last of a line where
    nothing can be scanned.
    """

    code: str
    name: Name
    unit: Name
    quantity: int
    label: str
    specification: Name = NO_NAME
    lot: str = ""
    expires_on: dt.date | None = None
    received: int | None = None
    damaged: int | None = None
    short: int | None = None
    check: str = later("")


@dataclass(frozen=True)
class DataPagePaper(Paper):
    """The data page 数据页 of a consignment: all of it in QR codes, for a node that never saw the order.

    `facts` is the canonical JSON of what is carried; the codes are made from it when it is printed. `number` is that
    of the consignment. `typing` is the code that is typed where nothing can be scanned.
    """

    kind: ClassVar[str] = "data_page"
    mark: ClassVar[str] = "DP"

    order_number: str
    sender: Party
    receiver: Party
    lines: tuple[DataLinePaper, ...]
    issued_at: dt.datetime
    facts: str
    incident: Name = NO_NAME
    typing: str = later("")
    demo: bool = False


@dataclass(frozen=True)
class HandBackPaper(Paper):
    """The receipt page 回执数据页 that goes back to the sender: what was received, in QR codes and in words.

    `number` is that of the receipt at the receiving node; `facts` as on `DataPagePaper`.
    """

    kind: ClassVar[str] = "hand_back"
    mark: ClassVar[str] = "HB"

    order_number: str
    consignment_number: str
    sender: Name
    receiver: Name
    received_at: dt.datetime
    received_by: str
    lines: tuple[DataLinePaper, ...]
    facts: str
    note: str = ""
    demo: bool = False
