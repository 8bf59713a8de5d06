"""Files of an import: the template of each kind, with this district's codes to choose from."""

from __future__ import annotations

from inventory.core.errors import NotFound
from inventory.core.words import speaker
from inventory.core.work import Work
from inventory.exchange.lists import LISTS
from inventory.exchange.stock_list import stock_kind, stock_template
from ui.parts.downloads import XLSX, File, offers


@offers("template")
def template_of(work: Work, key: str, *, language: str) -> File:
    """Return the template of a kind of import ("stock", "sites", …) in the reader's language.

    Raises
    ------
    NotFound
        For a kind that has no template.
    """
    if key in LISTS:
        title = speaker(language)(LISTS[key].table().title)
        return File(name=f"{title}.xlsx", media_type=XLSX, body=LISTS[key].template(work, language=language))
    if key != "stock":
        raise NotFound(kind="file", key=key[:40])
    title = speaker(language)(stock_kind().title)
    return File(name=f"{title}.xlsx", media_type=XLSX, body=stock_template(work, language=language))
