"""Looking at counts from a terminal: the list, one count, and its blind sheet as a spreadsheet or on paper."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from inventory.core.words import N_
from inventory.core.work import SYSTEM, Store
from inventory.errands.exports import file_format
from inventory.errands.finding import find, find_in
from inventory.errands.frame import Answer, Errand, Terminal, table
from inventory.errands.papers import count_sheet_pdf
from inventory.errands.sheets import seal_of
from inventory.exchange.count_list import sheet_csv, sheet_rows, sheet_workbook
from inventory.people.accounts import actor_of
from inventory.stocktaking.queries import count_sheet, open_counts
from inventory.stocktaking.reviewing import count_review

_AFTER_COUNTING = ("review", "approved", "posted")


def export(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Write the blind sheet of a count: a spreadsheet to fill in, or the paper form as PDF."""
    with terminal.store() as store:
        count_id = find(store, "count", asked.number)
        if asked.file.lower().endswith(".pdf"):
            return _paper(terminal, asked, store, count_id)
        sheet = store.read(SYSTEM, lambda work: count_sheet(work, count_id=count_id))
        seal = store.read(SYSTEM, seal_of)
    rows = [_told(row) for row in sheet_rows(sheet)]
    facts = {"kind": "count", "number": sheet.number, "rows": rows}
    if asked.file == "-" and terminal.wants_json:
        return Answer(facts)
    if file_format(asked.file) == "csv":
        data = sheet_csv(sheet, language=terminal.language)
    else:
        data = sheet_workbook(sheet, language=terminal.language, seal=seal)
    if asked.file == "-":
        return Answer(facts, raw=data)
    terminal.write_file(asked.file, data)
    return Answer(
        {"kind": "count", "number": sheet.number, "file": asked.file, "lines": len(rows)},
        (
            terminal.say(N_("Written: %(file)s"), file=asked.file),
            terminal.say(
                N_("Next, filled in: python -m inventory count import %(number)s %(file)s --as LOGIN"),
                number=sheet.number,
                file=asked.file,
            ),
        ),
    )


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {key: "" if value is None and key not in ("quantity", "expires_on") else value for key, value in row.items()}


def _paper(terminal: Terminal, asked: argparse.Namespace, store: Store, count_id: UUID) -> Answer:
    actor = actor_of(store, asked.login, via="cli") if asked.login else SYSTEM
    terminal.write_file(asked.file, count_sheet_pdf(store, actor, count_id=count_id, language=terminal.language))
    return Answer(
        {"kind": "count", "number": asked.number, "file": asked.file},
        (terminal.say(N_("Written: %(file)s"), file=asked.file),),
    )


def show(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Show a count: while it is open how far it is, once handed in what differs."""
    with terminal.store() as store, store.reading(SYSTEM) as work:
        count_id = find_in(work, "count", asked.number)
        sheet = count_sheet(work, count_id=count_id)
        review = count_review(work, count_id=count_id) if sheet.state in _AFTER_COUNTING else None
    facts: dict[str, Any] = {
        "number": sheet.number,
        "site": sheet.site,
        "kind": sheet.kind,
        "state": sheet.state,
        "opened_at": sheet.opened_at,
        "counted": sheet.counted,
        "total": sheet.total,
        "lines": [
            {"label": line.label, "place": line.place, "item_code": line.item_code, "counted": line.counted}
            for line in sheet.lines
        ],
    }
    head = terminal.say(
        N_("Count %(number)s of %(site)s: %(state)s, %(counted)s of %(total)s lines counted."),
        number=sheet.number,
        site=sheet.site,
        state=terminal.state("count", sheet.state),
        counted=sheet.counted,
        total=sheet.total,
    )
    if review is None:
        heads = [terminal.say(text) for text in (N_("Line"), N_("Bin"), N_("Item name"), N_("Counted"))]
        cells = [[one.label, one.place, terminal.name(one.item), terminal.tell(one.counted)] for one in sheet.lines]
        return Answer(facts, (head, *table(heads, cells)))
    facts["lines"] = [_reviewed(line) for line in review.lines]
    heads = [terminal.say(text) for text in (N_("Line"), N_("Item name"), N_("Counted"), N_("Book"), N_("Difference"))]
    cells = [
        [one.label, terminal.name(one.item), *map(terminal.tell, (one.counted, one.book, one.difference))]
        for one in review.lines
    ]
    return Answer(facts, (head, *table(heads, cells)))


def _reviewed(line: Any) -> dict[str, Any]:
    return {
        "label": line.label,
        "place": line.place,
        "item_code": line.item_code,
        "lot": line.lot,
        "counted": line.counted,
        "counted_at": line.counted_at,
        "book": line.book,
        "difference": line.difference,
        "waits_for_recount": line.waits_for_recount,
    }


def listing(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """List the counts that are not finished."""
    with terminal.store() as store, store.reading(SYSTEM) as work:
        rows = open_counts(work)
    facts = [
        {"number": one.number, "site": one.site, "state": one.state, "counted": one.counted, "total": one.total}
        for one in rows
    ]
    heads = [terminal.say(text) for text in (N_("Number"), N_("Site"), N_("State"), N_("Counted"), N_("Lines"))]
    cells = [
        [one.number, terminal.name(one.site), terminal.state("count", one.state), str(one.counted), str(one.total)]
        for one in rows
    ]
    return Answer({"counts": facts}, tuple(table(heads, cells)))


def number_argument(parser: argparse.ArgumentParser) -> None:
    """Add the number of a count."""
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the count"))


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    number_argument(parser)
    parser.add_argument("file", metavar="FILE", help=N_("where to write: .xlsx, .csv or .pdf, - for standard output"))
    parser.add_argument("--as", dest="login", metavar="LOGIN", help=N_("who prints the paper form"))


VIEWS = (
    Errand("count list", N_("List the counts that are not finished."), listing),
    Errand("count export", N_("Write the blind sheet of a count."), export, _export_arguments),
    Errand("count show", N_("Show a count; the book only once it is handed in."), show, number_argument),
)
