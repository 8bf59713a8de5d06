"""Reading the tables that come with the program: UTF-8 CSV files with a heading line, under `inventory/tables`.

Their origin, licence and columns stand in `inventory/tables/README.md`. A cell that is empty means "not known"; it is
never read as zero.
"""

from __future__ import annotations

import csv
from pathlib import Path

from inventory.core.errors import BrokenInvariant

TABLES = Path(__file__).resolve().parent.parent / "tables"


def read_table(name: str, *, folder: Path = TABLES) -> list[dict[str, str]]:
    """Return the rows of a table (its file name without `.csv`) as text by column.

    Raises
    ------
    BrokenInvariant
        A row has more or fewer cells than the heading: the shipped file is damaged.
    """
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, strict=True))
    for row in rows:
        if None in row or None in row.values():
            raise BrokenInvariant(f"{path.name}: a row does not fit its heading: {row}")
    return rows


def whole(text: str) -> int | None:
    """Return the whole number in a cell, None when it is empty."""
    return int(text) if text else None
