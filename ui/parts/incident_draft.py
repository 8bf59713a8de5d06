"""The draft of a request: its lines while they are edited, kept by themselves, found again after a reload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import ItemView
from inventory.core.canonical import canonical, instant, plain
from inventory.core.errors import Name
from inventory.core.ids import uuid7
from inventory.core.work import Work
from inventory.incidents.commands import submit_request
from inventory.people.drafts import draft_of, drop_draft, save_draft
from inventory.people.journal import Done
from ui.parts.errand import Form, ask
from ui.parts.look import note, saved, show
from ui.parts.opening import store
from ui.parts.session import actor
from ui.parts.words import _, clock_seconds, moment

KIND = "request"
Key = tuple[UUID, UUID]


@dataclass
class Wanted:
    """One line as the officer wants it; `proposed` is what the norm says, None for a line added by hand."""

    item_id: UUID
    site_id: UUID
    item: Name
    unit: str
    proposed: int | None
    quantity: int
    priority: int
    hours: int
    norm_priority: int
    basis: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Site and item."""
        return self.site_id, self.item_id

    @property
    def edited(self) -> bool:
        """Whether a person changed what the norm proposed."""
        return self.proposed is None or self.quantity != self.proposed or self.priority != self.norm_priority


def _place(form: Form) -> str:
    return f"draft.{form.state['turn']}"


def _kept(form: Form) -> str:
    """Return the key of what was saved last: its bytes and when."""
    return f"kept.{form.state['turn']}"


def lines_of(form: Form) -> dict[str, Any]:
    """Return what this page keeps of the draft: `days` and `lines` by key."""
    kept: dict[str, Any] = form.state.setdefault(_place(form), {"days": None, "lines": {}})
    return kept


def resume(form: Form, incident_id: UUID, items: Mapping[UUID, ItemView]) -> None:
    """Take up what this person typed before, in this browser or another; once for each opening of the form."""
    if _place(form) in form.state:
        return
    found = ask(draft_of, kind=KIND, subject_id=incident_id)
    if found is None:
        lines_of(form)
        return
    lines = {}
    for told in found.body["lines"]:
        item = items.get(UUID(told["item"]))
        if item is None:
            continue  # Taken out of the catalogue meanwhile: nobody could ask for it.
        line = Wanted(
            item.id, UUID(told["site"]), item.name, item.unit, told["proposed"], told["quantity"], told["priority"],
            told["hours"], told["norm_priority"], told["basis"],
        )  # fmt: skip
        lines[line.key] = line
    state = form.state
    state["id"] = found.id
    state[f"opened.{state['turn']}"] = instant(found.body["opened"])
    state[f"resumed.{state['turn']}"] = found.saved_at
    state[_kept(form)] = canonical(found.body), found.saved_at
    state[_place(form)] = {"days": found.body["days"], "lines": lines}
    st.session_state[form.key("days")] = found.body["days"]


def keep(form: Form, incident_id: UUID, *, days: int, opened: dt.datetime, lines: Iterable[Wanted]) -> None:
    """Save the draft when something was edited since it was saved last."""
    edited = [
        {
            "item": line.item_id, "site": line.site_id, "proposed": line.proposed, "quantity": line.quantity,
            "priority": line.priority, "hours": line.hours, "norm_priority": line.norm_priority, "basis": line.basis,
        }
        for line in lines
        if line.edited
    ]  # fmt: skip
    body = plain({"days": days, "opened": opened, "lines": edited})
    state = form.state
    before = state.get(_kept(form))
    if (before is None and not edited) or (before is not None and before[0] == canonical(body)):
        return
    at = store().write(
        actor(), lambda work: save_draft(work, id=state["id"], kind=KIND, subject_id=incident_id, body=body)
    )
    state[_kept(form)] = canonical(body), at


def draw(form: Form) -> None:
    """Say that the draft is kept, since when; and after a reload offer to begin anew."""
    before = form.state.get(_kept(form))
    if before is None:
        return
    show(saved(clock_seconds(before[1])))
    since = form.state.get(f"resumed.{form.state['turn']}")
    if since is None:
        return
    words = _("What you typed until %(moment)s is here again.") % {"moment": moment(since)}
    show(note("blue", words, "", _("Go on with it, or begin anew.")))
    if st.button(_("Begin anew"), icon=":material/restart_alt:", key=form.key("anew")):
        id = form.state["id"]  # The writer's thread has no session to ask.
        store().write(actor(), lambda work: drop_draft(work, id=id))
        forget(form)
        st.rerun()


def forget(form: Form) -> None:
    """Open the form anew: other fields, another id, nothing kept."""
    form.state.update(id=uuid7(), turn=form.state["turn"] + 1, last=None)


def submit(work: Work, *, id: UUID, **facts: Any) -> Done:
    """Submit the request; its draft goes with it."""
    done = submit_request(work, id=id, **facts)
    drop_draft(work, id=id)
    return done
