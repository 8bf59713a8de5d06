"""Bench of the pages: how long a rerun of the real screens takes at 1, 10 and 50 users, beside its budget.

It loads the demo district into a temporary data folder, has a plan computed, serves it with `python -m inventory serve`
on a free port of this machine, signs in for every role, and sends users round their own pages; a run with SQLite, as on
one machine. Everything is a program of its own, as in real use, and ends with the bench.

The users are `ui/parts/load.py`, started as a program: their messages are Streamlit's, which no room below the screens
may import, so this room knows only the JSON that goes in and out. Nothing else would measure the same thing; without
screens installed there is nothing to measure. The budgets are the rivals: a rerun that takes longer is felt.
Source: 60 ms of script on a page with data, p95 under 300 ms for 50 users: budgets of the design, measured on the
drafts of the pages; on a machine with other work on it they can be missed without a fault of the program.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from inventory.benches import BenchRow
from inventory.core.env import Env
from inventory.core.errors import BrokenInvariant
from inventory.core.work import SYSTEM, Store, Work
from inventory.models import Count, DispatchOrder, Incident, Movement, Request
from inventory.people.signing_in import demo_accounts

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
READY_SECONDS_MAX = 60.0
SCRIPT_MS_MAX, RERUN_MS_MAX = 60.0, 300.0
"""A click with nobody else there, by its median, and one among many users, by its p95; milliseconds."""
STAGES = (
    {"users": 1, "seconds": 9.0, "think": 0.02},
    {"users": 10, "seconds": 8.0, "think": 3.0},
    {"users": 50, "seconds": 12.0, "think": 3.0},
)
"""One person clicks as fast as the page answers, so that every page is seen; the others think for three seconds."""
QUICK_STAGES = (
    {"users": 1, "seconds": 1.5, "think": 0.02},
    {"users": 10, "seconds": 1.0, "think": 0.5},
    {"users": 50, "seconds": 2.0, "think": 3.0},
)
FAILURES_TOLD = 3


@dataclass(frozen=True)
class Sample:
    """One run of a page: `manner` is first (after connecting), open (another page) or again (a click on the same)."""

    users: int
    page: str
    manner: str
    seconds: float


def rows(*, quick: bool = False) -> list[BenchRow]:
    """Return p50 and p95 of a rerun by number of users, the slowest page, and how many runs failed.

    Raises
    ------
    BrokenInvariant
        When the demo district cannot be made or served; the message ends with what the program wrote.
    """
    with tempfile.TemporaryDirectory(prefix="inventory-bench-") as folder:
        home = Path(folder) / "home"
        _call(home, "init", "--demo")
        with closing(Store(f"sqlite:///{home / 'inventory.db'}", Env.real(home))) as store:
            number = store.read(SYSTEM, _open_request)
            logins = [account.login for account in demo_accounts(store)]
        _call(home, "propose", number, "--as", "commander")
        with closing(Store(f"sqlite:///{home / 'inventory.db'}", Env.real(home))) as store:
            addresses = store.read(SYSTEM, _addresses)
        missing = sorted(set(addresses) - set(logins))
        if missing:
            raise BrokenInvariant(f"the demo district has no accounts {missing}")
        log = Path(folder) / "serve.log"
        with _served(home, log) as port:
            people = [
                {"cookie": _sign_in(port, login), "addresses": pages} for login, pages in sorted(addresses.items())
            ]
            asked = {"port": port, "people": people, "stages": QUICK_STAGES if quick else STAGES}
            found = _load(asked)
        failures = found["failures"] + [line for line in log.read_text(errors="replace").splitlines() if _bad(line)]
    return rows_from([Sample(*one) for one in found["samples"]], failures)


def rows_from(samples: Sequence[Sample], failures: Sequence[str]) -> list[BenchRow]:
    """Return the rows of what was measured; a run that failed has no time and stands in the last row."""
    rows: list[BenchRow] = []
    for users in sorted({one.users for one in samples}):
        who = "1 user" if users == 1 else f"{users} users"
        reruns = sorted(one.seconds * 1000 for one in samples if one.users == users and one.manner != "first")
        first = sorted(one.seconds * 1000 for one in samples if one.users == users and one.manner == "first")
        if reruns:
            budget = SCRIPT_MS_MAX if users == 1 else None
            rows.append(_row(f"{who}: p50 of {len(reruns)} reruns", _share(reruns, 0.5), budget))
            rows.append(_row(f"{who}: p95 of {len(reruns)} reruns", _share(reruns, 0.95), RERUN_MS_MAX))
        if first:
            rows.append(_row(f"{who}: median of the first page after connecting", statistics.median(first), None))
    alone = [one for one in samples if one.users == 1 and one.manner == "again"]
    for page in sorted({one.page for one in alone}):
        times = [one.seconds * 1000 for one in alone if one.page == page]
        name = f"1 user, click on {page}: median of {len(times)}"
        rows.append(_row(name, statistics.median(times), SCRIPT_MS_MAX))
    told = "; ".join(failures[:FAILURES_TOLD])
    rows.append(BenchRow("runs that failed", len(failures), "", versus=told, aim="0", holds=not failures))
    return rows


def _row(name: str, value: float, budget: float | None) -> BenchRow:
    if budget is None:
        return BenchRow(name, value, "ms")
    aim = f"< {budget:g} ms"
    return BenchRow(name, value, "ms", f"budget: {budget:g} ms", value / budget, aim, value < budget)


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _bad(line: str) -> bool:
    return "a page failed" in line or "Traceback" in line


def _open_request(work: Work) -> str:
    query = select(Request.number).where(Request.state == "submitted").order_by(Request.number).limit(1)
    return work.connection.execute(query).scalar_one()


def _addresses(work: Work) -> dict[str, list[str]]:
    """Return whose pages are measured: by login, with the ids of what the district is busy with."""
    one = work.connection
    request = one.execute(select(Request.id).where(Request.state == "submitted").limit(1)).scalar_one()
    incident = one.execute(select(Incident.id).where(Incident.state == "active").limit(1)).scalar_one()
    order = one.execute(select(DispatchOrder.id).where(DispatchOrder.state == "shipped").limit(1)).scalar_one()
    count = one.execute(select(Count.id).limit(1)).scalar_one()
    often = select(Movement.lot_id).group_by(Movement.lot_id).order_by(func.count().desc(), Movement.lot_id).limit(1)
    lot = one.execute(often).scalar_one()
    plan, incident_page = _at("plan", request=request), _at("incident", incident=incident)
    order_page, lot_page = _at("orders", order=order), _at("lot", lot=lot)
    return {
        "duty": ["/", incident_page, plan, _at("orders")],
        "commander": [plan, "/", order_page, incident_page],
        "keeper": [_at("stock"), _at("receive"), _at("count", count=count, view="review"), lot_page, order_page],
        "clerk": [_at("count"), _at("import"), _at("stock"), _at("receive")],
        "manager": [_at("stock"), _at("count", count=count, view="review"), _at("check")],
        "auditor": [lot_page, _at("check"), _at("people"), _at("stock")],
    }


def _at(page: str, **query: object) -> str:
    told = {name: str(value) for name, value in query.items()}
    return f"/{page}?{urlencode(told)}" if told else f"/{page}"


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"INVENTORY_HOME": str(home), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}


def _call(home: Path, *words: str) -> None:
    """Run one command of the program on the data folder.

    Raises
    ------
    BrokenInvariant
    """
    done = subprocess.run(
        [sys.executable, "-m", "inventory", *words],
        cwd=ROOT,
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BrokenInvariant(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-1000:]}")


@contextmanager
def _served(home: Path, log: Path) -> Iterator[int]:
    """Serve the data folder on a free port while the block runs.

    Raises
    ------
    BrokenInvariant
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    with log.open("wb") as target:
        server = subprocess.Popen(
            [sys.executable, "-m", "inventory", "serve", "--port", str(port), "--address", HOST],
            cwd=ROOT,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(server, port, log)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise BrokenInvariant(f"the server did not come up: {log.read_text(errors='replace')[-1000:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False


def _sign_in(port: int, login: str) -> str:
    """Sign in to the demo district as a person would; return the cookie to send.

    Raises
    ------
    BrokenInvariant
    """
    with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/auth/login", body=urlencode({"demo": login, "next": "/"}), headers=headers)
        answer = connection.getresponse()
        cookie = answer.getheader("set-cookie")
        if answer.status != http.HTTPStatus.SEE_OTHER or not cookie:
            raise BrokenInvariant(f"{login} was not signed in: {answer.status} {answer.getheader('location')}")
        return cookie.split(";", 1)[0]


def _load(asked: dict[str, Any]) -> dict[str, Any]:
    """Send the users round and return their samples and failures.

    Raises
    ------
    BrokenInvariant
    """
    done = subprocess.run(
        [sys.executable, "-m", "ui.parts.load"],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BrokenInvariant(f"the users ended with {done.returncode}: {done.stderr[-1000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
