"""Codes of a data page on the screen: scanned, photographed or pasted, in any order, until the paper is complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from inventory.core.errors import Refusal
from inventory.dispatch.typed import Typed, read_typed
from inventory.documents.carrying import Gathered, read_part, with_part
from inventory.errands.reading_papers import codes_on_picture, is_seal
from inventory.speech import say
from ui.parts.components import Told, scan
from ui.parts.errand import refusal_note
from ui.parts.look import bar, html, join, note, section, show
from ui.parts.whole import whole
from ui.parts.words import _, language, number

SCANS_KEPT = 50
PICTURES = ["png", "jpg", "jpeg", "webp"]


@dataclass
class Reading:
    """What this session has read of a paper. One plain object: it is changed with no access to the session between."""

    gathered: Gathered | None = None
    done: list[str] = field(default_factory=list)
    last: str = ""
    refusal: Refusal | None = None
    seal_seen: bool = False
    typed: Typed | None = None
    """A page that was typed instead of scanned, its checks passed."""
    pictures: set[str] = field(default_factory=set)
    turn: int = 0
    fills: int = 0
    """How often "all came" was pressed for this paper: its fields then open anew with what was sent."""

    def take(self, text: str, *, scan_id: str = "") -> None:
        """Take one code; what is wrong with it is kept to be told."""
        self.refusal, self.seal_seen = None, is_seal(text)
        if scan_id:
            self.done.append(scan_id)
            self.last = scan_id
        if self.seal_seen:
            return
        try:
            self.gathered = with_part(self.gathered, read_part(text))
        except Refusal as refusal:
            self.refusal = refusal

    def anew(self) -> None:
        """Forget the codes; scans that are done stay done."""
        self.gathered, self.refusal, self.seal_seen, self.typed = None, None, False, None
        self.pictures.clear()
        self.turn, self.fills = self.turn + 1, 0

    @property
    def complete(self) -> bool:
        """Whether the page was typed, or every code of it read."""
        return self.typed is not None or (self.gathered is not None and not self.gathered.missing)

    def type_in(self, text: str) -> None:
        """Take a page that was typed."""
        self.refusal = None
        try:
            self.typed = read_typed(text)
        except Refusal as refusal:
            self.refusal = refusal


def reading() -> Reading:
    """Return what this session has read."""
    return cast(Reading, st.session_state.setdefault("paper.reading", Reading()))


def read_codes() -> Reading:
    """Draw the ways in which codes come, and how far the paper is; return what was read so far."""
    state = reading()
    show(section(_("An order we do not know"), _("scan the codes of its data page, in any order")))
    if not state.complete:
        fresh = scan(
            "paper.scan",
            done=state.done[-SCANS_KEPT:],
            last=_told(state),
            tip=_("or hold the camera of a telephone over each code"),
        )
        if fresh:
            for scanned in fresh:
                state.take(scanned["text"], scan_id=scanned["id"])
            st.rerun()
        _pictures(state)
        _by_hand(state)
    if state.refusal is not None:
        show(refusal_note(state.refusal))
    _progress(state)
    return state


@whole
def _anew(state: Reading) -> None:
    state.anew()


def _told(state: Reading) -> Told | None:
    """Return what became of the last scan."""
    if not state.last:
        return None
    if state.refusal is not None:
        words = say(state.refusal, language()).why
    elif state.seal_seen:
        words = _("That is the seal in the corner; scan the numbered codes.")
    else:
        words = _far(state)
    tone = "red" if state.refusal is not None else "orange" if state.seal_seen else "green"
    return Told(id=state.last, say=words, tone=tone, ring=True)


def _far(state: Reading) -> str:
    if state.gathered is None:
        return ""
    facts = {"read": number(len(state.gathered.chunks)), "parts": number(state.gathered.parts)}
    return _("%(read)s of %(parts)s read") % facts


def _pictures(state: Reading) -> None:
    """Take codes from photographs of the page, and from text that was sent."""
    with st.expander(_("Photograph or text instead"), icon=":material/photo_camera:"):
        files = st.file_uploader(
            _("Photographs or scans of the page"),
            type=PICTURES,
            accept_multiple_files=True,
            key=f"paper.pictures.{state.turn}",
        )
        pasted = st.text_area(_("Texts of the codes, one a line"), key=f"paper.texts.{state.turn}", height=80)
        if st.button(_("Read the texts"), key=f"paper.paste.{state.turn}", disabled=not pasted.strip()):
            _take_all(state, pasted.splitlines())
            st.rerun()
    fresh = [file for file in files if file.file_id not in state.pictures]
    for file in fresh:
        state.pictures.add(file.file_id)
        try:
            found = codes_on_picture(file.getvalue())
        except Refusal as refusal:
            state.refusal = refusal
            continue
        if found:
            _take_all(state, found)
        else:
            show(
                note(
                    "orange", _("No code was found on %(file)s.") % {"file": file.name}, _("Go nearer, in good light.")
                )
            )
    if fresh and state.gathered is not None:
        st.rerun()


def _by_hand(state: Reading) -> None:
    """Take a page that somebody types, where nothing can be scanned."""
    with st.expander(_("Type the page"), icon=":material/keyboard:"):
        number_ = st.text_input(_("Number"), key=f"paper.number.{state.turn}", max_chars=60)
        code = st.text_input(_("Code for typing"), key=f"paper.code.{state.turn}", max_chars=60)
        sender = st.text_input(_("Sender"), key=f"paper.sender.{state.turn}", max_chars=80)
        lines = st.text_area(
            _("Each line: item code, lot label, quantity, expiry (or -), key"),
            key=f"paper.lines.{state.turn}",
            height=160,
            placeholder="T001 10000012 40 - 1-7K\nF010 10000013 400 2027-03-31 2-3Q",
        )
        ready = all(part.strip() for part in (number_, code, sender, lines))
        if st.button(_("Check what was typed"), key=f"paper.typed.{state.turn}", disabled=not ready):
            state.type_in("\n".join((number_, code, sender, lines)))
            st.rerun()


def _take_all(state: Reading, texts: list[str]) -> None:
    """Take several codes; the first that is wrong is told, the others are kept."""
    first: Refusal | None = None
    for text in texts:
        if text.strip():
            state.take(text)
            first = first or state.refusal
    state.refusal = first


def _progress(state: Reading) -> None:
    """Say which paper is being read, how many of its codes were, and which are missing."""
    if state.typed is not None:
        show(html('<p><span class="t-b">{}</span> <span class="t-sub">{}</span></p>', state.typed.number, _("typed")))
        _again(state)
    if state.gathered is None:
        return
    read, parts = len(state.gathered.chunks), state.gathered.parts
    head = html('<p><span class="t-b">{}</span> <span class="t-sub">{}</span></p>', state.gathered.number, _far(state))
    show(join(head, bar(("green", 100 * read / parts), ("gray", 100 - 100 * read / parts))))
    if state.gathered.missing:
        missing = "\u3001".join(str(part) for part in state.gathered.missing)
        show(html('<p class="t-sub">{}</p>', _("Still to scan: %(parts)s") % {"parts": missing}))
    _again(state)


def _again(state: Reading) -> None:
    st.button(
        _("Begin anew"), icon=":material/restart_alt:", type="tertiary", key="paper.anew", on_click=_anew, args=(state,)
    )
