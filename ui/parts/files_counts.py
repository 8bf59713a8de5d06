"""Files of a count: the blind sheet to print, and the same list to fill in. Neither has room for what the book says."""

from __future__ import annotations

from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.words import N_, choose
from inventory.core.work import Actor, Store, Work
from inventory.errands.counting_views import sheet_kind
from inventory.errands.papers import count_sheet_pdf
from inventory.exchange.writing import export_table
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
    rows = [
        {
            "label": line.label,
            "place": line.place,
            "item_code": line.item_code,
            "item": choose(line.item, language),
            "spec": line.spec,
            "batch": line.batch,
            "expires_on": line.expires_on,
            "unit": choose(line.unit, language),
            "quantity": None,
        }
        for line in sheet.lines
    ]
    columns = [(column.key, column.heading) for column in sheet_kind().columns]
    body = export_table(rows, columns, language, "xlsx", title=N_("Count sheet"))
    return File(name=f"{sheet.number}.xlsx", media_type=XLSX, body=body)
