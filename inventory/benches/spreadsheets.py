"""Bench of the spreadsheets: a large list looked through, templates and count lists written, beside plain pandas.

Looking a file through means here what the import page does before anything is stored: a limited child process reads it,
every cell is checked, every code compared with the district, all problems told. The rivals do what a person would write
in ten lines instead: they read the same bytes, or write the same cells, without a check, a mark or a limit. Seconds are
those of the processor, in this process and in the child that reads while this one waits: other work on the machine
would only add noise. Memory is that of the child alone.
"""

from __future__ import annotations

import io
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas
import xlsxwriter
from sqlalchemy import select

from inventory.benches import BenchRow
from inventory.core.env import Env
from inventory.core.errors import Name
from inventory.core.work import SYSTEM, Store, Work
from inventory.demo import load_demo
from inventory.exchange.correcting import faults_copy
from inventory.exchange.count_list import sheet_kind
from inventory.exchange.lists import LISTS
from inventory.exchange.sealing import TableSeal
from inventory.exchange.writing import template, template_heading
from inventory.models import Item
from inventory.upkeep import migrate

ROWS, ROWS_QUICK = 100_000, 2_000
COUNT_LINES, COUNT_LINES_QUICK = 10_000, 500
TEMPLATE_LINES = 300
PREVIEW_SECONDS_MAX, COUNT_SECONDS_MAX, TEMPLATE_SECONDS_MAX = 10.0, 3.0, 0.5
CHILD_MEGABYTES_MAX = 512
SEAL = TableSeal("BENCH", Name("BENCH"), bytes(32))


def goods(work: Work) -> list[tuple[str, str]]:
    """Return the codes and units of the items that a stock list may name."""
    query = select(Item.code, Item.unit).where(Item.tracking == "lot", Item.active).order_by(Item.code)
    return [(row.code, row.unit) for row in work.connection.execute(query)]


def stock_list(rows: int, items: list[tuple[str, str]]) -> bytes:
    """Return a stock list of so many rows and all 15 columns, one row in a hundred wrong."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    columns = LISTS["stock"].table().columns
    for position, column in enumerate(columns):
        sheet.write_string(0, position, template_heading(column, "en"))
    for row in range(1, rows + 1):
        item, unit = items[row % len(items)]
        values = {
            "site": f"T1{row % 8:02d}",
            "bin": "A01",
            "item": item,
            "spec": "3 x 4 m",
            "batch": f"B-{row:06d}",
            "source_name": "supplier",
            "unit": unit if row % 100 else "mile",
            "new_bin": "yes",
        }
        for position, column in enumerate(columns):
            if column.key == "quantity":
                sheet.write_number(row, position, row % 900 + 1)
            elif column.key in ("made_on", "expires_on"):
                sheet.write_number(row, position, 45_658 + row % 300 + 900 * (column.key == "expires_on"), day)
            elif column.key == "unit_price_fen":
                sheet.write_number(row, position, 12.5)
            elif column.key in values:
                sheet.write_string(row, position, values[column.key])
    book.close()
    return target.getvalue()


def count_lines(count: int) -> list[dict[str, Any]]:
    """Return so many lines of a count as stored values."""
    return [
        {
            "label": f"3{number:07d}",
            "place": f"A-{number % 40:02d}",
            "item_code": f"T{number % 120:03d}",
            "item": Name(f"{number}"),
            "spec": "3 x 4 m",
            "batch": f"B-{number % 977}",
            "expires_on": None,
            "unit": Name("x"),
            "quantity": None,
        }
        for number in range(1, count + 1)
    ]


def count_list(lines: list[dict[str, Any]]) -> bytes:
    """Return the list of a count with all its marks."""
    return template(sheet_kind(), "en", seal=SEAL, rows=lines, task="BENCH-1")


def plain_list(lines: list[dict[str, Any]]) -> bytes:
    """Write the same cells with pandas: no marks, no checks, no locks."""
    frame = pandas.DataFrame(
        [{key: value.zh if isinstance(value, Name) else value for key, value in line.items()} for line in lines]
    )
    target = io.BytesIO()
    frame.to_excel(target, index=False, engine="xlsxwriter")
    return target.getvalue()


def plain_reading(data: bytes) -> int:
    """Read all cells with pandas, by the same fast reader; return how many rows there were."""
    return len(pandas.read_excel(io.BytesIO(data), engine="calamine"))


def spent() -> float:
    """Return the processor time of this process and of its ended children so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def seconds(work: Callable[[], object], *, rounds: int = 1) -> float:
    """Return the best processor time of some rounds, that of ended children included."""
    best = float("inf")
    for _ in range(rounds):
        started = spent()
        work()
        best = min(best, spent() - started)
    return best


def rows(*, quick: bool = False) -> list[BenchRow]:
    """Return the measurements; `quick` is small."""
    many, lines_many = (ROWS_QUICK, COUNT_LINES_QUICK) if quick else (ROWS, COUNT_LINES)
    with tempfile.TemporaryDirectory(prefix="bench-spreadsheets-") as folder:
        home = Path(folder)
        with closing(Store(f"sqlite:///{home / 'bench.db'}", Env.real(home))) as store:
            migrate(store, home=home)
            load_demo(store)
            return [*_large(store, many), *_small(store, lines_many)]


def _large(store: Store, many: int) -> list[BenchRow]:
    """Measure a large list: read, checked, compared, told."""
    kind, data = LISTS["stock"], stock_list(many, store.read(SYSTEM, goods))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    parsed = kind.read(data, "stock.xlsx")
    megabytes = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before) / 1024
    read_seconds = seconds(lambda: kind.read(data, "stock.xlsx"), rounds=2)
    review = store.read(SYSTEM, lambda work: kind.review(work, parsed=parsed))
    review_seconds = seconds(lambda: store.read(SYSTEM, lambda work: kind.review(work, parsed=parsed)))
    whole = read_seconds + review_seconds
    rival = seconds(lambda: plain_reading(data))
    copy = seconds(lambda: faults_copy(data, "stock.xlsx", kind.table(), review.faults, "en"))
    scale = many / ROWS
    return [
        BenchRow(
            f"a list of {many:,} rows looked through, {review.fault_count:,} problems told", whole, "CPU s",
            versus="pandas with calamine, cells only", ratio=whole / rival,
            aim=f"< {PREVIEW_SECONDS_MAX:g} s for {ROWS:,} rows", holds=whole < PREVIEW_SECONDS_MAX * max(scale, 0.3),
        ),
        BenchRow(
            f"memory of the child that reads {many:,} rows", megabytes, "MB",
            aim=f"< {CHILD_MEGABYTES_MAX} MB", holds=megabytes < CHILD_MEGABYTES_MAX,
        ),
        BenchRow(f"the same file back with its problems, {many:,} rows", copy, "CPU s"),
    ]  # fmt: skip


def _small(store: Store, lines_many: int) -> list[BenchRow]:
    """Measure what goes out: a template of 300 rows, the list of a count."""
    lines, short = count_lines(lines_many), count_lines(TEMPLATE_LINES)
    # Small work is done twenty times at a stretch, so that one hiccup of the machine is not the measurement.
    template_seconds = seconds(lambda: [count_list(short) for _ in range(20)], rounds=3) / 20
    template_rival = seconds(lambda: [plain_list(short) for _ in range(20)], rounds=3) / 20
    count_seconds, count_rival = seconds(lambda: count_list(lines), rounds=2), seconds(lambda: plain_list(lines))
    blank = seconds(
        lambda: store.read(SYSTEM, lambda work: LISTS["stock"].template(work, language="en", seal=SEAL)), rounds=3
    )
    return [
        BenchRow(
            f"a filled template of {TEMPLATE_LINES} rows with marks and checks", template_seconds, "CPU s",
            versus="pandas, cells only", ratio=template_seconds / template_rival,
            aim=f"< {TEMPLATE_SECONDS_MAX:g} s", holds=template_seconds < TEMPLATE_SECONDS_MAX,
        ),
        BenchRow(
            f"the list of a count of {lines_many:,} lines, a mark each", count_seconds, "CPU s",
            versus="pandas, cells only", ratio=count_seconds / count_rival,
            aim=f"< {COUNT_SECONDS_MAX:g} s", holds=count_seconds < COUNT_SECONDS_MAX,
        ),
        BenchRow("the blank stock template with the codes of the demo district", blank, "CPU s"),
    ]  # fmt: skip
