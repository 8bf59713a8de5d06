"""One uploaded file on the import page, of whatever kind: what it would change, every problem, one entry."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import streamlit as st

from inventory.core.errors import FileRefused, Refusal
from inventory.core.words import choose
from inventory.exchange.columns import Column, heading_name
from inventory.exchange.correcting import copy_name, faults_copy
from inventory.exchange.sentences import fault_words
from inventory.exchange.stock_lookup import Goods
from inventory.exchange.taking import ListReview, Wanted
from inventory.exchange.writing import told
from inventory.people.stories import Entry
from ui.parts.deeds import who
from ui.parts.downloads import CSV, XLSX
from ui.parts.errand import confirm, errand, reason_disabled, refusal_note
from ui.parts.importing import Looked, forget
from ui.parts.look import Tone, bar, html, join, legend, note, section, show, sub, table
from ui.parts.words import _, language, moment, number, quantity

SHOWN_MAX = 20
FAULTS_SHOWN_MAX = 200
COLUMNS_SHOWN_MAX = 6


def file_page(file: Any, looked: Looked | Refusal, *, may_take: bool, who_may: str) -> None:
    """Draw what taking over an uploaded file would do, and the button that does it; a refusal says why not."""
    if isinstance(looked, FileRefused):
        words = " ".join(fault_words(fault, language()) for fault in looked.faults)
        show(note("red", _("The file was not read."), words, _("Nothing was changed.")))
    elif isinstance(looked, Refusal):
        show(refusal_note(looked))
    else:
        review = looked.review
        _figures(looked)
        if looked.before is not None:
            _told_before(looked.before)
        elif review.fault_count:
            _problems(file, looked)
        elif review.idle:
            show(note("green", _("Already imported; nothing changes."), summary(review), ""))
        else:
            show(note("green", _("The whole file is understood."), summary(review), ""))
            _post(looked, may_take=may_take, who_may=who_may)
        for one in review.notes:
            show(note("blue", _("Worth knowing"), fault_words(one, language()), ""))
        if review.wanted and not review.fault_count:
            _preview(looked)


def done_note(kind_key: str) -> None:
    """Draw what was taken over last in this session, when it was of this kind."""
    kept = st.session_state.get("import.done")
    if kept is None or kept[0] != kind_key:
        return
    outcome = kept[1].outcome
    names = ("lines", "lots", "bins") if "lots" in outcome else ("new", "changed", "same")
    facts = {name: number(outcome[name]) for name in names}
    if "lots" in outcome:
        words = _("%(lines)s lines, %(lots)s lots, %(bins)s new bins.") % facts
        then = _("Look at it under Stock.")
    else:
        words, then = _("%(new)s new, %(changed)s changed, %(same)s the same as before.") % facts, ""
    show(note("green", _("Imported: %(file)s") % {"file": outcome["file"]}, words, then))


def summary(review: ListReview) -> str:
    """Return what would be taken over in one line of figures."""
    goods = _goods(review)
    if not goods:
        facts = {state: number(review.count(state)) for state in ("new", "changed", "same")}
        return _("%(new)s new, %(changed)s changed, %(same)s the same as before.") % facts
    bins = {(one.site.id, one.bin_code) for one in goods if one.place_id is None}
    sites, lots = {one.site.id for one in goods}, {one.batch_key for one in goods}
    figures = {"lines": len(goods), "lots": len(lots), "sites": len(sites), "bins": len(bins)}
    words = _("%(lines)s lines as %(lots)s lots into %(sites)s sites; %(bins)s bins are opened.")
    return words % {name: number(count) for name, count in figures.items()}


def _goods(review: ListReview) -> list[Goods]:
    return [one.columns["goods"] for one in review.wanted if "goods" in one.columns]


def _figures(looked: Looked) -> None:
    """Draw how many rows are understood and how many have problems."""
    wrong, good = len({fault.row for fault in looked.review.faults if fault.row}), looked.good
    whole = max(good + wrong, 1)
    words: list[tuple[Tone, str, str]] = [("green", _("rows understood"), number(good))]
    if wrong:
        words.append(("red", _("rows with problems"), number(wrong)))
    parts = bar(("green", good * 100 / whole), ("red", wrong * 100 / whole))
    show(join(parts, legend(*words)))


def _told_before(before: Entry) -> None:
    facts = {"when": moment(before.recorded_at), "who": who(before), "lines": number(before.outcome["lines"])}
    words = _("This very file was imported at %(when)s by %(who)s, with %(lines)s lines.") % facts
    then = _("To change stock, count it or import another file.")
    show(note("green", _("Already imported; nothing changes."), words, then))


def _post(looked: Looked, *, may_take: bool, who_may: str) -> None:
    kind = looked.kind

    def do() -> object:
        done = errand(kind.command, id=looked.id, parsed=looked.parsed)
        if done is not None:
            st.session_state["import.done"] = (kind.key, done)
            st.session_state["import.turn"] = int(st.session_state.get("import.turn", 0)) + 1
            forget()
        return done

    def body() -> None:
        show(html("<b>{}</b>", summary(looked.review)))
        show(sub(_("It becomes one entry in the journal, under your name; it is undone only by a reversal.")))

    stop = {} if may_take else reason_disabled(who_may)
    if st.button(_("Import all"), type="primary", icon=":material/upload_file:", key="import.go", **stop):
        words = _("Import %(count)s lines") % {"count": number(len(looked.review.wanted))}
        confirm(words, act=words, body=body, do=do, glyph="upload_file")


def _problems(file: Any, looked: Looked) -> None:
    review, spoken = looked.review, language()
    facts = {"count": number(review.fault_count), "good": number(looked.good)}
    why = _("%(count)s problems; %(good)s rows would be fine. Nothing is taken over until all are.") % facts
    show(note("red", _("The file cannot be taken over yet."), why, _("Correct them in your file and choose it again.")))
    with st.container(horizontal=True, vertical_alignment="center"):
        kinds = Counter(one.code for one in review.faults)
        show(section(_("Every problem"), _("%(count)s different ones") % {"count": len(kinds)}))
        st.space("stretch")
        copy_button(file, looked.kind.table(), review, key="import.copy")
    rows = [
        [number(one.row) if one.row else "—", one.column or "—", fault_words(one, spoken)]
        for one in review.faults[:FAULTS_SHOWN_MAX]
    ]
    show(table([_("Row"), _("Column"), _("What is wrong")], rows, figures=(0,)))
    if review.fault_count > len(rows):
        shown = {"shown": number(len(rows)), "count": number(review.fault_count)}
        show(sub(_("The first %(shown)s of %(count)s.") % shown))


def copy_button(file: Any, kind: Any, review: ListReview, *, key: str) -> None:
    """Offer the user's own file back with a column that tells what is wrong; it is made when pressed."""
    spoken, name = language(), copy_name(file.name, language())
    st.download_button(
        _("Download a copy with the problems in it"),
        data=lambda: faults_copy(file.getvalue(), file.name, kind, review.faults, spoken),
        file_name=name, mime=CSV if name.endswith(".csv") else XLSX,
        icon=":material/download:", key=key, on_click="ignore",
    )  # fmt: skip


def _preview(looked: Looked) -> None:
    """Draw the first rows as they are understood: goods in base units, of other lists what each line does."""
    wanted = looked.review.wanted
    show(section(_("Understood"), _("the first rows of the file, as they will be posted")))
    if _goods(looked.review):
        _preview_goods(looked.review)
    else:
        columns = [one for one in looked.kind.table().columns if one.key in looked.parsed.titles][:COLUMNS_SHOWN_MAX]
        changing = bool(looked.review.count("changed"))
        # What changes something comes first: it is what there is to look at.
        order = sorted(wanted, key=lambda one: (("changed", "new", "same").index(one.state), one.line.number))
        rows = [
            [number(one.line.number), _state(one), *([_changes(looked, one)] if changing else []),
             *_cells(one, columns)]
            for one in order[:SHOWN_MAX]
        ]  # fmt: skip
        titles = [_("Row"), _("What it does"), *([_("What changes")] if changing else [])]
        titles += [choose(heading_name(column), language()) for column in columns]
        show(table(titles, rows, figures=(0,)))
    if len(wanted) > SHOWN_MAX:
        facts = {"shown": number(SHOWN_MAX), "count": number(len(wanted))}
        show(sub(_("The first %(shown)s of %(count)s.") % facts))


def _state(one: Wanted) -> str:
    return {"new": _("new"), "changed": _("changed"), "same": _("the same")}[one.state]


def _changes(looked: Looked, one: Wanted) -> str:
    """Return what a line changes of a row that is there: the heading, what stands there, what it becomes."""
    told_by_heading: dict[str, str] = {}
    for attribute, was in one.changes:
        column = looked.kind.column_of(attribute)
        if column is None:
            continue
        now = _cells(one, [column])[0]
        # Of an id or a list in the row there are no words at hand; what it becomes stands in the file.
        plain = attribute == column.key and isinstance(was, (str, int, dt.date)) and not isinstance(was, bool)
        before = _cell(column, was) if plain else ""
        heading = choose(heading_name(column), language())
        told_by_heading[heading] = f"{heading} {before} → {now}" if before else f"{heading} → {now}"
    told_by_heading |= {"": _("bins: %(codes)s") % {"codes": ", ".join(one.bins)}} if one.bins else {}
    return "; ".join(told_by_heading.values())


def _cells(one: Wanted, columns: list[Column]) -> list[Any]:
    return [_cell(column, one.line.values[column.key]) for column in columns]


def _cell(column: Column, value: Any) -> Any:
    """Return a stored value as the column shows it."""
    if value is None or value == "":
        return "—"
    cell = told(column, value, language())
    return number(cell) if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


def _preview_goods(review: ListReview) -> None:
    rows = []
    for one in _goods(review)[:SHOWN_MAX]:
        values = one.line.values
        rows.append([
            number(one.line.number), one.site.code, one.bin_code, values["item"] or values["name"],
            values["batch"] or "", values["expires_on"] or "—", quantity(values["quantity"], values["unit"] or ""),
            number(one.quantity),
        ])  # fmt: skip
    titles = [_("Row"), _("Site code"), _("Bin"), _("Item"), _("Batch"), _("Expires on")]
    titles += [_("As written"), _("Base units")]
    show(table([*titles], rows, figures=(0, 6, 7)))
