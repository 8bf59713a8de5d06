"""Whatever can be taken over from a spreadsheet: one mechanism, from the template to the entry of the journal.

A line is found by its code: a code that is not there yet is new, one that is there is changed to what the line says or
is the same already. A column that the file does not have is left as it is; a blank cell under a heading empties the
field. Every problem is told at once, and a list is one entry of the journal, all or nothing. The template can be had
blank, or filled with what stands in the database: taken over again unchanged, that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update

from inventory.catalogue.queries import terms
from inventory.core.errors import Fault, FileRefused, Name
from inventory.core.words import choose, speaker
from inventory.core.work import Work
from inventory.exchange.columns import FAULTS_KEPT, Column, Line, Parsed, TableKind, validate
from inventory.exchange.readers import Choice, normal
from inventory.exchange.reading import read_table
from inventory.exchange.sealing import TableSeal
from inventory.exchange.writing import filled_csv, template
from inventory.models import Journal
from inventory.people.journal import Deed, Done
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT, At

LIST_ROWS_MAX = 2_000
"""Lines of one list: it is one entry and must not keep other writers waiting for long."""


@dataclass(frozen=True)
class Wanted:
    """What a line asks for: the id of its row (made here for a new one) and the columns to set.

    `state` is "new", "changed" or "same"; `bins` are codes of bins to open, for sites only; `changes` are the columns
    that a known row changes, with what stands there now.
    """

    line: Line
    id: UUID
    state: str
    columns: dict[str, Any]
    bins: tuple[str, ...] = ()
    changes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class ListReview:
    """What taking a list over would do, with everything that is wrong; nothing is written.

    `done_before` is the entry of this very file, for lists that count once; `notes` are worth knowing and no fault.
    """

    wanted: tuple[Wanted, ...]
    faults: tuple[Fault, ...]
    fault_count: int
    notes: tuple[Fault, ...] = ()
    done_before: UUID | None = None

    def count(self, state: str) -> int:
        """Return how many lines are "new", "changed" or "same"."""
        return sum(one.state == state for one in self.wanted)

    @property
    def idle(self) -> bool:
        """Whether taking the list over would change nothing."""
        if self.done_before is not None:
            return True
        return self.fault_count == 0 and self.count("same") == len(self.wanted)


class Problems:
    """Collects what is wrong with a list, after what is wrong with its file; columns are told as in the file."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.kept = list(parsed.faults)
        self.count = parsed.fault_count

    def add(self, code: str, line: Line | None, column: str = "", /, **facts: Any) -> None:
        """Keep or count one fault of a line, of its column with this key."""
        self.count += 1
        if len(self.kept) < FAULTS_KEPT:
            row = line.number if line else 0
            self.kept.append(Fault(code, row, self.parsed.title(column) if column else "", facts))

    def ordered(self) -> tuple[Fault, ...]:
        """Return the faults by row."""
        return tuple(sorted(self.kept, key=lambda fault: fault.row))


Understand = Callable[[Work, Parsed, Problems], list[Wanted]]
Choices = Callable[[Work, str], Mapping[str, Sequence[str]]]
Rows = list[dict[str, Any]]


def _whole_district(work: Work, parsed: Parsed) -> list[At]:
    return [DISTRICT]


@dataclass(frozen=True)
class ListKind:
    """A list that can be taken over.

    Parameters
    ----------
    table
        Its columns.
    choices
        What may be chosen in its template, by column, in a language.
    understand
        What its lines mean here.
    command
        What takes it over; its row in the table of permissions says who may.
    rows
        What stands in the database now, as stored values by column key; None for lists that only add.
    acts_at
        Where taking it over acts; by default in the district as a whole.
    entry_id
        The id of the entry of a file, for lists of which the same file counts once; else every entry has its own.
    attributes
        Which columns of the row a column of the list sets, where that is not the one of its name.
    """

    table: Callable[[], TableKind]
    choices: Choices
    understand: Understand
    command: Callable[..., Done]
    rows: Callable[[Work], Rows] | None = None
    acts_at: Callable[[Work, Parsed], Sequence[At]] = _whole_district
    entry_id: Callable[[Parsed], UUID] | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column_of(self, attribute: str) -> Column | None:
        """Return the column of the list that sets a column of the row, None where that is done by the way."""
        for column in self.table().columns:
            if attribute == column.key or attribute == next(iter(self.attributes.get(column.key, ())), None):
                return column
        return None

    @property
    def key(self) -> str:
        """The word by which people name it: "divisions"."""
        return self.table().key

    @property
    def title(self) -> str:
        """Its name for people, a msgid."""
        return self.table().title

    @property
    def permission(self) -> str:
        """The command whose row in the table of permissions says who may."""
        return self.command.__name__

    def read(self, data: bytes, file_name: str, seal: TableSeal | None = None) -> Parsed:
        """Return a file as this list, with all that is wrong in the file itself.

        Raises
        ------
        FileRefused
            When it cannot be read at all.
        """
        return validate(read_table(data, file_name), self.table(), seal)

    def review(self, work: Work, *, parsed: Parsed) -> ListReview:
        """Return what the lines mean here, with all that is wrong; nothing is written."""
        found = review_list(work, parsed, self.understand)
        if self.entry_id is None:
            return found
        entry = select(Journal.id).where(Journal.id == self.entry_id(parsed))
        return replace(found, done_before=work.connection.scalar(entry))

    def permit(self, work: Work, *, parsed: Parsed) -> None:
        """Refuse whoever may not take this file over.

        Raises
        ------
        NotPermitted
        """
        for place in self.acts_at(work, parsed):
            permit(work, self.permission, place)

    def template(self, work: Work, *, language: str, seal: TableSeal | None = None, filled: bool = False) -> bytes:
        """Return the template with this district's codes to choose from, blank or filled with what there is."""
        choices = {key: values for key, values in self.choices(work, language).items() if values}
        rows = self.rows(work) if filled and self.rows is not None else ()
        return template(self.table(), language, choices, seal=seal, rows=rows)

    def as_csv(self, work: Work, *, language: str) -> bytes:
        """Return the table as it stands, as CSV."""
        return filled_csv(self.table(), language, self.rows(work) if self.rows is not None else ())


def options(pairs: Iterable[tuple[str, str]]) -> Choice:
    """Return a closed list from codes and msgids, with the names in both languages."""
    return Choice(tuple((key, Name(speaker("zh_CN")(msgid), speaker("en")(msgid))) for key, msgid in pairs))


def review_list(work: Work, parsed: Parsed, understand: Understand) -> ListReview:
    """Return what a list means here, with all that is wrong."""
    faults = Problems(parsed)
    short = len(parsed.lines) <= LIST_ROWS_MAX
    if not short:
        faults.add("too_many_lines", None, count=len(parsed.lines), limit=LIST_ROWS_MAX)
    # A list that is too long is looked through all the same: every problem is told before it is split.
    wanted = understand(work, parsed, faults) if short or not work.writing else []
    return ListReview(tuple(wanted), faults.ordered(), faults.count, parsed.notes)


def understood(work: Work, parsed: Parsed, understand: Understand) -> list[Wanted]:
    """Return what a list asks for.

    Raises
    ------
    FileRefused
        With every fault.
    """
    review = review_list(work, parsed, understand)
    if review.fault_count:
        raise FileRefused(file=parsed.file_name, faults=review.faults, count=review.fault_count)
    return list(review.wanted)


def asked_of(parsed: Parsed) -> dict[str, Any]:
    """Return a list as the journal keeps it: the hash of its file and its lines, in the words of the file."""
    rows = [
        {"row": line.number, **{key: value for key, value in line.values.items() if value is not None}}
        for line in parsed.lines
    ]
    return {"file": parsed.sha256, "columns": sorted(parsed.titles), "rows": rows}


def outcome_of(parsed: Parsed, wanted: Sequence[Wanted], **further: int) -> dict[str, Any]:
    """Return the outcome of a list: its file, its lines, and how many were new, changed and the same."""
    counts = {state: sum(one.state == state for one in wanted) for state in ("new", "changed", "same")}
    return {"file": parsed.file_name, "lines": len(wanted), **counts, **further}


@dataclass
class Known:
    """The rows of a table by their code, and the ids of the lines of a file, of new ones too."""

    rows: dict[str, Any]
    ids: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    def read(cls, work: Work, table: type[Any], lines: Sequence[Line] = (), query: Select[Any] | None = None) -> Known:
        """Read a table, locked when lines of it are to be written, and give every new line an id.

        `query` selects its rows where they are not simply all of it.
        """
        query = select(table.__table__) if query is None else query
        query = query.order_by(table.code)
        if work.writing and lines:
            query = query.with_for_update()
        known = cls({normal(row.code): row for row in work.connection.execute(query)})
        known.ids = {code: row.id for code, row in known.rows.items()}
        for line in lines:
            known.ids.setdefault(normal(line.values["code"]), work.env.new_id())
        return known

    def row(self, line: Line) -> Any | None:
        """Return the row that a line is about, None for a new one."""
        return self.rows.get(normal(line.values["code"]))

    def wanted(self, line: Line, columns: dict[str, Any], present: frozenset[str]) -> Wanted:
        """Return what a line asks for; of a row that is there only the columns `present` in the file are set."""
        row, id = self.row(line), self.ids[normal(line.values["code"])]
        if row is None:
            return Wanted(line, id, "new", columns)
        kept = {name: value for name, value in columns.items() if name in present and name != "code"}
        return known_row(line, id, kept, row)


def known_row(line: Line, id: UUID, columns: dict[str, Any], row: Any, *, beside: tuple[str, ...] = ()) -> Wanted:
    """Return what a line asks of a row that is there; columns `beside` the point are set, but change nothing alone."""
    changes = tuple(
        (name, getattr(row, name))
        for name, value in columns.items()
        if name not in beside and getattr(row, name) != value
    )
    return Wanted(line, id, "changed" if changes else "same", columns, changes=changes)


def write(work: Work, deed: Deed, table: type[Any], wanted: Sequence[Wanted], **of_new: Any) -> None:
    """Write the rows that are new or changed, what stands above before what stands below."""
    pending = [one for one in wanted if one.state == "new"]
    while pending:
        waiting = {one.id for one in pending}
        ready = [one for one in pending if one.columns.get("parent_id") not in waiting]
        rows = [{"id": one.id, **of_new, **one.columns, "changed_by_id": deed.id} for one in ready]
        work.connection.execute(insert(table), rows)
        done = {one.id for one in ready}
        pending = [one for one in pending if one.id not in done]
    for one in wanted:
        if one.state == "changed" and one.columns:
            work.connection.execute(
                update(table).where(table.id == one.id).values(one.columns | {"changed_by_id": deed.id})
            )


def present(parsed: Parsed, attributes: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Return the attributes that the columns of a file set; a column that is not named sets the one of its key."""
    found: set[str] = set()
    for key in parsed.titles:
        found |= set(attributes.get(key, (key,)))
    return frozenset(found)


def codes(work: Work, table: type[Any]) -> list[str]:
    """Return the codes of a table, to choose from in a template."""
    return list(work.connection.scalars(select(table.code).order_by(table.code)))


def not_there(known: Known, code: str | None) -> bool:
    """Return whether a code is given that neither the database nor the file knows."""
    return code is not None and normal(code) not in known.ids


def id_of(known: Known, code: str | None) -> UUID | None:
    """Return the id of a code, None where none is given or it is unknown."""
    return None if code is None else known.ids.get(normal(code))


def code_columns(work: Work, table: type[Any]) -> dict[UUID, str]:
    """Return the codes of a table by id, to write a list out."""
    return {row.id: row.code for row in work.connection.execute(select(table.id, table.code))}


class Terms:
    """An open list of the district (units, kinds of device) by every spelling that means only one of its codes."""

    def __init__(self, work: Work, kind: str) -> None:
        self.found = terms(work, kind=kind)
        spelled: dict[str, set[str]] = {}
        for term in self.found:
            for text in (term.code, term.name.zh, term.name.en or ""):
                if text:
                    spelled.setdefault(normal(text), set()).add(term.code)
        self.codes = {text: next(iter(codes)) for text, codes in spelled.items() if len(codes) == 1}
        # A code means itself, even where it is the name of another.
        self.codes |= {normal(term.code): term.code for term in self.found}

    def code(self, text: str | None) -> str | None:
        """Return the code of a spelling, None where there is none or it means several."""
        return None if text is None else self.codes.get(normal(text))

    def name(self, code: str) -> Name:
        """Return the name of a code, spelled so that `code` finds it again."""
        term = next((one for one in self.found if one.code == code), None)
        if term is None:
            return Name(code, code)
        zh, en = (
            text if text and self.code(text) == code else code for text in (term.name.zh, term.name.en or term.name.zh)
        )
        return Name(zh, en)

    def names(self, language: str) -> list[str]:
        """Return all names in a language, to choose from."""
        return [choose(self.name(term.code), language) for term in self.found]
