"""The door: on every rerun, who is there, in which language, which pages are theirs; then the page asked for.

Streamlit runs this file as its script. What is shown without a sign-in is the sign-in page alone, whatever address was
asked for; the address is kept and opened afterwards.
"""

from __future__ import annotations

import streamlit as st

from inventory.core.errors import Refusal
from ui.parts import doorway
from ui.parts.components import speak
from ui.parts.errand import refusal_note
from ui.parts.look import dress, show
from ui.parts.pages import go_on, may_open, navigation
from ui.parts.session import look_up
from ui.parts.whole import await_callbacks
from ui.parts.words import _

st.set_page_config(page_title=_("Tongdiao"), page_icon=doorway.MARK_SMALL, layout="wide", initial_sidebar_state=216)
dress()
await_callbacks()
try:
    person = look_up()
except Refusal as refusal:  # The database is away: say so in words instead of a bare error.
    doorway.settle_language(None)
    show(refusal_note(refusal))
    speak()
    st.stop()

doorway.settle_language(person)
page, entry = navigation(signed_in=person is not None)
if person is None:
    from ui.screens import signin

    signin.draw()
    speak()
elif person.must_change_password:
    doorway.sidebar(person)
    doorway.new_password()
else:
    doorway.sidebar(person)
    go_on(entry)
    if "missing" in st.query_params:
        doorway.no_such_page(st.query_params["missing"])
    elif page is None or entry is None:
        doorway.no_pages()
    elif not may_open(entry):
        doorway.not_your_page(entry)
    else:
        page.run()
