"""Files in and out: `import KIND FILE`, `export KIND FILE`, `template KIND FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from inventory.core.errors import FileRefused
from inventory.core.words import N_
from inventory.core.work import SYSTEM
from inventory.errands.deeds import Desk, desk
from inventory.errands.exports import EXPORTS, export_file, export_of, export_rows, file_format
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.errands.rules import UnknownKind
from inventory.exchange.columns import validate
from inventory.exchange.lists import LISTS
from inventory.exchange.reading import read_table
from inventory.exchange.stock_list import import_stock, review_stock, stock_import_id, stock_kind, stock_template
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT

IMPORTS = (*LISTS, "stock")
"""Kinds of table that can be brought in."""


def bring_in(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Take a table in, all or nothing; `--dry-run` only tells what it would do and everything that is wrong."""
    if asked.kind not in IMPORTS:
        raise UnknownKind(wanted=asked.kind[:40], known=IMPORTS)
    data = terminal.read_file(asked.file)
    name = ("stdin.xlsx" if data.startswith(b"PK") else "stdin.csv") if asked.file == "-" else Path(asked.file).name
    with desk(terminal, asked) as at:
        return _stock(at, asked, data, name) if asked.kind == "stock" else _list(at, asked, data, name)


def _list(at: Desk, asked: argparse.Namespace, data: bytes, name: str) -> Answer:
    """Take over one of the lists that set a district up; a list that says nothing new makes no entry."""
    kind = LISTS[asked.kind]
    parsed = validate(read_table(data, name), kind.table())
    review = at.ask(kind.review, parsed=parsed)
    if review.fault_count:
        raise FileRefused(file=name, faults=review.faults, count=review.fault_count)
    counts = {state: review.count(state) for state in ("new", "changed", "same")}
    facts: dict[str, Any] = {"kind": asked.kind, "file": name, "lines": len(review.wanted), **counts}
    if asked.dry_run:
        line = at.say(N_("Nothing is wrong; taken over would be: %(new)s new, %(changed)s changed."), **counts)
        return Answer(facts | {"dry_run": True}, (line,))
    if review.idle:
        at.ask(permit, command=kind.permission, at=DISTRICT)
        line = at.say(N_("All %(same)s lines stand in the database already; nothing was changed."), **counts)
        return Answer(facts | {"again": True}, (line,))
    done = at.do(kind.command, parsed=parsed)
    line = at.say(N_("Taken over: %(new)s new, %(changed)s changed, %(same)s the same as before."), **done.outcome)
    return at.answer(done, line, kind=asked.kind)


def _stock(at: Desk, asked: argparse.Namespace, data: bytes, name: str) -> Answer:
    parsed = validate(read_table(data, name), stock_kind())
    review = at.ask(review_stock, parsed=parsed)
    if review.fault_count and review.done_before is None:
        raise FileRefused(file=name, faults=review.faults, count=review.fault_count)
    facts: dict[str, Any] = {
        "kind": asked.kind,
        "file": name,
        "lines": len(review.goods),
        "done_before": review.done_before,
    }
    if asked.dry_run:
        line = at.say(N_("Nothing is wrong with %(lines)s lines; nothing was taken over yet."), lines=len(review.goods))
        return Answer(facts | {"dry_run": True}, (line,))
    id = stock_import_id(parsed)
    done = at.store.write(at.actor, lambda work: import_stock(work, id=id, parsed=parsed))
    line = at.say(
        N_("Taken over: %(lines)s lines, %(lots)s lots, %(bins)s new bins."),
        lines=done.outcome["lines"],
        lots=done.outcome["lots"],
        bins=done.outcome["bins"],
    )
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
    """Write the template of a table to fill in, with this district's codes to choose from."""
    if asked.kind not in IMPORTS:
        raise UnknownKind(wanted=asked.kind[:40], known=IMPORTS)
    with terminal.store() as store:
        made = LISTS[asked.kind].template if asked.kind in LISTS else stock_template
        data = store.read(SYSTEM, lambda work: made(work, language=terminal.language))
    if asked.file == "-":
        return Answer({"kind": asked.kind}, raw=data)
    terminal.write_file(asked.file, data)
    facts = {"kind": asked.kind, "file": asked.file, "bytes": len(data)}
    return Answer(facts, (terminal.say(N_("Written: %(file)s"), file=asked.file),))


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(IMPORTS))
    parser.add_argument("file", metavar="FILE", help=N_("an .xlsx or .csv file, - for standard input"))
    parser.add_argument("--dry-run", action="store_true", help=N_("tell all problems, take nothing over"))


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(EXPORTS))
    parser.add_argument("file", metavar="FILE", help=N_("where to write, .xlsx or .csv; - for standard output"))


def _template_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(IMPORTS))
    parser.add_argument("file", metavar="FILE", help=N_("where to write, .xlsx; - for standard output"))


ERRANDS = (
    Errand("import", N_("Take a table in: all problems at once, all or nothing."), bring_in, _import_arguments, True),
    Errand("export", N_("Write a table as .xlsx, .csv or JSON."), export, _export_arguments),
    Errand("template", N_("Write the template of a table to fill in."), template, _template_arguments),
)
