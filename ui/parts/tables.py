"""Tables paged in SQL, and filters that stand in the address.

Only the rows of one page go to the browser. Count first, then ask for the window:

    window = paged(ask(stock_count, **filters), key="stock")
    rows = ask(stock_rows, **filters, limit=window.limit, offset=window.offset)
    with window.place:
        opened = grid(rows, COLUMNS(), key="stock")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.parts.choices import choices
from ui.parts.look import STATUS, Tone, empty, show, status_word, sub
from ui.parts.words import _, day, moment, number, text

Row = TypeVar("Row")
PAGE_ROWS = 50
ROW_PIXELS = 36
_LIGHT: dict[Tone, str] = {
    "green": "#CDEAD6",
    "blue": "#CFE3F7",
    "orange": "#FFE0B8",
    "red": "#F9CFCB",
    "violet": "#E2D5F6",
    "gray": "#E1E6EA",
}
_DARK: dict[Tone, str] = {
    "green": "#1F4D31",
    "blue": "#1F4468",
    "orange": "#5A3C15",
    "red": "#6B2A26",
    "violet": "#463267",
    "gray": "#37434D",
}


@dataclass(frozen=True)
class Window:
    """Which rows to ask for (`limit`, `offset`), and the place above the pager where the table goes."""

    limit: int
    offset: int
    total: int
    place: DeltaGenerator


def paged(total: int, *, key: str, page_rows: int = PAGE_ROWS) -> Window:
    """Draw the pager of `total` rows (its page stands in the address) and return the window to ask for."""
    place = st.container()
    page = 1
    if total > page_rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            counted = st.container(width="content")
            st.space("stretch")
            page = st.pagination(-(-total // page_rows), key=f"{key}_page", bind="query-params")
        first, last = (page - 1) * page_rows + 1, min(page * page_rows, total)
        words = _("Rows %(first)s–%(last)s of %(total)s")
        facts = {"first": number(first), "last": number(last), "total": number(total)}
        with counted:
            show(sub(words % facts), width="content")
    return Window(limit=page_rows, offset=(page - 1) * page_rows, total=total, place=place)


@dataclass(frozen=True)
class Column:
    """One column: the field of the row (dots go into nested ones), its title in words, and its kind.

    `status` fields hold a key of `STATUS`; `text` fields may hold anything that can be told (a `Name`, a tuple).
    """

    field: str
    title: str
    kind: Literal["text", "number", "status", "day", "moment"] = "text"
    width: Literal["small", "medium", "large"] | None = None


def grid(rows: Sequence[Row], columns: Sequence[Column], *, key: str, opens: bool = True) -> Row | None:
    """Draw one page of rows; return the row that was just pressed, once per press (None otherwise)."""
    tints = _DARK if st.context.theme.type == "dark" else _LIGHT
    shown = pd.DataFrame({column.title: [_cell(row, column) for row in rows] for column in columns})
    settings = {column.title: _setting(rows, column, tints) for column in columns}
    look: dict[str, Any] = {
        "hide_index": True,
        "row_height": ROW_PIXELS,
        "height": "content",
        "column_config": settings,
    }
    if not opens:
        st.dataframe(shown, key=key, **look)
        return None
    event = st.dataframe(shown, key=key, on_select="rerun", selection_mode="single-cell", **look)
    picked = [at for at, _title in event.selection.cells]
    before = st.session_state.get(f"{key}.pressed")
    now = picked[0] if picked else None
    st.session_state[f"{key}.pressed"] = now
    return rows[now] if now is not None and now != before and now < len(rows) else None


def _value(row: object, field: str) -> Any:
    for name in field.split("."):
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row


def _cell(row: object, column: Column) -> Any:
    value = _value(row, column.field)
    if column.kind == "status":
        return [status_word(value)] if value else []
    if column.kind == "number":
        return value
    if column.kind == "day":
        return day(value)
    if column.kind == "moment":
        return moment(value) if value else "—"
    return "—" if value is None else text(value) if not isinstance(value, int) else str(value)


def _setting(rows: Sequence[object], column: Column, tints: dict[Tone, str]) -> Any:
    if column.kind == "number":
        return st.column_config.NumberColumn(format="localized", width=column.width)
    if column.kind == "status":
        keys = sorted({_value(row, column.field) for row in rows} - {None, ""})
        return st.column_config.MultiselectColumn(
            options=[status_word(one) for one in keys],
            color=[tints[STATUS[one].tone] for one in keys],
            width=column.width,
        )
    return st.column_config.TextColumn(width=column.width)


def search(label: str, hint: str, *, key: str, width: int = 300) -> str:
    """Draw a search field whose text stands in the address; return it without outer spaces."""
    found = st.text_input(
        label, placeholder=hint, icon=":material/search:", width=width, key=key, bind="query-params", max_chars=80
    )
    return (found or "").strip()


def status_filter(label: str, keys: Sequence[str], *, key: str) -> list[str]:
    """Draw a filter by states (several may be chosen; the address carries them); return the chosen keys."""
    return choices(label, keys, key=key, words=lambda one: f":material/{STATUS[one].icon}: {status_word(one)}")


def nothing_found(what: str) -> None:
    """Draw the empty state of a filter; it says that this does not mean there is nothing."""
    show(empty("search_off", what, _("Try another word or clear the filters. It does not mean that there is nothing.")))
