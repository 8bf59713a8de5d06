"""The pages: which there are, in which group, and who may open them. A page whose file is missing is left out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import streamlit as st

from inventory.core.words import N_
from ui.parts.session import allowed_roles, roles
from ui.parts.words import _

SCREENS = Path(__file__).resolve().parent.parent / "screens"
HOME = "board"
LATE_SECONDS = 3.0
"""So long after a page was left an event that still names it counts as late, not as a wish to go back."""


@dataclass(frozen=True)
class PageEntry:
    """One page: file name and address, msgids of title and group, icon, and the commands or reads that open it."""

    name: str
    title: str
    icon: str
    group: str
    opened_by: tuple[str, ...]

    @property
    def file(self) -> Path:
        """The file of the screen."""
        return SCREENS / f"{self.name}.py"

    @property
    def opened_by_roles(self) -> frozenset[str]:
        """The roles that may open it."""
        return frozenset().union(*(allowed_roles(command) for command in self.opened_by))


_LISTS = ("import_stock", "import_items", "import_teams", "import_devices", "import_travel")
_COMMAND, _WAREHOUSE, _ADMINISTRATION = N_("Command"), N_("Warehouse"), N_("Administration")

PAGES: tuple[PageEntry, ...] = (
    PageEntry("board", N_("Duty board"), "monitor_heart", _COMMAND, ("see_incidents",)),
    PageEntry("incident", N_("Incident & needs"), "emergency_home", _COMMAND, ("see_incidents",)),
    PageEntry("plan", N_("Compare plans"), "alt_route", _COMMAND, ("see_plans",)),
    PageEntry("orders", N_("Orders"), "assignment", _COMMAND, ("see_orders",)),
    PageEntry("verify", N_("Verify a paper"), "qr_code_scanner", _COMMAND, ("verify_paper",)),
    PageEntry("stock", N_("Stock"), "inventory_2", _WAREHOUSE, ("see_stock",)),
    PageEntry("lot", N_("Ledger of a lot"), "receipt_long", _WAREHOUSE, ("see_ledger",)),
    PageEntry("count", N_("Count"), "barcode_scanner", _WAREHOUSE, ("read_count", "see_count_review")),
    PageEntry("receive", N_("Ship & receive"), "local_shipping", _WAREHOUSE, ("receive_shipment", "ship_order")),
    PageEntry("import", N_("Import"), "upload_file", _WAREHOUSE, _LISTS),
    PageEntry("people", N_("People & roles"), "group", _ADMINISTRATION, ("see_people", "change_own_password")),
    PageEntry("check", N_("Self-check"), "verified", _ADMINISTRATION, ("see_checks",)),
)


def present() -> list[PageEntry]:
    """Return the pages whose file is there."""
    return [page for page in PAGES if page.file.exists()]


def may_open(page: PageEntry) -> bool:
    """Return whether a role of this person opens the page."""
    return bool(roles() & page.opened_by_roles)


def navigation(*, signed_in: bool) -> tuple[st.Page | None, PageEntry | None]:
    """Tell Streamlit the pages and return the one asked for, with its entry.

    All pages are named, those that this person may not open without a link, so that their address is known and gets
    a clear answer. Without a sign-in every link is hidden.
    """
    groups: dict[str, list[st.Page]] = {}
    entries: dict[str, PageEntry] = {}
    for entry in present():
        page = st.Page(
            entry.file,
            title=_(entry.title),
            icon=f":material/{entry.icon}:",
            url_path=entry.name,
            default=entry.name == HOME,
            visibility="visible" if signed_in and may_open(entry) else "hidden",
        )
        groups.setdefault(_(entry.group), []).append(page)
        entries[page.title] = entry
    if not groups:
        return None, None
    chosen = st.navigation(groups, position="sidebar" if signed_in else "hidden", expanded=True)
    return chosen, entries[chosen.title]


def link(name: str, **query: str) -> str:
    """Return the address of a page with its query, for links in our HTML."""
    path = "/" if name == HOME else f"/{name}"
    return f"{path}?{urlencode(query)}" if query else path


def onward() -> dict[str, Any]:
    """Return the plain dictionary of where this person is being led: `then` (to be called), `to`, `left`, `at`."""
    return cast(dict[str, Any], st.session_state.setdefault("onward", {}))


def go(name: str, **query: str) -> None:
    """Open a page, with its query (ids and filters stand in the address)."""
    way = onward()
    left = (way.get("here", ""), st.query_params.to_dict())
    way.update(to=(name, query), left=left, at=time.monotonic())
    way.pop("then", None)
    st.switch_page(SCREENS / f"{name}.py", query_params=query or None)


def go_on(entry: PageEntry | None) -> None:
    """Lead on whom a late event has led back: the second click of two still names the page that was left.

    Without this, who presses twice would stand before an empty form again, with the document made and out of sight.
    """
    way = onward()
    way["here"] = entry.name if entry else ""
    if "then" in way:
        way["then"]()
        way.pop("then", None)
    if "to" not in way or time.monotonic() - way["at"] > LATE_SECONDS:
        return
    name, query = way["to"]
    back = (way["here"], st.query_params.to_dict()) == way["left"]
    if back and way["left"] != (name, query):
        st.switch_page(SCREENS / f"{name}.py", query_params=query or None)
