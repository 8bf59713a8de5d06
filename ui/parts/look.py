"""The visual language as HTML: chips, flags, heads, notes, bars, tiles. The stylesheet is `look.css` beside this file.

Everything that comes from data is escaped here: the functions escape plain text and leave `Html` as it is, so a
forgotten escape shows as text and never runs. Statuses come from the one dictionary `STATUS`; a screen makes no chip
of its own for a state.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from inventory.core.words import N_
from ui.parts.words import _, text

STYLES = Path(__file__).with_name("look.css")
Tone = Literal["red", "orange", "blue", "green", "violet", "gray"]


class Html(str):
    """Text that is HTML already; everything else is escaped before it is shown."""


def html(template: str, *values: Any, **named: Any) -> Html:
    """Fill `{}` places of a template with escaped values; `Html` values go in as they are."""
    safe = {key: h(value) for key, value in named.items()}
    return Html(template.format(*(h(value) for value in values), **safe))


def h(value: Any) -> Html:
    """Return any value as HTML: `Html` as it is, everything else in the reader's language and escaped."""
    if isinstance(value, Html):
        return value
    return Html(escape(value if isinstance(value, str) else text(value)))


def join(*parts: Any) -> Html:
    """Return parts one after the other."""
    return Html("".join(h(part) for part in parts))


@dataclass(frozen=True)
class Status:
    """One state as people see it: an English msgid, a tone and a Material icon, always all three."""

    word: str
    tone: Tone
    icon: str


# One vocabulary for screens, papers and exports. A new state of a state machine is a new row here.
STATUS: dict[str, Status] = {
    "overdue": Status(N_("Overdue"), "red", "timer_off"),
    "urgent": Status(N_("Urgent"), "red", "priority_high"),
    "short": Status(N_("Short"), "red", "production_quantity_limits"),
    "refused": Status(N_("Refused"), "red", "block"),
    "expired": Status(N_("Expired"), "red", "event_busy"),
    "failed": Status(N_("Out of use"), "red", "build_circle"),
    "cut": Status(N_("Cut"), "red", "link_off"),
    "declined": Status(N_("Declined"), "red", "thumb_down"),
    "lost": Status(N_("Lost"), "red", "report"),
    "due": Status(N_("Due today"), "orange", "schedule"),
    "soon": Status(N_("Expiring"), "orange", "hourglass_bottom"),
    "partial": Status(N_("Partial"), "orange", "timelapse"),
    "check": Status(N_("To inspect"), "orange", "pending"),
    "blocked": Status(N_("On hold"), "orange", "lock"),
    "wait": Status(N_("To approve"), "orange", "approval"),
    "recount": Status(N_("Recount"), "orange", "repeat"),
    "returned": Status(N_("Sent back"), "orange", "undo"),
    "stale": Status(N_("Stale"), "orange", "sync_problem"),
    "issued": Status(N_("Issued"), "orange", "mark_email_unread"),
    "recalled": Status(N_("Recalled"), "orange", "settings_backup_restore"),
    "open": Status(N_("Active"), "blue", "play_circle"),
    "acknowledged": Status(N_("Acknowledged"), "blue", "how_to_reg"),
    "picked": Status(N_("Picked"), "blue", "trolley"),
    "checked": Status(N_("Checked"), "blue", "rule"),
    "counting": Status(N_("Counting"), "blue", "fact_check"),
    "submitted": Status(N_("Submitted"), "blue", "outbox"),
    "picking": Status(N_("Picking"), "blue", "shopping_cart_checkout"),
    "moving": Status(N_("In transit"), "blue", "local_shipping"),
    "enroute": Status(N_("En route"), "blue", "directions_car"),
    "fulfilling": Status(N_("In fulfilment"), "blue", "autorenew"),
    "demobilizing": Status(N_("Demobilising"), "blue", "move_down"),
    "reconciling": Status(N_("Reconciling"), "orange", "balance"),
    "alert": Status(N_("Mobilising"), "blue", "notifications_active"),
    "onsite": Status(N_("On site"), "blue", "location_on"),
    "reserved": Status(N_("Reserved"), "blue", "bookmark"),
    "usable": Status(N_("Usable"), "green", "check_circle"),
    "free": Status(N_("Available"), "green", "check_circle"),
    "ready": Status(N_("Ready"), "green", "check_circle"),
    "approved": Status(N_("Approved"), "green", "verified"),
    "done": Status(N_("Done"), "green", "task_alt"),
    "received": Status(N_("Received"), "green", "inventory"),
    "posted": Status(N_("Posted"), "green", "receipt_long"),
    "counted": Status(N_("Counted"), "green", "done"),
    "verbal": Status(N_("Verbal order"), "violet", "record_voice_over"),
    "override": Status(N_("Override"), "violet", "gavel"),
    "drill": Status(N_("Drill"), "violet", "sports_score"),
    "fixed": Status(N_("Stays in village"), "violet", "anchor"),
    "demo": Status(N_("Demo data"), "violet", "science"),
    "draft": Status(N_("Draft"), "gray", "edit_note"),
    "todo": Status(N_("Not counted"), "gray", "radio_button_unchecked"),
    "missing": Status(N_("Cannot find"), "orange", "search_off"),
    "left_out": Status(N_("Left out"), "gray", "do_not_disturb_on"),
    "blind": Status(N_("Blind"), "gray", "visibility_off"),
    "rest": Status(N_("Resting"), "gray", "hotel"),
    "cancelled": Status(N_("Cancelled"), "gray", "cancel"),
    "closed": Status(N_("Closed"), "gray", "lock_clock"),
}


def dress() -> None:
    """Give the page its stylesheet; first call of every run. It goes to the event container and takes no room."""
    st.html(STYLES)


def show(body: Any, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Draw HTML in our own type and colours."""
    st.html(f'<div class="t">{h(body)}</div>', width=width)


def icon(name: str) -> Html:
    """Return a Material icon by its name, silent for screen readers and for copying."""
    return html('<i class="t-i" data-i="{}" aria-hidden="true"></i>', name)


def status_word(key: str) -> str:
    """Return the word of a state in the reader's language."""
    return _(STATUS[key].word)


def chip(key: str, words: str | None = None) -> Html:
    """Return the chip of a state; `words` says it more exactly ("120 short") and keeps tone and icon."""
    state = STATUS[key]
    return mark(state.tone, state.icon, words or _(state.word))


def mark(tone: Tone, glyph: str, words: Any) -> Html:
    """Return a chip for a fact that is no state (a cut, a level, a count)."""
    return html('<span class="t-chip {}">{}{}</span>', tone, icon(glyph) if glyph else "", words)


def flag(level: Literal["red", "orange", "yellow", "blue"], words: Any) -> Html:
    """Return an official warning level: solid in the state's colours, so that nobody takes it for a status."""
    return html('<span class="t-flag w-{}">{}{}</span>', level, icon("warning"), words)


def sub(words: Any) -> Html:
    """Return second text."""
    return html('<span class="t-sub">{}</span>', words)


def head(title: Any, *parts: Any) -> None:
    """Draw the head of a page in one line: what it is, which document, its state, saved when."""
    show(html('<div class="t-head"><h2>{}</h2>{}</div>', title, join(*parts)))


def section(title: Any, order: Any = "") -> Html:
    """Return a section heading with its order or rule in second text."""
    return html('<h3 class="t-h">{}<small>{}</small></h3>', title, order)


def note(tone: Tone, what: Any, why: Any = "", then: Any = "") -> Html:
    """Return a refusal or warning: what happened (or did not), why with the numbers, what to do now."""
    role = "alert" if tone == "red" else "status"
    told = html("<b>{}</b>", what)
    last = str(what)
    for part in filter(None, (why, then)):
        told = html("{}{}{}", told, _space_after(last), part)
        last = str(part)
    return html('<div class="t-note {}" role="{}">{}</div>', tone, role, told)


def _space_after(words: str) -> str:
    """Return the space between two sentences: none after a full-width stop, which brings its own."""
    last = words[-1:] or " "
    full_stop = unicodedata.category(last) == "Po" and unicodedata.east_asian_width(last) in "WF"
    return "" if full_stop else " "


def empty(glyph: str, what: Any, then: Any = "") -> Html:
    """Return an empty state: nothing to do, nothing found, or nothing yet, and what that means."""
    return html('<div class="t-empty">{}<b>{}</b>{}</div>', icon(glyph), what, then)


def bar(*parts: tuple[Tone, float]) -> Html:
    """Return a bar of (tone, per cent) parts; decorative, its `legend` carries the numbers."""
    pieces = (html('<i class="{}" style="width:{}%"></i>', tone, f"{part:.1f}") for tone, part in parts if part > 0)
    return html('<div class="t-bar" aria-hidden="true">{}</div>', join(*pieces))


def legend(*parts: tuple[Tone, Any, Any]) -> Html:
    """Return the legend of a bar: (tone, word, value) each."""
    pieces = (html('<span><i class="{}"></i>{} <b>{}</b></span>', tone, word, value) for tone, word, value in parts)
    return html('<div class="t-legend">{}</div>', join(*pieces))


def tile(act: str, tone: Tone, figure: Any, word: Any, detail: Any = "", *, pressed: bool = False) -> Html:
    """Return a figure that filters, for `live`; `act` comes back when it is pressed."""
    return html(
        '<button class="t-tile {}" data-act="{}" aria-pressed="{}"><b>{}</b><span>{}</span><small>{}</small></button>',
        tone, act, "true" if pressed else "false", figure, word, detail,
    )  # fmt: skip


def figure(tone: Tone, number: Any, word: Any, detail: Any = "") -> Html:
    """Return a figure to read, which looks like a tile and answers to nothing."""
    return html('<div class="t-tile {}"><b>{}</b><span>{}</span><small>{}</small></div>', tone, number, word, detail)


def tiles(*parts: Html) -> Html:
    """Return a row of tiles."""
    return html('<div class="t-tiles">{}</div>', join(*parts))


def line(act: str, when: Any, limit: Any, tone: Tone, what: Any, why: Any, right: Any = "") -> Html:
    """Return one line of a work list, for `live`: time and limit, what and why, a chip or an action at the right."""
    return html(
        '<button class="t-line" data-act="{}"><span class="t-when">{}<small class="{}">{}</small></span>'
        '<span class="t-grow"><span class="t-b">{}</span><br><span class="t-sub">{}</span></span>{}</button>',
        act, when, tone, limit, what, why, right,
    )  # fmt: skip


def lines(*parts: Html) -> Html:
    """Return lines in one frame."""
    return html('<div class="t-list">{}</div>', join(*parts))


def action(words: Any) -> Html:
    """Return the action at the right of a line ("Remind ›")."""
    return html('<span class="t-go">{} ›</span>', words)


def saved(clock_text: str) -> Html:
    """Return the autosave clock."""
    words = _("Saved %(clock)s") % {"clock": clock_text}
    return html('<span class="t-save">{}{}</span>', icon("cloud_done"), words)


def story(*steps: tuple[Tone, Any, Any, Any]) -> Html:
    """Return the story of a thing: (tone, what, document, when and who) each, newest first."""
    pieces = (
        html('<li class="{}"><span class="t-b">{}</span> {}<br><span class="t-sub">{}</span></li>', *step)
        for step in steps
    )
    return html('<ul class="t-story">{}</ul>', join(*pieces))


def reasons(*rows: tuple[bool, Any, Any]) -> Html:
    """Return reasons with their verdict: (good, what, why) each, ✓ or ✕ and tone."""
    pieces = (
        html(
            '<li><span class="t-ink {}">{}</span><span class="t-b">{}</span><span>{}</span></li>',
            "green" if good else "red", icon("check" if good else "close"), what, why,
        )
        for good, what, why in rows
    )  # fmt: skip
    return html('<ul class="t-why">{}</ul>', join(*pieces))


def verdict(good: bool, what: Any, judged: Any) -> Html:
    """Return a verdict in large letters with what it was judged for."""
    return html(
        '<div class="t-verdict {}">{}<span><b>{}</b>{}</span></div>',
        "green" if good else "red", icon("check_circle" if good else "cancel"), what, judged,
    )  # fmt: skip


def table(titles: list[Any], rows: list[list[Any]], *, figures: tuple[int, ...] = ()) -> Html:
    """Return a table to read (under 50 rows); columns numbered in `figures` are right-aligned numbers."""
    kind = [' class="t-num"' if at in figures else "" for at in range(len(titles))]
    top = "".join(f"<th{kind[at]}>{h(title)}</th>" for at, title in enumerate(titles))
    body = "".join(
        "<tr>" + "".join(f"<td{kind[at]}>{h(cell)}</td>" for at, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return Html(
        f'<div class="t-scroll"><table class="t-tab"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )
