"""From the order to the last tent back: `pick`, `check-goods`, `ship`, `receive`, `settle`, `use`, `return` …"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inventory.core.quantities import read_quantity
from inventory.core.words import N_
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.picking import acknowledge_order, cancel_order, check_order, decline_order, pick_order
from inventory.dispatch.queries import order
from inventory.dispatch.receiving import receive_shipment, resolve_discrepancy
from inventory.dispatch.rules import Carrier, Received
from inventory.dispatch.shipping import close_short, ship_order
from inventory.dispatch.tracking import carried_lines, custody, discrepancies, shipments
from inventory.errands.deeds import Desk, desk, row_of
from inventory.errands.frame import Answer, Errand, Terminal, who
from inventory.errands.rules import NotCarried, NothingOnTheWay, NotHolding
from inventory.models import Item, OrderLine, Shipment
from inventory.people.stories import entry

_GOODS = re.compile(r"(?P<what>[^=]+)=(?P<good>[^,=]+)(?:,(?P<damaged>[^,=]+))?")


def goods_text(text: str) -> tuple[str, str, str]:
    """Read `ITEM_OR_LOT=GOOD[,DAMAGED]`; a wrong form is a `ValueError`."""
    found = _GOODS.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return found["what"].strip(), found["good"], found["damaged"] or "0"


goods_text.__name__ = "ITEM_OR_LOT=GOOD[,DAMAGED]"


def _step(at: Desk, asked: argparse.Namespace, command: Callable[..., Any], then: str, **facts: Any) -> Answer:
    """Give one command about an order and tell its new state and what comes next."""
    order_id = at.find("order", asked.number)
    done = at.do(command, order_id=order_id, seen=at.ask(order, order_id=order_id).seen, **facts)
    row = at.ask(order, order_id=order_id)
    line = at.say(
        N_("Order %(order)s is now: %(state)s."), order=row.number, state=at.terminal.state("order", row.state)
    )
    following = [at.say(then, number=row.number)] if then else []
    return at.answer(done, line, *following, order=row.number, order_state=row.state)


_CHECK_NEXT = N_("Next, by another person: python -m inventory check-goods %(number)s --as LOGIN")
_SHIP_NEXT = N_("Next: python -m inventory ship %(number)s --as LOGIN")
_PICK_NEXT = N_("Next: python -m inventory pick %(number)s --as LOGIN")
_LOST_OPEN_AGAIN = N_("What was lost is open again in its request: propose plans for it, or give it up.")
_OPEN_AGAIN = N_("What was not sent is open again: propose its request anew.")


def acknowledge(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Say that the warehouse has the order."""
    with desk(terminal, asked) as at:
        return _step(at, asked, acknowledge_order, _PICK_NEXT)


def pick(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Pick everything that is held for an order."""
    with desk(terminal, asked) as at:
        return _step(at, asked, pick_order, _CHECK_NEXT)


def check_goods(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Check picked goods against the order."""
    with desk(terminal, asked) as at:
        return _step(at, asked, check_order, _SHIP_NEXT, override_reason=asked.override)


def ship(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Send what stands ready for an order; `--checked-by` checks it first, by another person."""
    with desk(terminal, asked) as at:
        order_id = at.find("order", asked.number)
        if asked.checked_by and at.ask(order, order_id=order_id).state == "picked":
            checker = who(at.store, argparse.Namespace(login=asked.checked_by))
            seen = at.ask(order, order_id=order_id).seen
            at.store.write(
                checker, lambda work: check_order(work, id=at.store.env.new_id(), order_id=order_id, seen=seen)
            )
        carrier = Carrier(plate=asked.plate, driver=asked.driver, phone=asked.phone, mode=asked.mode)
        then = N_("Next, by the receiver: python -m inventory receive %(number)s --as LOGIN")
        return _step(at, asked, ship_order, then, carrier=carrier, eta_at=asked.eta, override_reason=asked.override)


def receive(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Sign for a consignment: by default everything came and is good."""
    with desk(terminal, asked) as at:
        before = at.ask(entry, id=at.id)
        if before is not None and before.kind == "receive_shipment":
            shipment_id = UUID(before.asked["shipment"])
            lines = [
                Received(UUID(one["order_line_id"]), UUID(one["lot_id"]), one["good"], one["damaged"], one["note"])
                for one in before.asked["lines"]
            ]
        else:
            shipment_id = _on_the_way(at, asked.number)
            lines = _received(at, asked, shipment_id)
        shipment = at.ask(row_of, table=Shipment, id=shipment_id)
        done = at.do(
            receive_shipment,
            shipment_id=shipment_id,
            seen=shipment.changed_by_id,
            lines=lines,
            final=not asked.more_to_come,
            note=asked.note,
            override_reason=asked.override,
        )
        told = [
            at.say(
                N_("Consignment %(number)s: %(received)s received, %(short)s short."),
                number=shipment.number,
                received=done.outcome["received"],
                short=done.outcome["short"],
            )
        ]
        if done.outcome["short"]:
            told.append(at.say(N_("What is short stays in transit until it is settled: export discrepancies -")))
        return at.answer(done, *told, shipment=shipment.number)


def _on_the_way(at: Desk, key: str) -> UUID:
    """Return the consignment that is meant by its number, or by the number of its order."""

    def look(work: Any) -> UUID:
        rows = [row for row in shipments(work, limit=1000) if key in (row.number, row.order, str(row.id))]
        if not rows:
            raise NothingOnTheWay(order=key)
        return rows[0].id

    found: UUID = at.ask(look)
    return found


def _received(at: Desk, asked: argparse.Namespace, shipment_id: UUID) -> list[Received]:
    """Return what came by line: as told with `--line`, everything else good."""
    carried = at.ask(carried_lines, shipment_id=shipment_id)
    codes = at.ask(_item_codes, lines=[one.order_line_id for one in carried])
    told: dict[tuple[UUID, UUID], tuple[int, int]] = {}
    for what, good, damaged in asked.line:
        found = [one for one in carried if what in (one.lot, codes[one.order_line_id])]
        if len(found) != 1:
            known = tuple(f"{one.lot} ({codes[one.order_line_id]})" for one in carried)
            raise NotCarried(wanted=what[:60], carried=known)
        told[found[0].order_line_id, found[0].lot_id] = (read_quantity(good), read_quantity(damaged))
    return [
        Received(one.order_line_id, one.lot_id, *told.get((one.order_line_id, one.lot_id), (one.quantity, 0)))
        for one in carried
    ]


def _item_codes(work: Any, *, lines: list[UUID]) -> dict[UUID, str]:
    """Return the item code of each order line."""
    rows = work.connection.execute(
        select(OrderLine.id, Item.code).join(Item, Item.id == OrderLine.item_id).where(OrderLine.id.in_(lines))
    )
    return {row.id: row.code for row in rows}


def settle(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Settle a discrepancy."""
    with desk(terminal, asked) as at:
        done = at.do(resolve_discrepancy, discrepancy_id=asked.discrepancy, how=asked.how, note=asked.note)
        left = len(at.ask(discrepancies))
        told = [at.say(N_("Settled: %(how)s. %(left)s are still open."), how=asked.how, left=left)]
        if done.outcome.get("reopened"):
            told.append(at.say(_LOST_OPEN_AGAIN))
        return at.answer(done, *told)


def _custody(at: Desk, asked: argparse.Namespace) -> tuple[UUID, UUID, int]:
    """Return custody, lot and what is in it, for a lot and, where it is given, an incident."""
    lot_id = at.find("lot", asked.lot)
    incident_id = at.find("incident", asked.incident) if asked.incident else None
    rows = [row for row in at.ask(custody, incident_id=incident_id, limit=100_000) if row.lot_id == lot_id]
    if len(rows) != 1:
        before = at.ask(entry, id=at.id)
        if before is not None and before.asked.get("lot") == str(lot_id):
            return UUID(before.asked["custody"]), lot_id, 0
        raise NotHolding(lot=asked.lot)
    return rows[0].custody_id, lot_id, rows[0].quantity


def use(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Record what a receiver used or handed out."""
    with desk(terminal, asked) as at:
        custody_id, lot_id, _ = _custody(at, asked)
        quantity = read_quantity(asked.quantity)
        done = at.do(use_goods, custody_id=custody_id, lot_id=lot_id, quantity=quantity, note=asked.note)
        return at.answer(done, at.say(N_("Used: %(quantity)s of lot %(lot)s."), quantity=quantity, lot=asked.lot))


def return_back(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Take goods back from a receiver."""
    with desk(terminal, asked) as at:
        custody_id, lot_id, _ = _custody(at, asked)
        quantity = read_quantity(asked.quantity)
        done = at.do(
            return_goods,
            custody_id=custody_id,
            lot_id=lot_id,
            quantity=quantity,
            site_id=at.find("site", asked.to),
            note=asked.note,
        )
        line = at.say(
            N_("Returned: %(quantity)s of lot %(lot)s, in quarantine until inspected."),
            quantity=quantity,
            lot=asked.lot,
        )
        return at.answer(done, line)


def short(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Close what is not going to be shipped any more."""
    with desk(terminal, asked) as at:
        return _step(at, asked, close_short, _OPEN_AGAIN, why=asked.why)


def cancel(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Cancel an order before it is shipped."""
    with desk(terminal, asked) as at:
        return _step(at, asked, cancel_order, _OPEN_AGAIN, why=asked.why)


def decline(terminal: Terminal, asked: argparse.Namespace) -> Answer:
    """Say that the warehouse cannot execute the order."""
    with desk(terminal, asked) as at:
        return _step(at, asked, decline_order, _OPEN_AGAIN, why=asked.why)


def _number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the order"))


def _override(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--override", metavar="WHY", help=N_("set a rule aside in an emergency, and why; it is logged and printed")
    )


def _note(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--note", default="", metavar="TEXT", help=N_("a note"))


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    _override(parser)


def _time(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


_time.__name__ = "TIME"


def _ship_arguments(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    add = parser.add_argument
    add("--plate", default="", metavar="PLATE", help=N_("number plate of the vehicle"))
    add("--driver", default="", metavar="NAME", help=N_("driver"))
    add("--phone", default="", metavar="PHONE", help=N_("telephone of the driver"))
    add("--mode", default="truck", metavar="MODE", help=N_("kind of transport, truck by default"))
    add("--eta", type=_time, metavar="TIME", help=N_("expected arrival, with its offset"))
    add("--checked-by", metavar="LOGIN", help=N_("another person who checked the goods just now"))
    _override(parser)


def _receive_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=N_("number of the consignment or of its order"))
    parser.add_argument(
        "--line",
        action="append",
        default=[],
        type=goods_text,
        metavar="ITEM_OR_LOT=GOOD[,DAMAGED]",
        help=N_("what came of a line, in base units; lines that are not named came whole and good"),
    )
    parser.add_argument(
        "--more-to-come", action="store_true", help=N_("not everything was looked at yet: nothing is called short")
    )
    _override(parser)
    _note(parser)


def _settle_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("discrepancy", type=UUID, metavar="DISCREPANCY", help=N_("its id: export discrepancies -"))
    parser.add_argument("--how", choices=("found", "lost", "noted"), required=True, help=N_("how it was settled"))
    _note(parser)


def _goods_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lot", metavar="LOT", help=N_("label of the lot"))
    parser.add_argument("quantity", metavar="QUANTITY", help=N_("base units"))
    parser.add_argument("--incident", metavar="NUMBER", help=N_("in which incident, where it is not clear"))
    _note(parser)


def _return_arguments(parser: argparse.ArgumentParser) -> None:
    _goods_arguments(parser)
    parser.add_argument("--to", required=True, metavar="SITE", help=N_("stockpile that takes it back"))


def _why(parser: argparse.ArgumentParser) -> None:
    _number(parser)
    parser.add_argument("--why", required=True, metavar="TEXT", help=N_("the reason; it is kept"))


ERRANDS = (
    Errand("acknowledge", N_("Say that the warehouse has the order."), acknowledge, _number, writes=True),
    Errand("decline", N_("Say that the warehouse cannot execute the order."), decline, _why, writes=True),
    Errand("pick", N_("Pick everything that is held for an order."), pick, _number, writes=True),
    Errand("check-goods", N_("Check picked goods: a second person."), check_goods, _check_arguments, writes=True),
    Errand("ship", N_("Send what stands ready for an order."), ship, _ship_arguments, writes=True),
    Errand(
        "receive",
        N_("Sign for a consignment, with what is short or damaged."),
        receive,
        _receive_arguments,
        writes=True,
    ),
    Errand("settle", N_("Settle a discrepancy: found, lost or noted."), settle, _settle_arguments, writes=True),
    Errand("use", N_("Record what a receiver used or handed out."), use, _goods_arguments, writes=True),
    Errand("return", N_("Take goods back from a receiver."), return_back, _return_arguments, writes=True),
    Errand("close-short", N_("Give up what is not going to be shipped."), short, _why, writes=True),
    Errand("cancel", N_("Cancel an order before it is shipped."), cancel, _why, writes=True),
)
