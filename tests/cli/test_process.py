"""The program as a process of its own: standard streams, exit codes, first start, locks, logs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from inventory.core.database import process_lock
from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.models import Account
from tests.cli.test_commands import SCENARIO
from tests.support import server

ROOT = Path(__file__).resolve().parents[2]


def run(home: Path, *words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m inventory` in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "LC_ALL")}
    return subprocess.run(
        [sys.executable, "-m", "inventory", *words],
        cwd=ROOT,
        env=kept | {"INVENTORY_HOME": str(home), "LANG": "en_US.UTF-8"} | environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_init_founds_once(home: Path) -> None:
    """Without a terminal a temporary password is printed once, to be changed; a second init changes nothing."""
    first = run(home, "init", "--node", "ab", "--name", "X", "--admin", "chief", "--json")
    assert first.returncode == 0, first.stderr
    facts = json.loads(first.stdout)
    assert (facts["founded"], facts["admin"], facts["node"]) == (True, "chief", "AB")
    again = run(home, "init", "--json")
    assert json.loads(again.stdout)["founded"] is False
    assert facts["temporary_password"] not in again.stdout + again.stderr
    refused = run(home, "init", "--demo")
    assert refused.returncode == 1
    assert "X" in refused.stderr
    assert "Traceback" not in refused.stderr
    with closing(Store(f"sqlite:///{home / 'inventory.db'}", Env.real(home))) as store:
        store.read(SYSTEM, lambda work: _must_change(work.session.query(Account).one()))


def _must_change(account: Account) -> None:
    assert account.must_change_password is True
    assert account.demo is False


def test_standard_streams_stand_for_files(home: Path) -> None:
    """A scenario from standard input, the plan to standard output, nothing else there; no database is made."""
    ran = run(home, "plan", "-", "--seconds", "2", stdin=json.dumps(SCENARIO))
    assert ran.returncode == 0, ran.stderr
    plan = json.loads(ran.stdout)
    assert plan["format"] == "inventory-plan/1"
    assert not (home / "inventory.db").exists()
    path = home / "scenario.json"
    path.write_text(json.dumps(SCENARIO))
    checked = run(home, "check", str(path), "-", "--json", stdin=ran.stdout)
    assert json.loads(checked.stdout)["sound"] is True


def test_backup_and_restore(home: Path, tmp_path: Path) -> None:
    """A backup is written once and never overwritten; restored, the books prove themselves."""
    assert run(home, "init").returncode == 0
    file = tmp_path / "kept.db"
    assert run(home, "backup", str(file)).returncode == 0
    again = run(home, "backup", str(file), "--json")
    assert (again.returncode, json.loads(again.stdout)["refused"]) == (1, "file_exists")
    restored = run(home, "restore", str(file), "--json")
    assert json.loads(restored.stdout)["entries"] == 1
    assert run(home, "verify").returncode == 0


def test_a_changed_ledger_is_found(home: Path) -> None:
    """`verify` says what was changed past the program, with exit code 1."""
    assert run(home, "init").returncode == 0
    url = f"sqlite:///{home / 'inventory.db'}"
    with closing(Store(url, Env.real(home))) as store, store.reader.begin() as connection:
        connection.execute(text("UPDATE node SET head = x'00'"))
    ran = run(home, "verify", "--json")
    assert ran.returncode == 1
    assert {one["code"] for one in json.loads(ran.stdout)["found"]} >= {"chain_head_differs"}


def test_a_locked_database_is_told_within_the_limit(home: Path) -> None:
    """Another process that keeps the lock: refused after INVENTORY_LOCK_SECONDS, nothing written."""
    server.demo_home(home)
    words = ("incident", "open", "--name", "X", "--hazard", "flood", "--level", "2", "--division", "500110107")
    words += ("--at", "H107=1", "--as", "duty", "--json")
    before = json.loads(run(home, "verify", "--json").stdout)["entries"]
    with process_lock(home / "inventory.db.lock", seconds=1):
        ran = run(home, *words, INVENTORY_LOCK_SECONDS="1")
    assert (ran.returncode, json.loads(ran.stdout)["refused"]) == (1, "database_busy")
    assert json.loads(run(home, "verify", "--json").stdout)["entries"] == before
    assert run(home, *words).returncode == 0


def test_a_bad_environment_is_told(home: Path) -> None:
    """A port that is no number, a database address that is none: one sentence, no traceback."""
    for environment in ({"INVENTORY_PORT": "many"}, {"DATABASE_URL": "nonsense"}, {"DATABASE_URL": "mysql://x/y"}):
        ran = run(home, "verify", "--json", **environment)
        assert ran.returncode == 1, environment
        assert json.loads(ran.stdout)["refused"] in ("bad_environment", "database_unavailable"), ran.stdout
        assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_ends_cleanly(home: Path, how: signal.Signals) -> None:
    """A first start loads the demo district, tells how to sign in, answers, and ends without a traceback."""
    server.demo_home(home)
    running = server.start(home)
    try:
        assert json.load(urllib.request.urlopen(f"{running.url}/healthz"))["status"] == "ok"
        taken = run(home, "serve", "--port", running.url.rsplit(":", 1)[1], "--json")
        assert taken.returncode == 1
        running.process.send_signal(how)
        running.process.wait(server.STOP_SECONDS_MAX)
    finally:
        running.stop()
    told = running.log()
    assert running.url in told
    assert "commander" in told
    assert "Traceback" not in told
