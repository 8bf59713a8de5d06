"""Writing the starter content of the catalogue within a deed: terms, items and needs norms that are not there yet."""

from __future__ import annotations

from sqlalchemy import insert, select

from inventory.catalogue.commands import store_items, store_norms
from inventory.catalogue.starter import starter_items, starter_norms, starter_terms
from inventory.core.work import Work
from inventory.models import Term
from inventory.people.journal import Deed


def store_starter(work: Work, *, deed: Deed) -> dict[str, int]:
    """Write terms, items and norms within a deed; return how many `items`, `norms` and `terms` are new.

    Terms that exist keep the names that the district gave them.
    """
    known = {(kind, code) for kind, code in work.connection.execute(select(Term.kind, Term.code))}
    fresh = [
        {
            "kind": term.kind,
            "code": term.code,
            "name_zh": term.name_zh,
            "name_en": term.name_en,
            "source": term.source,
            "position": term.position,
            "active": True,
            "changed_by_id": deed.id,
        }
        for term in starter_terms()
        if (term.kind, term.code) not in known
    ]
    if fresh:
        work.connection.execute(insert(Term), fresh)
    counts = store_items(work, deed=deed, items=starter_items())
    norms = store_norms(work, deed=deed, norms=starter_norms())
    return {"items": counts["new"], "norms": len(norms), "terms": len(fresh)}
