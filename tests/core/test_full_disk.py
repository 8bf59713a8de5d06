"""A disk that takes no more: every write is refused in full, nothing half done, and it goes on once there is room.

The limit is the operating system's own on the size of files (RLIMIT_FSIZE): the write itself fails, as on a full disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, resource, signal, sys
from pathlib import Path
from sqlalchemy import insert, select, text
from inventory.core.env import Env
from inventory.core.errors import DiskFull
from inventory.core.work import SYSTEM, Store
from inventory.models import Problem

file = Path(sys.argv[1])
store = Store(f"sqlite:///{file}", Env.real(file.parent))

def add(number, size):
    row = {"sha256": number.to_bytes(32, "big"), "body": b"x" * size, "seen": str(number)}
    store.write(SYSTEM, lambda work: work.connection.execute(insert(Problem), row | {"made_at": work.now}))

for number in range(5):
    add(number, 1_000)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
largest = max(one.stat().st_size for one in file.parent.glob(file.name + "*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 20_000, hard))
refused, taken = [], []
for number in range(100, 120):
    try:
        add(number, 200_000)
        taken.append(str(number))
    except DiskFull:
        refused.append(str(number))
with store.reading(SYSTEM) as work:
    while_full = sorted(work.connection.scalars(select(Problem.seen)), key=int)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
add(200, 200_000)
with store.reading(SYSTEM) as work:
    seen = sorted(work.connection.scalars(select(Problem.seen)), key=int)
    sound = work.connection.execute(text("PRAGMA integrity_check")).scalar_one()
store.close()
print(json.dumps({"refused": refused, "taken": taken, "while_full": while_full, "seen": seen, "sound": sound}))
"""


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_whole_writes_and_recovers(home: Path, database_url: str) -> None:
    """Refused as `DiskFull` and not there, or answered and there; readable meanwhile; the next write is taken."""
    assert database_url.startswith("sqlite")
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home / "inventory.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    assert len(found["refused"]) >= 10
    there = ["0", "1", "2", "3", "4", *found["taken"]]
    assert found["while_full"] == there
    assert found["seen"] == [*there, "200"]
    assert found["sound"] == "ok"
