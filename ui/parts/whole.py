"""Callbacks that run to their end, whatever else is pressed meanwhile.

Streamlit ends a run at the next access to the session when another press has arrived, also in the middle of a
callback; the field counts as taken then, so its callback is never called again. Whoever types a number and presses on
within some milliseconds would lose it without a word. A callback made `whole` is not ended in the middle, and the run
of the next press waits for it before it reads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Asked = ParamSpec("Asked")
_YIELD = "_yield_callback"
"""Where Streamlit's session keeps what it calls at each access; tests/browser/test_once.py notices if it moves."""


def whole(callback: Callable[Asked, None]) -> Callable[Asked, None]:
    """Return the callback such that another press cannot end it half-way."""

    @wraps(callback)
    def run(*given: Asked.args, **named: Asked.kwargs) -> None:
        with _undisturbed():
            callback(*given, **named)

    return run


def await_callbacks() -> None:
    """Wait until callbacks of an earlier press in this session are done; the door calls it before a page reads."""
    with _turnstile():
        pass


def _turnstile() -> threading.RLock:
    lock: threading.RLock = st.session_state.setdefault("turnstile", threading.RLock())
    return lock


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold this session's turnstile, with no end of the run at an access to the session."""
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    session = context.session_state
    kept = getattr(session, _YIELD)
    object.__setattr__(session, _YIELD, lambda: None)
    try:
        with _turnstile():
            yield
    finally:
        object.__setattr__(session, _YIELD, kept)
