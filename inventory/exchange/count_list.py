"""The blind list of a count: given out filled in, taken back with what was counted, all or nothing.

The mark of a row covers everything that was printed in it: whoever sorts one column alone, copies a row over another or
fills in the sheet of another count is told so. Files without marks (typed, or saved as CSV) are found by the labels of
their lines, and what else they say of a line must agree with it. There is no room for what the book says.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from inventory.core.errors import FileRefused
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.exchange.columns import Column, Line, Parsed, TableKind, validate
from inventory.exchange.readers import Code, Day, Quantity, Text, normal
from inventory.exchange.reading import read_table
from inventory.exchange.sealing import TableSeal
from inventory.exchange.taking import ListReview, Problems, Wanted
from inventory.exchange.writing import filled_csv, template
from inventory.stocktaking.queries import CountSheet, SheetLine, count_sheet
from inventory.stocktaking.reading import read_count, recount_line

_NAMESPACE = UUID("0b7a2c1e-6a0f-5c7e-8d31-52d1b4a90c55")
_PRINTED = ("label", "place", "item_code", "item", "spec", "batch", "expires_on", "unit")
_MUST_AGREE = ("place", "item_code", "batch", "expires_on")
"""What tells a line from another in every language; names and units may be written differently by hand."""


def sheet_kind() -> TableKind:
    """Return the blind count list as a kind of table: the label finds the line, the quantity is what was counted."""
    counted = N_("What was counted, in the unit; 0 if nothing is there.")
    return TableKind(
        key="count",
        title=N_("Count sheet"),
        columns=(
            Column("label", N_("Line"), Code(10), True, N_("The label of the line; do not change it."), width=10),
            Column("place", N_("Bin"), Text(40), note=N_("Where it stands.")),
            Column("item_code", N_("Item code"), Code(24)),
            Column("item", N_("Item name"), Text(120), width=28),
            Column("spec", N_("Specification"), Text(120), width=20),
            Column("batch", N_("Batch"), Text(60)),
            Column("expires_on", N_("Expires on"), Day()),
            Column("unit", N_("Unit"), Text(24), width=8),
            Column("quantity", N_("Counted"), Quantity(0), note=counted),
        ),
        unique=("label",),
        printed=_PRINTED,
        inputs=("quantity",),
        closed=True,
    )


def _row(line: SheetLine) -> dict[str, Any]:
    names = ("label", "place", "item_code", "item", "spec", "batch", "expires_on", "unit")
    return {name: getattr(line, name) or None for name in names} | {"quantity": None}


def sheet_rows(sheet: CountSheet) -> list[dict[str, Any]]:
    """Return the lines of a count as stored values, names in both languages, with nothing counted."""
    return [_row(line) for line in sheet.lines]


def sheet_workbook(sheet: CountSheet, *, language: str, seal: TableSeal | None) -> bytes:
    """Return the list of a count as .xlsx: everything is locked but the quantities, every row carries its mark."""
    return template(sheet_kind(), language, seal=seal, rows=sheet_rows(sheet), task=sheet.number)


def sheet_csv(sheet: CountSheet, *, language: str) -> bytes:
    """Return the list of a count as CSV, without marks."""
    return filled_csv(sheet_kind(), language, sheet_rows(sheet))


def read_sheet_file(data: bytes, file_name: str, *, sheet: CountSheet, seal: TableSeal | None) -> Parsed:
    """Return a filled list as this count's, with all that is wrong in the file itself.

    Raises
    ------
    FileRefused
        When it cannot be read at all.
    """
    return validate(read_table(data, file_name), sheet_kind(), seal, sheet.number)


def review_sheet(work: Work, *, count_id: UUID, parsed: Parsed) -> ListReview:
    """Return what the lines of a filled list mean in a count, with everything that is wrong; nothing is written.

    A line with a quantity is "changed", one left blank is "same".

    Raises
    ------
    NotFound, NotPermitted
    """
    sheet = count_sheet(work, count_id=count_id)
    known, faults = {line.label: line for line in sheet.lines}, Problems(parsed)
    wanted = []
    for line in parsed.lines:
        found = known.get(line.values["label"])
        if found is None:
            faults.add("strange_line", line, "label", label=line.values["label"])
        elif _agrees(line, found, parsed, faults):
            state = "same" if line.values["quantity"] is None else "changed"
            wanted.append(Wanted(line, found.id, state, {"to_recount": sheet.state != "open" or found.to_recount}))
    return ListReview(tuple(wanted), faults.ordered(), faults.count, parsed.notes)


def _agrees(line: Line, found: SheetLine, parsed: Parsed, faults: Problems) -> bool:
    """Return whether a row says of its line what the count says; a column that the file does not have says nothing."""
    before = faults.count
    for key in _MUST_AGREE:
        said, true = line.values[key], getattr(found, key)
        if said is None or key not in parsed.titles:
            continue
        same = said == true if isinstance(said, dt.date) else normal(str(said)) == normal(str(true or ""))
        if not same:
            faults.add("line_says_other", line, key, label=found.label, text=str(said), wanted=str(true or ""))
    return faults.count == before


def read_sheet(work: Work, *, count_id: UUID, parsed: Parsed, counted_at: dt.datetime | None = None) -> dict[str, int]:
    """Save the readings of a filled list; the id of each comes from file, line and person.

    Returns
    -------
    dict
        `lines` (how many have a quantity), `blank`, and `again` (saved before).

    Raises
    ------
    FileRefused
        With everything that is wrong, in the file or with the lines it names.
    As `stocktaking.reading.read_count` and `recount_line`.
    """
    review = review_sheet(work, count_id=count_id, parsed=parsed)
    if review.fault_count:
        raise FileRefused(file=parsed.file_name, faults=review.faults, count=review.fault_count)
    told = {"lines": 0, "blank": review.count("same"), "again": 0}
    for one in review.wanted:
        if one.state == "same":
            continue
        label, quantity = one.line.values["label"], one.line.values["quantity"]
        id = uuid5(_NAMESPACE, f"{count_id}:{parsed.sha256}:{label}:{work.actor.account_id}")
        command: Any = recount_line if one.columns["to_recount"] else read_count
        done = command(work, id=id, line_id=one.id, quantity=quantity, counted_at=counted_at, way="sheet")
        told["lines"] += 1
        told["again"] += int(done.again)
    return told
