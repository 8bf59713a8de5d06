"""A request that was sent back, to be corrected or given up; and one with an open rest, to be planned or given up."""

from __future__ import annotations

import streamlit as st

from inventory.incidents.commands import cancel_request, resubmit_request
from inventory.incidents.queries import RequestRow, request_lines
from inventory.people.stories import story_of
from ui.parts.errand import Form, ask, errand, reason_disabled
from ui.parts.look import note, show, sub, table
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.trade import amount, units, who_can
from ui.parts.words import _, name, text

WHY_LENGTH_MAX = 200


def correct(row: RequestRow) -> None:
    """Draw the lines of a returned request as fields, with the two ways on."""
    lines = ask(request_lines, request_id=row.id)
    known = ask(units)
    back = [entry for entry in ask(story_of, row.id) if entry.kind == "return_request"]
    why_back = str(back[-1].asked.get("why", "")) if back else ""
    form, giving_up = Form(f"again.{row.id}"), Form(f"give_up.{row.id}")
    with st.expander(_("Complete and submit again: %(number)s") % {"number": row.number}, icon=":material/undo:"):
        show(
            note("orange", _("This request was sent back."), why_back, _("Correct the quantities; 0 takes a line out."))
        )
        typed = {
            line.id: st.number_input(
                f"{name(line.item)} · {name(line.site)} ({text(known.get(line.unit, line.unit))})",
                min_value=0,
                max_value=999_999_999,
                value=line.quantity,
                key=form.key(f"line.{line.id}"),
            )
            for line in lines
        }
        allowed = {} if may("resubmit_request") else reason_disabled(who_can("resubmit_request"))
        if st.button(_("Submit again"), type="primary", key=form.key("submit"), **allowed):
            changed = {line.id: int(typed[line.id]) for line in lines if int(typed[line.id]) != line.quantity}
            errand(resubmit_request, form=form, request_id=row.id, seen=row.seen, quantities=changed)
        _give_up(row, giving_up, _("Give the request up"))


def plan_rest(row: RequestRow) -> None:
    """Draw what of a request nobody is to bring any more (declined, closed short, lost), with the two ways on."""
    lines = [line for line in ask(request_lines, request_id=row.id) if line.ordered + line.cancelled < line.quantity]
    if not lines:
        return
    known = ask(units)
    giving_up = Form(f"give_up.{row.id}")
    with st.expander(_("Not on its way: %(number)s") % {"number": row.number}, icon=":material/pending_actions:"):
        rows: list[list[object]] = [
            [line.item, line.site, amount(line.quantity - line.ordered - line.cancelled, line.unit, known)]
            for line in lines
        ]
        show(table([_("Item"), _("Place"), _("Still open")], rows, figures=(2,)))
        if st.button(
            _("Propose plans for the rest"),
            type="primary",
            icon=":material/alt_route:",
            key=f"rest.{row.id}",
            **({} if may("propose_plans") else reason_disabled(who_can("propose_plans"))),
        ):
            go("plan", request=str(row.id))
        _give_up(row, giving_up, _("Give the rest up"))


def _give_up(row: RequestRow, form: Form, words: str) -> None:
    why = st.text_input(_("Why it is not needed any more"), max_chars=WHY_LENGTH_MAX, key=form.key("why"))
    show(sub(_("Enter the reason first; it stands in the story.")))
    allowed = {} if may("cancel_request") else reason_disabled(who_can("cancel_request"))
    if st.button(words, key=form.key("cancel"), **(allowed or {"disabled": not why})):
        errand(cancel_request, form=form, request_id=row.id, seen=row.seen, why=why)
