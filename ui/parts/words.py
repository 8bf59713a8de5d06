"""Words, numbers and times on the screen, in the language of this session.

`_` translates an English msgid for the person who looks. It reads the session, so never call it between two halves of
a change (an access to the session may end the run when the next event arrives). Times are shown in Beijing time; what
lies today shows the clock only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st
from babel.dates import format_date

from inventory.core.clock import utc_now
from inventory.core.errors import Name
from inventory.core.words import HOME_ZONE, LANGUAGES, choose, speaker, tell
from inventory.speech import words

LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
LANGUAGE_COOKIE = "inventory_language"
HOUR_MINUTES, DAY_MINUTES = 60, 24 * 60


def language() -> str:
    """Return the language of this session: "zh_CN" or "en"."""
    return str(st.session_state.get("language", LANGUAGES[0]))


def language_of(text: str | None) -> str | None:
    """Return the language that a browser or address asks for ("zh-CN", "en-GB", …); None for any other."""
    short = (text or "").lower()[:2]
    return {"zh": "zh_CN", "en": "en"}.get(short)


def _(msgid: str) -> str:
    """Translate `msgid` into the language of this session."""
    return speaker(language())(msgid)


def word(group: str, code: str) -> str:
    """Return the word for a code of a group ("role", "kind", "state", …); the bare code where there is none."""
    known = words().get(group, {})
    return _(known[code]) if code in known else code


def name(names: Name) -> str:
    """Return a name of data in the language of this session."""
    return choose(names, language())


def text(value: Any) -> str:
    """Return any fact (name, number, instant, tuple) as people read it."""
    return tell(value, language())


def number(count: int) -> str:
    """Return a whole number with its thousands separated."""
    return f"{count:,}"


def quantity(count: int, unit: Name | str) -> str:
    """Return a quantity with its unit: "1,240 床"."""
    return f"{count:,} {unit if isinstance(unit, str) else name(unit)}"


def share(part: int, whole: int) -> float:
    """Return `part` of `whole` in per cent (0 when there is no whole), for bars."""
    return part * 100 / whole if whole else 0.0


def local(instant: dt.datetime) -> dt.datetime:
    """Return the instant in Beijing time."""
    return instant.astimezone(HOME_ZONE)


def clock(instant: dt.datetime) -> str:
    """Return the time of day: "03:12"."""
    return local(instant).strftime("%H:%M")


def clock_seconds(instant: dt.datetime) -> str:
    """Return the time of day with seconds, for "saved at": "03:12:07"."""
    return local(instant).strftime("%H:%M:%S")


def moment(instant: dt.datetime, *, now: dt.datetime | None = None) -> str:
    """Return an instant as short as it stays clear: the clock today, month and day this year, else the whole date."""
    at, today = local(instant), local(now or utc_now())
    if at.date() == today.date():
        return at.strftime("%H:%M")
    return at.strftime("%m-%d %H:%M" if at.year == today.year else "%Y-%m-%d %H:%M")


def day(date: dt.date | None) -> str:
    """Return a day as ISO writes it, a dash where there is none."""
    return date.isoformat() if date else "—"


def long_day(date: dt.date) -> str:
    """Return a day with its weekday, as a person says it."""
    # Translators: a date pattern of Unicode CLDR (weekday, day, month), not words.
    return format_date(date, _("EEE d MMMM"), locale=language())


def span(minutes: int) -> str:
    """Return a length of time: "28 min", "2:48", "3 days". `minutes` is 0 or more."""
    if minutes < HOUR_MINUTES:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 2 * DAY_MINUTES:
        return f"{minutes // 60}:{minutes % 60:02d}"
    return _("%(days)s days") % {"days": minutes // DAY_MINUTES}


def remaining(until: dt.datetime, *, now: dt.datetime | None = None) -> str:
    """Return what is left of a time limit, or by how much it is over: "28 min left", "1:22 late"."""
    minutes = int((until - (now or utc_now())).total_seconds() // 60)
    if minutes >= 0:
        return _("%(span)s left") % {"span": span(minutes)}
    late = -minutes
    if late < HOUR_MINUTES:
        return _("%(span)s late") % {"span": f"0:{late:02d}"}
    return _("%(span)s late") % {"span": span(late)}


def urgency(until: dt.datetime, *, now: dt.datetime | None = None, soon_minutes: int = HOUR_MINUTES) -> str:
    """Return the tone of a time limit: red when over, orange when `soon_minutes` or less are left, else blue."""
    minutes = (until - (now or utc_now())).total_seconds() / 60
    return "red" if minutes < 0 else "orange" if minutes <= soon_minutes else "blue"
