"""Receiving a consignment: line by line what came good and damaged, blank until somebody states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.dispatch.queries import OrderRow, order
from inventory.dispatch.receiving import receive_shipment
from inventory.dispatch.rules import Received
from inventory.dispatch.tracking import (
    CarriedLine,
    DiscrepancyRow,
    ShipmentRow,
    carried_lines,
    discrepancies,
    shipment,
)
from inventory.people.queries import can
from inventory.people.rules import At
from inventory.people.signing_off import Hand, hands
from ui.parts.downloads import file_link
from ui.parts.errand import Form, ask, confirm, errand, reason_disabled
from ui.parts.look import chip, empty, head, html, join, mark, note, section, show, sub, table
from ui.parts.pages import go, link
from ui.parts.paper_links import paper_button, receipt_note_button
from ui.parts.session import actor
from ui.parts.trade import DIFFERENCES, amount, shipment_chip, told, units, who_can
from ui.parts.whole import whole
from ui.parts.words import _, day, moment, name, number, remaining, urgency, word

QUANTITY_MAX = 999_999
REASON_MAX = 200
RECEIVABLE = ("in_transit", "arrived", "rerouted")


@dataclass(frozen=True)
class Arrival:
    """A consignment with what it still carries and what did not agree, read on one snapshot."""

    shipment: ShipmentRow
    order: OrderRow
    lines: list[CarriedLine]
    differences: list[DiscrepancyRow]
    hands: list[Hand]
    units: dict[str, Name]
    allowed: bool
    prints: bool
    prints_here: bool


def arrival(work: Work, key: str) -> Arrival:
    """Read one consignment.

    Raises
    ------
    NotFound
    """
    try:
        shipment_id = UUID(key)
    except ValueError:
        raise NotFound(kind="shipment", key=key[:60]) from None
    row = shipment(work, shipment_id=shipment_id)
    of = order(work, order_id=row.order_id)
    return Arrival(
        shipment=row,
        order=of,
        lines=carried_lines(work, shipment_id=row.id),
        differences=discrepancies(work, unresolved=False, place_id=row.id),
        hands=hands(work, document_ids=[row.order_id, row.id]),
        units=units(work),
        allowed=can(work, "receive_shipment", At(site_id=row.to_site_id)),
        prints=can(work, "issue_paper", At(site_id=of.from_site_id)),
        prints_here=can(work, "issue_paper", At(site_id=row.to_site_id)),
    )


def one_shipment(key: str) -> None:
    """Draw one consignment: its way, its lines to receive, what is still open."""
    page = ask(arrival, key)
    form = Form(f"receive.{page.shipment.id}")
    head(_("Receive"), html('<span class="t-b">{}</span>', page.shipment.number), shipment_chip(page.shipment.state))
    with st.container(horizontal=True, gap="small"):
        if st.button(_("All consignments"), icon=":material/arrow_back:", type="tertiary", key="back"):
            go("receive", desk="coming")
        st.link_button(
            _("Receipt (PDF)"),
            file_link("receipt", page.shipment.number, show="1"),
            icon=":material/print:",
            **({} if page.prints else reason_disabled(who_can("issue_paper"))),
        )
        st.link_button(
            _("Data page (PDF)"),
            file_link("data_page", page.shipment.number, show="1"),
            icon=":material/qr_code_2:",
            **({} if page.prints else reason_disabled(who_can("issue_paper"))),
        )
        paper_button("waybill", page.shipment.number, _("Waybill (PDF)"), allowed=page.prints, icon="local_shipping")
    _way(page)
    if form.last:
        _told(form.last.outcome)
        if page.order.incident_id is None:  # Goods of an incident go to their receiver, not into stock.
            receipt_note_button(form.last.id, allowed=page.prints_here)
    open_still = [one for one in page.differences if not one.resolved]
    if open_still:
        _open_differences(page, open_still)
    if not page.lines:
        show(empty("task_alt", _("Everything of this consignment is accounted for."), ""))
    elif page.shipment.state in RECEIVABLE and not _all_stated(page, open_still):
        _form(page, form)


def _all_stated(page: Arrival, open_still: list[DiscrepancyRow]) -> bool:
    """Return whether all that is still carried has been stated as missing: nothing is left to receive."""
    missing = sum(one.quantity for one in open_still if one.kind == "short")
    return missing >= sum(one.quantity for one in page.lines)


def _way(page: Arrival) -> None:
    one = page.shipment
    vehicle = " · ".join(part for part in (one.plate, one.driver, one.phone) if part) or _("vehicle not stated")
    expected: Any = "—"
    if one.eta_at is not None:
        left = remaining(one.eta_at) if one.arrived_at is None else ""
        expected = html('{} <span class="t-ink {}">{}</span>', moment(one.eta_at), urgency(one.eta_at), left)
    address = link("orders", order=one.order)
    rows = (
        (_("From"), html('<span class="t-b">{}</span>', one.from_site)),
        (_("To"), html('<span class="t-b">{}</span>', one.to_site)),
        (_("Expected"), expected),
        (_("Vehicle"), vehicle),
        (_("Order"), html('<a href="{}" target="_self">{}</a>', address, one.order)),
    )
    cells = (html("<div><dt>{}</dt><dd>{}</dd></div>", title, value) for title, value in rows)
    show(html('<dl class="t-facts">{}</dl>', join(*cells)))


def _told(outcome: Mapping[str, Any]) -> None:
    """Say what the last receipt posted."""
    words = _("%(received)s received.") % {"received": number(outcome["received"])}
    if outcome["short"]:
        rest = _("%(short)s did not arrive: they stay in transit until a manager settles it.")
        show(note("orange", words, rest % {"short": number(outcome["short"])}))
    else:
        show(
            note("green", words, _("Signed for.") if outcome["state"] == "handed_over" else _("The rest is expected."))
        )


def _open_differences(page: Arrival, found: list[DiscrepancyRow]) -> None:
    rows = [
        [
            mark("red", "error", told(DIFFERENCES, one.kind)),
            html('{} <span class="t-sub">{}</span>', one.item, one.lot),
            amount(one.quantity, one.unit, page.units),
        ]
        for one in found
    ]
    show(section(_("Discrepancies"), _("wait for a manager")))
    show(table([_("Difference"), _("Item and lot"), _("Quantity")], rows, figures=(2,)))


def _key(line: CarriedLine) -> str:
    return f"{line.order_line_id}.{line.lot_id}"


@whole
def _fill_all(form: Form, page: Arrival) -> None:
    """Put what was sent into every field, as "all good"; runs before the page is drawn again."""
    filled = {form.key(f"good.{_key(line)}"): line.quantity for line in page.lines}
    none = {form.key(f"damaged.{_key(line)}"): 0 for line in page.lines}
    st.session_state.update(filled | none)


def _form(page: Arrival, form: Form) -> None:
    barred, second = _barred(page)
    off = "disabled" in barred
    show(section(_("What came"), _("blank = not looked at yet; 0 only where nothing came")))
    with st.container(key="acts"):
        st.button(
            _("All came, all good"),
            icon=":material/done_all:",
            width="stretch",
            key=form.key("all"),
            on_click=_fill_all,
            args=(form, page),
            **barred,
        )
    stated = [_line(page, form, line, off=off) for line in page.lines]
    figures = [one for one in stated if one is not None]
    final = st.toggle(
        _("The whole consignment has been unloaded and looked at"), value=True, key=form.key("final"), disabled=off
    )
    written = st.text_input(_("Note"), key=form.key("note"), max_chars=REASON_MAX, disabled=off)
    blank = len(stated) - len(figures)
    if final and blank and figures:
        words = _("%(count)s lines are still blank. Enter 0 where nothing came, or say that more is being unloaded.")
        show(note("orange", _("Not complete."), words % {"count": number(blank)}))
    reason = _alone(form, second, off=off)
    ready = bool(figures) and not (final and blank) and not (second and reason is None)
    with st.container(key="acts-post"):
        pressed = st.button(
            _("Sign for the goods"),
            type="primary",
            icon=":material/inventory:",
            width="stretch",
            key=form.key("post"),
            shortcut="Ctrl+Enter",
            **(barred or {"disabled": not ready}),
        )
    if off:
        show(sub(barred["help"]))
    if pressed:
        facts = {
            "shipment_id": page.shipment.id,
            "seen": page.shipment.seen,
            "lines": figures,
            "final": final,
            "note": written.strip(),
            "override_reason": reason,
        }
        confirm(
            _("Sign for the consignment"),
            act=_("Sign and post"),
            body=lambda: _review(page, figures, final=final),
            do=lambda: errand(receive_shipment, form=form, **facts),
            glyph="inventory",
        )


def _barred(page: Arrival) -> tuple[dict[str, Any], Hand | None]:
    """Return what bars this person: no role at the receiving site; or a part in sending (only by override)."""
    if not page.allowed:
        return reason_disabled(who_can("receive_shipment")), None
    account = actor().account_id
    mine = [one for one in page.hands if one.account_id == account and one.role != "receiver"]
    return {}, mine[0] if mine else None


def _alone(form: Form, second: Hand | None, *, off: bool) -> str | None:
    """Say that who sent does not sign for the goods, and ask for the reason of an override."""
    if second is None or off:
        return None
    words = _("You are the %(role)s of this order; another person signs for the goods (four eyes).")
    show(chip("override", words % {"role": word("role", second.role)}))
    written = st.text_input(_("Why nobody else can sign"), key=form.key("override"), max_chars=REASON_MAX)
    return written.strip() or None


def _line(page: Arrival, form: Form, line: CarriedLine, *, off: bool) -> Received | None:
    """Draw one line with its two big fields; None while it is blank."""
    key = _key(line)
    unit = page.units.get(line.unit, Name(line.unit))
    with st.container(border=True, gap="small"):
        expires = f" · {day(line.expires_on)}" if line.expires_on else ""
        show(
            html(
                '<div class="t-row nw" style="justify-content:space-between"><span><span class="t-big">{}</span><br>'
                '<span class="t-sub">{} {}{}</span></span><span style="text-align:right;white-space:nowrap">'
                '<span class="t-sub">{}</span><br><span class="t-big">{}</span> {}</span></div>',
                line.item, line.lot, line.batch, expires, _("sent"), number(line.quantity), unit,
            )
        )  # fmt: skip
        with st.container(horizontal=True, gap="small", key=f"pad-{form.key(key)}".replace(".", "-")):
            good = st.number_input(
                _("Good"), 0, QUANTITY_MAX, None, 1, key=form.key(f"good.{key}"), placeholder="–", disabled=off
            )
            damaged = st.number_input(
                _("Damaged"), 0, QUANTITY_MAX, None, 1, key=form.key(f"damaged.{key}"), placeholder="–", disabled=off
            )
        if good is None and damaged is None:
            return None
        return Received(
            line.order_line_id, line.lot_id, good or 0, damaged or 0, _balance(form, key, line, good or 0, damaged or 0)
        )


def _balance(form: Form, key: str, line: CarriedLine, good: int, damaged: int) -> str:
    """Show how the figures stand to what was sent; ask for a note where they differ."""
    rest = line.quantity - good - damaged
    if not rest and not damaged:
        show(chip("received", _("complete")))
        return ""
    marks = []
    if damaged:
        marks.append(mark("orange", "broken_image", _("%(count)s damaged") % {"count": number(damaged)}))
    if rest > 0:
        marks.append(chip("short", _("%(count)s short") % {"count": number(rest)}))
    if rest < 0:
        marks.append(mark("orange", "add_circle", _("%(count)s more than sent") % {"count": number(-rest)}))
    show(html('<div class="t-row">{}</div>', join(*marks)))
    written = st.text_input(_("What was seen"), key=form.key(f"note.{key}"), max_chars=REASON_MAX)
    return written.strip()


def _review(page: Arrival, figures: list[Received], *, final: bool) -> None:
    """List what will be posted."""
    by_key = {(one.order_line_id, one.lot_id): one for one in figures}
    rows: list[list[Any]] = []
    for line in page.lines:
        one = by_key.get((line.order_line_id, line.lot_id))
        came = one.good + one.damaged if one else 0
        short = max(0, line.quantity - came)
        red = html('<span class="t-ink red t-b">{}</span>', number(short)) if short else "0"
        rows.append(
            [
                line.item,
                number(line.quantity),
                number(one.good) if one else "–",
                number(one.damaged) if one else "–",
                red,
            ]
        )
    show(table([_("Item"), _("Sent"), _("Good"), _("Damaged"), _("Missing")], rows, figures=(1, 2, 3, 4)))
    words = _("What is missing stays in transit as a difference.") if final else _("What is missing is still expected.")
    show(sub(f"{words} {name(page.shipment.to_site)}"))
