"""What a process of a race or a kill test does: it takes stock by the public command and writes down what it did.

`main` runs in a process of its own; a JSON file tells who acts, what is taken and how often. Before each attempt it
appends "trying ID", and after the answer "done ID" or "refused ID", to the file of its writer.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

from inventory.core.env import Env
from inventory.core.ids import uuid7
from inventory.core.work import Actor, Store
from inventory.ledger.commands import move_stock
from inventory.ledger.rules import NotEnoughStock


class Log:
    """A file of one writer; each line is on its way to the disk before the next step."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(self, word: str, key: UUID) -> None:
        """Append one line; one write is whole, also when the process is killed after it."""
        os.write(self.handle, f"{word} {key}\n".encode())


def attempt(store: Store, log: Log, job: dict[str, Any]) -> None:
    """Take the quantity once, under a new id."""
    key = uuid7()
    log.say("trying", key)
    try:
        store.write(
            Actor(UUID(job["account"]), "wang"),
            lambda work: move_stock(
                work,
                id=key,
                site_id=UUID(job["site"]),
                lot_id=UUID(job["lot"]),
                from_place_id=UUID(job["from"]),
                to_place_id=UUID(job["to"]),
                quantity=job["quantity"],
            ),
        )
    except NotEnoughStock:
        log.say("refused", key)
    else:
        log.say("done", key)


def take_in_threads(store: Store, folder: Path, number: int, job: dict[str, Any]) -> None:
    """Let `threads` writers make `attempts` attempts each; the first error of any of them is raised."""
    errors: list[BaseException] = []

    def writer(index: int) -> None:
        log = Log(folder / f"{number}-{index}.log")
        try:
            for _ in range(job["attempts"]):
                attempt(store, log, job)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=writer, args=(index,)) for index in range(job["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def main(url: str, folder: str, number: str, job_file: str) -> None:
    """Open the store and work until the attempts are used up (or somebody kills us)."""
    job = json.loads(Path(job_file).read_text())
    store = Store(url, Env.real(Path(folder)), lock_seconds=60)
    take_in_threads(store, Path(folder), int(number), job)
    store.close()
