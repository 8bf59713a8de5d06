"""Everything that can be taken over from a spreadsheet, by the word that people use for it."""

from __future__ import annotations

from inventory.exchange.division_list import DIVISIONS
from inventory.exchange.item_list import ITEMS
from inventory.exchange.organisation_list import ORGANISATIONS
from inventory.exchange.site_list import SITES
from inventory.exchange.stock_list import STOCK
from inventory.exchange.taking import ListKind
from inventory.exchange.target_list import TARGETS

LISTS: dict[str, ListKind] = {kind.key: kind for kind in (DIVISIONS, ORGANISATIONS, ITEMS, SITES, STOCK, TARGETS)}
"""In the order in which a new district brings them in."""
