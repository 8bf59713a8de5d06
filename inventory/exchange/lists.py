"""Everything that can be taken over from a spreadsheet, by the word that people use for it."""

from __future__ import annotations

from inventory.exchange.bin_list import BINS
from inventory.exchange.device_list import DEVICES
from inventory.exchange.division_list import DIVISIONS
from inventory.exchange.item_list import ITEMS
from inventory.exchange.norm_list import NORMS
from inventory.exchange.organisation_list import ORGANISATIONS
from inventory.exchange.resource_list import TEAMS, VEHICLES
from inventory.exchange.site_list import SITES
from inventory.exchange.stock_list import STOCK
from inventory.exchange.taking import ListKind
from inventory.exchange.target_list import TARGETS
from inventory.exchange.travel_list import TRAVEL

_ALL = (DIVISIONS, ORGANISATIONS, ITEMS, SITES, BINS, STOCK, DEVICES, TEAMS, VEHICLES, TARGETS, NORMS, TRAVEL)
LISTS: dict[str, ListKind] = {kind.key: kind for kind in _ALL}
"""In the order in which a new district brings them in."""
