"""The bench of the papers runs and keeps its aims with room to spare."""

from __future__ import annotations

from inventory.benches import documents
from inventory.documents.form import print_form
from tests.documents import reading


def test_the_bench_measures_what_it_says() -> None:
    """Two rows, positive numbers, a rival for the long list; twice the aim is allowed on a busy machine."""
    order, long = documents.rows(large=False)
    assert 0 < order.value < 2 * documents.ORDER_SECONDS_MAX
    assert 0 < long.value < 2 * documents.LIST_SECONDS_MAX
    assert long.ratio is not None
    assert long.versus
    assert order.holds == (order.value < documents.ORDER_SECONDS_MAX)
    assert order.ratio is not None


def test_a_large_case_runs_in_a_process_of_its_own() -> None:
    """It tells seconds and memory; a sheet of 10,000 lines stays within the memory that is aimed at."""
    done = documents.large_case("plain")
    assert 0 < done.seconds < 3 * documents.PLAIN_SECONDS_MAX
    assert 0 <= done.megabytes < documents.MEGABYTES_MAX


def test_a_sheet_without_codes_has_all_keys() -> None:
    """The plain sheet differs in the codes alone."""
    paper = documents.sheet_of(30)
    plain = print_form(paper, documents.plain_sheet, key=documents.KEY)
    text = reading.joined_text(plain)
    assert all(line.key in text for line in paper.lines)
    assert not reading.codes(reading.pictures(plain, dots_per_inch=150)[0], "DataMatrix")
