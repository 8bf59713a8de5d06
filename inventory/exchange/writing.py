"""Tables out: templates to be filled in, blank or with what is known already, and exports."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from inventory.core.errors import Name
from inventory.core.words import N_, choose, speaker
from inventory.exchange.columns import MARK, Column, TableKind
from inventory.exchange.limits import letters
from inventory.exchange.readers import CellFault, Choice, Day, Degrees, Quantity, Thousandths, Yuan
from inventory.exchange.sealing import TableSeal
from inventory.exchange.sheets import Book, csv_value, guarded

TEMPLATE_ROWS: Final = 2_000
"""Rows of a template that carry the checks; further rows are read all the same."""

_LISTS = "_lists"


def template(
    kind: TableKind,
    language: str,
    choices: Mapping[str, Sequence[str]] | None = None,
    *,
    seal: TableSeal | None = None,
    rows: Sequence[Mapping[str, Any]] = (),
    task: str = "",
) -> bytes:
    """Return the .xlsx template of a kind of table, blank or filled with what is known already.

    Parameters
    ----------
    kind
        The table; every column gets its heading (required ones with a star), a note, a format and a check.
    language
        Of headings, notes and guide: "zh_CN" or "en". Either is read back.
    choices
        Drop-down lists by column key, for columns whose values live in the database; columns with a `Choice` reader
        bring their own.
    seal
        That of this node, by which the file is known again; needed for rows.
    rows
        Stored values by column key; each row gets its hidden mark.
    task
        The document the table belongs to: the number of a count.
    """
    translate = speaker(language)
    book = Book()
    sheet = book.sheet(translate(kind.title))
    guide = _guide(book, kind, language)
    lists = book.sheet(_LISTS)
    lists.very_hidden()
    last = max(len(rows), 1 if kind.closed else TEMPLATE_ROWS)
    for position, column in enumerate(kind.columns):
        locked = bool(kind.inputs) and column.key not in kind.inputs
        _heading(book, sheet, position, column, language)
        dress(book, sheet, position, column, language, first=1, last=last, locked=locked)
        options = _options(column, language, choices or {})
        if options and not locked:
            _drop_down(book, sheet, lists, position, column, options, language, last=last)
    names = {"sheet": sheet.get_name(), "guide": guide.get_name()}
    if seal is None:
        book.meta({"schema": kind.key, "version": str(kind.version), "title": translate(kind.title), **names})
    else:
        identities = _rows(book, sheet, kind, language, rows, seal, task) if rows else []
        title = translate(kind.title)
        book.meta(
            seal.about(
                schema=kind.key, version=kind.version, title=title, task=task, identities=identities, sheets=names
            )
        )
    _page(sheet, kind, translate, filled=bool(rows))
    return book.close()


def _page(sheet: Any, kind: TableKind, translate: Callable[[str], str], *, filled: bool) -> None:
    """Set the sheet up for the screen and for paper."""
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 30)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{translate(kind.title).replace('&', '&&')}&R&P / &N")
    if filled and kind.inputs:
        # Only against slips of the hand; what comes back is compared with what went out.
        sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True})
    sheet.activate()


def _rows(
    book: Book,
    sheet: Any,
    kind: TableKind,
    language: str,
    rows: Sequence[Mapping[str, Any]],
    seal: TableSeal,
    task: str,
) -> list[str]:
    """Write rows with their marks; return what they are about."""
    place = len(kind.columns)
    sheet.write_string(0, place, speaker(language)(MARK.heading), book.heading)
    sheet.set_column(place, place, MARK.width, book.text, {"hidden": True})
    forms = [book.input if column.key in kind.inputs else None for column in kind.columns]
    printed = {*(kind.identity or kind.unique), *kind.printed}
    identities = []
    for number, row in enumerate(rows, start=1):
        read: dict[str, Any] = {}
        for position, column in enumerate(kind.columns):
            cell = told(column, row.get(column.key), language)
            if column.key in printed:
                read[column.key] = read_back(column, cell)
            if forms[position] is not None and cell == "":
                sheet.write_blank(number, position, None, forms[position])
            else:
                book.value(sheet, number, position, cell, language)
        identities.append(kind.identity_of(read))
        mark = seal.mark(kind.key, task, identities[-1], kind.printed_of(read))
        sheet.write_string(number, place, mark, book.text)
    return identities


def read_back(column: Column, cell: Any) -> Any:
    """Return what the reader of a column makes of a cell that we write, the cell itself where it cannot be read."""
    if cell == "":
        return None
    try:
        return column.reader(cell)
    except CellFault:
        return cell


def told(column: Column, value: Any, language: str) -> Any:
    """Return a stored value as the column shows it: what its reader makes of that is the stored value again."""
    if value is None:
        return ""
    if isinstance(value, Name):
        return choose(value, language)
    if isinstance(column.reader, Choice):
        return next((choose(names, language) for key, names in column.reader.options if key == value), str(value))
    if isinstance(column.reader, Degrees):
        return float(Decimal(value).scaleb(-7))
    if isinstance(column.reader, Yuan):
        return float(Decimal(value).scaleb(-2))
    if isinstance(column.reader, Thousandths):
        return value // 1000 if value % 1000 == 0 else float(Decimal(value).scaleb(-3))
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return value if isinstance(value, (int, dt.date)) else str(value)


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


def dress(
    book: Book, sheet: Any, position: int, column: Column, language: str, *, first: int, last: int, locked: bool = False
) -> None:
    """Give a column its width, its format and the check of its type, for the rows `first` to `last` (from 0)."""
    form, rule = book.text, None
    if isinstance(column.reader, Day):
        form = book.day
        rule = {"criteria": "between", "minimum": column.reader.first, "maximum": column.reader.last}
        rule["validate"] = "date"
    elif isinstance(column.reader, Quantity):
        form = book.number
        rule = {"validate": "integer", "criteria": "between", "minimum": column.reader.smallest}
        rule["maximum"] = column.reader.largest
    elif isinstance(column.reader, (Yuan, Thousandths)):
        form = book.number
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    elif isinstance(column.reader, Degrees):
        form = book.number
        limit = column.reader.limit
        rule = {"validate": "decimal", "criteria": "between", "minimum": -limit, "maximum": limit}
    sheet.set_column(position, position, column.width, form, {"hidden": column.hidden})
    if rule and not locked:
        prompt = _prompt(column, language) if column.note else {"show_input": False}
        sheet.data_validation(first, position, last, position, {**rule, **prompt})


def _heading(book: Book, sheet: Any, position: int, column: Column, language: str) -> None:
    """Write the heading of a column and its note."""
    sheet.write_string(0, position, template_heading(column, language), book.heading)
    if column.note:
        sheet.write_comment(0, position, speaker(language)(column.note))


def _drop_down(
    book: Book, sheet: Any, lists: Any, position: int, column: Column, options: list[str], language: str, *, last: int
) -> None:
    """Write the list of a column on the hidden sheet of lists, and let its cells choose from it."""
    for row, option in enumerate(options):
        book.words(lists, row, position, option, book.text)
    letter = letters(position)
    area = f"={_LISTS}!${letter}$1:${letter}${len(options)}"
    # A suggestion, not a wall: the district may know a code that this template, made yesterday, does not.
    rule = {"validate": "list", "source": area, "error_type": "warning"}
    sheet.data_validation(1, position, last, position, {**rule, **_prompt(column, language)})


def _guide(book: Book, kind: TableKind, language: str) -> Any:
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
    return sheet


def _example(column: Column, language: str) -> Any:
    """Return the example of a column, the first choice where it has none of its own."""
    if column.example == "" and isinstance(column.reader, Choice) and column.reader.options:
        return choose(column.reader.options[0][1], language)
    return column.example


def filled_csv(kind: TableKind, language: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the same table as CSV: no marks, no checks; it is read back by its headings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([template_heading(column, language) for column in kind.columns])
    for row in rows:
        cells = [told(column, row.get(column.key), language) for column in kind.columns]
        writer.writerow([csv_value(cell, language) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


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
