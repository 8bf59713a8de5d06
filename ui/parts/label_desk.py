"""The way to labels and registers: what stock they are printed on, and links that open the PDF beside the page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.documents.data.labels import SIZES
from inventory.ledger.queries import StockFilter
from inventory.people.queries import can
from inventory.people.rules import DISTRICT, At
from inventory.places.queries import SiteView
from ui.parts.downloads import file_link
from ui.parts.errand import ask, reason_disabled
from ui.parts.files_labels import ALL
from ui.parts.look import section, show
from ui.parts.trade import who_can
from ui.parts.words import _

COPIES_MAX = 200
"""Copies of one label that the screen offers; a box of 200 is labelled one by one."""

SIZE_WORDS = {
    "24": N_("A4, 24 labels"),
    "8": N_("A4, 8 labels"),
    "60x40": N_("60 × 40 mm"),
    "100x70": N_("100 × 70 mm"),
}


@dataclass(frozen=True)
class Link:
    """One link to a file: its kind and key, its words in the reader's language, its icon, more of the query."""

    kind: str
    key: str
    words: str
    icon: str
    query: dict[str, str]


def label_stock(key: str) -> dict[str, str]:
    """Draw the choice of size, first place and copies; return it as the query of a link."""
    size = st.segmented_control(
        _("Size of label"),
        list(SIZES),
        default="24",
        required=True,
        format_func=lambda one: _(SIZE_WORDS[one]),
        key=f"{key}.size",
    )
    size = size or "24"
    places = SIZES[size].places
    with st.container(horizontal=True, gap="small"):
        start = 1
        if places > 1:
            start = st.number_input(
                _("First free label of the sheet"), 1, places, 1, key=f"{key}.start.{size}", width=210
            )
        copies = st.number_input(_("Copies of each"), 1, COPIES_MAX, 1, key=f"{key}.copies", width=150)
    return {"size": size, "start": str(start), "copies": str(copies)}


def label_links(links: list[Link], *, key: str, allowed: bool) -> None:
    """Draw the stock to print on and a link for each kind of label, disabled with the reason where not allowed."""
    query = label_stock(key)
    with st.container(horizontal=True, gap="small"):
        for one in links:
            _link(one, {**one.query, **query}, allowed=allowed)


def _link(one: Link, query: dict[str, str], *, allowed: bool) -> None:
    barred = {} if allowed else reason_disabled(who_can("see_stock"))
    st.link_button(one.words, file_link(one.kind, one.key, show="1", **query), icon=f":material/{one.icon}:", **barred)


def lot_label(lot_id: str, place_id: str, *, allowed: bool) -> None:
    """Draw the way to the label of one lot in one place."""
    link = Link("lot-label", lot_id, _("Lot label"), "label", {"place": place_id})
    label_links([link], key=f"label.{lot_id}.{place_id}", allowed=allowed)


def entry_labels(entry_id: str, *, key: str) -> None:
    """Draw the way to the labels of the lots that an entry took in."""
    with st.popover(_("Lot labels"), icon=":material/label:", key=f"pop.{key}"):
        label_links([Link("entry-labels", entry_id, _("Print the labels"), "print", {})], key=key, allowed=True)


def list_labels(site: SiteView | None, wanted: StockFilter) -> None:
    """Draw the way to the labels and registers of what a list of stock shows: of its site, else of the district."""
    with st.popover(_("Labels & registers"), icon=":material/print:", key="pop.labels"):
        here, all_over = ask(_allowed, site)
        key = site.code if site else ALL
        links = [
            Link("lot-labels", key, _("Lot labels of this list"), "label", _narrowing(wanted)),
            Link("bin-labels", key, _("Bin labels"), "shelves", {}),
            Link("asset-labels", key, _("Device labels"), "label_important", {}),
            Link("kit-labels", key, _("Kit labels"), "work", {}),
        ]
        show(section(_("Labels"), site.name if site else _("all sites")))
        label_links(links, key="labels", allowed=here)
        show(section(_("Registers"), _("the books as of this moment")))
        with st.container(horizontal=True, gap="small"):
            _link(Link("stock-register", key, _("Stock register"), "inventory_2", {}), {}, allowed=here)
            _link(Link("device-register", key, _("Device register"), "devices_other", {}), {}, allowed=here)
            _link(Link("team-register", ALL, _("Team register"), "groups", {}), {}, allowed=all_over)


def _allowed(work: Work, site: SiteView | None) -> tuple[bool, bool]:
    """Return whether this person may see the stock of the site, and of the whole district."""
    all_over = can(work, "see_stock", DISTRICT)
    return (all_over if site is None else can(work, "see_stock", At(site_id=site.id))), all_over


def _narrowing(wanted: StockFilter) -> dict[str, str]:
    """Return a filter as the query of a link; its site is the key."""
    found = {"find": wanted.search, "domain": wanted.domain}
    if wanted.expires_before is not None:
        found["before"] = wanted.expires_before.isoformat()
    if wanted.only_usable:
        found["usable"] = "1"
    if wanted.blocked:
        found["blocked"] = "1"
    return {name: value for name, value in found.items() if value}
