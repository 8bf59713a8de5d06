"""Values and cells that the papers of teams and communications share."""

from __future__ import annotations

import datetime as dt

from inventory.core.errors import Name
from inventory.documents.data.teams import Period
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM
from inventory.documents.drawing.tables import Column, Row
from inventory.documents.drawing.wording import Wording
from inventory.documents.form import Note
from inventory.documents.sign import Seal

WRITING_HEIGHT = 9 * MM
"""Of rows that are filled in by hand, standing or in the rain."""


def incident_text(incident: Name, wording: Wording, *, drill: bool) -> str:
    """Return the name of the incident; a drill is never taken for one."""
    return wording.text("team_papers.drill", incident=incident) if drill else wording.shown(incident)


def moment(wording: Wording, at: dt.datetime | None) -> str:
    """Return day and time without the year, for narrow columns; nothing for None."""
    return wording.instant("team_papers.moment", at) if at is not None else ""


def period_text(period: Period, wording: Wording) -> str:
    """Return an operational period; an open end is said, an open beginning leaves room to write."""
    if period.begins_at is None:
        return ""
    begins, ends = wording.shown(period.begins_at), wording.shown(period.ends_at)
    key = "team_papers.period" if ends else "team_papers.period_open"
    return wording.text(key, begins=begins, ends=ends)


def count_text(count: int | None, wording: Wording) -> str:
    """Return a count, nothing where it is written in by hand; 0 is a count."""
    return wording.shown(count)


def person_text(name: str, post: Name, wording: Wording) -> str:
    """Return a name with its post, one of them, or nothing."""
    if not name or not wording.shown(post):
        return wording.shown(name) or wording.shown(post)
    return wording.text("team_papers.person", name=name, post=post)


def stacked(*texts: str) -> str:
    """Return texts one under the other, for cells of a table; empty ones take no line."""
    return "\n".join(text for text in texts if text)


def blank_rows(columns: list[Column], count: int) -> list[Row]:
    """Return so many empty rows."""
    return [Row(("",) * len(columns), {}, {}) for _ in range(count)]


def prepared_facts(form: str, value: str, at: dt.datetime | None, wording: Wording) -> list[list[Fact]]:
    """Return the last row of an ICS form: who prepared it, signature, date and time."""
    return [
        [
            Fact(f"{form}.prepared", value, 0.4),
            Fact(f"{form}.signed", "", 0.3),
            Fact(f"{form}.prepared_at", wording.shown(at), 0.3),
        ]
    ]


def check_note(wording: Wording, signed: Seal) -> Note:
    """Return the note that says how a paper is checked."""
    return Note(wording.text("common.check", key=signed.fingerprint), colour=GREY)
