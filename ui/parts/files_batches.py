"""Files of many papers: the orders, or the pick lists, that the filters of the orders page find."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inventory.core.work import Actor, Store, Work
from inventory.dispatch.queries import orders
from inventory.documents.batch import PAPERS_MAX, NothingToPrint, check_amount
from inventory.documents.drawing.wording import BOTH
from inventory.errands.batches import papers_together
from inventory.places.queries import site_by_code
from ui.parts.downloads import PDF, File, offers

PICKABLE = ("issued", "acknowledged", "picking", "picked")
"""The states of an order whose goods are still to be fetched."""


@offers("orders", opens=True)
def all_orders(
    store: Store,
    actor: Actor,
    key: str,
    *,
    language: str,
    states: str = "",
    search: str = "",
    site: str = "",
    both: str = "",
) -> File:
    """Return the orders that the filters find as one PDF, oldest first; each is issued where it was not yet.

    `key` is "orders" or "pick-lists", `states` codes with commas, `site` a code, `both` prints both languages.
    """
    kind = "pick_list" if key == "pick-lists" else "dispatch_order"
    ids = store.read(actor, lambda work: _found(work, kind, states, search, site))
    if not ids:
        raise NothingToPrint
    made = papers_together(store, actor, kind=kind, subject_ids=ids, language=BOTH if both else language)
    name = f"{made.parts[0].number}-{len(made.parts)}.pdf"
    return File(name=name, media_type=PDF, body=made.pdf, missing=made.missing)


def pickable(states: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of some states (none: of all) have goods that are still to be fetched."""
    return tuple(state for state in PICKABLE if not states or state in states)


def _found(work: Work, kind: str, states: str, search: str, site: str) -> list[UUID]:
    wanted: dict[str, Any] = {"search": search} | ({"site_id": site_by_code(work, code=site).id} if site else {})
    chosen = tuple(filter(None, states.split(",")))
    if kind == "pick_list":
        chosen = pickable(chosen)
        if not chosen:
            return []
    found = orders(work, **wanted, states=chosen, limit=PAPERS_MAX + 1)
    check_amount(len(found))
    return [row.id for row in reversed(found)]
