"""Figures that a district may change, each with its default, range, unit and source.

What stands here is what the program needs to know; the table `setting` holds only what somebody changed, for
everywhere or for one site or organisation (`scope_id`). A key that is not here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from inventory.core.errors import NotFound
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.models import Setting
from inventory.people.rules import BadSetting

EVERYWHERE = UUID(int=0)
"""The scope of a setting that holds everywhere."""


@dataclass(frozen=True)
class Figure:
    """A setting that the program knows: a whole number in a range, or one of some words.

    `label` is what people read; `choices` empty means a number from `low` to `high` in `unit`.
    """

    label: str
    default: str
    source: str
    confidence: str = "own"
    unit: str | None = None
    low: int = 0
    high: int = 10**9
    choices: tuple[str, ...] = ()


SETTINGS: Mapping[str, Figure] = {
    "session_idle_hours": Figure(
        N_("Sign out after so many hours without use"),
        "12",
        N_("own choice: one shift"),
        unit="hour",
        low=1,
        high=72,
    ),
    "session_hours": Figure(
        N_("Sign out after so many hours in any case"),
        "24",
        N_("own choice: one day on duty"),
        unit="hour",
        low=1,
        high=168,
    ),
    "password_policy": Figure(
        N_("Rule for passwords"),
        "complex",
        N_("GB/T 22239-2019 8.1.4.1 (complex); OWASP ASVS 5.0 6.2 (length)"),
        confidence="secondary",
        choices=("complex", "length"),
    ),
    "one_session": Figure(
        N_("Signing in ends the other sessions of the account"),
        "no",
        N_("GB/T 22239 level 3, as read in assessment guides"),
        confidence="secondary",
        choices=("no", "yes"),
    ),
    "order_format": Figure(
        N_("Format of dispatch orders (for orders printed for the first time)"),
        "letter",
        N_("GB/T 9704-2012: official letter, or 10.2 command"),
        confidence="secondary",
        choices=("letter", "command"),
    ),
    "order_copies": Figure(
        N_("Print the list of an order in three copies: stub, vehicle, signed return"),
        "yes",
        N_("three copies, as dispatch lists name them"),
        confidence="secondary",
        choices=("yes", "no"),
    ),
    "order_both_sides": Figure(
        N_("Orders are printed on both sides: imprint on an even page, each copy on its own leaf"),
        "yes",
        N_("GB/T 9704-2012: printed on both sides"),
        confidence="secondary",
        choices=("yes", "no"),
    ),
}


def check_value(key: str, value: str) -> Figure:
    """Return the figure of a setting that may have this value.

    Raises
    ------
    NotFound, BadSetting
    """
    figure = SETTINGS.get(key)
    if figure is None:
        raise NotFound(kind="setting", key=key[:60])
    if figure.choices:
        if value not in figure.choices:
            raise BadSetting(key=key, value=value[:40], allowed=", ".join(figure.choices))
    elif not _WHOLE.fullmatch(value) or not figure.low <= int(value) <= figure.high:
        raise BadSetting(key=key, value=value[:40], allowed=f"{figure.low} - {figure.high}")
    return figure


_WHOLE = re.compile(r"[0-9]{1,10}")
_VALUE = select(Setting.value).where(Setting.key == bindparam("key"), Setting.scope_id == bindparam("scope"))


def setting(work: Work, key: str, scope_id: UUID | None = None) -> str:
    """Return a setting: of the scope, else of everywhere, else the default."""
    for scope in dict.fromkeys((scope_id or EVERYWHERE, EVERYWHERE)):
        value = work.connection.execute(_VALUE, {"key": key, "scope": scope}).scalar_one_or_none()
        if value is not None:
            return value
    return SETTINGS[key].default


def number_setting(work: Work, key: str, scope_id: UUID | None = None) -> int:
    """Return a setting that is a whole number."""
    return int(setting(work, key, scope_id))


@dataclass(frozen=True)
class SettingRow:
    """A setting as its page shows it; `changed_by_id` is None while the default holds."""

    key: str
    figure: Figure
    value: str
    source: str
    confidence: str
    changed_by_id: UUID | None


def settings(work: Work, scope_id: UUID | None = None) -> list[SettingRow]:
    """Return every setting that the program knows, with the value of exactly this scope or its default."""
    rows = work.session.scalars(select(Setting).where(Setting.scope_id == (scope_id or EVERYWHERE)))
    changed = {row.key: row for row in rows}
    return [
        SettingRow(
            key,
            figure,
            changed[key].value if key in changed else figure.default,
            changed[key].source if key in changed else figure.source,
            changed[key].confidence if key in changed else figure.confidence,
            changed[key].changed_by_id if key in changed else None,
        )
        for key, figure in SETTINGS.items()
    ]
