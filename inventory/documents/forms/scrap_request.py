"""The scrap request 报废申请单: what is to be scrapped and why, the technical appraisal, the leader's decision.

Nothing is destroyed before the decision; the form says so.
"""

from __future__ import annotations

from inventory.documents.data.warehouse import ScrapRequestPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import Wording, item_text, lot_text
from inventory.documents.form import Facts, Form, Goods, Note, Signatures, print_form
from inventory.documents.forms.cells import boxes, choices_of
from inventory.documents.sign import PaperKey, Seal

OPINION_HEIGHT = 20 * MM
LINE_HEIGHT = 12 * MM


def scrap_request(
    paper: ScrapRequestPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the scrap request as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: ScrapRequestPaper, wording: Wording, signed: Seal) -> Form:
    show = wording.shown
    facts = [
        [Fact("applicant", show(paper.applicant), 0.5), Fact("stockpile", show(paper.stockpile), 0.5)],
        [Fact("requested_at", show(paper.requested_at), 0.5), Fact("owner", show(paper.owner), 0.5)],
    ]
    findings = [
        [Fact("appraisal", show(paper.appraisal), 1, height=OPINION_HEIGHT)],
        [Fact("appraisers", wording.joined(list(paper.appraised_by)), 1, height=LINE_HEIGHT)],
        [Fact("usable_parts", show(paper.usable_parts), 1, height=LINE_HEIGHT)],
        [Fact("decision", "", 1, choices=choices_of(wording, "scrap_request.decision_choices"))],
        [Fact("opinion", "", 1, height=OPINION_HEIGHT)],
    ]
    return Form(
        key="scrap_request",
        number=paper.number,
        author=show(paper.applicant),
        about=show(paper.stockpile),
        parts=(
            Facts(facts),
            Goods(_table(paper, wording)),
            Facts(findings, label_width=26 * MM, gap=3 * MM),
            Signatures(boxes("scrap_request", "sign_applicant", "sign_appraiser", "sign_approver")),
            Note(wording.text("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _table(paper: ScrapRequestPaper, wording: Wording) -> Table:
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item_code", 25),
        Column("common.item", 48),
        Column("common.lot_expiry", 26),
        Column("scrap_request.entered_on", 20, "centre", fit=True),
        Column("common.unit", 12, "centre", fit=True),
        Column("cells.quantity", 16, "right", "hei", fit=True),
        Column("scrap_request.reason", 30),
    ]
    rows = [
        Row(
            (
                str(number),
                show(line.code),
                item_text(line, wording),
                lot_text(line, wording),
                show(line.entered_on),
                show(line.unit),
                show(line.quantity),
                show(line.reason),
            ),
            {},
            {},
        )
        for number, line in enumerate(paper.lines, 1)
    ]
    return Table(columns, rows, row_height=8.5 * MM)
