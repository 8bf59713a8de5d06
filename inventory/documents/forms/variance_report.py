"""The count variance report 盘点差异表: count beside book as of the counting of each line; three people sign it.

First count and recount are kept apart, and so is what moved while the count went on. Differences of different goods
are not summed.
"""

from __future__ import annotations

from inventory.documents.data.counting import VarianceLine, VarianceMark, VarianceReportPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Part, Signatures, print_form
from inventory.documents.forms.cells import boxes
from inventory.documents.sign import PaperKey, Seal


def variance_report(
    paper: VarianceReportPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the variance report as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def signed(count: int | None) -> str:
    """Return a difference with its sign: "+12", "−3", "0"; nothing for None."""
    if count is None:
        return ""
    return f"+{count:,}" if count > 0 else f"\u2212{-count:,}" if count < 0 else "0"


def _form(paper: VarianceReportPaper, wording: Wording, seal: Seal) -> Form:
    say, show = wording.text, wording.shown
    goods: Part = Goods(_table(paper, wording))
    if not paper.lines:
        goods = Note(say("variance_report.none", lines=paper.lines_total), size=11, gap=6 * MM)
    return Form(
        key="variance_report",
        number=paper.number,
        author=show(paper.stockpile),
        about=show(paper.number),
        page=LANDSCAPE,
        parts=(
            Facts(_facts(paper, wording), row_height=7.6 * MM, gap=3 * MM),
            goods,
            Signatures(boxes("variance_report", "sign_counter", "sign_recounter", "sign_approver")),
            Note(say("common.check", key=seal.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: VarianceReportPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    shortages = sum((line.difference or 0) < 0 for line in paper.lines)
    surpluses = sum((line.difference or 0) > 0 for line in paper.lines)
    result = say(
        "variance_report.result_text",
        total=paper.lines_total,
        agreeing=paper.lines_agreeing,
        surpluses=surpluses,
        shortages=shortages,
        waiting=_marked(paper, "waits_for_recount", "result_waiting", wording),
        left_out=_marked(paper, "left_out", "result_left_out", wording),
    )
    return [
        [
            Fact("stockpile", show(paper.stockpile), 0.4),
            Fact("count_kind", show(paper.count_kind), 0.3),
            Fact("opened_at", show(paper.opened_at), 0.3),
        ],
        [
            Fact("result", result, 0.4),
            Fact("state", say(f"variance_report.state_{paper.state}"), 0.3),
            Fact("posted_at", show(paper.posted_at), 0.3),
        ],
        [
            Fact("counters", wording.joined(list(paper.counters)), 0.4),
            Fact("recounters", wording.joined(list(paper.recounters)), 0.3),
            Fact("approver", show(f"{paper.approver} {show(paper.approved_at)}"), 0.3),
        ],
    ]


def _marked(paper: VarianceReportPaper, mark: VarianceMark, key: str, wording: Wording) -> str:
    """Return how many lines bear a mark, nothing where none does."""
    lines = sum(mark in line.marks for line in paper.lines)
    return wording.text(f"variance_report.{key}", lines=lines) if lines else ""


def _table(paper: VarianceReportPaper, wording: Wording) -> Table:
    columns = [
        Column("common.number", 10, "centre"),
        Column("common.bin", 24, "centre", "hei", fit=True),
        Column("common.item", 56),
        Column("common.lot_expiry", 29),
        Column("common.unit", 13, "centre", fit=True),
        Column("variance_report.book", 19, "right", fit=True),
        Column("variance_report.first", 19, "right", fit=True),
        Column("variance_report.recount", 19, "right", fit=True),
        Column("variance_report.difference", 19, "right", "hei", fit=True),
        Column("variance_report.moved_in", 16, "right", fit=True),
        Column("variance_report.moved_out", 16, "right", fit=True),
        Column("variance_report.reason", 33),
    ]
    rows = [_row(number, line, wording) for number, line in enumerate(paper.lines, 1)]
    return Table(columns, rows, row_height=9.5 * MM)


def _row(number: int, line: VarianceLine, wording: Wording) -> Row:
    show = wording.shown
    marks = [wording.text(f"variance_report.mark_{mark}") for mark in line.marks]
    return Row(
        (
            str(number),
            show(line.bin),
            item_text(line, wording),
            lot_text(line, wording),
            show(line.unit),
            UNKNOWN if line.book is None else show(line.book),
            UNKNOWN if line.first is None else show(line.first),
            show(line.recount),
            signed(line.difference),
            show(line.moved_in) if line.moved_in else "",
            show(line.moved_out) if line.moved_out else "",
            wording.joined([*marks, show(line.reason)]),
        ),
        {},
        {},
    )
