"""The counting page: progress, scan box, the card, the list in bin order, finds, handing in.

It asks `count_sheet` and nothing else, and that has no expected quantity: what the browser receives cannot tell the
book.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from inventory.catalogue.queries import items
from inventory.core.clock import utc_now
from inventory.core.errors import FileRefused, Refusal
from inventory.core.work import Work
from inventory.errands.sheets import seal_of
from inventory.exchange.columns import Parsed
from inventory.exchange.count_list import read_sheet, read_sheet_file, review_sheet, sheet_kind
from inventory.exchange.sentences import fault_words
from inventory.places.queries import bins
from inventory.stocktaking.commands import add_found, submit_count
from inventory.stocktaking.queries import CountSheet, SheetLine, count_sheet
from inventory.stocktaking.rules import COUNTED_KINDS
from ui.parts.components import Scanned, Told, live, scan
from ui.parts.count_card import SAVING, card, row_of
from ui.parts.counting import (
    SCANS_KEPT,
    Hand,
    add,
    choose_line,
    factor_of,
    hand_of,
    is_open,
    line_after,
    lines_of_code,
    reading_id,
    remember,
    split_scan,
)
from ui.parts.downloads import file_link
from ui.parts.errand import Form, ask, confirm, errand, refusal_note
from ui.parts.import_file import copy_button
from ui.parts.look import bar, chip, empty, head, html, join, legend, lines, note, saved, section, show, sub
from ui.parts.pages import link
from ui.parts.words import _, clock, clock_seconds, language, name, number, share, text

NAMED_MAX = 6
"""How many lines a note names."""
STATE_CHIPS = {
    "planned": "draft",
    "open": "counting",
    "review": "submitted",
    "approved": "approved",
    "posted": "posted",
    "cancelled": "cancelled",
}
"""State of a count -> its key in the vocabulary of statuses."""


def desk(count_id: UUID) -> None:
    """Draw the counting page of a count."""
    sheet = ask(count_sheet, count_id=count_id)
    hand = hand_of(count_id)
    line = _current(sheet, hand)
    _head(sheet, hand)
    _told(sheet)
    if line is None:
        show(empty("inventory_2", _("This count has no lines yet."), _("Add what you find on the shelves.")))
        _found(sheet)
        _hand_in(sheet)
        return
    main, side = st.columns([1, 1.15], gap="medium")
    with main:
        if sheet.state == "open" or any(one.to_recount for one in sheet.lines):
            _scan(sheet, hand)
        line = _current(sheet, hand) or line
        card(sheet, hand, line)
        _hand_in(sheet)
    with side:
        _list(sheet, hand, line)
        _unknown(hand)
        _found(sheet)
        _papers(sheet)
    if st.query_params.get("line") != line.label:
        st.query_params["line"] = line.label


def _current(sheet: CountSheet, hand: Hand) -> SheetLine | None:
    """Return the line the hand is at: as kept, as the address says, else the first that is open."""
    by_id = {line.id: line for line in sheet.lines}
    if hand.current not in by_id:
        asked = st.query_params.get("line")
        named = next((line for line in sheet.lines if line.label == asked), None)
        first = named or line_after(sheet, None) or (sheet.lines[0] if sheet.lines else None)
        hand.current = first.id if first else None
    return by_id.get(hand.current) if hand.current else None


def _head(sheet: CountSheet, hand: Hand) -> None:
    mine = [line.mine.saved_at for line in sheet.lines if line.mine is not None]
    stopped = st.session_state.get(f"refusal.{SAVING}") is not None
    if stopped:
        clock_told: Any = html('<span class="t-save red">{}</span>', _("Not saved; go on, it is tried again."))
    else:
        clock_told = saved(clock_seconds(max(mine))) if mine else ""
    back = html('<a href="{}" target="_self">{}</a>', link("count"), _("All counts"))
    which = html('<span class="t-b">{} · {}</span>', sheet.number, name(sheet.site))
    head(_("Count"), which, chip(STATE_CHIPS[sheet.state]), chip("blind"), clock_told, back)
    counted, total = sum(line.counted for line in sheet.lines), max(sheet.total, 1)
    marked = sum(line.not_found or line.left_out for line in sheet.lines)
    again = sum(line.to_recount for line in sheet.lines)
    parts = bar(("green", share(counted, total)), ("orange", share(marked + again, total)))
    words = [("green", _("counted"), f"{number(counted)}/{number(sheet.total)}")]
    if marked:
        words.append(("orange", _("cannot find or left out"), number(marked)))
    if again:
        words.append(("orange", _("recount for you"), number(again)))
    if hand.unknown:
        words.append(("red", _("unknown codes"), number(len(hand.unknown))))
    show(join(parts, legend(*words)))  # type: ignore[arg-type]


def _told(sheet: CountSheet) -> None:
    """Say in one note what this person has to do with a count that is not being counted."""
    done = Form(f"submit.{sheet.id}").last
    again = sum(line.to_recount for line in sheet.lines)
    if sheet.state == "review" and again:
        why = _("Another person has counted them. Count as if for the first time.")
        show(note("orange", _("%(count)s lines wait for your recount.") % {"count": again}, why))
    elif sheet.state == "review":
        left = int(done.outcome["recount"]) if done else 0
        why = _("%(count)s lines must be recounted by another person.") % {"count": left} if left else ""
        show(note("green", _("The count is handed in."), why, _("The stock keeper compares it with the book.")))
    elif sheet.state == "cancelled":
        show(note("orange", _("This count was cancelled."), _("Nothing of it was posted.")))
    elif sheet.state in ("approved", "posted"):
        show(note("green", _("This count is closed for counting."), _("Its differences are approved.")))
    elif sheet.state == "open" and not any(is_open(line) for line in sheet.lines) and sheet.lines:
        show(note("green", _("Every line has its number."), "", _("Look it over, then hand the count in.")))


def _scan(sheet: CountSheet, hand: Hand) -> None:
    fresh = scan("scan", done=hand.done[-SCANS_KEPT:], last=hand.last)
    if not fresh:
        return
    codes = ask(_barcodes, items_of=frozenset(line.item_id for line in sheet.lines))
    for scanned in fresh:
        _take(sheet, hand, scanned, codes)
    st.rerun()


def _barcodes(work: Work, *, items_of: frozenset[UUID]) -> dict[str, UUID]:
    """Return the barcodes of packs of the items on the list."""
    found = items(work, limit=2_000)
    return {pack.barcode: item.id for item in found if item.id in items_of for pack in item.packs if pack.barcode}


def _take(sheet: CountSheet, hand: Hand, scanned: Scanned, codes: dict[str, UUID]) -> None:
    """Take one scan: jump to its line, and add packs where the scan says how many."""
    times, code = split_scan(scanned["text"])
    found = lines_of_code(sheet, code, codes)
    if not found:
        words, when = _("%(code)s is unknown here: listed below, go on.") % {"code": code}, clock(utc_now())
        hand.done.append(scanned["id"])
        hand.unknown.append((code, when))
        hand.last = Told(id=scanned["id"], say=words, tone="red", ring=True)
        return
    line, certain = choose_line(found, hand.current)
    packs = times if times is not None else 1 if code in codes else 0
    words, tone = name(line.item), "green"
    if packs and not certain:
        words = _("%(item)s stands in %(count)s lines: scan the lot or line label, then count.") % {
            "item": name(line.item),
            "count": len(found),
        }
        packs, tone = 0, "orange"
    elif packs:
        what = name(line.packs[0].name) if line.packs else name(line.unit)
        words = f"{name(line.item)} +{packs} {what}"
    change = None
    if packs:
        factor = factor_of(line)
        facts: dict[str, Any] = {"id": reading_id(sheet.id, scanned["id"]), "line_id": line.id, "factor": factor}
        facts |= {"packs": packs} if factor > 1 else {"loose": packs}
        failed = _("%(item)s was not saved.") % {"item": name(line.item)}
        change = errand(add, keep_at=SAVING, **facts)
        words, tone = (words, tone) if change is not None else (failed, "red")
    # From here on only plain Python: an access to the session could end the run between the halves.
    hand.done.append(scanned["id"])
    hand.current = line.id
    hand.turn += 1
    hand.last = Told(id=scanned["id"], say=words, tone=tone, ring=True)
    if change is not None:
        remember(hand, change)


def _list(sheet: CountSheet, hand: Hand, current: SheetLine) -> None:
    show(section(_("Bin order"), _("press a line to go there")))
    which = st.segmented_control(
        _("Lines of the count"),
        ["all", "open"],
        default="open" if sheet.state == "review" and is_open(current) else "all",
        format_func={"all": _("All"), "open": _("Still open")}.__getitem__,
        key="lines",
        label_visibility="collapsed",
        required=True,
    )
    shown = [line for line in sheet.lines if which != "open" or is_open(line)]
    if not shown:
        show(empty("task_alt", _("No line is open."), _("Every line has its number or its word.")))
        return
    hit = live(lines(*(row_of(line, current.id) for line in shown)), key="lines.list")
    if hit and hit != str(current.id):
        hand.current = UUID(hit)
        st.rerun()


def _unknown(hand: Hand) -> None:
    if not hand.unknown:
        return
    rows = (
        html('<div class="t-line k"><span class="t-sub">{}</span><code>{}</code><span></span></div>', when, code)
        for code, when in hand.unknown
    )
    show(join(html('<div class="t-gap"></div>'), section(_("Unknown codes"), _("they never stop you"))))
    show(lines(*rows))


def _found(sheet: CountSheet) -> None:
    """Offer to add goods that stand there and are not on the list."""
    if sheet.state != "open":
        return
    words = _("Add goods that are not on the list")
    if st.button(words, icon=":material/add_box:", key="found", width="stretch"):
        _found_drawer(sheet)


def _found_drawer(sheet: CountSheet) -> None:
    @st.dialog(_("Add goods that are not on the list"), position="right", width="medium", icon=":material/add_box:")
    def drawer() -> None:
        form = Form(f"found.{sheet.id}")
        places = ask(bins, site_id=sheet.site_id, kinds=COUNTED_KINDS)
        known = {item.id: item for item in ask(items, limit=2_000)}
        place = st.selectbox(
            _("Bin"), [one.id for one in places], None, {one.id: one.code for one in places}.__getitem__,
            key=form.key("place"), placeholder=_("Choose an option"),
        )  # fmt: skip
        item_id = st.selectbox(
            _("Item"), list(known), None, lambda key: f"{name(known[key].name)} · {known[key].code}",
            key=form.key("item"), placeholder=_("Choose an option"),
        )  # fmt: skip
        looks = st.text_input(_("What it looks like"), key=form.key("looks"), max_chars=120)
        show(sub(_("It becomes a lot of its own when the count is posted; its quantity is entered on its line.")))
        ready = place is not None and item_id is not None
        pressed = st.button(
            _("Add the line"), type="primary", key=form.key("add"), disabled=not ready,
            help=None if ready else _("Choose the bin and the item."),
        )  # fmt: skip
        if pressed:
            hand = hand_of(sheet.id)

            def then(done: Any) -> None:
                hand.current = UUID(str(done.outcome["line"]))

            facts: dict[str, Any] = {"count_id": sheet.id, "place_id": place, "item_id": item_id, "found": looks or ""}
            errand(add_found, form=form, then=then, **facts)

    drawer()


def _hand_in(sheet: CountSheet) -> None:
    if sheet.state != "open":
        return
    blank = [line for line in sheet.lines if is_open(line) and not line.to_recount]
    ready = not blank
    if st.button(
        _("Hand the count in"),
        type="primary" if ready else "secondary",
        icon=":material/outbox:",
        width="stretch",
        key="submit",
    ):
        _confirm_hand_in(sheet, blank)


def _confirm_hand_in(sheet: CountSheet, blank: list[SheetLine]) -> None:
    form = Form(f"submit.{sheet.id}")
    absent = [line for line in sheet.lines if line.not_found]
    leave = f"leave.{sheet.id}"

    def body() -> None:
        counted = sum(line.counted for line in sheet.lines)
        told = [html("<li>{}</li>", _("%(count)s lines with a number") % {"count": counted})]
        if absent:
            words = _("%(count)s lines that cannot be found: they count as 0") % {"count": len(absent)}
            told.append(html("<li>{}</li>", words))
        left = sum(line.left_out for line in sheet.lines)
        if left:
            told.append(html("<li>{}</li>", _("%(count)s lines left out this time") % {"count": left}))
        show(html('<ul class="t-points">{}</ul>', join(*told)))
        if blank:
            places = text(tuple(f"{line.place} {name(line.item)}" for line in blank[:NAMED_MAX]))
            show(note("orange", _("%(count)s lines have no number.") % {"count": len(blank)}, places))
            st.checkbox(_("Leave these lines out this time; nothing is posted for them"), key=leave)
        show(sub(_("After this you cannot change a number; what differs is counted again by another person.")))

    def do() -> object:
        out = [line.id for line in blank] if st.session_state.get(leave) else []
        facts: dict[str, Any] = {"not_found": [line.id for line in absent], "left_out": out, "seen": sheet.seen}
        return errand(submit_count, form=form, count_id=sheet.id, **facts)

    confirm(_("Hand the count in"), act=_("Hand in"), body=body, do=do, glyph="outbox")


def _papers(sheet: CountSheet) -> None:
    """Link the count sheet as paper and as table; both are as blind as this page."""
    if not sheet.lines:
        return
    with st.container(horizontal=True, gap="small"):
        address = file_link("count-sheet", str(sheet.id), show="1")
        st.link_button(_("Print the count sheet"), address, icon=":material/print:")
        st.link_button(_("List to fill in"), file_link("count-list", str(sheet.id)), icon=":material/table:")
    form = Form(f"filled.{sheet.id}")
    if form.last:
        told = {"lines": number(form.last["lines"]), "blank": number(form.last["blank"])}
        show(note("green", _("The filled list is taken in."), _("%(lines)s numbers, %(blank)s left blank.") % told))
    if sheet.state in ("open", "review"):
        with st.expander(_("Take a filled list in"), icon=":material/upload_file:"):
            _take_in(sheet, form)


def _take_in(sheet: CountSheet, form: Form) -> None:
    """Take the numbers of a filled list, all or none; the same file again changes nothing."""
    file = st.file_uploader(_("Excel or CSV file"), type=["xlsx", "csv"], key=form.key("file"))
    if file is None:
        return
    try:
        parsed = read_sheet_file(file.getvalue(), file.name, sheet=sheet, seal=ask(seal_of))
    except Refusal as refusal:
        show(refusal_note(refusal))
        return
    review = ask(review_sheet, count_id=sheet.id, parsed=parsed)
    if review.fault_count:
        show(refusal_note(FileRefused(file=file.name, faults=review.faults, count=review.fault_count)))
        copy_button(file, sheet_kind(), review, key=form.key("copy"))
        return
    facts = {"lines": number(review.count("changed")), "blank": number(review.count("same"))}
    show(sub(_("%(lines)s numbers, %(blank)s left blank.") % facts))
    for one in review.notes:
        show(note("blue", _("Worth knowing"), fault_words(one, language()), ""))
    if st.button(_("Take the numbers in"), key=form.key("take")):
        errand(_take_filled, form=form, count_id=sheet.id, parsed=parsed)


def _take_filled(work: Work, *, id: UUID, count_id: UUID, parsed: Parsed) -> dict[str, int]:
    return read_sheet(work, count_id=count_id, parsed=parsed)
