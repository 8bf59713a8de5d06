"""Who sits at this screen, and what that person may do anywhere at all.

The door looks the person up from the cookie on every rerun and keeps the answer here for the screens. What a person
may do *there* is decided by the command itself; `may` only says which steps to offer.
"""

from __future__ import annotations

import streamlit as st

from inventory.core.work import Actor
from inventory.people.rules import PERMISSIONS, READS
from inventory.people.sessions import Person, person_for
from ui.parts.nearby import served_nearby
from ui.parts.opening import store

COOKIE = "inventory_session"
PERSON, TOKEN = "person", "token"


def look_up() -> Person | None:
    """Find the person of this browser's cookie, on every rerun: a session ended elsewhere ends here too.

    The cookie is the snapshot of the connection; the database decides whether it still holds.
    """
    token = st.context.cookies.get(COOKIE)
    found = person_for(store(), token, loopback=served_nearby(st.context.headers.to_dict()))
    st.session_state[PERSON], st.session_state[TOKEN] = found, token if found else None
    return found


def still_signed_in() -> bool:
    """Return whether the session still holds; asked before each write, since dialogs rerun without the door."""
    token = st.session_state.get(TOKEN)
    if token is None:
        return True
    return person_for(store(), token, loopback=served_nearby(st.context.headers.to_dict())) is not None


def person() -> Person:
    """Return who is signed in. Screens are drawn only for somebody."""
    found = st.session_state.get(PERSON)
    if not isinstance(found, Person):
        st.stop()
    return found


def actor() -> Actor:
    """Return the person as commands and queries know them."""
    return person().actor()


def roles() -> frozenset[str]:
    """Return the roles of this person, whatever their scope."""
    return frozenset(held.role for held in person().roles)


def allowed_roles(command: str) -> frozenset[str]:
    """Return the roles that may give a command or open a read, as `inventory.people.rules` lists them."""
    return PERMISSIONS.get(command) or READS.get(command, frozenset())


def may(command: str) -> bool:
    """Return whether some role of this person allows the command somewhere: offer the step or show it disabled."""
    return bool(roles() & allowed_roles(command))
