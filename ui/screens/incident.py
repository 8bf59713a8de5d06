"""Incident and needs: the list, the first report, one incident, and its needs with the arithmetic written out."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from inventory.core.errors import NotFound
from inventory.core.work import Work
from inventory.dispatch.board import coverage
from inventory.incidents.queries import IncidentRow, incident, incident_count, incidents
from ui.parts import incident_detail, incident_form, incident_needs
from ui.parts.board_lists import INCIDENT_STATES, incident_card
from ui.parts.components import live
from ui.parts.errand import ask, reason_disabled, refusal_note
from ui.parts.look import empty, head, html, show, sub
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.tables import nothing_found, paged, search, status_filter
from ui.parts.trade import who_can
from ui.parts.words import _, number

PAGE_ROWS = 20


def key_of(text: str) -> UUID:
    """Return the id that stands in the address; an address that is none is refused as not found."""
    try:
        return UUID(text)
    except ValueError:
        show(refusal_note(NotFound(kind="incident", key=text[:40])))
        st.stop()


def read_list(
    work: Work, *, states: list[str], wanted: str, limit: int, offset: int
) -> tuple[list[IncidentRow], dict[UUID, object]]:
    """Read one page of incidents with how far each is covered."""
    rows = incidents(work, states=states, search=wanted, limit=limit, offset=offset)
    return rows, dict(coverage(work, incident_ids=[row.id for row in rows]))


def draw_list() -> None:
    """Draw all incidents, newest first, with filters in the address."""
    left, right = st.columns([3, 1.15], vertical_alignment="center")
    with left:
        head(_("Incident & needs"), sub(_("newest first")))
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        allowed = {} if may("open_incident") else reason_disabled(who_can("open_incident"))
        if st.button(
            _("New report"), icon=":material/add_alert:", type="primary", shortcut="Alt+N", key="new", **allowed
        ):
            go("incident", new="1")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = search(_("Search"), _("name or number"), key="q")
        states = {status: state for state, status in INCIDENT_STATES.items()}
        chosen = [states[status] for status in status_filter(_("State"), list(states), key="state")]
    total = ask(incident_count, states=chosen, search=wanted)
    if not total:
        if wanted or chosen:
            nothing_found(_("No incident fits."))
        else:
            show(empty("task_alt", _("There is no incident yet."), _("A new report opens one.")))
        return
    window = paged(total, key="incidents", page_rows=PAGE_ROWS)
    rows, shares = ask(read_list, states=chosen, wanted=wanted, limit=window.limit, offset=window.offset)
    with window.place:
        show(sub(_("incidents: %(count)s") % {"count": number(total)}))
        cards = [incident_card(row, shares.get(row.id)) for row in rows]  # type: ignore[arg-type]
        if hit := live(html('<div class="t-stack">{}</div>', html("{}" * len(cards), *cards)), key="list"):
            go("incident", incident=hit.partition(":")[2])


chosen_incident = st.query_params.get("incident")
if st.query_params.get("new"):
    incident_form.draw_new()
elif chosen_incident is None:
    draw_list()
elif st.query_params.get("request"):
    incident_needs.draw(ask(incident, incident_id=key_of(chosen_incident)))
else:
    incident_detail.draw(key_of(chosen_incident))
