"""The count beside the book, for who approves: differences first, both hands, orders at risk, value; approve, post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.errors import Name
from inventory.core.work import Work
from inventory.ledger.rules import Free
from inventory.people.queries import can
from inventory.people.rules import At
from inventory.people.stories import Entry, story_of
from inventory.stocktaking.commands import approve_count, cancel_count, order_recount, post_count
from inventory.stocktaking.queries import hands_of
from inventory.stocktaking.reviewing import CountReview, ReviewLine, count_review
from ui.parts.count_list import WORDS_OF_KINDS
from ui.parts.deeds import story_of_entries
from ui.parts.errand import Form, ask, confirm, errand, needs_confirmation, reason_disabled, refused
from ui.parts.look import Html, chip, empty, figure, head, html, join, mark, note, section, show, sub, table, tiles
from ui.parts.pages import link
from ui.parts.paper_links import paper_link
from ui.parts.session import may, person
from ui.parts.words import _, moment, name, number, text

FEN = 100
LINES_SHOWN_MAX = 200
NAMED_MAX = 6
POSTING = "count.posting"


@dataclass(frozen=True)
class Page:
    """What the review shows, read on one snapshot."""

    review: CountReview
    hands: dict[str, list[Name]]
    entries: list[Entry]
    reads: bool
    prints: bool


def _read(work: Work, *, count_id: UUID) -> Page:
    review = count_review(work, count_id=count_id)
    reads, prints = (can(work, right, At(review.site_id)) for right in ("read_count", "issue_paper"))
    return Page(review, hands_of(work, document_id=count_id), story_of(work, count_id), reads, prints)


def yuan(fen: int) -> str:
    """Return money as people write it: "−1,240.00"."""
    return f"{'−' if fen < 0 else ''}{abs(fen) // FEN:,}.{abs(fen) % FEN:02d}"


def signed(count: int) -> str:
    """Return a difference with its sign: "+12", "−3", "0"."""
    return f"+{count:,}" if count > 0 else f"−{-count:,}" if count < 0 else "0"


def review_page(count_id: UUID) -> None:
    """Draw the comparison of a count with the book as of the moment each line was counted."""
    page = ask(_read, count_id=count_id)
    review = page.review
    waiting = [line for line in review.lines if line.waits_for_recount]
    _head(page, waiting)
    _figures(review)
    done = Form(f"post.{review.id}").last
    if done is not None:
        facts = {"lines": done.outcome["differing"], "gained": done.outcome["gained"], "lost": done.outcome["lost"]}
        words = _("%(lines)s differences: %(gained)s more, %(lost)s fewer.") % facts
        show(note("green", _("The count is posted."), words, _("Every difference stands in the ledger of its lot.")))
    if waiting:
        why = text(tuple(f"{line.place} {name(line.item)}" for line in waiting[:NAMED_MAX])) + "."
        then = _("Another person than the counter recounts them; then the count can be approved.")
        show(note("orange", _("%(count)s lines wait for a recount.") % {"count": len(waiting)}, why, then))
    refused(POSTING)
    _lines(review)
    with st.expander(_("How this count went"), icon=":material/history:"):
        show(story_of_entries(page.entries))
    if review.state in ("review", "approved"):
        _acts(page, waiting)


def _head(page: Page, waiting: list[ReviewLine]) -> None:
    review = page.review
    states = {"review": "recount" if waiting else "wait", "open": "counting"}
    which = html('<span class="t-b">{} · {}</span>', review.number, name(review.site))
    back = html('<a href="{}" target="_self">{}</a>', link("count"), _("All counts"))
    sheet = html('<a href="{}" target="_self">{}</a>', link("count", count=str(review.id)), _("Blind sheet"))
    parts = [which, chip(states.get(review.state, review.state)), back]
    prints = page.prints and review.state != "cancelled"
    report = [paper_link("variance_report", str(review.id), _("Variance report (PDF)"))] if prints else []
    head(_("Count beside the book"), *parts, *([sheet] if page.reads else []), *report)
    capacities = {"counter": _("Counted by"), "recounter": _("Recounted by"), "approver": _("Approved by")}
    names = [
        html("<span>{} <b>{}</b></span>", words, text(tuple(page.hands.get(capacity, ()))) or "—")
        for capacity, words in capacities.items()
    ]
    facts = join(*names, html("<span>{} {}</span>", _(WORDS_OF_KINDS[review.kind]), moment(review.opened_at)))
    show(html('<div class="t-row t-sub t-named">{}</div>', facts))


def _figures(review: CountReview) -> None:
    priced = not review.differing or any(line.value_fen is not None for line in review.lines if line.difference)
    risky = sum(bool(line.missing) for line in review.lines)
    figures = (
        figure("gray", number(len(review.lines)), _("lines"), _("counted blind")),
        figure("orange" if review.differing else "green", number(review.differing), _("differ"),
             _("book as of counting")),
        figure("blue", signed(review.gained), _("more than the book"), _("base units")),
        figure("red" if review.lost else "gray", signed(-review.lost), _("fewer than the book"), _("base units")),
        figure("gray", yuan(review.value_fen) if priced else "—", _("yuan"),
               _("value of the differences") if priced else _("no price is known")),
        figure("red" if risky else "green", number(risky), _("below reservations"), _("orders at risk")),
    )  # fmt: skip
    show(tiles(*figures))


def _lines(review: CountReview) -> None:
    differing = [line for line in review.lines if line.difference or line.waits_for_recount or line.reason]
    show(html('<div class="t-gap"></div>'))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        show(section(_("Lines of the count"), _("differences first; the book is that of the moment of counting")))
        which = st.segmented_control(
            _("Show"), ["differ", "all"], default="differ" if differing else "all", required=True,
            format_func={"differ": _("Differing"), "all": _("All")}.__getitem__,
            key="review.lines", label_visibility="collapsed",
        )  # fmt: skip
    shown = differing if which == "differ" else sorted(review.lines, key=lambda line: not line.difference)
    if not shown:
        show(empty("task_alt", _("Nothing differs."), _("Every line has the quantity of the book.")))
        return
    titles = [_("Bin"), _("Item"), _("Book"), _("Counted quantity"), _("Difference"), _("Yuan")]
    titles += [_("Who and when"), _("Note")]
    rows = [_row(line) for line in shown[:LINES_SHOWN_MAX]]
    show(table([*titles], rows, figures=(2, 3, 4, 5)))
    if len(shown) > LINES_SHOWN_MAX:
        facts = {"shown": number(LINES_SHOWN_MAX), "count": number(len(shown))}
        show(sub(_("The first %(shown)s of %(count)s.") % facts))


def _row(line: ReviewLine) -> list[Any]:
    item = html('<span class="t-b">{}</span><br><span class="t-sub">{} {}</span>', name(line.item), line.lot or "",
                line.batch or line.found)  # fmt: skip
    off = line.difference
    tone = "red" if off and off < 0 else "blue" if off else "gray"
    difference = html('<b class="t-ink {}">{}</b>', tone, signed(off)) if off is not None else "—"
    hands = join(
        *(
            html('<div class="t-sub">{} · {} · <b>{}</b></div>', name(reading.by), moment(reading.counted_at),
                 number(reading.quantity))
            for reading in line.readings[-4:]
        )
    )  # fmt: skip
    return [
        html('<span class="t-b">{}</span><br><span class="t-sub">{}</span>', line.place, line.label),
        item,
        number(line.book) if line.book is not None else "—",
        number(line.counted) if line.counted is not None else "—",
        difference,
        yuan(line.value_fen) if line.value_fen else "",
        hands,
        _notes(line),
    ]


def _notes(line: ReviewLine) -> Html:
    told: list[Html] = []
    if line.waits_for_recount:
        told.append(chip("recount"))
    if line.reason == "not_found":
        told.append(chip("missing"))
    if line.reason == "left_out":
        told.append(chip("left_out"))
    if line.overtaken:
        told.append(mark("orange", "update", _("counted later elsewhere")))
    if line.missing:
        orders = text(tuple(sorted({hold.order for hold in line.held_for if hold.order})))
        words = _("%(missing)s short for reservations: %(orders)s") % {"missing": line.missing, "orders": orders}
        told.append(mark("red", "bookmark", words))
    if line.lot is None:
        told.append(mark("violet", "add_box", _("found")))
    return html('<span class="t-row">{}</span>', join(*told))


def _acts(page: Page, waiting: list[ReviewLine]) -> None:
    review = page.review
    facts = {"count": review.differing, "gained": signed(review.gained), "lost": signed(-review.lost)}
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        show(html("<b>{}</b>", _("%(count)s lines differ: %(gained)s, %(lost)s base units") % facts))
        st.space("stretch")
        if may("order_recount"):
            _cancel(review)
            if review.state == "review":
                _send_back(review)
        if review.state == "review":
            _approve(page, waiting)
        else:
            _post(review)


def _cancel(review: CountReview) -> None:
    form = Form(f"cancel.{review.id}")
    with st.popover(_("Cancel the count"), icon=":material/cancel:", type="tertiary"):
        show(sub(_("What was read stays on record; nothing is posted.")))
        why = st.text_input(_("Why"), key=form.key("why"), max_chars=200)
        if st.button(_("Cancel the count"), key=form.key("go"), disabled=not why):
            errand(cancel_count, form=form, count_id=review.id, why=why, seen=review.seen)


def _send_back(review: CountReview) -> None:
    form = Form(f"again.{review.id}")
    names = {line.line_id: f"{line.place} {name(line.item)} {line.lot or ''}" for line in review.lines}
    with st.popover(_("Send back for a recount"), icon=":material/repeat:"):
        chosen = st.multiselect(
            _("Lines to count again"), list(names), format_func=names.__getitem__,
            key=form.key("lines"), placeholder=_("Choose options"),
        )  # fmt: skip
        why = st.text_input(_("Why"), key=form.key("why"), max_chars=200)
        if st.button(_("Send back"), key=form.key("go"), disabled=not (chosen and why)):
            errand(order_recount, form=form, count_id=review.id, line_ids=chosen, why=why, seen=review.seen)


def _why_not(stop: dict[str, Any]) -> None:
    """Say beside a disabled button why, and who can: a finger has no hover."""
    if stop:
        show(sub(stop["help"]), width="content")


def _approve(page: Page, waiting: list[ReviewLine]) -> None:
    review, me = page.review, person()
    handled = {name(one) for capacity in ("counter", "recounter") for one in page.hands.get(capacity, [])}
    stop: dict[str, Any] = {}
    if not may("approve_count"):
        stop = reason_disabled(_("The stock keeper or the manager approves counts."))
    elif waiting:
        stop = reason_disabled(_("%(count)s lines wait for a recount.") % {"count": len(waiting)})
    elif name(me.name) in handled:
        stop = reason_disabled(_("You counted here yourself; another keeper or the manager approves."))
    _why_not(stop)
    if st.button(_("Approve the differences"), type="primary", icon=":material/approval:", key="approve", **stop):
        confirm(
            _("Approve the differences"),
            act=_("Approve"),
            body=lambda: _told_differences(review),
            do=lambda: errand(approve_count, form=Form(f"approve.{review.id}"), count_id=review.id, seen=review.seen),
            width="medium",
        )


def _told_differences(review: CountReview) -> None:
    differing = [line for line in review.lines if line.difference]
    if not differing:
        show(note("green", _("Nothing differs."), _("The count is closed without a posting.")))
        return
    rows = [
        [
            line.place,
            name(line.item),
            line.lot or "",
            signed(line.difference or 0),
            "" if line.value_fen is None else yuan(line.value_fen),
        ]
        for line in differing[:LINES_SHOWN_MAX]
    ]
    titles = [_("Bin"), _("Item"), _("Lot"), _("Difference"), _("Yuan")]
    show(table(list(titles), rows, figures=(3, 4)))
    show(sub(_("Each difference is posted as of the moment of counting, between its bin and lost and found.")))


def _post(review: CountReview) -> None:
    stop: dict[str, Any] = {}
    if not may("post_count"):
        stop = reason_disabled(_("The stock keeper or the manager posts counts."))
    _why_not(stop)
    if not st.button(_("Post the differences"), type="primary", icon=":material/receipt_long:", key="post", **stop):
        return
    freed = [Free(hold_id, many) for line in review.lines for hold_id, many in line.to_free]
    asked: set[str] = set()

    def body() -> None:
        _told_differences(review)
        if freed:
            below = [line for line in review.lines if line.missing]
            orders = sorted({hold.order for line in below for hold in line.held_for if hold.order})
            total = number(sum(free.quantity for free in freed))
            words = _("Reservations of %(count)s are freed, the youngest first: %(orders)s")
            show(note("red", words % {"count": total, "orders": text(tuple(orders))}))
        if refused(POSTING) and (code := needs_confirmation(POSTING)):
            asked.add(code)

    def do() -> object:
        done = errand(
            post_count, form=Form(f"post.{review.id}"), keep_at=POSTING, count_id=review.id,
            free_holds=tuple(freed), seen=review.seen, confirmed=frozenset(asked),
        )  # fmt: skip
        if done is None:
            refused(POSTING)
        return done

    confirm(_("Post the differences"), act=_("Post"), body=body, do=do, glyph="receipt_long", width="medium")
