"""Files in and out: `import KIND FILE`, `export KIND FILE`, `template KIND FILE`."""

from __future__ import annotations

import argparse
from typing import Any

from inventory.core.errors import FileRefused
from inventory.core.words import N_
from inventory.core.work import SYSTEM, Work
from inventory.errands.deeds import Desk, desk
from inventory.errands.exports import EXPORTS, export_file, export_of, export_rows, file_format
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.errands.rules import UnknownKind
from inventory.errands.sheets import check_errors_name, errors_argument, name_of, seal_of, write_errors
from inventory.exchange.columns import Parsed
from inventory.exchange.lists import LISTS
from inventory.exchange.sentences import fault_line
from inventory.exchange.taking import ListKind, ListReview

IMPORTS = tuple(LISTS)
"""Kinds of table that can be brought in."""


def _kind(name: str) -> ListKind:
    if name not in LISTS:
        raise UnknownKind(wanted=name[:40], known=IMPORTS)
    return LISTS[name]


def bring_in(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Take a table in, all or nothing; `--dry-run` only tells what it would do and everything that is wrong."""
    kind = _kind(asked.kind)
    data = terminal.read_file(asked.file)
    name = name_of(asked.file, data)
    check_errors_name(asked, name)
    with desk(terminal, asked) as at:
        parsed = kind.read(data, name, at.ask(seal_of))
        review = at.ask(kind.review, parsed=parsed)
        if review.fault_count and review.done_before is None:
            write_errors(terminal, asked, data, name, kind.table(), review.faults)
            raise FileRefused(file=name, faults=review.faults, count=review.fault_count)
        for note in review.notes:
            terminal.note(fault_line(note, terminal.language))
        return _take(at, asked, kind, parsed, review)


def _take(at: Desk, asked: argparse.Namespace, kind: ListKind, parsed: Parsed, review: ListReview) -> Answer:
    """Take over a file without faults; a list that says nothing new makes no entry."""
    counts = {state: review.count(state) for state in ("new", "changed", "same")}
    facts: dict[str, Any] = {"kind": asked.kind, "file": parsed.file_name, "lines": len(parsed.lines), **counts}
    if kind.entry_id is not None:
        facts["done_before"] = review.done_before
    if asked.dry_run:
        line = at.say(N_("Nothing is wrong; taken over would be: %(new)s new, %(changed)s changed."), **counts)
        return Answer(facts | {"dry_run": True}, (line,))
    if review.idle and kind.entry_id is None:
        at.ask(kind.permit, parsed=parsed)
        line = at.say(N_("All %(same)s lines stand in the database already; nothing was changed."), **counts)
        return Answer(facts | {"again": True}, (line,))
    if kind.entry_id is None:
        done = at.do(kind.command, parsed=parsed)
        line = at.say(N_("Taken over: %(new)s new, %(changed)s changed, %(same)s the same as before."), **done.outcome)
        return at.answer(done, line, kind=asked.kind)
    id = kind.entry_id(parsed)
    done = at.store.write(at.actor, lambda work: kind.command(work, id=id, parsed=parsed))
    line = at.say(N_("Taken over: %(lines)s lines, %(lots)s lots, %(bins)s new bins."), **done.outcome)
    if done.again:
        line = at.say(N_("This file was taken over before; nothing was changed."))
    return Answer(facts | {"id": done.id, "again": done.again, **done.outcome}, (line,))


def export(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Write a table."""
    export_of(asked.kind)
    with terminal.store() as store:
        if asked.file == "-" and terminal.wants_json:
            rows = store.read(SYSTEM, lambda work: export_rows(work, asked.kind))
            return Answer({"kind": asked.kind, "rows": rows})
        wanted = file_format(asked.file)
        data = store.read(
            SYSTEM, lambda work: export_file(work, asked.kind, language=terminal.language, file_format=wanted)
        )
    if asked.file == "-":
        return Answer(raw=data)
    terminal.write_file(asked.file, data)
    facts = {"kind": asked.kind, "file": asked.file, "bytes": len(data)}
    return Answer(facts, (terminal.say(N_("Written: %(file)s"), file=asked.file),))


def template(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Write the template of a table to fill in; `--filled` with what stands in the database, to be changed there."""
    kind = _kind(asked.kind)
    if asked.filled and kind.rows is None:
        raise UnknownKind(wanted=asked.kind, known=tuple(key for key, one in LISTS.items() if one.rows is not None))
    as_csv = asked.filled and asked.file != "-" and file_format(asked.file) == "csv"

    def made(work: Work) -> bytes:
        if as_csv:
            return kind.as_csv(work, language=terminal.language)
        return kind.template(work, language=terminal.language, seal=seal_of(work), filled=asked.filled)

    with terminal.store() as store:
        data = store.read(SYSTEM, made)
    if asked.file == "-":
        return Answer({"kind": asked.kind}, raw=data)
    terminal.write_file(asked.file, data)
    facts = {"kind": asked.kind, "file": asked.file, "bytes": len(data)}
    return Answer(facts, (terminal.say(N_("Written: %(file)s"), file=asked.file),))


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(IMPORTS))
    parser.add_argument("file", metavar="FILE", help=N_("an .xlsx or .csv file, - for standard input"))
    parser.add_argument("--dry-run", action="store_true", help=N_("tell all problems, take nothing over"))
    errors_argument(parser)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(EXPORTS))
    parser.add_argument("file", metavar="FILE", help=N_("where to write, .xlsx or .csv; - for standard output"))


def _template_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(IMPORTS))
    parser.add_argument("file", metavar="FILE", help=N_("where to write, .xlsx; - for standard output"))
    parser.add_argument(
        "--filled", action="store_true", help=N_("with what stands in the database now, to be changed (.xlsx or .csv)")
    )


ERRANDS = (
    Errand("import", N_("Take a table in: all problems at once, all or nothing."), bring_in, _import_arguments, True),
    Errand("export", N_("Write a table as .xlsx, .csv or JSON."), export, _export_arguments),
    Errand("template", N_("Write the template of a table to fill in."), template, _template_arguments),
)
