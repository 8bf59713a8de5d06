"""Benches: each measures one room beside a plain rival, in the same run on the same machine, and says what it aims at.

A bench is a module with `rows(...) -> list[BenchRow]`. Benches may ask the machine's clock; the rooms may not.
"""

from __future__ import annotations

import dataclasses
import importlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BenchRow:
    """One measured number.

    Parameters
    ----------
    name
        What was measured, and at which size.
    value, unit
        The number and its unit.
    versus
        The name of the rival, empty where there is none.
    ratio
        value / the rival's value, None where there is none.
    aim
        What should hold, in words and numbers.
    holds
        Whether it does; None where the row only informs.
    """

    name: str
    value: float
    unit: str
    versus: str = ""
    ratio: float | None = None
    aim: str = ""
    holds: bool | None = None


NAMES = ("plan", "ledger", "documents", "spreadsheets", "pages")
"""The benches there are, in the order in which they run. More come with the parts they measure."""


def rows_of(name: str, *, quick: bool = False, database: str | None = None) -> list[BenchRow]:
    """Run a bench and return its rows.

    Parameters
    ----------
    name
        Of `NAMES`.
    quick
        Only to see that it runs: small sizes, few repeats.
    database
        For the ledger: URL of an empty database to fill instead of SQLite.
    """
    module: Any = importlib.import_module(f"inventory.benches.{name}")
    if name == "ledger":
        found: list[BenchRow] = module.rows(quick=quick, database=database)
    elif name == "documents":
        found = module.rows(large=not quick)
    else:
        found = module.rows(quick=quick)
    return found


def facts_of(row: BenchRow) -> dict[str, Any]:
    """Return a row as the JSON contract names it."""
    return dataclasses.asdict(row)
