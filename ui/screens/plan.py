"""Compare plans: a page to decide on; three plans serve the same needs, the bar below says what approval does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from inventory.core.errors import Name, NotFound
from inventory.core.work import Work
from inventory.dispatch.comparing import Sketch, newest_plans, sketch
from inventory.dispatch.planning import plan_request
from inventory.dispatch.proposals import PlanRow, PlanView, Staleness, plan_view, staleness
from inventory.dispatch.queries import OrderRow, orders
from inventory.incidents.queries import RequestLineRow, RequestRow, request, request_lines, requests
from inventory.people.queries import permit
from inventory.people.rules import At
from inventory.people.signing_off import capacity_of
from ui.parts import plan_cards, plan_decision, plan_picture, plan_why
from ui.parts.components import live
from ui.parts.errand import Form, ask, errand_of_store, reason_disabled, refusal_note
from ui.parts.incident_detail import REQUEST_STATUS
from ui.parts.incident_papers import OF_REQUEST, links
from ui.parts.look import chip, empty, head, html, line, lines, note, section, show, sub, table
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.trade import ORDER_STATUS, units, who_can
from ui.parts.words import _, moment, name, number, remaining, urgency

OPEN_STATES = ("submitted", "approved", "in_fulfilment")
SECONDS = 10  # Wall limit for the search for fewer consignments; what is found by then is proposed with its bound.


@dataclass(frozen=True)
class Picture:
    """A request with its plans on one snapshot; `view`, `changed`, `map` are of the chosen plan."""

    request: RequestRow
    lines: list[RequestLineRow]
    plans: list[PlanRow]
    view: PlanView | None
    changed: Staleness | None
    map: Sketch | None
    orders: list[OrderRow]
    units: dict[str, Name]
    own_request: bool


def picture(work: Work, *, request_id: UUID, wanted: str) -> Picture:
    """Read a request and its newest plans; `wanted` is the alternative that stands in the address."""
    asked = request(work, request_id=request_id)
    permit(work, "see_plans", At(site_id=asked.deliver_site_id))
    plans = newest_plans(work, request_id=request_id)
    chosen = next((row for row in plans if row.state == "approved"), None)
    chosen = chosen or next((row for row in plans if row.alternative == wanted), plans[0] if plans else None)
    me = work.actor.account_id
    return Picture(
        request=asked,
        lines=request_lines(work, request_id=request_id),
        plans=plans,
        view=plan_view(work, plan_id=chosen.id) if chosen else None,
        changed=staleness(work, plan_id=chosen.id) if chosen and chosen.state != "approved" else None,
        map=sketch(work, plan_id=chosen.id) if chosen else None,
        orders=orders(work, request_id=request_id),
        units=units(work),
        own_request=me is not None and capacity_of(work, document_id=request_id, account_id=me) == "requester",
    )


def open_requests(work: Work) -> list[RequestRow]:
    """Return the requests that plans can be made for."""
    permit(work, "see_plans", At(own=True))
    return requests(work, states=OPEN_STATES)


def draw_list() -> None:
    """Draw the requests that wait for plans or a decision, the nearest time limit first."""
    rows = ask(open_requests)
    head(_("Compare plans"), sub(_("choose a request; the nearest time limit first")))
    if not rows:
        then = _("Requests of incidents appear here once submitted.")
        show(empty("task_alt", _("No request waits for a plan."), then))
        return
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    shown = []
    for row in sorted(rows, key=lambda one: (one.state != "submitted", one.needed_by or far)):
        due, waits = row.needed_by, row.state != "in_fulfilment"
        what = f"{row.number} · {name(row.incident)}" if row.incident else row.number
        why = _("to %(place)s · lines: %(lines)s · days: %(days)s") % {
            "lines": row.line_count, "place": name(row.deliver_site), "days": row.days,
        }  # fmt: skip
        tone = urgency(due) if due and waits else "gray"
        left = remaining(due) if due and waits else ""
        state = chip(REQUEST_STATUS[row.state])
        shown.append(line(str(row.id), moment(due) if due else "—", left, tone, what, why, state))  # type: ignore[arg-type]
    if hit := live(lines(*shown), key="open_requests"):
        go("plan", request=hit)


def compute(request_id: UUID) -> None:
    """Compute plans outside any write transaction, with its steps named while it runs."""
    words = {
        "snapshot": _("Reading the books…"),
        "solve": _("Solving…"),
        "check": _("Checking independently…"),
        "keep": _("Keeping the plans…"),
    }
    with st.status(words["snapshot"], expanded=True) as status:
        form = Form(f"plans.{request_id}")
        errand_of_store(
            plan_request, form=form, request_id=request_id, seconds=SECONDS,
            step=lambda name_of_step: status.update(label=words[name_of_step]),
        )  # fmt: skip
        status.update(label=_("No plan was made."), state="error")


def draw_request(seen: Picture) -> None:
    """Draw a request with its plans."""
    asked = seen.request
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        head(
            _("Compare plans"),
            html('<span class="t-b">{}</span>', asked.incident or asked.deliver_site),
            sub(asked.number),
            chip(REQUEST_STATUS[asked.state]),
        )
        links(OF_REQUEST, str(asked.id))
    again = False
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        words = _("Compute again") if seen.plans else _("Compute plans")
        allowed = {} if may("propose_plans") else reason_disabled(who_can("propose_plans"))
        if asked.state in OPEN_STATES:
            again = st.button(
                words, icon=":material/replay:", type="secondary" if seen.plans else "primary",
                key=Form(f"plans.{asked.id}").key("compute"), **allowed,
            )  # fmt: skip
    if again or st.session_state.pop(plan_decision.RECOMPUTE, False):
        compute(asked.id)
    if seen.view is None:
        draw_nothing(seen)
        return
    draw_plans(seen, seen.view)


def draw_nothing(seen: Picture) -> None:
    """Draw a request without a plan: what is asked, and the first step."""
    then = _("“Compute plans” reads the books, solves and checks; nothing is reserved.")
    show(empty("alt_route", _("No plan yet."), then))
    rows = [
        [one.item, one.site, plan_why.priority_chip(one.priority), number(one.quantity), number(one.ordered),
         moment(one.deadline_at) if one.deadline_at else "—"]
        for one in seen.lines
    ]  # fmt: skip
    titles = [_("Item"), _("Place"), _("Priority"), _("Asked"), _("Ordered"), _("Time limit")]
    show(html("{}{}", section(_("What is asked")), table(titles, rows, figures=(3, 4))))


def draw_plans(seen: Picture, view: PlanView) -> None:
    """Draw cards, differences, shortages, map, arrivals, consignments, and the decision."""
    approved = view.row.state == "approved"
    by_id = {one.id: one for one in seen.lines}
    show(plan_cards.proof(view.row))
    if not approved and len(seen.plans) > 1:
        hit = live(plan_cards.cards(seen.plans, view.row), key="plans")
        if hit and hit != view.row.alternative:
            st.query_params["plan"] = hit
            st.rerun()
        show(plan_cards.same(seen.plans))
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        if approved:
            draw_orders(seen)
        else:
            title = section(_("Differences"), _("★ best of the row; green less, red more than the chosen plan"))
            show(html("{}{}", title, plan_cards.differences(seen.plans, view.row)))
    with right:
        if seen.map is not None and seen.map.legs:
            title = section(_("Map"), _("schematic: straight lines, not roads"))
            live(html("{}{}", title, plan_picture.sketch_map(seen.map)), key="map")
    if view.shortages:
        count = _("lines: %(count)s, whatever the plan") % {"count": len(view.shortages)}
        title = section(_("Shortages and their price"), count)
        show(html("{}{}", title, plan_why.shortage_cards(view, seen.units)))
    else:
        show(note("green", _("Nothing stays short."), _("Every line of the request is covered in time.")))
    if view.consignments:
        title = section(_("Arrivals"), _("hatched: preparing; solid: on the way; red line: time limit"))
        show(html("{}{}", title, plan_picture.gantt(view, by_id, seen.units)))
        draw_consignments(view, by_id, seen)
    else:
        what_to_do = _("Extend a time limit, open a road, or ask the level above.")
        show(note("orange", _("This plan sends nothing."), _("No stock can reach the places in time."), what_to_do))
    if not approved and seen.orders:
        draw_orders(seen)
    if not approved and seen.changed is not None and seen.request.state in OPEN_STATES:
        plan_decision.bar(view, seen.request, seen.changed, seen.own_request)


def draw_orders(seen: Picture) -> None:
    """Draw the numbered orders of an approved plan, each leading to its page."""
    title = section(_("Orders issued"), _("press one to print, pick or follow it"))
    shown = [
        line(
            str(one.id), moment(one.due_at) if one.due_at else "—", _("due"), "gray", one.number,
            f"{name(one.from_site)} → {name(one.to_site)}", chip(ORDER_STATUS[one.state]),
        )
        for one in seen.orders
    ]  # fmt: skip
    if hit := live(html("{}{}", title, lines(*shown)), key="orders"):
        go("orders", order=hit)


def draw_consignments(view: PlanView, by_id: dict[UUID, RequestLineRow], seen: Picture) -> None:
    """Draw consignments by source; every line opens the drawer that says why it comes from there."""
    title = section(_("Consignments"), _("press a line: why this source"))
    hit = live(html("{}{}", title, plan_why.consignment_list(view, by_id, seen.units)), key="consignments")
    if hit and hit.startswith("why:"):
        at, position = (int(part) for part in hit.split(":")[1:])
        one = view.consignments[at]
        chosen = one.lines[position]

        @st.dialog(_("Why this source: %(item)s") % {"item": name(chosen.item)}, position="right", width="medium")
        def drawer() -> None:
            show(plan_why.why_here(one, chosen, view, by_id, seen.units))

        drawer()


wanted_request = st.query_params.get("request")
if wanted_request is None:
    draw_list()
else:
    try:
        key = UUID(wanted_request)
    except ValueError:
        show(refusal_note(NotFound(kind="request", key=wanted_request[:40])))
        st.stop()
    draw_request(ask(picture, request_id=key, wanted=str(st.query_params.get("plan", "fastest"))))
