"""The documentation is true: links lead somewhere, commands exist, nothing that has a name is left out."""

from __future__ import annotations

import argparse
import dataclasses
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import CheckConstraint

from inventory.cli import errands, parser_of
from inventory.core.settings import Settings
from inventory.models import Base
from inventory.people.rules import ROLES
from inventory.people.settings import SETTINGS
from ui.parts.board_lists import INCIDENT_STATES
from ui.parts.count_desk import STATE_CHIPS
from ui.parts.incident_detail import REQUEST_STATUS
from ui.parts.look import STATUS
from ui.parts.pages import PAGES
from ui.parts.trade import ORDER_STATUS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HANDBOOK = DOCS / "handbook"
PAGES_OF_DOCS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
OUR_TEXT = sorted([*PAGES_OF_DOCS, *(ROOT / "inventory").rglob("README.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_FACT = re.compile(r"%\(\w+\)s")


def text_of(path: Path) -> str:
    """Return a page as text."""
    return path.read_text(encoding="utf-8")


def codes_in(path: Path) -> set[str]:
    """Return what stands in `code` type on a page."""
    return set(_CODE.findall(text_of(path)))


def first_cells(section: str) -> set[str]:
    """Return the names in `code` type that open a row of a table."""
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("page", OUR_TEXT, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    """Every link that is no web address leads to a file or folder of the project, and its anchor to a heading."""
    lost = []
    for target in _LINK.findall(text_of(page)):
        if target.startswith(("https://", "mailto:")):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            lost.append(target)
    assert not lost


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", OUR_TEXT, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_no_machine(page: Path) -> None:
    """No page names a place on somebody's machine; examples use system folders, /srv, /mnt and /tmp/trial."""
    found = re.findall(r"(?<![\w.:/])/(?:work|home|root|Users|tmp(?!/trial\b))/?[\w./-]*", text_of(page))
    assert not found


def test_settings_of_the_environment_are_all_documented() -> None:
    """docs/settings.md lists the settings of the environment, all of them and no others, with their defaults."""
    source = text_of(ROOT / "inventory" / "core" / "settings.py")
    known = dict(re.findall(r'_text\("(\w+)", "([^"]*)"\)', source))
    assert len(known) == len(dataclasses.fields(Settings))
    section = text_of(DOCS / "settings.md").split("## 1.")[1].split("For tests only")[0]
    assert first_cells(section) == set(known)
    for name, default in known.items():
        row = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
        assert not default or default in row, f"{name}: the default {default} does not stand in its row"


def test_settings_of_the_district_are_all_documented() -> None:
    """docs/settings.md lists the settings of the district with default, range or choices, and certainty."""
    section = text_of(DOCS / "settings.md").split("## 2.")[1].split("## 3.")[0]
    assert first_cells(section) == set(SETTINGS)
    for key, figure in SETTINGS.items():
        row = next(line for line in section.splitlines() if line.startswith(f"| `{key}` |"))
        wanted = [f"`{figure.default}`", figure.confidence, figure.source]
        wanted += [", ".join(figure.choices)] if figure.choices else [f"{figure.unit}, {figure.low} to {figure.high}"]
        assert all(word in row for word in wanted), f"{key}: {wanted}"


def test_settings_of_tests_are_all_documented() -> None:
    """Environment variables that only tests read stand in docs/settings.md too."""
    named = set()
    for file in [*(ROOT / "tests" / "support").glob("*.py"), ROOT / "tests" / "__main__.py"]:
        named |= set(re.findall(r'os\.environ\.get\("(\w+)"', text_of(file)))
    section = text_of(DOCS / "settings.md").split("For tests only")[1].split("## 2.")[0]
    assert first_cells(section) == named


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Return every command with its parser, by its words ("count open")."""
    return dict(_leaves(parser_of(errands(), "en"), ()))


def _leaves(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> list[tuple[str, argparse.ArgumentParser]]:
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        return [(" ".join(words), parser)]
    return [leaf for name, below in inner[0].choices.items() for leaf in _leaves(below, (*words, name))]


def _shown_commands() -> list[str]:
    """Return every `python -m inventory …` of the pages, in code blocks and in running text."""
    found = set()
    for page in PAGES_OF_DOCS:
        text = text_of(page)
        blocks = "\n".join(body for _language, body in _FENCE.findall(text))
        blocks = blocks.replace("\\\n", " ")
        for line in [*blocks.splitlines(), *_CODE.findall(_FENCE.sub("", text))]:
            shown = re.search(r"python -m inventory ([a-z-][^#|>&;…\[]*)", line)
            if shown:
                found.add(" ".join(re.sub(r"\$\(.*?\)", "X", shown[1]).split()))
    return sorted(found)


@pytest.mark.parametrize("shown", _shown_commands())
def test_shown_commands_are_commands(shown: str) -> None:
    """What a page shows after `python -m inventory` begins with a command and uses options that it knows."""
    words = [word for word in shlex.split(shown, posix=True) if not word.isupper() or word.startswith("-")]
    if words[0].startswith("-"):
        assert words == ["--help"]
        return
    below = [parser for name, parser in commands().items() if name.split()[0] == words[0]]
    assert below, f"{words[0]} is no command"
    known = {option for parser in below for action in parser._actions for option in action.option_strings}
    assert {word.split("=")[0] for word in words if word.startswith("-")} <= known


def test_targets_of_make_exist() -> None:
    """Every `make TARGET` on a page is a target of the Makefile."""
    targets = set(re.findall(r"^([\w-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = set()
    for page in PAGES_OF_DOCS:
        named |= set(re.findall(r"(?:`|^)make ([a-z][\w-]*)", text_of(page), re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= targets


def test_files_of_the_way_without_make_exist() -> None:
    """The way without make names a lock file and a script that are there, and asks for hashes."""
    page = text_of(ROOT / "README.md")
    block = next(body for _language, body in _FENCE.findall(page) if "pip install" in body)
    assert "--require-hashes -r requirements.txt" in block
    assert (ROOT / "requirements.txt").exists()
    assert (ROOT / "ui" / "streamlit_app.py").exists()


def test_help_answers() -> None:
    """`python -m inventory --help` prints the commands."""
    told = subprocess.run(
        [sys.executable, "-m", "inventory", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "serve" in told.stdout


def test_glossary_names_every_table_role_and_state() -> None:
    """docs/glossary.md has every table, every role and every closed word that the schema checks as state or kind."""
    codes = codes_in(DOCS / "glossary.md")
    assert set(Base.metadata.tables) <= codes
    assert set(ROLES) <= codes
    lacking = {}
    for table in Base.metadata.tables.values():
        for rule in table.constraints:
            if not isinstance(rule, CheckConstraint) or not str(rule.name).endswith(_CLOSED):
                continue
            words = set(re.findall(r"'(\w+)'", str(rule.sqltext)))
            if not words <= codes:
                lacking[str(rule.name)] = sorted(words - codes)
    assert not lacking


_CLOSED = ("_state_known", "_role_known", "_blocked_known", "_outcome_known", "_alternative_known", "_condition_known")
"""Endings of the checks whose words people meet as roles and states."""


def test_glossary_calls_states_as_the_screens_do() -> None:
    """The Chinese of a state in the glossary is the word that the screens show for it."""
    path = ROOT / "inventory" / "locale" / "zh_CN" / "LC_MESSAGES" / "inventory.po"
    with path.open("rb") as source:
        chinese = {message.id: message.string for message in read_po(source)}
    shown = {
        "count": STATE_CHIPS,
        "incident": INCIDENT_STATES,
        "request": REQUEST_STATUS,
        "order": ORDER_STATUS,
    }
    for document, chips in shown.items():
        row = re.search(rf"^\| {document} .*$", text_of(DOCS / "glossary.md"), re.MULTILINE)
        assert row, document
        told = dict(re.findall(r"`(\w+)` ([^,|]+?)(?:,| \|)", row[0]))
        assert told == {state: chinese[STATUS[key].word] for state, key in chips.items()}


def test_handbook_has_every_screen_in_both_languages() -> None:
    """The index of the handbook names every screen, and every page of it exists in Chinese and in English."""
    index = text_of(HANDBOOK / "README.md")
    addresses = set(re.findall(r"\| `(\w+)` \|", index))
    assert addresses == {page.name for page in PAGES}
    for page in HANDBOOK.glob("*.zh.md"):
        assert (HANDBOOK / page.name.replace(".zh.", ".en.")).exists()
        assert f"({page.name})" in index
    assert len(list(HANDBOOK.glob("*.zh.md"))) == len(list(HANDBOOK.glob("*.en.md")))


@cache
def _catalogue(language: str) -> set[str]:
    """Return what the screens can say in a language; facts are left out."""
    path = ROOT / "inventory" / "locale" / language / "LC_MESSAGES" / "inventory.po"
    with path.open("rb") as source:
        messages = [message for message in read_po(source) if isinstance(message.id, str) and message.id]
    return {message.string or message.id if language == "zh_CN" else message.id for message in messages}


@pytest.mark.parametrize("page", sorted(HANDBOOK.glob("*.md")), ids=lambda page: page.name)
def test_handbook_uses_the_words_of_the_screens(page: Path) -> None:
    """Words in **bold** stand on the screens in English, words in 「」 in Chinese, letter by letter."""
    said = text_of(page)
    english = set(re.findall(r"\*\*([^*]+)\*\*", said)) - _catalogue("en")
    chinese = set(re.findall(r"「([^」]+)」", said)) - _catalogue("zh_CN")
    assert not english | chinese


def test_pictures_are_small() -> None:
    """The pictures of the pages are there and stay small together: a clone must not grow with every screen."""
    sizes = [file.stat().st_size for file in (DOCS / "pictures").iterdir()]
    assert sizes
    assert sum(sizes) < 1_500_000
    shown = {Path(target).name for page in PAGES_OF_DOCS for target in _LINK.findall(text_of(page))}
    assert {file.name for file in (DOCS / "pictures").iterdir()} <= shown
