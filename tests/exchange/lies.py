"""Tables that we gave out, and what people (or worse) do to them before they come back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl

Edit = Callable[[Any], None]
"""Takes the open workbook; its first sheet is the table, its last the hidden one about the file."""


def edited(data: bytes, edit: Edit) -> bytes:
    """Return a workbook after an edit in another program."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def mark_column(sheet: Any) -> int:
    """Return the number of the hidden column."""
    return int(sheet.max_column)


def mark(sheet: Any, row: int) -> Any:
    """Return the cell with the hidden mark of a row."""
    return sheet.cell(row, mark_column(sheet))


def one_letter(book: Any) -> None:
    """Change one letter of a mark."""
    cell = mark(book.worksheets[0], 3)
    cell.value = ("B" if cell.value[0] != "B" else "C") + cell.value[1:]


def other_identity(book: Any) -> None:
    """Let a mark name another row, with the checks of its own."""
    sheet = book.worksheets[0]
    first, second = mark(sheet, 2).value, mark(sheet, 3).value
    mark(sheet, 3).value = second[:22] + first[22:]


def nonsense(book: Any) -> None:
    """Write something else into a mark."""
    mark(book.worksheets[0], 3).value = "12"


def doubled(book: Any) -> None:
    """Copy a whole row over the next one."""
    sheet = book.worksheets[0]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(3, column).value = sheet.cell(2, column).value


def only_marks_doubled(book: Any) -> None:
    """Fill a mark down."""
    sheet = book.worksheets[0]
    mark(sheet, 3).value = mark(sheet, 2).value


def moved(book: Any) -> None:
    """Sort the visible cells of two rows, and leave the hidden ones where they are."""
    sheet = book.worksheets[0]
    for column in range(1, mark_column(sheet)):
        above, below = sheet.cell(2, column), sheet.cell(3, column)
        above.value, below.value = below.value, above.value


def mark_deleted(book: Any) -> None:
    """Clear one mark."""
    mark(book.worksheets[0], 3).value = None


def column_deleted(book: Any) -> None:
    """Delete the hidden column."""
    book.worksheets[0].delete_cols(mark_column(book.worksheets[0]))


def row_deleted(book: Any) -> None:
    """Delete a row with its mark."""
    book.worksheets[0].delete_rows(3)


def sorted_whole(book: Any) -> None:
    """Exchange two rows with their marks, as a proper sort does."""
    sheet = book.worksheets[0]
    for column in range(1, sheet.max_column + 1):
        above, below = sheet.cell(2, column), sheet.cell(3, column)
        above.value, below.value = below.value, above.value


def columns_swapped(book: Any) -> None:
    """Exchange two columns with their headings."""
    sheet = book.worksheets[0]
    for row in range(1, sheet.max_row + 1):
        left, right = sheet.cell(row, 1), sheet.cell(row, mark_column(sheet) - 1)
        left.value, right.value = right.value, left.value


def about(key: str, value: str) -> Edit:
    """Return an edit that changes what the file says about itself."""

    def edit(book: Any) -> None:
        for row in book["_meta"].iter_rows():
            if row[0].value == key:
                row[1].value = value

    return edit


def about_deleted(book: Any) -> None:
    """Keep the table alone, as programs do that know neither hidden sheets nor several."""
    for sheet in book.worksheets[1:]:
        book.remove(sheet)


def second_sheet(book: Any) -> None:
    """Add a sheet with values of one's own."""
    book.create_sheet("Mine", 1)["B2"] = "more"


def blank_sheet(book: Any) -> None:
    """Add a sheet without values, as spreadsheet programs do."""
    book.create_sheet("Sheet9", 0)


def sheets_reordered(book: Any) -> None:
    """Drag the explaining sheet to the front."""
    book.move_sheet(book.worksheets[1], -1)


def many_blank_rows(book: Any) -> None:
    """Give a million rows a height, as somebody who marks whole columns and formats them."""
    sheet = book.worksheets[0]
    for row in range(20_000, 60_000):
        sheet.row_dimensions[row].height = 20


def formula(book: Any) -> None:
    """Put a formula where a number belongs."""
    book.worksheets[0].cell(3, mark_column(book.worksheets[0]) - 1).value = "=1+2"


def hidden_row(book: Any) -> None:
    """Hide a row, as a filter does."""
    book.worksheets[0].row_dimensions[3].hidden = True


def hidden_column(book: Any) -> None:
    """Hide a column that is to be seen."""
    book.worksheets[0].column_dimensions["D"].hidden = True


def merged(book: Any) -> None:
    """Merge two cells under each other."""
    book.worksheets[0].merge_cells("A2:A3")
