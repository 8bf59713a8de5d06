"""Labels and registers from a terminal: `labels` and `register`, printed at once from what the database says now."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from uuid import UUID

from inventory.core.words import N_
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.documents.data.labels import SIZES, LabelsPaper
from inventory.errands.facts_labels import (
    LabelStock,
    asset_labels,
    bin_labels,
    kit_labels,
    lot_labels,
    lot_labels_of_entry,
)
from inventory.errands.finding import find
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.errands.prints_at_once import AtOnce, labels_pdf, register_pdf
from inventory.ledger.queries import StockFilter
from inventory.people.accounts import actor_of

LABELS = ("lots", "bins", "devices", "kits")
REGISTERS = {"stock": "stock_register", "teams": "team_register", "devices": "device_register"}
"""What `register` prints -> its kind."""


def labels(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print labels."""
    with terminal.store() as store:
        site_id = find(store, "site", asked.site) if asked.site else None
        gather = _gather(asked, site_id)
        made = labels_pdf(store, _printer(store, asked.login), gather=gather, language=terminal.language)
    return _answer(terminal, asked, made, f"{asked.what} labels")


def _gather(asked: argparse.Namespace, site_id: UUID | None) -> Callable[[Work], LabelsPaper]:
    on = LabelStock(asked.size, asked.start, asked.copies)
    entry_id: UUID | None = asked.entry
    if asked.what == "bins":
        return lambda work: bin_labels(work, site_id=site_id, on=on)
    if asked.what == "devices":
        return lambda work: asset_labels(work, site_id=site_id, on=on)
    if asked.what == "kits":
        return lambda work: kit_labels(work, site_id=site_id, on=on)
    if entry_id is not None:
        return lambda work: lot_labels_of_entry(work, entry_id=entry_id, on=on)
    wanted = StockFilter(search=asked.find or "", site_id=site_id)
    return lambda work: lot_labels(work, wanted=wanted, on=on)


def register(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print a register."""
    with terminal.store() as store:
        site_id = find(store, "site", asked.site) if asked.site else None
        made = register_pdf(
            store,
            _printer(store, asked.login),
            kind=REGISTERS[asked.what],
            site_id=site_id,
            language=terminal.language,
        )
    return _answer(terminal, asked, made, f"{asked.what} register")


def _printer(store: Store, login: str | None) -> Actor:
    """Return who prints: the account of `--as`, else the program itself, which whoever opens the database may be."""
    return actor_of(store, login, via="cli") if login else SYSTEM


def _answer(terminal: Terminal, asked: argparse.Namespace, made: AtOnce, what: str) -> Answer:
    facts = {"printed": what, "number": made.number, "pages": made.pages, "missing": list(made.missing)}
    lines = []
    if made.missing:
        points = " ".join(made.missing)
        lines.append(terminal.say(N_("Characters that no font has are printed as \u3013: %(points)s"), points=points))
    if asked.pdf == "-":
        for line in lines:
            terminal.note(line)
        return Answer(facts, raw=made.pdf)
    terminal.write_file(asked.pdf, made.pdf)
    written = terminal.say(N_("Written: %(file)s, %(pages)s pages"), file=asked.pdf, pages=made.pages)
    return Answer(facts | {"file": asked.pdf, "bytes": len(made.pdf)}, (written, *lines))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", metavar="CODE", help=N_("only of this site; without it the whole district"))
    parser.add_argument(
        "--pdf", metavar="FILE", required=True, help=N_("print it into this file, - for standard output")
    )
    parser.add_argument("--as", dest="login", metavar="LOGIN", help=N_("who prints; noted in the access log"))


def _labels_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=LABELS, help=N_("what is labelled"))
    parser.add_argument("--find", metavar="TEXT", help=N_("lots: only those a search on the stock page would find"))
    parser.add_argument(
        "--entry", type=UUID, metavar="ID", help=N_("lots: those that this entry took in, with the quantity that came")
    )
    parser.add_argument(
        "--size",
        choices=tuple(SIZES),
        default="24",
        help=N_("size of label; 24 and 8 are A4 sheets, the others label printers"),
    )
    parser.add_argument(
        "--start", type=int, default=1, metavar="N", help=N_("first free label of the sheet, 1 by default")
    )
    parser.add_argument("--copies", type=int, default=1, metavar="N", help=N_("copies of each, 1 by default"))
    _common(parser)


def _register_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=tuple(REGISTERS), help=N_("which register"))
    _common(parser)


ERRANDS = (
    Errand("labels", N_("Print labels of lots, bins, devices or kits."), labels, _labels_arguments),
    Errand("register", N_("Print the register of stock, teams or devices as of now."), register, _register_arguments),
)
