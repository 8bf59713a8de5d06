"""A data page typed by hand: what is printed is taken, every slip is told with its line."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from inventory.dispatch.typed import TypedLine, TypedWrong, line_key, read_typed, typing_code

NUMBER = "\u8fd0-QX-2026-000123"
LINES = (
    TypedLine(1, "T001", "10000012", 40),
    TypedLine(2, "F-010", "10000013", 1200, dt.date(2027, 3, 31)),
    TypedLine(2, "F-010", "10000019", 60, dt.date(2027, 6, 30)),
)
KEY = UUID("0197c3a2-b400-7eef-8123-456789abcdef")

lines = some.builds(
    TypedLine,
    some.integers(1, 300),
    some.from_regex(r"[A-Z0-9][A-Z0-9._-]{0,23}", fullmatch=True),
    some.from_regex(r"[0-9]{8,10}", fullmatch=True),
    some.integers(1, 999_999_999),
    some.none() | some.dates(),
)


def page(key: UUID, goods: tuple[TypedLine, ...], number: str = NUMBER) -> str:
    """Return a page as it is typed from the print."""
    rows = [f"{one.item} {one.label} {one.quantity} {one.expires_on or '-'} {line_key(key, one)}" for one in goods]
    return "\n".join([number, typing_code(key, number, goods), "Depot", *rows])


@settings(max_examples=200, deadline=None)
@given(key=some.uuids(), goods=some.lists(lines, min_size=1, max_size=8))
def test_what_is_printed_is_taken(key: UUID, goods: list[TypedLine]) -> None:
    """Number, id and every line come back, also in small letters, with O for 0, full-width signs and blank lines."""
    for text in (page(key, tuple(goods)), page(key, tuple(goods)).replace("\n", "\n\n  ")):
        found = read_typed(text)
        assert (found.consignment_id, found.number, found.sender) == (key, NUMBER, "Depot")
        assert found.lines == tuple(goods)
    number, code, *rest = page(key, tuple(goods)).split("\n")
    sloppy = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert read_typed("\n".join([number, sloppy, *rest])).consignment_id == key


def test_every_slip_is_told() -> None:
    """One sign typed wrong, anywhere: refused; in a line, with the number of the line."""
    text = page(KEY, LINES)
    rows = text.split("\n")
    for at, row in enumerate(rows):
        if at == 2:  # The sender's name is no part of the checks.
            continue
        for place, sign in enumerate(row):
            if sign in " -,":
                continue
            wrong = "3" if sign != "3" else "4"
            with pytest.raises(TypedWrong) as caught:
                read_typed("\n".join([*rows[:at], row[:place] + wrong + row[place + 1 :], *rows[at + 1 :]]))
            if at > 2:
                assert caught.value.line in {at - 2, 0}, (row, place)


def test_a_line_left_out_twice_or_moved_is_told() -> None:
    """The check over the page knows how many lines there are and in which order."""
    rows = page(KEY, LINES).split("\n")
    for wrong in (rows[:-1], [*rows, rows[-1]], [*rows[:3], rows[4], rows[3], rows[5]], rows[:3], rows[:1], []):
        with pytest.raises(TypedWrong):
            read_typed("\n".join(wrong))


@settings(max_examples=200, deadline=None)
@given(text=some.text(max_size=200))
def test_whatever_is_typed_ends_in_a_refusal(text: str) -> None:
    """No text raises anything else."""
    rows = page(KEY, LINES).split("\n")
    for wanted in (text, "\n".join([rows[0], text, *rows[2:]]), "\n".join([*rows[:3], f"A 1 {text} - 1-AA"])):
        with pytest.raises(TypedWrong):
            read_typed(wanted)
