"""Loading the starter catalogue into a founded district: one entry of the journal, only while it has no items."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from inventory.catalogue.loading import store_starter
from inventory.core.work import Work
from inventory.models import Item
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT
from inventory.upkeep.rules import CatalogueNotEmpty

STARTER_ID = UUID("5f0b7c52-3a4e-5a86-9c0d-41f2d7a1e6b3")
"""The id of the entry: a district takes the starter catalogue once, however often it is asked to."""


def load_starter(work: Work) -> Done:
    """Load the items, terms and needs norms that come with the program; each row carries its source and certainty.

    A second time it is "done before" and changes nothing. Outcome: `items`, `norms` and `terms` count what is new.

    Raises
    ------
    CatalogueNotEmpty
    """
    deed = begin(work, id=STARTER_ID, kind="load_starter", asked={}, at=DISTRICT)
    if deed.done:
        return deed.done
    items = work.connection.execute(select(func.count()).select_from(Item)).scalar_one()
    if items:
        raise CatalogueNotEmpty(items=items)
    return finish(work, deed, outcome=dict(store_starter(work, deed=deed)))
