"""Bench of the papers: a dispatch order and its 200-line list, warm, against the PDF writer's own layout engine.

The rival is a plain Platypus table of the same texts in the same font: no letter, no codes, no carried sums. Both run
interleaved in this process, and seconds are those of the processor: a paper is drawn by one thread that waits for
nothing, and other work on the machine would only add noise. The best of several rounds counts.
"""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

from inventory.benches import BenchRow
from inventory.core.errors import Name
from inventory.documents.data.counting import CountLinePaper, CountSheetPaper
from inventory.documents.data.dispatch import DispatchOrderPaper, OrderLinePaper
from inventory.documents.data.values import Contact, Party
from inventory.documents.drawing.fonts import LOCK, font_book
from inventory.documents.forms.count_sheet import count_sheet
from inventory.documents.forms.dispatch_order import dispatch_order
from inventory.documents.sign import PaperKey

KEY = PaperKey(bytes(32))
NOW = dt.datetime(2026, 6, 28, 13, 5, tzinfo=dt.UTC)
ROUNDS = 5
ORDER_SECONDS_MAX, LIST_SECONDS_MAX, COUNT_SECONDS_MAX = 0.1, 0.15, 8.0


def hanzi(count: int, start: int = 0) -> Name:
    """Return a name of so many different characters."""
    return Name("".join(chr(0x4E00 + (start + step) % 900) for step in range(count)))


def order_of(count: int) -> DispatchOrderPaper:
    """Return a dispatch order of so many lines; the names are hanzi in a row, so that fonts are really used."""
    lines = tuple(
        OrderLinePaper(
            code=f"WZ-{number:06d}",
            name=hanzi(12, number * 13),
            unit=hanzi(1),
            quantity=number % 190 + 1,
            lot=f"2026{number % 9 + 1:02d}-{number % 97:02d}",
            packages=number % 40 + 1,
            weight_grams=number * 370 + 20,
            bin=f"A-{number % 30:02d}",
        )
        for number in range(1, count + 1)
    )
    party = Party(hanzi(8), hanzi(12, 5), Contact("A", "1"))
    unit = hanzi(10, 40)
    return DispatchOrderPaper(
        "BENCH-1", 1, unit, unit, party, party, lines, NOW, "A", NOW, situation=Name(unit.zh * 20)
    )


def sheet_of(count: int) -> CountSheetPaper:
    """Return a count sheet of so many lines."""
    lines = tuple(
        CountLinePaper(f"{number:08d}", line.name, line.unit, line.bin, lot=line.lot)
        for number, line in enumerate(order_of(count).lines, 1)
    )
    return CountSheetPaper("BENCH-2", 1, hanzi(8), lines, NOW)


def rival(paper: DispatchOrderPaper) -> None:
    """Draw the lines of an order as a table of the rival engine; its names can wrap, as a list needs."""
    font = font_book().face("table").fontName
    style = ParagraphStyle("cell", fontName=font, fontSize=8.5, leading=10.4, wordWrap="CJK")
    lines: list[list[object]] = [["No.", "Code", "Item", "Unit", "Ordered", "Lot", "Packages", "Grams", "Bin"]]
    for number, line in enumerate(paper.lines, 1):
        lines.append(
            [
                str(number),
                line.code,
                Paragraph(line.name.zh, style),
                line.unit.zh,
                str(line.quantity),
                line.lot,
                str(line.packages),
                str(line.weight_grams),
                line.bin,
            ]
        )
    table = LongTable(lines, repeatRows=1, colWidths=[30, 70, 170, 30, 50, 70, 50, 60, 60])
    table.setStyle([("FONT", (0, 0), (-1, -1), font, 8.5), ("GRID", (0, 0), (-1, -1), 0.4, "#555555")])
    with LOCK:
        template = SimpleDocTemplate(io.BytesIO(), pagesize=landscape(A4), initialFontName=font)
        template.build([table])


def best_seconds(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the best time of each, after one unmeasured round, interleaved."""
    best = [float("inf")] * len(works)
    for number in range(rounds + 1):
        for position, work in enumerate(works):
            started = time.process_time()
            work()
            if number:
                best[position] = min(best[position], time.process_time() - started)
    return best


def rows(*, large: bool = True) -> list[BenchRow]:
    """Return the measurements; `large` adds the count sheet of 10,000 lines (some seconds)."""
    small, long = order_of(20), order_of(200)
    order_seconds, list_seconds, rival_seconds = best_seconds(
        lambda: dispatch_order(small, key=KEY),
        lambda: dispatch_order(long, key=KEY),
        lambda: rival(long),
    )
    found = [
        BenchRow(
            "letter and list of 20 lines, warm", order_seconds, "CPU s",
            aim=f"< {ORDER_SECONDS_MAX} s", holds=order_seconds < ORDER_SECONDS_MAX,
        ),
        BenchRow(
            "letter and list of 200 lines, warm", list_seconds, "CPU s",
            versus="Platypus LongTable, the 200 lines alone", ratio=list_seconds / rival_seconds,
            aim=f"< {LIST_SECONDS_MAX} s", holds=list_seconds < LIST_SECONDS_MAX,
        ),
    ]  # fmt: skip
    if large:
        sheet = sheet_of(10_000)
        (seconds,) = best_seconds(lambda: count_sheet(sheet, key=KEY), rounds=1)
        found.append(
            BenchRow(
                "count sheet of 10,000 lines, a DataMatrix each", seconds, "CPU s",
                aim=f"< {COUNT_SECONDS_MAX:g} s", holds=seconds < COUNT_SECONDS_MAX,
            )
        )  # fmt: skip
    return found
