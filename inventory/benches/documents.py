"""Bench of the papers: orders, long lists, count sheets and files of a thousand orders, beside what else one would do.

The rival is the PDF writer's own layout engine (Platypus) with a plain table of the same texts in the same font: no
letter, no codes, no carried sums. Beside a file of many stand the same papers as single files. Seconds are those of
the processor: a paper is drawn by one thread that waits for nothing, and other work on the machine would only add
noise. Small papers run interleaved in this process, the best of several rounds counts; each large case runs in a
process of its own, after a small paper has loaded the fonts, and tells its peak of memory too.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import LongTable, PageBreak, Paragraph, SimpleDocTemplate

from inventory.benches import BenchRow
from inventory.core.errors import Name
from inventory.documents.batch import printed_together
from inventory.documents.data.counting import CountLinePaper, CountSheetPaper
from inventory.documents.data.dispatch import LIST_COPIES, DispatchOrderPaper, OrderLinePaper
from inventory.documents.data.values import Contact, Party
from inventory.documents.drawing.fonts import LOCK, font_book
from inventory.documents.drawing.wording import Wording
from inventory.documents.form import Form, Goods, print_form
from inventory.documents.forms.count_sheet import count_form, count_sheet
from inventory.documents.forms.dispatch_letter import letter_text
from inventory.documents.forms.dispatch_order import dispatch_order
from inventory.documents.sign import PaperKey, Seal, seal

KEY = PaperKey(bytes(32))
NOW = dt.datetime(2026, 6, 28, 13, 5, tzinfo=dt.UTC)
ROUNDS = 5
ORDER_SECONDS_MAX, LIST_SECONDS_MAX = 0.1, 0.15
PLAIN_SECONDS_MAX, COUNT_SECONDS_MAX, MANY_SECONDS_MAX, MEGABYTES_MAX = 3.0, 8.0, 15.0, 300.0
LINES, ORDERS, ORDER_LINES = 10_000, 1_000, 12
SINGLES = 100


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


def rival(paper: DispatchOrderPaper, *, letter: bool = False) -> None:
    """Draw the lines of an order as a table of the rival engine, names can wrap; with the letter's texts if asked."""
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
    story: list[object] = [table]
    if letter:
        said = letter_text(paper, Wording("zh_CN"), seal(paper, KEY))
        body = ParagraphStyle("body", fontName=font, fontSize=15.8, leading=29, wordWrap="CJK")
        story = [Paragraph(text, body) for _, text in said.paragraphs] + [PageBreak(), table]
    with LOCK:
        template = SimpleDocTemplate(io.BytesIO(), pagesize=landscape(A4), initialFontName=font)
        template.build(story)


def plain_sheet(paper: CountSheetPaper, wording: Wording, signed: Seal) -> Form:
    """Return a count sheet with keys in digits alone."""
    form = count_form(paper, wording, signed)
    for part in form.parts:
        if isinstance(part, Goods):
            rows = zip(part.table.rows, paper.lines, strict=True)
            part.table.rows = [
                dataclasses.replace(row, cells=(row.cells[0], line.key, *row.cells[2:]), drawn={}) for row, line in rows
            ]
    return form


def orders_of(count: int, copies: tuple[str, ...] = ()) -> list[DispatchOrderPaper]:
    """Return so many dispatch orders of a dozen lines."""
    paper = dataclasses.replace(order_of(ORDER_LINES), list_copies=copies)
    return [dataclasses.replace(paper, number=f"BENCH-{number:04d}") for number in range(count)]


def singles() -> None:
    """Print orders as single files."""
    for paper in orders_of(SINGLES):
        dispatch_order(paper, key=KEY)


CASES: dict[str, Callable[[], object]] = {
    "plain": lambda: print_form(sheet_of(LINES), plain_sheet, key=KEY),
    "coded": lambda: count_sheet(sheet_of(LINES), key=KEY),
    "rival": lambda: rival(order_of(LINES)),
    "orders": lambda: printed_together(orders_of(ORDERS), KEY),
    "copies": lambda: printed_together(orders_of(ORDERS, LIST_COPIES), KEY),
    "singles": singles,
}
"""The large cases, each for a process of its own."""


@dataclasses.dataclass(frozen=True)
class Large:
    """What a large case took: seconds of the processor, and the peak of memory (0: this system does not tell)."""

    seconds: float
    megabytes: float


def large_case(name: str) -> Large:
    """Run a large case in a process of its own."""
    done = subprocess.run([sys.executable, "-m", __name__, name], capture_output=True, text=True, check=True)
    return Large(**json.loads(done.stdout))


def run_case(name: str) -> Large:
    """Run a large case in this process, after a small paper has loaded the fonts."""
    dispatch_order(order_of(1), key=KEY)
    started = time.process_time()
    CASES[name]()
    return Large(time.process_time() - started, _peak_megabytes())


def _peak_megabytes() -> float:
    """Return the peak of this process, 0 where the system does not tell.

    The peak that a process is told of its children or of itself by `getrusage` counts its parent's before the start.
    """
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii")) if status.exists() else None
    return int(told[1]) / 1024 if told else 0.0


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
    """Return the measurements; `large` adds sheets of 10,000 lines and files of 1,000 orders (a minute or two)."""
    small, long = order_of(20), order_of(200)
    order_seconds, letter_seconds, list_seconds, rival_seconds = best_seconds(
        lambda: dispatch_order(small, key=KEY),
        lambda: rival(small, letter=True),
        lambda: dispatch_order(long, key=KEY),
        lambda: rival(long),
    )
    found = [
        _timed(
            "letter and list of 20 lines, warm", order_seconds, ORDER_SECONDS_MAX,
            "Platypus, the same texts plain", letter_seconds,
        ),
        _timed(
            "letter and list of 200 lines, warm", list_seconds, LIST_SECONDS_MAX,
            "Platypus LongTable, the 200 lines alone", rival_seconds,
        ),
    ]  # fmt: skip
    return found + _large_rows() if large else found


def _large_rows() -> list[BenchRow]:
    done = {name: large_case(name) for name in CASES}
    table, files = "Platypus LongTable, the 10,000 lines alone", f"1,000 files, from {SINGLES} of them"
    one_by_one = done["singles"].seconds * ORDERS / SINGLES
    timed = [
        ("count sheet of 10,000 lines, no codes", "plain", PLAIN_SECONDS_MAX, table, done["rival"].seconds),
        ("count sheet of 10,000 lines, a DataMatrix each", "coded", COUNT_SECONDS_MAX, table, done["rival"].seconds),
        ("1,000 orders in one file", "orders", MANY_SECONDS_MAX, files, one_by_one),
        ("1,000 orders in one file, three copies of each list", "copies", MANY_SECONDS_MAX, files, one_by_one),
    ]
    found = [_timed(name, done[case].seconds, most, versus, other) for name, case, most, versus, other in timed]
    if done["rival"].megabytes:
        found += [
            BenchRow(
                f"peak memory: {name}", done[case].megabytes, "MB", versus=table,
                ratio=done[case].megabytes / done["rival"].megabytes,
                aim=f"< {MEGABYTES_MAX:g} MB", holds=done[case].megabytes < MEGABYTES_MAX,
            )
            for name, case, _, _, _ in timed
        ]  # fmt: skip
    return found


def _timed(name: str, seconds: float, most: float, versus: str, other: float) -> BenchRow:
    """Return the row of a time."""
    aim = f"< {most:g} s"
    return BenchRow(name, seconds, "CPU s", versus=versus, ratio=seconds / other, aim=aim, holds=seconds < most)


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(run_case(sys.argv[1]))))
