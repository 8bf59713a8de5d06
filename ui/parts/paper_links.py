"""Links to the papers of the warehouse, where a clerk needs them: after an entry, at a consignment, in a story."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from inventory.ledger.lots import StoryLine
from ui.parts.downloads import file_link
from ui.parts.errand import reason_disabled
from ui.parts.look import Html, html, join
from ui.parts.session import may
from ui.parts.trade import who_can
from ui.parts.words import _

TAKEN_IN = frozenset({"receive_goods", "receive_shipment", "take_paper"})
"""Entries that bring goods into a stockpile; those of an import may act at several and have no note of one."""


def paper_link(kind: str, key: str, words: str) -> Html:
    """Return a link that opens a paper beside the page."""
    address = file_link(kind, key, show="1")
    return html('<a href="{}" target="_blank" style="white-space:nowrap">{}</a>', address, words)


def paper_button(kind: str, key: str, words: str, *, allowed: bool, icon: str = "print") -> None:
    """Draw a button that opens a paper beside the page, disabled with the reason where it is not for this person."""
    barred = {} if allowed else reason_disabled(who_can("issue_paper"))
    st.link_button(words, file_link(kind, key, show="1"), icon=f":material/{icon}:", **barred)


def receipt_note_button(entry_id: UUID, *, allowed: bool) -> None:
    """Draw the way to the receipt note of an entry."""
    paper_button("receipt_note", str(entry_id), _("Receipt note (PDF)"), allowed=allowed)


def consignment_links(number: str, *, allowed: bool, stacked: bool = False) -> Html:
    """Return the links to waybill, issue note and data page of a consignment, nothing for whom they are not; one
    under the other if `stacked`.
    """
    if not allowed:
        return Html("")
    bill, note = paper_link("waybill", number, _("Waybill")), paper_link("issue_note", number, _("Issue note"))
    between = html("<br>") if stacked else " · "
    return join(bill, between, note, between, paper_link("data_page", number, _("Data page")))


def step_links(step: StoryLine) -> Html:
    """Return the links to the papers of one step of a lot's story."""
    if not may("issue_paper") or step.reverses:
        return Html("")
    if step.kind in TAKEN_IN and step.from_site is None and step.to_site is not None:
        return paper_link("receipt_note", str(step.entry_id), _("Receipt note"))
    if step.kind == "ship_order" and step.outcome.get("number"):
        return consignment_links(str(step.outcome["number"]), allowed=True)
    if step.kind == "post_count" and step.facts.get("count") and may("see_count_review"):
        return paper_link("variance_report", str(step.facts["count"]), _("Variance report"))
    return Html("")
