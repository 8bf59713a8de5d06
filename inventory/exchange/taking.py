"""Lists that set a district up (divisions, organisations, sites, targets): one mechanism to take them over.

A line is found by its code: a code that is not there yet is new, one that is there is changed to what the line says or
is the same already. A column that the file does not have is left as it is; a blank cell under a heading empties the
field. Every problem is told at once, and a list is one entry of the journal, all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from inventory.core.errors import Fault, FileRefused, Name
from inventory.core.words import speaker
from inventory.core.work import Work
from inventory.exchange.columns import FAULTS_KEPT, Line, Parsed, TableKind
from inventory.exchange.readers import Choice, normal
from inventory.exchange.writing import template
from inventory.people.journal import Deed, Done

LIST_ROWS_MAX = 2_000
"""Lines of one list: it is one entry and must not keep other writers waiting for long."""


@dataclass(frozen=True)
class Wanted:
    """What a line asks for: the id of its row (made here for a new one) and the columns to set.

    `state` is "new", "changed" or "same"; `bins` are codes of bins to open, for sites only.
    """

    line: Line
    id: UUID
    state: str
    columns: dict[str, Any]
    bins: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListReview:
    """What taking a list over would do, with everything that is wrong; nothing is written."""

    wanted: tuple[Wanted, ...]
    faults: tuple[Fault, ...]
    fault_count: int

    def count(self, state: str) -> int:
        """Return how many lines are "new", "changed" or "same"."""
        return sum(one.state == state for one in self.wanted)

    @property
    def idle(self) -> bool:
        """Whether every line stands in the database already."""
        return self.fault_count == 0 and self.count("same") == len(self.wanted)


class Problems:
    """Collects what is wrong with a list, after what is wrong with its file; columns are told as in the file."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.kept = list(parsed.faults)
        self.count = parsed.fault_count

    def add(self, code: str, line: Line | None, column: str = "", **facts: Any) -> None:
        """Keep or count one fault of a line, of its column with this key."""
        self.count += 1
        if len(self.kept) < FAULTS_KEPT:
            row = line.number if line else 0
            self.kept.append(Fault(code, row, self.parsed.title(column) if column else "", facts))

    def ordered(self) -> tuple[Fault, ...]:
        """Return the faults by row."""
        return tuple(sorted(self.kept, key=lambda fault: fault.row))


Understand = Callable[[Work, Parsed, Problems], list[Wanted]]


@dataclass(frozen=True)
class ListKind:
    """A list that can be taken over: its table, what may be chosen in its template, its meaning, its command."""

    table: Callable[[], TableKind]
    choices: Callable[[Work], Mapping[str, Sequence[str]]]
    understand: Understand
    command: Callable[..., Done]

    @property
    def key(self) -> str:
        """The word by which people name it: "divisions"."""
        return self.table().key

    @property
    def permission(self) -> str:
        """The command whose row in the table of permissions says who may."""
        return self.command.__name__

    def review(self, work: Work, *, parsed: Parsed) -> ListReview:
        """Return what the lines mean here, with all that is wrong; nothing is written."""
        return review_list(work, parsed, self.understand)

    def template(self, work: Work, *, language: str) -> bytes:
        """Return the template with this district's codes to choose from."""
        choices = {key: values for key, values in self.choices(work).items() if values}
        return template(self.table(), language, choices)


def options(pairs: Iterable[tuple[str, str]]) -> Choice:
    """Return a closed list from codes and msgids, with the names in both languages."""
    return Choice(tuple((key, Name(speaker("zh_CN")(msgid), speaker("en")(msgid))) for key, msgid in pairs))


def review_list(work: Work, parsed: Parsed, understand: Understand) -> ListReview:
    """Return what a list means here, with all that is wrong."""
    faults = Problems(parsed)
    if len(parsed.lines) > LIST_ROWS_MAX:
        faults.add("too_many_lines", None, count=len(parsed.lines), limit=LIST_ROWS_MAX)
        return ListReview((), faults.ordered(), faults.count)
    wanted = understand(work, parsed, faults)
    return ListReview(tuple(wanted), faults.ordered(), faults.count)


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
    def read(cls, work: Work, table: type[Any], lines: Sequence[Line] = ()) -> Known:
        """Read a table, locked when lines of it are to be written, and give every new line an id."""
        query = select(table.__table__).order_by(table.code)
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
        same = all(getattr(row, name) == value for name, value in kept.items())
        return Wanted(line, id, "same" if same else "changed", kept)


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
