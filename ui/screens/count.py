"""Count: the list of counts; one count as its counters see it (blind); one count beside the book, for who approves."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from ui.parts.count_desk import desk
from ui.parts.count_list import overview
from ui.parts.count_review import review_page
from ui.parts.errand import nothing_yet
from ui.parts.session import may
from ui.parts.words import _

wanted = st.query_params.get("count")
if wanted is None:
    overview()
else:
    try:
        count_id = UUID(wanted)
    except ValueError:
        nothing_yet(_("There is no such count."), _("The address may be mistyped. Choose a count from the list."))
        st.stop()
    if may("see_count_review") and (st.query_params.get("view") == "review" or not may("read_count")):
        review_page(count_id)
    else:
        desk(count_id)
