"""People and roles: accounts and the access log for their administrators, settings, the own account for everybody."""

from __future__ import annotations

import streamlit as st

from ui.parts.look import head, sub
from ui.parts.people_accounts import account_list, account_page
from ui.parts.people_figures import access_page, own_page, settings_page
from ui.parts.session import may
from ui.parts.words import _

views = {"me": _("My account"), "settings": _("Settings of the district")}
if may("see_people"):
    views = {"accounts": _("Accounts"), **views, "access": _("Access log")}

if may("see_people") and (login := st.query_params.get("account")):
    account_page(login)
    st.stop()

head(_("People & roles"), sub(_("who may do what, and where")))
# The address carries the code of the view: the shown word, which `bind` would write, changes with the language.
asked = st.query_params.get("view")
view = st.segmented_control(
    _("View"), list(views), default=asked if asked in views else next(iter(views)), required=True,
    format_func=views.__getitem__, key="view", label_visibility="collapsed", wrap=True,
)  # fmt: skip
if view and view != asked and (asked or view != next(iter(views))):
    st.query_params["view"] = view
{"accounts": account_list, "me": own_page, "settings": settings_page, "access": access_page}[view or "me"]()
