"""The papers of an incident and of its requests on its page: each one click to look at and to print."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from inventory.core.words import N_
from inventory.incidents.queries import IncidentRow, RequestRow
from ui.parts.downloads import file_link
from ui.parts.errand import reason_disabled
from ui.parts.look import section, show, sub
from ui.parts.session import may
from ui.parts.trade import who_can
from ui.parts.words import _

PAPERS: tuple[tuple[str, str, str], ...] = (
    ("mobilisation", N_("Mobilisation sheet"), "campaign"),
    ("check_in", N_("Check-in list (ICS 211)"), "how_to_reg"),
    ("status_change", N_("Status changes (ICS 210)"), "published_with_changes"),
    ("communications_plan", N_("Communications plan (ICS 205)"), "cell_tower"),
    ("resource_cards", N_("Resource cards (ICS 219)"), "style"),
)
"""Kind of file, its words, its icon: sheets to be filled in by hand."""

RECORDS: tuple[tuple[str, str, str], ...] = (
    ("incident_record", N_("Incident record"), "history_edu"),
    ("close_out", N_("Close-out"), "task_alt"),
)
"""Papers drawn from the books."""

REQUIREMENTS: tuple[str, str, str] = ("requirement_sheet", N_("Requirement sheet (ICS 215)"), "grid_on")
"""What is required, there and missing: there is one once something was requested."""

OF_REQUEST: tuple[tuple[str, str, str], ...] = (
    ("demand_report", N_("Demand report"), "description"),
    ("resource_request", N_("Resource request (ICS 213RR)"), "outbox"),
)
"""Papers of one request."""

REQUESTS_SHOWN = 3


def draw_papers(row: IncidentRow, requests: Sequence[RequestRow] = ()) -> None:
    """Draw a link to each paper of an incident; whoever may not print sees why."""
    show(section(_("Papers from the books"), _("a change is a new revision")))
    links([*RECORDS, *([REQUIREMENTS] if requests else [])], str(row.id))
    show(section(_("Sheets to fill in by hand"), _("with the teams of the register")))
    links(PAPERS, str(row.id))


def draw_request_papers(requests: Sequence[RequestRow]) -> None:
    """Draw the papers of an incident's requests, the newest at hand, the others folded away."""
    for one in requests[:REQUESTS_SHOWN]:
        _request_row(one)
    if requests[REQUESTS_SHOWN:]:
        with st.expander(_("Papers of earlier requests"), icon=":material/print:"):
            for one in requests[REQUESTS_SHOWN:]:
                _request_row(one)


def _request_row(one: RequestRow) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        show(sub(one.number), width="content")
        links(OF_REQUEST, str(one.id), boxed=False)


def links(papers: Sequence[tuple[str, str, str]], key: str, *, boxed: bool = True) -> None:
    """Draw links to papers of one subject; `boxed` gives them a row of their own."""
    barred = {} if may("issue_paper") else reason_disabled(who_can("issue_paper"))

    def draw() -> None:
        for kind, words, icon in papers:
            st.link_button(_(words), file_link(kind, key, show="1"), icon=f":material/{icon}:", **barred)

    if not boxed:
        draw()
        return
    with st.container(horizontal=True, gap="small"):
        draw()
