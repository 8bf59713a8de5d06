"""The list of counts with the next step for this person, and opening a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.words import N_
from inventory.core.work import Work
from inventory.people.reach import covered_sites
from inventory.places.queries import bins, sites
from inventory.stocktaking.commands import open_count
from inventory.stocktaking.queries import CountSummary, closed_counts, open_counts
from inventory.stocktaking.rules import COUNTED_KINDS, KINDS
from ui.parts.components import live
from ui.parts.errand import Form, ask, errand, reason_disabled
from ui.parts.look import Html, Tone, action, chip, empty, head, html, join, line, lines, section, show, sub
from ui.parts.pages import go
from ui.parts.session import may
from ui.parts.words import _, moment, name, number

WORDS_OF_KINDS = {
    "whole": N_("Whole site"),
    "cycle": N_("Some bins or items"),
    "spot": N_("Spot check"),
    "first": N_("First count"),
}


@dataclass(frozen=True)
class Counts:
    """The counts this person may do something with, and those that are closed; whether they may compare, per count."""

    open: tuple[CountSummary, ...]
    closed: tuple[CountSummary, ...]
    compared: frozenset[UUID]


def _read(work: Work) -> Counts:
    reading, comparing = covered_sites(work, "read_count"), covered_sites(work, "see_count_review")

    def inside(count: CountSummary, covered: frozenset[UUID] | None) -> bool:
        return covered is None or count.site_id in covered

    def mine(found: list[CountSummary]) -> tuple[CountSummary, ...]:
        return tuple(count for count in found if inside(count, reading) or inside(count, comparing))

    opened, closed = mine(open_counts(work)), mine(closed_counts(work))
    compared = frozenset(count.id for count in (*opened, *closed) if inside(count, comparing))
    return Counts(opened, closed, compared)


def overview() -> None:
    """Draw all counts by state, with what this person does next, and the button that opens a new one."""
    counts = ask(_read)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            head(_("Count"), sub(_("%(count)s open") % {"count": len(counts.open)}), chip("blind"))
        disabled: dict[str, Any] = {}
        if not may("open_count"):
            disabled = reason_disabled(_("A clerk, the stock keeper or the manager opens counts."))
        pressed = st.button(
            _("Open a count"), type="primary", icon=":material/add:", key="open", shortcut="Alt+N", **disabled
        )
    if pressed:
        _drawer()
    if counts.open:
        hit = live(_groups(counts), key="counts")
    else:
        show(empty("task_alt", _("No count is open."), _("Open one for a site; what differs is counted twice.")))
        hit = None
    if counts.closed:
        show(html('<div class="t-gap"></div>'))
        show(section(_("Closed counts"), _("newest first")))
        hit = live(lines(*(_row(count, counts) for count in counts.closed)), key="counts.closed") or hit
    if hit:
        chosen = next(one for one in (*counts.open, *counts.closed) if str(one.id) == hit)
        compare = chosen.id in counts.compared and _step(chosen, counts)[1] == "review"
        go("count", count=hit, **({"view": "review"} if compare else {}))


def _groups(counts: Counts) -> Html:
    """Return the open counts in groups, those that wait for a decision first."""
    groups = (
        ("approved", _("To post"), _("approved; the ledger does not have them yet")),
        ("review", _("Handed in"), _("recount, then approval")),
        ("open", _("Being counted"), _("newest first")),
        ("planned", _("Planned"), ""),
    )
    told = []
    for state, title, order in groups:
        rows = [_row(count, counts) for count in counts.open if count.state == state]
        if rows:
            told.append(join(section(title, order), lines(*rows), html('<div class="t-gap"></div>')))
    return join(*told)


def _step(count: CountSummary, counts: Counts) -> tuple[str, str]:
    """Return what this person does next with a count (words, empty for nothing), and the view where it is done."""
    comparing = count.id in counts.compared
    if count.state == "open":
        return (_("Count"), "desk") if may("read_count") else ("", "desk")
    if count.state == "review" and count.recounts:
        return (_("Recount now"), "desk") if may("read_count") else (_("Look"), "review")
    if count.state == "review":
        return (_("Compare and approve"), "review") if comparing else (_("Look"), "desk")
    if count.state == "approved":
        return (_("Post"), "review") if comparing else (_("Look"), "desk")
    return _("Look"), "review" if comparing else "desk"


def _row(count: CountSummary, counts: Counts) -> Html:
    words, _view = _step(count, counts)
    what = f"{count.number} · {name(count.site)}"
    why = _("%(kind)s · %(counted)s of %(total)s lines counted") % {
        "kind": _(WORDS_OF_KINDS[count.kind]),
        "counted": number(count.counted),
        "total": number(count.total),
    }
    right = join(_state(count), " ", action(words) if words else "")
    tone: Tone = "orange" if count.recounts else "blue"
    again = _("recount %(count)s") % {"count": count.recounts} if count.recounts and count.state == "review" else ""
    when = moment(count.opened_at).split(" ")[0]
    return line(str(count.id), when, again, tone, what, why, html("<span>{}</span>", right))


def _state(count: CountSummary) -> Html:
    if count.state == "review":
        return chip("recount") if count.recounts else chip("wait")
    known = {"open": "counting", "planned": "draft"}
    return chip(known.get(count.state, count.state))


def _sites_to_count(work: Work) -> list[tuple[UUID, str]]:
    covered = covered_sites(work, "open_count")
    found = sites(work, kinds=("store", "point", "shelter", "forward", "village", "team_base"))
    order = {kind: at for at, kind in enumerate(("store", "point", "forward", "shelter", "team_base", "village"))}
    inside = [site for site in found if covered is None or site.id in covered]
    return [
        (site.id, f"{name(site.name)} · {site.code}")
        for site in sorted(inside, key=lambda one: (order[one.kind], one.code))
    ]


def _drawer() -> None:
    @st.dialog(_("Open a count"), position="right", width="medium", icon=":material/add:")
    def drawer() -> None:
        form = Form("open_count")
        choices = dict(ask(_sites_to_count))
        site_id = st.selectbox(
            _("Site"), list(choices), None, choices.__getitem__,
            key=form.key("site"), placeholder=_("Choose an option"),
        )  # fmt: skip
        kind = st.segmented_control(
            _("Kind of count"), list(KINDS), default="whole", required=True, wrap=True,
            format_func=lambda one: _(WORDS_OF_KINDS[one]), key=form.key("kind"),
        )  # fmt: skip
        places: list[UUID] = []
        if site_id is not None and kind in ("cycle", "spot"):
            known = {one.id: one.code for one in ask(bins, site_id=site_id, kinds=COUNTED_KINDS)}
            places = st.multiselect(
                _("Bins (none: all)"), list(known), format_func=known.__getitem__,
                key=form.key("places"), placeholder=_("Choose options"),
            )  # fmt: skip
        show(sub(_("The list has every lot that stands there or stood there lately, in the order of bins.")))
        show(sub(_("Nobody who counts sees what the book expects. Issues and receipts go on meanwhile.")))
        pressed = st.button(
            _("Open the count"), type="primary", icon=":material/play_arrow:", key=form.key("go"),
            disabled=site_id is None, help=None if site_id else _("Choose the site first."),
        )  # fmt: skip
        if pressed:

            def then(done: Any) -> None:
                go("count", count=str(done.outcome["count"]))

            errand(open_count, form=form, then=then, site_id=site_id, kind=kind, place_ids=places)

    drawer()
