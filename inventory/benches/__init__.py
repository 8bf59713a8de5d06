"""Benches: each measures one room beside a plain rival, in the same run on the same machine, and says what it aims at.

A bench is a module with `rows(...) -> list[BenchRow]`. Benches may ask the machine's clock; the rooms may not.
"""

from __future__ import annotations

from dataclasses import dataclass


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
