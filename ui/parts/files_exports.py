"""Every export of the registry as a file: tables of facts for the spreadsheet, each with the permission of its read."""

from __future__ import annotations

from inventory.core.words import speaker
from inventory.core.work import Work
from inventory.errands.exports import export_file, export_of
from ui.parts.downloads import XLSX, File, offers


@offers("export")
def export(work: Work, key: str, *, language: str) -> File:
    """Return an export ("stock", "movements", …) as a spreadsheet.

    Raises
    ------
    UnknownKind, NotPermitted
    """
    title = speaker(language)(export_of(key).title)
    body = export_file(work, key, language=language, file_format="xlsx")
    return File(name=f"{title}.xlsx", media_type=XLSX, body=body)
