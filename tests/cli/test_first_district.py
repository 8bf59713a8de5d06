"""A real district is started from a terminal, on both databases: from the empty database to the proven books."""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inventory.errands import starting
from inventory.errands.frame import Terminal
from inventory.exchange.lists import LISTS
from tests.cli.conftest import Cli

Done = Callable[..., dict[str, Any]]

DIVISIONS = """Division code,Chinese name,English name,Level,Code above,Population
500110100201,V,Village,village,500110100,1200
500110100,T,Town,town,500110,30000
500110,D,District,district,,200000
"""
ORGANISATIONS = """Organisation code,Chinese name,Kind of organisation,Level,Code above,Division code,Telephone
QX,Bureau,bureau,district,,500110,023-1
WAT,Water,bureau,district,QX,500110,023-2
TOWN,Town,town government,town,QX,500110100,
"""
SITES = """Site code,Chinese name,Kind of site,Division code,Organisation code,Latitude,Longitude,Coordinate system,Bins
S1,Central,store,500110100,QX,29.0126,106.8743,gcj02,"A-01,A-02"
S2,Point,supply point,500110100,TOWN,28.95,106.9,wgs84,
V1,Village,village,500110100201,TOWN,,,,
"""
STOCK = """Site code,Bin,Item code,Quantity,Unit,Batch
S1,A-01,{item},40,{unit},B1
S2,A01,{item},5,{unit},
"""
TARGETS = """Site code,Organisation code,Item code,Kind of target,Quantity,Source of the figure
S1,,{item},reserve kept back,10,decision of the office
,TOWN,{item},minimum,5,decision of the office
"""


@pytest.fixture
def cli(plain_cli: Cli, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Return `run(*words)` on an empty database, on each kind."""
    monkeypatch.setenv("DATABASE_URL", make_database())
    return plain_cli


@pytest.fixture
def take(done: Done, cli: Cli, tmp_path: Path) -> Callable[..., Any]:
    """Return `take(kind, text, login)`: write the text into a file and take it over; `wrong` expects a refusal."""

    def run(kind: str, text: str, login: str = "admin", *, wrong: bool = False) -> Any:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, "utf-8")
        words = ("import", kind, str(path), "--as", login)
        if not wrong:
            return done(*words)
        ran = cli(*words, "--json")
        assert ran.code == 1, ran.out
        return ran.facts

    return run


def _open(done: Done, login: str, role: str, *scope: str) -> str:
    opened = done("account", "open", login, "--name", login, "--role", role, *scope, "--as", "admin")
    assert opened["temporary_password"]
    return login


def test_a_district_starts_from_nothing(cli: Cli, done: Done, take: Callable[..., Any], tmp_path: Path) -> None:
    """Init, starter catalogue, lists, accounts, stock, targets, export, verify; everything twice changes nothing."""
    assert done("init", "--admin", "admin")["founded"] is True
    assert done("init", "--starter")["starter"]["items"] == 122
    assert done("init", "--starter")["starter_again"] is True
    for kind, text, changed in (("divisions", DIVISIONS, 0), ("organisations", ORGANISATIONS, 1), ("sites", SITES, 0)):
        first = take(kind, text)
        assert (first["new"], first["changed"]) == (3 - changed, changed), kind
        entries = len(done("export", "entries", "-")["rows"])
        again = take(kind, text)
        assert (again["again"], again["same"]) == (True, 3)
        assert len(done("export", "entries", "-")["rows"]) == entries, "nothing new makes no entry"
    keeper = _open(done, "keeper", "keeper", "--site", "S1")
    manager = _open(done, "manager", "manager")
    done("account", "grant", keeper, "--role", "clerk", "--site", "S2", "--as", "admin")
    listed = {one["login"]: one["roles"] for one in done("account", "list", "--as", "admin")["accounts"]}
    assert [(held["role"], held["scope"]["zh"]) for held in listed["keeper"]] == [
        ("keeper", "Central"),
        ("clerk", "Point"),
    ]
    assert cli("account", "list", "--as", keeper).code == 1, "who keeps stock does not see the accounts"
    item = next(row for row in done("export", "items", "-")["rows"] if row["tracking"] == "lot")
    filled = {"item": item["code"], "unit": item["unit"]["en"]}
    assert take("stock", STOCK.format(**filled), keeper)["lots"] == 2
    assert take("stock", STOCK.format(**filled), keeper)["again"] is True
    assert take("targets", TARGETS.format(**filled), manager)["new"] == 2
    assert take("targets", TARGETS.format(**filled), manager)["again"] is True
    stock = done("export", "stock", "-")["rows"]
    assert sorted((row["place"], row["on_hand"]) for row in stock) == [("A-01", 40), ("A01", 5)]
    assert cli("export", "stock", str(tmp_path / "stock.xlsx")).code == 0
    assert done("verify")["sound"] is True


def test_only_what_a_file_says_is_changed(cli: Cli, done: Done, take: Callable[..., Any]) -> None:
    """A column that is not in the file stays; a blank cell empties; a point of another system is moved to WGS-84."""
    done("init")
    take("divisions", DIVISIONS)
    take("organisations", ORGANISATIONS)
    take("sites", SITES)
    head = "Site code,Chinese name,Kind of site,Division code,Organisation code"
    renamed = take("sites", f"{head}\nS1,Renamed,store,500110100,QX\n")
    assert (renamed["new"], renamed["changed"], renamed["bins"]) == (0, 1, 0)
    assert take("sites", f"{head},Bins\nS1,Renamed,store,500110100,QX,A-03\n")["bins"] == 1
    site = next(row for row in done("export", "places", "-")["rows"] if row["code"] == "S1")
    assert site["name"]["zh"] == "Renamed"
    assert 1e4 < abs(site["latitude_e7"] - 290_126_000) < 1e5, "what was read from a shifted map is shifted back"
    emptied = take("organisations", ORGANISATIONS.replace("023-2", ""))
    assert (emptied["changed"], emptied["same"]) == (1, 2)


def test_every_problem_of_a_list_is_told_at_once(cli: Cli, done: Done, take: Callable[..., Any]) -> None:
    """Unknown codes, wrong levels, circles, half points, wrong bins: all of them, and nothing is stored."""
    done("init")
    take("divisions", DIVISIONS)
    take("organisations", ORGANISATIONS)
    entries = len(done("export", "entries", "-")["rows"])
    wrong = {
        "divisions": "Division code,Chinese name,Level,Code above\n9-9,x,district,\n77,x,village,500110\n"
        "78,x,town,NOPE\n500110,x,town,\n",
        "organisations": "Organisation code,Chinese name,Kind of organisation,Level,Code above,Division code\n"
        "QX,x,bureau,district,WAT,NOPE\nWAT,x,bureau,district,QX,\nC1,x,bureau,city,TOWN,\nC2,x,palace,town,NOPE,\n"
        "C3,x,bureau,town,NOPE,\n",
        "sites": "Site code,Chinese name,Kind of site,Division code,Organisation code,Latitude,Longitude,"
        "Coordinate system,Bins\nX1,x,store,NOPE,NOPE,29,106,,\nX2,x,store,500110,QX,29,,wgs84,S01\n"
        "X3,x,store,500110,QX,29,10,wgs84,\nX4,x,store,500110,QX,abc,106,wgs84,\n",
        "targets": "Site code,Organisation code,Item code,Kind of target,Quantity,Source of the figure\n"
        "NOPE,QX,NOPE,minimum,5,x\n,NOPE,NOPE,minimum,5,x\n",
    }
    expected = {
        "divisions": ["not_a_division_code", "unknown_division", "wrong_division_above", "wrong_division_above"],
        "organisations": [
            *("above_in_a_circle", "above_in_a_circle", "not_a_choice"),
            *("unknown_division", "unknown_organisation", "wrong_organisation_above"),
        ],
        "sites": [
            *("half_a_point", "no_coordinate_system", "not_degrees", "point_outside_china"),
            *("unknown_division", "unknown_organisation"),
        ],
        "targets": ["site_or_organisation", "unknown_item", "unknown_item", "unknown_organisation", "unknown_site"],
    }
    for kind, text in wrong.items():
        told = take(kind, text, wrong=True)
        assert told["refused"] == "file_refused"
        assert sorted(fault["code"] for fault in told["facts"]["faults"]) == sorted(expected[kind]), kind
        assert all(fault["said"] for fault in told["facts"]["faults"])
    assert len(done("export", "entries", "-")["rows"]) == entries


def test_who_may_not_is_told_so(cli: Cli, done: Done, take: Callable[..., Any]) -> None:
    """A keeper takes no list over, not even one that changes nothing; a wrong role or two scopes are wrong usage."""
    done("init")
    take("divisions", DIVISIONS)
    take("organisations", ORGANISATIONS)
    keeper = _open(done, "keeper", "keeper", "--division", "500110100")
    for kind, text in (("divisions", DIVISIONS), ("sites", SITES)):
        assert take(kind, text, keeper, wrong=True)["refused"] == "not_permitted"
    assert cli("account", "open", "x1", "--name", "x", "--role", "king", "--as", "admin").code == 2
    two = ("--role", "clerk", "--site", "S1", "--division", "500110")
    assert cli("account", "open", "x1", "--name", "x", *two, "--as", "admin").code == 2


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", sorted(LISTS))
def test_every_list_has_a_template_that_is_read_back(cli: Cli, done: Done, kind: str, tmp_path: Path) -> None:
    """The template carries every heading in the language asked for; unfilled it is refused in words."""
    done("init")
    for language in ("en", "zh_CN"):
        path = tmp_path / f"{kind}-{language}.xlsx"
        assert cli("template", kind, str(path), "--language", language).code == 0
        heads = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]
        assert len(heads) == len(LISTS[kind].table().columns)
        ran = cli("import", kind, str(path), "--as", "admin", "--json")
        assert [fault["code"] for fault in ran.facts["facts"]["faults"]] == ["no_rows"]


def test_the_starter_catalogue_does_not_mix(cli: Cli, done: Done, demo_url: str, monkeypatch: Any) -> None:
    """Where there are items already, the starter catalogue is refused with their number."""
    monkeypatch.setenv("DATABASE_URL", demo_url)
    ran = cli("init", "--starter", "--json")
    assert (ran.code, ran.facts["refused"], ran.facts["facts"]["items"]) == (1, "catalogue_not_empty", 122)


@pytest.mark.parametrize(("typed", "wanted"), [("\n", True), ("y\n", True), ("n\n", False)])
def test_the_terminal_is_asked_for_the_catalogue(typed: str, wanted: bool) -> None:
    """Somebody at a terminal is asked; Enter means yes. Without a terminal only the flag counts."""

    class _Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked = argparse.Namespace(starter=False, empty=False)
    assert starting._wants_starter(Terminal("en", input=_Screen(typed), errors=_Screen()), asked) is wanted
    assert starting._wants_starter(Terminal("en", input=io.StringIO(typed), errors=_Screen()), asked) is False
