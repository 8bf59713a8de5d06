"""The keys behind the papers: our own to hand out, and those of other offices to take in and to give up."""

from __future__ import annotations

import streamlit as st

from inventory.core.errors import Refusal
from inventory.documents.sign import known_keys, long_fingerprint_of
from inventory.errands.paper_keys import forget, own_key, read_public_key, trust
from ui.parts.downloads import file_link
from ui.parts.errand import Form, errand_of_store, reason_disabled, refusal_note
from ui.parts.look import html, note, section, show, sub, table
from ui.parts.opening import store
from ui.parts.session import may
from ui.parts.words import _


def desk() -> None:
    """Draw the keys."""
    show(section(_("Keys of the offices"), _("a paper is believed when one of these keys signed it")))
    opened = store()
    ours = own_key(opened)
    others = [key for key in known_keys(opened.env.home) if not key.own]
    rows = [
        [
            _("our own"),
            html("<code>{}</code>", ours.fingerprint),
            html("<code>{}</code>", long_fingerprint_of(ours.public)),
        ]
    ]
    rows += [
        [key.office, html("<code>{}</code>", key.fingerprint), html("<code>{}</code>", long_fingerprint_of(key.public))]
        for key in others
    ]
    show(table([_("Office"), _("On papers"), _("Fingerprint")], rows))
    st.link_button(_("Our public key as a file"), file_link("paper-key", "own"), icon=":material/key:")
    offices = [key.office for key in others]
    _take_in(offices)
    _give_up(offices)


def _take_in(offices: list[str]) -> None:
    form = Form("key.trust")
    if form.last and form.last.outcome["office"] in offices:
        told = _("Papers of %(office)s are believed from now on.") % {"office": form.last.outcome["office"]}
        show(note("green", told, form.last.outcome["fingerprint"]))
    allowed = may("trust_key")
    with st.expander(_("Believe another office"), icon=":material/add_moderator:"):
        show(sub(_("Call the office on a number you know and let it read out the 24 signs of its fingerprint.")))
        given = st.file_uploader(_("File of its public key"), type=["pub", "txt"], key=form.key("file"))
        office = st.text_input(_("Name of the office"), max_chars=40, key=form.key("office"))
        heard = st.text_input(_("Fingerprint as read out"), max_chars=60, key=form.key("heard"))
        stop = {} if allowed else reason_disabled(_("The security administrator decides whom we believe."))
        if st.button(_("Believe its papers"), type="primary", key=form.key("go"), **stop) and given is not None:
            try:
                public = read_public_key(given.getvalue(), file=given.name)
            except Refusal as refusal:
                show(refusal_note(refusal))
                return
            errand_of_store(trust, form=form, office=office, public_key=public, fingerprint=heard)


def _give_up(offices: list[str]) -> None:
    form = Form("key.forget")
    if form.last and form.last.outcome["office"] not in offices:
        show(note("green", _("Papers of %(office)s are no longer believed.") % {"office": form.last.outcome["office"]}))
    if not offices:
        return
    with st.expander(_("Believe an office no longer"), icon=":material/remove_moderator:"):
        office = st.pills(_("Office"), offices, key=form.key("office"))
        stop = {} if may("forget_key") else reason_disabled(_("The security administrator decides whom we believe."))
        if st.button(_("Give it up"), key=form.key("go"), **stop) and office:
            errand_of_store(forget, form=form, office=office)
