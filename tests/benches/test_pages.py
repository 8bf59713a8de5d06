"""The bench of the pages: it sees the real pages, and it sees when one of them fails."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inventory.benches import pages
from tests.support import server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a served demo district."""
    running = server.start(server.demo_home(tmp_path_factory.mktemp("pages") / "home"))
    yield int(running.url.rsplit(":", 1)[1])
    running.stop()


def walk(port: int, cookie: str, *addresses: str) -> dict[str, Any]:
    """Let one user open the addresses, as the bench does, and return what was found."""
    stage = {"users": 1, "seconds": 0.5, "think": 0.0}
    asked = {"port": port, "people": [{"cookie": cookie, "addresses": addresses}], "stages": [stage]}
    done = subprocess.run(
        [sys.executable, "-m", "ui.parts.load"],
        cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_bench_measures_every_page_and_none_fails() -> None:
    """A short run has times for 1, 10 and 50 users and for every page, and no page failed."""
    rows = {row.name: row for row in pages.rows(quick=True)}
    failed = rows.pop("runs that failed")
    assert failed.holds, failed.versus
    for users in ("1 user", "10 users", "50 users"):
        assert any(name.startswith(f"{users}: p95 of ") for name in rows), users
    assert all(row.value > 0 for row in rows.values())


def test_a_page_of_ones_own_is_measured(port: int) -> None:
    """A clerk's own page is opened again and again, each run with a time."""
    found = walk(port, pages._sign_in(port, "clerk"), "/stock")
    assert found["failures"] == []
    assert len(found["samples"]) >= 2
    assert {(users, page) for users, page, _manner, _seconds in found["samples"]} == {(1, "stock")}
    assert {manner for *_told, manner, _seconds in found["samples"]} >= {"first", "open"}


@pytest.mark.parametrize(
    ("login", "address", "said"),
    [
        ("", "/stock", "nobody was signed in"),
        ("clerk", "/check", "the page refused"),
        ("keeper", "/count?count=00000000-0000-0000-0000-000000000000", "the page refused"),
        ("clerk", "/no-such-page", "another page"),
    ],
)
def test_a_page_that_is_not_shown_is_a_failure(port: int, login: str, address: str, said: str) -> None:
    """Without a sign-in, with a wrong role, with an id of nothing: the run fails, it has no time."""
    cookie = pages._sign_in(port, login) if login else "inventory_session=guess"
    found = walk(port, cookie, address)
    assert found["samples"] == []
    assert len(found["failures"]) == 1
    assert said in found["failures"][0]


def test_a_failure_misses_the_aim() -> None:
    """One failed run is enough for the bench to end with a problem, and the row says why."""
    good = [pages.Sample(1, "board", "again", 0.02)]
    last = pages.rows_from(good, ["PageFailed: exception: KeyError"])[-1]
    assert last.holds is False
    assert "KeyError" in last.versus
    slow = pages.rows_from([pages.Sample(50, "board", "again", 0.9)], [])
    assert [row.holds for row in slow if row.aim == "< 300 ms"] == [False]
