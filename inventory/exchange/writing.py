"""Tables out: templates to be filled in, exports, and the copy of a file that tells its faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from inventory.core.errors import Fault
from inventory.core.words import N_, choose, speaker
from inventory.exchange.columns import ERROR_HEADING, Column, TableKind, heading_row
from inventory.exchange.limits import Limits, letters
from inventory.exchange.readers import Choice, Day, Quantity, Yuan
from inventory.exchange.reading import Table, read_table
from inventory.exchange.sentences import fault_words
from inventory.exchange.sheets import Book, csv_value, guarded

TEMPLATE_ROWS: Final = 2_000
"""Rows of a template that carry the checks; further rows are read all the same."""

_LISTS = "_lists"


def template(kind: TableKind, language: str, choices: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Return the .xlsx template of a kind of table.

    Parameters
    ----------
    kind
        The table; every column gets its heading (required ones with a star), a note, a format and a check.
    language
        Of headings, notes and guide: "zh_CN" or "en". Either is read back.
    choices
        Drop-down lists by column key, for columns whose values live in the database; columns with a `Choice` reader
        bring their own.
    """
    translate = speaker(language)
    book = Book()
    sheet = book.sheet(translate(kind.title))
    _guide(book, kind, language)
    lists = book.sheet(_LISTS)
    lists.very_hidden()
    for position, column in enumerate(kind.columns):
        _template_column(book, sheet, position, column, language)
        options = _options(column, language, choices or {})
        if options:
            for row, option in enumerate(options):
                book.words(lists, row, position, option, book.text)
            letter = letters(position)
            area = f"={_LISTS}!${letter}$1:${letter}${len(options)}"
            # A suggestion, not a wall: the district may know a code that this template, made yesterday, does not.
            rule = {"validate": "list", "source": area, "error_type": "warning"}
            sheet.data_validation(1, position, TEMPLATE_ROWS, position, {**rule, **_prompt(column, language)})
    book.meta({"schema": kind.key, "version": str(kind.version)})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 30)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.activate()
    return book.close()


def template_heading(column: Column, language: str) -> str:
    """Return the heading as the template writes it: a star marks what must be filled in."""
    return speaker(language)(column.heading) + ("*" if column.required else "")


def _options(column: Column, language: str, choices: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the drop-down list of a column, empty for none."""
    if column.key in choices:
        return list(choices[column.key])
    if isinstance(column.reader, Choice):
        return [choose(names, language) for _, names in column.reader.options]
    return []


def _prompt(column: Column, language: str) -> dict[str, str]:
    """Return what Excel shows beside a cell of the column (it takes 32 and 255 characters)."""
    translate = speaker(language)
    prompt = {"input_title": translate(column.heading)[:32]}
    if column.note:
        prompt["input_message"] = translate(column.note)[:255]
    return prompt


def _template_column(book: Book, sheet: Any, position: int, column: Column, language: str) -> None:
    """Write the heading of a column, its note, its format and the check of its type."""
    sheet.write_string(0, position, template_heading(column, language), book.heading)
    if column.note:
        sheet.write_comment(0, position, speaker(language)(column.note))
    form, rule = book.text, None
    if isinstance(column.reader, Day):
        form = book.day
        first, last = column.reader.first, column.reader.last
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    elif isinstance(column.reader, Quantity):
        form = book.number
        rule = {"validate": "integer", "criteria": ">=", "value": column.reader.smallest}
    elif isinstance(column.reader, Yuan):
        form = book.number
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    sheet.set_column(position, position, column.width, form, {"hidden": column.hidden})
    if rule:
        sheet.data_validation(1, position, TEMPLATE_ROWS, position, {**rule, **_prompt(column, language)})


def _guide(book: Book, kind: TableKind, language: str) -> None:
    """Write the second sheet: what each column means, and an example, which is never imported."""
    translate = speaker(language)
    sheet = book.sheet(translate(N_("Guide")))
    headings = (N_("Column"), N_("Must be filled in"), N_("Meaning"), N_("Example"))
    book.headings(sheet, [translate(heading) for heading in headings])
    for row, column in enumerate(kind.columns, start=1):
        book.words(sheet, row, 0, translate(column.heading), book.prose)
        book.words(sheet, row, 1, translate(N_("yes")) if column.required else "", book.prose)
        book.words(sheet, row, 2, translate(column.note), book.prose)
        book.value(sheet, row, 3, _example(column, language), language)
    rules = (
        N_("Fill in the first sheet only, one line for each batch. Blank lines are passed over."),
        N_("Keep the headings; the order of the columns does not matter."),
        N_("No formulas, no merged cells, no hidden rows: what you see is what is taken over."),
        N_("If anything is wrong, nothing is taken over, and every problem is told with its row and column."),
    )
    for row, rule in enumerate(rules, start=len(kind.columns) + 2):
        sheet.merge_range(row, 0, row, 3, translate(rule), book.prose)
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, 2, 70)
    sheet.set_column(3, 3, 24)


def _example(column: Column, language: str) -> Any:
    """Return the example of a column, the first choice where it has none of its own."""
    if column.example == "" and isinstance(column.reader, Choice) and column.reader.options:
        return choose(column.reader.options[0][1], language)
    return column.example


def export_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[tuple[str, str]],
    language: str,
    file_format: str,
    *,
    title: str = N_("Table"),
) -> bytes:
    """Return rows as an .xlsx or .csv file.

    Parameters
    ----------
    rows
        Facts by column key; integers and days keep their type in .xlsx, everything else is told in words.
    columns
        Pairs of key and heading (a msgid), in order.
    file_format
        "xlsx" or "csv"; CSV is UTF-8 with a mark, so that Excel reads Chinese.
    title
        Name of the sheet (a msgid).

    Raises
    ------
    ValueError
        For another format.
    """
    translate = speaker(language)
    headings = [translate(heading) for _, heading in columns]
    if file_format == "csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([guarded(heading) for heading in headings])
        for row in rows:
            writer.writerow([csv_value(row.get(key), language) for key, _ in columns])
        return text.getvalue().encode("utf-8-sig")
    if file_format != "xlsx":
        raise ValueError(f"unknown format {file_format!r}")
    book = Book()
    sheet = book.sheet(translate(title))
    book.headings(sheet, headings)
    for number, row in enumerate(rows, start=1):
        for position, (key, _) in enumerate(columns):
            book.value(sheet, number, position, row.get(key), language)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), max(len(columns) - 1, 0))
    sheet.set_column(0, max(len(columns) - 1, 0), 16)
    return book.close()


def faults_copy(
    data: bytes,
    file_name: str,
    kind: TableKind,
    faults: Sequence[Fault],
    language: str,
    *,
    limits: Limits | None = None,
) -> bytes:
    """Return a copy of a readable file as .xlsx with an added column that tells what is wrong in each row.

    The values are read in the limited child once more and written anew, so nothing hostile of the file is in the
    copy; formulas stand there as the value they last had. A second sheet lists all problems, those of the file as a
    whole among them. Once corrected, the copy itself can be imported: the error column is passed over.

    Raises
    ------
    FileRefused
        When the file cannot be read at all: then there is nothing to copy.
    """
    table = read_table(data, file_name, limits=limits)
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    book = Book()
    sheet = book.sheet(table.sheet or speaker(language)(N_("Table")))
    heading, place = _error_place(table, kind)
    book.words(sheet, heading - 1, place, speaker(language)(ERROR_HEADING), book.heading)
    for row in table.rows:
        for position, cell in enumerate(row.cells):
            if position != place:
                book.value(sheet, row.number - 1, position, cell, language)
    for number, told in by_row.items():
        if number > 0 and number != heading:
            book.words(sheet, number - 1, place, _told(told, language), book.error)
    sheet.set_column(place, place, 60)
    _problems(book, faults, language)
    if table.meta:
        book.meta(table.meta)
    return book.close()


def _error_place(table: Table, kind: TableKind) -> tuple[int, int]:
    """Return the row of the headings and the column for the errors; a former error column is filled anew."""
    heading = heading_row(table, kind) or table.rows[0]
    errors = {speaker(language)(ERROR_HEADING) for language in ("zh_CN", "en")}
    places = [position for position, cell in enumerate(heading.cells) if cell in errors]
    return heading.number, places[0] if places else max(len(row.cells) for row in table.rows)


def _told(faults: Sequence[Fault], language: str) -> str:
    """Return the faults of one row, a line each, with the heading of the column before it."""
    lines = [
        f"{fault.column}: {fault_words(fault, language)}" if fault.column else fault_words(fault, language)
        for fault in faults
    ]
    return "\n".join(lines)[:4_000]


def _problems(book: Book, faults: Sequence[Fault], language: str) -> None:
    """Write the sheet that lists all problems."""
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
