"""The lists that set a district up, by the word that people use for them; the stock list stands apart."""

from __future__ import annotations

from inventory.exchange.division_list import DIVISIONS
from inventory.exchange.item_list import ITEMS
from inventory.exchange.organisation_list import ORGANISATIONS
from inventory.exchange.site_list import SITES
from inventory.exchange.taking import ListKind
from inventory.exchange.target_list import TARGETS

LISTS: dict[str, ListKind] = {kind.key: kind for kind in (DIVISIONS, ORGANISATIONS, ITEMS, SITES, TARGETS)}
"""In the order in which a new district brings them in."""
