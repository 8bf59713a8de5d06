"""Orders: the list with its filters in the address, and one order with its lines, hands, consignments and next step."""

from __future__ import annotations

from typing import Any

import streamlit as st

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.dispatch.queries import OrderRow, order_count, orders
from inventory.dispatch.rules import OPEN_ORDER_STATES
from inventory.places.queries import sites
from ui.parts.choices import choice
from ui.parts.downloads import file_link
from ui.parts.errand import ask, reason_disabled
from ui.parts.files_batches import pickable
from ui.parts.look import empty, head, join, section, show, sub
from ui.parts.order_steps import receiving, steps
from ui.parts.order_view import (
    OrderPage,
    difference_list,
    facts,
    hands_list,
    head_parts,
    lines_table,
    order_page,
    shipment_cards,
    story_steps,
)
from ui.parts.pages import go
from ui.parts.print_links import lost_characters, print_all
from ui.parts.tables import Column, grid, nothing_found, paged, search, status_filter
from ui.parts.trade import ORDER_STATUS, who_can
from ui.parts.words import _, name, number, remaining

STATES = ("issued", "acknowledged", "picked", "checked", "moving", "received", "declined", "cancelled")
ENDED = ("delivered", "closed", "declined", "cancelled", "returned", "lost")


def lists(work: Work) -> tuple[dict[str, tuple[Any, Name]], int, int]:
    """Read the sites for the filter, and how many orders there are, in all and open."""
    named = {place.code: (place.id, place.name) for place in sites(work)}
    return named, order_count(work), order_count(work, states=OPEN_ORDER_STATES)


def one_list() -> None:
    """Draw the list of orders."""
    named, total, still_open = ask(lists)
    words = _("%(open)s open of %(total)s · press a row to open it")
    head(_("Orders"), sub(words % {"open": number(still_open), "total": number(total)}))
    if not total:
        show(empty("assignment", _("There are no orders yet."), _("They appear when a commander approves a plan.")))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        found = search(_("Search"), _("Number, sender or receiver"), key="find")
        site = choice(
            "list",
            _("Site"),
            ["", *named],
            words=lambda code: name(named[code][1]) if code else _("All sites"),
            default="",
            key="site",
            width=230,
        )
    chosen = status_filter(_("State"), STATES, key="state")
    states = tuple(state for state, status in ORDER_STATUS.items() if status in chosen)
    wanted = {"states": states, "search": found, "site_id": named[site][0] if site in named else None}
    count = ask(order_count, **wanted)
    if not count:
        nothing_found(_("No order matches these filters."))
        return
    to_pick = pickable(states)
    picks = ask(order_count, **(wanted | {"states": to_pick})) if to_pick else 0
    print_all(count, picks, states, found, site or "")
    window = paged(count, key="orders")
    rows = ask(orders, **wanted, limit=window.limit, offset=window.offset)
    columns = [
        Column("number", _("Number"), width="medium"),
        Column("state", _("State"), "status"),
        Column("from", _("From"), width="medium"),
        Column("to", _("To"), width="medium"),
        Column("issued", _("Issued"), "moment"),
        Column("due", _("Arrive by"), "moment"),
        Column("left", _("Limit")),
        Column("lines", _("Lines"), "number"),
        Column("incident", _("For")),
    ]
    with window.place:
        opened = grid([_row(row) for row in rows], columns, key="orders")
    if opened:
        go("orders", order=opened["number"])


def _row(row: OrderRow) -> dict[str, Any]:
    limit = row.due_at is not None and row.state not in ENDED
    return {
        "number": row.number,
        "state": ORDER_STATUS[row.state],
        "from": row.from_site,
        "to": row.to_site,
        "issued": row.issued_at,
        "due": row.due_at,
        "left": remaining(row.due_at) if limit and row.due_at else "",
        "lines": row.line_count,
        "incident": row.incident,
    }


def one_order(key: str) -> None:
    """Draw one order."""
    page: OrderPage = ask(order_page, key)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            head(_("Order"), *head_parts(page))
        buttons(page)
    lost_characters(page.order, tuple(page.lines), tuple(page.sources))
    show(facts(page))
    main, side = st.columns([2.3, 1], gap="medium")
    with main:
        steps(page)
        receiving(page)
        show(join(section(_("Lines of the order"), _("lot and bin as approved")), lines_table(page)))
        if page.shipments:
            show(join(section(_("Consignments")), shipment_cards(page)))
        if page.differences:
            rule = _("stay visible until a manager settles them")
            show(join(section(_("Discrepancies"), rule), difference_list(page)))
    with side:
        if page.hands:
            show(join(section(_("Who did what"), _("each part another person")), hands_list(page)))
        show(join(section(_("Its story"), _("newest first")), story_steps(page)))


def buttons(page: OrderPage) -> None:
    """Draw the way back and the papers."""
    number_ = page.order.number
    if st.button(_("All orders"), icon=":material/arrow_back:", type="tertiary", key="back"):
        go("orders")
    barred = {} if page.allowed["issue_paper"] else reason_disabled(who_can("issue_paper"))
    st.link_button(_("Order (PDF)"), file_link("order", number_, show="1"), icon=":material/print:", **barred)
    both = file_link("order", number_, show="1", both="1")
    st.link_button(_("In Chinese and English"), both, icon=":material/translate:", **barred)
    if page.order.state in {"issued", "acknowledged", "picking", "picked"}:
        st.link_button(_("Pick list"), file_link("pick_list", number_, show="1"), icon=":material/checklist:", **barred)


wanted = st.query_params.get("order")
if wanted:
    one_order(wanted)
else:
    one_list()
