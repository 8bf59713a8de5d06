"""Labels: what stands on a lot, a bin, a device and a kit. They carry a code the house understands, and no seal.

A label names a thing; it orders nothing and proves nothing, so it is neither signed nor kept. Printed again it is the
same label. The code is what scanners read anywhere in the program: the eight digits of a lot or a device, the code of
a bin.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Name
from inventory.documents.data.values import NO_NAME, NOBODY, BadPaperValue, Contact, Paper

LABELS_MAX = 5_000
"""Labels in one file, all copies: more is a slip of the finger, and half a day of a label printer."""

CODE_LENGTH_MAX = 40


@dataclass(frozen=True)
class LabelSize:
    """The stock that labels are printed on: labels across and down a page, and the size of one in millimetres."""

    across: int
    down: int
    width: float
    height: float

    @property
    def places(self) -> int:
        """Return how many labels a page holds."""
        return self.across * self.down


SIZES: dict[str, LabelSize] = {
    "24": LabelSize(3, 8, 70, 37),
    "8": LabelSize(2, 4, 105, 74),
    "60x40": LabelSize(1, 1, 60, 40),
    "100x70": LabelSize(1, 1, 100, 70),
}
"""A4 sheets with 24 or 8 labels without gaps, as stationers sell them, and two common sizes of label printers."""


@dataclass(frozen=True)
class LotLabel:
    """What rule P18 asks for: name, specification, origin, number, quantity, quality, made on, entered on.

    `code` is the number, the lot's eight digits; `quantity` that of the lot where the label is stuck on. What is not
    known stays blank, to be written in by hand.
    """

    code: str
    name: Name
    quantity: int
    unit: Name
    specification: Name = NO_NAME
    origin: Name = NO_NAME
    quality: Name = NO_NAME
    made_on: dt.date | None = None
    entered_on: dt.date | None = None
    expires_on: dt.date | None = None
    batch: str = ""
    copies: int = 1


@dataclass(frozen=True)
class BinLabel:
    """The code of a bin as it stands in the lists of its site."""

    code: str
    site: Name
    copies: int = 1


@dataclass(frozen=True)
class AssetLabel:
    """A device: its label's digits, what it is, where it belongs, until when it is good, who answers for it."""

    code: str
    name: Name
    specification: Name = NO_NAME
    serial_number: str = ""
    place: Name = NO_NAME
    entered_on: dt.date | None = None
    good_until: dt.date | None = None
    custodian: Contact = NOBODY
    copies: int = 1


@dataclass(frozen=True)
class KitPart:
    """One kind of thing in a kit."""

    name: Name
    quantity: int
    unit: Name


@dataclass(frozen=True)
class KitLabel:
    """A kit: its code, where it belongs, who carries it, what must be in it, when it was packed and is checked."""

    code: str
    name: Name
    contents: tuple[KitPart, ...] = ()
    place: Name = NO_NAME
    holder: Name = NO_NAME
    packed_on: dt.date | None = None
    check_by: dt.date | None = None
    custodian: Contact = NOBODY
    copies: int = 1


Label = LotLabel | BinLabel | AssetLabel | KitLabel


@dataclass(frozen=True, kw_only=True)
class LabelsPaper(Paper):
    """Labels of one kind and size. `number` says what they are of (a site, an entry); it is the title of the file.

    `start` is the first free place on a sheet that was partly used, counted from 1, row by row.
    """

    sealed: ClassVar[bool] = False
    kept: ClassVar[bool] = False

    revision: int = 1
    issuer: Name
    lines: tuple[Label, ...]
    size: str = "24"
    start: int = 1
    demo: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.size not in SIZES:
            self._refuse("label_size", self.size)
        if not 1 <= self.start <= SIZES[self.size].places:
            self._refuse("label_start", self.start)
        for position, label in enumerate(self.lines, 1):
            if not label.code.strip() or len(label.code) > CODE_LENGTH_MAX or not label.code.isprintable():
                self._refuse("label_code", label.code, position)
            if label.copies < 1:
                self._refuse("label_copies", label.copies, position)
        if self.labels > LABELS_MAX:
            self._refuse("label_copies", self.labels)

    @property
    def labels(self) -> int:
        """Return how many labels there are with all copies."""
        return sum(label.copies for label in self.lines)

    def _refuse(self, field: str, value: object, line: int = 0) -> None:
        raise BadPaperValue(kind=self.kind, number=self.number, field=field, line=line, value=str(value)[:80])


@dataclass(frozen=True, kw_only=True)
class LotLabelsPaper(LabelsPaper):
    """Lot labels 批次标签."""

    kind: ClassVar[str] = "lot_labels"
    mark: ClassVar[str] = "LL"

    lines: tuple[LotLabel, ...]


@dataclass(frozen=True, kw_only=True)
class BinLabelsPaper(LabelsPaper):
    """Bin labels 货位标签."""

    kind: ClassVar[str] = "bin_labels"
    mark: ClassVar[str] = "LB"

    lines: tuple[BinLabel, ...]


@dataclass(frozen=True, kw_only=True)
class AssetLabelsPaper(LabelsPaper):
    """Device labels 装备标签."""

    kind: ClassVar[str] = "asset_labels"
    mark: ClassVar[str] = "LA"

    lines: tuple[AssetLabel, ...]


@dataclass(frozen=True, kw_only=True)
class KitLabelsPaper(LabelsPaper):
    """Kit labels 套装标签."""

    kind: ClassVar[str] = "kit_labels"
    mark: ClassVar[str] = "LK"

    lines: tuple[KitLabel, ...]
