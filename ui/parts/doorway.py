"""What the door draws beside the page: the sidebar's foot, and the pages for addresses that lead nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

from inventory.core.words import LANGUAGES
from inventory.people.accounts import change_password
from inventory.people.queries import Here, here
from inventory.people.sessions import Person
from ui.parts.components import speak
from ui.parts.errand import Form, ask, errand_of_store
from ui.parts.look import chip, empty, head, html, icon, join, note, show
from ui.parts.pages import PageEntry, link
from ui.parts.session import TOKEN
from ui.parts.whole import whole
from ui.parts.words import LANGUAGE_COOKIE, LANGUAGE_NAMES, _, language, language_of, name, text, word

STATIC = Path(__file__).resolve().parent.parent / "static"
MARK, MARK_SMALL = STATIC / "mark.svg", STATIC / "mark_small.svg"


def settle_language(person: Person | None) -> None:
    """Decide the language once per session: the address, the account, the browser's cookie, the browser, Chinese.

    The switch writes the session afterwards and so decides over all of these.
    """
    if "language" not in st.session_state:
        kept = st.context.cookies.get(LANGUAGE_COOKIE)
        st.session_state.language = (
            language_of(st.query_params.get("lang"))
            or language_of(person.language if person else None)
            or language_of(kept)
            or language_of(st.context.locale)
            or LANGUAGES[0]
        )


def language_switch(*, width: Literal["stretch", "content"] = "stretch") -> None:
    """Draw the switch between the languages; each is named in itself."""

    @whole
    def switch() -> None:
        st.session_state.language = st.session_state["language.switch"]

    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        default=language(),
        format_func=LANGUAGE_NAMES.__getitem__,
        key="language.switch",
        on_change=switch,
        required=True,
        label_visibility="collapsed",
        width=width,
    )


def role_words(person: Person) -> str:
    """Return a person's roles in words, each once."""
    roles = dict.fromkeys(held.role for held in person.roles)
    return " · ".join(word("role", role) for role in roles)


def sidebar(person: Person) -> None:
    """Draw logo, language, who is signed in, which node this is, the way out; and hand Streamlit its words."""
    st.logo(MARK, size="large", icon_image=MARK_SMALL)
    node: Here = ask(here)
    with st.sidebar:
        language_switch()
        demo = join(html('<div class="t-gap"></div>'), chip("demo")) if node.demo else ""
        show(
            html(
                '<div class="t-who"><div class="t-b">{who}</div><div class="t-sub">{roles}</div>'
                '<div class="t-sub">{organisation}</div><div class="t-gap"></div>'
                '<div class="t-sub t-row">{dns}{node} · {offline}</div>{demo}</div>',
                who=name(person.name),
                roles=role_words(person),
                organisation=name(person.organisation),
                dns=icon("dns"),
                node=node.code,
                offline=_("works offline"),
                demo=demo,
            )
        )
        # A plain form: the cookie is HttpOnly, so only the server can end it.
        show(
            html(
                '<form method="post" action="/auth/logout"><button type="submit" class="t-out">{}</button></form>',
                _("Sign out"),
            )
        )
        speak()


def _clear_page(title: str, glyph: str, what: str, then: str) -> None:
    head(title)
    show(empty(glyph, what, then))
    home = html(
        '<p style="text-align:center;margin-top:1rem"><a href="{}" target="_self">{}</a></p>',
        link("board"),
        _("To the duty board"),
    )
    show(home)


def no_such_page(address: str) -> None:
    """Say that an address leads nowhere."""
    what = _("There is no page “%(address)s”.") % {"address": address[:200]}
    _clear_page(_("No such page"), "explore_off", what, _("The address may be mistyped or from an older version."))


def not_your_page(entry: PageEntry) -> None:
    """Say that the page is not for this person's roles, and whose it is."""
    what = _("“%(page)s” is not open to you.") % {"page": _(entry.title)}
    words = text(tuple(word("role", role) for role in sorted(entry.opened_by_roles) if role != "api"))
    then = _("It is for: %(roles)s. Ask the security administrator if your work needs it.") % {"roles": words}
    _clear_page(_(entry.title), "lock_person", what, then)


def no_pages() -> None:
    """Say that no page is installed."""
    _clear_page(_("Tongdiao"), "construction", _("No page is installed yet."), "")


def new_password() -> None:
    """Ask for a password of the person's own before anything else."""
    form = Form("new_password")
    head(_("Choose your own password"))
    show(html('<p class="t-sub">{}</p>', _("The one you were given is known to somebody else.")))
    with st.form(form.key("fields"), width=420):
        old = st.text_input(_("Password you were given"), type="password", key=form.key("old"))
        new = st.text_input(_("New password"), type="password", key=form.key("new"))
        again = st.text_input(_("New password once more"), type="password", key=form.key("again"))
        sent = st.form_submit_button(_("Change password"), type="primary")
    if sent and new != again:
        show(note("red", _("The two new passwords differ."), "", _("Type the new password twice the same.")))
    elif sent:
        token, address = st.session_state.get(TOKEN), st.context.ip_address or ""
        errand_of_store(change_password, form=form, old=old, new=new, token=token, address=address)
