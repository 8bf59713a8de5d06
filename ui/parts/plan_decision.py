"""The decision: what is chosen, whether it still holds, approve, approve on word of mouth, reject."""

from __future__ import annotations

import streamlit as st

from inventory.dispatch.approving import approve_plan
from inventory.dispatch.planning import reject_plan
from inventory.dispatch.proposals import PlanRow, PlanView, Staleness
from inventory.dispatch.rules import PAPER_HOURS
from inventory.errands.deed_words import DEEDS
from inventory.incidents.commands import return_request
from inventory.incidents.queries import RequestRow
from ui.parts.errand import Form, confirm, errand, reason_disabled
from ui.parts.look import Html, Tone, html, note, show, story, sub, table
from ui.parts.plan_cards import plan_name
from ui.parts.session import may
from ui.parts.trade import told, who_can
from ui.parts.whole import whole
from ui.parts.words import _, clock, name, number

REMARK_LENGTH_MAX, LEADER_LENGTH_MAX, WHY_LENGTH_MAX = 200, 60, 200
RECOMPUTE = "plan.recompute"
ORDERS_PIXELS = 190


def stale_words(row: PlanRow, changed: Staleness) -> tuple[bool, str]:
    """Return whether the books have moved since the plan's snapshot, and the sentence that says so."""
    if not changed.changes:
        return False, _("Stock and request unchanged since %(clock)s") % {"clock": clock(row.planned_at)}
    kinds = _(", ").join(told(DEEDS, kind) for kind in changed.kinds)
    words = _("Changes since %(clock)s that touch this plan: %(count)s (%(kinds)s)")
    return True, words % {"count": changed.changes, "clock": clock(row.planned_at), "kinds": kinds}


def bar(view: PlanView, request: RequestRow, changed: Staleness, own_request: bool) -> None:
    """Draw the decision bar at the bottom of the page."""
    row = view.row
    is_stale, words = stale_words(row, changed)
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        tick = html('<span class="t-ink {}">{}</span>', "orange" if is_stale else "green", "!" if is_stale else "✓")
        chosen = _("Chosen: %(name)s") % {"name": plan_name(row.alternative)}
        show(html('<span class="t-b">{}</span> {} {}', chosen, sub(words), tick), width="content")
        st.space("stretch")
        _reject(row, request)
        _verbal(view, request, own_request)
        allowed = {} if may("approve_plan") else reason_disabled(who_can("approve_plan"))
        if not view.consignments:
            allowed = reason_disabled(_("This plan sends nothing, so there is nothing to order."))
        if st.button(
            _("Approve this plan"), type="primary", icon=":material/approval:", key=f"approve.{row.id}",
            shortcut="Ctrl+Enter", **allowed,
        ):  # fmt: skip
            _confirm(view, request, is_stale, words, own_request)


def _reject(row: PlanRow, request: RequestRow) -> None:
    """Draw the small form that rejects the chosen plan, or sends the request back, with a reason."""
    allowed = may("reject_plan") or may("return_request")
    form, back = Form(f"reject.{row.id}"), Form(f"return.{request.id}")
    with st.popover(
        _("Reject"), type="tertiary", icon=":material/thumb_down:", disabled=not allowed,
        help=None if allowed else who_can("reject_plan"),
    ):  # fmt: skip
        why = st.text_input(_("Why"), max_chars=WHY_LENGTH_MAX, key=form.key("why")).strip()
        show(sub(_("Enter the reason first; it stands in the story.")))
        place = st.container()
        may_reject = {} if may("reject_plan") else reason_disabled(who_can("reject_plan"))
        if st.button(_("Reject this plan"), key=form.key("reject"), **(may_reject or {"disabled": not why})):
            with place:
                errand(reject_plan, form=form, plan_id=row.id, seen=row.seen, why=why)
        may_return = {} if may("return_request") else reason_disabled(who_can("return_request"))
        if request.state == "submitted" and st.button(
            _("Send the request back"), key=back.key("return"), **(may_return or {"disabled": not why})
        ):
            with place:
                errand(return_request, form=back, request_id=request.id, seen=request.seen, why=why)


def _verbal(view: PlanView, request: RequestRow, own_request: bool) -> None:
    """Draw the small form of an approval by word of mouth; it starts the clock for the paper."""
    row = view.row
    allowed = may("approve_plan") and bool(view.consignments)
    form = Form(f"verbal.{row.id}")
    hours = {"hours": PAPER_HOURS}
    with st.popover(
        _("Verbal approval"), icon=":material/record_voice_over:", disabled=not allowed,
        help=None if allowed else who_can("approve_plan"),
    ):  # fmt: skip
        leader = st.text_input(_("Who gave the order (name and post)"), max_chars=LEADER_LENGTH_MAX,
                               key=form.key("leader"))  # fmt: skip
        show(
            note(
                "violet",
                _("This starts the clock for the paper:"),
                _("it is due within %(hours)s hours and stands on the duty board until then.") % hours,
            )
        )
        reason = _own_reason(form) if own_request else None
        place = st.container()
        if st.button(_("Record verbal approval and issue"), type="primary", key=form.key("record")):
            with place:
                _post(form, row, note_text="", verbal_by=leader, override_reason=reason)


def _own_reason(form: Form) -> str | None:
    """Draw the field for why one may approve the own request in an emergency; None while it is empty."""
    show(note("violet", _("You submitted this request yourself."), _("In an emergency you may approve it: say why.")))
    said = st.text_input(_("Why you approve your own request (printed)"), max_chars=WHY_LENGTH_MAX, key=form.key("own"))
    return said.strip() or None


def _post(
    form: Form, row: PlanRow, *, note_text: str, verbal_by: str | None = None, override_reason: str | None = None
) -> object:
    """Approve; a refusal is shown here with "compute again" as the next step."""
    done = errand(
        approve_plan, form=form, plan_id=row.id, seen=row.seen, verbal_by=verbal_by,
        override_reason=override_reason, note=note_text,
    )  # fmt: skip
    if done is None:
        st.button(_("Compute again"), icon=":material/replay:", key=form.key("again"), on_click=ask_again)
    return done


@whole
def ask_again() -> None:
    """Remember that plans are to be computed again: the page does it when it is drawn next."""
    st.session_state[RECOMPUTE] = True


def what_happens(view: PlanView) -> list[tuple[Tone, str]]:
    """Return what approval posts at once: (tone, sentence) each."""
    holds = sum(len(one.lines) for one in view.consignments)
    units = sum(line.quantity for one in view.consignments for line in one.lines)
    orders = {(one.from_site_id, one.to_site_id, one.mode) for one in view.consignments}
    senders = {one.from_site_id for one in view.consignments}
    steps: list[tuple[Tone, str]] = [
        ("blue", _("Lots reserved: %(holds)s (units: %(units)s); nobody else can use them")
         % {"holds": number(holds), "units": number(units)}),
        ("blue", _("Dispatch orders issued: %(orders)s, by stockpiles: %(senders)s")
         % {"orders": number(len(orders)), "senders": number(len(senders))}),
    ]  # fmt: skip
    if view.row.reserve_used:
        words = _("Safety stock used, in units: %(units)s")
        steps.append(("orange", words % {"units": number(view.row.reserve_used)}))
    if view.shortages:
        words = _("Lines that stay short, to be asked of the level above: %(lines)s")
        steps.append(("red", words % {"lines": number(len(view.shortages))}))
    return steps


def _orders(view: PlanView) -> Html:
    """Return the orders that approval will issue: from, to, how many lines."""
    lines: dict[tuple[str, str], int] = {}
    for one in view.consignments:
        pair = (name(one.from_site), name(one.to_site))
        lines[pair] = lines.get(pair, 0) + len({line.request_line_id for line in one.lines})
    rows = [[origin, target, number(count)] for (origin, target), count in sorted(lines.items())]
    return table([_("From"), _("To"), _("Lines")], rows, figures=(2,))


def _confirm(view: PlanView, request: RequestRow, is_stale: bool, words: str, own_request: bool) -> None:
    """Open the dialog that lists the orders and holds that will be made."""
    row = view.row
    form = Form(f"approve.{row.id}")
    given: dict[str, str | None] = {"note": "", "own": None}

    def body() -> None:
        if st.session_state.pop(RECOMPUTE, False):
            st.session_state[RECOMPUTE] = True
            st.rerun()
        title = _("%(plan)s for %(number)s: at once") % {"plan": plan_name(row.alternative), "number": request.number}
        show(html('<p class="t-b">{}</p><div class="t-gap"></div>', title))
        show(story(*((tone, sentence, "", "") for tone, sentence in what_happens(view))))
        with st.container(height=ORDERS_PIXELS, border=False):
            show(_orders(view))
        if is_stale:
            show(note("orange", words, _("The independent check decides against today's books.")))
        given["own"] = _own_reason(form) if own_request else None
        given["note"] = st.text_input(_("Remark"), max_chars=REMARK_LENGTH_MAX, key=form.key("note"))

    def do() -> object:
        return _post(form, row, note_text=given["note"] or "", override_reason=given["own"])

    confirm(_("Approve plan"), act=_("Approve and issue"), body=body, do=do, width="medium")
