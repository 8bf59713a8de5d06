"""Every bench, the ledger's on both databases: `make bench`, or `python -m tools.bench --quick`.

`python -m inventory bench` measures PostgreSQL only where it is given one (`--database URL`): the program brings none.
Here the server that the tests use is started for the run with every commit on disk, and stopped afterwards.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from inventory.cli import main as command
from tests.support import postgres


def main(words: Sequence[str]) -> int:
    """Run the benches with the given options; return 1 when an aim is missed or there is no PostgreSQL."""
    missed = command(["bench", *words])
    if any(not word.startswith("-") and word != "ledger" for word in words):
        return missed
    try:
        server = postgres.start(owner=os.getpid(), durable=True)
    except postgres.NoPostgres as error:
        print(error, file=sys.stderr)
        return 1
    try:
        options = [word for word in words if word != "ledger"]
        missed += command(["bench", "ledger", *options, "--database", server.url])
    finally:
        server.stop()
    return min(missed, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
