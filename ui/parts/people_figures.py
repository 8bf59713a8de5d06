"""The settings of the district, the access log, and what everybody may see and change: the own account."""

from __future__ import annotations

from typing import Any

import streamlit as st

from inventory.core.words import N_
from inventory.errands.deed_words import DEEDS
from inventory.people.accounts import change_password
from inventory.people.commands import change_setting
from inventory.people.directory import AccessLine, access_count, access_lines
from inventory.people.settings import SettingRow, settings
from ui.parts.errand import Form, ask, errand, errand_of_store, reason_disabled
from ui.parts.look import Html, chip, empty, html, mark, note, section, show, sub, table
from ui.parts.people_accounts import role_marks, sessions
from ui.parts.session import TOKEN, may, person
from ui.parts.tables import nothing_found, paged, search
from ui.parts.words import _, moment, name, word

LINES_A_PAGE = 50
CONFIDENCES = {
    "confirmed": ("green", "verified", N_("confirmed")),
    "secondary": ("blue", "menu_book", N_("from the literature")),
    "estimate": ("orange", "architecture", N_("estimate")),
    "own": ("gray", "tune", N_("own choice")),
}
UNITS = {"hour": N_("hours")}
CHOICES = {
    "yes": N_("yes"),
    "no": N_("no"),
    "complex": N_("at least 8 signs of 3 kinds"),
    "length": N_("at least 8 signs"),
    "letter": N_("official letter"),
    "command": N_("command"),
}
ACTIONS = {
    "sign_in": N_("Signing in"),
    "sign_out": N_("Signing out"),
    "print_count_sheet": N_("Printing a count sheet"),
    "print_dispatch_order": N_("Printing an order"),
    "print_pick_list": N_("Printing a pick list"),
    "print_receipt": N_("Printing a receipt"),
    "verify_paper": N_("Verifying a paper"),
}
PRINTING = "print_"
"""How the action of a print begins; the kind of paper follows."""
OUTCOMES = {
    "ok": N_("done"),
    "not_signed_in": N_("wrong login or password"),
    "wait_before_signing_in": N_("had to wait"),
    "not_permitted": N_("not allowed"),
    "demo_not_here": N_("demo account refused"),
    "superseded": N_("an older revision"),
    "altered": N_("altered or forged"),
    "differs": N_("altered or forged"),
    "other_contents": N_("not what is kept"),
    "wrong_code": N_("altered or forged"),
    "unknown_paper": N_("not known here"),
    "unknown_key": N_("not known here"),
    "unknown_code": N_("not known here"),
    "not_a_seal": N_("no code of ours"),
}


def confidence_mark(confidence: str) -> Html:
    """Return how certain a figure is."""
    tone, glyph, words = CONFIDENCES[confidence]
    return mark(tone, glyph, _(words))  # type: ignore[arg-type]


def value_words(row: SettingRow) -> str:
    """Return the value of a setting with its unit."""
    if row.figure.choices:
        return _(CHOICES[row.value]) if row.value in CHOICES else row.value
    unit = row.figure.unit
    return f"{row.value} {_(UNITS[unit]) if unit in UNITS else unit or ''}".strip()


def _source(row: SettingRow) -> str:
    """Return where a value comes from; the program's own sources are words, those of people stand as typed."""
    return _("own choice") if row.source == "own" else _(row.source)


def settings_page() -> None:
    """Draw every setting with its value, unit, source and certainty, and the form that changes one."""
    rows = ask(settings)
    told = [
        [
            _(row.figure.label), html("<b>{}</b>", value_words(row)), _source(row), confidence_mark(row.confidence),
            chip("override", _("changed here")) if row.changed_by_id else _("default"),
        ]
        for row in rows
    ]  # fmt: skip
    show(table([_("Setting"), _("Its value"), _("Source"), _("Certainty"), _("State")], told))
    show(html('<div class="t-gap"></div>'))
    with st.expander(_("Change a setting"), icon=":material/tune:"):
        _change(rows)


def _change(rows: list[SettingRow]) -> None:
    form, by_key = Form("setting"), {row.key: row for row in rows}
    if form.last:
        changed = by_key[form.last.outcome["key"]].figure.label
        show(note("green", _("Changed."), _(changed)))
    key = st.selectbox(
        _("Setting"), list(by_key), None, lambda one: _(by_key[one].figure.label),
        key=form.key("key"), placeholder=_("Choose an option"),
    )  # fmt: skip
    if key is None:
        return
    row = by_key[key]
    if row.figure.choices:
        value = st.segmented_control(
            _("Its value"), list(row.figure.choices), default=row.value, required=True,
            format_func=lambda one: _(CHOICES[one]) if one in CHOICES else one, key=form.key(f"value.{key}"),
        )  # fmt: skip
    else:
        low, high = row.figure.low, row.figure.high
        words = _("Value in %(unit)s, %(low)s to %(high)s") % {
            "unit": _(UNITS[row.figure.unit]) if row.figure.unit in UNITS else row.figure.unit or "",
            "low": low, "high": high,
        }  # fmt: skip
        value = str(st.number_input(words, low, high, int(row.value), 1, key=form.key(f"value.{key}")))
    source = st.text_input(_("Source or reason"), key=form.key("source"), max_chars=200)
    stop: dict[str, Any] = {}
    if not may("change_setting"):
        stop = reason_disabled(_("The system administrator or the manager changes settings."))
    elif value == row.value:
        stop = reason_disabled(_("This is the value already."))
    if st.button(_("Change the setting"), type="primary", key=form.key("go"), **stop):
        errand(change_setting, form=form, key=key, value=value, source=source or "", seen=row.changed_by_id)


def access_page() -> None:
    """Draw the access log: sign-ins and refused actions, of this node."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = search(_("Search"), _("login, action or address"), key="access.search")
        refused = st.toggle(_("only refused"), key="access.refused")
    facts = {"search": wanted, "refused_only": refused}
    total = ask(access_count, **facts)
    if not total:
        if wanted or refused:
            nothing_found(_("Nothing of this is in the access log."))
        else:
            show(empty("shield", _("The access log is empty."), _("Sign-ins and refused actions appear here.")))
        return
    window = paged(total, key="access", page_rows=LINES_A_PAGE)
    found = ask(access_lines, **facts, limit=window.limit, offset=window.offset)
    with window.place:
        show(table([_("When"), _("Login"), _("Action"), _("Outcome"), _("From where")], [_line(one) for one in found]))


def _line(one: AccessLine) -> list[Any]:
    known = {**DEEDS, **ACTIONS}
    action = _(known[one.action]) if one.action in known else one.action
    if one.action not in known and one.action.startswith(PRINTING):
        action = _("Printing: %(paper)s") % {"paper": word("kind", one.action.removeprefix(PRINTING))}
    place = _("at the screen") if one.address == "screen" else one.address or "—"
    words = _(OUTCOMES[one.outcome]) if one.outcome in OUTCOMES else one.outcome
    good = one.outcome == "ok"
    told = mark("green" if good else "red", "check" if good else "block", words)
    return [moment(one.at), one.login, action, told, place]


def own_page() -> None:
    """Draw the own account: who I am here, my sessions, my password."""
    me = person()
    left, right = st.columns([1, 1], gap="medium")
    with left:
        show(section(name(me.name), me.login))
        show(html('<div class="t-stack"><div>{}</div><div>{}</div></div>', name(me.organisation), role_marks(me.roles)))
        show(html('<div class="t-gap"></div>'))
        sessions(me.account_id)
    with right:
        show(section(_("Change my password"), _("all other sessions of the account end")))
        _password(demo=me.demo)


def _password(*, demo: bool) -> None:
    form = Form("own_password")
    if form.last:
        show(note("green", _("The password is changed."), _("All other sessions of the account have ended.")))
    stop = reason_disabled(_("Demo accounts keep the password shown on the sign-in page.")) if demo else {}
    with st.form(form.key("fields"), border=False):
        old = st.text_input(_("Password so far"), type="password", key=form.key("old"))
        new = st.text_input(_("New password"), type="password", key=form.key("new"))
        again = st.text_input(_("New password once more"), type="password", key=form.key("again"))
        sent = st.form_submit_button(_("Change password"), type="primary", **stop)
    if demo:
        show(sub(_("Demo accounts keep the password shown on the sign-in page.")))
    if sent and new != again:
        show(note("red", _("The two new passwords differ."), "", _("Type the new password twice the same.")))
    elif sent:
        token, address = st.session_state.get(TOKEN), st.context.ip_address or ""
        errand_of_store(change_password, form=form, old=old, new=new, token=token, address=address)
