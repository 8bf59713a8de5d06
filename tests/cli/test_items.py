"""`import items`: from the template to the catalogue and back, and once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from tests.cli.conftest import Cli


def test_items_from_the_template(cli: Cli, done: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    """A filled-in template is looked at, taken over, and the second time changes nothing."""
    file = tmp_path / "items.xlsx"
    assert cli("template", "items", str(file)).code == 0
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    heads = {
        str(cell.value).rstrip("*"): cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value
    }
    line = sheet.max_row + 1
    for head, value in (("Item code", "N-1"), ("Chinese name", "N"), ("Unit", "ge"), ("Weight (g)", 5)):
        sheet.cell(line, heads[head], value)
    book.save(file)
    looked = done("import", "items", str(file), "--dry-run", "--as", "manager")
    assert (looked["new"], looked["dry_run"]) == (1, True)
    assert done("import", "items", str(file), "--as", "manager")["new"] == 1
    again = done("import", "items", str(file), "--as", "manager")
    assert (again["same"], again["again"]) == (1, True)
    exported = tmp_path / "exported.csv"
    assert cli("export", "items", str(exported)).code == 0
    assert "N-1" in exported.read_text(encoding="utf-8-sig")


def test_a_clerk_may_not(cli: Cli, tmp_path: Path) -> None:
    """The catalogue is the manager's, and a wrong unit is told with its row."""
    file = tmp_path / "items.csv"
    file.write_text("code,name_zh,unit\nN-1,N,nothing\n")
    assert cli("import", "items", str(file), "--as", "clerk", "--json").code == 1
    ran = cli("import", "items", str(file), "--as", "manager", "--json")
    assert ran.code == 1
    assert [(one["code"], one["row"]) for one in ran.facts["facts"]["faults"]] == [("unit_not_in_list", 2)]
