"""Proof and safety: `verify` proves the books, `backup` and `restore` keep them."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy import select

from inventory.core.words import N_, fill
from inventory.core.work import SYSTEM, Work
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.errands.issued_files import damaged
from inventory.errands.sentences import FINDINGS
from inventory.ledger.verify import Violation as Damage
from inventory.ledger.verify import violations
from inventory.models import Paper
from inventory.people.queries import here
from inventory.upkeep import backup as make_backup
from inventory.upkeep import restore as bring_back


def verify(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Prove the whole database: sums, holds, rules, hash chain, and the files of SQLite themselves."""
    with terminal.store(unchecked=True) as store, store.reading(SYSTEM) as work:
        node = here(work)
        found = [
            {"code": one.code, "count": one.count, "example": one.example}
            for one in [*violations(work), *_damage(work), *_paper_damage(work)]
        ]
        entries = work.connection.exec_driver_sql("SELECT count(*), max(sequence) FROM journal").one()
        movements = work.connection.exec_driver_sql("SELECT count(*) FROM movement").scalar_one()
        head = work.connection.exec_driver_sql("SELECT head FROM node WHERE here").scalar_one()
    facts = {
        "sound": not found,
        "node": node.code,
        "entries": entries[0],
        "movements": movements,
        "head": bytes(head).hex(),
        "found": found,
    }
    if found:
        lines = [terminal.say(N_("The books do not prove themselves:"))]
        for one in found:
            told = fill(FINDINGS.get(str(one["code"]), N_("something that cannot be")), {}, terminal.language)
            lines.append(f"  {told} [{one['code']}] × {one['count']}: {one['example']}")
        lines.append(terminal.say(N_("Do not go on working on it: keep a copy, and restore the last sound backup.")))
        return Answer(facts, tuple(lines), problem=True)
    line = terminal.say(
        N_("The books are sound: %(entries)s entries, %(movements)s movements, chain head %(head)s."),
        entries=entries[0],
        movements=movements,
        head=facts["head"][:16],
    )
    return Answer(facts, (line,))


def _damage(work: Work) -> list[Damage]:
    """Ask SQLite to read its whole file; PostgreSQL keeps checksums of its own."""
    if work.on_postgresql:
        return []
    told = [str(row[0]) for row in work.connection.exec_driver_sql("PRAGMA integrity_check(10)")]
    broken = work.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(10)
    found = [] if told == ["ok"] else [Damage("file_damaged", len(told), told[0][:200])]
    return found + ([Damage("reference_missing", len(broken), str(tuple(broken[0])))] if broken else [])


def _paper_damage(work: Work) -> list[Damage]:
    """Look at the kept files of issued papers: a changed one is drawn again at the next print, and is told now."""
    columns = (Paper.sha256_pdf, Paper.sha256_pdf_en, Paper.sha256_pdf_both)
    sums = [bytes(one) for row in work.connection.execute(select(*columns)) for one in row if one is not None]
    found = damaged(work.env.home, sums)
    return [Damage("paper_file_damaged", len(found), found[0].name)] if found else []


def backup(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Write a backup while others go on working."""
    with terminal.store() as store:
        file = make_backup(store, Path(asked.file))
    size = file.stat().st_size
    lines = (
        terminal.say(N_("Backup written: %(file)s (%(size)s bytes)."), file=str(file), size=size),
        terminal.say(N_("Keep copies of the folders keys/ and papers/ beside it: neither is in the backup.")),
    )
    return Answer({"file": file, "bytes": size}, lines)


def restore(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Replace the database by a backup, after looking it over; what it replaces is kept."""
    report = bring_back(Path(asked.file), terminal.settings)
    facts = {"entries": report.entries, "replaced": report.replaced, "migrated": report.migrated}
    lines = [terminal.say(N_("Restored: %(entries)s entries, proven."), entries=report.entries)]
    if report.replaced:
        lines.append(terminal.say(N_("What was there before is kept in %(file)s."), file=str(report.replaced)))
    if report.migrated:
        lines.append(terminal.say(N_("The backup was made by an older program and was brought up to date.")))
    return Answer(facts, tuple(lines))


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=N_("the backup"))


ERRANDS = (
    Errand("verify", N_("Prove the books: every sum, hold, rule and link of the chain."), verify),
    Errand("backup", N_("Write a backup into a new file, while others go on working."), backup, _file),
    Errand("restore", N_("Replace the database by a backup, after proving it."), restore, _file),
)
