"""A loading of the demo district that was killed half-way on PostgreSQL: the next start says so and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inventory.core.env import Env
from inventory.core.errors import Refusal
from inventory.core.work import SYSTEM, Store
from inventory.models import Journal
from inventory.upkeep import check_start
from tests.cli.conftest import build_demo
from tests.support import server

ROOT = Path(__file__).resolve().parents[2]
ENTRIES_BEFORE_THE_KILL = 20
SECONDS_MAX = 60.0


def process(home: Path, url: str, *words: str, language: str = "en_US.UTF-8") -> subprocess.Popen[str]:
    """Start `python -m inventory` on a database."""
    kept = {name: value for name, value in os.environ.items() if name != "LC_ALL"}
    return subprocess.Popen(
        [sys.executable, "-m", "inventory", *words],
        cwd=ROOT,
        env=kept | {"INVENTORY_HOME": str(home), "DATABASE_URL": url, "LANG": language},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def refused(home: Path, url: str, *words: str, language: str = "en_US.UTF-8") -> str:
    """Run a command that must be refused and return what it says on standard error."""
    with process(home, url, *words, language=language) as ran:
        _out, told = ran.communicate(timeout=SECONDS_MAX)
    assert ran.returncode == 1, told
    assert "Traceback" not in told
    return told


def kill_half_way(home: Path, url: str) -> None:
    """Load the demo district and end the program, as a power cut would, when a few entries are written."""
    with process(home, url, "init", "--demo") as loading, closing(Store(url, Env.real(home))) as store:
        deadline = time.monotonic() + SECONDS_MAX
        count = select(func.count()).select_from(Journal)
        while store.read(SYSTEM, lambda work: work.connection.execute(count).scalar_one()) < ENTRIES_BEFORE_THE_KILL:
            assert loading.poll() is None, loading.communicate()
            assert time.monotonic() < deadline
        loading.kill()
        loading.communicate()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_half_a_demo_district_is_refused(home: Path, database_url: str) -> None:
    """`serve`, `init` and `init --demo` start nothing and name the database to drop, in both languages."""
    kill_half_way(home, database_url)
    name = database_url.split("?")[0].rsplit("/", 1)[1]
    for words in (["serve", "--port", str(server.free_port())], ["init", "--demo"], ["init"], ["incident", "list"]):
        told = refused(home, database_url, *words)
        assert "was not started" in told, words
        assert f"drop the database {name}, create it anew" in told, words
    assert name in refused(home, database_url, "init", "--demo", language="zh_CN.UTF-8")


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_whole_demo_district_starts(make_database: Callable[..., str], env: Env) -> None:
    """A district loaded to its end is not refused; without its last entry it would be."""
    with closing(Store(make_database("demo", build_demo), env)) as store:
        check_start(store)
    url = make_database("demo-not-whole", _without_the_end)
    with closing(Store(url, env)) as store, pytest.raises(Refusal) as caught:
        check_start(store)
    assert caught.value.code == "demo_not_whole"


def _without_the_end(url: str) -> None:
    from inventory.demo import loading

    with pytest.MonkeyPatch.context() as patch, closing(Store(url, Env.real(Path("/tmp")))) as store:
        patch.setattr(loading._Loading, "mark_whole", lambda self: None)
        loading.load_demo(store)
