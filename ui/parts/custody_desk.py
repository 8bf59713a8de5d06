"""Two small desks: differences that a manager settles, and goods that receivers answer for (used or returned)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import streamlit as st

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.dispatch.closing import return_goods, use_goods
from inventory.dispatch.receiving import resolve_discrepancy
from inventory.dispatch.tracking import CustodyRow, DiscrepancyRow
from inventory.people.journal import Done
from inventory.people.reach import covered_sites
from inventory.places.queries import sites
from ui.parts.components import live
from ui.parts.errand import Form, ask, errand, reason_disabled
from ui.parts.look import empty, html, line, lines, note, section, show
from ui.parts.session import may
from ui.parts.trade import DIFFERENCES, amount, told, units, who_can
from ui.parts.words import _, name, number

NOTE_MAX = 200
QUANTITY_MAX = 999_999_999


def differences(found: list[DiscrepancyRow]) -> None:
    """List what does not agree; settle the one chosen."""
    if said := st.session_state.pop("differences.said", None):
        show(note("green", _("Settled."), said))
    if not found:
        show(empty("task_alt", _("Everything agrees."), _("Short, damaged and surplus goods appear here.")))
        return
    unit_names = ask(units)
    rows = (
        line(
            str(row.id),
            told(DIFFERENCES, row.kind),
            "",
            "red",
            html('{} <span class="t-sub">{}</span>', row.item, row.lot),
            " · ".join(part for part in (row.order or row.place.removeprefix("custody "), row.note) if part),
            html('<span class="t-b">{}</span>', amount(row.quantity, row.unit, unit_names)),
        )
        for row in found
    )
    show(section(_("Discrepancies"), _("oldest first; they stay until somebody settles them")))
    pressed = live(lines(*rows), key="differences")
    for row in found:
        if str(row.id) == pressed:
            _open(told(DIFFERENCES, row.kind), partial(_settle, row, unit_names))


def _open(title: str, body: Callable[[], None]) -> None:
    """Open a drawer at the right; on a phone it takes the whole width."""

    @st.dialog(title, position="right", width="medium")
    def drawer() -> None:
        body()

    drawer()


def _settle(row: DiscrepancyRow, unit_names: dict[str, Name]) -> None:
    form = Form(f"settle.{row.id}")
    barred = {} if may("resolve_discrepancy") else reason_disabled(who_can("resolve_discrepancy"))
    hows = {
        "found": _("Found: it goes to the receiver"),
        "lost": _("Lost: written off"),
        "noted": _("Noted: the books have it already"),
    }
    options = ["found", "lost"] if row.kind == "short" else ["noted"]
    with st.container():
        what = html("{} · {} · {}", told(DIFFERENCES, row.kind), row.item, amount(row.quantity, row.unit, unit_names))
        show(html('<span class="t-b">{}</span>', what))
        how = st.pills(_("Settle as"), options, format_func=hows.__getitem__, key=form.key("how"), wrap=True)
        written = st.text_input(_("What was found out"), key=form.key("note"), max_chars=NOTE_MAX)
        ready = bool(how and written.strip())
        if st.button(
            _("Settle"),
            type="primary",
            icon=":material/gavel:",
            key=form.key("go"),
            **(barred or {"disabled": not ready}),
        ):
            errand(
                resolve_discrepancy,
                form=form,
                then=lambda answer: st.session_state.update({"differences.said": _settled(row, answer)}),
                discrepancy_id=row.id,
                how=how,
                note=written.strip(),
            )


def _settled(row: DiscrepancyRow, done: Done) -> str:
    what = f"{told(DIFFERENCES, row.kind)} · {name(row.item)} · {row.lot}"
    if not done.outcome.get("reopened"):
        return what
    return f"{what}. {_('What was lost is open again in its request: propose plans for it, or give it up.')}"


def held(found: list[CustodyRow]) -> None:
    """List what receivers hold, by incident and holder; use or return the one chosen."""
    if said := st.session_state.pop("held.said", None):
        show(note("green", _("Recorded."), said))
    if not found:
        show(
            empty("task_alt", _("Nothing is held for an incident."), _("What receivers have signed for appears here."))
        )
        return
    unit_names = ask(units)
    rows = (
        line(
            f"{row.custody_id}/{row.lot_id}",
            row.lot,
            "",
            "gray",
            row.item,
            html("{} · {} · {}", row.holder, row.site, row.incident or _("no incident")),
            html('<span class="t-b">{}</span>', amount(row.quantity, row.unit, unit_names)),
        )
        for row in found
    )
    show(section(_("Held by receivers"), _("an incident closes when all of it is used or has come back")))
    pressed = live(lines(*rows), key="held")
    for row in found:
        if f"{row.custody_id}/{row.lot_id}" == pressed:
            _open(_("Held by receivers"), partial(_use_or_return, row, unit_names))


def _stores(work: Work) -> dict[UUID, Name]:
    """Return the stores to which this person may return goods."""
    covered = covered_sites(work, "return_goods")
    kinds = ("store", "point", "forward")
    return {one.id: one.name for one in sites(work, kinds=kinds) if covered is None or one.id in covered}


def _use_or_return(row: CustodyRow, unit_names: dict[str, Name]) -> None:
    form = Form(f"held.{row.custody_id}.{row.lot_id}")
    with st.container():
        words = amount(row.quantity, row.unit, unit_names)
        show(html('<span class="t-big">{}</span> <span class="t-sub">{} · {}</span>', row.item, row.lot, words))
        what = st.pills(
            _("What happened"),
            ("used", "returned"),
            format_func=lambda one: {"used": _("Used or handed out"), "returned": _("Comes back to a store")}[one],
            key=form.key("what"),
        )
        with st.container(key=f"pad-{form.key('quantity')}".replace(".", "-")):
            quantity = st.number_input(
                _("Quantity"), 1, QUANTITY_MAX, None, key=form.key("quantity"), placeholder="–", width=220
            )
        store = None
        if what == "returned":
            stores = ask(_stores)
            store = st.selectbox(
                _("To which store"),
                list(stores),
                index=None,
                format_func=lambda key: name(stores[key]),
                key=form.key("to"),
            )
        written = st.text_input(_("Note"), key=form.key("note"), max_chars=NOTE_MAX)
        command = "use_goods" if what == "used" else "return_goods"
        ready = bool(what and quantity and (what == "used" or store))
        barred = {} if may(command) else reason_disabled(who_can(command))
        if st.button(_("Post"), type="primary", key=form.key("go"), **(barred or {"disabled": not ready})):
            said = f"{name(row.item)} · {number(quantity or 0)}"
            facts = {"custody_id": row.custody_id, "lot_id": row.lot_id, "quantity": quantity, "note": written.strip()}
            keep = {"held.said": said}
            if what == "used":
                errand(use_goods, form=form, then=lambda answer: st.session_state.update(keep), **facts)
            else:
                errand(
                    return_goods, form=form, then=lambda answer: st.session_state.update(keep), site_id=store, **facts
                )
