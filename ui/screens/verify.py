"""Verify a paper: scan, paste or type; one answer in colour and words, what stands on the paper, and the keys."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from inventory.core.clock import utc_now
from inventory.core.errors import Refusal
from inventory.errands.proving_papers import Verdict, verify_paper
from inventory.errands.reading_papers import codes_on_picture, is_seal
from inventory.errands.verdicts import TITLES
from ui.parts.components import Told, scan
from ui.parts.errand import errand_of_store, refusal_note
from ui.parts.key_desk import desk
from ui.parts.look import empty, head, note, show, sub
from ui.parts.verdict_view import draw, tone_of
from ui.parts.words import _, clock_seconds

SCANS_KEPT = 50
PICTURES = ["png", "jpg", "jpeg"]


@dataclass
class Bench:
    """What lies on the bench of this session: the scans that were judged, and the last answer."""

    done: list[str] = field(default_factory=list)
    last: Told | None = None
    verdict: Verdict | None = None
    at: dt.datetime | None = None


def _bench() -> Bench:
    return cast(Bench, st.session_state.setdefault("verify.bench", Bench()))


def _take(bench: Bench) -> None:
    words = {answer: _(title) for answer, title in TITLES.items()}
    fresh = scan(
        "verify.scan",
        done=bench.done[-SCANS_KEPT:],
        last=bench.last,
        tip=_("square code, code of 12 signs, or number and code"),
        act=_("Verify"),
    )
    if not fresh:
        return
    for scanned in fresh:
        verdict = errand_of_store(verify_paper, text=scanned["text"])
        # Plain Python from here on: an access to the session could end the run between the halves.
        bench.done.append(scanned["id"])
        if verdict is None:
            return
        bench.verdict, bench.at = verdict, utc_now()
        say = " ".join(part for part in (words[verdict.answer], verdict.number) if part)
        bench.last = Told(id=scanned["id"], say=say, tone=tone_of(verdict), ring=True)
    st.rerun()


def _photograph(bench: Bench) -> None:
    """Take the square code from a photograph: telephones have no scanner."""
    with st.expander(_("Photograph instead"), icon=":material/photo_camera:"):
        given = st.file_uploader(_("Photograph or scan of the paper"), type=PICTURES, key="verify.picture")
    if given is None or given.file_id in bench.done:
        return
    try:
        texts = codes_on_picture(given.getvalue())
    except Refusal as refusal:
        show(refusal_note(refusal))
        return
    if not texts:
        told = _("No code was found on %(file)s.") % {"file": given.name}
        show(note("orange", told, _("Go nearer, in good light.")))
        return
    # A data page carries other codes too; the seal is the one to judge.
    text = next((one for one in texts if is_seal(one)), texts[0])
    verdict = errand_of_store(verify_paper, text=text)
    bench.done.append(given.file_id)
    if verdict is not None:
        bench.verdict, bench.at = verdict, utc_now()
        st.rerun()


bench = _bench()
checked = _("checked at %(clock)s") % {"clock": clock_seconds(bench.at)} if bench.at else ""
head(_("Verify a paper"), sub(checked))
_take(bench)
_photograph(bench)
if bench.verdict is None:
    where = _("The square code stands at the top of every paper, the code of 12 signs beside it.")
    show(empty("qr_code_scanner", _("Nothing was scanned yet."), where))
else:
    draw(bench.verdict)
desk()
