"""A command line on a copy of the demo district: in this process, with its exit code, JSON object and words."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inventory.cli import main
from inventory.core.env import Env
from inventory.core.work import Store
from inventory.demo import load_demo


@dataclass(frozen=True)
class Ran:
    """One command that has run."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        """Return the one JSON object that stands on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Cli = Callable[..., Ran]


def build_demo(url: str) -> None:
    """Fill a migrated database with the demo district."""
    with closing(Store(url, Env.real(Path(os.environ.get("TMPDIR", "/tmp"))))) as store:
        load_demo(store)


@pytest.fixture
def demo_url(make_database: Callable[..., str]) -> str:
    """The URL of a fresh copy of the demo district."""
    return make_database("demo", build_demo)


@pytest.fixture
def plain_cli(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Return `run(*words)`: a command line in English, with the data folder of this test."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words: str) -> Ran:
        capfd.readouterr()
        code = main([str(word) for word in words])
        told = capfd.readouterr()
        return Ran(code, told.out, told.err)

    return run


@pytest.fixture
def cli(plain_cli: Cli, demo_url: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Return `run(*words)` on a copy of the demo district, on each kind of database."""
    monkeypatch.setenv("DATABASE_URL", demo_url)
    return plain_cli


@pytest.fixture
def done(cli: Cli) -> Callable[..., dict[str, Any]]:
    """Return `done(*words)`: the command with `--json`, which must succeed, and its facts."""

    def run(*words: str) -> dict[str, Any]:
        ran = cli(*words, "--json")
        assert ran.code == 0, ran.err
        return ran.facts

    return run
