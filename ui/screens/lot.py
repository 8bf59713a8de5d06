"""The ledger of a lot: its label, where it stands now or stood at any past moment, and every entry about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE
from inventory.core.work import Work
from inventory.ledger.commands import reverse_entry
from inventory.ledger.lots import (
    LotFacts,
    PlaceBalance,
    StoryLine,
    find_lots,
    lot_facts,
    lot_places,
    lot_story,
)
from inventory.ledger.rules import REVERSIBLE_KINDS
from inventory.people.queries import can, permit
from inventory.people.rules import DISTRICT, At
from inventory.people.stories import Entry
from ui.parts.components import live
from ui.parts.downloads import file_link
from ui.parts.errand import Form, ask, errand, needs_confirmation, reason_disabled, refused
from ui.parts.facts import facts_table
from ui.parts.look import Html, chip, empty, head, html, join, line, lines, note, section, show, sub, table
from ui.parts.pages import go
from ui.parts.stock_drawer import note_step, notes_of, story_step
from ui.parts.tables import nothing_found
from ui.parts.trade import (
    PLACES,
    REASONS,
    SOURCES,
    amount,
    deed_word,
    place_words,
    told,
    units,
    who_can,
)
from ui.parts.whole import whole
from ui.parts.words import _, day, moment, number

REAL = ("bin", "staging", "quarantine", "transit", "custody")
STORY_MAX = 200


@dataclass(frozen=True)
class LotPage:
    """Everything that the page of one lot shows, read on one snapshot."""

    lot: LotFacts
    places: list[PlaceBalance]
    story: list[StoryLine]
    notes: list[Entry]
    units: dict[str, Name]
    channels: dict[str, Name]


def lot_page(work: Work, key: str, instant: dt.datetime | None) -> LotPage:
    """Read a lot by id or label, as it stood at `instant` (None: now).

    Raises
    ------
    NotPermitted, NotFound
    """
    permit(work, "see_ledger", At(own=True))
    try:
        lot = lot_facts(work, lot_id=UUID(key))
    except ValueError:
        lot = lot_facts(work, label=key)
    return LotPage(
        lot=lot,
        places=lot_places(work, lot_id=lot.id, instant=instant),
        story=lot_story(work, lot_id=lot.id, until=instant, limit=STORY_MAX),
        notes=[one for one in notes_of(work, lot.id) if instant is None or one.occurred_at <= instant],
        units=units(work),
        channels=term_names(work, kind="channel"),
    )


def choose() -> None:
    """Draw the search for a lot."""
    head(_("Ledger of a lot"), sub(_("scan or type the label, or search by item or batch")))
    with st.container(horizontal=True):
        found = st.text_input(
            _("Search"),
            placeholder=_("Label, batch, item, code or pinyin"),
            icon=":material/search:",
            key="find",
            bind="query-params",
            max_chars=80,
            width=420,
        )
    wanted = (found or "").strip()
    hits = ask(find_lots, search=wanted)
    if len(hits) == 1 and hits[0].label == wanted:
        go("lot", lot=hits[0].label)
    if not hits:
        nothing_found(_("No lot matches “%(text)s”.") % {"text": wanted})
        return
    unit_names = ask(units)
    rows = (
        line(
            hit.label,
            hit.label,
            day(hit.expires_on) if hit.expires_on else "",
            "gray",
            hit.item,
            hit.batch or _("no batch number"),
            html("<span>{}</span>", amount(hit.on_hand, hit.unit, unit_names)),
        )
        for hit in hits
    )
    show(
        section(_("Lots"), _("the first %(count)s, those in stock before used-up ones") % {"count": number(len(hits))})
    )
    if pressed := live(lines(*rows), key="lots"):
        go("lot", lot=pressed)


def moment_field() -> dt.datetime | None:
    """Draw the field for a past moment; None is now."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.datetime_input(
            _("As of (Beijing time)"),
            value=None,
            format="YYYY-MM-DD",
            step=60,
            width=260,
            key="at",
            bind="query-params",
        )
        if chosen is not None:
            st.button(_("Now"), icon=":material/schedule:", key="now", on_click=_to_now)
    return chosen.replace(tzinfo=HOME_ZONE, second=59) if chosen is not None else None


@whole
def _to_now() -> None:
    st.session_state["at"] = None


def label_facts(page: LotPage) -> Html:
    """Return the facts of the label."""
    lot = page.lot
    price = "—" if lot.unit_price_fen is None else f"¥{lot.unit_price_fen // 100:,}.{lot.unit_price_fen % 100:02d}"
    source = " · ".join(part for part in (told(SOURCES, lot.source), lot.source_name) if part)
    rows: tuple[tuple[str, Any], ...] = (
        (_("Batch"), lot.batch or "—"),
        (_("Made on"), day(lot.made_on)),
        (_("Expiry"), day(lot.expires_on)),
        (_("Came in on"), day(lot.entered_on)),
        (_("Source"), source),
        (_("Owner"), lot.owner),
        (_("Kept as"), page.channels.get(lot.channel, lot.channel)),
        (_("Unit price"), price),
    )
    more = (
        (_("Specification"), lot.spec),
        (_("Origin"), lot.origin),
        (_("Quality"), lot.quality),
        (_("Fund"), lot.fund),
    )
    cells = (
        html("<div><dt>{}</dt><dd>{}</dd></div>", title, value) for title, value in (*rows, *(m for m in more if m[1]))
    )
    return html('<dl class="t-facts">{}</dl>', join(*cells))


def standing(page: LotPage, instant: dt.datetime | None) -> None:
    """Draw where the lot stands: real places first, then where it went."""
    unit = page.lot.unit
    real = [one for one in page.places if one.kind in REAL]
    gone = [one for one in page.places if one.kind not in REAL]
    total = sum(one.quantity for one in real)
    when = _("now") if instant is None else moment(instant)
    show(section(_("Where it stands"), when))
    if not page.places:
        show(empty("hourglass_empty", _("At that moment the lot was not there yet."), _("Choose a later moment.")))
        return
    show(html('<p><span class="t-total">{}</span> {}</p>', number(total), page.units.get(unit, Name(unit))))
    rows: list[list[Any]] = [
        [place_words(one.place, one.kind, one.site), number(one.quantity), number(one.held) if instant is None else "—"]
        for one in real
    ]
    if rows:
        show(table([_("Place"), _("Quantity"), _("Reserved")], rows, figures=(1, 2)))
    if gone:
        show(html('<div class="t-gap"></div>'))
        others = [[told(PLACES, one.kind), f"{one.quantity:+,}"] for one in gone]
        show(table([_("Outside the stock"), _("Balance")], others, figures=(1,)))
    show(html('<p class="t-sub">{}</p>', _("All places of a lot together are always 0.")))


def entries(page: LotPage) -> Html:
    """Return every entry, newest first, each with its recorded facts to unfold."""
    told_all: list[tuple[dt.datetime, Html]] = []
    for step in page.story:
        tone, what, document, who = story_step(step, page.units, page.lot.unit)
        marks: list[Html] = []
        if step.reverses:
            marks.append(chip("returned", _("a reversal")))
        if step.reversed_by_id:
            marks.append(chip("cancelled", _("reversed later")))
        late = ""
        if abs((step.recorded_at - step.occurred_at).total_seconds()) > 60:
            late = _("recorded %(moment)s") % {"moment": moment(step.recorded_at)}
        facts = {_("entry"): f"#{step.sequence}", _("reason"): told(REASONS, step.reason), **step.facts, **step.outcome}
        told_all.append(
            (
                step.occurred_at,
                _entry(tone, join(what, " ", *marks), document, who, late, facts_table(facts, lot_id=page.lot.id)),
            )
        )
    for one in page.notes:
        tone, what, why, who = note_step(one)
        facts = {_("entry"): f"#{one.sequence}", **one.asked}
        told_all.append((one.occurred_at, _entry(tone, what, why, who, "", facts_table(facts, lot_id=page.lot.id))))
    told_all.sort(key=lambda pair: pair[0], reverse=True)
    return html('<ul class="t-story">{}</ul>', join(*(told_one for _at, told_one in told_all)))


def _entry(tone: str, what: Any, document: Any, who: str, late: str, facts: Html) -> Html:
    return html(
        '<li class="{}"><span class="t-b">{}</span> {}<br><span class="t-sub">{} {}</span>'
        "<details><summary>{}</summary>{}</details></li>",
        tone, what, document, who, late, _("Recorded facts"), facts,
    )  # fmt: skip


def reversal(page: LotPage) -> None:
    """Offer to reverse an entry that can be undone whole."""
    fit = [one for one in page.story if one.kind in REVERSIBLE_KINDS and not one.reversed_by_id and not one.reverses]
    if not fit:
        return
    form = Form(f"reverse.{page.lot.id}")
    site_of = {one.entry_id: _site_of(page, one) for one in fit}
    allowed = ask(can, "reverse_entry", next((At(site_id=key) for key in site_of.values() if key), DISTRICT))
    barred = {} if allowed else reason_disabled(who_can("reverse_entry"))
    with st.popover(_("Reverse an entry"), icon=":material/undo:", key="pop.reverse", **barred):
        named = {one.entry_id: f"#{one.sequence} {deed_word(one.kind)} {moment(one.occurred_at)}" for one in fit}
        chosen = st.selectbox(_("Entry"), list(named), format_func=named.__getitem__, key=form.key("entry"))
        show(
            sub(
                _("All lines of the entry are posted the other way round, as of its own time; both stay in the ledger.")
            )
        )
        why = st.text_input(_("Why"), key=form.key("why"), max_chars=200)
        site_id = site_of.get(chosen) if chosen else None
        place = f"reverse.{chosen}"
        refused(place)
        code = needs_confirmation(place)
        words = _("Reverse all the same") if code else _("Reverse")
        if st.button(words, type="primary", key=form.key("go"), disabled=not (why.strip() and site_id)):
            confirmed = frozenset({code} if code else ())
            facts = {"site_id": site_id, "entry_id": chosen, "why": why.strip(), "confirmed": confirmed}
            errand(reverse_entry, form=form, keep_at=place, **facts)
            st.rerun()


def _site_of(page: LotPage, step: StoryLine) -> UUID | None:
    """Return the site at which an entry acted, as it was asked."""
    asked = step.facts.get("site")
    return UUID(asked) if asked else None


def one_lot(key: str) -> None:
    """Draw one lot."""
    place = st.container()
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        instant = moment_field()
    page = ask(lot_page, key, instant)
    lot = page.lot
    blocked = chip("blocked") if lot.blocked else ""
    with place, st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            head(lot.item, html('<span class="t-b">{}</span>', lot.label), sub(lot.item_code), blocked)
        if st.button(_("Another lot"), icon=":material/search:", type="tertiary", key="another"):
            go("lot")
        query = {"at": instant.isoformat()} if instant else {}
        st.link_button(_("Export"), file_link("lot", lot.label, **query), icon=":material/download:")
    form_last = Form(f"reverse.{lot.id}").last
    if form_last:
        show(note("green", _("Reversed."), _("%(count)s lines.") % {"count": number(form_last.outcome["lines"])}))
    with controls:
        reversal(page)
    show(label_facts(page))
    left, right = st.columns([1, 1.35], gap="medium")
    with left:
        standing(page, instant)
    with right:
        many = len(page.story)
        words = _("newest first") if many < STORY_MAX else _("the newest %(count)s") % {"count": number(many)}
        show(join(section(_("Its story"), words), entries(page)))


wanted = st.query_params.get("lot")
if wanted:
    one_lot(wanted)
else:
    choose()
