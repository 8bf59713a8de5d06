"""Stock: what stands where, by item and by lot, searched and paged in SQL; a row opens the lot in a drawer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.ledger.queries import StockFilter, StockRow, item_sums, stock, stock_count, today_of
from inventory.places.queries import SiteView, sites
from ui.parts.choices import choice
from ui.parts.errand import ask
from ui.parts.label_desk import list_labels
from ui.parts.look import STATUS, head, note, show, status_word, sub
from ui.parts.stock_drawer import drawer, take_said
from ui.parts.tables import Column, grid, nothing_found, paged, search
from ui.parts.trade import SOON_DAYS, stock_state, units
from ui.parts.words import _, clock, name

STORES = ("store", "point", "forward", "team_base", "village", "shelter")
SHOWN = ("free", "soon", "expired", "blocked")
VIEWS = ("lots", "items")


def lists(work: Work) -> tuple[list[SiteView], dict[str, Name], dict[str, Name], dt.date, dt.datetime]:
    """Read what the filters offer: sites, domains, units; the day and the moment of this look."""
    return sites(work, kinds=STORES), term_names(work, kind="domain"), units(work), today_of(work), work.now


def filters(places: list[SiteView], domains: dict[str, Name], today: dt.date) -> tuple[str, StockFilter]:
    """Draw the filters; return the view ("lots" or "items") and what they narrow to."""
    named = {place.code: place for place in places}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        found = search(_("Search"), _("Item, code, pinyin, batch or label"), key="find")
        where = choice(
            "list",
            _("Site"),
            ["", *named],
            words=lambda code: name(named[code].name) if code else _("All sites"),
            default="",
            key="site",
            width=230,
        )
        domain = choice(
            "list",
            _("Area of work"),
            ["", *domains],
            words=lambda code: name(domains[code]) if code else _("All areas"),
            default="",
            key="domain",
            width=150,
        )
        only = choice(
            "pills",
            _("Show only"),
            SHOWN,
            words=lambda one: f":material/{STATUS[one].icon}: {status_word(one)}",
            key="only",
        )
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        view = choice(
            "segments",
            _("View"),
            VIEWS,
            words=lambda one: {"lots": _("By lot"), "items": _("By item")}[one],
            default="lots",
            required=True,
            key="view",
            label_visibility="collapsed",
        )
    before = {"soon": today + dt.timedelta(days=SOON_DAYS), "expired": today}.get(only or "")
    wanted = StockFilter(
        search=found,
        site_id=named[where].id if where in named else None,
        domain=domain or "",
        expires_before=before,
        only_usable=only in {"free", "soon"},
        blocked=only == "blocked",
    )
    with row:
        list_labels(named.get(where or ""), wanted)
    return view or "lots", wanted


def by_lot(wanted: StockFilter, today: dt.date, unit_names: dict[str, Name]) -> None:
    """Draw the lots, one page of them; a press opens the drawer."""
    total = ask(stock_count, wanted=wanted)
    if not total:
        nothing_found(_("No lot matches these filters."))
        return
    window = paged(total, key="stock")
    rows = ask(stock, wanted=wanted, limit=window.limit, offset=window.offset)
    shown = [_row(row, today, unit_names) for row in rows]
    columns = [
        Column("item", _("Item"), width="medium"),
        Column("lot", _("Lot")),
        Column("batch", _("Batch")),
        Column("site", _("Site"), width="medium"),
        Column("place", _("Bin")),
        Column("hand", _("On hand"), "number"),
        Column("held", _("Reserved"), "number"),
        Column("free", _("Available"), "number"),
        Column("unit", _("Unit")),
        Column("expires", _("Expiry"), "day"),
        Column("state", _("State"), "status"),
    ]
    with window.place:
        opened = grid(shown, columns, key="stock")
    if opened:
        drawer(opened["lot_id"], opened["place_id"])


def _row(row: StockRow, today: dt.date, unit_names: dict[str, Name]) -> dict[str, Any]:
    return {
        "lot_id": row.lot_id,
        "place_id": row.place_id,
        "item": row.item,
        "lot": row.lot,
        "batch": row.batch or "—",
        "site": row.site,
        "place": row.place,
        "hand": row.on_hand,
        "held": row.held,
        "free": 0 if row.reasons else row.available,
        "unit": unit_names.get(row.unit, row.unit),
        "expires": row.expires_on,
        "state": stock_state(row, today),
    }


def by_item(wanted: StockFilter, unit_names: dict[str, Name]) -> None:
    """Draw the sums of items; a press shows the item's lots."""
    rows = ask(item_sums, wanted=wanted)
    if not rows:
        nothing_found(_("No item matches these filters."))
        return
    window = paged(len(rows), key="items")
    page = rows[window.offset : window.offset + window.limit]
    shown = [
        {
            "code": row.item_code,
            "item": row.item,
            "sites": row.sites,
            "hand": row.on_hand,
            "held": row.held,
            "free": row.available,
            "bad": row.unusable,
            "unit": unit_names.get(row.unit, row.unit),
            "state": "free" if row.available else "short",
        }
        for row in page
    ]
    columns = [
        Column("code", _("Code"), width="small"),
        Column("item", _("Item"), width="medium"),
        Column("sites", _("Sites"), "number"),
        Column("hand", _("On hand"), "number"),
        Column("held", _("Reserved"), "number"),
        Column("free", _("Available"), "number"),
        Column("bad", _("Not usable"), "number"),
        Column("unit", _("Unit")),
        Column("state", _("State"), "status"),
    ]
    with window.place:
        opened = grid(shown, columns, key="items")
    if opened:
        st.session_state["stock.go"] = opened["code"]
        st.rerun()


def page() -> None:
    """Draw the page."""
    if (code := st.session_state.pop("stock.go", None)) is not None:
        st.session_state["find"], st.session_state["view"] = code, "lots"
    places, domains, unit_names, today, now = ask(lists)
    place = st.container()
    said = take_said()
    if said is not None:
        show(note("green", *said))
    view, wanted = filters(places, domains, today)
    if view == "items":
        by_item(wanted, unit_names)
    else:
        by_lot(wanted, today, unit_names)
    with place:
        words = _("As of %(clock)s · press a row for its story") % {"clock": clock(now)}
        head(_("Stock"), sub(words))


page()
