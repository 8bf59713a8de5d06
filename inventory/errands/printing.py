"""Papers from a terminal: `order` shows or prints an order, `paper` prints any, `verify-paper` checks a QR text."""

from __future__ import annotations

import argparse
from typing import Any

from inventory.core.words import N_
from inventory.core.work import SYSTEM, Actor, Store
from inventory.dispatch import queries as dispatch
from inventory.documents import sampling
from inventory.documents.press import KIND_OF_MARK, PRESSES, printed
from inventory.documents.sign import Altered, Genuine, UnknownKey, trusted_keys, verify_text
from inventory.errands.finding import find
from inventory.errands.frame import Answer, Errand, Terminal, table
from inventory.errands.papers import paper_pdf
from inventory.people.accounts import actor_of

PAPERS = {
    "pick-list": ("pick_list", "order"),
    "receipt": ("receipt", "shipment"),
    "count-sheet": ("count_sheet", "count"),
}
"""What `paper` prints -> its kind, and the kind of document it belongs to."""


def _printer(store: Store, login: str | None) -> Actor:
    """Return who prints: the account of `--as`, else the program itself, which whoever opens the database may be."""
    return actor_of(store, login, via="cli") if login else SYSTEM


def order(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Show an order, or print it."""
    with terminal.store() as store:
        order_id = find(store, "order", asked.number)
        if asked.pdf:
            return _print(terminal, store, asked.login, "dispatch_order", order_id, asked.pdf)
        with store.reading(SYSTEM) as work:
            row = dispatch.order(work, order_id=order_id)
            lines = dispatch.order_lines(work, order_id=order_id)
            sources = dispatch.order_sources(work, order_id=order_id)
    facts: dict[str, Any] = {
        key: getattr(row, key)
        for key in ("number", "state", "incident", "from_site", "to_site", "issued_at", "due_at", "revision")
    }
    facts["lines"] = [
        {
            "item_code": line.item_code,
            "item": line.item,
            "quantity": line.quantity,
            "shipped": line.shipped,
            "received": line.received,
            "sources": [
                {"lot": one.lot, "place": one.place, "quantity": one.quantity, "expires_on": one.expires_on}
                for one in sources
                if one.order_line_id == line.id
            ],
        }
        for line in lines
    ]
    head = terminal.say(
        N_("Order %(number)s: %(origin)s to %(target)s, %(state)s."),
        number=row.number,
        origin=row.from_site,
        target=row.to_site,
        state=terminal.state("order", row.state),
    )
    heads = [terminal.say(text) for text in (N_("Item"), N_("Quantity"), N_("Shipped"), N_("Received"))]
    cells = [[terminal.name(one.item), *map(terminal.tell, (one.quantity, one.shipped, one.received))] for one in lines]
    return Answer(facts, (head, *table(heads, cells)))


def paper(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print a pick list, a hand-over receipt or a count sheet."""
    kind, of = PAPERS[asked.what]
    with terminal.store() as store:
        return _print(terminal, store, asked.login, kind, find(store, of, asked.number), asked.pdf)


def _print(terminal: Terminal, store: Store, login: str | None, kind: str, subject_id: Any, file: str) -> Answer:
    """Write a paper as PDF."""
    data = paper_pdf(store, _printer(store, login), kind=kind, subject_id=subject_id, language=terminal.language)
    if file == "-":
        return Answer({"paper": kind, "bytes": len(data)}, raw=data)
    terminal.write_file(file, data)
    line = terminal.say(N_("Written: %(file)s"), file=file)
    return Answer({"paper": kind, "file": file, "bytes": len(data)}, (line,))


def verify_paper(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Check the text of a paper's QR code against the keys in the data folder; no database is opened."""
    found = verify_text(asked.text.strip(), trusted_keys(terminal.settings.home))
    facts: dict[str, Any] = {"genuine": isinstance(found, Genuine), "code": found.code}
    if isinstance(found, Genuine):
        facts |= {"kind": KIND_OF_MARK.get(found.mark, ""), "number": found.number, "revision": found.revision}
        text = N_("Genuine: %(number)s, revision %(revision)s. Compare what is printed with the record.")
        return Answer(facts, (terminal.say(text, number=found.number, revision=found.revision),))
    if isinstance(found, (Altered, UnknownKey)):
        facts |= {"number": found.number, "revision": found.revision}
        text = (
            N_("Not genuine: %(number)s was altered or forged.")
            if isinstance(found, Altered)
            else N_("Cannot be checked: %(number)s was signed with a key that is not in the data folder.")
        )
        return Answer(facts, (terminal.say(text, number=found.number),), problem=True)
    return Answer(facts, (terminal.say(N_("This is not the text of one of our papers.")),), problem=True)


def sample(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print the sample of a paper; no database is opened."""
    data = printed(sampling.sample(asked.kind), key=sampling.SAMPLE_KEY, language=terminal.language).pdf
    if asked.pdf == "-":
        return Answer({"sample": asked.kind, "bytes": len(data)}, raw=data)
    terminal.write_file(asked.pdf, data)
    line = terminal.say(N_("Written: %(file)s"), file=asked.pdf)
    return Answer({"sample": asked.kind, "file": asked.pdf, "bytes": len(data)}, (line,))


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="login", metavar="LOGIN", help=N_("who prints; noted in the access log"))


def _order_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the order"))
    parser.add_argument("--pdf", metavar="FILE", help=N_("print it into this file, - for standard output"))
    _login(parser)


def _paper_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=tuple(PAPERS), help=N_("which paper"))
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the order, consignment or count"))
    parser.add_argument(
        "--pdf", metavar="FILE", required=True, help=N_("print it into this file, - for standard output")
    )
    _login(parser)


def _sample_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=tuple(PRESSES), help=f"{', '.join(PRESSES)}")
    parser.add_argument(
        "--pdf", metavar="FILE", required=True, help=N_("print it into this file, - for standard output")
    )


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help=N_("what the QR code says"))


ERRANDS = (
    Errand("order", N_("Show an order, or print it as PDF."), order, _order_arguments),
    Errand("paper", N_("Print a pick list, a hand-over receipt or a count sheet."), paper, _paper_arguments),
    Errand("sample", N_("Print a sample of a paper, with invented data."), sample, _sample_arguments),
    Errand("verify-paper", N_("Check the text of a paper's QR code, offline."), verify_paper, _verify_arguments),
)
