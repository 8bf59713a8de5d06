"""Import: a stock list from a spreadsheet; every problem at once, all or nothing, the same file changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from inventory.core.errors import FileRefused, Refusal
from inventory.core.work import Work
from inventory.exchange.lists import LISTS
from inventory.exchange.sentences import fault_words
from inventory.exchange.stock_list import STOCK_ROWS_MAX, import_stock, stock_kind
from inventory.exchange.stock_lookup import Goods
from inventory.exchange.writing import faults_copy
from inventory.people.stories import Entry, newest_entries
from ui.parts.deeds import who
from ui.parts.downloads import XLSX, file_link
from ui.parts.errand import ask, confirm, errand, reason_disabled, refusal_note
from ui.parts.import_lists import done_note, list_page
from ui.parts.importing import Looked, forget, look_through
from ui.parts.look import Tone, bar, empty, head, html, join, legend, note, section, show, sub, table
from ui.parts.session import may
from ui.parts.words import _, language, moment, number, quantity

MEGABYTES_MAX = 10
SHOWN_MAX = 20
FAULTS_SHOWN_MAX = 200
HISTORY_MAX = 12


def _turn() -> int:
    return int(st.session_state.setdefault("import.turn", 0))


def _kind() -> str:
    return str(st.session_state.get("import.kind") or "stock")


def _history(work: Work) -> list[Entry]:
    kinds = ["import_stock", "import_items", *(kind.permission for kind in LISTS.values())]
    return newest_entries(work, kinds=list(dict.fromkeys(kinds)), limit=HISTORY_MAX)


def _sources(goods: tuple[Goods, ...]) -> Any:
    """Return what will be posted in one line of figures."""
    bins = {(one.site.id, one.bin_code) for one in goods if one.place_id is None}
    sites, lots = {one.site.id for one in goods}, {one.batch_key for one in goods}
    facts = {
        "lines": number(len(goods)), "lots": number(len(lots)), "sites": number(len(sites)), "bins": number(len(bins)),
    }  # fmt: skip
    return _("%(lines)s lines as %(lots)s lots into %(sites)s sites; %(bins)s bins are opened.") % facts


def _preview(looked: Looked) -> None:
    rows = []
    for one in looked.review.goods[:SHOWN_MAX]:
        values = one.line.values
        rows.append([
            number(one.line.number), one.site.code, one.bin_code, values["item"] or values["name"],
            values["batch"] or "", values["expires_on"] or "—", quantity(values["quantity"], values["unit"] or ""),
            number(one.quantity),
        ])  # fmt: skip
    titles = [_("Row"), _("Site code"), _("Bin"), _("Item"), _("Batch"), _("Expires on")]
    titles += [_("As written"), _("Base units")]
    show(section(_("Understood"), _("the first rows of the file, as they will be posted")))
    show(table([*titles], rows, figures=(0, 6, 7)))
    if len(looked.review.goods) > SHOWN_MAX:
        facts = {"shown": number(SHOWN_MAX), "count": number(len(looked.review.goods))}
        show(sub(_("The first %(shown)s of %(count)s.") % facts))


def _problems(file: Any, looked: Looked) -> None:
    review = looked.review
    facts = {"count": number(review.fault_count), "good": number(len(review.goods))}
    why = _("%(count)s problems; %(good)s rows would be fine. Nothing is taken over until all are.") % facts
    show(note("red", _("The file cannot be taken over yet."), why, _("Correct them in your file and choose it again.")))
    rows = [
        [number(one.row) if one.row else "—", one.column or "—", fault_words(one, language())]
        for one in review.faults[:FAULTS_SHOWN_MAX]
    ]
    kinds = Counter(one.code for one in review.faults)
    with st.container(horizontal=True, vertical_alignment="center"):
        show(section(_("Every problem"), _("%(count)s different ones") % {"count": len(kinds)}))
        st.space("stretch")
        st.download_button(
            _("Download a copy with the problems in it"),
            data=lambda: faults_copy(file.getvalue(), file.name, stock_kind(), review.faults, _spoken),
            file_name=f"{file.name.rsplit('.', 1)[0]} - {_('Problems')}.xlsx", mime=XLSX,
            icon=":material/download:", key="import.copy", on_click="ignore",
        )  # fmt: skip
    show(table([_("Row"), _("Column"), _("What is wrong")], rows, figures=(0,)))
    if review.fault_count > len(rows):
        shown = {"shown": number(len(rows)), "count": number(review.fault_count)}
        show(sub(_("The first %(shown)s of %(count)s.") % shown))


def _told_before(before: Entry) -> None:
    facts = {"when": moment(before.recorded_at), "who": who(before), "lines": number(before.outcome["lines"])}
    words = _("This very file was imported at %(when)s by %(who)s, with %(lines)s lines.") % facts
    then = _("To change stock, count it or import another file.")
    show(note("green", _("Already imported; nothing changes."), words, then))


def _post(looked: Looked) -> None:
    def do() -> object:
        done = errand(import_stock, id=looked.id, parsed=looked.parsed)
        if done is not None:
            st.session_state["import.done"] = done
            st.session_state["import.turn"] = _turn() + 1
            forget()
        return done

    def body() -> None:
        show(html("<b>{}</b>", _sources(looked.review.goods)))
        show(sub(_("It becomes one entry in the journal, under your name; it is undone only by a reversal.")))

    if st.button(_("Import all"), type="primary", icon=":material/upload_file:", key="import.go"):
        words = _("Import %(count)s lines") % {"count": number(len(looked.review.goods))}
        confirm(words, act=words, body=body, do=do, glyph="upload_file")


def _file_page(file: Any) -> None:
    looked = look_through(file)
    if isinstance(looked, Refusal):
        if isinstance(looked, FileRefused):
            told = " ".join(fault_words(fault, language()) for fault in looked.faults)
            show(note("red", _("The file was not read."), told, _("Nothing was changed.")))
        else:
            show(refusal_note(looked))
        return
    review = looked.review
    wrong = len({fault.row for fault in review.faults if fault.row})
    good, bad = number(len(review.goods)), number(wrong)
    whole = max(len(review.goods) + wrong, 1)
    words: list[tuple[Tone, str, str]] = [("green", _("rows understood"), good)]
    if wrong:
        words.append(("red", _("rows with problems"), bad))
    parts = bar(("green", len(review.goods) * 100 / whole), ("red", wrong * 100 / whole))
    show(join(parts, legend(*words)))
    if looked.before is not None:
        _told_before(looked.before)
    elif review.fault_count:
        _problems(file, looked)
    else:
        show(note("green", _("The whole file is understood."), _sources(review.goods)))
        _post(looked)
    if review.goods and not review.fault_count:
        _preview(looked)


def _choose() -> Any:
    """Draw the two steps that come first: the template, and the file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("What to import"), ["stock", *LISTS], default="stock", required=True, key="import.kind",
            format_func=lambda kind: _(LISTS[kind].table().title if kind in LISTS else stock_kind().title), wrap=True,
        )  # fmt: skip
        st.link_button(
            _("Download the template"), file_link("template", _kind()), icon=":material/download:",
            help=_("With the codes of this district to choose from. Any table with these headings will do."),
        )  # fmt: skip
    stop: dict[str, Any] = {}
    if _kind() in LISTS and not may(LISTS[_kind()].permission):
        stop = reason_disabled(_("The system administrator or the manager imports this list."))
    elif _kind() == "stock" and not may("import_stock"):
        stop = reason_disabled(_("A clerk, the stock keeper or the manager imports stock."))
    words, key = _("Excel or CSV file"), f"import.file.{_kind()}.{_turn()}"
    return st.file_uploader(words, type=["xlsx", "csv"], key=key, max_upload_size=MEGABYTES_MAX, **stop)


_spoken = language()
head(_("Import"), sub(_("every problem at once; all or nothing; the same file twice changes nothing")))
done = st.session_state.get("import.done")
file = _choose()
if file is not None:
    st.session_state.pop("import.done", None)
    if _kind() in LISTS:
        list_page(_kind(), file)
    else:
        _file_page(file)
elif _kind() in LISTS:
    done_note(_kind())
elif done is not None:
    facts = {name: number(done.outcome[name]) for name in ("lines", "lots", "bins")}
    words = _("%(lines)s lines, %(lots)s lots, %(bins)s new bins.") % facts
    show(note("green", _("Imported: %(file)s") % {"file": done.outcome["file"]}, words, _("Look at it under Stock.")))
else:
    rules = _("The first sheet only, one line for each batch, at most %(rows)s lines. No formulas, no merged cells.")
    show(sub(rules % {"rows": number(STOCK_ROWS_MAX)}))

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
