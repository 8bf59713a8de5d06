"""Starting processes that write to one database, and reading what they wrote down.

They are forked from one warm server process, so that forty of them cost little; none inherits a connection.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.support import racing
from tests.support.small_district import District

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.racing", "inventory.models"])


def job_of(district: District, *, lot: UUID, threads: int, attempts: int) -> dict[str, Any]:
    """Return the job of taking one of a lot out of A-01, again and again."""
    bins = district.bins()
    return {
        "account": str(district.people["wang"]),
        "site": str(district.site),
        "lot": str(lot),
        "from": str(bins["A-01"]),
        "to": str(bins["STAGING"]),
        "quantity": 1,
        "threads": threads,
        "attempts": attempts,
    }


def started(district: District, folder: Path, number: int, job: dict[str, Any]) -> ForkServerProcess:
    """Start a process that does the job; its files are `folder/NUMBER-*.log`."""
    file = folder / f"job-{number}.json"
    file.write_text(json.dumps(job))
    process = _context.Process(target=racing.main, args=(district.store.url, str(folder), str(number), str(file)))
    process.start()
    return process


def written(folder: Path, pattern: str = "*.log") -> dict[str, list[str]]:
    """Return the ids by word ("trying", "done", "refused"); a line cut short by a kill is left out."""
    found: dict[str, list[str]] = {"trying": [], "done": [], "refused": []}
    for path in sorted(folder.glob(pattern)):
        for line in path.read_text().splitlines(keepends=True):
            word, _, key = line.rstrip("\n").partition(" ")
            if line.endswith("\n"):
                found[word].append(key)
    assert max(Counter(found["trying"]).values(), default=1) == 1
    return found
