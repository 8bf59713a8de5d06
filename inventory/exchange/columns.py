"""One mechanism for every table that can be imported: a kind with its columns, and all problems of a file at once.

Headings are found by name in either language, in any order, within the first rows; blank rows are passed over. A
heading that no one knows, a value under no heading, a formula, a merged or hidden cell is a fault: what a person sees
in the file and what is taken over must be the same. What a table of ours says about itself, and the hidden marks of its
rows, are compared by `identity`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.core.errors import Fault, FileRefused, Name
from inventory.core.words import N_, speaker
from inventory.exchange.limits import letters
from inventory.exchange.readers import CellFault, Reader, Text, normal
from inventory.exchange.reading import Row, Table
from inventory.exchange.sealing import FOREIGN, KEY_HEADING, Marking, TableSeal, about_faults, plain_cell

FAULTS_KEPT = 1_000
HEADING_ROWS = 20
ERROR_HEADING = N_("Error")


@dataclass(frozen=True)
class Column:
    """One column: `key` names its value, `heading` and `note` are msgids, `also` further headings that are accepted.

    `width` is in characters; a `hidden` column is written hidden into the template and may be hidden in the file.
    """

    key: str
    heading: str
    reader: Reader
    required: bool = False
    note: str = ""
    example: str | int = ""
    also: tuple[str, ...] = ()
    width: int = 14
    hidden: bool = False


MARK = Column("_mark", KEY_HEADING, Text(240), hidden=True, width=4)
"""The hidden column in tables that we give out filled in."""


@dataclass(frozen=True)
class Line:
    """One understood row: its number in the file and its values by column key; blank cells are None."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class TableKind:
    """A table that can be imported. `title` is a msgid; `unique` are the columns that together may stand only once.

    `check` looks at one line whose cells are all readable and returns what is wrong across them (row 0 is filled in).
    `identity` are the columns that say what a row is about (by default `unique`), `printed` those that must come back
    as they were given out (by default `identity`), `inputs` the only ones to be filled in; with `closed` every row of
    the file must be one that was given out.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    version: int = 1
    check: Callable[[Line], Iterable[Fault]] | None = None
    identity: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    closed: bool = False

    def identity_of(self, values: Mapping[str, Any]) -> str:
        """Return what a row is about, as its mark names it."""
        return "|".join(_plain(values.get(key)) for key in self.identity or self.unique)

    def printed_of(self, values: Mapping[str, Any]) -> list[str]:
        """Return the cells of a row that its mark covers."""
        return [plain_cell(values.get(key)) for key in self.printed or self.identity or self.unique]


@dataclass(frozen=True)
class Parsed:
    """A file understood: its lines, and its faults in the order of rows (the first 1,000; `fault_count` counts all)."""

    file_name: str
    sha256: str
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0
    titles: Mapping[str, str] = field(default_factory=dict)
    """The headings as they stand in this file, by column key: faults found later are told by them."""
    notes: tuple[Fault, ...] = ()
    """What is worth knowing and no reason to refuse: rows that were given out and are not in the file."""

    def title(self, key: str) -> str:
        """Return the heading in the file of the column with this key, the key where the file has no such column."""
        return self.titles.get(key, key)

    def refuse_faults(self) -> None:
        """Raise `FileRefused` when anything is wrong: all or nothing."""
        if self.fault_count:
            raise FileRefused(file=self.file_name, faults=self.faults, count=self.fault_count)


def heading_name(column: Column) -> Name:
    """Return the heading of a column in both languages."""
    return Name(zh=speaker("zh_CN")(column.heading), en=speaker("en")(column.heading))


def spellings(column: Column) -> set[str]:
    """Return every heading under which the column is found, normalised."""
    name = heading_name(column)
    return {normal(text) for text in (name.zh, name.en or "", column.heading, column.key, *column.also) if text}


def validate(table: Table, kind: TableKind, seal: TableSeal | None = None, task: str = "") -> Parsed:
    """Return the lines of a table and everything that is wrong with it.

    Nothing is raised for faults: the caller shows them, or calls `Parsed.refuse_faults`.

    Parameters
    ----------
    table, kind
        The file as it was read, and what it should be.
    seal
        That of this node: what the file says about itself and the marks of its rows are compared with it.
    task
        The document the table must belong to (the number of a count), if it was given out by us at all.
    """
    faults = _Faults()
    told = about_faults(table.meta, kind, seal, task)
    faults.extend(told)
    if any(fault.code in FOREIGN for fault in told):
        # Everything else that is wrong would follow from that, and would only hide it.
        return faults.result(table, (), {})
    faults.extend(Fault("further_sheet", facts={"sheet": name}) for name in table.further_sheets)
    heading = heading_row(table, kind)
    if heading is None:
        required = tuple(heading_name(column) for column in kind.columns if column.required)
        faults.add(Fault("no_headings", facts={"headings": required}))
        return faults.result(table, (), {})
    places, ignored = _places(heading, table, kind, faults)
    _tell_marks(table, heading, ignored, faults)
    reading = _Reading(kind, heading, places, ignored, faults)
    if seal is not None and table.meta.get("seal") and table.meta.get("rows", "0") != "0":
        if MARK in places.values():
            reading.marking = Marking(kind, seal, task)
        else:
            faults.add(Fault("marks_gone"))
    reading.marked = {(mark.row, mark.column) for mark in table.marks}
    lines = [reading.line(row) for row in table.rows if row.number > heading.number]
    kept = tuple(line for line in lines if line is not None)
    if not reading.seen_values:
        faults.add(Fault("no_rows"))
    titles = {column.key: column_title(heading, position) for position, column in places.items() if column != MARK}
    return faults.result(table, kept, titles, reading.notes(table))


class _Faults:
    """Collects faults; the first thousand are kept, all are counted."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.count = 0

    def add(self, fault: Fault) -> None:
        """Keep or count one fault."""
        self.count += 1
        if len(self.kept) < FAULTS_KEPT:
            self.kept.append(fault)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Keep or count several."""
        for fault in faults:
            self.add(fault)

    def result(
        self, table: Table, lines: tuple[Line, ...], titles: Mapping[str, str], notes: tuple[Fault, ...] = ()
    ) -> Parsed:
        """Return what came of the table."""
        ordered = tuple(sorted(self.kept, key=lambda fault: fault.row))
        return Parsed(table.file_name, table.sha256, lines, ordered, self.count, titles, notes)


def heading_row(table: Table, kind: TableKind) -> Row | None:
    """Return the row among the first 20 that names the most columns, at least half of the required ones."""
    known = [spellings(column) for column in kind.columns]
    required = sum(column.required for column in kind.columns)
    best: tuple[int, Row | None] = (0, None)
    for row in table.rows:
        if row.number > HEADING_ROWS:
            break
        texts = {heading_text(cell) for cell in row.cells if isinstance(cell, str)}
        found = sum(bool(texts & names) for names in known)
        if found > best[0] and found * 2 >= required:
            best = (found, row)
    return best[1]


def heading_text(cell: str) -> str:
    """Return a heading for comparing, without the star of a required column."""
    return normal(cell).rstrip("*").strip()


def _places(heading: Row, table: Table, kind: TableKind, faults: _Faults) -> tuple[dict[int, Column], set[int]]:
    """Return which position holds which column, and the positions to be passed over (the error column)."""
    places: dict[int, Column] = {}
    ignored: set[int] = set()
    errors = {normal(speaker(language)(ERROR_HEADING)) for language in ("zh_CN", "en")}
    known = {text: column for column in (MARK, *reversed(kind.columns)) for text in spellings(column)}
    for position, cell in enumerate(heading.cells):
        if cell is None:
            continue
        text = heading_text(str(cell))
        column = known.get(text)
        if column is None:
            if text in errors:
                ignored.add(position)
            else:
                faults.add(Fault("unknown_heading", heading.number, str(cell)[:40], {"text": str(cell)[:40]}))
        elif column in places.values():
            faults.add(Fault("heading_twice", heading.number, str(cell)[:40], {"text": str(cell)[:40]}))
        else:
            places[position] = column
            if position in table.hidden_columns and not column.hidden:
                faults.add(Fault("hidden_column", heading.number, str(cell)[:40], {"text": str(cell)[:40]}))
    for column in kind.columns:
        if column.required and column not in places.values():
            faults.add(Fault("missing_heading", heading.number, "", {"heading": heading_name(column)}))
    return places, ignored


def column_title(heading: Row, position: int) -> str:
    """Return the heading above a cell as it stands in the file (without its star), or the column's letters."""
    cell = heading.cells[position] if 0 <= position < len(heading.cells) else None
    return str(cell)[:40].rstrip("* ") if cell is not None else letters(position) if position >= 0 else ""


def _tell_marks(table: Table, heading: Row, ignored: set[int], faults: _Faults) -> None:
    """Turn the marks from the heading downwards into faults; what stands above it is only decoration."""
    for mark in table.marks:
        lowest = int(mark.facts.get("to_row", mark.row))
        if lowest < heading.number or mark.column in ignored:
            continue
        if mark.code == "merged_cells" and lowest == heading.number:
            continue
        facts = {key: value for key, value in mark.facts.items() if key != "to_row"}
        faults.add(Fault(mark.code, mark.row, column_title(heading, mark.column), facts))
    faults.count += table.marks_count - len(table.marks)


class _Reading:
    """Reads row after row of one file and remembers the keys it has seen."""

    def __init__(
        self,
        kind: TableKind,
        heading: Row,
        places: dict[int, Column],
        ignored: set[int],
        faults: _Faults,
    ) -> None:
        self.kind = kind
        self.heading = heading
        self.places = places
        self.ignored = ignored
        self.faults = faults
        self.seen: dict[tuple[Any, ...], int] = {}
        self.seen_values = False
        self.marked: set[tuple[int, int]] = set()
        self.marking: Marking | None = None
        self.titles = {position: column_title(heading, position) for position in places}
        self.bare = [cell is None and n not in ignored for n, cell in enumerate(heading.cells)]

    def line(self, row: Row) -> Line | None:
        """Return the understood row; None when it is blank or something in it is wrong."""
        if all(cell is None for position, cell in enumerate(row.cells) if position not in self.ignored):
            return None
        self.seen_values = True
        before = self.faults.count
        values = self.values(row)
        mark = values.pop(MARK.key, None)
        line = Line(row.number, values)
        if self.marking is not None:
            self.faults.extend(self.marking.faults(line, mark, readable=self.faults.count == before))
        if self.faults.count == before:
            self.check_unique(line)
        if self.faults.count == before and self.kind.check is not None:
            for fault in self.kind.check(line):
                self.faults.add(Fault(fault.code, row.number, self.title(fault.column), fault.facts))
        return line if self.faults.count == before else None

    def values(self, row: Row) -> dict[str, Any]:
        """Read every cell; what cannot be read becomes a fault and None."""
        values: dict[str, Any] = {column.key: None for column in self.kind.columns}
        cells = row.cells
        for position, column in self.places.items():
            cell = cells[position] if position < len(cells) else None
            if cell is None:
                # A formula or an error value without a result is told already; "missing" beside it would mislead.
                if column.required and (row.number, position) not in self.marked:
                    self.faults.add(Fault("missing_value", row.number, self.titles[position]))
                continue
            try:
                values[column.key] = column.reader(cell)
            except CellFault as fault:
                self.faults.add(Fault(fault.code, row.number, self.titles[position], fault.facts))
        for position, cell in enumerate(cells):
            bare = position >= len(self.bare) or self.bare[position]
            if bare and cell is not None and position not in self.ignored:
                self.faults.add(Fault("value_without_heading", row.number, letters(position)))
        return values

    def check_unique(self, line: Line) -> None:
        """Tell a row whose key stood before; codes that differ only in width or case are the same."""
        if not self.kind.unique:
            return
        key = tuple(_comparable(line.values[name]) for name in self.kind.unique)
        first = self.seen.setdefault(key, line.number)
        if first != line.number:
            self.faults.add(Fault("duplicate_row", line.number, "", {"first": first}))

    def notes(self, table: Table) -> tuple[Fault, ...]:
        """Return what is worth knowing: how many rows that were given out did not come back."""
        if self.marking is None:
            return ()
        missing = int(table.meta.get("rows", "0")) - len(self.marking.seen)
        return (Fault("rows_not_back", facts={"count": missing}),) if missing > 0 else ()

    def title(self, key: str) -> str:
        """Return the heading in the file of the column with this key, the text itself where there is none."""
        for position, column in self.places.items():
            if column.key == key:
                return column_title(self.heading, position)
        return key


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _comparable(value: Any) -> Any:
    return normal(value) if isinstance(value, str) else value
