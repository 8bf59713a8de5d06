"""The steps of a warehouse with an order: acknowledge, pick, check, ship; decline, cancel, close short.

Each step is one form with its own id. Who may not do it sees the button disabled with the reason and who can. Who has
handled the order before may go on only with a reason for the override, which is logged and printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from inventory.core.words import HOME_ZONE
from inventory.dispatch.picking import acknowledge_order, cancel_order, check_order, decline_order, pick_order
from inventory.dispatch.rules import ORDER_STEPS, Carrier, Pick
from inventory.dispatch.shipping import close_short, ship_order
from inventory.dispatch.tracking import DiscrepancyRow
from inventory.people.signing_off import Hand
from ui.parts.errand import Form, confirm, errand, reason_disabled
from ui.parts.look import Html, chip, html, join, lines, note, section, show, sub
from ui.parts.order_view import OrderPage
from ui.parts.pages import go
from ui.parts.session import actor
from ui.parts.trade import amount, who_can
from ui.parts.words import _, day, local, name, number, word

REASON_MAX = 200


def next_step(page: OrderPage) -> str | None:
    """Return the command that comes next at the sender's site; None when there is none."""
    state = page.order.state
    if state in {"issued", "acknowledged", "picking"}:
        return "pick_order"
    return {"picked": "check_order", "checked": "ship_order"}.get(state)


def steps(page: OrderPage) -> None:
    """Draw the form of the next step, and what may be done besides."""
    step = next_step(page)
    if step == "pick_order":
        _pick(page)
    elif step == "check_order":
        _check(page)
    elif step == "ship_order":
        _ship(page)
    elif page.order.state == "shipped" and page.stock:
        _rest(page)
    _besides(page)


def _barred(page: OrderPage, command: str, hand: Hand | None, capacity: str) -> tuple[dict[str, Any], Html | None]:
    """Return what bars this person from a step: no role here, or another capacity in the same document."""
    if not page.allowed[command]:
        words = who_can(command)
        return reason_disabled(words), sub(words)
    if hand is not None and hand.role != capacity:
        words = _("You are the %(role)s of this order; another person does this step (four eyes).") % {
            "role": word("role", hand.role)
        }
        return {"help": words}, chip("override", words)
    return {}, None


def _override(form: Form, bar: Html | None, *, allowed: bool) -> str | None:
    """Ask for the reason of an override where a second capacity is needed; None where none is needed."""
    if bar is None or not allowed:
        return None
    show(bar)
    with st.popover(_("Go on alone, with a reason"), icon=":material/gavel:", key=form.key("alone")):
        show(note("violet", _("An override is logged, printed on the paper and seen by the auditor.")))
        written = st.text_input(_("Why nobody else can do it"), key=form.key("override"), max_chars=REASON_MAX)
    return written.strip() or None


def _mine(page: OrderPage) -> Hand | None:
    account = actor().account_id
    return page.hand_of(account) if account is not None else None


def _pick(page: OrderPage) -> None:
    """Draw the stock to take, bin by bin, each with the quantity found (all by default)."""
    form = Form(f"pick.{page.order.id}")
    waiting = [one for one in page.stock if one.place_kind == "bin"]
    show(section(_("Pick the goods"), _("in walking order; enter less where something is not found")))
    barred, bar = _barred(page, "pick_order", _mine(page), "keeper")
    found: dict[Any, int | None] = {}
    with st.container(border=True, key="picks", gap="small"):
        for one in waiting:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                expires = f" · {day(one.expires_on)}" if one.expires_on else ""
                show(
                    html(
                        '<div class="t-row nw"><span class="t-bin">{}</span><span><span class="t-b">{}</span><br>'
                        '<span class="t-sub">{}{} · {}</span></span></div>',
                        one.place, one.item, one.lot, expires, amount(one.remaining, one.unit, page.units),
                    )
                )  # fmt: skip
                found[one.hold_id] = st.number_input(
                    _("Found"),
                    min_value=0,
                    max_value=one.remaining,
                    value=one.remaining,
                    key=form.key(f"found.{one.hold_id}"),
                    width=130,
                    label_visibility="collapsed",
                    disabled="disabled" in barred,
                )
    missing = sum(one.remaining - (found[one.hold_id] or 0) for one in waiting)
    if missing:
        words = _("%(count)s stay reserved in their bins until they are found or the commander closes the order short.")
        show(note("orange", _("Not found"), words % {"count": number(missing)}))
    reason = _override(form, bar, allowed=page.allowed["pick_order"])
    if bar is not None and not page.allowed["pick_order"]:
        show(bar)
    with st.container(horizontal=True, key="acts"):
        if page.order.state == "issued":
            _acknowledge(page)
        taken = [Pick(key, quantity or 0) for key, quantity in found.items()]
        facts = {"order_id": page.order.id, "seen": page.order.seen, "picks": taken, "override_reason": reason}
        if st.button(
            _("Post the pick"),
            type="primary",
            icon=":material/trolley:",
            key=form.key("go"),
            shortcut="Ctrl+Enter",
            **_without_reason(barred, bar, reason),
        ):
            errand(pick_order, form=form, **facts)


def _without_reason(barred: dict[str, Any], bar: Html | None, reason: str | None) -> dict[str, Any]:
    """Return what bars the button of a step now: the role, or a missing reason of the override."""
    if "disabled" in barred:
        return barred
    if bar is not None and reason is None:
        return {"disabled": True, **barred}
    return {}


def _acknowledge(page: OrderPage) -> None:
    form = Form(f"acknowledge.{page.order.id}")
    barred = {} if page.allowed["acknowledge_order"] else reason_disabled(who_can("acknowledge_order"))
    if st.button(_("Acknowledge"), icon=":material/how_to_reg:", key=form.key("go"), **barred):
        errand(acknowledge_order, form=form, order_id=page.order.id, seen=page.order.seen)


def _check(page: OrderPage) -> None:
    form = Form(f"check.{page.order.id}")
    show(join(section(_("Check the goods"), _("a second person compares goods and order")), _standing(page)))
    barred, bar = _barred(page, "check_order", _mine(page), "checker")
    reason = _override(form, bar, allowed=page.allowed["check_order"])
    with st.container(horizontal=True, key="acts"):
        if st.button(
            _("Checked, all agrees"),
            type="primary",
            icon=":material/rule:",
            key=form.key("go"),
            shortcut="Ctrl+Enter",
            **_without_reason(barred, bar, reason),
        ):
            errand(check_order, form=form, order_id=page.order.id, seen=page.order.seen, override_reason=reason)
    if "disabled" in barred and bar is not None:
        show(bar)


def _standing(page: OrderPage) -> Html:
    """Return what stands in the staging area for the order."""
    ready = [one for one in page.stock if one.place_kind != "bin"]
    return lines(
        *(
            html(
                '<div class="t-line k"><span class="t-when">{}</span><span class="t-b">{} <span class="t-sub">{}</span>'
                "</span><span>{}</span></div>",
                number(at), one.item, one.lot, amount(one.remaining, one.unit, page.units),
            )
            for at, one in enumerate(ready, 1)
        )
    )  # fmt: skip


def _ship(page: OrderPage) -> None:
    form = Form(f"ship.{page.order.id}")
    show(join(section(_("Ship the goods"), _("goes on the waybill and the receipt")), _standing(page)))
    barred, bar = _barred(page, "ship_order", None, "keeper")
    off = {"disabled": "disabled" in barred}
    with st.container(horizontal=True, gap="small"):
        plate = st.text_input(_("Plate"), key=form.key("plate"), max_chars=20, width=170, **off)
        driver = st.text_input(_("Driver"), key=form.key("driver"), max_chars=40, width=170, **off)
        phone = st.text_input(_("Phone"), key=form.key("phone"), max_chars=30, width=190, **off)
        eta = st.datetime_input(
            _("Expected at"), value=_expected(page), key=form.key("eta"), format="YYYY-MM-DD", width=230, **off
        )
    carrier = Carrier(plate.strip(), driver.strip(), phone.strip(), page.order.mode)
    facts = {
        "order_id": page.order.id,
        "seen": page.order.seen,
        "carrier": carrier,
        "eta_at": eta.replace(tzinfo=HOME_ZONE) if eta else None,
    }

    def body() -> None:
        show(
            join(
                _standing(page),
                html('<div class="t-gap"></div>'),
                sub(f"{plate} {driver} {phone} → {name(page.order.to_site)}"),
            )
        )

    with st.container(horizontal=True, key="acts"):
        if st.button(
            _("Ship the goods"),
            type="primary",
            icon=":material/local_shipping:",
            key=form.key("go"),
            shortcut="Ctrl+Enter",
            **barred,
        ):
            confirm(
                _("Ship this order"),
                act=_("Ship now"),
                body=body,
                do=lambda: errand(ship_order, form=form, **facts),
                glyph="local_shipping",
            )
    if bar is not None:
        show(bar)


def _expected(page: OrderPage) -> dt.datetime | None:
    """Return the arrival as the plan had it, on the clock of the wall."""
    return local(page.order.due_at).replace(tzinfo=None, second=0, microsecond=0) if page.order.due_at else None


def _rest(page: OrderPage) -> None:
    left = sum(one.remaining for one in page.stock)
    words = _(
        "%(count)s of this order are still reserved here: the commander closes them short, or they are cancelled."
    )
    show(note("orange", _("Not all was shipped."), words % {"count": number(left)}))


def _besides(page: OrderPage) -> None:
    """Draw the rare steps: straight shipping by override, declining, cancelling, closing short; each with a reason."""
    state, words = page.order.state, _reasons()
    offered: list[tuple[str, Callable[..., Any]]] = []
    if "declined" in ORDER_STEPS[state]:
        offered.append(("decline_order", decline_order))
    if "cancelled" in ORDER_STEPS[state]:
        offered.append(("cancel_order", cancel_order))
    if state == "shipped" and page.stock:
        offered.append(("close_short", close_short))
    straight = state in {"issued", "acknowledged", "picked"} and page.allowed["ship_order"]
    if not offered and not straight:
        return
    with st.container(horizontal=True, gap="small"):
        for command, do in offered:
            label, asks, glyph = words[command]
            barred = {} if page.allowed[command] else reason_disabled(who_can(command))
            form = Form(f"{command}.{page.order.id}")
            with st.popover(label, icon=f":material/{glyph}:", key=f"pop.{command}", type="tertiary", **barred):
                why = st.text_input(asks, key=form.key("why"), max_chars=REASON_MAX)
                if st.button(label, type="primary", key=form.key("go"), disabled=not why.strip()):
                    errand(do, form=form, order_id=page.order.id, seen=page.order.seen, why=why.strip())
        if straight:
            _straight(page)


def _reasons() -> dict[str, tuple[str, str, str]]:
    return {
        "decline_order": (_("Decline"), _("Why this warehouse cannot do it"), "thumb_down"),
        "cancel_order": (_("Cancel the order"), _("Why it is not needed any more"), "cancel"),
        "close_short": (_("Close short"), _("Why the rest is not coming"), "content_cut"),
    }


def _straight(page: OrderPage) -> None:
    """Ship without picking or checking, in an emergency: the override needs a reason."""
    form = Form(f"straight.{page.order.id}")
    with st.popover(_("Ship at once"), icon=":material/gavel:", key="pop.straight", type="tertiary"):
        words = _("Straight from the bins, without pick and check. It is logged and printed on the order.")
        show(note("violet", _("Override."), words))
        plate = st.text_input(_("Plate"), key=form.key("plate"), max_chars=20)
        driver = st.text_input(_("Driver"), key=form.key("driver"), max_chars=40)
        phone = st.text_input(_("Phone"), key=form.key("phone"), max_chars=30)
        why = st.text_input(_("Why there is no time"), key=form.key("why"), max_chars=REASON_MAX)
        if st.button(_("Ship at once"), type="primary", key=form.key("go"), disabled=not why.strip()):
            errand(
                ship_order,
                form=form,
                order_id=page.order.id,
                seen=page.order.seen,
                carrier=Carrier(plate.strip(), driver.strip(), phone.strip(), page.order.mode),
                override_reason=why.strip(),
            )


def _waits(row: DiscrepancyRow) -> bool:
    return row.kind == "short" and not row.resolved


def receiving(page: OrderPage) -> None:
    """Offer to receive what is on its way, to those who may."""
    for one in page.shipments:
        stated = sum(row.quantity for row in page.differences if row.shipment_id == one.id and _waits(row))
        if one.carried > stated and st.button(
            _("Receive %(number)s") % {"number": one.number},
            icon=":material/inventory:",
            type="primary",
            key=f"receive.{one.id}",
            **({} if page.allowed["receive_shipment"] else reason_disabled(who_can("receive_shipment"))),
        ):
            go("receive", shipment=str(one.id))
