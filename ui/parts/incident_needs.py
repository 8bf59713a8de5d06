"""The needs of an incident: proposed from norms with the arithmetic written out, edited line by line, submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import ItemView, items
from inventory.core.clock import utc_now
from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.incidents.asking import Party, own_stock, parties
from inventory.incidents.queries import IncidentRow, ProposedNeed, proposed_needs
from inventory.incidents.rules import Affected, NeedLine
from ui.parts.errand import Form, ask, errand, reason_disabled
from ui.parts.incident_draft import Key, Wanted, keep, lines_of, resume, submit
from ui.parts.incident_draft import draw as draw_kept
from ui.parts.look import Html, Tone, chip, empty, head, html, mark, note, section, show, sub
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.trade import units, who_can
from ui.parts.words import _, moment, name, number

QUANTITY_MAX = 999_999_999
DAYS = 3
"""Days to supply until somebody says otherwise."""
HOURS: tuple[int, ...] = (3, 6, 12, 24, 48, 72, 168)
HOURS_BY_PRIORITY: dict[int, int] = {0: 6, 1: 24, 2: 72}
"""Default time limits. 6 h: first batch within a county (rule P12, national guidance 2024, secondary); the others are
estimates of ours, editable line by line."""

PRIORITIES: dict[int, str] = {0: N_("Vital"), 1: N_("Important"), 2: N_("Later")}
PRIORITY_TONES: dict[int, Tone] = {0: "red", 1: "orange", 2: "gray"}
CERTAINTY: dict[str, tuple[Tone, str]] = {
    "confirmed": ("green", N_("Confirmed source")),
    "secondary": ("orange", N_("Second-hand source")),
    "estimate": ("gray", N_("Estimate")),
    "own": ("blue", N_("Own rule")),
}
EACH: dict[str, str] = {
    "once": N_("%(quantity)s per person × %(people)s people"),
    "day": N_("%(quantity)s per person and day × %(people)s people × %(days)s days"),
    "week": N_("%(quantity)s per person and week × %(people)s people × %(days)s days ÷ 7"),
    "month": N_("%(quantity)s per person and month × %(people)s people × %(days)s days ÷ 30"),
}
PERIODS: dict[str, str] = {
    "once": N_("%(quantity)s per %(persons)s people × %(people)s people"),
    "day": N_("%(quantity)s per %(persons)s people and day × %(people)s people × %(days)s days"),
    "week": N_("%(quantity)s per %(persons)s people and week × %(people)s people × %(days)s days ÷ 7"),
    "month": N_("%(quantity)s per %(persons)s people and month × %(people)s people × %(days)s days ÷ 30"),
}


@dataclass(frozen=True)
class Sources:
    """What the page reads: needs from norms, the town's own stock, the units, who asks whom."""

    needs: list[ProposedNeed]
    own: dict[UUID, int]
    units: dict[str, Name]
    items: list[ItemView]
    asker: Party
    asked: Party


def sources(work: Work, *, row: IncidentRow, days: int) -> Sources:
    """Read needs, own stock and parties on one snapshot."""
    affected = [
        Affected(site.site_id, site.people, site.households, site.cut_network, site.cut_power, site.cut_road)
        for site in row.sites
    ]
    needs = proposed_needs(work, affected=affected, hazard=row.hazard, days=days)
    catalogue = items(work, limit=500)
    first = row.sites[0].site_id
    own = own_stock(work, site_id=first, item_ids=[item.id for item in catalogue])
    return Sources(needs, own, units(work), catalogue, *parties(work, site_id=first))


def arithmetic(basis: dict[str, Any], quantity: int) -> str:
    """Return the sum of a norm in one line: "10 per 44 people and day × 132 people × 3 days = 90"."""
    milli = int(basis["quantity_milli"])
    sentences = EACH if int(basis["per_persons"]) == 1 else PERIODS
    words = _(sentences[basis["period"]]) % {
        "quantity": f"{milli / 1000:g}",
        "persons": number(int(basis["per_persons"])),
        "people": number(int(basis["people"])),
        "days": number(int(basis["days"])),
    }
    return f"{words} = {number(quantity)}"


def certainty_chip(confidence: str) -> Html:
    """Return how certain the source of a figure is."""
    tone, word = CERTAINTY.get(confidence, CERTAINTY["estimate"])
    return mark(tone, "", _(word))


def _form(row: IncidentRow) -> Form:
    return Form(f"request.{row.id}")


def _lines(form: Form, facts: Sources, days: int) -> dict[Key, Wanted]:
    """Return the lines of the draft: what the norms propose, with what the officer changed; kept until submitted."""
    kept = lines_of(form)
    before: dict[Key, Wanted] = kept["lines"]
    for line in before.values():
        _take_typed(form, line)
    fresh: dict[Key, Wanted] = {}
    for need in facts.needs:
        one = need.need
        line = Wanted(
            one.item_id, one.site_id, need.item, need.unit, one.quantity, one.quantity, one.priority,
            HOURS_BY_PRIORITY[one.priority], one.priority, dict(one.basis),
        )  # fmt: skip
        was = before.get(line.key)
        if was is not None and (was.edited or was.hours != line.hours):
            line.quantity = was.quantity if was.proposed is None or was.quantity != was.proposed else line.quantity
            line.priority, line.hours = was.priority, was.hours
        fresh[line.key] = line
    fresh.update({key: line for key, line in before.items() if line.proposed is None and key not in fresh})
    if kept["days"] not in (None, days):
        for line in fresh.values():
            if not line.edited:
                st.session_state.pop(_keys(form, line)["quantity"], None)
    kept.update(days=days, lines=fresh)
    return fresh


def _keys(form: Form, line: Wanted) -> dict[str, str]:
    """Return the keys of a line's three fields."""
    tag = f"{line.site_id.hex}.{line.item_id.hex}"
    return {field: form.key(f"{field}.{tag}") for field in ("quantity", "priority", "hours")}


def _take_typed(form: Form, line: Wanted) -> None:
    """Take over what stands in a line's fields, drawn now or not: a press on another group takes them away at once."""
    for field_name, key in _keys(form, line).items():
        typed = st.session_state.get(key)
        if typed is not None:
            setattr(line, field_name, int(typed))


def _opened(form: Form) -> dt.datetime:
    """Return when this form was opened: time limits count from here, so that a resend is the same request."""
    now = utc_now().replace(second=0, microsecond=0)
    return cast(dt.datetime, form.state.setdefault(f"opened.{form.state['turn']}", now))


def draw(row: IncidentRow) -> None:
    """Draw the needs of an incident, ready to submit."""
    form = _form(row)
    head(_("Needs"), html('<span class="t-b">{}</span>', row.name), chip("draft"))
    if not row.sites:
        show(empty("location_off", _("No place is affected yet."), _("Add places with people to the incident first.")))
        return
    clock = st.container()
    top, choice = st.columns([1, 5.2], vertical_alignment="bottom", gap="small")
    st.session_state.setdefault(form.key("days"), DAYS)
    resume(form, row.id, {item.id: item for item in ask(items, limit=500)})
    days = int(top.number_input(_("Days to supply"), 1, 90, key=form.key("days")))
    facts = ask(sources, row=row, days=days)
    wanted = _lines(form, facts, days)
    with choice:
        site_id, priority = _choose(row, form, wanted)
    shown = [line for line in wanted.values() if line.site_id == site_id and line.norm_priority == priority]
    show(section(_("Proposed needs"), _("from people, days and norms; every line can be changed")))
    opened = _opened(form)
    if not shown:
        show(empty("playlist_add", _("No line in this group."), _("Add an item below, or choose another group.")))
    with st.container(border=True, gap="xsmall", key="needs"):
        _titles()
        for line in shown:
            _row(form, line, facts, opened)
        _add(form, facts, wanted, site_id, priority)
    show(
        note(
            "blue",
            _("The town's own stock is in the plan:"),
            _("it is nearest, so plans take it first; the request states it to the level above."),
        )
    )
    keep(form, row.id, days=days, opened=opened, lines=wanted.values())
    with clock:
        draw_kept(form)
    _bar(row, form, facts, list(wanted.values()), opened, days)


def _choose(row: IncidentRow, form: Form, wanted: dict[Key, Wanted]) -> tuple[UUID, int]:
    """Draw the choice of place and of priority; the lines of one group are shown at a time."""
    sites = {site.site_id: site for site in row.sites}
    left, right = st.columns([1.55, 1], vertical_alignment="bottom", gap="small")
    site_id = left.segmented_control(
        _("Deliver to"), list(sites), default=row.sites[0].site_id, required=True, wrap=True, key=form.key("site"),
        format_func=lambda key: f"{name(sites[key].name)} · {_people(sites[key].people)}",
    )  # fmt: skip
    place = site_id or row.sites[0].site_id
    counts = {
        level: sum(1 for line in wanted.values() if line.site_id == place and line.norm_priority == level)
        for level in PRIORITIES
    }
    chosen = right.segmented_control(
        _("Group"), list(PRIORITIES), default=0, required=True, wrap=True, key=form.key("group"),
        format_func=lambda level: f"{_(PRIORITIES[level])} {counts[level]}",
    )  # fmt: skip
    return place, int(chosen or 0)


def _people(count: int) -> str:
    return _("%(people)s people") % {"people": number(count)}


WIDTHS = [2.6, 0.8, 1.0, 0.9, 1.0]


def _titles() -> None:
    words = (
        _("Item, arithmetic, source"), _("Town has"), _("Request"), _("Priority"), _("Time limit"),
    )  # fmt: skip
    with st.container(key="needs_titles"):  # A phone hides it: there each field stands below its item.
        cells = st.columns(WIDTHS, vertical_alignment="center", gap="small")
    for at, (cell, word) in enumerate(zip(cells, words, strict=True)):
        cell.html(html('<div class="t t-sub t-b{}">{}</div>', " t-num" if at == 1 else "", word))


def _row(form: Form, line: Wanted, facts: Sources, opened: dt.datetime) -> None:
    """Draw one line: what it is with its arithmetic, the town's own, and three fields."""
    told, own, quantity, priority, limit = st.columns(WIDTHS, vertical_alignment="center", gap="small")
    unit = name(facts.units.get(line.unit, Name(line.unit)))
    keys = _keys(form, line)
    for field_name, key in keys.items():
        if key not in st.session_state:
            st.session_state[key] = getattr(line, field_name)
    line.quantity = int(
        quantity.number_input(f"{name(line.item)} {unit}", 0, QUANTITY_MAX, key=keys["quantity"],
                              label_visibility="collapsed")
    )  # fmt: skip
    line.priority = int(
        priority.selectbox(_("Priority"), list(PRIORITIES), key=keys["priority"], label_visibility="collapsed",
                           format_func=lambda level: _(PRIORITIES[level]))
    )  # fmt: skip
    line.hours = int(
        limit.selectbox(_("Time limit"), HOURS, key=keys["hours"], label_visibility="collapsed",
                        format_func=lambda hours: _limit(opened, hours))
    )  # fmt: skip
    edited = mark("blue", "edit", _("Edited")) if line.edited else ""
    if line.proposed is None:
        body = html('<span class="t-b">{}</span> {}<br>{}', line.item, edited, sub(_("added by hand")))
    else:
        sums = arithmetic(line.basis, line.proposed)
        text = name(Name(line.basis["text_zh"], line.basis["text_en"]))
        body = html(
            '<span class="t-b">{}</span> {} {}<br><span class="t-sub" title="{}">{} · {}</span>',
            line.item, certainty_chip(line.basis["confidence"]), edited, text, sums, line.basis["source"],
        )  # fmt: skip
    told.html(html('<div class="t">{}</div>', body))
    has = facts.own.get(line.item_id, 0)
    own.html(html('<div class="t t-num">{} <span class="t-sub">{}</span></div>', number(has), unit))


def _limit(opened: dt.datetime, hours: int) -> str:
    until = moment(opened + dt.timedelta(hours=hours))
    return _("%(hours)s h · %(until)s") % {"hours": hours, "until": until}


def _add(form: Form, facts: Sources, wanted: dict[Key, Wanted], site_id: UUID, priority: int) -> None:
    """Draw the field that adds an item by hand; what is chosen becomes a line of this group at once."""
    free = {item.id: item for item in facts.items if (site_id, item.id) not in wanted}
    turn = len(wanted)
    chosen = st.selectbox(
        _("Add item"), list(free), index=None, placeholder=_("Add item: type a name"),
        key=form.key(f"add.{site_id.hex}.{turn}"), format_func=lambda key: name(free[key].name),
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen is not None:
        item = free[chosen]
        hours = HOURS_BY_PRIORITY[priority]
        wanted[site_id, item.id] = Wanted(
            item.id, site_id, item.name, item.unit, None, 1, priority, hours, priority, {"by_hand": True}
        )
        st.rerun()


def need_lines(lines: Sequence[Wanted], opened: dt.datetime) -> list[NeedLine]:
    """Return what is submitted: lines with a quantity; the basis keeps the norm's figure beside the edited one."""
    return [
        NeedLine(
            item_id=line.item_id,
            site_id=line.site_id,
            quantity=line.quantity,
            priority=line.priority,
            deadline_at=opened + dt.timedelta(hours=line.hours),
            basis={**line.basis, "proposed": line.proposed or 0, "edited": line.edited},
        )
        for line in sorted(lines, key=lambda one: (one.priority, one.item.zh))
        if line.quantity
    ]


def _bar(row: IncidentRow, form: Form, facts: Sources, lines: list[Wanted], opened: dt.datetime, days: int) -> None:
    """Draw the decision bar: what will be submitted, and the one primary button."""
    asked = need_lines(lines, opened)
    edited = sum(1 for line in lines if line.edited)
    codes = {item.id: item.code for item in facts.items}
    own = {codes[line.item_id]: facts.own.get(line.item_id, 0) for line in asked if line.item_id in codes}
    first = min((line.deadline_at for line in asked if line.deadline_at), default=None)
    refused_at = st.container()
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        words = _("Lines: %(lines)s · edited: %(edited)s · %(asker)s asks %(asked)s") % {
            "lines": len(asked), "edited": edited, "asker": name(facts.asker.name), "asked": name(facts.asked.name),
        }  # fmt: skip
        limit = _("first by %(moment)s") % {"moment": moment(first)} if first else ""
        show(html('<span class="t-b">{}</span> {}', words, sub(limit)), width="content")
        st.space("stretch")
        if st.button(_("Back to the incident"), type="tertiary", key=form.key("back")):
            go("incident", incident=str(row.id))
        if st.button(
            _("Submit request"), type="primary", icon=":material/outbox:", key=form.key("submit"),
            shortcut="Ctrl+Enter", **({} if may("submit_request") else reason_disabled(who_can("submit_request"))),
        ):  # fmt: skip
            with refused_at:
                errand(
                    submit, form=form, asker_id=facts.asker.id, asked_id=facts.asked.id,
                    deliver_site_id=row.sites[0].site_id, lines=asked, incident_id=row.id, days=days,
                    needed_by=first, own_total=own,
                    then=lambda done: _onward(row, str(done.outcome["request"])),
                )  # fmt: skip


def _onward(row: IncidentRow, request: str) -> None:
    """Go on to the plans, or back to the incident where this person may not see plans."""
    if may("see_plans"):
        go("plan", request=request)
    else:
        go("incident", incident=str(row.id))
