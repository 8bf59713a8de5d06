"""Headings, readers and checks across a row."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.core.errors import Fault
from inventory.core.words import N_, speaker
from inventory.exchange.columns import TableKind, validate
from inventory.exchange.limits import Limits
from inventory.exchange.readers import CellFault, Code, Day, Quantity, Text, Yuan
from inventory.exchange.reading import Row, Table, read_table
from inventory.exchange.sentences import FAULTS, SENTENCES, fault_line, fault_words
from tests.exchange import cases, corpus


def table(*rows, **more):
    """Return a table of these rows, from row 1 on."""
    numbered = tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, start=1))
    return Table("a.csv", "0" * 64, numbered, **more)


def test_headings_in_any_order_case_and_width():
    """Columns are found by name, whatever their order, case, width, star, and a title above them."""
    found = validate(
        table(
            ("Stock of the year",),
            ("\uff35nit", "QUANTITY*", "code"),
            ("bottle", "\uff11\uff12", "A"),
            (None,),
            ("ding", "1,200", "B"),
        ),
        corpus.KIND,
    )
    assert found.faults == ()
    assert [
        (line.number, line.values["code"], line.values["quantity"], line.values["unit"]) for line in found.lines
    ] == [
        (3, "A", 12, "ping"),
        (5, "B", 1200, "ding"),
    ]


def test_all_faults_of_a_file_at_once():
    """Five wrong cells in three rows are five faults in the order of rows."""
    found = validate(
        table(
            tuple(corpus.HEADINGS), ("A B", "x", -1, "tent"), ("C", "x", 1, "dozen", "soon"), ("D", "x", None, "tent")
        ),
        corpus.KIND,
    )
    assert [(fault.row, fault.code) for fault in found.faults] == [
        (2, "blank_in_code"),
        (2, "not_a_quantity"),
        (3, "not_a_choice"),
        (3, "not_a_date"),
        (4, "missing_value"),
    ]
    assert found.lines == ()


def test_a_kind_may_check_across_a_row():
    """What a kind finds across the cells of a row is told under the heading of the file."""
    kind = TableKind(
        key="sample",
        title="Sample",
        columns=corpus.KIND.columns,
        check=lambda line: [Fault("expiry_needed", 0, "expires_on", {"item": line.values["code"]})],
    )
    found = validate(table(tuple(corpus.HEADINGS), ("A", "x", 1, "tent")), kind)
    assert found.faults == (Fault("expiry_needed", 2, "Expires on", {"item": "A"}),)


def test_faults_beyond_a_thousand_are_counted():
    """A file wrong from top to bottom is told with its first thousand faults and their number."""
    found = validate(table(tuple(corpus.HEADINGS), *[("A", "x", "?", "tent")] * 3000), corpus.KIND)
    assert (len(found.faults), found.fault_count) == (1000, 3000)


@given(st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=30), st.dates()))
def test_readers_answer_or_refuse(value):
    """Whatever a cell holds, a reader returns a value of its range or a fault with a sentence."""
    for reader, holds in (
        (Quantity(0), lambda got: 0 <= got <= 999_999_999),
        (Day(), lambda got: dt.date(1990, 1, 1) <= got <= dt.date(2150, 12, 31)),
        (Yuan(), lambda got: 0 <= got < 10**11),
        (Text(20), lambda got: len(got) <= 20),
        (Code(20), lambda got: len(got) <= 20 and " " not in got),
    ):
        try:
            got = reader(value)
        except CellFault as fault:
            told = FAULTS[fault.code] and fault_words(Fault(fault.code, 2, "x", fault.facts), "en")
        else:
            told = "held" if holds(got) else f"out of range: {got!r} %("
        assert "%(" not in told


@given(st.integers(0, 99_999_999_999))
def test_money_is_read_to_the_fen(fen):
    """Every amount with two decimals comes back as the same number of fen, typed or stored as a number."""
    text = f"{fen // 100}.{fen % 100:02d}"
    assert Yuan()(text) == fen
    if fen < 10**13:
        assert Yuan()(float(text)) == fen


@pytest.mark.parametrize(("value", "fen"), [("1,234.5", 123450), ("\u00a512", 1200), (12.3, 1230), (0, 0)])
def test_money_as_people_write_it(value, fen):
    """Thousands commas, the sign of the yuan and stored numbers are read."""
    assert Yuan()(value) == fen


def test_every_fault_has_words_in_both_languages():
    """Every code that the corpus meets has a sentence, filled with its facts, in both languages."""
    codes = {case[3] for case in cases.WHOLE} | {case[3][0] for case in cases.CELLS}
    assert codes <= set(FAULTS)
    assert "file_refused" in SENTENCES
    for name, file_name, make, _ in cases.CELLS:
        for fault in validate(read_table(make(), file_name), corpus.KIND).faults:
            for language in ("zh_CN", "en"):
                assert "%(" not in fault_line(fault, language), name


def test_the_corpus_is_large_enough():
    """At least forty different wrong or hostile files are tried."""
    assert len({case[0] for case in cases.WHOLE + cases.CELLS}) == len(cases.WHOLE) + len(cases.CELLS) >= 40
    assert Limits().memory_bytes == 512 << 20
    assert Limits().seconds == 20


def test_headings_are_found_in_chinese_too():
    """A file with the Chinese headings of the catalogue is understood."""
    headings = [speaker("zh_CN")(N_(heading)) for heading in corpus.HEADINGS]
    assert validate(table(tuple(headings), tuple(corpus.GOOD)), corpus.KIND).faults == ()
