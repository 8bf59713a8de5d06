"""Sixteen writers in four processes want more of one lot than there is, through the public command.

Nobody oversells, every answer is true, and whoever reads everything meanwhile always finds the sums at zero (the bank
test of Jepsen): a movement is never half visible.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inventory.ledger.verify import violations
from inventory.models import Balance, Journal
from tests.ledger.processes import job_of, started, written
from tests.support.small_district import District

PROCESSES, THREADS = 4, 4
ATTEMPTS = 1000
"""Of each writer; INVENTORY_RACE_ATTEMPTS sets another number."""
STOCK = 100


@pytest.mark.timeout(1800)
def test_nobody_oversells(district: District, tmp_path: Path) -> None:
    """Far more attempts than tents: exactly 100 succeed, the rest are refused, and every full read sums to zero."""
    attempts = int(os.environ.get("INVENTORY_RACE_ATTEMPTS", ATTEMPTS))
    lot, bins = district.lots()["T1"], district.bins()
    job = job_of(district, lot=lot, threads=THREADS, attempts=attempts)
    running = [started(district, tmp_path, number, job) for number in range(PROCESSES)]
    reads = 0
    while any(process.is_alive() for process in running):
        running[reads % PROCESSES].join(0.02)
        _read_everything(district)
        reads += 1
    assert [process.exitcode for process in running] == [0] * PROCESSES
    told = written(tmp_path)
    assert len(told["trying"]) == PROCESSES * THREADS * attempts
    assert len(told["done"]) == STOCK
    assert len(told["refused"]) == len(told["trying"]) - len(told["done"])
    assert district.balance(lot, bins["A-01"]) == (0, 0)
    assert district.balance(lot, bins["STAGING"]) == (STOCK, 0)
    moves = select(func.count()).where(Journal.kind == "move_stock")
    assert district.read(lambda work: work.connection.execute(moves).scalar_one()) == len(told["done"])
    assert district.read(violations) == []
    assert reads > 10, "the reader hardly read"


def _read_everything(district: District) -> None:
    """Read all balances in one snapshot: each lot sums to zero, no bin is below zero."""
    query = select(Balance.lot_id, Balance.place_id, Balance.quantity, Balance.held, Balance.floor)
    rows = district.read(lambda work: work.connection.execute(query).all())
    sums: dict[object, int] = {}
    for row in rows:
        sums[row.lot_id] = sums.get(row.lot_id, 0) + row.quantity
        assert row.floor < 0 or row.quantity >= row.held >= 0
    assert set(sums.values()) == {0}
