"""A spreadsheet that lies is told so in words, and nothing of it is taken over."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import func, select

from inventory.core.errors import FileRefused, Name
from inventory.core.work import SYSTEM, Store, Work
from inventory.errands.sheets import seal_of
from inventory.exchange.correcting import faults_copy
from inventory.exchange.count_list import (
    read_sheet,
    read_sheet_file,
    review_sheet,
    sheet_csv,
    sheet_kind,
    sheet_workbook,
)
from inventory.exchange.lists import LISTS
from inventory.exchange.reading import read_table
from inventory.exchange.sealing import seal_for
from inventory.exchange.sentences import fault_line
from inventory.models import CountReading, Journal, Site
from inventory.stocktaking.opening import open_count
from inventory.stocktaking.queries import count_sheet
from tests.exchange import lies
from tests.support import demo

CLERK = "clerk"


@pytest.fixture
def store(make_database: Callable[..., str], home: Path) -> Iterator[Store]:
    """The demo district."""
    opened = demo.demo_store(make_database, home)
    yield opened
    opened.close()


def counted(store: Store, site: str) -> UUID:
    """Open a count of a site."""

    def job(work: Work) -> UUID:
        site_id = work.connection.scalar(select(Site.id).where(Site.code == site))
        done = open_count(work, id=work.env.new_id(), site_id=site_id, kind="whole")
        return UUID(done.outcome["count"])

    return store.write(demo.person(store, CLERK), job)


def given_out(store: Store, count_id: UUID, language: str = "zh_CN") -> bytes:
    """Return the list of a count as a clerk downloads it."""

    def made(work: Work) -> bytes:
        return sheet_workbook(count_sheet(work, count_id=count_id), language=language, seal=seal_of(work))

    return store.read(demo.person(store, CLERK), made)


def filled(data: bytes, quantity: Any = 7) -> bytes:
    """Return the list with the same number in every line."""

    def edit(book: Any) -> None:
        sheet = book.worksheets[0]
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, lies.mark_column(sheet) - 1).value = quantity

    return lies.edited(data, edit)


def codes(store: Store, count_id: UUID, data: bytes, name: str = "a.xlsx") -> tuple[list[str], Any]:
    """Return the codes of everything that is wrong with a filled list, and its review."""

    def look(work: Work) -> Any:
        sheet = count_sheet(work, count_id=count_id)
        parsed = read_sheet_file(data, name, sheet=sheet, seal=seal_of(work))
        return parsed, review_sheet(work, count_id=count_id, parsed=parsed)

    parsed, review = store.read(demo.person(store, CLERK), look)
    for language in ("zh_CN", "en"):
        assert all("%(" not in fault_line(fault, language) for fault in (*review.faults, *review.notes))
    if review.fault_count:
        with pytest.raises(FileRefused):
            store.write(demo.person(store, CLERK), lambda work: read_sheet(work, count_id=count_id, parsed=parsed))
    return [fault.code for fault in review.faults], review


def state(store: Store) -> list[int | None]:
    """Return how many entries and readings there are."""
    with store.reading(SYSTEM) as work:
        return [work.connection.scalar(select(func.count()).select_from(table)) for table in (Journal, CountReading)]


COUNT_LIES: list[tuple[str, lies.Edit, list[str]]] = [
    ("one letter of a mark", lies.one_letter, ["mark_altered"]),
    ("the mark names another row", lies.other_identity, ["mark_altered"]),
    ("something else in a mark", lies.nonsense, ["mark_altered"]),
    ("a row copied over the next", lies.doubled, ["mark_twice"]),
    ("a mark filled down", lies.only_marks_doubled, ["mark_twice"]),
    ("cells sorted without their marks", lies.moved, ["mark_of_another_row", "mark_of_another_row"]),
    ("a mark deleted", lies.mark_deleted, ["mark_missing"]),
    ("the hidden column deleted", lies.column_deleted, ["marks_gone"]),
    ("another district by hand", lies.about("node", "XX"), ["other_district"]),
    ("another kind by hand", lies.about("schema", "teams"), ["wrong_template"]),
    ("another version by hand", lies.about("version", "9"), ["meta_altered"]),
    ("another count by hand", lies.about("task", "X-1"), ["meta_altered"]),
    ("another number of rows by hand", lies.about("rows", "0"), ["meta_altered"]),
    ("another key by hand", lies.about("key", "ABCDEFGH"), ["other_key"]),
    ("the seal itself by hand", lies.about("seal", "ABCDEFGHIJ"), ["meta_altered"]),
    ("a sheet of one's own", lies.second_sheet, ["further_sheet"]),
    ("a formula", lies.formula, ["formula"]),
    ("a hidden row", lies.hidden_row, ["hidden_row"]),
    ("a hidden column", lies.hidden_column, ["hidden_column"]),
]
HARMLESS: list[tuple[str, lies.Edit]] = [
    ("rows sorted with their marks", lies.sorted_whole),
    ("two columns exchanged", lies.columns_swapped),
    ("a blank sheet in front", lies.blank_sheet),
    ("our sheets in another order", lies.sheets_reordered),
    ("forty thousand blank rows with a height", lies.many_blank_rows),
]


def test_a_count_list_that_lies_is_told_what_is_wrong(store: Store) -> None:
    """Each lie has its own fault, in the row where it is, and changes nothing in the database."""
    count_id = counted(store, "T100")
    data, before = filled(given_out(store, count_id)), state(store)
    for name, edit, wanted in COUNT_LIES:
        told, _ = codes(store, count_id, lies.edited(data, edit))
        assert told == wanted, name
    assert state(store) == before


def test_a_count_list_that_was_only_rearranged_is_taken(store: Store) -> None:
    """Sorting, other columns' order, blank sheets and blank rows are no lies."""
    count_id = counted(store, "T100")
    data = filled(given_out(store, count_id, "en"))
    for name, edit in HARMLESS:
        told, review = codes(store, count_id, lies.edited(data, edit))
        assert (told, review.count("changed")) == ([], len(review.wanted)), name


def test_the_list_of_another_count_is_named(store: Store) -> None:
    """A list of one count does not come into another, neither whole nor row by row."""
    first, second = counted(store, "T100"), counted(store, "T101")
    mine, other = filled(given_out(store, first)), given_out(store, second)
    assert codes(store, first, other)[0] == ["other_task"]

    def foreign_row(book: Any) -> None:
        there = openpyxl.load_workbook(io.BytesIO(other)).worksheets[0]
        for column in range(1, there.max_column + 1):
            book.worksheets[0].cell(3, column).value = there.cell(3, column).value

    assert codes(store, first, lies.edited(mine, foreign_row))[0] == ["mark_altered"]
    text = store.read(
        demo.person(store, CLERK), lambda work: sheet_csv(count_sheet(work, count_id=second), language="zh_CN")
    )
    told, review = codes(store, first, text, "a.csv")
    assert set(told) == {"strange_line"}
    assert review.wanted == ()


def test_a_deleted_row_is_mentioned_and_not_refused(store: Store) -> None:
    """Rows that do not come back stay uncounted; whoever sends the list is told how many."""
    count_id = counted(store, "T100")
    told, review = codes(store, count_id, lies.edited(filled(given_out(store, count_id)), lies.row_deleted))
    assert told == []
    assert [(note.code, note.facts["count"]) for note in review.notes] == [("rows_not_back", 1)]


def test_without_the_hidden_sheet_the_cells_must_agree(store: Store) -> None:
    """A list saved by another program is found by its labels; a row that says another bin or batch is refused."""
    count_id = counted(store, "T100")
    bare = lies.edited(filled(given_out(store, count_id)), lies.about_deleted)
    assert codes(store, count_id, bare)[0] == []
    swapped, _ = codes(store, count_id, lies.edited(bare, _labels_swapped))
    assert set(swapped) == {"line_says_other"}


def _labels_swapped(book: Any) -> None:
    sheet = book.worksheets[0]
    sheet["A2"].value, sheet["A3"].value = sheet["A3"].value, sheet["A2"].value


def test_a_table_of_another_district_is_named(store: Store) -> None:
    """A list that another node gave out is refused with both names; a template of ours for another list too."""
    other = seal_for("NC", Name("\u5357\u5ddd\u533a", "Nanchuan"), bytes(32))
    kind = LISTS["teams"]
    data = store.read(SYSTEM, lambda work: kind.template(work, language="en", seal=other, filled=True))
    seal = store.read(SYSTEM, seal_of)
    (fault,) = kind.read(data, "a.xlsx", seal).faults
    assert fault.code == "other_district"
    assert "Nanchuan" in fault_line(fault, "en")
    assert "\u5357\u5ddd\u533a" in fault_line(fault, "zh_CN")
    (fault,) = LISTS["vehicles"].read(data, "a.xlsx", seal).faults
    assert fault.code == "wrong_template"
    assert "List of rescue teams" in fault_line(fault, "en")
    same_node = seal_for(seal.node, seal.name, bytes(32))
    data = store.read(SYSTEM, lambda work: kind.template(work, language="en", seal=same_node, filled=True))
    assert [fault.code for fault in kind.read(data, "a.xlsx", seal).faults] == ["other_key"]


def test_a_code_is_not_changed_under_its_mark(store: Store) -> None:
    """In a list that went out filled, overwriting a code is told; a row of one's own below is taken as new."""
    kind, seal = LISTS["vehicles"], store.read(SYSTEM, seal_of)
    data = store.read(SYSTEM, lambda work: kind.template(work, language="en", seal=seal, filled=True))

    def overwritten(book: Any) -> None:
        book.worksheets[0]["A2"] = "CL-99"

    parsed = kind.read(lies.edited(data, overwritten), "a.xlsx", seal)
    assert [(fault.code, fault.row, fault.facts["of"]) for fault in parsed.faults] == [
        ("mark_of_another_row", 2, "CL-01")
    ]

    def added(book: Any) -> None:
        sheet = book.worksheets[0]
        last = sheet.max_row + 1
        for column in range(1, lies.mark_column(sheet)):
            sheet.cell(last, column).value = sheet.cell(2, column).value
        sheet.cell(last, 1).value, sheet.cell(last, 6).value = "CL-99", "AB-99999"

    parsed = kind.read(lies.edited(data, added), "a.xlsx", seal)
    review = store.read(SYSTEM, lambda work: kind.review(work, parsed=parsed))
    assert (review.faults, review.count("new"), review.count("changed")) == ((), 1, 0)


def test_the_corrected_copy_keeps_its_marks(store: Store) -> None:
    """The copy with the problems is known again: corrected, it is taken; its list of problems is no further sheet."""
    count_id = counted(store, "T100")
    data = lies.edited(filled(given_out(store, count_id)), lambda book: _quantity(book, "12 \u9876"))
    told, review = codes(store, count_id, data)
    assert told == ["not_a_quantity"]
    copy = faults_copy(data, "a.xlsx", sheet_kind(), review.faults, "zh_CN")
    assert codes(store, count_id, copy)[0] == ["not_a_quantity"]
    assert codes(store, count_id, lies.edited(copy, lambda book: _quantity(book, 12)))[0] == []
    assert read_table(copy, "a.xlsx").further_sheets == ()


def _quantity(book: Any, value: Any) -> None:
    book.worksheets[0].cell(3, 9).value = value
