"""The card of the line that is being counted: where, what, packs and loose units, and the big buttons under it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.ids import uuid7
from inventory.core.quantities import QUANTITY_MAX
from inventory.stocktaking.commands import recount_line
from inventory.stocktaking.queries import CountSheet, SheetLine
from ui.parts.counting import Hand, add, enter, entered, factor_of, hand_of, line_after, mark, remember, state_of
from ui.parts.errand import Form, errand, refused
from ui.parts.look import Html, chip, html, icon, join, show
from ui.parts.look import mark as fact
from ui.parts.whole import whole
from ui.parts.words import _, day, name, number, quantity

PACKS_MAX = 999_999
SAVING = "count.saving"


def facts_of(line: SheetLine) -> Html:
    """Return what names a line: item large, then bin, lot, batch, expiry."""
    parts = [html("<span>{} <b>{}</b></span>", icon("shelves"), line.place)]
    if line.lot:
        parts.append(html("<span>{} {}</span>", _("Lot"), line.lot))
    if line.batch:
        parts.append(html("<span>{} {}</span>", _("Batch"), line.batch))
    if line.spec or line.found:
        parts.append(html("<span>{}</span>", line.spec or line.found))
    expiry = day(line.expires_on) if line.expires_on else _("none")
    parts.append(html("<span>{} {}</span>", _("Expiry"), expiry))
    return html('<div class="t-big">{}</div><div class="t-row t-sub t-named">{}</div>', name(line.item), join(*parts))


@whole
def keep(count_id: UUID, line_id: UUID, factor: int, turn: int) -> None:
    """Save what was typed. The browser may send a field of an earlier turn once more: that one is not taken."""
    hand = hand_of(count_id)
    packs = st.session_state.get(f"packs.{line_id}.{turn}")
    loose = st.session_state.get(f"loose.{line_id}.{turn}")
    if turn != hand.turn or (packs is None and loose is None):
        return
    total = (packs or 0) * factor + (loose or 0)
    split: dict[str, Any] = {"packs": packs or 0, "loose": loose or 0} if factor > 1 else {}
    change = errand(enter, keep_at=SAVING, id=uuid7(), line_id=line_id, quantity=total, **split)
    if change is not None:
        remember(hand, change)


@whole
def step(count_id: UUID, line_id: UUID, factor: int, packs: int, loose: int) -> None:
    """Add to what stands in the database, in one transaction: two quick presses are two."""
    hand = hand_of(count_id)
    hand.turn += 1
    change = errand(add, keep_at=SAVING, id=uuid7(), line_id=line_id, factor=factor, packs=packs, loose=loose)
    if change is not None:
        remember(hand, change)


@whole
def zero(count_id: UUID, line_id: UUID) -> None:
    """Say that nothing is there. Only this button says so: an empty field says nothing."""
    hand = hand_of(count_id)
    hand.turn += 1
    change = errand(enter, keep_at=SAVING, id=uuid7(), line_id=line_id, quantity=0)
    if change is not None:
        remember(hand, change)


@whole
def take_back(count_id: UUID) -> None:
    """Enter again what stood there before the last press."""
    hand = hand_of(count_id)
    if not hand.undo:
        return
    line_id, before = hand.undo[-1]
    hand.turn += 1
    facts: dict[str, Any] = {"quantity": before.quantity, "packs": before.packs, "loose": before.loose}
    if errand(enter, keep_at=SAVING, id=uuid7(), line_id=line_id, **facts) is not None:
        hand.undo.pop()
        hand.current = line_id


@whole
def missing(count_id: UUID, line_id: UUID, word: str | None, next_id: UUID | None) -> None:
    """Mark the line as not found (or take the mark away) and go on."""
    hand = hand_of(count_id)
    if errand(mark, keep_at=SAVING, line_id=line_id, mark=word) is not None and word is not None and next_id:
        hand.current = next_id


@whole
def goto(count_id: UUID, line_id: UUID) -> None:
    """Make a line the current one."""
    hand_of(count_id).current = line_id


def card(sheet: CountSheet, hand: Hand, line: SheetLine) -> None:
    """Draw the card of one line, as this person may work on it."""
    if line.to_recount:
        _recount_card(sheet, line)
    elif sheet.state != "open" or line.handed_in:
        _closed_card(sheet, line)
    else:
        _open_card(sheet, hand, line)


def _open_card(sheet: CountSheet, hand: Hand, line: SheetLine) -> None:
    factor, was, facts = factor_of(line), entered(line), (sheet.id, line.id, factor_of(line))
    with st.container(border=True, key="pad", gap="small"):
        show(facts_of(line))
        with st.container(horizontal=True, gap="small"):
            _fields(line, was, hand.turn, facts)
        _steps(line, was, facts)
        show(_total(line, was, factor))
    refused(SAVING)
    _acts(sheet, hand, line, was)


def _fields(line: SheetLine, was: tuple[int, int] | None, turn: int, facts: tuple[UUID, UUID, int]) -> None:
    common: dict[str, Any] = {"step": 1, "placeholder": "–", "on_change": keep, "args": (*facts, turn)}
    if line.packs:
        st.number_input(
            pack_label(line), 0, PACKS_MAX, was[0] if was else None, key=f"packs.{line.id}.{turn}", **common
        )
    label = _("Loose (%(unit)s)") if line.packs else _("Quantity (%(unit)s)")
    words = label % {"unit": name(line.unit)}
    st.number_input(words, 0, QUANTITY_MAX, was[1] if was else None, key=f"loose.{line.id}.{turn}", **common)


def pack_label(line: SheetLine) -> str:
    """Return the label of the field for whole packs."""
    pack = line.packs[0]
    facts = {"pack": name(pack.name), "factor": number(pack.factor), "unit": name(line.unit)}
    return _("Whole packs (%(pack)s of %(factor)s %(unit)s)") % facts


def _steps(line: SheetLine, was: tuple[int, int] | None, facts: tuple[UUID, UUID, int]) -> None:
    unit = name(line.unit)
    packs, loose = was or (0, 0)
    if line.packs:
        pack = name(line.packs[0].name)
        steps = [(-1, 0, pack), (1, 0, pack), (5, 0, pack), (0, 1, unit)]
    else:
        steps = [(0, -1, unit), (0, 1, unit), (0, 5, unit), (0, 10, unit)]
    with st.container(horizontal=True, gap="xsmall", key="steps", wrap=False):
        for add_packs, add_loose, what in steps:
            words = f"{add_packs + add_loose:+d} {what}".replace("-", "−")
            below = packs + add_packs < 0 or loose + add_loose < 0
            st.button(
                words,
                key=f"step.{add_packs}.{add_loose}",
                on_click=step,
                args=(*facts, add_packs, add_loose),
                width="stretch",
                disabled=below,
            )


def _total(line: SheetLine, was: tuple[int, int] | None, factor: int) -> Html:
    if was is None:
        told = html('<span class="t-sub">{}</span>', _("Blank means not counted yet; it is not zero."))
        if line.counted_by is not None:
            told = html(
                '<span class="t-sub">{}</span>',
                _("%(who)s has counted this line. A number of yours would take its place.")
                % {"who": name(line.counted_by)},
            )
    else:
        told = html('<span class="t-total">{}</span> {}', number(was[0] * factor + was[1]), name(line.unit))
        if line.packs:
            sum_told = html(' <span class="t-sub">= {} × {} + {}</span>', number(was[0]), factor, number(was[1]))
            told = join(told, sum_told)
    return html('<div class="t-row nw t-sum"><span class="t-grow">{}</span>{}</div>', told, chip(state_of(line)))


def _acts(sheet: CountSheet, hand: Hand, line: SheetLine, was: tuple[int, int] | None) -> None:
    after = line_after(sheet, line.id)
    goes_on = after is not None and after.id != line.id
    with st.container(key="acts", gap="small"):
        if goes_on:
            st.button(
                _("Next line"),
                type="primary",
                icon=":material/arrow_downward:",
                width="stretch",
                shortcut="Ctrl+Enter",
                key="next",
                on_click=goto,
                args=(sheet.id, after.id if after else line.id),
            )
        with st.container(horizontal=True, gap="small", wrap=False):
            st.button(
                _("Undo"),
                icon=":material/undo:",
                width="stretch",
                shortcut="Alt+Z",
                key="undo",
                on_click=take_back,
                args=(sheet.id,),
                disabled=not hand.undo,
                help=None if hand.undo else _("Nothing to take back: a first number is corrected, never erased."),
            )
            st.button(
                _("Exactly 0"),
                icon=":material/exposure_zero:",
                width="stretch",
                key="zero",
                on_click=zero,
                args=(sheet.id, line.id),
            )
            word = None if line.not_found else "not_found"
            st.button(
                _("Found after all") if line.not_found else _("Cannot find"),
                icon=":material/search_off:",
                width="stretch",
                key="missing",
                on_click=missing,
                args=(sheet.id, line.id, word, after.id if goes_on and after else None),
                disabled=was is not None or line.counted,
                help=_("This line has a number. Enter 0 if nothing is there.") if was or line.counted else None,
            )


def _recount_card(sheet: CountSheet, line: SheetLine) -> None:
    """Draw a line to count again: as blind as the first time, and saved once, as an entry of its own."""
    form, factor = Form(f"recount.{line.id}"), factor_of(line)
    with st.container(border=True, key="pad", gap="small"):
        show(facts_of(line))
        packs: int | None = None
        with st.container(horizontal=True, gap="small"):
            if line.packs:
                packs = st.number_input(pack_label(line), 0, PACKS_MAX, None, 1, key=form.key("packs"), placeholder="–")
            label = _("Loose (%(unit)s)") if line.packs else _("Quantity (%(unit)s)")
            words = label % {"unit": name(line.unit)}
            loose = st.number_input(words, 0, QUANTITY_MAX, None, 1, key=form.key("loose"), placeholder="–")
        blank = packs is None and loose is None
        total = (packs or 0) * factor + (loose or 0)
        show(_total(line, None if blank else (packs or 0, loose or 0), factor))
    with st.container(key="acts", gap="small"):
        pressed = st.button(
            _("Save the recount"),
            type="primary",
            icon=":material/repeat:",
            width="stretch",
            shortcut="Ctrl+Enter",
            key=form.key("save"),
            disabled=blank,
            help=_("Enter what you counted; type 0 if nothing is there.") if blank else None,
        )
    if pressed:
        split: dict[str, Any] = {"packs": packs or 0, "loose": loose or 0} if line.packs else {}
        after, hand = line_after(sheet, line.id), hand_of(sheet.id)

        def then(_answer: object) -> None:
            hand.current = after.id if after else line.id

        errand(recount_line, form=form, then=then, line_id=line.id, quantity=total, **split)


def _closed_card(sheet: CountSheet, line: SheetLine) -> None:
    """Draw a line that nobody changes here any more."""
    with st.container(border=True, key="pad", gap="small"):
        show(facts_of(line))
        if line.mine is not None:
            told = html('<span class="t-total">{}</span> {}', number(line.mine.quantity), name(line.unit))
        elif line.counted_by is not None:
            told = html("<span>{}</span>", _("Counted by %(who)s.") % {"who": name(line.counted_by)})
        else:
            told = html("<span>{}</span>", "")
        show(html('<div class="t-row nw t-sum"><span class="t-grow">{}</span>{}</div>', told, chip(state_of(line))))
        if sheet.state == "open" and line.handed_in:
            show(html('<span class="t-sub">{}</span>', _("This line is handed in. If it is wrong, ask for a recount.")))


def row_of(line: SheetLine, current: UUID | None) -> Html:
    """Return a line for the list in bin order; a press makes it the current one. Only own numbers stand there."""
    had = entered(line)
    shown = html("<b>{}</b> {} ", *_parts(line)) if had is not None else Html("")
    return html(
        '<button class="t-line k" data-act="{}"{}><span class="t-b">{}</span><span class="t-grow t-cut">'
        '<span class="t-b">{}</span> <span class="t-sub">{}</span></span><span class="t-row nw">{}{}</span></button>',
        str(line.id),
        Html(' aria-current="true"') if line.id == current else Html(""),
        line.place,
        name(line.item),
        line.lot or line.found or fact("violet", "add_box", _("found")),
        shown,
        chip(state_of(line)),
    )


def _parts(line: SheetLine) -> tuple[str, str]:
    told = quantity(line.mine.quantity if line.mine else 0, line.unit)
    amount, _space, unit = told.partition(" ")
    return amount, unit
