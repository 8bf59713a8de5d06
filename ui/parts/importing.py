"""Steps of an import that take time: reading the file in its limited child, understanding its rows, once per file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import streamlit as st

from inventory.core.errors import Refusal
from inventory.core.work import Work
from inventory.exchange.columns import Parsed, validate
from inventory.exchange.reading import read_table
from inventory.exchange.stock_list import StockReview, review_stock, stock_import_id, stock_kind
from inventory.people.stories import Entry, entry
from ui.parts.opening import store
from ui.parts.session import actor
from ui.parts.words import _


@dataclass(frozen=True)
class Looked:
    """A file looked through: what it says, what that means here, the entry that had imported it before."""

    parsed: Parsed
    review: StockReview
    before: Entry | None

    @property
    def id(self) -> UUID:
        """The id of its import: the same content is the same entry."""
        return stock_import_id(self.parsed)


def look_through(file: Any) -> Looked | Refusal:
    """Return what an uploaded file holds, or why it cannot be read at all; each file is read once."""
    kept = st.session_state.get("import.looked")
    if kept is not None and kept[0] == file.file_id:
        return cast("Looked | Refusal", kept[1])
    reading = _("Reading the file apart from everything else")
    understanding = _("Comparing every row with this district")
    with st.status(_("Looking the file through"), expanded=True) as status:
        st.write(reading)
        try:
            table = read_table(file.getvalue(), file.name)
            st.write(understanding)
            found: Looked | Refusal = _understand(validate(table, stock_kind()))
        except Refusal as refusal:
            found = refusal
        status.update(label=_("The file is looked through"), state="complete", expanded=False)
    st.session_state["import.looked"] = (file.file_id, found)
    return found


def forget() -> None:
    """Let the file be looked through anew."""
    st.session_state.pop("import.looked", None)


def _understand(parsed: Parsed) -> Looked:
    def look(work: Work) -> Looked:
        review = review_stock(work, parsed=parsed)
        return Looked(parsed, review, entry(work, review.done_before) if review.done_before else None)

    return store().read(actor(), look)
