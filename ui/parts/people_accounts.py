"""Accounts: the list with roles and scopes, opening one, and one account with everything that may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.work import Work
from inventory.people.accounts import Issued, issue_account, issue_password
from inventory.people.commands import close_account, end_role, grant_role
from inventory.people.directory import open_sessions, organisations
from inventory.people.passwords import temporary_password
from inventory.people.queries import HeldRole, Listed, people
from inventory.people.rules import ROLES
from inventory.places.queries import divisions, sites
from ui.parts.components import live
from ui.parts.errand import Form, ask, confirm, errand, errand_of_store, reason_disabled
from ui.parts.look import Html, chip, empty, head, html, icon, join, lines, mark, note, section, show, sub, table
from ui.parts.opening import store
from ui.parts.pages import go, link
from ui.parts.session import may, person
from ui.parts.tables import nothing_found, search
from ui.parts.words import _, moment, name, word


def scope_words(held: HeldRole) -> str:
    """Return where a role holds."""
    return name(held.scope) if held.scope is not None else _("whole district")


def role_marks(roles: tuple[HeldRole, ...]) -> Html:
    """Return the roles of an account with their scopes."""
    if not roles:
        return mark("orange", "no_accounts", _("no role: can do nothing"))
    return join(*(html('<span class="t-chip gray">{} <span>{}</span></span> ', word("role", held.role),
                       _("(%(scope)s)") % {"scope": scope_words(held)}) for held in roles))  # fmt: skip


def account_list() -> None:
    """Draw the list of accounts and the button that opens one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = search(_("Search"), _("login or name"), key="people.search")
        closed = st.toggle(_("with closed ones"), key="people.closed")
        st.space("stretch")
        stop: dict[str, Any] = {}
        if not may("open_account"):
            stop = reason_disabled(_("The security administrator opens accounts."))
        words = _("Open an account")
        if st.button(words, type="primary", icon=":material/person_add:", key="people.open", **stop):
            _open_drawer()
    _handed_over(Form("open_account"))
    found = ask(people, closed=closed, search=wanted)
    if not found:
        nothing_found(_("No account has this in its login or name."))
        return
    if hit := live(lines(*(_row(one) for one in found)), key="people.list"):
        go("people", account=hit)


def _row(one: Listed) -> Html:
    state = chip("closed") if one.state != "active" else chip("demo") if one.demo else Html("")
    seen = _("seen %(when)s") % {"when": moment(one.seen_at)} if one.seen_at else _("never signed in")
    return html(
        '<button class="t-line k t-people" data-act="{}"><span class="t-b">{}</span><span class="t-grow"><span '
        'class="t-b">{}</span> <span class="t-sub">{} · {}</span><br>{}</span>{}</button>',
        one.login, one.login, name(one.name), name(one.organisation), seen, role_marks(one.roles), state,
    )  # fmt: skip


def _temporary(form: Form) -> str:
    """Return the temporary password that goes with the form's id, so that a resend is the same entry."""
    made = st.session_state.setdefault(f"temporary.{form.id}", temporary_password(store().env))
    return str(made)


def _handed_over(form: Form) -> None:
    """Show a temporary password until the person says it is handed over; it is shown nowhere again."""
    issued = form.last
    if not isinstance(issued, Issued):
        return
    what = _("Temporary password, shown this once: %(password)s") % {"password": issued.password}
    then = _("Hand it over in person; it must be changed at the first sign-in.")
    show(note("violet", what, "", then))
    if st.button(_("It is handed over"), icon=":material/done:", key=f"{form.name}.handed"):
        form.state["last"] = None
        st.rerun()


def _open_drawer() -> None:
    @st.dialog(_("Open an account"), position="right", width="medium", icon=":material/person_add:")
    def drawer() -> None:
        form = Form("open_account")
        units = {unit.id: unit for unit in ask(organisations)}
        login = st.text_input(_("Login"), key=form.key("login"), max_chars=40, placeholder="wang.li")
        name_zh = st.text_input(_("Name"), key=form.key("name"), max_chars=40)
        name_en = st.text_input(_("Name in Latin letters"), key=form.key("latin"), max_chars=60)
        unit = st.selectbox(
            _("Organisation"), list(units), None, lambda key: name(units[key].name),
            key=form.key("unit"), placeholder=_("Choose an option"),
        )  # fmt: skip
        phone = st.text_input(_("Phone"), key=form.key("phone"), max_chars=40)
        show(sub(_("A temporary password is made and shown once. Roles are given afterwards.")))
        ready = bool(login and name_zh and unit)
        pressed = st.button(
            _("Open the account"), type="primary", key=form.key("go"), disabled=not ready,
            help=None if ready else _("Login, name and organisation are needed."),
        )  # fmt: skip
        if pressed:
            facts = {"login": login, "name_zh": name_zh, "name_en": name_en or None, "phone": phone or None}
            errand_of_store(issue_account, form=form, password=_temporary(form), organisation_id=unit, **facts)

    drawer()


def _one(work: Work, *, login: str) -> Listed | None:
    return next((one for one in people(work, closed=True) if one.login == login), None)


def account_page(login: str) -> None:
    """Draw one account: its roles, its sessions, and what the security administrator may do to it."""
    one = ask(_one, login=login)
    back = html('<a href="{}" target="_self">{}</a>', link("people"), _("All accounts"))
    if one is None:
        head(_("Account"), back)
        show(empty("search_off", _("There is no account %(login)s.") % {"login": login}, ""))
        return
    state = chip("closed") if one.state != "active" else chip("demo") if one.demo else ""
    head(name(one.name), sub(f"{one.login} · {name(one.organisation)}"), state, back)
    own = one.account_id == person().account_id
    stop: dict[str, Any] = {}
    if not may("grant_role"):
        stop = reason_disabled(_("The security administrator gives and ends roles."))
    elif own:
        stop = reason_disabled(_("Nobody changes the rights of the own account."))
    elif one.state != "active":
        stop = reason_disabled(_("The account is closed."))
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        _roles(one, stop)
        _grant(one, stop)
    with right:
        sessions(one.account_id)
        _rights(one, stop)


def _roles(one: Listed, stop: dict[str, Any]) -> None:
    show(section(_("Roles"), _("what the person may do, and where")))
    if not one.roles:
        show(empty("no_accounts", _("No role is held."), _("Without a role nothing can be seen or done.")))
    for held in one.roles:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            show(html("<b>{}</b> <span class='t-sub'>{}</span>", word("role", held.role), scope_words(held)))
            st.space("stretch")
            words = _("End the role %(role)s") % {"role": word("role", held.role)}
            if st.button(_("End"), icon=":material/close:", key=f"end.{held.grant_id}", **stop):
                form = Form(f"end.{held.grant_id}")
                _ask_first(words, _("From now on; what was done with it stays done."), end_role, form,
                           grant_id=held.grant_id)  # fmt: skip


def _ask_first(title: str, what: str, command: Callable[..., Any], form: Form, **facts: Any) -> None:
    """Ask before a step that reaches another person."""
    confirm(title, act=title, body=lambda: show(html("<span>{}</span>", what)),
            do=lambda: errand(command, form=form, **facts), glyph="person_off")  # fmt: skip


def _places(work: Work) -> dict[str, list[tuple[UUID, str]]]:
    indent = "\u2003"
    return {
        "division_id": [(one.id, indent * one.depth + name(one.name)) for one in divisions(work)],
        "organisation_id": [(one.id, name(one.name)) for one in organisations(work)],
        "site_id": [(one.id, f"{name(one.name)} · {one.code}") for one in sites(work)],
    }


def _grant(one: Listed, stop: dict[str, Any]) -> None:
    form = Form(f"grant.{one.login}")
    with st.expander(_("Give a role"), icon=":material/badge:"):
        offered = [role for role in ROLES if role != "api"]
        role = st.selectbox(
            _("Role"), offered, None, lambda key: word("role", key),
            key=form.key("role"), placeholder=_("Choose an option"),
        )  # fmt: skip
        kinds = {
            "": _("Whole district"), "division_id": _("Town or village"), "organisation_id": _("Organisation"),
            "site_id": _("Site"),
        }  # fmt: skip
        kind = st.segmented_control(
            _("Where it holds"), list(kinds), default="", required=True, format_func=kinds.__getitem__,
            key=form.key("kind"), wrap=True,
        )  # fmt: skip
        scope: dict[str, UUID] = {}
        if kind:
            choices = dict(ask(_places)[kind])
            where = st.selectbox(
                kinds[kind], list(choices), None, choices.__getitem__, key=form.key(f"where.{kind}"),
                placeholder=_("Choose an option"),
            )  # fmt: skip
            scope = {kind: where} if where else {}
        ready = bool(role) and bool(scope or not kind)
        how = stop or ({} if ready else reason_disabled(_("Choose the role and where it holds.")))
        if st.button(_("Give the role"), type="primary", key=form.key("go"), **how):
            errand(grant_role, form=form, account_id=one.account_id, role=role, **scope)


def sessions(account_id: UUID) -> None:
    """Draw the open sessions of an account."""
    show(section(_("Open sessions"), _("signed in now")))
    found = ask(open_sessions, account_id=account_id)
    if not found:
        show(empty("logout", _("Nobody is signed in with this account."), ""))
        return
    rows = [[moment(one.since), moment(one.seen_at), moment(one.until_at), one.address or "—"] for one in found]
    show(table([_("Since"), _("Last seen"), _("Ends"), _("From where")], rows))


def _rights(one: Listed, stop: dict[str, Any]) -> None:
    show(html('<div class="t-gap"></div>'))
    show(section(_("Account"), _("for people who forgot or left")))
    form = Form(f"reset.{one.login}")
    _handed_over(form)
    if one.must_change_password and one.state == "active":
        show(html('<div class="t-sub">{} {}</div>', icon("password"), _("Has not yet chosen a password of its own.")))
    with st.container(horizontal=True):
        if st.button(_("New temporary password"), icon=":material/password:", key=form.key("go"), **stop):
            confirm(
                _("New temporary password"), act=_("Make a new password"),
                body=lambda: show(sub(_("The old password and all open sessions of the account end at once."))),
                do=lambda: errand_of_store(
                    issue_password, form=form, account_id=one.account_id, password=_temporary(form)
                ),
                glyph="password",
            )  # fmt: skip
        closing = Form(f"close.{one.login}")
        if st.button(_("Close the account"), icon=":material/person_off:", key=closing.key("go"), **stop):
            what = _("For good: its sessions and roles end now; its name stays on what it did.")
            _ask_first(_("Close the account"), what, close_account, closing, account_id=one.account_id)
