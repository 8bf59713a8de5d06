"""Choices whose codes stand in the address: a link that is passed on opens the same list in either language.

Streamlit's own binding writes the words of the options into the address; they change with the language and, where they
carry a number, from minute to minute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

Kind = Literal["pills", "segments", "list"]


def choice(
    kind: Kind,
    label: str,
    options: Sequence[str],
    *,
    key: str,
    words: Callable[[str], str],
    default: str | None = None,
    required: bool = False,
    **look: Any,
) -> str | None:
    """Draw a choice of one and return its code, `default` where none is chosen.

    Parameters
    ----------
    kind
        "pills", "segments" (few) or "list" (many; the default is one of its options).
    key
        Of the field, and its name in the address, where the code stands unless it is the default.
    """
    _begin(key, st.query_params.get(key), options, default)
    drawn: Any
    if kind == "list":
        drawn = st.selectbox(label, list(options), format_func=words, key=key, **look)
    elif kind == "segments":
        drawn = st.segmented_control(label, list(options), format_func=words, key=key, required=required, **look)
    else:
        drawn = st.pills(label, list(options), format_func=words, key=key, required=required, wrap=True, **look)
    chosen: str | None = drawn if drawn is not None else default
    _tell(key, "" if chosen == default else chosen or "")
    return chosen


def choices(label: str, options: Sequence[str], *, key: str, words: Callable[[str], str]) -> list[str]:
    """Draw pills of which several may be chosen and return their codes; the address carries them with commas."""
    if key not in st.session_state:
        asked = st.query_params.get(key, "").split(",")
        st.session_state[key] = [one for one in options if one in asked]
    chosen = list(st.pills(label, list(options), selection_mode="multi", format_func=words, key=key, wrap=True) or [])
    _tell(key, ",".join(chosen))
    return chosen


def _begin(key: str, asked: str | None, options: Sequence[str], default: str | None) -> None:
    """Give the field the code of the address when it opens, and drop a code that is no option any more."""
    if key not in st.session_state:
        st.session_state[key] = asked if asked in options else default
    elif st.session_state[key] is not None and st.session_state[key] not in options:
        st.session_state[key] = default


def _tell(key: str, value: str) -> None:
    """Write a code into the address; nothing where it is the default."""
    if value:
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
