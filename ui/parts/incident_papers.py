"""The papers of an incident on its page: each one click to look at and to print."""

from __future__ import annotations

import streamlit as st

from inventory.core.words import N_
from inventory.incidents.queries import IncidentRow
from ui.parts.downloads import file_link
from ui.parts.errand import reason_disabled
from ui.parts.look import section, show
from ui.parts.session import may
from ui.parts.trade import who_can
from ui.parts.words import _

PAPERS: tuple[tuple[str, str, str], ...] = (
    ("mobilisation", N_("Mobilisation sheet"), "campaign"),
    ("check_in", N_("Check-in list (ICS 211)"), "how_to_reg"),
    ("status_change", N_("Status changes (ICS 210)"), "published_with_changes"),
    ("communications_plan", N_("Communications plan (ICS 205)"), "cell_tower"),
)
"""Kind of file, its words, its icon: sheets to be filled in by hand."""


def draw_papers(row: IncidentRow) -> None:
    """Draw a link to each paper of an incident; whoever may not print sees why."""
    barred = {} if may("issue_paper") else reason_disabled(who_can("issue_paper"))
    show(section(_("Sheets to fill in by hand"), _("with the teams of the register")))
    with st.container(horizontal=True, gap="small"):
        for kind, words, icon in PAPERS:
            address = file_link(kind, str(row.id), show="1")
            st.link_button(_(words), address, icon=f":material/{icon}:", **barred)
