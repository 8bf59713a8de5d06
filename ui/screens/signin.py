"""Sign-in: a plain form posted to our own route; what is wrong and what to do; works without a network.

On a demo database served to this machine alone, the demo accounts stand below with their passwords.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

import streamlit as st

from inventory.core.errors import DatabaseBusy, DiskFull, Refusal
from inventory.core.work import SYSTEM
from inventory.people.queries import here
from inventory.people.signing_in import DemoAccount, DemoNotHere, NotSignedIn, WaitBeforeSigningIn, demo_accounts
from ui.parts.doorway import language_switch
from ui.parts.errand import refusal_note
from ui.parts.look import Html, chip, empty, html, icon, join, section, show, sub, table
from ui.parts.nearby import served_nearby
from ui.parts.opening import is_founded, store
from ui.parts.words import _, name, word

_OWN = ("refused", "tries_left", "seconds", "next", "lang", "missing")


def onward() -> str:
    """Return the address to open after sign-in: the one that was asked for, without what this page added."""
    kept = st.query_params.get("next")
    if kept:
        return kept
    asked = urlsplit(st.context.url or "/")
    query = {key: value for key, value in st.query_params.items() if key not in _OWN}
    path = asked.path or "/"
    return f"{path}?{urlencode(query)}" if query else path


def _number(key: str) -> int:
    text = st.query_params.get(key, "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def refusal_in_address() -> Refusal | None:
    """Return the refusal of the last try: the sign-in route left its code and numbers in the address."""
    code = st.query_params.get("refused")
    if code == WaitBeforeSigningIn.code:
        return WaitBeforeSigningIn(seconds=_number("seconds"))
    if code == DemoNotHere.code:
        return DemoNotHere()
    if code == DatabaseBusy.code:
        return DatabaseBusy(seconds=_number("seconds"))
    if code == DiskFull.code:
        return DiskFull()
    return NotSignedIn(tries_left=_number("tries_left")) if code else None


def _why_not() -> Html:
    """Return the note above the form when the last try was refused."""
    refusal = refusal_in_address()
    if refusal is None:
        return Html("")
    return join(refusal_note(refusal), html('<div style="height:.9rem"></div>'))


def _form() -> Html:
    return html(
        '<h2>{title}</h2><form method="post" action="/auth/login"><input type="hidden" name="next" value="{onward}">'
        '<label class="t-field">{login}<input name="login" autocomplete="username" autocapitalize="none"'
        ' spellcheck="false" maxlength="40" required></label>'
        '<label class="t-field">{password}<input name="password" type="password" autocomplete="current-password"'
        ' maxlength="200" required></label>'
        '<button type="submit" class="t-submit">{title}</button></form>',
        title=_("Sign in"),
        onward=onward(),
        login=_("User name"),
        password=_("Password"),
    )


def _aside(node: str, demo: bool) -> Html:
    return html(
        '<aside><div><div class="t-row"><img src="/app/static/mark_small.svg" width="38" height="44" alt="">'
        '<span class="t-name">{product}</span></div><p class="t-sub">{purpose}</p></div>'
        '<p class="t-say">{say}</p><p class="t-sub">{offline_icon} {offline}<br>{node_icon} {node} {demo}</p></aside>',
        product=_("Tongdiao"),
        purpose=_("Emergency supplies and rescue resources"),
        say=_("It can be sent.\nIt works on arrival."),
        offline_icon=icon("wifi_off"),
        offline=_("Runs here, works offline"),
        node_icon=icon("dns"),
        node=_("Node %(code)s") % {"code": node},
        demo=chip("demo") if demo else "",
    )


def _demo(accounts: Sequence[DemoAccount]) -> Html:
    """Return the demo accounts as a table: role, name, user name, password."""
    rows = [[_role(one), name(one.name), _code(one.login), _code(one.password), _enter(one)] for one in accounts]
    titles = [_("Role"), _("Name"), _("User name"), _("Password"), ""]
    heading = section(_("Demo accounts"), _("only on the demo database, only on this machine"))
    return html(
        '<form class="t-demo" method="post" action="/auth/login">'
        '<input type="hidden" name="next" value="{}">{}{}</form>',
        onward(),
        heading,
        table(titles, rows),
    )


def _role(account: DemoAccount) -> Html:
    scope = sub(name(account.scope)) if account.scope else ""
    return html("{} {}", word("role", account.role), scope)


def _enter(account: DemoAccount) -> Html:
    """Return a button that signs the demo account in; the form around the table carries the address to open."""
    return html('<button type="submit" name="demo" value="{}">{}</button>', account.login, _("Enter"))


def _code(words: str) -> Html:
    return html("<code>{}</code>", words)


def draw() -> None:
    """Draw the sign-in page."""
    try:
        if not is_founded():
            what, then = _("This database has no district yet."), _("Stop the server and run: %(command)s")
            show(empty("domain_add", what, then % {"command": "python -m inventory init --demo"}))
            return
        node = store().read(SYSTEM, here)
    except Refusal as refusal:
        show(refusal_note(refusal))
        return
    st.space(40)
    borrowed = html('<p style="margin-top:1rem">{}</p>', sub(_("On a borrowed device, sign out when you are done.")))
    body = html("<section>{}{}{}</section>", _why_not(), _form(), borrowed)
    show(html('<div class="t-gate">{}{}</div>', _aside(node.code, node.demo), body))
    with st.container(horizontal=True, horizontal_alignment="center"):
        language_switch(width="content")
    if node.demo and served_nearby(st.context.headers.to_dict()):
        accounts = demo_accounts(store())
        if accounts:
            show(_demo(accounts))
