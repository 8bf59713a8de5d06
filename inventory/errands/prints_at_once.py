"""Papers that are printed at once from a read: labels (neither sealed nor kept) and registers (sealed, not kept).

The read and the drawing are apart, so that no transaction lasts as long as a PDF takes. A register carries telephone
numbers and the whole stock out of the house: who printed it is noted in the access log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from inventory.core.work import Actor, Store, Work
from inventory.documents.data.labels import LabelsPaper
from inventory.documents.press import printed
from inventory.documents.sign import load_key
from inventory.errands.facts_registers import register
from inventory.people.access import log_access


@dataclass(frozen=True)
class AtOnce:
    """What was printed: the number of the paper, its pages, and code points that no font has ("U+2A700")."""

    number: str
    pdf: bytes
    pages: int
    missing: tuple[str, ...]


def labels_pdf(store: Store, actor: Actor, *, gather: Callable[[Work], LabelsPaper], language: str) -> AtOnce:
    """Print labels; raises what `gather` raises, `BadPaperValue`, `FontUnusable`."""
    paper = store.read(actor, gather)
    made = printed(paper, key=None, language=language)
    return AtOnce(paper.number, made.pdf, made.pages, made.missing)


def register_pdf(store: Store, actor: Actor, *, kind: str, site_id: UUID | None = None, language: str) -> AtOnce:
    """Print a register; a site narrows those of stock and devices.

    Raises
    ------
    NotPermitted, NotFound, KeyUnusable, FontUnusable
    """
    key = load_key(store.env.home)
    paper = store.read(actor, lambda work: register(work, kind=kind, site_id=site_id))
    made = printed(paper, key=key, language=language)
    store.write(
        actor,
        lambda work: log_access(work, actor.account_id, actor.login, f"print_{kind}", site_id, "ok", actor.via),
    )
    return AtOnce(paper.number, made.pdf, made.pages, made.missing)
