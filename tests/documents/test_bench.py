"""The bench of the papers runs and keeps its aims with room to spare."""

from __future__ import annotations

from inventory.benches import documents


def test_the_bench_measures_what_it_says() -> None:
    """Two rows, positive numbers, a rival for the long list; twice the aim is allowed on a busy machine."""
    order, long = documents.rows(large=False)
    assert 0 < order.value < 2 * documents.ORDER_SECONDS_MAX
    assert 0 < long.value < 2 * documents.LIST_SECONDS_MAX
    assert long.ratio is not None
    assert long.versus
    assert order.holds == (order.value < documents.ORDER_SECONDS_MAX)
