"""The user's own file back, with one column more that tells what is wrong in each row.

An .xlsx comes back as .xlsx, a CSV as CSV in its own encoding with its own delimiter; rows, their numbers and their
order stay. The values are read in the limited child once more and written anew, so nothing hostile of the file is in
the copy; formulas stand there as the value they last had. Once corrected, the copy itself can be imported.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inventory.core.errors import Fault
from inventory.core.words import N_, speaker
from inventory.exchange.columns import (
    ERROR_HEADING,
    MARK,
    TableKind,
    column_title,
    heading_row,
    heading_text,
    spellings,
)
from inventory.exchange.limits import Limits
from inventory.exchange.reading import Row, Table, read_table
from inventory.exchange.sentences import fault_words
from inventory.exchange.sheets import CELL_CHARACTERS, Book, guarded
from inventory.exchange.workbook import COPY_SHEET
from inventory.exchange.writing import dress

TOLD_CHARACTERS = 4_000
_DRESSED_ROWS = 2_000


def copy_name(file_name: str, language: str) -> str:
    """Return what the copy of a file is called: the same ending, and a word before it."""
    stem, _, ending = file_name.rpartition(".")
    word = speaker(language)(N_("Problems"))
    return f"{stem or file_name} - {word}.{ending.lower() if stem else 'csv'}"


def faults_copy(
    data: bytes,
    file_name: str,
    kind: TableKind,
    faults: Sequence[Fault],
    language: str,
    *,
    limits: Limits | None = None,
) -> bytes:
    """Return a copy of a readable file with an added column that tells what is wrong in each row.

    A former column of that name is filled anew. In an .xlsx the wrong cells are red, the columns keep their checks, and
    a further sheet lists all problems, those of the file as a whole among them; in a CSV those stand in the row of the
    headings.

    Raises
    ------
    FileRefused
        When the file cannot be read at all: then there is nothing to copy.
    """
    # What is too long for a column must still come back whole.
    table = read_table(data, file_name, limits=replace(limits or Limits(), cell_characters=CELL_CHARACTERS))
    heading = heading_row(table, kind) or table.rows[0]
    place = _error_place(table, heading)
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    told = {number: _told(found, language) for number, found in by_row.items()}
    if table.delimiter:
        return _as_csv(table, heading, place, told, language)
    return _as_workbook(table, kind, heading, place, told, faults, language)


def _error_place(table: Table, heading: Row) -> int:
    """Return the column for the errors; a former one is filled anew."""
    errors = {heading_text(speaker(language)(ERROR_HEADING)) for language in ("zh_CN", "en")}
    for position, cell in enumerate(heading.cells):
        if isinstance(cell, str) and heading_text(cell) in errors:
            return position
    return max(len(row.cells) for row in table.rows)


def _told(faults: Sequence[Fault], language: str) -> str:
    """Return the faults of one row, a line each, with the heading of the column before it."""
    lines = [
        f"{fault.column}: {fault_words(fault, language)}" if fault.column else fault_words(fault, language)
        for fault in faults
    ]
    return "\n".join(lines)[:TOLD_CHARACTERS]


def _as_csv(table: Table, heading: Row, place: int, told: dict[int, str], language: str) -> bytes:
    """Return the rows as CSV; blank rows stay, so that the numbers of the rows stay."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter, lineterminator="\r\n")
    before = 0
    for row in table.rows:
        for _ in range(row.number - before - 1):
            text.write("\r\n")
        before = row.number
        cells = [guarded(str(cell)) if cell is not None else "" for cell in row.cells]
        cells += [""] * (place + 1 - len(cells))
        cells[place] = told.get(row.number, "").replace("\n", "; ")
        if row is heading:
            whole = told.get(0, "") or cells[place]
            words = speaker(language)(ERROR_HEADING)
            cells[place] = f"{words} ({whole})".replace("\n", "; ") if whole else words
        writer.writerow(cells)
    # What the encoding of the file cannot hold (a quoted name in another script) becomes a visible sign.
    return text.getvalue().encode(table.encoding, "replace")


def _as_workbook(
    table: Table,
    kind: TableKind,
    heading: Row,
    place: int,
    told: dict[int, str],
    faults: Sequence[Fault],
    language: str,
) -> bytes:
    """Return the rows as .xlsx, dressed as the template is."""
    book = Book()
    sheet = book.sheet(table.sheet or speaker(language)(N_("Table")))
    wrong = {(fault.row, fault.column) for fault in faults if fault.row}
    titles = [column_title(heading, position) for position in range(max(place, len(heading.cells)) + 1)]
    _dress(book, sheet, table, kind, heading, language)
    for row in table.rows:
        for position, cell in enumerate(row.cells):
            if position == place:
                continue
            title = titles[position] if position < len(titles) else ""
            _write(book, sheet, row, position, cell, language, red=(row.number, title) in wrong, head=row is heading)
    book.words(sheet, heading.number - 1, place, speaker(language)(ERROR_HEADING), book.heading)
    for number, words in told.items():
        if number > 0 and number != heading.number:
            book.words(sheet, number - 1, place, words, book.error)
    sheet.set_column(place, place, 60)
    sheet.freeze_panes(heading.number, 0)
    book.meta({**table.meta, COPY_SHEET: _problems(book, faults, language)})
    return book.close()


def _dress(book: Book, sheet: Any, table: Table, kind: TableKind, heading: Row, language: str) -> None:
    """Give the columns that are known their formats and checks, and hide what was hidden."""
    known = {text: column for column in (MARK, *kind.columns) for text in spellings(column)}
    last = max(table.rows[-1].number, heading.number + 1) + _DRESSED_ROWS
    for position, cell in enumerate(heading.cells):
        column = known.get(heading_text(str(cell))) if cell is not None else None
        if column is not None:
            dress(book, sheet, position, column, language, first=heading.number, last=last)
    for position in table.hidden_columns:
        sheet.set_column(position, position, None, None, {"hidden": True})


def _write(book: Book, sheet: Any, row: Row, position: int, cell: Any, language: str, *, red: bool, head: bool) -> None:
    """Write one cell as it stood, red when something is wrong with it."""
    if head and isinstance(cell, str):
        book.words(sheet, row.number - 1, position, cell, book.heading)
    elif isinstance(cell, bool):
        sheet.write_boolean(row.number - 1, position, cell, book.wrong if red else None)
    elif isinstance(cell, dt.datetime) and cell.time() == dt.time():
        book.value(sheet, row.number - 1, position, cell.date(), language, wrong=red)
    else:
        book.value(sheet, row.number - 1, position, cell, language, wrong=red)


def _problems(book: Book, faults: Sequence[Fault], language: str) -> str:
    """Write the sheet that lists all problems; return its name."""
    translate = speaker(language)
    sheet = book.sheet(translate(N_("Problems")))
    book.headings(sheet, [translate(heading) for heading in (N_("Row"), N_("Column"), N_("Problem"))])
    for number, fault in enumerate(faults, start=1):
        if fault.row:
            sheet.write_number(number, 0, fault.row, book.number)
        book.words(sheet, number, 1, fault.column, book.text)
        book.words(sheet, number, 2, fault_words(fault, language), book.prose)
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, 2, 90)
    sheet.freeze_panes(1, 0)
    name: str = sheet.get_name()
    return name
