"""Three small components: `live` (HTML whose buttons answer), `scan` (a scan box), `speak` (Streamlit's own words).

They run in the page itself (components v2). Streamlit imports their script from a `blob:` address, which the product's
content security policy allows. AppTest cannot press them: test the command, and the click in a browser.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, TypedDict

import streamlit as st

from ui.parts.foreign import patterns, translations
from ui.parts.look import Html
from ui.parts.words import LANGUAGE_COOKIE, _, language

_SCRIPTS = Path(__file__).parent / "scripts"


def _script(name: str) -> str:
    return (_SCRIPTS / name).read_text(encoding="utf-8")


def _ignore() -> None:
    """Streamlit asks for a callback before it returns the value of a component."""


_live = st.components.v2.component("live", html='<div class="t"></div>', isolate_styles=False, js=_script("live.js"))
_scan = st.components.v2.component(
    "scan",
    isolate_styles=False,
    html='<div class="t"><div class="t-scan blue"><label><span class="lab"></span><span class="tip"></span></label>'
    '<input autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="done">'
    '<button type="button" class="t-scan-go" hidden></button>'
    '<div class="say" role="status" aria-live="assertive"></div></div></div>',
    js=_script("scan.js"),
)
_words = st.components.v2.component("words", js=_script("words.js"))


class Scanned(TypedDict):
    """One scan as the browser queued it: its own id, and the text ("3*6901234567892")."""

    id: str
    text: str


class Told(TypedDict):
    """What became of a scan: shown under the box, with a tone, and rung (a high tone when green, low otherwise)."""

    id: str
    say: str
    tone: str
    ring: bool


def live(body: Html, key: str) -> str | None:
    """Draw HTML whose elements with `data-act` answer: return the act of this run's click, or None.

    One element, however many cards stand in it; the keyboard focus survives reruns.
    """
    answer = _live(key=key, data={"html": str(body)}, on_act_change=_ignore).act
    return str(answer) if answer else None


def scan(
    key: str,
    *,
    done: Collection[str],
    last: Told | None,
    keep_focus: bool = True,
    tip: str | None = None,
    act: str = "",
) -> list[Scanned]:
    """Draw a scan box and return the scans that are not in `done` yet, oldest first.

    Scans wait in the browser, each with an id, until Python names the id in `done`: a fast scanner or a slow rerun
    loses nothing, a repeat does nothing. `act` names a button beside it, for what is pasted or typed by thumb.
    Take each scan in one transaction (or change one plain object) with no
    access to `st.session_state` and no `_()` in between, then rerun.
    """
    data = {
        "label": _("Scan or type a code"),
        "tip": tip if tip is not None else _("3* first = three packs"),
        "hint": _("Ready to scan…"),
        "wait": _("Working…"),
        "act": act,
        "done": list(done),
        "last": last,
        "lock": keep_focus,
    }
    queue: list[Scanned] = _scan(key=key, data=data, default={"queue": []}, on_queue_change=_ignore).queue or []
    return [scanned for scanned in queue if scanned["id"] not in done]


def speak() -> None:
    """Translate Streamlit's own words, set the page's language, hand the theme on to dialogs, remember the choice."""
    spoken = language()
    data: dict[str, Any] = {
        "lang": "zh-CN" if spoken == "zh_CN" else "en",
        "map": translations(spoken),
        "patterns": [
            [r"^(\d+)MB per file(.*)$", _("up to %(size)s MB per file") % {"size": "$1"} + "$2"],
            *patterns(spoken),
        ],
        "cookie": f"{LANGUAGE_COOKIE}={spoken}",
    }
    _words(key="words", data=data, height=1)
