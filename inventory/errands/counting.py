"""Counting without a browser: `count open`, `export`, `import`, `read`, `submit`, `recount`, `approve`, `post` …"""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any
from uuid import UUID

from inventory.core.errors import FileRefused, NotFound
from inventory.core.quantities import read_quantity
from inventory.core.words import N_
from inventory.errands.counting_views import VIEWS, number_argument
from inventory.errands.deeds import desk
from inventory.errands.frame import Answer, Errand, Terminal
from inventory.errands.sheets import check_errors_name, errors_argument, name_of, seal_of, write_errors
from inventory.exchange.count_list import read_sheet, read_sheet_file, review_sheet, sheet_kind
from inventory.exchange.sentences import fault_line
from inventory.ledger.rules import Free
from inventory.stocktaking.closing import approve_count, post_count
from inventory.stocktaking.opening import cancel_count, open_count
from inventory.stocktaking.queries import CountSheet, count_sheet, line_by_label
from inventory.stocktaking.reading import order_recount, read_count, recount_line, submit_count
from inventory.stocktaking.reviewing import CountReview, count_review

WAYS = ("whole", "cycle", "spot", "first")


def open_one(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Open a count of a site."""
    with desk(terminal, asked) as at:
        items = [at.find("item", key) for key in asked.item]
        done = at.do(open_count, site_id=at.find("site", asked.site), kind=asked.kind, item_ids=items)
        number = done.outcome["number"]
        return at.answer(
            done,
            at.say(N_("Count %(number)s is open: %(lines)s lines."), number=number, lines=done.outcome["lines"]),
            at.say(N_("Next: python -m inventory count export %(number)s sheet.xlsx"), number=number),
        )


def bring_in(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Take a filled sheet in: all readings or none; the same file again changes nothing."""
    data = terminal.read_file(asked.file)
    name = name_of(asked.file, data)
    check_errors_name(asked, name)
    with desk(terminal, asked) as at:
        count_id = at.find("count", asked.number)
        sheet: CountSheet = at.ask(count_sheet, count_id=count_id)
        parsed = read_sheet_file(data, name, sheet=sheet, seal=at.ask(seal_of))
        review = at.ask(review_sheet, count_id=count_id, parsed=parsed)
        if review.fault_count:
            write_errors(terminal, asked, data, name, sheet_kind(), review.faults)
            raise FileRefused(file=name, faults=review.faults, count=review.fault_count)
        for note in review.notes:
            terminal.note(fault_line(note, terminal.language))
        done = at.store.write(
            at.actor, lambda work: read_sheet(work, count_id=count_id, parsed=parsed, counted_at=asked.counted_at)
        )
        lines = (
            at.say(N_("%(lines)s lines read, %(blank)s left blank."), lines=done["lines"], blank=done["blank"]),
            at.say(N_("Next: python -m inventory count submit %(number)s --as LOGIN"), number=asked.number),
        )
        return Answer({"number": asked.number, **done}, lines)


def read_one(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Save what was counted of one line; a line that waits for its recount is recounted."""
    with desk(terminal, asked) as at:
        line = at.ask(line_by_label, label=asked.label)
        quantity = read_quantity(asked.quantity)
        sheet: CountSheet = at.ask(count_sheet, count_id=line.count_id)
        waits = next(one.to_recount for one in sheet.lines if one.id == line.id)
        command: Any = recount_line if waits or line.state != "open" else read_count
        done = at.store.write(
            at.actor,
            lambda work: command(work, id=at.id, line_id=line.id, quantity=quantity, counted_at=asked.counted_at),
        )
        facts = {"id": at.id, "again": done.again, "label": asked.label, "quantity": quantity}
        told = at.say(N_("Line %(label)s: %(quantity)s counted."), label=asked.label, quantity=quantity)
        return Answer(facts, (told,))


def submit(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Hand a count in."""
    with desk(terminal, asked) as at:
        count_id = at.find("count", asked.number)
        sheet: CountSheet = at.ask(count_sheet, count_id=count_id)
        blank = [line.label for line in sheet.lines if not line.counted and not line.left_out]
        named = {*asked.not_found, *asked.left_out}
        rest = [label for label in blank if label not in named]
        done = at.do(
            submit_count,
            count_id=count_id,
            not_found=_ids(sheet, [*asked.not_found, *(rest if asked.rest == "not-found" else [])]),
            left_out=_ids(sheet, [*asked.left_out, *(rest if asked.rest == "left-out" else [])]),
        )
        lines = [at.say(N_("Count %(number)s is handed in."), number=asked.number)]
        if done.outcome["recount"]:
            text = N_("%(count)s lines differ: another person recounts them (count read LABEL QUANTITY).")
            lines.append(at.say(text, count=done.outcome["recount"]))
        lines.append(
            at.say(
                N_("Next, by a third person: python -m inventory count approve %(number)s --as LOGIN"),
                number=asked.number,
            )
        )
        return at.answer(done, lines[0], *lines[1:], number=asked.number)


def _ids(sheet: CountSheet, labels: list[str]) -> list[UUID]:
    known = {line.label: line.id for line in sheet.lines}
    strange = [label for label in labels if label not in known]
    if strange:
        raise NotFound(kind="count_line", key=strange[0][:20])
    return [known[label] for label in labels]


def recount(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Send lines of a count back to be counted once more."""
    with desk(terminal, asked) as at:
        count_id = at.find("count", asked.number)
        sheet: CountSheet = at.ask(count_sheet, count_id=count_id)
        done = at.do(order_recount, count_id=count_id, line_ids=_ids(sheet, asked.line), why=asked.why)
        return at.answer(done, at.say(N_("Count %(number)s is open again."), number=asked.number), number=asked.number)


def approve(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Approve the differences of a count."""
    with desk(terminal, asked) as at:
        done = at.do(approve_count, count_id=at.find("count", asked.number))
        return at.answer(
            done,
            at.say(N_("The differences of count %(number)s are approved."), number=asked.number),
            at.say(N_("Next: python -m inventory count post %(number)s --as LOGIN"), number=asked.number),
            number=asked.number,
        )


def post(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Post a count to the ledger, as of the moment each line was counted."""
    with desk(terminal, asked) as at:
        count_id = at.find("count", asked.number)
        frees: list[Free] = []
        if asked.free_holds:
            review: CountReview = at.ask(count_review, count_id=count_id)
            frees = [Free(hold, quantity) for line in review.lines for hold, quantity in line.to_free]
        confirmed = frozenset(asked.confirm)
        done = at.do(post_count, count_id=count_id, free_holds=frees, confirmed=confirmed)
        told = at.say(
            N_("Count %(number)s is posted: %(differing)s lines differed, %(gained)s more and %(lost)s less."),
            number=asked.number,
            differing=done.outcome["differing"],
            gained=done.outcome["gained"],
            lost=done.outcome["lost"],
        )
        return at.answer(done, told, number=asked.number)


def cancel(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Give a count up."""
    with desk(terminal, asked) as at:
        done = at.do(cancel_count, count_id=at.find("count", asked.number), why=asked.why)
        return at.answer(done, at.say(N_("Count %(number)s is given up."), number=asked.number), number=asked.number)


def _time(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


_time.__name__ = "TIME"


def _counted_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--counted-at", type=_time, metavar="TIME", help=N_("when it was counted, with its offset; by default now")
    )


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site", metavar="SITE", help=N_("code or name of the stockpile"))
    parser.add_argument(
        "--kind",
        choices=WAYS,
        default="whole",
        help=N_("what is counted: everything, a part, a sample, for the first time"),
    )
    parser.add_argument(
        "--item", action="append", default=[], metavar="ITEM", help=N_("only this item; may be repeated")
    )


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    number_argument(parser)
    parser.add_argument("file", metavar="FILE", help=N_("the filled sheet, .xlsx or .csv; - for standard input"))
    _counted_at(parser)
    errors_argument(parser)


def _read_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("label", metavar="LABEL", help=N_("label of the line"))
    parser.add_argument("quantity", metavar="QUANTITY", help=N_("what was counted, in base units"))
    _counted_at(parser)


def _submit_arguments(parser: argparse.ArgumentParser) -> None:
    number_argument(parser)
    add = parser.add_argument
    add("--not-found", action="append", default=[], metavar="LABEL", help=N_("a line of which nothing was found"))
    add("--left-out", action="append", default=[], metavar="LABEL", help=N_("a line that was not counted this time"))
    add("--rest", choices=("not-found", "left-out"), help=N_("what all other lines without a quantity are"))


def _recount_arguments(parser: argparse.ArgumentParser) -> None:
    number_argument(parser)
    parser.add_argument("--line", action="append", required=True, metavar="LABEL", help=N_("a line; may be repeated"))
    parser.add_argument("--why", required=True, metavar="TEXT", help=N_("the reason; it is kept"))


def _post_arguments(parser: argparse.ArgumentParser) -> None:
    number_argument(parser)
    parser.add_argument("--free-holds", action="store_true", help=N_("free reservations that are no longer covered"))
    parser.add_argument(
        "--confirm", action="append", default=[], metavar="CODE", help=N_("say yes to what was asked; may be repeated")
    )


def _cancel_arguments(parser: argparse.ArgumentParser) -> None:
    number_argument(parser)
    parser.add_argument("--why", required=True, metavar="TEXT", help=N_("the reason; it is kept"))


ERRANDS = (
    Errand("count open", N_("Open a blind count of a stockpile."), open_one, _open_arguments, writes=True),
    Errand("count import", N_("Take a filled sheet in, all or nothing."), bring_in, _import_arguments, writes=True),
    Errand("count read", N_("Save what was counted of one line."), read_one, _read_arguments, writes=True),
    Errand("count submit", N_("Hand a count in; what differs is recounted."), submit, _submit_arguments, writes=True),
    Errand("count recount", N_("Send lines back to be counted again."), recount, _recount_arguments, writes=True),
    Errand("count approve", N_("Approve the differences of a count."), approve, number_argument, writes=True),
    Errand("count post", N_("Post a count as of the moment of counting."), post, _post_arguments, writes=True),
    Errand("count cancel", N_("Give a count up."), cancel, _cancel_arguments, writes=True),
    *VIEWS,
)
