"""Files of a count: the blind sheet to print, and the same list as a table. Neither has room for what the book says."""

from __future__ import annotations

from uuid import UUID

from inventory.core.settings import Settings
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.documents.count_sheet import count_sheet as print_sheet
from inventory.documents.papers import CountLinePaper, CountSheetPaper
from inventory.documents.sign import load_key
from inventory.exchange.writing import export_table
from inventory.people.queries import here
from inventory.stocktaking.queries import CountSheet, SheetLine, count_sheet
from ui.parts.downloads import PDF, XLSX, File, offers

COLUMNS = (
    ("line", N_("Line")),
    ("bin", N_("Bin")),
    ("item", N_("Item code")),
    ("name", N_("Item name")),
    ("lot", N_("Lot")),
    ("batch", N_("Batch")),
    ("expires_on", N_("Expires on")),
    ("unit", N_("Unit")),
    ("pack", N_("Units per pack")),
    ("packs", N_("Packs counted")),
    ("loose", N_("Loose counted")),
)


def _to_print(sheet: CountSheet, wanted: str) -> tuple[SheetLine, ...]:
    return tuple(line for line in sheet.lines if wanted != "second" or line.to_recount)


def _line(line: SheetLine) -> CountLinePaper:
    return CountLinePaper(
        key=line.label,
        name=line.item,
        unit=line.unit,
        bin=line.place,
        lot=line.lot or "",
        expires_on=line.expires_on,
    )


@offers("count-sheet")
def sheet_paper(work: Work, key: str, *, language: str, round: str = "first") -> File:
    """Return the count sheet as PDF; `round` "second" has only the lines that wait for the asker's recount.

    The same count prints the same bytes: its moment is that of the opening.
    """
    sheet = count_sheet(work, count_id=UUID(key))
    paper = CountSheetPaper(
        number=sheet.number,
        revision=1,
        stockpile=sheet.site,
        lines=tuple(_line(line) for line in _to_print(sheet, round)),
        issued_at=sheet.opened_at,
        count_round="second" if round == "second" else "first",
        demo=here(work).demo,
    )
    printed = print_sheet(paper, key=load_key(Settings().home), language=language)
    return File(name=f"{sheet.number}.pdf", media_type=PDF, body=printed.pdf)


@offers("count-list")
def sheet_table(work: Work, key: str, *, language: str) -> File:
    """Return the lines of a count as a table with empty columns to fill in."""
    sheet = count_sheet(work, count_id=UUID(key))
    rows = [
        {
            "line": line.label,
            "bin": line.place,
            "item": line.item_code,
            "name": line.item,
            "lot": line.lot or "",
            "batch": line.batch,
            "expires_on": line.expires_on,
            "unit": line.unit,
            "pack": line.packs[0].factor if line.packs else None,
        }
        for line in sheet.lines
    ]
    body = export_table(rows, COLUMNS, language, "xlsx", title=N_("Count sheet"))
    return File(name=f"{sheet.number}.xlsx", media_type=XLSX, body=body)
