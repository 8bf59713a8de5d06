"""One incident: its places, its requests with the next step, what is still out, and its story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.dispatch.board import Coverage, coverage
from inventory.dispatch.queries import OrderRow, orders
from inventory.dispatch.tracking import CustodyRow, ShipmentRow, custody, shipments
from inventory.incidents.commands import change_incident, close_incident
from inventory.incidents.queries import IncidentRow, RequestRow, incident, requests
from inventory.incidents.rules import INCIDENT_STEPS
from inventory.people.stories import Entry, story_of
from ui.parts.board_lists import INCIDENT_STATES, covered, cut_marks, level_mark
from ui.parts.components import live
from ui.parts.deeds import story_of_entries
from ui.parts.errand import Form, ask, confirm, errand, reason_disabled
from ui.parts.incident_form import change_drawer
from ui.parts.incident_papers import draw_papers, draw_request_papers
from ui.parts.look import (
    Html,
    action,
    chip,
    empty,
    head,
    html,
    join,
    line,
    lines,
    note,
    section,
    show,
    sub,
    table,
)  # fmt: skip
from ui.parts.pages import go
from ui.parts.request_again import correct, plan_rest
from ui.parts.session import may
from ui.parts.trade import ORDER_STATUS, amount, units, who_can
from ui.parts.words import _, clock_seconds, moment, name, number, remaining, urgency

REQUEST_STATUS: dict[str, str] = {
    "draft": "draft",
    "submitted": "submitted",
    "returned": "returned",
    "approved": "approved",
    "in_fulfilment": "fulfilling",
    "fulfilled": "done",
    "rejected": "refused",
    "closed": "closed",
    "cancelled": "cancelled",
}
"""State of a request -> key of `STATUS`."""

OUT_SHOWN_MAX = 12
STORY_MAX = 40


@dataclass(frozen=True)
class Detail:
    """One incident on one snapshot."""

    now: dt.datetime
    row: IncidentRow
    hazard: Name
    coverage: Coverage | None
    requests: list[RequestRow]
    orders: list[OrderRow]
    moving: list[ShipmentRow]
    custody: list[CustodyRow]
    units: dict[str, Name]
    story: list[Entry]


def detail(work: Work, *, incident_id: object) -> Detail:
    """Read an incident with everything that hangs on it."""
    row = incident(work, incident_id=incident_id)  # type: ignore[arg-type]
    return Detail(
        now=work.now,
        row=row,
        hazard=term_names(work, kind="hazard").get(row.hazard, Name(row.hazard)),
        coverage=coverage(work, incident_ids=[row.id]).get(row.id),
        requests=requests(work, incident_id=row.id),
        orders=orders(work, incident_id=row.id),
        moving=[one for one in shipments(work) if one.incident_id == row.id],
        custody=custody(work, incident_id=row.id),
        units=units(work),
        story=story_of(work, row.id)[-STORY_MAX:],
    )


def draw(incident_id: object) -> None:
    """Draw one incident."""
    seen = ask(detail, incident_id=incident_id)
    row = seen.row
    _head(seen)
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        _places(row)
        _out(seen)
        draw_papers(row, seen.requests)
        show(join(section(_("Story"), _("newest first: who, when, why")), story_of_entries(seen.story)))
    with right:
        show(html("{}{}", section(_("Needs covered"), _("each line counts the same")), covered(seen.coverage)))
        _requests(seen)
        _orders(seen)
    _bar(seen)


def _head(seen: Detail) -> None:
    row = seen.row
    chips: list[Html | str] = [
        sub(row.number),
        chip(INCIDENT_STATES[row.state]),
        level_mark(row.level),
        sub(name(seen.hazard)),
        chip("drill") if row.drill else "",
        chip("demo") if row.demo else "",
        sub(_("since %(moment)s") % {"moment": moment(row.began_at)}),
    ]
    head(name(row.name), *chips)
    if row.note:
        show(sub(row.note))


def _places(row: IncidentRow) -> None:
    """Draw the affected places with people and cuts."""
    title = section(_("Affected places"), _("%(people)s people") % {"people": number(row.people)})
    if not row.sites:
        then = _("Add one with “Change people, cuts, level”.")
        show(join(title, empty("location_off", _("No place is affected yet."), then)))
        return
    rows = [
        [
            site.name,
            number(site.people),
            number(site.households) if site.households else "—",
            cut_marks(site.cut_network, site.cut_power, site.cut_road),
        ]
        for site in row.sites
    ]
    show(join(title, table([_("Place"), _("People"), _("Households"), _("Cuts")], rows, figures=(1, 2))))


def _requests(seen: Detail) -> None:
    """Draw the requests with their state and the next step."""
    title = section(_("Requests"), _("newest first"))
    if not seen.requests:
        then = _("“New request” computes the needs from people.")
        show(join(title, empty("outbox", _("Nothing has been requested yet."), then)))
        return
    shown = []
    for one in seen.requests:
        due = one.needed_by
        waits = one.state in ("submitted", "approved")
        when = moment(due) if due else "—"
        left = remaining(due) if due and waits else ""
        why = _("to %(place)s · lines: %(lines)s · days: %(days)s") % {
            "lines": one.line_count, "place": name(one.deliver_site), "days": one.days,
        }  # fmt: skip
        step = action(_("Compare plans")) if may("see_plans") else chip(REQUEST_STATUS[one.state])
        tone = urgency(due) if due and waits else "gray"
        what = html("{} {}", one.number, chip(REQUEST_STATUS[one.state])) if may("see_plans") else one.number
        shown.append(line(str(one.id), when, left, tone, what, why, step))  # type: ignore[arg-type]
    if (hit := live(join(title, lines(*shown)), key="requests")) and may("see_plans"):
        go("plan", request=hit)
    draw_request_papers(seen.requests)
    for one in seen.requests:
        if one.state == "returned":
            correct(one)
        elif one.state == "in_fulfilment":
            plan_rest(one)


def _orders(seen: Detail) -> None:
    """Draw the orders of the incident, each leading to its own page."""
    if not seen.orders:
        return
    title = section(_("Orders"), _("in all: %(count)s") % {"count": len(seen.orders)})
    shown = [
        line(
            str(one.id), moment(one.due_at) if one.due_at else "—", _("due"), "gray", one.number,
            f"{name(one.from_site)} → {name(one.to_site)}", chip(ORDER_STATUS[one.state]),
        )
        for one in seen.orders[:OUT_SHOWN_MAX]
    ]  # fmt: skip
    if hit := live(join(title, lines(*shown)), key="orders"):
        go("orders", order=hit)


def _out(seen: Detail) -> None:
    """Draw what is still out: on its way, or with a receiver."""
    title = section(_("Still out"), _("computed at %(clock)s") % {"clock": clock_seconds(seen.now)})
    if not seen.moving and not seen.custody:
        show(join(title, empty("task_alt", _("Nothing is out."))))
        return
    rows: list[list[object]] = [
        [chip("moving"), one.number, f"{name(one.from_site)} → {name(one.to_site)}", number(one.carried)]
        for one in seen.moving
    ]
    rows += [
        [chip("onsite", _("With the receiver")), one.item, one.holder, amount(one.quantity, one.unit, seen.units)]
        for one in seen.custody[:OUT_SHOWN_MAX]
    ]
    show(join(title, table([_("Where"), _("What"), _("Who"), _("Quantity")], rows, figures=(3,))))
    if len(seen.custody) > OUT_SHOWN_MAX:
        show(sub(_("%(count)s more") % {"count": len(seen.custody) - OUT_SHOWN_MAX}))


def _bar(seen: Detail) -> None:
    """Draw the steps that this incident can take now."""
    row = seen.row
    refused_at = st.container()
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        show(html('<span class="t-b">{}</span> {}', row.name, chip(INCIDENT_STATES[row.state])), width="content")
        st.space("stretch")
        if st.button(_("All incidents"), type="tertiary", key="all_incidents"):
            go("incident")
        if row.state in ("active", "demobilizing", "reconciling"):
            _steps(seen, refused_at)


def _steps(seen: Detail, refused_at: st.delta_generator.DeltaGenerator) -> None:
    row = seen.row
    may_change = {} if may("change_incident") else reason_disabled(who_can("change_incident"))
    if st.button(_("Change people, cuts, level"), icon=":material/edit_note:", key="change", **may_change):
        change_drawer(row)
    for state in sorted(INCIDENT_STEPS[row.state] - {"closed"}):
        words = {
            "demobilizing": _("Begin demobilising"),
            "reconciling": _("Begin reconciling"),
            "active": _("Active again"),
        }[state]
        form = Form(f"step.{row.id}.{state}")
        if st.button(words, key=form.key("step"), icon=":material/move_down:", **may_change):
            with refused_at:
                errand(change_incident, form=form, incident_id=row.id, seen=row.seen, state=state)
    if row.state == "reconciling":
        may_close = {} if may("close_incident") else reason_disabled(who_can("close_incident"))
        if st.button(_("Close incident"), type="primary", icon=":material/lock_clock:", key="close", **may_close):
            _confirm_closing(seen)
    else:
        may_ask = {} if may("submit_request") else reason_disabled(who_can("submit_request"))
        if st.button(_("New request"), type="primary", icon=":material/add:", key="new_request", **may_ask):
            go("incident", incident=str(row.id), request="new")


def _confirm_closing(seen: Detail) -> None:
    row = seen.row
    form = Form(f"close.{row.id}")
    still_out: Sequence[object] = [*seen.moving, *seen.custody]

    def body() -> None:
        if still_out:
            words = _("Consignments on the way: %(moving)s; lots with receivers: %(lots)s.") % {
                "moving": len(seen.moving), "lots": len(seen.custody),
            }  # fmt: skip
            show(note("orange", _("This incident still has goods out."), words, _("Settle them first.")))
        else:
            show(join(sub(_("Received = used + returned + lost: nothing is out. Closing is for good."))))

    confirm(
        _("Close incident"), act=_("Close for good"), glyph="lock_clock", body=body,
        do=lambda: errand(close_incident, form=form, incident_id=row.id, seen=row.seen),
    )  # fmt: skip
