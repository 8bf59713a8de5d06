"""Self-check: this node and its database, the proof of the books, backups, what was done lately, any entry's story."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from inventory.core.errors import Refusal
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.errands.exports import EXPORTS
from inventory.errands.sentences import FINDINGS
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT
from inventory.people.stories import Entry, entry, newest_entries, story_of
from ui.parts.deeds import deed, document, story_of_entries, who
from ui.parts.downloads import file_link
from ui.parts.errand import Form, ask, errand_of_store, reason_disabled, refusal_note
from ui.parts.look import chip, empty, figure, head, html, icon, join, mark, note, section, show, sub, table, tiles
from ui.parts.opening import store
from ui.parts.pages import link
from ui.parts.proof import Proof, about, backup_now, backups, prove
from ui.parts.session import actor, may
from ui.parts.tables import paged
from ui.parts.words import _, clock_seconds, moment, number, text

ENTRIES_A_PAGE = 20
MEGABYTE = 1_000_000
PROOF = "check.proof"
VIAS = {
    "screen": N_("screen"),
    "cli": N_("terminal"),
    "import": N_("file"),
    "clock": N_("clock"),
    "api": N_("program interface"),
}
"""By which way an entry came -> its word."""


def _count(work: Work) -> int:
    return about(work).entries


def _entries(work: Work, *, limit: int, offset: int) -> list[Entry]:
    permit(work, "see_checks", DISTRICT)
    return newest_entries(work, limit=limit, offset=offset)


def _run_proof() -> None:
    """Run the proof with its steps named while it runs; the outcome stays on the page."""
    proof: Proof | None = None
    with st.status(_("Proving the books"), expanded=True) as status:
        try:
            with store().reading(actor()) as work:
                for step in prove(work):
                    if isinstance(step, Proof):
                        proof = step
                    else:
                        st.write(_(step))
        except Refusal as refusal:
            status.update(state="error")
            show(refusal_note(refusal))
            return
        status.update(label=_("The books are recomputed"), state="complete", expanded=False)
    st.session_state[PROOF] = proof


def _told(proof: Proof) -> None:
    facts = {"entries": number(proof.entries), "movements": number(proof.movements)}
    if not proof.found:
        why = _(
            "%(entries)s entries and %(movements)s movements were recomputed: every balance, every reservation, every "
            "link of the chain, every rule against change."
        )
        when = _("Proven at %(clock)s; chain head %(head)s.") % {
            "clock": clock_seconds(proof.at), "head": proof.head[:16],
        }  # fmt: skip
        show(note("green", _("The books are sound: 0 findings."), why % facts, when))
        return
    what = _("The books do not prove themselves: %(count)s findings.") % {"count": len(proof.found)}
    then = _("Do not go on working on it: keep a copy, and restore the last sound backup.")
    show(note("red", what, "", then))
    rows = [[_(FINDINGS[one.code]) if one.code in FINDINGS else one.code, number(one.count), one.example]
            for one in proof.found]  # fmt: skip
    show(table([_("What was found"), _("How often"), _("For example")], rows, figures=(1,)))


def _facts() -> None:
    now = ask(about)
    state = mark("green", "check_circle", _("up to date")) if now.up_to_date else mark("red", "error", _("behind"))
    head(_("Self-check"), sub(_("Node %(code)s") % {"code": now.node}), state)
    open_ones = now.discrepancies
    figures = (
        figure("gray", now.kind, _("version %(version)s") % {"version": now.version},
             _("schema %(revision)s") % {"revision": now.revision[:12]}),
        figure("blue", number(now.entries), _("entries"),
             _("last at %(when)s") % {"when": moment(now.last_at)} if now.last_at else ""),
        figure("blue", number(now.movements), _("movements"), _("of stock between places")),
        figure("orange" if open_ones else "green", number(open_ones), _("open discrepancies"),
             _("short, damaged or overdrawn")),
    )  # fmt: skip
    show(tiles(*figures))
    show(html('<div class="t-gap"></div><div class="t-sub">{} <code>{}</code></div>', _("Chain head"), now.head))
    if now.owns_tables:
        what = _("The program owns its tables.")
        why = _("Whoever has its password could switch off the rules that protect what is written.")
        show(note("orange", what, why, _("Let another role own them: see docs/security.md, two roles on PostgreSQL.")))


def _proof() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        show(section(_("Proof of the books"), _("recomputed from the movements, nothing is changed")))
        st.space("stretch")
        pressed = st.button(_("Verify now"), type="primary", icon=":material/verified:", key="verify")
    if pressed:
        _run_proof()
    proof = st.session_state.get(PROOF)
    if proof is not None:
        _told(proof)
    elif not pressed:
        show(empty("verified", _("Not verified in this session."), _("It takes some seconds; others go on working.")))


def _backups() -> None:
    form = Form("backup")
    stop: dict[str, Any] = {}
    if not may("make_backup"):
        stop = reason_disabled(_("The system administrator makes backups."))
    with st.container(horizontal=True, vertical_alignment="center"):
        show(section(_("Backups"), _("in the data folder of this node")))
        st.space("stretch")
        if st.button(_("Back up now"), icon=":material/save:", key=form.key("go"), **stop):
            errand_of_store(_backup, form=form)
    if form.last:
        show(note("green", _("Backup written."), form.last))
    found = backups()
    if not found:
        show(empty("save", _("There is no backup yet."), _("One is made before every upgrade by itself.")))
        return
    rows = [[moment(one.at), one.name, f"{one.bytes / MEGABYTE:.1f} MB"] for one in found]
    show(table([_("When"), _("File"), _("Size")], rows, figures=(2,)))


def _backup(opened: Any, by: Any, *, id: UUID) -> str:
    return backup_now(opened, by).name


def _journal() -> None:
    show(section(_("What was done"), _("newest first; entries are never changed")))
    window = paged(ask(_count), key="journal", page_rows=ENTRIES_A_PAGE)
    entries = ask(_entries, limit=window.limit, offset=window.offset)
    rows = [
        [
            number(one.sequence), moment(one.recorded_at),
            html('<a href="{}" target="_self">{}</a>', link("check", entry=str(one.id)), deed(one)),
            document(one) or "", who(one), _way(one), number(one.movements) if one.movements else "",
        ]
        for one in entries
    ]  # fmt: skip
    titles = [_("No."), _("When"), _("Matter"), _("Document"), _("Who"), _("By which way"), _("Movements")]
    with window.place:
        show(table([*titles], rows, figures=(0, 6)))


def _way(one: Entry) -> str:
    return _(VIAS[one.via]) if one.via in VIAS else one.via


def _one(work: Work, *, entry_id: UUID) -> tuple[Entry | None, list[Entry]]:
    permit(work, "see_checks", DISTRICT)
    found = entry(work, entry_id)
    story = story_of(work, found.subject_id) if found and found.subject_id else []
    return found, story or ([found] if found else [])


def _entry_page(wanted: str) -> None:
    try:
        found, story = ask(_one, entry_id=UUID(wanted))
    except ValueError:
        found, story = None, []
    back = html('<a href="{}" target="_self">{}</a>', link("check"), _("Back to the self-check"))
    if found is None:
        head(_("Entry"), back)
        show(empty("search_off", _("This node has no such entry."), _("Ids stand on papers and in the journal.")))
        return
    head(deed(found), sub(f"{found.node} {number(found.sequence)}"), chip("drill") if found.drill else "", back)
    facts = [
        [_("Entry"), str(found.id)], [_("Who"), who(found)], [_("By which way"), _way(found)],
        [_("Happened"), moment(found.occurred_at)], [_("Recorded"), moment(found.recorded_at)],
        [_("Movements"), number(found.movements)],
    ]  # fmt: skip
    left, right = st.columns([1, 1], gap="medium")
    with left:
        show(section(_("What it says")))
        show(table([_("Fact"), _("Its value")], facts + [[key, _plain(value)] for key, value in found.outcome.items()]))
        with st.expander(_("What was asked for"), icon=":material/data_object:"):
            st.json(found.asked)
    with right:
        show(section(_("Its story"), _("all entries of the same document")))
        show(story_of_entries(story))


def _exports() -> None:
    """Link every export that this person may read."""
    show(section(_("Tables to take along"), _("as spreadsheets, made when asked for")))
    offered = [one for one in EXPORTS.values() if may(one.read)]
    look = '<a class="t-chip blue" href="{}">{}{}</a> '
    links = (html(look, file_link("export", one.kind), icon("download"), _(one.title)) for one in offered)
    show(html('<div class="t-row">{}</div>', join(*links)))


def _plain(value: Any) -> Any:
    told = text(value) if not isinstance(value, dict) else ", ".join(f"{key} {one}" for key, one in value.items())
    return told if len(told) <= 200 else join(told[:200], "…")


asked = st.query_params.get("entry")
if asked:
    _entry_page(asked)
else:
    _facts()
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        _proof()
    with right:
        _backups()
    _journal()
    _exports()
    with st.form("story", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(_("Story of an entry"), placeholder=_("id of the entry"), max_chars=40)
        if st.form_submit_button(_("Show its story"), icon=":material/search:") and wanted:
            st.query_params["entry"] = wanted.strip()
            st.rerun()
