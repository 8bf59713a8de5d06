"""Files of an import: the template of each kind with this district's codes to choose from, blank or filled."""

from __future__ import annotations

from inventory.core.errors import NotFound
from inventory.core.words import N_, speaker
from inventory.core.work import Work
from inventory.errands.sheets import seal_of
from inventory.exchange.lists import LISTS
from inventory.exchange.taking import ListKind
from inventory.people.queries import permit
from inventory.people.rules import DISTRICT
from ui.parts.downloads import XLSX, File, offers


def _kind(key: str) -> ListKind:
    if key not in LISTS:
        raise NotFound(kind="file", key=key[:40])
    return LISTS[key]


@offers("template")
def template_of(work: Work, key: str, *, language: str) -> File:
    """Return the template of a kind of import ("stock", "sites", …) in the reader's language.

    Raises
    ------
    NotFound
        For a kind that has no template.
    """
    kind, title = _kind(key), speaker(language)(_kind(key).title)
    return File(name=f"{title}.xlsx", media_type=XLSX, body=kind.template(work, language=language, seal=seal_of(work)))


@offers("filled")
def filled_of(work: Work, key: str, *, language: str) -> File:
    """Return the same table filled with what stands in the database now, to be changed and imported again.

    Raises
    ------
    NotFound
        For a kind that only adds.
    NotPermitted
    """
    kind = _kind(key)
    if kind.rows is None:
        raise NotFound(kind="file", key=key[:40])
    permit(work, "see_stock", DISTRICT)
    translate = speaker(language)
    words = N_("as it stands")
    name = f"{translate(kind.title)} - {translate(words)}.xlsx"
    body = kind.template(work, language=language, seal=seal_of(work), filled=True)
    return File(name=name, media_type=XLSX, body=body)
