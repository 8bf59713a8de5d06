"""One errand per click: `ask` reads, `errand` writes in one unit of work, `Form` keeps the id of what is coming.

A refusal becomes a note where the hand is: what did not happen, why with its numbers, what to do next. Nothing of the
form is lost by it. The id of an entry is made when its form opens and kept until it is done, and the keys of the
form's fields carry its turn: a double click or a resend is the same entry, and a late click of the old form finds no
button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

import streamlit as st

from inventory.core.errors import Fault, FileRefused, NeedsConfirmation, Refusal, StalePage
from inventory.core.ids import uuid7
from inventory.people.access import note_refusal
from inventory.people.rules import NotPermitted
from inventory.speech import say, say_fault
from ui.parts.look import Html, Tone, empty, html, join, note, show, table
from ui.parts.opening import store
from ui.parts.pages import onward
from ui.parts.session import actor, still_signed_in
from ui.parts.words import _, language, number

Result = TypeVar("Result")
FAULTS_SHOWN_MAX = 50


@dataclass(frozen=True)
class Form:
    """A form on the screen: the id of the entry it will make, and keys for its fields."""

    name: str

    @property
    def state(self) -> dict[str, Any]:
        """The plain dictionary behind the form: `id`, `turn`, `last`."""
        fresh = {"id": uuid7(), "turn": 0, "last": None}
        return cast(dict[str, Any], st.session_state.setdefault(f"form.{self.name}", fresh))

    @property
    def id(self) -> UUID:
        """The UUIDv7 of the coming entry: made when the form opened, the same until it is done."""
        return cast(UUID, self.state["id"])

    @property
    def last(self) -> Any:
        """What the command answered last time, so that the page can go on showing what was posted."""
        return self.state["last"]

    def key(self, field: str) -> str:
        """Return the key of a field or button; it changes when the form is done, so fields open empty again."""
        return f"{self.name}.{field}.{self.state['turn']}"


def ask(query: Callable[..., Result], /, *positional: Any, **facts: Any) -> Result:
    """Run a query on one snapshot and return its answer; a refusal is shown and ends the page."""
    try:
        return store().read(actor(), lambda work: query(work, *positional, **facts))
    except Refusal as refusal:
        show(refusal_note(refusal))
        st.stop()


def errand(
    command: Callable[..., Result],
    /,
    *,
    form: Form | None = None,
    then: Callable[[Result], object] | None = None,
    keep_at: str | None = None,
    **facts: Any,
) -> Result | None:
    """Run a command in one unit of work and return its answer; None when it was refused (the refusal is shown).

    Parameters
    ----------
    form
        Its id is given to the command as `id`. After success the form begins anew and the run starts over at once, so
        that no button of the old form stays on the screen; show what was done from `form.last`.
    then
        What to do after success before that, usually `lambda answer: go("orders", order=…)`.
    keep_at
        For callbacks, which draw nothing: the refusal is kept under this name and drawn by `refused(keep_at)`.
    """
    call = _Call(form, cast(Callable[[Any], object] | None, then), keep_at)
    return call.run(facts, lambda given: store().write(actor(), lambda work: command(work, **given)))


def errand_of_store(
    function: Callable[..., Result],
    /,
    *,
    form: Form | None = None,
    then: Callable[[Result], object] | None = None,
    keep_at: str | None = None,
    **facts: Any,
) -> Result | None:
    """Run an errand that opens its unit of work itself, because slow work comes first (hashing a password, a plan).

    `function` is called as `function(store, actor, **facts)`; all else is as for `errand`.
    """
    call = _Call(form, cast(Callable[[Any], object] | None, then), keep_at)
    return call.run(facts, lambda given: function(store(), actor(), **given))


@dataclass(frozen=True)
class _Call:
    """One click on its way: what to do with the form, with the answer, with a refusal."""

    form: Form | None
    then: Callable[[Any], object] | None
    keep_at: str | None

    def run(self, facts: dict[str, Any], do: Callable[[dict[str, Any]], Result]) -> Result | None:
        if not still_signed_in():
            show(note("red", _("Nothing was saved."), _("You were signed out elsewhere."), _("Sign in again.")))
            st.stop()
        state = self.form.state if self.form is not None else {}
        if self.form is not None:
            facts = {**facts, "id": state["id"]}
        way = onward()
        try:
            answer = do(facts)
        except Refusal as refusal:
            self.refuse(refusal)
            return None
        if self.form is not None:
            # Plain Python between the commit and here: an access to the session could end the run before the form
            # is done, and the next press would send a finished entry again.
            state.update(id=uuid7(), turn=state["turn"] + 1, last=answer)
        if self.then is not None:
            way["then"] = partial(self.then, answer)
        if self.keep_at is not None:
            st.session_state.pop(f"refusal.{self.keep_at}", None)
        if self.then is not None:
            self.then(answer)
            way.pop("then", None)
        if self.form is not None and self.keep_at is None:
            st.rerun()
        return answer

    def refuse(self, refusal: Refusal) -> None:
        if isinstance(refusal, NotPermitted):
            address = st.context.ip_address or ""
            note_refusal(store(), actor(), action=refusal.command, code=refusal.code, address=address)
        if self.keep_at is not None:
            st.session_state[f"refusal.{self.keep_at}"] = refusal
            return
        show(refusal_note(refusal))
        _offer_reload(refusal)


def refused(name: str) -> bool:
    """Draw the refusal that a callback kept under `name`, if there is one; return whether there was."""
    refusal = st.session_state.get(f"refusal.{name}")
    if refusal is None:
        return False
    show(refusal_note(refusal))
    _offer_reload(refusal)
    return True


def needs_confirmation(name: str) -> str | None:
    """Return the code that the kept refusal wants confirmed (pass it on as `confirmed`), else None."""
    refusal = st.session_state.get(f"refusal.{name}")
    return refusal.code if isinstance(refusal, NeedsConfirmation) else None


def refusal_note(refusal: Refusal) -> Html:
    """Return a refusal in words: red, or orange where the user may confirm it; a refused file with its faults."""
    said = say(refusal, language())
    tone: Tone = "orange" if isinstance(refusal, NeedsConfirmation) else "red"
    told = note(tone, said.what, said.why, said.then)
    if isinstance(refusal, FileRefused):
        told = join(told, html('<div class="t-gap"></div>'), faults(refusal.faults, refusal.count))
    return told


def faults(found: tuple[Fault, ...], count: int) -> Html:
    """Return the faults of a file as a table: row, column, what is wrong; the first 50 and how many there are."""
    rows = [
        [number(fault.row) if fault.row else "", fault.column, say_fault(fault, language())]
        for fault in found[:FAULTS_SHOWN_MAX]
    ]
    told = table([_("Row"), _("Column"), _("What is wrong")], rows, figures=(0,))
    if count > len(rows):
        words = _("The first %(shown)s of %(count)s.") % {"shown": number(len(rows)), "count": number(count)}
        told = join(told, html('<p class="t-sub">{}</p>', words))
    return told


def stale(was: Any, now: Any, *, unchanged: str, changed: str) -> bool:
    """Show before the button whether what the page read still holds; return True when it does not.

    `was` and `now` are versions (of stock, roads, a document); `unchanged` and `changed` are sentences in words.
    """
    if was == now:
        show(html('<span class="t-sub">{} ✓</span>', unchanged))
        return False
    show(note("orange", changed, "", _("Reload before you decide.")))
    return True


def _offer_reload(refusal: Refusal) -> None:
    if isinstance(refusal, StalePage):
        st.button(_("Reload"), icon=":material/refresh:", key=f"reload.{refusal.kind}.{refusal.key}")


def confirm(
    title: str,
    *,
    act: str,
    body: Callable[[], None],
    do: Callable[[], object],
    glyph: str = "approval",
    width: str = "small",
) -> None:
    """Open a dialog that lists what will be posted; its button names the act ("Approve and issue"), never "OK".

    Call it in the run in which the opening button was pressed. `body` draws what will happen; `do` runs the errand
    and returns something true when it is done. A refusal is shown in the dialog, which stays open.
    """

    @st.dialog(title, icon=f":material/{glyph}:", width=cast(Any, width))
    def dialog() -> None:
        body()
        place = st.container()
        with st.container(horizontal=True, horizontal_alignment="right"):
            back = st.button(_("Back"), key=f"confirm.{title}.back")
            go = st.button(act, type="primary", icon=f":material/{glyph}:", key=f"confirm.{title}.go")
        if back:
            st.rerun()
        if go:
            with place:
                done = do()
            if done:
                st.rerun()

    dialog()


def reason_disabled(words: str) -> dict[str, Any]:
    """Return what a button takes that this person may not press: disabled, with the reason and who can."""
    return {"disabled": True, "help": words}


def nothing_yet(what: str, then: str, *, glyph: str = "inbox") -> None:
    """Draw the empty state of a page that has no content yet."""
    show(empty(glyph, what, then))
