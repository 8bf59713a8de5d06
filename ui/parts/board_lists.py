"""The parts of the duty board: incidents with their bars, lines of what waits, the log, and T-cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from inventory.core.clock import utc_now
from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.dispatch.board import Coverage, Duty
from inventory.incidents.queries import IncidentRow
from inventory.people.stories import Entry
from inventory.teams.queries import TeamView, VehicleView
from ui.parts.deeds import deed, document, who
from ui.parts.look import STATUS, Html, Tone, action, bar, chip, html, icon, join, legend, line, lines, mark, sub
from ui.parts.pages import go
from ui.parts.words import _, clock, local, moment, name, number, remaining, span, urgency

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
LINES_SHOWN_MAX = 7
LATE_SHOWN_MAX = 4
CARDS_SHOWN_MAX = 4
CUT_WORDS: dict[str, str] = {"network": N_("Network"), "power": N_("Power"), "road": N_("Road")}
INCIDENT_STATES: dict[str, str] = {
    "draft": "draft",
    "active": "open",
    "demobilizing": "demobilizing",
    "reconciling": "reconciling",
    "closed": "closed",
    "cancelled": "cancelled",
}
"""State of an incident -> key of `STATUS`."""

DUTY_WORDS: dict[str, str] = {
    "plan": N_("Compute plans"),
    "approve": N_("Decide on a plan"),
    "complete": N_("Complete the request"),
    "paper": N_("Paper for a verbal order"),
    "pick": N_("Pick an order"),
    "check": N_("Check what was picked"),
    "ship": N_("Ship an order"),
    "receive": N_("Sign for a consignment"),
    "resolve": N_("Settle a difference"),
    "count": N_("Go on counting"),
    "recount": N_("Count again"),
    "approve_count": N_("Approve a count"),
    "post_count": N_("Post a count"),
}
_LATE_WORDS: dict[str, str] = {
    "plan": N_("No plan yet"),
    "approve": N_("No decision yet"),
    "paper": N_("Paper of a verbal order missing"),
    "pick": N_("Not picked"),
    "check": N_("Not checked"),
    "ship": N_("Not shipped"),
    "receive": N_("Not signed for"),
}
_COUNTED: dict[str, str] = {
    "approve": N_("plans to choose from: %(count)s"),
    "pick": N_("lines: %(count)s"),
    "check": N_("lines: %(count)s"),
    "ship": N_("lines: %(count)s"),
    "resolve": N_("units: %(count)s"),
    "count": N_("lines to count: %(count)s"),
    "recount": N_("lines to count again: %(count)s"),
    "approve_count": N_("lines: %(count)s"),
    "post_count": N_("lines: %(count)s"),
}
_CHIPS: dict[str, str] = {
    "plan": "submitted",
    "approve": "wait",
    "complete": "returned",
    "paper": "verbal",
    "pick": "reserved",
    "check": "check",
    "ship": "reserved",
    "receive": "moving",
    "resolve": "check",
    "count": "counting",
    "recount": "recount",
    "approve_count": "wait",
    "post_count": "approved",
}
_ACTS: dict[str, str] = {
    "plan": N_("Compute"),
    "approve": N_("Decide"),
    "paper": N_("File it"),
    "pick": N_("Pick"),
    "check": N_("Check"),
    "ship": N_("Ship"),
    "receive": N_("Sign for it"),
}


def open_duty(duty: Duty) -> None:
    """Open the page on which a duty is settled."""
    key = str(duty.subject_id)
    if duty.kind in ("plan", "approve", "paper"):
        go("plan", request=key)
    elif duty.kind in ("pick", "check", "ship"):
        go("orders", order=key)
    elif duty.kind == "receive":
        go("receive", shipment=key)
    elif duty.kind == "complete":
        go("incident", **({"incident": str(duty.incident_id)} if duty.incident_id else {}))
    elif duty.kind == "resolve":
        go("orders")
    else:
        go("count", count=key)


def _where(duty: Duty) -> str:
    """Return whence and whither a duty's goods go, or the place it is about."""
    places = [name(place) for place in (duty.origin, duty.target) if place is not None]
    if duty.kind == "paper":
        given = _("given by %(name)s")
        return given % {"name": places[0]} if places else ""
    return " → ".join(places)


def _why(duty: Duty) -> str:
    """Return what a duty is about, in one line: where, how many, of which incident."""
    counted = _(_COUNTED[duty.kind]) % {"count": number(duty.count)} if duty.kind in _COUNTED else ""
    incident = name(duty.incident) if duty.incident else ""
    return " · ".join(part for part in (duty.number, _where(duty), counted, incident) if part)


def _day_clock(instant: dt.datetime, now: dt.datetime) -> str:
    """Return the clock of today, the day of any other day."""
    return clock(instant) if local(instant).date() == local(now).date() else local(instant).strftime("%m-%d")


def waiting_lines(duties: Sequence[Duty], now: dt.datetime) -> Html:
    """Return duties as lines: when and how long still, what, why, and its state."""
    shown = []
    for at, duty in enumerate(duties[:LINES_SHOWN_MAX]):
        words = _(DUTY_WORDS[duty.kind])
        due = duty.due_at
        when, left = (_day_clock(due, now), remaining(due, now=now)) if due else ("—", _("no limit"))
        tone: Tone = urgency(due, now=now) if due else "gray"  # type: ignore[assignment]
        shown.append(line(f"duty:{at}", when, left, tone, words, _why(duty), chip(_CHIPS[duty.kind])))
    return _framed(shown, len(duties))


def late_lines(duties: Sequence[Duty], now: dt.datetime) -> Html:
    """Return what is overdue; its right side holds what to do about it, not another "overdue"."""
    shown = []
    for at, duty in enumerate(duties[:LATE_SHOWN_MAX]):
        if duty.due_at is None:
            continue
        words = _(_LATE_WORDS.get(duty.kind, DUTY_WORDS[duty.kind]))
        why = " · ".join(part for part in (duty.number, _where(duty), _masked(duty.phone)) if part)
        what_to_do = action(_(_ACTS[duty.kind]) if duty.mine and duty.kind in _ACTS else _("Follow up"))
        when, late = _day_clock(duty.due_at, now), remaining(duty.due_at, now=now)
        shown.append(line(f"late:{at}", when, late, "red", words, why, what_to_do))
    return _framed(shown, len(duties))


def _framed(shown: list[Html], total: int) -> Html:
    more = total - len(shown)
    told = html('<div class="t-gap"></div>{}', sub(_("%(count)s more") % {"count": number(more)})) if more > 0 else ""
    return join(lines(*shown), told)


def _masked(phone: str) -> str:
    """Return a phone number with its middle hidden: enough to recognise, not to copy."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else phone


def cut_marks(network: bool, power: bool, road: bool) -> Html:
    """Return the three cuts, red with a broken link where cut, gray with a tick where not."""
    states = zip(CUT_WORDS.values(), (network, power, road), strict=True)
    marks = (mark("red" if off else "gray", "link_off" if off else "check", _(word)) for word, off in states)
    return html('<span class="t-row">{}</span>', join(*marks))


def level_mark(level: int) -> Html:
    """Return the response level of an incident."""
    tone: Tone = "red" if level <= 2 else "orange"
    return mark(tone, "", _("Level %(level)s response") % {"level": ROMAN.get(level, str(level))})


def covered(part: Coverage | None) -> Html:
    """Return the bar arrived / moving / held / not covered with its legend."""
    if part is None:
        return sub(_("Nothing has been requested yet."))
    share = [part.arrived / 10, part.moving / 10, part.held / 10, part.open_ / 10]
    tones: tuple[Tone, ...] = ("green", "blue", "gray", "red")
    words = (_("arrived"), _("moving"), _("held in store"), _("not covered"))
    told = [(tone, word, f"{value:.0f} %") for tone, word, value in zip(tones, words, share, strict=True)]
    return join(bar(*zip(tones, share, strict=True)), legend(*told))


def incident_card(row: IncidentRow, part: Coverage | None, now: dt.datetime | None = None) -> Html:
    """Return an incident as a card: level, since when, people, cuts, and how far its needs are covered."""
    now = now or utc_now()
    off = [any(getattr(site, f"cut_{cut}") for site in row.sites) for cut in CUT_WORDS]
    minutes = int((now - row.began_at).total_seconds() // 60)
    since = _("since %(moment)s · %(span)s") % {"moment": moment(row.began_at, now=now), "span": span(minutes)}
    people = _("%(people)s people · places: %(places)s") % {"people": number(row.people), "places": len(row.sites)}
    limit = Html("")
    if row.state != "active":
        limit = chip(INCIDENT_STATES[row.state])
    elif part is not None and part.open_ and part.first_due_at is not None:
        tone: Tone = urgency(part.first_due_at, now=now)  # type: ignore[assignment]
        words = _("First time limit %(moment)s") % {"moment": moment(part.first_due_at, now=now)}
        limit = join(mark(tone, "schedule", remaining(part.first_due_at, now=now)), " ", sub(words))
    elif part is not None:
        limit = chip("done", _("All needs are ordered"))
    drill = chip("drill") if row.drill else ""
    return html(
        '<button class="t-card hot {}" data-act="incident:{}"><div class="t-row"><span class="t-b">{}</span>{}{}'
        '<span class="t-grow"></span>{}</div><div class="t-row"><span>{}</span>{}</div><div class="t-gap"></div>{}'
        '<div class="t-row">{}</div></button>',
        "red" if row.level <= 2 and row.state == "active" else "orange" if row.state == "active" else "gray",
        row.id, row.name, level_mark(row.level), drill, sub(since), people, cut_marks(*off), covered(part), limit,
    )  # fmt: skip


def log_lines(entries: Sequence[Entry], now: dt.datetime) -> Html:
    """Return the newest entries of the journal, one line each."""
    rows = [
        html(
            '<div class="t-line log"><span class="t-b">{}</span><span class="t-cut">{} {} {}</span></div>',
            _day_clock(entry.occurred_at, now), deed(entry), document(entry), sub(who(entry)),
        )
        for entry in entries
    ]  # fmt: skip
    return lines(*rows)


LANES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ready", ("available", "standby")),
    ("alert", ("alerted",)),
    ("enroute", ("en_route",)),
    ("onsite", ("on_site",)),
    ("rest", ("resting",)),
    ("failed", ("out_of_service",)),
)
"""Lane (a key of `STATUS`) -> the states of teams and vehicles that stand in it."""


def lanes(cards: Sequence[TeamView | VehicleView], disciplines: dict[str, Name], opened: str | None) -> Html:
    """Return teams and vehicles as T-cards by state; a long lane shows its first cards unless it is opened."""
    drawn = []
    for lane, states in LANES:
        mine = [card for card in cards if card.state in states]
        shown = mine if opened == lane else mine[:CARDS_SHOWN_MAX]
        rest = len(mine) - len(shown)
        more = ""
        if rest or opened == lane:
            words = _("%(count)s more") % {"count": rest} if rest else _("Show fewer")
            more = html('<button class="t-tcard gray" data-act="lane:{}"><p>{}</p></button>', lane, words)
        drawn.append(
            html(
                '<section class="t-lane"><header><span>{}</span><small>{}</small></header>{}{}</section>',
                _(STATUS[lane].word), len(mine), join(*(_card(card, disciplines) for card in shown)), more,
            )
        )  # fmt: skip
    return html('<div class="t-board">{}</div>', join(*drawn))


def _card(card: TeamView | VehicleView, disciplines: dict[str, Name]) -> Html:
    if isinstance(card, TeamView):
        told = _("%(people)s people · ready in %(minutes)s min")
        words = told % {"people": card.people, "minutes": card.assembly_local_minutes}
        kind = name(disciplines.get(card.discipline, Name(card.discipline)))
        glyph, second = "groups", f"{kind} · {words}"
    else:
        glyph, second = "local_shipping", f"{card.plate} · {card.payload_g / 1e6:.1f} t"
    tone: Tone = "red" if card.state == "out_of_service" else "gray"
    state = chip("failed") if card.state == "out_of_service" else ""
    return html(
        '<button class="t-tcard {}" data-act="card:{}"><p>{}<span>{}</span></p><p class="t-sub">{}</p>{}</button>',
        tone, card.id, icon(glyph), card.name, second, state,
    )  # fmt: skip


def unit_facts(card: TeamView | VehicleView, disciplines: dict[str, Name]) -> list[tuple[str, str]]:
    """Return what the drawer of a team or vehicle tells: (what, value) each."""
    facts = [(_("Code"), card.code), (_("Organisation"), name(card.organisation))]
    facts.append((_("Based at"), name(card.home_site)))
    if isinstance(card, TeamView):
        facts += [
            (_("Discipline"), f"{name(disciplines.get(card.discipline, Name(card.discipline)))} {card.level}"),
            (_("People"), number(card.people)),
            (_("Ready in its own district"), span(card.assembly_local_minutes)),
            (_("Ready elsewhere"), span(card.assembly_away_minutes) if card.assembly_away_minutes else "—"),
            (_("Lasts"), _("%(hours)s h") % {"hours": card.endurance_hours} if card.endurance_hours else "—"),
            (_("Leader"), f"{card.leader} {_masked(card.phone)}".strip() or "—"),
        ]
    else:
        facts += [
            (_("Plate"), card.plate),
            (_("Carries"), f"{card.payload_g / 1e6:.1f} t · {card.volume_cm3 / 1e6:.1f} m³"),
            (_("Driver"), f"{card.driver} {_masked(card.phone)}".strip() or "—"),
        ]
    return facts


def find(act: str, duties: Sequence[Duty]) -> Duty:
    """Return the duty of a pressed line ("duty:3")."""
    return duties[int(act.partition(":")[2])]


def unit(act: str, cards: Sequence[TeamView | VehicleView]) -> TeamView | VehicleView | None:
    """Return the team or vehicle of a pressed T-card."""
    wanted = UUID(act.partition(":")[2])
    return next((card for card in cards if card.id == wanted), None)
