"""The paper carries the data: `data-page` prints it, `take-paper` takes it in, `hand-back` prints what goes back."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID

from inventory.core.quantities import read_quantity
from inventory.core.words import N_
from inventory.core.work import SYSTEM, Actor, Store
from inventory.dispatch.carried import Carried, Taken
from inventory.dispatch.handing_back import receive_handed_back, taking_of
from inventory.dispatch.taking import take_paper
from inventory.dispatch.typed import read_typed
from inventory.errands.deeds import Desk, desk
from inventory.errands.finding import find
from inventory.errands.frame import Answer, Errand, Terminal, table
from inventory.errands.moving import goods_text
from inventory.errands.papers import paper_pdf
from inventory.errands.reading_papers import (
    ReadPaper,
    gathered_codes,
    paper_codes,
    preview,
    read_paper,
    typed_consignment,
)
from inventory.errands.rules import NotCarried
from inventory.people.accounts import actor_of

TEXTS_BYTES_MAX = 200_000


def take(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Take in what a data page carries: goods of another node, or a receipt that comes back from one."""
    text = terminal.read_file(asked.file, size_max=TEXTS_BYTES_MAX).decode("utf-8-sig", "replace")
    with desk(terminal, asked) as at:
        if asked.typed:
            found = ReadPaper("", carried=at.ask(typed_consignment, typed=read_typed(text)))
        else:
            found = read_paper(at.store, gathered_codes(text.splitlines()))
        if found.back is not None:
            return _take_back(at, found)
        if found.carried is None:
            raise LookupError("a paper carries goods or a receipt")
        return _show(at, found.carried) if asked.dry_run else _take(at, asked, found, found.carried)


def _take(at: Desk, asked: argparse.Namespace, found: ReadPaper, carried: Carried) -> Answer:
    """Book the goods of a consignment."""
    looked = at.ask(preview, carried=carried)
    before = looked.taken
    site_id = at.find("site", asked.site) if asked.site else (before.site_id if before else looked.site_id)
    done = at.do(
        take_paper,
        carried=carried,
        fingerprint=found.fingerprint,
        site_id=site_id or at.find("site", carried.to_site or "-"),
        lines=_stated(asked, carried),
        note=asked.note,
        reason=asked.why,
        confirmed=frozenset(asked.confirm),
    )
    line = at.say(
        N_("Consignment %(number)s taken from its paper as %(receipt)s: %(received)s received, %(short)s short."),
        number=carried.number,
        receipt=done.outcome["number"],
        received=done.outcome["received"],
        short=done.outcome["short"],
    )
    then = at.say(
        N_("Next, for the sender: python -m inventory hand-back %(number)s --pdf FILE"), number=done.outcome["number"]
    )
    return at.answer(done, line, then, receipt=done.outcome["number"], consignment_number=carried.number)


def _stated(asked: argparse.Namespace, carried: Carried) -> list[Taken]:
    """Return what came by line: as told with `--line`, everything else good."""
    told: dict[int, tuple[int, int]] = {}
    for what, good, damaged in asked.line:
        fits = [
            number
            for number, line in enumerate(carried.lines, 1)
            if what in (line.label, carried.items[line.item].code, str(line.lot_id))
        ]
        if len(fits) != 1:
            known = tuple(f"{line.label} ({carried.items[line.item].code})" for line in carried.lines)
            raise NotCarried(wanted=what[:60], carried=known)
        told[fits[0]] = (read_quantity(good), read_quantity(damaged))
    return [Taken(number, *told.get(number, (line.quantity, 0))) for number, line in enumerate(carried.lines, 1)]


def _take_back(at: Desk, found: ReadPaper) -> Answer:
    """Book what the receiver of a consignment of ours signed for."""
    back = found.back
    if back is None:
        raise LookupError("no receipt came back")
    done = at.do(receive_handed_back, back=back, fingerprint=found.fingerprint)
    line = at.say(
        N_("Receipt %(receipt)s of %(node)s for consignment %(number)s: %(received)s received, %(short)s short."),
        receipt=back.receipt,
        node=back.node_name,
        number=back.consignment,
        received=done.outcome["received"],
        short=done.outcome["short"],
    )
    return at.answer(done, line, receipt=back.receipt, consignment_number=back.consignment)


def _show(at: Desk, carried: Carried) -> Answer:
    """Tell what a paper carries and what taking it would mean; nothing is written."""
    looked, tell = at.ask(preview, carried=carried), at.terminal.tell
    heads = [at.say(text) for text in (N_("Lot"), N_("Code"), N_("Item"), N_("Quantity"), N_("Expiry"))]
    rows = [
        [
            line.label,
            carried.items[line.item].code,
            at.terminal.name(carried.items[line.item].name),
            tell(line.quantity),
            tell(line.expires_on),
        ]
        for line in carried.lines
    ]
    head = at.say(
        N_("Consignment %(number)s (order %(order)s) to %(place)s: %(lines)s lines."),
        number=carried.number,
        order=carried.order,
        place=carried.to_place,
        lines=len(rows),
    )
    told = [head, *table(heads, rows)]
    if looked.taken is not None:
        told.append(at.say(N_("It was taken before as %(receipt)s."), receipt=looked.taken.receipt))
    if looked.new_items:
        told.append(at.say(N_("Items that will be added to the catalogue: %(items)s"), items=looked.new_items))
    facts: dict[str, Any] = {
        "consignment_number": carried.number,
        "order": carried.order,
        "to_site": carried.to_site,
        "known_site": looked.site_id is not None,
        "taken": looked.taken.receipt if looked.taken else None,
        "new_items": looked.new_items,
        "lines": [
            {"lot": line.label, "item": carried.items[line.item].code, "quantity": line.quantity}
            for line in carried.lines
        ],
    }
    return Answer(facts, tuple(told))


def data_page(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print the data page of a consignment that was sent from here."""
    with terminal.store() as store:
        return _write(terminal, store, asked, "data_page", find(store, "shipment", asked.number))


def hand_back(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Print what goes back to the sender of a consignment that was taken from its paper."""
    with terminal.store() as store:
        found = store.read(SYSTEM, lambda work: taking_of(work, number=asked.number))
        return _write(terminal, store, asked, "hand_back", found.id)


def _write(terminal: Terminal, store: Store, asked: argparse.Namespace, kind: str, subject_id: UUID) -> Answer:
    """Write a data page as PDF, or the texts of its codes one a line."""
    actor = _printer(store, asked.login)
    data = paper_pdf(store, actor, kind=kind, subject_id=subject_id, language=terminal.language)
    codes = paper_codes(store, actor, kind=kind, subject_id=subject_id)
    facts = {"paper": kind, "codes": len(codes), "bytes": len(data)}
    wanted = [(name, body) for name, body in ((asked.pdf, data), (asked.codes, _texts(codes))) if name]
    if not wanted or wanted[0][0] == "-":
        return Answer({**facts, "texts": list(codes)}, raw=wanted[0][1] if wanted else _texts(codes))
    for name, body in wanted:
        terminal.write_file(name, body)
    lines = tuple(terminal.say(N_("Written: %(file)s"), file=name) for name, _ in wanted)
    return Answer({**facts, "files": [name for name, _ in wanted]}, lines)


def _texts(codes: tuple[str, ...]) -> bytes:
    return ("\n".join(codes) + "\n").encode()


def _printer(store: Store, login: str | None) -> Actor:
    return actor_of(store, login, via="cli") if login else SYSTEM


def _take_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("file", metavar="FILE", help=N_("texts of the scanned codes, one a line, - for standard input"))
    add("--site", metavar="SITE", help=N_("site that takes the goods; by default the addressed one"))
    add(
        "--line",
        action="append",
        default=[],
        type=goods_text,
        metavar="ITEM_OR_LOT=GOOD[,DAMAGED]",
        help=N_("what came of a line, in base units; lines that are not named came whole and good"),
    )
    add("--typed", action="store_true", help=N_("the file is a page typed by hand: number, code, sender, lines"))
    add("--dry-run", action="store_true", help=N_("tell what the paper carries, book nothing"))
    add("--why", default="", metavar="TEXT", help=N_("why goods that are addressed to somebody else stay here"))
    add(
        "--confirm",
        action="append",
        default=[],
        metavar="CODE",
        help=N_("say yes to what was asked; may be repeated"),
    )
    add("--note", default="", metavar="TEXT", help=N_("a note"))


def _page_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the consignment"))
    _write_arguments(parser)


def _back_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", metavar="NUMBER", help=N_("number of the receipt, of the consignment or of its order")
    )
    _write_arguments(parser)


def _write_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--pdf", metavar="FILE", help=N_("print it into this file, - for standard output"))
    add("--codes", metavar="FILE", help=N_("write the texts of the codes there, one a line"))
    add("--as", dest="login", metavar="LOGIN", help=N_("who prints; noted in the access log"))


ERRANDS = (
    Errand(
        "take-paper",
        N_("Take in what a data page carries: goods, or a receipt that comes back."),
        take,
        _take_arguments,
        writes=True,
    ),
    Errand("data-page", N_("Print a consignment's data page: all of it in QR codes."), data_page, _page_arguments),
    Errand("hand-back", N_("Print the receipt that goes back to the sender."), hand_back, _back_arguments),
)
