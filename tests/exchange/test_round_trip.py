"""What goes out comes back: every list of the demo district, in both languages and formats, changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inventory.core.work import SYSTEM, Store, Work
from inventory.errands.sheets import seal_of
from inventory.exchange.lists import LISTS
from inventory.exchange.sentences import fault_line
from tests.support import demo

FILLED = [key for key, kind in LISTS.items() if kind.rows is not None and key != "travel"]
"""All that the demo district has rows of; nobody has measured its roads."""


@pytest.fixture
def store(make_database: Callable[..., str], home: Path) -> Iterator[Store]:
    """The demo district."""
    opened = demo.demo_store(make_database, home)
    yield opened
    opened.close()


def table_of(store: Store, key: str, language: str, ending: str) -> bytes:
    """Return a list as it stands."""

    def made(work: Work) -> bytes:
        if ending == "csv":
            return LISTS[key].as_csv(work, language=language)
        return LISTS[key].template(work, language=language, seal=seal_of(work), filled=True)

    return store.read(SYSTEM, made)


def looked(store: Store, key: str, data: bytes, name: str) -> Any:
    """Return a file as understood, and its review."""
    parsed = LISTS[key].read(data, name, store.read(SYSTEM, seal_of))
    return parsed, store.read(SYSTEM, lambda work: LISTS[key].review(work, parsed=parsed))


def take(store: Store, key: str, data: bytes, login: str, name: str = "a.xlsx") -> Any:
    """Take a file over and return the answer."""
    parsed, _ = looked(store, key, data, name)
    return store.write(
        demo.person(store, login), lambda work: LISTS[key].command(work, id=work.env.new_id(), parsed=parsed)
    )


def edited(data: bytes, edit: Callable[[Any, dict[str, int]], None]) -> bytes:
    """Return a workbook after `edit(sheet, column number by heading)`."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    edit(sheet, {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]})
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("key", FILLED)
def test_what_goes_out_comes_back_unchanged(store: Store, key: str) -> None:
    """The filled table, read back, says nothing new: in both languages, as .xlsx and as .csv."""
    count = 0
    for language, ending in (("zh_CN", "xlsx"), ("en", "xlsx"), ("zh_CN", "csv"), ("en", "csv")):
        data = table_of(store, key, language, ending)
        parsed, review = looked(store, key, data, f"a.{ending}")
        assert [fault_line(fault, "en") for fault in review.faults[:5]] == [], (language, ending)
        assert (parsed.notes, review.idle) == ((), True), [one for one in review.wanted if one.state != "same"][:2]
        count = max(count, len(review.wanted))
    assert count >= 10
