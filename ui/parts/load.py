"""People at the pages, without browsers: websocket clients that speak the pages' own protocol and time every run.

`bench pages` starts this file as a program of its own (`python -m ui.parts.load`), for two reasons: the messages are
Streamlit's, which belongs under ui/ alone, and the clients must not share an interpreter with what measures them. It
reads one JSON object from standard input and writes one to standard output; it talks to this machine only.

What is timed lies between sending a click and the message that the script has ended: the script, the queue before it
and the bytes. Drawing in the browser is not in it. A page counts as failed when it shows an exception or a refusal,
when the server shows another page than the one asked for, or when nobody is signed in there.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

ANSWER_SECONDS_MAX = 30.0
HOST = "127.0.0.1"
REFUSED = 't-note red" role="alert"'
"""How a page's own refusal looks in what it draws (`look.note`)."""
NOT_YOURS = ('data-i="lock_person"', 'data-i="explore_off"')
"""The icons of the pages that say "not open to you" and "no such page" (`doorway`)."""


class PageFailed(Exception):
    """A run that did not end with the page asked for; the message says what was there instead."""


@dataclass(frozen=True)
class Job:
    """What to measure: the port, per login its cookie and its addresses, and the stages with their numbers of users."""

    port: int
    people: tuple[tuple[str, tuple[str, ...]], ...]
    stages: tuple[dict[str, float], ...]


@dataclass
class Found:
    """What was measured: (users, page, manner, seconds) of every run, and what went wrong, in words."""

    samples: list[tuple[int, str, str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Visitor:
    """One browser's worth of a person: a websocket, the pages the server named, and the page in front of them."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.hashes: dict[str, str] = {}

    async def open(self, address: str) -> float:
        """Open a page ("/plan?request=…") and return the seconds until it stood there."""
        parts = urlsplit(address)
        name = parts.path.strip("/")
        message = BackMsg()
        message.rerun_script.query_string = parts.query
        message.rerun_script.page_script_hash = self.hashes.get(name, "")
        if name not in self.hashes:
            message.rerun_script.page_name = name
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                shown = await self._until_finished()
        except TimeoutError as error:
            raise PageFailed(f"{address}: no answer within {ANSWER_SECONDS_MAX:g} s") from error
        seconds = time.perf_counter() - began
        wanted = self.hashes.get(name)
        if shown != wanted:
            raise PageFailed(f"{address}: another page stood there, or nobody was signed in")
        return seconds

    async def _until_finished(self) -> str | None:
        """Read until the script has ended; return the page that a signed-in person saw, None for the way in."""
        shown: str | None = None
        while True:
            data = await self.socket.recv()
            forward = ForwardMsg()
            forward.ParseFromString(data if isinstance(data, bytes) else data.encode())
            match forward.WhichOneof("type"):
                case "navigation":
                    shown = self._learn(forward.navigation)
                case "delta":
                    _refuse_failures(forward)
                case "script_finished" if forward.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    if forward.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        raise PageFailed("the script does not compile")
                    return shown

    def _learn(self, told: Navigation) -> str | None:
        """Keep the pages' hashes by name; the page with the empty path is the one Streamlit opens by itself."""
        for page in told.app_pages:
            self.hashes["" if page.is_default else page.url_pathname] = page.page_script_hash
        return told.page_script_hash if told.position == Navigation.SIDEBAR else None


def _refuse_failures(forward: ForwardMsg) -> None:
    element = forward.delta.new_element
    if element.HasField("exception"):
        raise PageFailed(f"exception: {element.exception.message[:200]}")
    if element.HasField("html"):
        body = element.html.body
        if REFUSED in body or any(mark in body for mark in NOT_YOURS):
            raise PageFailed(f"the page refused: {body[:300]}")


async def _person(job: Job, number: int, stage: dict[str, float], ready: asyncio.Barrier, found: Found) -> None:
    """Sign on, look round for a while, and leave; every other click opens the next page, the others stay on one."""
    users, chance = int(stage["users"]), random.Random(number)
    cookie, addresses = job.people[number % len(job.people)]
    at, waiting = number // len(job.people), True
    try:
        async with connect(
            f"ws://{HOST}:{job.port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            max_size=None,
            open_timeout=ANSWER_SECONDS_MAX,
            proxy=None,
        ) as socket:
            visitor = Visitor(socket)
            address = addresses[at % len(addresses)]
            found.samples.append((users, _page(address), "first", await visitor.open(address)))
            waiting = False
            await ready.wait()
            end = time.perf_counter() + stage["seconds"]
            await asyncio.sleep(chance.random() * stage["think"])
            staying = False
            while time.perf_counter() < end:
                if not staying:
                    at += 1
                    address = addresses[at % len(addresses)]
                manner = "again" if staying else "open"
                found.samples.append((users, _page(address), manner, await visitor.open(address)))
                staying = not staying
                await asyncio.sleep(stage["think"] * (0.5 + chance.random()))
    except (PageFailed, OSError, TimeoutError, WebSocketException) as error:
        found.failures.append(f"{type(error).__name__}: {error}"[:400])
        if waiting:
            await ready.wait()  # The others must not wait for somebody who does not come.


def _page(address: str) -> str:
    return urlsplit(address).path.strip("/") or "board"


async def measure(job: Job) -> Found:
    """Run the stages one after the other; all users of a stage start to click when the last of them is there."""
    found = Found()
    for stage in job.stages:
        users = int(stage["users"])
        if users > 1:
            ready = asyncio.Barrier(users)
            await asyncio.gather(*(_person(job, number, stage, ready, found) for number in range(users)))
            continue
        # A single user would see the pages of one role only: each role in turn is the single user for a while.
        part = stage | {"seconds": stage["seconds"] / len(job.people)}
        for number in range(len(job.people)):
            await _person(job, number, part, asyncio.Barrier(1), found)
    return found


def job_of(asked: dict[str, Any]) -> Job:
    """Return what standard input asks for."""
    people = tuple((one["cookie"], tuple(one["addresses"])) for one in asked["people"])
    return Job(int(asked["port"]), people, tuple(asked["stages"]))


def main() -> int:
    """Measure what standard input asks for and write what was found."""
    found = asyncio.run(measure(job_of(json.load(sys.stdin))))
    json.dump({"samples": found.samples, "failures": found.failures}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
