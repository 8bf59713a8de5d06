"""Many papers from a terminal: `papers` prints orders, pick lists, receipts or count sheets into one file."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.words import N_
from inventory.core.work import SYSTEM, Store, Work
from inventory.dispatch.queries import orders
from inventory.dispatch.rules import OPEN_ORDER_STATES
from inventory.documents.batch import PAPERS_MAX, PrintedBatch, check_amount
from inventory.documents.drawing.wording import BOTH
from inventory.errands.batches import papers_together
from inventory.errands.finding import find, find_in
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.models import Count, Shipment
from inventory.people.accounts import actor_of

WHAT: dict[str, tuple[str, str]] = {
    "orders": ("dispatch_order", "order"),
    "pick-lists": ("pick_list", "order"),
    "receipts": ("receipt", "shipment"),
    "count-sheets": ("count_sheet", "count"),
}
"""What `papers` prints -> its kind, and the kind of document it belongs to."""

MISSING = N_("No font has these characters, so they are printed as \u3013: %(points)s. Correct them by hand.")


def papers(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print the papers of the documents named, or of those that the filters find."""
    kind, of = WHAT[asked.what]
    language = BOTH if asked.both else terminal.language
    with terminal.store() as store:
        actor = actor_of(store, asked.login, via="cli") if asked.login else SYSTEM
        ids = [find(store, of, number) for number in asked.numbers] or _found(store, of, asked)
        made = papers_together(store, actor, kind=kind, subject_ids=ids, language=language)
    facts: dict[str, Any] = {"papers": len(made.parts), "pages": made.pages, "bytes": len(made.pdf)}
    facts |= {"missing": list(made.missing), "parts": [_part(made, number) for number in range(len(made.parts))]}
    warning = (terminal.say(MISSING, points=" ".join(made.missing)),) if made.missing else ()
    if asked.pdf == "-":
        for line in warning:
            terminal.note(line)
        return Answer(facts, raw=made.pdf)
    terminal.write_file(asked.pdf, made.pdf)
    told = N_("Written: %(file)s, papers: %(papers)s, pages: %(pages)s")
    line = terminal.say(told, file=asked.pdf, papers=len(made.parts), pages=made.pages)
    return Answer(facts | {"file": asked.pdf}, (line, *warning))


def _part(made: PrintedBatch, number: int) -> dict[str, Any]:
    part = made.parts[number]
    return {"number": part.number, "first_page": part.first_page, "pages": part.pages, "missing": list(part.missing)}


def _found(store: Store, of: str, asked: argparse.Namespace) -> list[UUID]:
    """Return the ids of the documents that the filters find, the oldest first."""
    site = find(store, "site", asked.site) if asked.site else None

    def read(work: Work) -> list[UUID]:
        if of == "count":
            query = select(Count.id).order_by(Count.opened_at, Count.number)
            query = query.where(Count.site_id == site) if site else query
            query = query.where(Count.state == "open") if asked.open else query
            return list(work.connection.scalars(query.limit(PAPERS_MAX + 1)))
        wanted: dict[str, Any] = {"from_site_ids": (site,)} if site else {}
        wanted |= {"incident_id": find_in(work, "incident", asked.incident)} if asked.incident else {}
        wanted |= {"request_id": find_in(work, "request", asked.request)} if asked.request else {}
        wanted |= {"states": OPEN_ORDER_STATES} if asked.open else {}
        found = [row.id for row in orders(work, **wanted, limit=PAPERS_MAX + 1)]
        # What is too much is told before the list of consignments is made from it.
        check_amount(len(found))
        if of == "shipment":
            query = select(Shipment.id).where(Shipment.order_id.in_(found), Shipment.departed_at.is_not(None))
            return list(work.connection.scalars(query.order_by(Shipment.departed_at, Shipment.number)))
        return found[::-1]

    return store.read(SYSTEM, read)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=tuple(WHAT), help=N_("which papers"))
    parser.add_argument(
        "numbers", metavar="NUMBER", nargs="*", help=N_("numbers of the documents; none: those that the filters find")
    )
    parser.add_argument("--incident", metavar="NUMBER", help=N_("only of this incident"))
    parser.add_argument("--request", metavar="NUMBER", help=N_("only of the plan for this request"))
    parser.add_argument("--site", metavar="CODE", help=N_("only from this site"))
    parser.add_argument("--open", action="store_true", help=N_("only of documents that are still open"))
    parser.add_argument(
        "--pdf", metavar="FILE", required=True, help=N_("print it into this file, - for standard output")
    )
    parser.add_argument("--both", action="store_true", help=N_("in Chinese, then in English"))
    parser.add_argument("--as", dest="login", metavar="LOGIN", help=N_("who prints; noted in the access log"))


ERRANDS = (Errand("papers", N_("Print many papers into one PDF."), papers, _arguments),)
