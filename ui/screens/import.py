"""Import: whatever comes from a spreadsheet; every problem at once, all or nothing, the same again changes nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from inventory.core.work import Work
from inventory.exchange.lists import LISTS
from inventory.exchange.taking import LIST_ROWS_MAX
from inventory.people.stories import Entry, newest_entries
from ui.parts.deeds import who
from ui.parts.downloads import file_link
from ui.parts.errand import ask, reason_disabled
from ui.parts.import_file import done_note, file_page
from ui.parts.importing import look_through
from ui.parts.look import empty, head, html, section, show, sub, table
from ui.parts.session import may
from ui.parts.words import _, language, moment, number

MEGABYTES_MAX = 10
HISTORY_MAX = 12


def _first() -> str:
    """Return the kind that this person most likely brings: stock, else the first that he may."""
    return next((key for key in ("stock", *LISTS) if may(LISTS[key].permission)), "stock")


def _kind() -> str:
    return str(st.session_state.get("import.kind") or _first())


def _history(work: Work) -> list[Entry]:
    return newest_entries(work, kinds=[kind.permission for kind in LISTS.values()], limit=HISTORY_MAX)


def _who_may() -> str:
    """Return who takes this kind of list over, for those who may not."""
    words = {
        "stock": _("A clerk, the stock keeper or the manager imports stock."),
        "bins": _("A clerk, the stock keeper or the manager opens bins."),
        "targets": _("The manager imports targets."),
        "divisions": _("The system administrator imports this list."),
        "travel": _("The duty officer or the system administrator imports travel times."),
        "teams": _("The team leader, the manager or the system administrator imports teams."),
        "devices": _("The communications officer, the manager or the system administrator imports devices."),
    }
    return words.get(_kind()) or _("The system administrator or the manager imports this list.")


def _choose() -> Any:
    """Draw the two steps that come first: the template, and the file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("What to import"), list(LISTS), default=_first(), required=True, key="import.kind",
            format_func=lambda kind: _(LISTS[kind].title), wrap=True,
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.link_button(
            _("Download the template"), file_link("template", _kind()), icon=":material/download:",
            help=_("With the codes of this district to choose from. Any table with these headings will do."),
        )  # fmt: skip
        if LISTS[_kind()].rows is not None:
            st.link_button(
                _("Download the table as it stands"), file_link("filled", _kind()), icon=":material/table_view:",
                help=_("Change in it what has changed, add lines at the end, choose it below. Nothing is deleted."),
            )  # fmt: skip
    stop: dict[str, Any] = {} if may(LISTS[_kind()].permission) else reason_disabled(_who_may())
    key = f"import.file.{_kind()}.{st.session_state.setdefault('import.turn', 0)}"
    words = _("Excel or CSV file")
    return st.file_uploader(words, type=["xlsx", "csv"], key=key, max_upload_size=MEGABYTES_MAX, **stop)


_spoken = language()
head(_("Import"), sub(_("every problem at once; all or nothing; the same file twice changes nothing")))
file = _choose()
if file is not None:
    kind = LISTS[_kind()]
    file_page(file, look_through(kind, file), may_take=may(kind.permission), who_may=_who_may())
else:
    done_note(_kind())
    rules = _("The first sheet only, one line for each entry, at most %(rows)s lines. No formulas, no merged cells.")
    show(sub(rules % {"rows": number(LIST_ROWS_MAX)}))

show(html('<div class="t-gap"></div>'))
show(section(_("Imported before"), _("newest first")))
entries = ask(_history)
if entries:
    rows = [
        [moment(one.recorded_at), one.outcome.get("file", "—"), number(one.outcome.get("lines", 0)),
         number(one.outcome.get("lots", 0)), who(one)]
        for one in entries
    ]  # fmt: skip
    show(table([_("When"), _("File"), _("Lines"), _("Lots"), _("Who")], rows, figures=(2, 3)))
else:
    show(empty("upload_file", _("Nothing was imported yet."), _("Download the template, fill it in, choose it above.")))
