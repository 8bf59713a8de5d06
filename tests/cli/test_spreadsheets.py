"""Spreadsheets from a terminal: out filled, changed, in again; a copy that tells the problems; counts the same way."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Cli

Done = Callable[..., dict[str, Any]]


def change(path: Path, cells: dict[str, Any]) -> None:
    """Write cells of the first sheet in another program."""
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book.worksheets[0][address] = value
    book.save(path)


def test_a_list_goes_out_filled_and_comes_back_changed(cli: Cli, done: Done, tmp_path: Path) -> None:
    """Filled, unchanged: nothing to do. One cell changed: one line changed. Then the same file again: nothing to do."""
    path = tmp_path / "teams.xlsx"
    assert cli("template", "teams", str(path), "--filled").code == 0
    words = ("import", "teams", str(path), "--as", "teamlead")
    assert done(*words)["again"] is True
    heads = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]
    change(path, {f"{openpyxl.utils.get_column_letter(heads.index('People*') + 1)}2": 61})
    assert done(*words, "--dry-run")["changed"] == 1
    assert (done(*words)["changed"], done(*words)["again"]) == (1, True)
    rows = {row["code"]: row for row in done("export", "teams", "-")["rows"]}
    assert rows["DW-01"]["people"] == 61
    plain = tmp_path / "teams.csv"
    assert cli("template", "teams", str(plain), "--filled").code == 0
    assert done("import", "teams", str(plain), "--as", "teamlead")["again"] is True
    refused = cli("template", "stock", str(path), "--filled", "--json")
    assert (refused.code, refused.facts["refused"]) == (1, "unknown_kind")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_problems_come_back_in_a_copy(cli: Cli, done: Done, tmp_path: Path, ending: str) -> None:
    """With --errors a refused file comes back with its problems in a column; a sound one leaves nothing behind."""
    path, copy = tmp_path / f"vehicles.{ending}", tmp_path / f"wrong.{ending}"
    assert cli("template", "vehicles", str(path), "--filled").code == 0
    words = ("import", "vehicles", str(path), "--as", "manager", "--errors", str(copy))
    assert done(*words)["again"] is True
    assert not copy.exists()
    if ending == "xlsx":
        change(path, {"E3": "NOWHERE", "H3": "heavy"})
    else:
        text = path.read_text("utf-8-sig")
        path.write_text(text.replace(text.splitlines()[2].split(",")[4], "NOWHERE", 1), "utf-8-sig")
    entries = len(done("export", "entries", "-")["rows"])
    ran = cli(*words)
    assert ran.code == 1
    assert str(copy) in ran.err
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(copy.read_bytes())).worksheets[0]
        assert "heavy" in sheet.cell(3, sheet.max_column).value
    else:
        told = [row for row in csv.reader(copy.read_text("utf-8-sig").splitlines()) if "NOWHERE" in row]
        assert ["NOWHERE" in row[-1] for row in told] == [True]
    assert len(done("export", "entries", "-")["rows"]) == entries
    wrong_name = cli(*words[:-1], str(tmp_path / "copy.pdf"), "--json")
    assert (wrong_name.code, wrong_name.facts["refused"]) == (1, "unknown_kind")


def test_a_count_comes_back_from_its_sheet(cli: Cli, done: Done, tmp_path: Path) -> None:
    """A blind sheet goes out with its marks; of a wrong one nothing is read, and the copy says why."""
    number = done("count", "open", "T100", "--as", "clerk")["number"]
    other = done("count", "open", "T101", "--as", "clerk")["number"]
    path, copy = tmp_path / "sheet.xlsx", tmp_path / "wrong.xlsx"
    assert cli("count", "export", number, str(path)).code == 0
    change(path, {"I2": 5, "I3": "a lot"})
    words = ("count", "import", number, str(path), "--as", "clerk", "--errors", str(copy))
    assert cli(*words).code == 1
    sheet = openpyxl.load_workbook(copy).worksheets[0]
    assert "a lot" in sheet.cell(3, sheet.max_column).value
    assert done("count", "show", number)["counted"] == 0
    change(path, {"I3": 6})
    assert done(*words)["lines"] == 2
    foreign = cli("count", "import", other, str(path), "--as", "clerk", "--json")
    assert [fault["code"] for fault in foreign.facts["facts"]["faults"]] == ["other_task"]
    assert number in foreign.facts["facts"]["faults"][0]["said"]
