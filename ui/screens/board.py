"""Duty board: what burns, what waits for me, what is late, who is where; every number leads to its documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.dispatch.board import Coverage, Duty, coverage, duties
from inventory.dispatch.tracking import ShipmentRow, shipments
from inventory.incidents.queries import IncidentRow, incidents
from inventory.people.queries import here
from inventory.people.stories import Entry, newest_entries
from inventory.stockpiles.queries import Expiring, expiring
from inventory.teams.queries import TeamView, VehicleView, teams, vehicles
from ui.parts import board_lists as parts
from ui.parts.components import live
from ui.parts.errand import ask
from ui.parts.look import chip, empty, head, html, line, lines, section, show, sub, table, tile, tiles
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.words import _, clock, clock_seconds, local, long_day, moment, name, number, remaining, urgency

LIVE_STATES = ("active", "demobilizing", "reconciling")
LOG_ENTRIES = 6


@dataclass(frozen=True)
class Picture:
    """The board on one snapshot."""

    now: dt.datetime
    demo: bool
    incidents: list[IncidentRow]
    coverage: dict[UUID, Coverage]
    duties: list[Duty]
    moving: list[ShipmentRow]
    expiring: list[Expiring]
    log: list[Entry]
    units: list[TeamView | VehicleView]
    disciplines: dict[str, Name]

    @property
    def mine(self) -> list[Duty]:
        """What waits for this person."""
        return [duty for duty in self.duties if duty.mine]

    @property
    def late(self) -> list[Duty]:
        """What is over its time limit, whoever has to do it."""
        return [duty for duty in self.duties if duty.due_at is not None and duty.due_at < self.now]

    @property
    def due(self) -> list[Duty]:
        """What ends today and is not late yet."""
        today = local(self.now).date()
        return [d for d in self.duties if d.due_at and d.due_at >= self.now and local(d.due_at).date() == today]


def picture(work: Work, *, with_log: bool) -> Picture:
    """Read the whole board at once."""
    happening = incidents(work, states=LIVE_STATES)
    moving = shipments(work)
    return Picture(
        now=work.now,
        demo=here(work).demo,
        incidents=sorted(happening, key=lambda row: (LIVE_STATES.index(row.state), row.level, row.began_at)),
        coverage=coverage(work, incident_ids=[row.id for row in happening]),
        duties=duties(work, moving=moving),
        moving=moving,
        expiring=expiring(work, within_days=0, with_expired=False),
        log=newest_entries(work, limit=LOG_ENTRIES) if with_log else [],
        units=[*teams(work), *vehicles(work)],
        disciplines=term_names(work, kind="discipline"),
    )


def draw_head(seen: Picture) -> None:
    """Draw the head with the clock and the one creating action."""
    left, right = st.columns([3, 1.15], vertical_alignment="center")
    with left:
        head(
            _("Duty board"),
            html('<span class="t-clock">{}</span>', clock(seen.now)),
            sub(long_day(local(seen.now).date())),
            chip("demo") if seen.demo else "",
        )
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        may_open = may("open_incident")
        reason = None if may_open else _("Duty officers and commanders open incidents.")
        if st.button(
            _("New report"), icon=":material/add_alert:", type="primary", shortcut="Alt+N",
            key="new_report", disabled=not may_open, help=reason,
        ):  # fmt: skip
            go("incident", new="1")


def draw_tiles(seen: Picture, chosen: str) -> None:
    """Draw the five figures; pressing one shows its documents below."""
    active = [row for row in seen.incidents if row.state == "active"]
    late, due, mine = seen.late, seen.due, seen.mine
    next_mine = next((duty for duty in mine if duty.due_at), None)
    next_in = next((row for row in seen.moving if row.eta_at and row.eta_at >= seen.now), None)
    parted = [(_("time limits: %(count)s"), len(due)), (_("lots expiring: %(count)s"), len(seen.expiring))]
    body = tiles(
        tile("burn", "red", len(active), _("Active incidents"), _separated([name(row.name) for row in active])
             or _("nothing is happening"), pressed=chosen == "burn"),
        tile("mine", "orange", len(mine), _("Waiting for me"),
             _("next %(when)s") % {"when": _when(next_mine.due_at, seen)} if next_mine else _("no time limit"),
             pressed=chosen == "mine"),
        tile("late", "red" if late else "gray", len(late), _("Overdue"),
             _("longest %(late)s") % {"late": remaining(late[0].due_at, now=seen.now)} if late and late[0].due_at
             else _("everything in time"), pressed=chosen == "late"),
        tile("due", "orange" if due or seen.expiring else "gray", len(due) + len(seen.expiring), _("Due today"),
             _separated([words % {"count": count} for words, count in parted if count]) or _("nothing"),
             pressed=chosen == "due"),
        tile("road", "blue" if seen.moving else "gray", len(seen.moving), _("In transit"),
             _("next %(when)s %(place)s") % {"when": _when(next_in.eta_at, seen), "place": name(next_in.to_site)}
             if next_in and next_in.eta_at else _("nothing arrives next"), pressed=chosen == "road"),
    )  # fmt: skip
    hit = live(body, key="tiles")
    if hit == "burn":
        go("incident")
    elif hit:
        st.query_params["show"] = hit
        st.rerun()


def _when(instant: dt.datetime | None, seen: Picture) -> str:
    return moment(instant, now=seen.now) if instant else "—"


def _separated(words: Sequence[str]) -> str:
    return " · ".join(words)


def draw_incidents(seen: Picture) -> None:
    """Draw what is happening, the most urgent first."""
    title = section(_("Active incidents"), _("most urgent first; each need counts the same"))
    if not seen.incidents:
        show(html("{}{}", title, empty("task_alt", _("No incident is open."), _("A new report opens one."))))
        return
    cards = [parts.incident_card(row, seen.coverage.get(row.id), seen.now) for row in seen.incidents]
    if hit := live(html('{}<div class="t-stack">{}</div>', title, html("{}" * len(cards), *cards)), key="burning"):
        go("incident", incident=hit.partition(":")[2])


def draw_work(seen: Picture, chosen: str) -> None:
    """Draw the list of the chosen tile: what waits for me, what ends today, or what is on its way."""
    if chosen == "road":
        draw_moving(seen)
        return
    due = chosen == "due"
    rows = seen.due if due else seen.mine
    title = section(_("Due today") if due else _("Waiting for me"), _("by time limit"))
    if due and seen.expiring:
        show(sub(_("Lots that expire today: %(count)s. See Stock.") % {"count": number(len(seen.expiring))}))
    if not rows:
        nothing = _("Nothing more ends today.") if due else _("Nothing waits for you.")
        show(html("{}{}", title, empty("task_alt", nothing, _("New work appears here by itself."))))
        return
    if hit := live(html("{}{}", title, parts.waiting_lines(rows, seen.now)), key="waiting"):
        parts.open_duty(parts.find(hit, rows))


def draw_moving(seen: Picture) -> None:
    """Draw what is on its way, the next to arrive first."""
    title = section(_("In transit"), _("the next to arrive first"))
    if not seen.moving:
        nothing = empty("local_shipping", _("Nothing is on its way."), _("Shipped orders appear here."))
        show(html("{}{}", title, nothing))
        return
    rows = []
    for row in seen.moving:
        due = row.eta_at
        where = f"{name(row.from_site)} → {name(row.to_site)} · {row.plate}"
        tone = urgency(due, now=seen.now) if due else "gray"
        left = remaining(due, now=seen.now) if due else ""
        rows.append(line(str(row.id), _when(due, seen), left, tone, row.number, where, chip("moving")))  # type: ignore[arg-type]
    if hit := live(html("{}{}", title, lines(*rows)), key="moving"):
        go("receive", shipment=hit)


def draw_late(seen: Picture) -> None:
    """Draw what is overdue, each with what to do about it."""
    title = section(_("Overdue"), _("computed from the ledger %(clock)s") % {"clock": clock_seconds(seen.now)})
    rows = seen.late
    if not rows:
        show(html("{}{}", title, empty("task_alt", _("Nothing is overdue."))))
    elif hit := live(html("{}{}", title, parts.late_lines(rows, seen.now)), key="late"):
        parts.open_duty(parts.find(hit, rows))


def draw_log(seen: Picture) -> None:
    """Draw the newest entries of the journal as the duty log."""
    if seen.log:
        show(html("{}{}", section(_("Duty log"), _("newest first")), parts.log_lines(seen.log, seen.now)))


def draw_units(seen: Picture) -> None:
    """Draw teams and vehicles by state; a card opens its drawer."""
    title = section(_("Teams and vehicles"), _("one place at a time; colour only where attention is due"))
    if not seen.units:
        show(html("{}{}", title, empty("groups", _("No team or vehicle is known yet."))))
        return
    opened = st.session_state.get("board.lane")
    hit = live(html("{}{}", title, parts.lanes(seen.units, seen.disciplines, opened)), key="units")
    if hit and hit.startswith("lane:"):
        lane = hit.partition(":")[2]
        st.session_state["board.lane"] = None if lane == opened else lane
        st.rerun()
    elif hit and (card := parts.unit(hit, seen.units)):
        draw_unit(card, seen.disciplines)


def draw_unit(card: TeamView | VehicleView, disciplines: dict[str, Name]) -> None:
    """Open the drawer of a team or vehicle."""

    @st.dialog(name(card.name), position="right", width="medium")
    def drawer() -> None:
        rows: list[list[object]] = [[what, value] for what, value in parts.unit_facts(card, disciplines)]
        show(table([_("Fact"), _("Value")], rows))

    drawer()


seen = ask(picture, with_log=may("see_ledger"))
chosen = str(st.query_params.get("show", "mine"))
draw_head(seen)
draw_tiles(seen, chosen)
left, middle, right = st.columns([1.12, 1, 1])
with left:
    draw_incidents(seen)
with middle:
    draw_work(seen, chosen)
    draw_log(seen)
with right:
    draw_late(seen)
draw_units(seen)
