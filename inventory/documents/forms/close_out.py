"""The close-out 闭环销号表: what was received, what became of it, what is left, and who signs for it.

Columns are numbered, and the sum that closes the loop is printed under them, so that anybody can add it up again on
paper. Quantities of different goods are never summed. What still waits for somebody is listed with room to sign.
"""

from __future__ import annotations

from inventory.documents.data.incidents import CloseOutPaper
from inventory.documents.drawing.blocks import Fact
from inventory.documents.drawing.engine import GREY, LANDSCAPE, MM, Printed
from inventory.documents.drawing.fonts import FontBook
from inventory.documents.drawing.tables import Column, Row, Table
from inventory.documents.drawing.wording import UNKNOWN, Wording
from inventory.documents.form import Facts, Form, Goods, Note, Part, Signatures, Title, print_form
from inventory.documents.forms.cells import boxes
from inventory.documents.sign import PaperKey, Seal

AMOUNT_MM = 17
HEAD_HEIGHT = 13 * MM
SIGNED = ("common.name", "common.signature", "common.time")


def close_out(
    paper: CloseOutPaper, *, key: PaperKey, language: str = "zh_CN", fonts: FontBook | None = None
) -> Printed:
    """Return the close-out as PDF; `language` "zh_CN" or "en" is the large text.

    Raises
    ------
    FontUnusable, BadPaperValue
    """
    return print_form(paper, _form, key=key, language=language, fonts=fonts)


def _form(paper: CloseOutPaper, wording: Wording, signed: Seal) -> Form:
    say, show = wording.text, wording.shown
    return Form(
        key="close_out",
        number=paper.number,
        author=show(paper.unit),
        about=show(paper.incident),
        page=LANDSCAPE,
        parts=(
            Facts(_facts(paper, wording)),
            *_goods(paper, wording),
            *_unresolved(paper, wording),
            Signatures(boxes("close_out", "statistician", "keeper", "receiver", "commander", lines=SIGNED)),
            Note(say("common.check", key=signed.fingerprint), colour=GREY),
        ),
    )


def _facts(paper: CloseOutPaper, wording: Wording) -> list[list[Fact]]:
    say, show = wording.text, wording.shown
    incident = " ".join(part for part in (show(paper.incident), show(paper.incident_number)) if part)
    closed_at = " ".join(part for part in (show(paper.closed_at), show(paper.closed_by)) if part)
    open_items = sum(1 for line in paper.lines if line.remaining or line.on_the_way)
    verdict = (
        say("close_out.closed")
        if paper.closed
        else say("close_out.open", items=open_items, unresolved=len(paper.unresolved))
    )
    return [
        [Fact("incident", incident, 0.5), Fact("unit", show(paper.unit), 0.5)],
        [
            Fact("began_at", show(paper.began_at), 0.25),
            Fact("closed_at", closed_at, 0.25),
            Fact("state", show(paper.state), 0.15),
            Fact("verdict", verdict, 0.35),
        ],
    ]


def _goods(paper: CloseOutPaper, wording: Wording) -> tuple[Part, ...]:
    """Return the table of items with the sum that closes the loop, or the word that there were none."""
    if not paper.lines:
        return (Note(wording.text("close_out.none"), size=10, gap=4 * MM),)
    notes = [Note(wording.text("close_out.equation"), size=8, gap=1 * MM)]
    if any(line.distributed is None for line in paper.lines):
        notes.append(Note(wording.text("close_out.together"), size=8, gap=2 * MM))
    return (Goods(_table(paper, wording), gap=2 * MM), *notes)


def _table(paper: CloseOutPaper, wording: Wording) -> Table:
    show = wording.shown
    amounts = (
        "sent", "surplus", "lost_on_the_way", "on_the_way", "received",
        "used", "distributed", "returned", "transferred", "lost", "remaining",
    )  # fmt: skip
    bold = {"received", "remaining"}
    columns = [
        Column("common.number", 9, "centre"),
        Column("common.item", 47),
        Column("common.unit", 11, "centre", fit=True),
        *(
            Column(f"close_out.{key}", AMOUNT_MM, "right", "hei" if key in bold else "table", fit=True)
            for key in amounts
        ),
        Column("common.remarks", 19, size=7.5),
    ]
    rows = []
    for number, line in enumerate(paper.lines, 1):
        figures = [
            UNKNOWN if key == "distributed" and line.distributed is None else show(getattr(line, key))
            for key in amounts
        ]
        rows.append(Row((str(number), show(line.name), show(line.unit), *figures, show(line.remarks)), {}, {}))
    return Table(columns, rows, row_height=8 * MM, head_height=HEAD_HEIGHT, striped=True)


def _unresolved(paper: CloseOutPaper, wording: Wording) -> tuple[Part, ...]:
    """Return what still waits for somebody, with room to write how it was settled."""
    if not paper.unresolved:
        return (Note(wording.text("close_out.nothing"), size=9, gap=3 * MM),)
    show = wording.shown
    columns = [
        Column("common.number", 9, "centre"),
        Column("close_out.what", 38, role="hei"),
        Column("close_out.document", 38, size=8),
        Column("close_out.told", 76),
        Column("close_out.who", 44),
        Column("close_out.since", 20, "centre", size=7.5),
        Column("close_out.settled", 48),
    ]
    rows = [
        Row(
            (str(number), show(one.what), show(one.document), show(one.told), show(one.who), show(one.since), ""),
            {},
            {},
        )
        for number, one in enumerate(paper.unresolved, 1)
    ]
    title = wording.text("close_out.unresolved", count=len(paper.unresolved))
    return (Title(title), Goods(Table(columns, rows, row_height=9 * MM)))
