"""Files of a count: the blind sheet to print, and the same list to fill in. Neither has room for what the book says."""

from __future__ import annotations

from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store, Work
from inventory.errands.papers import count_sheet_pdf
from inventory.errands.sheets import seal_of
from inventory.exchange.count_list import sheet_workbook
from inventory.stocktaking.queries import count_sheet
from ui.parts.downloads import PDF, XLSX, File, offers


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(kind="count", key=key[:60]) from None


@offers("count-sheet", opens=True)
def sheet_paper(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return the blind sheet of a count as PDF; the first time it is issued, later the same comes again."""
    sheet = store.read(actor, lambda work: count_sheet(work, count_id=_id(key)))
    body = count_sheet_pdf(store, actor, count_id=sheet.id, language=language)
    return File(name=f"{sheet.number}.pdf", media_type=PDF, body=body)


@offers("count-list")
def sheet_table(work: Work, key: str, *, language: str) -> File:
    """Return the lines of a count as a table whose last column is to be filled in; the count page takes it back."""
    sheet = count_sheet(work, count_id=_id(key))
    body = sheet_workbook(sheet, language=language, seal=seal_of(work))
    return File(name=f"{sheet.number}.xlsx", media_type=XLSX, body=body)
