"""The drawer of a row of stock: its parts, whether it can be used and why, its story, and what may be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.ledger.commands import block_lot, move_stock, release_lot, scrap_stock, write_off
from inventory.ledger.lots import LotFacts, PlaceBalance, StoryLine, lot_facts, lot_places, lot_story
from inventory.ledger.queries import StockRow, stock_at, today_of
from inventory.ledger.rules import Piece, usability
from inventory.people.queries import can
from inventory.people.rules import At
from inventory.people.stories import Entry, story_of
from inventory.places.queries import PlaceView, bins
from ui.parts.errand import Form, ask, errand, reason_disabled
from ui.parts.label_desk import lot_label
from ui.parts.look import Html, Tone, bar, chip, empty, html, icon, join, legend, section, show, story, verdict
from ui.parts.pages import link
from ui.parts.paper_links import step_links
from ui.parts.session import may
from ui.parts.trade import (
    DEED_TONES,
    PLACES,
    amount,
    deed_word,
    place_words,
    stock_state,
    told,
    units,
    who_can,
    why_usable,
)
from ui.parts.words import _, day, moment, name, number, share

STORY_SHOWN = 6
QUANTITY_MAX = 999_999_999
ACTIONS = ("move_stock", "block_lot", "release_lot", "write_off", "scrap_stock")
_SAID = "stock.said"


@dataclass(frozen=True)
class _Look:
    """Everything that one drawer shows, read on one snapshot."""

    row: StockRow
    piece: Piece
    lot: LotFacts
    everywhere: list[PlaceBalance]
    story: list[StoryLine]
    notes: list[Entry]
    bins: list[PlaceView]
    units: dict[str, Name]
    today: dt.date
    allowed: dict[str, bool]


def _look(work: Work, lot_id: UUID, place_id: UUID) -> _Look | None:
    found = stock_at(work, lot_id=lot_id, place_id=place_id)
    if found is None:
        return None
    row, piece = found
    return _Look(
        row=row,
        piece=piece,
        lot=lot_facts(work, lot_id=lot_id),
        everywhere=lot_places(work, lot_id=lot_id),
        story=lot_story(work, lot_id=lot_id, limit=STORY_SHOWN),
        notes=notes_of(work, lot_id),
        bins=bins(work, site_id=row.site_id),
        units=units(work),
        today=today_of(work),
        allowed={action: can(work, action, At(site_id=row.site_id)) for action in (*ACTIONS, "see_stock")},
    )


def take_said() -> tuple[str, str] | None:
    """Return once what the drawer did last (what, with which number), for the page under it."""
    said: tuple[str, str] | None = st.session_state.pop(_SAID, None)
    return said


def drawer(lot_id: UUID, place_id: UUID) -> None:
    """Open the drawer of a lot in a place."""

    @st.dialog(_("Lot"), position="right", width="medium", icon=":material/inventory_2:")
    def opened() -> None:
        look = ask(_look, lot_id, place_id)
        if look is None:
            show(
                empty(
                    "search_off",
                    _("Nothing of this lot stands there any more."),
                    _("The page is older than the books."),
                )
            )
            return
        _top(look)
        _judge(look)
        _story(look)
        _actions(look)

    opened()


def _top(look: _Look) -> None:
    row, unit = look.row, look.units.get(look.row.unit, Name(look.row.unit))
    names = (
        html('<span class="t-b">{}</span>', row.lot),
        html("<span>{}</span>", place_words(row.place, row.place_kind, row.site)),
        html("<span>{}</span>", row.owner),
        chip(stock_state(row, look.today)),
    )
    show(html('<div class="t-big">{}</div><div class="t-row t-sub">{}</div>', row.item, join(*names)))
    usable = not row.reasons
    free, bad = (row.available, 0) if usable else (0, row.available)
    word = _("available") if usable else _("not usable")
    travelling = sum(one.quantity for one in look.everywhere if one.kind == "transit")
    with_receivers = sum(one.quantity for one in look.everywhere if one.kind == "custody")
    parts: list[tuple[Tone, Any, Any]] = [
        ("green" if usable else "red", word, number(free or bad)),
        ("blue", _("reserved"), number(row.held)),
        ("gray", _("on hand here"), f"{number(row.on_hand)} {name(unit)}"),
    ]
    if travelling:
        parts.append(("violet", _("of this lot in transit"), number(travelling)))
    if with_receivers:
        parts.append(("orange", _("of this lot with receivers"), number(with_receivers)))
    drawn = bar(
        ("green", share(free, row.on_hand)), ("red", share(bad, row.on_hand)), ("blue", share(row.held, row.on_hand))
    )
    show(join(drawn, legend(*parts)))


def _judge(look: _Look) -> None:
    """Say whether the row could be sent today, or for a use that lasts until a day that the reader chooses."""
    until = st.date_input(
        _("Needed until"),
        value=None,
        min_value=look.today,
        format="YYYY-MM-DD",
        width=190,
        key=f"until.{look.row.lot_id}",
    )
    use_until = until if isinstance(until, dt.date) else None
    why = usability(look.piece, on=look.today, use_until=use_until)
    judged = (
        _("judged for leaving today")
        if use_until is None
        else _("judged for use until %(day)s") % {"day": day(use_until)}
    )
    show(verdict(not why, _("Usable") if not why else _("Not usable"), judged))
    show(why_usable(look.piece, why, on=look.today))


def story_step(step: StoryLine, unit_names: dict[str, Name], unit: str) -> tuple[Tone, Html, Html, str]:
    """Return a movement as one step of a story: tone, what, documents and papers, when and who."""
    source = place_words(step.from_place, step.from_kind, step.from_site)
    target = place_words(step.to_place, step.to_kind, step.to_site)
    what = html("{} {}", deed_word(step.kind), amount(step.quantity, unit, unit_names))
    document = Html("")
    if step.order_id is not None:
        document = html(
            '<a href="{}" target="_self">{}</a>', link("orders", order=str(step.order_id)), step.order or ""
        )
    who = name(step.actor_name) if step.actor_name else _("the program")
    line = f"{moment(step.occurred_at)} · {who} · {source} → {target}"
    return DEED_TONES.get(step.kind, "gray"), what, join(document, " ", step_links(step)), line


def notes_of(work: Work, lot_id: UUID) -> list[Entry]:
    """Return the entries about a lot that moved nothing (put on hold, released), oldest first."""
    return [one for one in story_of(work, lot_id) if not one.movements]


def note_step(one: Entry) -> tuple[Tone, Html, Html, str]:
    """Return an entry that moved nothing as one step of a story."""
    who = name(one.actor) if one.actor else _("the program")
    why = str(one.asked.get("note") or one.asked.get("why") or "")
    return (
        DEED_TONES.get(one.kind, "gray"),
        html("{}", deed_word(one.kind)),
        html("{}", why),
        f"{moment(one.occurred_at)} · {who}",
    )


def _story(look: _Look) -> None:
    steps = [(step.occurred_at, story_step(step, look.units, look.row.unit)) for step in look.story]
    steps += [(one.occurred_at, note_step(one)) for one in look.notes]
    steps.sort(key=lambda pair: pair[0], reverse=True)
    told_steps = story(*(step for _at, step in steps[:STORY_SHOWN]))
    show(join(section(_("Its story"), _("newest first")), told_steps))
    if may("see_ledger"):
        address = link("lot", lot=str(look.row.lot_id))
        show(
            html('<a href="{}" target="_self">{} {}</a>', address, _("Whole ledger of this lot"), icon("arrow_forward"))
        )


def _actions(look: _Look) -> None:
    """Draw what may be done here; what this person may not do is shown with the reason."""
    offered = [one for one in ACTIONS if one != ("block_lot" if look.lot.blocked else "release_lot")]
    words = {
        "move_stock": _("Move"),
        "block_lot": _("Put on hold"),
        "release_lot": _("Release"),
        "write_off": _("Write off"),
        "scrap_stock": _("Scrap"),
    }
    glyphs = {
        "move_stock": "move_item",
        "block_lot": "lock",
        "release_lot": "lock_open",
        "write_off": "playlist_remove",
        "scrap_stock": "delete_sweep",
    }
    show(section(_("Steps")))
    with st.container(horizontal=True, gap="small"):
        for one in offered:
            blocked = {} if look.allowed[one] else reason_disabled(who_can(one))
            with st.popover(words[one], icon=f":material/{glyphs[one]}:", key=f"pop.{one}", **blocked):
                _FORMS[one](look, Form(f"{one}.{look.row.lot_id}.{look.row.place_id}"), words[one])
        with st.popover(_("Lot label"), icon=":material/label:", key="pop.lot_label"):
            lot_label(str(look.row.lot_id), str(look.row.place_id), allowed=look.allowed["see_stock"])


def _done(what: str, look: _Look) -> Callable[[Any], None]:
    label, item = look.row.lot, name(look.row.item)

    def keep(answer: Any) -> None:
        st.session_state[_SAID] = (what, f"{item} · {label}")

    return keep


def _how_many(look: _Look, form: Form) -> int | None:
    return st.number_input(
        _("Quantity (%(available)s available)") % {"available": number(look.row.available)},
        min_value=1,
        max_value=QUANTITY_MAX,
        value=None,
        key=form.key("quantity"),
        placeholder="–",
    )


def _move(look: _Look, form: Form, act: str) -> None:
    targets = [one for one in look.bins if one.id != look.row.place_id]
    named = {one.id: f"{one.code} · {told(PLACES, one.kind)}" for one in targets}
    target = st.selectbox(_("To which bin"), list(named), index=None, format_func=named.__getitem__, key=form.key("to"))
    quantity = _how_many(look, form)
    if st.button(act, type="primary", key=form.key("go"), disabled=not (target and quantity)):
        errand(
            move_stock,
            form=form,
            then=_done(_("Moved."), look),
            site_id=look.row.site_id,
            lot_id=look.row.lot_id,
            from_place_id=look.row.place_id,
            to_place_id=target,
            quantity=quantity,
        )


def _block(look: _Look, form: Form, act: str) -> None:
    why = st.segmented_control(
        _("Reason"),
        ("on_hold", "recalled"),
        default="on_hold",
        required=True,
        format_func=lambda one: {"on_hold": _("To be examined"), "recalled": _("Recalled by the maker")}[one],
        key=form.key("why"),
    )
    written = st.text_input(_("What was seen"), key=form.key("note"), max_chars=200)
    if st.button(act, type="primary", key=form.key("go"), disabled=not written.strip()):
        errand(
            block_lot,
            form=form,
            then=_done(_("Put on hold."), look),
            site_id=look.row.site_id,
            lot_id=look.row.lot_id,
            why=why,
            note=written.strip(),
            seen=look.lot.seen,
        )


def _release(look: _Look, form: Form, act: str) -> None:
    written = st.text_input(_("Why it may be used again"), key=form.key("note"), max_chars=200)
    if st.button(act, type="primary", key=form.key("go"), disabled=not written.strip()):
        errand(
            release_lot,
            form=form,
            then=_done(_("Released."), look),
            site_id=look.row.site_id,
            lot_id=look.row.lot_id,
            note=written.strip(),
            seen=look.lot.seen,
        )


def _take_out(command: Callable[..., Any], said: str) -> Callable[[_Look, Form, str], None]:
    def drawn(look: _Look, form: Form, act: str) -> None:
        quantity = _how_many(look, form)
        why = st.text_input(_("Reason and appraisal"), key=form.key("why"), max_chars=200)
        if st.button(act, type="primary", key=form.key("go"), disabled=not (quantity and why.strip())):
            errand(
                command,
                form=form,
                then=_done(_(said), look),
                site_id=look.row.site_id,
                lot_id=look.row.lot_id,
                from_place_id=look.row.place_id,
                quantity=quantity,
                why=why.strip(),
            )

    return drawn


_FORMS: dict[str, Callable[[_Look, Form, str], None]] = {
    "move_stock": _move,
    "block_lot": _block,
    "release_lot": _release,
    "write_off": _take_out(write_off, N_("Written off.")),
    "scrap_stock": _take_out(scrap_stock, N_("Scrapped.")),
}
