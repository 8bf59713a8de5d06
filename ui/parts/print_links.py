"""Links that print: many papers at once, and what a paper will not be able to show."""

from __future__ import annotations

from typing import Any

import streamlit as st

from inventory.documents.batch import PAPERS_MAX
from inventory.documents.drawing.blocks import missing_in
from inventory.documents.drawing.fonts import font_book
from inventory.documents.drawing.wording import Wording, printed_texts
from ui.parts.downloads import file_link
from ui.parts.errand import reason_disabled
from ui.parts.look import note, show
from ui.parts.session import may
from ui.parts.trade import who_can
from ui.parts.words import _, language, number


def print_all(count: int, to_pick: int, states: tuple[str, ...], search: str, site: str) -> None:
    """Draw the menu that prints what the filters of the orders page find into one file.

    `count` orders are found, and `to_pick` of them are still to be picked.
    """
    barred: dict[str, Any] = {} if may("issue_paper") else reason_disabled(who_can("issue_paper"))
    if count > PAPERS_MAX:
        most = _("One file may hold %(most)s papers: narrow the filters.")
        barred = reason_disabled(most % {"most": number(PAPERS_MAX)})
    query = {"states": ",".join(states), "search": search, "site": site}
    query = {key: value for key, value in query.items() if value} | {"show": "1"}
    with st.popover(_("Print all"), icon=":material/print:", key="print_all"):
        words = _("Orders (%(count)s)") % {"count": number(count)}
        st.link_button(words, file_link("orders", "orders", **query), icon=":material/description:", **barred)
        both = file_link("orders", "orders", **query, both="1")
        st.link_button(_("Orders in Chinese and English"), both, icon=":material/translate:", **barred)
        if not to_pick:
            barred = reason_disabled(_("Nothing of this is to be picked."))
        words = _("Pick lists of what is to be picked (%(count)s)") % {"count": number(to_pick)}
        lists = file_link("orders", "pick-lists", **query)
        st.link_button(words, lists, icon=":material/checklist:", **barred)


def lost_characters(*told: Any) -> None:
    """Say which characters in what a page shows no font of the papers has; rows, names and texts are looked through."""
    texts = printed_texts(told, Wording(language()))
    rare = tuple(text for text in texts if any(not _usual(sign) for sign in text))
    missing = missing_in(rare, Wording(language()), font_book()) if rare else ()
    if missing:
        what = _("Characters that no font has are printed as \u3013: %(points)s.") % {"points": " ".join(missing)}
        show(note("orange", what, "", _("Correct them by hand on the paper.")))


def _usual(sign: str) -> bool:
    """Say whether every set of fonts has a character; only for others fonts are loaded."""
    return " " <= sign <= "~" or "\u4e00" <= sign <= "\u9fa5" or "\u3000" <= sign <= "\u3002"
