"""The bench of the spreadsheets: small, it runs through, and what it writes is what it says."""

from __future__ import annotations

import io

import openpyxl

from inventory.benches import spreadsheets
from inventory.exchange.columns import validate
from inventory.exchange.count_list import sheet_kind
from inventory.exchange.reading import read_table


def test_the_bench_measures_what_it_says() -> None:
    """Every row has a number, the rivals are named, memory and times hold; one row in a hundred was wrong."""
    rows = {row.name: row for row in spreadsheets.rows(quick=True)}
    assert len(rows) == 6
    assert all(row.value > 0 for row in rows.values())
    assert sum(row.versus.startswith("pandas") for row in rows.values()) == 3
    assert next(name for name in rows if "looked through" in name).endswith("20 problems told")
    assert [row.holds for row in rows.values() if row.aim and "memory" in row.name] == [True]


def test_the_measured_count_list_is_a_real_one() -> None:
    """The list that is timed carries a mark in every row, and is understood again."""
    data = spreadsheets.count_list(spreadsheets.count_lines(300))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert all(sheet.cell(row, sheet.max_column).value for row in range(2, 302))
    parsed = validate(read_table(data, "a.xlsx"), sheet_kind(), spreadsheets.SEAL, "BENCH-1")
    assert (parsed.faults, len(parsed.lines)) == ((), 300)
