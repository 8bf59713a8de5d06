"""Every command: help in both languages, wrong usage, one JSON object, files that are wrong, the docs."""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inventory.cli import WHERE, Parser, errands, main, parser_of
from inventory.errands.exports import EXPORTS
from tests.cli.conftest import Cli

DOCS = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
COMMANDS = [errand.words for errand in errands()]
SCENARIO: dict[str, Any] = {
    "format": "inventory-scenario/1",
    "now": "2026-07-01T08:00:00+08:00",
    "places": [{"id": "A"}, {"id": "B"}],
    "items": [{"id": "tent"}],
    "stock": [{"id": "s1", "place": "A", "item": "tent", "quantity": 5}],
    "demands": [{"id": "d1", "place": "B", "item": "tent", "quantity": 8, "priority": 0}],
    "travel": {"truck": {"minutes": [[0, 30], [30, 0]]}},
}


def test_every_first_word_finds_its_errands() -> None:
    """The table of first words and the modules agree."""
    assert {words.split()[0] for words in COMMANDS} == set(WHERE)
    assert len(COMMANDS) == len(set(COMMANDS))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_help(words: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` of each command ends with 0 and explains every argument."""
    assert main([*words.split(), "--help", "--language", language]) == 0
    told = capsys.readouterr().out
    assert "--json" in told
    parser = parser_of(errands(words.split()[0]), language)
    made = _parser_at(parser, words.split())
    assert [action.dest for action in made._actions if not action.help] == []


def _parser_at(parser: argparse.ArgumentParser, words: list[str]) -> argparse.ArgumentParser:
    for word in words:
        inside = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
        parser = inside.choices[word]
    assert isinstance(parser, Parser)
    return parser


def test_every_command_stands_in_the_docs() -> None:
    """docs/commands.md has a heading for each command and names each of its options."""
    text = DOCS.read_text(encoding="utf-8")
    headings = set(re.findall(r"^### `([a-z -]+)`", text, re.MULTILINE))
    assert headings == set(COMMANDS)
    assert set(EXPORTS) <= set(re.findall(r"`([a-z]+)`", text))
    for words in COMMANDS:
        section = text.split(f"### `{words}`", 1)[1].split("\n### ", 1)[0]
        made = _parser_at(parser_of(errands(words.split()[0]), "en"), words.split())
        options = {option for action in made._actions for option in action.option_strings if option.startswith("--")}
        missing = [
            option
            for option in sorted(options - {"--help", "--json", "--language", "--as", "--id"})
            if option not in section
        ]
        assert missing == [], words


@pytest.mark.parametrize("words", COMMANDS)
def test_wrong_usage_ends_with_2(plain_cli: Cli, words: str) -> None:
    """An unknown option is wrong usage for every command: said on standard error, one object with --json."""
    ran = plain_cli(*words.split(), "--no-such-option", "--json")
    assert ran.code == 2
    assert ran.facts["refused"] == "wrong_usage"
    assert "usage" in ran.err


@pytest.mark.parametrize(
    "words", [(), ("nonsense",), ("count",), ("serve", "--port", "0"), ("init", "--demo", "--empty")]
)
def test_no_command_ends_with_2(plain_cli: Cli, words: tuple[str, ...]) -> None:
    """No command, an unknown one, half of one, a wrong value and two that exclude each other."""
    ran = plain_cli(*words)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_without_a_district_one_is_told_what_to_do(plain_cli: Cli, language: str) -> None:
    """On an empty data folder a command says to run init, as words and as facts."""
    ran = plain_cli("verify", "--json", "--language", language)
    assert ran.code == 1
    assert ran.facts["refused"] in ("not_founded", "database_behind")
    assert "init" in ran.facts["said"]


def test_a_plan_goes_through_files_and_is_checked(plain_cli: Cli, tmp_path: Path) -> None:
    """`plan` writes one plan or all; `check` passes them and lists what is wrong with a damaged one."""
    scenario, plan = tmp_path / "scenario.json", tmp_path / "plan.json"
    scenario.write_text(json.dumps(SCENARIO))
    ran = plain_cli("plan", str(scenario), "--json", "--out", str(plan))
    assert ran.code == 0
    assert ran.facts["objective"]["unmet_by_priority"] == [3, 0, 0]
    assert json.loads(plan.read_text()) == ran.facts
    assert plain_cli("check", str(scenario), str(plan)).code == 0
    everything = plain_cli("plan", str(scenario), "--alternative", "all")
    assert [one["alternative"] for one in json.loads(everything.out)["plans"]] == ["fastest", "fewest", "reserves"]
    damaged = ran.facts
    damaged["consignments"][0]["lines"][0]["quantity"] += 1
    plan.write_text(json.dumps(damaged))
    ran = plain_cli("check", str(scenario), str(plan), "--json")
    assert ran.code == 1
    assert ran.facts["sound"] is False
    assert all(one["said"] for one in ran.facts["violations"])


def test_wrong_files_are_told(plain_cli: Cli, tmp_path: Path) -> None:
    """A file that is not there, not a scenario, not writable: exit 1 and a code each."""
    broken, good = tmp_path / "broken.json", tmp_path / "good.json"
    broken.write_text('{"format": "inventory-scenario/1", "nonsense": 1}')
    good.write_text(json.dumps(SCENARIO))
    for words, code in (
        (("plan", str(tmp_path / "absent.json")), "file_unreadable"),
        (("plan", str(tmp_path)), "file_unreadable"),
        (("plan", str(broken)), "file_refused"),
        (("plan", str(good), "--out", str(tmp_path / "no" / "folder.json")), "file_unwritable"),
        (("check", str(good), str(broken)), "file_refused"),
    ):
        ran = plain_cli(*words, "--json")
        assert (ran.code, ran.facts["refused"]) == (1, code), ran.err


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_every_kind_is_exported_in_every_format(cli: Cli, tmp_path: Path) -> None:
    """JSON, CSV and Excel hold the same rows; no hash and no token stands in any."""
    for kind, export in EXPORTS.items():
        ran = cli("export", kind, "-", "--json")
        assert ran.code == 0, ran.err
        assert ran.facts["kind"] == kind
        rows = ran.facts["rows"]
        assert all(set(row) >= {key for key, _ in export.columns} for row in rows), kind
        assert "argon2" not in ran.out
        sheet, table = tmp_path / f"{kind}.xlsx", tmp_path / f"{kind}.csv"
        assert cli("export", kind, str(sheet)).code == 0
        assert cli("export", kind, str(table), "--language", "zh_CN").code == 0
        assert openpyxl.load_workbook(sheet).worksheets[0].max_row == len(rows) + 1
        with table.open(encoding="utf-8-sig", newline="") as source:
            assert len(list(csv.reader(source))) == len(rows) + 1
        if kind not in ("counts", "custody", "discrepancies", "papers", "shipments", "orders", "requests"):
            assert rows, kind
    assert cli("export", "secrets", "-", "--json").facts["refused"] == "unknown_kind"
    assert cli("export", "items", str(tmp_path / "items.pdf"), "--json").facts["refused"] == "unknown_kind"


def test_every_export_runs_on_both_databases(cli: Cli) -> None:
    """What one database sums, the other sums too."""
    for kind in EXPORTS:
        ran = cli("export", kind, "-", "--json")
        assert ran.code == 0, ran.err


def test_a_bench_tells_its_rows(plain_cli: Cli) -> None:
    """Each row has a name, a number with its unit, what it is beside and what should hold."""
    ran = plain_cli("bench", "documents", "--quick", "--json")
    assert ran.code == int(any(row["holds"] is False for row in ran.facts["rows"]))
    assert ran.facts["bench"] == "documents"
    for row in ran.facts["rows"]:
        assert set(row) == {"name", "value", "unit", "versus", "ratio", "aim", "holds"}
