"""The list of a count, downloaded from its page, filled in elsewhere and chosen again."""

from __future__ import annotations

import io
from uuid import UUID

import openpyxl

from inventory.stocktaking.opening import open_count
from tests.support.small_district import District
from tests.ui.test_keeping_screens import checked, district, opened, page, press, quantities, told
from ui.parts.files_counts import sheet_table

__all__ = ["district"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filled(district: District, count_id: UUID, *numbers: object) -> bytes:
    """Return the list of a count with these numbers from the first line on."""
    file = district.see("wang", lambda work: sheet_table(work, str(count_id), language="en"))
    book = openpyxl.load_workbook(io.BytesIO(file.body))
    for row, number in enumerate(numbers, start=2):
        book.worksheets[0].cell(row, 9).value = number
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_filled_list_is_taken_in_once(district: District) -> None:
    """What it holds is told before, then saved; of a wrong one every problem is told and nothing is saved."""
    count_id = opened(district)
    app = page(district, "count", "wang", count=str(count_id))
    app.file_uploader[0].upload("list.xlsx", filled(district, count_id, 5, "a lot", 7), XLSX)
    app = checked(app.run())
    assert "a lot" in told(app)
    assert "Take the numbers in" not in [one.label for one in app.button]
    app = page(district, "count", "wang", count=str(count_id))
    app.file_uploader[0].upload("list.xlsx", filled(district, count_id, 5, None, 7), XLSX)
    app = checked(app.run())
    assert "2 numbers" in told(app)
    assert quantities(district, count_id) == {}
    app = press(app, next(str(one.key) for one in app.button if one.label == "Take the numbers in"))
    assert "The filled list is taken in." in told(app)
    assert sorted(quantities(district, count_id).values()) == [5, 7]


def test_the_list_of_another_count_is_refused_on_the_page(district: District) -> None:
    """A list of a count that was given up names that count, and nothing of it is saved."""
    first = opened(district)
    data = filled(district, first, 5)
    other = UUID(district.do("wang", open_count, site_id=district.site, kind="whole").outcome["count"])
    app = page(district, "count", "wang", count=str(other))
    app.file_uploader[0].upload("list.xlsx", data, XLSX)
    assert "is asked for here" in told(checked(app.run()))
    assert quantities(district, other) == {}
