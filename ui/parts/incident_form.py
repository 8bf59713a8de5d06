"""Forms of an incident: the first report with its five answers, and the change of people, cuts and level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import term_names
from inventory.core.clock import utc_now
from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.incidents.commands import change_incident, open_incident
from inventory.incidents.queries import IncidentRow
from inventory.incidents.rules import CUTS, PEOPLE_MAX, Affected
from inventory.places.queries import DivisionView, SiteView, divisions, sites
from ui.parts.board_lists import CUT_WORDS, ROMAN
from ui.parts.errand import Form, ask, errand, reason_disabled
from ui.parts.look import chip, head, note, section, show, sub
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.trade import who_can
from ui.parts.words import _, local, name, number

TOWN_LEVELS = ("town", "subdistrict")
NAME_LENGTH_MAX, NOTE_LENGTH_MAX = 80, 400


@dataclass(frozen=True)
class Ground:
    """What the forms choose from."""

    divisions: list[DivisionView]
    sites: list[SiteView]
    hazards: dict[str, Name]


def ground(work: Work) -> Ground:
    """Read places and hazards."""
    hazards = {code: words for code, words in term_names(work, kind="hazard").items() if code != "any"}
    return Ground(divisions(work), sites(work), hazards)


def affected_fields(form: Form, chosen: Sequence[SiteView], before: dict[UUID, Affected]) -> list[Affected]:
    """Draw people, households and the three cuts of each site; return them as they stand."""
    found = []
    for place in chosen:
        was = before.get(place.id)
        show(sub(f"{name(place.name)} · {name(place.town) if place.town else name(place.division)}"))
        people, households, cuts = st.columns([1, 1, 2], vertical_alignment="bottom", gap="small")
        count = people.number_input(
            _("People"), 0, PEOPLE_MAX, was.people if was else 0, 10, key=form.key(f"people.{place.id}")
        )
        homes = households.number_input(
            _("Households"), 0, PEOPLE_MAX, was.households if was else 0, 1, key=form.key(f"homes.{place.id}")
        )
        off = [cut for cut in CUTS if was is not None and getattr(was, f"cut_{cut}")]
        picked = cuts.pills(
            _("Cut off (press what is cut)"), list(CUTS), selection_mode="multi", default=off,
            format_func=lambda cut: _(CUT_WORDS[cut]), key=form.key(f"cuts.{place.id}"), wrap=True,
        )  # fmt: skip
        lost = set(picked or ())
        found.append(Affected(place.id, int(count), int(homes), "network" in lost, "power" in lost, "road" in lost))
    return found


def level_field(form: Form, level: int) -> int:
    """Draw the response level; return 1 (highest) to 4."""
    chosen = st.segmented_control(
        _("Response level"), [1, 2, 3, 4], default=level, required=True, format_func=lambda one: ROMAN[one],
        key=form.key("level"), help=_("I is the highest. Emergency Response Law 2024."),
    )  # fmt: skip
    return int(chosen or level)


def _place_word(row: DivisionView, names: dict[UUID, Name]) -> str:
    above = names.get(row.parent_id) if row.parent_id and row.depth > 1 else None
    return f"{name(above)} {name(row.name)}" if above else name(row.name)


def _town_of(row: DivisionView) -> UUID:
    return row.parent_id if row.parent_id and row.level not in (*TOWN_LEVELS, "district") else row.id


def _sites_field(form: Form, known: Ground, place: DivisionView) -> list[SiteView]:
    """Draw the choice of affected sites: those of the place first, by default its own site or shelter."""
    town = _town_of(place)
    near = [row for row in known.sites if row.division_id == place.id]
    around = [row for row in known.sites if town in (row.division_id, row.town_id) and row not in near]
    rest = [row for row in known.sites if row not in near and row not in around]
    by_id = {row.id: row for row in (*near, *around, *rest)}
    first = next((row.id for row in near if row.kind in ("shelter", "village")), None)
    chosen = st.multiselect(
        _("Where people are"), list(by_id), default=[first] if first else [], key=form.key(f"sites.{place.id}"),
        format_func=lambda key: name(by_id[key].name), placeholder=_("Type a name"), max_selections=12,
    )  # fmt: skip
    return [by_id[key] for key in chosen]


def _began_field(form: Form) -> dt.datetime:
    """Draw when it began (Beijing time), by default when the form was opened; return the instant."""
    opened = form.state.setdefault(f"opened.{form.state['turn']}", utc_now().replace(second=0, microsecond=0))
    value = st.datetime_input(
        _("Began at"), local(opened).replace(tzinfo=None), key=form.key("began"), step=dt.timedelta(minutes=1),
        format="YYYY-MM-DD",
    )  # fmt: skip
    return value.replace(tzinfo=HOME_ZONE) if value is not None else opened


def _name_of(place: DivisionView, hazard: Name, typed: str) -> tuple[str, str | None]:
    """Return the name of the incident in both languages: as typed, else the place and the hazard."""
    if typed.strip():
        return typed.strip(), None
    english = f"{place.name.en}: {hazard.en}" if place.name.en and hazard.en else None
    return f"{place.name.zh}{hazard.zh}"[:NAME_LENGTH_MAX], english


def draw_new() -> None:
    """Draw the first report; opening the incident leads on to its needs."""
    form = Form("open_incident")
    known = ask(ground)
    head(_("New report"), chip("draft"), sub(_("five answers are enough: place, hazard, people, time, cuts")))
    if not known.divisions or not known.sites:
        why = _("An incident needs a place.")
        show(note("orange", _("No place is known yet."), why, _("Load the district first.")))
        return
    left, right = st.columns([1, 1.35], gap="medium")
    names = {row.id: row.name for row in known.divisions}
    with left:
        show(section(_("What and where")))
        by_id = {row.id: row for row in known.divisions}
        place = by_id[
            st.selectbox(
                _("Place (town or village)"), list(by_id), index=min(1, len(by_id) - 1), key=form.key("place"),
                format_func=lambda key: _place_word(by_id[key], names), placeholder=_("Type a name"),
            )
        ]  # fmt: skip
        codes = list(known.hazards) or ["other"]
        hazard = st.pills(
            _("Hazard"), codes, default=codes[0], required=True, key=form.key("hazard"), wrap=True,
            format_func=lambda code: name(known.hazards.get(code, Name(code))),
        )  # fmt: skip
        level = level_field(form, 4)
        began = _began_field(form)
        drill = st.toggle(_("This is a drill"), key=form.key("drill"))
    with right:
        show(section(_("Who is affected"), _("the needs are computed from this")))
        chosen = _sites_field(form, known, place)
        people = affected_fields(form, chosen, {})
        if any(one.cut_road for one in people):
            show(_road_note())
        typed = st.text_input(
            _("Name (empty: place and hazard)"), max_chars=NAME_LENGTH_MAX, key=form.key("name"),
            placeholder=name(Name(*_name_of(place, known.hazards.get(str(hazard), Name(str(hazard))), ""))),
        )  # fmt: skip
        told = st.text_area(_("What happened (may follow)"), max_chars=NOTE_LENGTH_MAX, height=78, key=form.key("note"))
    name_zh, name_en = _name_of(place, known.hazards.get(str(hazard), Name(str(hazard))), typed)
    refused_at = st.container()
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        total = sum(one.people for one in people)
        words = _("%(people)s people · places: %(places)s") % {"people": number(total), "places": len(people)}
        show(sub(words), width="content")
        st.space("stretch")
        if st.button(_("Discard"), type="tertiary", key=form.key("back")):
            go("incident")
        if st.button(
            _("Open incident and compute needs"), type="primary", icon=":material/emergency_home:",
            key=form.key("open"), shortcut="Ctrl+Enter",
            **({} if may("open_incident") else reason_disabled(who_can("open_incident"))),
        ):  # fmt: skip
            with refused_at:
                errand(
                    open_incident, form=form, name_zh=name_zh, name_en=name_en, hazard=str(hazard), level=level,
                    division_id=place.id, affected=people, began_at=began, drill=drill, note=told,
                    then=lambda done: go("incident", incident=str(done.outcome["incident"]), request="new"),
                )  # fmt: skip


def _road_note() -> object:
    return note(
        "blue",
        _("A cut road changes the plans:"),
        _("vehicles that need the road are not sent there; what is near enough is carried on foot."),
    )


def change_drawer(row: IncidentRow) -> None:
    """Open the drawer that changes people, cuts and level; sites not named stay as they are."""
    form = Form(f"change.{row.id}")

    @st.dialog(_("Change people, cuts, level"), position="right", width="medium")
    def drawer() -> None:
        known = ask(ground)
        level = level_field(form, row.level)
        before = {
            one.site_id: Affected(one.site_id, one.people, one.households, one.cut_network, one.cut_power, one.cut_road)
            for one in row.sites
        }
        by_id = {one.id: one for one in known.sites}
        more = st.multiselect(
            _("Further places"), [key for key in by_id if key not in before], key=form.key("more"),
            format_func=lambda key: name(by_id[key].name), placeholder=_("Type a name"),
        )  # fmt: skip
        chosen = [by_id[key] for key in (*before, *more) if key in by_id]
        people = affected_fields(form, chosen, before)
        told = st.text_area(_("Situation"), row.note, max_chars=NOTE_LENGTH_MAX, height=78, key=form.key("note"))
        changed = [one for one in people if before.get(one.site_id) != one]
        place = st.container()
        if st.button(_("Save the change"), type="primary", icon=":material/save:", key=form.key("save")):
            with place:
                errand(
                    change_incident, form=form, incident_id=row.id, seen=row.seen, affected=changed,
                    level=level if level != row.level else None, note=told if told != row.note else None,
                )  # fmt: skip

    drawer()
