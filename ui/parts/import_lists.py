"""The lists that set a district up, on the import page: what a file would change, every problem, one entry."""

from __future__ import annotations

from typing import Any

import streamlit as st

from inventory.core.errors import FileRefused, Refusal
from inventory.exchange.columns import Parsed, validate
from inventory.exchange.lists import LISTS
from inventory.exchange.reading import read_table
from inventory.exchange.sentences import fault_words
from inventory.exchange.taking import ListKind, ListReview
from inventory.exchange.writing import faults_copy
from ui.parts.downloads import XLSX
from ui.parts.errand import Form, ask, errand, refusal_note
from ui.parts.look import note, show, sub, table
from ui.parts.words import _, language, number

SHOWN_MAX = 200


def list_page(key: str, file: Any) -> None:
    """Draw what taking over an uploaded list would do, and the button that does it."""
    kind = LISTS[key]
    parsed = _read(kind, file)
    if isinstance(parsed, FileRefused):
        told = " ".join(fault_words(fault, language()) for fault in parsed.faults)
        show(note("red", _("The file was not read."), told, _("Nothing was changed.")))
    elif isinstance(parsed, Refusal):
        show(refusal_note(parsed))
    else:
        review = ask(kind.review, parsed=parsed)
        if review.fault_count:
            _problems(kind, file, review)
        elif review.idle and not done_note(key, file.name):
            show(note("green", _("Already imported; nothing changes."), _counts(review), ""))
        elif not review.idle:
            show(note("green", _("The whole file is understood."), _counts(review), ""))
            _button(kind, parsed)


def done_note(key: str, file_name: str = "") -> bool:
    """Draw what was taken over last with this list (from this file, when one is named); return whether anything was."""
    done = Form(f"import.{key}").last
    if done is None or file_name not in ("", done.outcome["file"]):
        return False
    facts = {state: number(done.outcome[state]) for state in ("new", "changed", "same")}
    words = _("%(new)s new, %(changed)s changed, %(same)s the same as before.") % facts
    show(note("green", _("Imported: %(file)s") % {"file": done.outcome["file"]}, words, ""))
    return True


def _read(kind: ListKind, file: Any) -> Parsed | Refusal:
    """Read an uploaded file once."""
    kept = st.session_state.get("import.list")
    if kept is not None and kept[0] == (kind.key, file.file_id):
        return kept[1]  # type: ignore[no-any-return]
    try:
        found: Parsed | Refusal = validate(read_table(file.getvalue(), file.name), kind.table())
    except Refusal as refusal:
        found = refusal
    st.session_state["import.list"] = ((kind.key, file.file_id), found)
    return found


def _counts(review: ListReview) -> str:
    facts = {state: number(review.count(state)) for state in ("new", "changed", "same")}
    return _("%(new)s new, %(changed)s changed, %(same)s the same as before.") % facts


def _button(kind: ListKind, parsed: Parsed) -> None:
    if st.button(_("Import all"), type="primary", icon=":material/upload_file:", key="import.list.go"):
        errand(kind.command, form=Form(f"import.{kind.key}"), parsed=parsed)


def _problems(kind: ListKind, file: Any, review: ListReview) -> None:
    facts = {"count": number(review.fault_count), "good": number(len(review.wanted))}
    why = _("%(count)s problems; %(good)s rows would be fine. Nothing is taken over until all are.") % facts
    show(note("red", _("The file cannot be taken over yet."), why, _("Correct them in your file and choose it again.")))
    spoken = language()
    st.download_button(
        _("Download a copy with the problems in it"),
        data=lambda: faults_copy(file.getvalue(), file.name, kind.table(), review.faults, spoken),
        file_name=f"{file.name.rsplit('.', 1)[0]} - {_('Problems')}.xlsx", mime=XLSX,
        icon=":material/download:", key="import.list.copy", on_click="ignore",
    )  # fmt: skip
    rows = [
        [number(one.row) if one.row else "—", one.column or "—", fault_words(one, spoken)]
        for one in review.faults[:SHOWN_MAX]
    ]
    show(table([_("Row"), _("Column"), _("What is wrong")], rows, figures=(0,)))
    if review.fault_count > len(rows):
        shown = {"shown": number(len(rows)), "count": number(review.fault_count)}
        show(sub(_("The first %(shown)s of %(count)s.") % shown))
