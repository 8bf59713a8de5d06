"""Tables that go out and come back, at the edge: the seal of this node, and the copy that tells the problems."""

from __future__ import annotations

import argparse
from pathlib import Path

from inventory.core.errors import Fault
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.documents.sign import load_key
from inventory.errands.frame import Terminal
from inventory.errands.rules import UnknownKind
from inventory.exchange.columns import TableKind
from inventory.exchange.correcting import faults_copy
from inventory.exchange.sealing import TableSeal, seal_for
from inventory.people.queries import here


def seal_of(work: Work) -> TableSeal:
    """Return the seal by which this node knows its own tables again.

    Raises
    ------
    KeyUnusable
    """
    node = here(work)
    return seal_for(node.code, node.name, load_key(work.env.home).secret)


def name_of(given: str, data: bytes) -> str:
    """Return the name of a file that was given on a terminal; standard input is named by its first bytes."""
    if given != "-":
        return Path(given).name
    return "stdin.xlsx" if data.startswith(b"PK") else "stdin.csv"


def errors_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--errors FILE`."""
    words = N_("if anything is wrong, write a copy of the file there that tells it in a column")
    parser.add_argument("--errors", metavar="FILE", help=words)


def check_errors_name(asked: argparse.Namespace, name: str) -> None:
    """Refuse a name for the copy that does not end as the file itself does.

    Raises
    ------
    UnknownKind
    """
    ending = Path(name).suffix.lower()
    if asked.errors and Path(asked.errors).suffix.lower() != ending:
        raise UnknownKind(wanted=asked.errors[-40:], known=(ending or name,))


def write_errors(
    terminal: Terminal, asked: argparse.Namespace, data: bytes, name: str, kind: TableKind, faults: tuple[Fault, ...]
) -> None:
    """Write the copy of a file that tells its problems, where one was asked for.

    Raises
    ------
    FileUnwritable
    """
    if asked.errors:
        terminal.write_file(asked.errors, faults_copy(data, name, kind, faults, terminal.language))
        terminal.note(terminal.say(N_("A copy that tells the problems: %(file)s"), file=asked.errors))
