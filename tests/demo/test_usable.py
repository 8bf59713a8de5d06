"""The demo district's stock by SQL and by the rule: one predicate in two spellings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace

import pytest

from inventory.core.work import SYSTEM, Store
from inventory.ledger.queries import StockFilter, item_sums, stock, stock_count

DAYS = (0, 30, 90, 200, 400, 800, 2_000)


@pytest.mark.parametrize("days", DAYS)
def test_usable_stock_is_the_same_by_sql_and_by_the_rule(store: Store, days: int) -> None:
    """On each day: what the filter leaves is what has no reason, and the sums by item are those of the rows."""
    with store.reading(SYSTEM) as opened:
        work = replace(opened, now=opened.now + dt.timedelta(days=days), memory={})
        rows = stock(work, limit=100_000)
        usable = stock(work, wanted=StockFilter(only_usable=True), limit=100_000)
        assert {(row.lot_id, row.place_id) for row in usable} == {
            (row.lot_id, row.place_id) for row in rows if not row.reasons
        }
        assert stock_count(work, wanted=StockFilter(only_usable=True)) == len(usable)
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for row in rows:
            total = sums[row.item_code]
            total[0] += row.on_hand
            total[1] += row.held
            total[2] += 0 if row.reasons else row.available
            total[3] += row.on_hand if row.reasons else 0
        found = {one.item_code: [one.on_hand, one.held, one.available, one.unusable] for one in item_sums(work)}
        assert found == dict(sums)
        assert any(row.reasons for row in rows)
