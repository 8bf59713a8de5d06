"""`bench NAME`: run a bench and print its rows beside what they should be."""

from __future__ import annotations

import argparse

from inventory.benches import NAMES, BenchRow, facts_of, rows_of
from inventory.core.words import N_
from inventory.errands.frame import Answer, Errand, Terminal, table


def bench(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Run one bench or all of them; exit code 1 when an aim is missed."""
    names = [asked.name] if asked.name else list(NAMES)
    rows: list[BenchRow] = []
    for name in names:
        terminal.note(terminal.say(N_("Measuring: %(name)s …"), name=name))
        rows += rows_of(name, quick=asked.quick, database=asked.database)
    missed = [row for row in rows if row.holds is False]
    for row in missed:
        terminal.note(terminal.say(N_("Missed: %(name)s (%(aim)s)"), name=row.name, aim=row.aim))
    heads = [
        terminal.say(text)
        for text in (N_("Measured"), N_("Value"), N_("Unit"), N_("Beside"), N_("Ratio"), N_("Aim"), N_("Met"))
    ]
    cells = [
        [
            row.name,
            f"{row.value:.4g}",
            row.unit,
            row.versus,
            "" if row.ratio is None else f"{row.ratio:.3g}",
            row.aim,
            "" if row.holds is None else terminal.tell(row.holds),
        ]
        for row in rows
    ]
    text = "\n".join(table(heads, cells)) + "\n"
    facts = {"bench": asked.name or "all", "rows": [facts_of(row) for row in rows]}
    return Answer(facts, problem=bool(missed), raw=text.encode())


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        nargs="?",
        choices=NAMES,
        help=N_("which bench, by default all"),
    )
    parser.add_argument("--quick", action="store_true", help=N_("small and short, only to see that it runs"))
    parser.add_argument(
        "--database", metavar="URL", help=N_("for the ledger: an empty database that may be filled and thrown away")
    )


ERRANDS = (Errand("bench", N_("Measure this machine: each number beside a plain rival."), bench, _arguments),)
