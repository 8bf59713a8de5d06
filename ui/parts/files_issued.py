"""Files of trust: any issued revision of a paper, and our public key for other offices."""

from __future__ import annotations

from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.work import Actor, Store, Work
from inventory.errands.paper_keys import own_key_file
from inventory.errands.papers import revision_print
from inventory.people.queries import here, permit
from inventory.people.rules import At
from ui.parts.downloads import PDF, File, offers

TEXT = "text/plain; charset=utf-8"


@offers("issued", opens=True)
def issued(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return an issued revision by its id: the latest as it was issued, an older one stamped on every page."""
    try:
        paper_id = UUID(key)
    except ValueError:
        raise NotFound(kind="paper", key=key[:60]) from None
    made = revision_print(store, actor, paper_id=paper_id, language=language)
    return File(name=f"{made.number}-{made.revision}.pdf", media_type=PDF, body=made.pdf, missing=made.missing)


@offers("paper-key", opens=True)
def public_key(store: Store, actor: Actor, key: str, *, language: str) -> File:
    """Return our public key as a file to hand to other offices."""

    def code(work: Work) -> str:
        permit(work, "verify_paper", At(own=True))
        return here(work).code

    return File(name=f"{store.read(actor, code)}.pub", media_type=TEXT, body=own_key_file(store, actor))
