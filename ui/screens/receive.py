"""Ship and receive: what waits at my sites, what is on the way to them, what does not agree, what is held, goods in."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from inventory.core.work import Work
from inventory.dispatch.queries import OrderRow, order_count, orders
from inventory.dispatch.tracking import (
    CustodyRow,
    DiscrepancyRow,
    ShipmentRow,
    custody,
    discrepancies,
    shipments,
)
from inventory.people.reach import covered_sites
from ui.parts import custody_desk, goods_in, paper_desk
from ui.parts.choices import choice
from ui.parts.components import live
from ui.parts.errand import ask
from ui.parts.look import empty, head, html, line, lines, section, show, sub
from ui.parts.pages import go
from ui.parts.receiving import one_shipment
from ui.parts.session import may
from ui.parts.trade import order_chip, shipment_chip, who_can
from ui.parts.words import _, clock, number, remaining, urgency

DESKS = ("sending", "coming", "paper", "held", "differences", "goods_in")
WAITING = ("issued", "acknowledged", "picking", "picked", "checked")
LINES_MAX = 60


@dataclass(frozen=True)
class Desks:
    """What waits for this person, over the sites that the person's roles cover."""

    sending: list[OrderRow]
    sending_count: int
    coming: list[ShipmentRow]
    held: list[CustodyRow]
    differences: list[DiscrepancyRow]


def desks(work: Work) -> Desks:
    """Read the work of this person."""
    sender, receiver = covered_sites(work, "pick_order"), covered_sites(work, "receive_shipment")
    keeps, settles = covered_sites(work, "use_goods"), covered_sites(work, "resolve_discrepancy")
    concerned = None if settles is None or receiver is None else settles | receiver
    waiting = {"states": WAITING, "from_site_ids": sender}
    return Desks(
        sending=orders(work, **waiting, sort="due", limit=LINES_MAX),
        sending_count=order_count(work, **waiting),
        coming=shipments(work, to_site_ids=receiver),
        held=custody(work, site_ids=keeps),
        differences=discrepancies(work, site_ids=concerned),
    )


def offered() -> list[str]:
    """Return the desks that this person's roles open."""
    by = {
        "sending": may("pick_order"),
        "coming": may("receive_shipment"),
        "paper": may("take_paper"),
        "held": may("use_goods") or may("return_goods"),
        "differences": may("resolve_discrepancy") or may("receive_shipment"),
        "goods_in": may("receive_goods"),
    }
    return [desk for desk in DESKS if by[desk]]


def choose(found: Desks) -> str:
    """Draw the choice of the desk with how much waits at each; return the one chosen."""
    words = {
        "sending": _("To pick and ship %(count)s") % {"count": number(found.sending_count)},
        "coming": _("On the way %(count)s") % {"count": number(len(found.coming))},
        "held": _("Held %(count)s") % {"count": number(len(found.held))},
        "differences": _("Discrepancies %(count)s") % {"count": number(len(found.differences))},
        "paper": _("An order we do not know"),
        "goods_in": _("Goods in"),
    }
    options = offered()
    first = "sending" if "sending" in options and found.sending else "coming" if "coming" in options else options[0]
    chosen = choice(
        "pills",
        _("Desk"),
        options,
        words=words.__getitem__,
        default=first,
        required=True,
        key="desk",
        label_visibility="collapsed",
    )
    return chosen or first


def sending(found: Desks) -> None:
    """List the orders that wait to be picked, checked or shipped, the first due first."""
    if not found.sending:
        then = _("New orders appear here when a plan is approved.")
        show(empty("task_alt", _("Nothing waits to be sent."), then))
        return
    acts = {
        "issued": _("Pick"),
        "acknowledged": _("Pick"),
        "picking": _("Pick"),
        "picked": _("Check"),
        "checked": _("Ship"),
    }
    rows = (
        line(
            row.number,
            clock(row.due_at) if row.due_at else "—",
            remaining(row.due_at) if row.due_at else "",
            urgency(row.due_at) if row.due_at else "gray",
            html("{} → {}", row.from_site, row.to_site),
            html("{} · {}", row.number, _("%(count)s lines") % {"count": number(row.line_count)}),
            html(
                '<span class="t-row">{}<span class="t-go">{} ›</span></span>',
                order_chip(row.state),
                acts.get(row.state, _("Pick")),
            ),
        )
        for row in found.sending
    )
    show(section(_("To pick and ship"), _("by time limit")))
    if pressed := live(lines(*rows), key="sending"):
        go("orders", order=pressed)
    if found.sending_count > len(found.sending):
        words = _("The first %(shown)s of %(count)s; all stand under Orders.")
        show(sub(words % {"shown": number(len(found.sending)), "count": number(found.sending_count)}))


def coming(found: Desks) -> None:
    """List what is on the way, the next to arrive first."""
    if not found.coming:
        show(empty("task_alt", _("Nothing is on the way to you."), _("Consignments that are shipped appear here.")))
        return
    rows = (
        line(
            str(row.id),
            clock(row.eta_at) if row.eta_at else "—",
            remaining(row.eta_at) if row.eta_at and row.arrived_at is None else "",
            urgency(row.eta_at) if row.eta_at else "gray",
            html("{} → {}", row.from_site, row.to_site),
            " · ".join(part for part in (row.number, row.plate, row.driver) if part),
            shipment_chip(row.state),
        )
        for row in found.coming
    )
    show(section(_("On the way"), _("the next to arrive first; press one to receive it")))
    if pressed := live(lines(*rows), key="coming"):
        go("receive", shipment=pressed)


def work_list() -> None:
    """Draw the desks."""
    head(_("Ship & receive"), sub(_("at the sites that your roles cover")))
    if not offered():
        show(empty("block", _("None of these steps is yours."), who_can("receive_shipment")))
        return
    found = ask(desks)
    desk = choose(found)
    if desk == "sending":
        sending(found)
    elif desk == "coming":
        coming(found)
    elif desk == "held":
        custody_desk.held(found.held)
    elif desk == "paper":
        paper_desk.draw()
    elif desk == "differences":
        custody_desk.differences(found.differences)
    else:
        goods_in.draw()


wanted = st.query_params.get("shipment")
if wanted:
    one_shipment(wanted)
else:
    work_list()
