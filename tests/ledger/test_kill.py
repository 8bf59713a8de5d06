"""Writers killed with SIGKILL in mid-flight, twenty on each database: what was answered stays, nothing is half done.

Each writer appends "trying ID" before and "done ID" after each command to its own file. A command that was committed
but not yet answered is there as a whole, and sending it again answers "already done".
"""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from inventory.ledger.commands import GoodsLine, move_stock, receive_goods
from inventory.ledger.verify import violations
from inventory.models import Journal, Movement
from tests.ledger.processes import job_of, started, written
from tests.support.small_district import District

ROUNDS, PROCESSES, THREADS = 5, 4, 2
PLENTY = 900_000
SEED = 20260701


def test_kill_nine(district: District, tmp_path: Path) -> None:
    """Twenty kills in five rounds; after each round every acknowledged entry is there and every entry is whole."""
    done = district.do(
        "manager",
        receive_goods,
        site_id=district.site,
        owner_id=district.organisation,
        source="purchase",
        lines=[GoodsLine(district.item("tent"), district.bins()["A-01"], PLENTY)],
    )
    lot = UUID(done.outcome["lots"][0])
    job = job_of(district, lot=lot, threads=THREADS, attempts=PLENTY)
    chance = random.Random(SEED)
    for round_number in range(ROUNDS):
        running = [started(district, tmp_path, round_number * 100 + number, job) for number in range(PROCESSES)]
        for number, process in enumerate(running):
            while not written(tmp_path, f"{round_number * 100 + number}-*.log")["done"]:
                process.join(0.02)
                assert process.is_alive(), "a writer ended by itself"
        for process in chance.sample(running, PROCESSES):
            process.join(chance.uniform(0.001, 0.08))
            os.kill(process.pid or 0, signal.SIGKILL)
        for process in running:
            process.join()
            assert process.exitcode == -signal.SIGKILL
        _check(district, tmp_path, lot)
    assert district.read(violations) == []
    _send_again(district, tmp_path, lot)


def _check(district: District, folder: Path, lot: UUID) -> None:
    """Everything acknowledged is there, everything there was tried, each entry has its one movement."""
    told = written(folder)
    per_entry = (
        select(Journal.id, func.count(Movement.line).label("lines"))
        .outerjoin(Movement, Movement.entry_id == Journal.id)
        .where(Journal.kind == "move_stock", Journal.subject_id == lot)
        .group_by(Journal.id)
    )
    there = {str(row.id): row.lines for row in district.read(lambda work: work.connection.execute(per_entry).all())}
    assert set(told["done"]) <= there.keys() <= set(told["trying"])
    assert set(there.values()) == {1}
    assert told["refused"] == []
    bins = district.bins()
    assert district.balance(lot, bins["STAGING"]) == (len(there), 0)
    assert district.balance(lot, bins["A-01"]) == (PLENTY - len(there), 0)


def _send_again(district: District, folder: Path, lot: UUID) -> None:
    """What was tried and not answered is sent again: afterwards each has been done exactly once."""
    told, bins = written(folder), district.bins()
    open_ended = sorted(set(told["trying"]) - set(told["done"]))
    assert open_ended, "no writer was killed in mid-flight"
    for key in open_ended:
        district.do(
            "wang",
            move_stock,
            id=UUID(key),
            site_id=district.site,
            lot_id=lot,
            from_place_id=bins["A-01"],
            to_place_id=bins["STAGING"],
            quantity=1,
        )
    assert district.balance(lot, bins["STAGING"]) == (len(set(told["trying"])), 0)
    assert district.read(violations) == []
