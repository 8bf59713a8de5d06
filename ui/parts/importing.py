"""Steps of an import that take time: reading the file in its limited child, understanding its rows, once per file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

import streamlit as st

from inventory.core.errors import Refusal
from inventory.core.ids import uuid7
from inventory.core.work import Work
from inventory.errands.sheets import seal_of
from inventory.exchange.columns import Parsed
from inventory.exchange.taking import ListKind, ListReview
from inventory.people.stories import Entry, entry
from ui.parts.opening import store
from ui.parts.session import actor
from ui.parts.words import _


@dataclass(frozen=True)
class Looked:
    """A file looked through: what it says, what that means here, the entry that had imported it before.

    `id` is that of its own entry, made when it was looked through: two presses are one entry. Of a file with problems
    only these are kept, and how many lines were `good`: a session does not carry a hundred thousand rows about.
    """

    id: UUID
    kind: ListKind
    parsed: Parsed
    review: ListReview
    before: Entry | None
    good: int


def look_through(kind: ListKind, file: Any) -> Looked | Refusal:
    """Return what an uploaded file holds, or why it cannot be read at all; each file is read once."""
    wanted = (kind.key, file.file_id)
    kept = st.session_state.get("import.looked")
    if kept is not None and kept[0] == wanted:
        return cast("Looked | Refusal", kept[1])
    reading = _("Reading the file apart from everything else")
    understanding = _("Comparing every row with this district")
    with st.status(_("Looking the file through"), expanded=True) as status:
        st.write(reading)
        try:
            parsed = kind.read(file.getvalue(), file.name, store().read(actor(), seal_of))
            st.write(understanding)
            found: Looked | Refusal = _understand(kind, parsed)
        except Refusal as refusal:
            found = refusal
        status.update(label=_("The file is looked through"), state="complete", expanded=False)
    st.session_state["import.looked"] = (wanted, found)
    return found


def forget() -> None:
    """Let the file be looked through anew."""
    st.session_state.pop("import.looked", None)


def _understand(kind: ListKind, parsed: Parsed) -> Looked:
    id = kind.entry_id(parsed) if kind.entry_id is not None else uuid7()

    def look(work: Work) -> Looked:
        review = kind.review(work, parsed=parsed)
        before = entry(work, review.done_before) if review.done_before else None
        good = len(review.wanted)
        if review.fault_count:
            return Looked(id, kind, replace(parsed, lines=()), replace(review, wanted=()), before, good)
        return Looked(id, kind, parsed, review, before, good)

    return store().read(actor(), look)
