"""Sign-in: a plain form posted to our own route; what is wrong and what to do; works without a network.

On a demo database served to this machine alone, the demo accounts stand below with their passwords.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit import config as streamlit_config

from inventory.core.errors import Name, Refusal
from inventory.core.work import SYSTEM
from inventory.people.queries import here
from inventory.people.signing_in import demo_accounts
from inventory.speech import say
from ui.parts.doorway import ROLE_WORDS, language_switch
from ui.parts.look import Html, chip, html, icon, join, note, section, show, sub, table
from ui.parts.opening import store
from ui.parts.words import _, language, name, span

_OWN = ("refused", "next", "lang", "missing")
REFUSALS = ("not_signed_in", "wait_before_sign_in")


def onward() -> str:
    """Return the address to open after sign-in: the one that was asked for, without what this page added."""
    kept = st.query_params.get("next")
    if kept:
        return kept
    asked = urlsplit(st.context.url or "/")
    query = {key: value for key, value in st.query_params.items() if key not in _OWN}
    path = asked.path or "/"
    return f"{path}?{urlencode(query)}" if query else path


def on_loopback() -> bool:
    """Return whether this server listens on this machine alone and the browser sits at it."""
    listening = str(streamlit_config.get_option("server.address") or "")
    caller = st.context.ip_address or "127.0.0.1"
    return all(_is_loopback(address) for address in (listening, caller))


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _number(key: str) -> int | None:
    text = st.query_params.get(key, "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _why_not() -> Html:
    """Return the note above the form when the last try was refused; the route left code and numbers in the address."""
    if "refused" not in st.query_params:
        return Html("")
    wait, left = _number("wait_seconds"), _number("tries_left")
    why = _("The user name or the password is not right.")
    if wait:
        then = _("Wait %(seconds)s s, then try again.") % {"seconds": wait}
    elif left is not None:
        then = _("%(count)s tries left before a pause.") % {"count": left}
    else:
        then = ""
    lost = _("Forgotten? Ask the security administrator for a new one.")
    return join(note("red", _("You are not signed in."), why, f"{then} {lost}"), html('<div style="height:.9rem"></div>'))


def _form() -> Html:
    return html(
        '<h2>{title}</h2><form method="post" action="/auth/login"><input type="hidden" name="next" value="{onward}">'
        '<label class="t-field">{login}<input name="login" autocomplete="username" autocapitalize="none" spellcheck="false"'
        ' maxlength="40" required></label>'
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


def _demo(accounts: list[object]) -> Html:
    """Return the demo accounts as a table: role, name, user name, password."""
    rows = [
        [_role(account), _name(account), _code(account.login), _code(account.password)]  # type: ignore[attr-defined]
        for account in accounts
    ]
    titles = [_("Role"), _("Name"), _("User name"), _("Password")]
    heading = section(_("Demo accounts"), _("only on the demo database, only on this machine"))
    return html('<div class="t-demo">{}{}</div>', heading, table(list(titles), rows))


def _role(account: object) -> str:
    role = getattr(account, "role", "")
    return _(ROLE_WORDS[role]) if role in ROLE_WORDS else str(role)


def _name(account: object) -> str:
    shown = getattr(account, "name", "")
    return name(shown) if isinstance(shown, Name) else str(shown)


def _code(words: str) -> Html:
    return html("<code>{}</code>", words)


def draw() -> None:
    """Draw the sign-in page."""
    try:
        node = store().read(SYSTEM, here)
    except Refusal as refusal:
        said = say(refusal, language())
        show(note("red", said.what, said.why, said.then))
        return
    st.space(40)
    show(html('<div class="t-gate">{}<section>{}{}{}</section></div>', _aside(node.code, node.demo), _why_not(), _form(),
              html('<p style="margin-top:1rem">{}</p>', sub(_("On a borrowed device, sign out when you are done."))))) # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="center"):
        language_switch(width="content")
    if node.demo and on_loopback():
        accounts = demo_accounts(store())
        if accounts:
            show(_demo(list(accounts)))


