"""Papers from a terminal: `order` shows or prints an order, `paper` prints any, `sample` one with invented data."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from inventory.core.words import N_
from inventory.core.work import SYSTEM, Actor, Store
from inventory.dispatch import queries as dispatch
from inventory.documents import sampling
from inventory.documents.drawing.fonts import font_book
from inventory.documents.drawing.wording import BOTH
from inventory.documents.press import PRESSES, printed
from inventory.errands.finding import find
from inventory.errands.frame import Answer, Errand, Terminal, table
from inventory.errands.papers import paper_print, revision_id, revision_print
from inventory.errands.printing_many import MISSING
from inventory.people.accounts import actor_of

PAPERS = {
    "pick-list": ("pick_list", "order"),
    "receipt": ("receipt", "shipment"),
    "count-sheet": ("count_sheet", "count"),
    "variance-report": ("variance_report", "count"),
    "waybill": ("waybill", "shipment"),
    "issue-note": ("issue_note", "shipment"),
    "receipt-note": ("receipt_note", "entry"),
    "mobilisation": ("mobilisation", "incident"),
    "check-in": ("check_in", "incident"),
    "status-change": ("status_change", "incident"),
    "communications-plan": ("communications_plan", "incident"),
    "requirement-sheet": ("requirement_sheet", "incident"),
    "resource-cards": ("resource_cards", "incident"),
    "incident-record": ("incident_record", "incident"),
    "close-out": ("close_out", "incident"),
    "resource-request": ("resource_request", "request"),
    "demand-report": ("demand_report", "request"),
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
            return _print(terminal, store, asked, "dispatch_order", order_id)
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
    """Print a paper of an order, a consignment, an entry, a count or an incident."""
    kind, of = PAPERS[asked.what]
    with terminal.store() as store:
        return _print(terminal, store, asked, kind, find(store, of, asked.number))


def _print(terminal: Terminal, store: Store, asked: argparse.Namespace, kind: str, subject_id: UUID) -> Answer:
    """Write a paper, or one of its revisions, as PDF; what is not the issued file is said here as on its pages."""
    actor, language = _printer(store, asked.login), BOTH if asked.both else terminal.language
    if asked.revision is None:
        made = paper_print(store, actor, kind=kind, subject_id=subject_id, language=language)
    else:
        paper_id = store.read(actor, lambda work: revision_id(work, kind, subject_id, asked.revision))
        made = revision_print(store, actor, paper_id=paper_id, language=language)
    facts: dict[str, Any] = {"paper": kind, "bytes": len(made.pdf), "revision": made.revision}
    facts |= {"as_issued": made.as_issued, "superseded_by": made.superseded_by, "missing": list(made.missing)}
    lines = []
    if made.superseded_by is not None:
        lines.append(
            terminal.say(
                N_("This revision was superseded by revision %(latest)s: every page says so."),
                latest=made.superseded_by,
            )
        )
    elif not made.as_issued:
        lines.append(
            terminal.say(N_("The issued file is lost and drawing it again gave other bytes: every page says so."))
        )
    if made.missing:
        lines.append(terminal.say(MISSING, points=" ".join(made.missing)))
    if asked.pdf == "-":
        for line in lines:
            terminal.note(line)
        return Answer(facts, raw=made.pdf)
    terminal.write_file(asked.pdf, made.pdf)
    return Answer(facts | {"file": asked.pdf}, (terminal.say(N_("Written: %(file)s"), file=asked.pdf), *lines))


def sample(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print the sample of a paper; no database is opened."""
    language = BOTH if asked.both else terminal.language
    fonts = font_book(terminal.settings.font_folder, terminal.settings.font_set)
    data = printed(sampling.sample(asked.kind), key=sampling.SAMPLE_KEY, language=language, fonts=fonts).pdf
    if asked.pdf == "-":
        return Answer({"sample": asked.kind, "bytes": len(data)}, raw=data)
    terminal.write_file(asked.pdf, data)
    line = terminal.say(N_("Written: %(file)s"), file=asked.pdf)
    return Answer({"sample": asked.kind, "file": asked.pdf, "bytes": len(data)}, (line,))


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="login", metavar="LOGIN", help=N_("who prints; noted in the access log"))
    parser.add_argument("--revision", type=int, metavar="N", help=N_("this revision instead of the latest"))
    _both(parser)


def _both(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--both", action="store_true", help=N_("in Chinese, then in English"))


def _order_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the order"))
    parser.add_argument("--pdf", metavar="FILE", help=N_("print it into this file, - for standard output"))
    _login(parser)


_NUMBER = N_(
    "number of the order, consignment, count or incident; of an entry #NUMBER, its id, or a lot that it brought in"
)


def _paper_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=tuple(PAPERS), help=N_("which paper"))
    parser.add_argument("number", metavar="NUMBER", help=_NUMBER)
    parser.add_argument(
        "--pdf", metavar="FILE", required=True, help=N_("print it into this file, - for standard output")
    )
    _login(parser)


def _sample_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=tuple(PRESSES), help=f"{', '.join(PRESSES)}")
    _both(parser)
    parser.add_argument(
        "--pdf", metavar="FILE", required=True, help=N_("print it into this file, - for standard output")
    )


ERRANDS = (
    Errand("order", N_("Show an order, or print it as PDF."), order, _order_arguments),
    Errand(
        "paper",
        N_("Print a paper of an order, a consignment, an entry, a count or an incident."),
        paper,
        _paper_arguments,
    ),
    Errand("sample", N_("Print a sample of a paper, with invented data."), sample, _sample_arguments),
)
