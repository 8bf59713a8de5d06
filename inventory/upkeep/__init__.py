"""Looking after the database: migrations, backups, the check at start, and the founding of a district.

It stands above the rooms and below the edges: `python -m inventory` and the server call it first.
"""

from inventory.upkeep.backups import RestoreReport, backup, restore
from inventory.upkeep.founding import Administrator, found_district
from inventory.upkeep.migrating import MigrationReport, migrate
from inventory.upkeep.starter import load_starter
from inventory.upkeep.starting import check_start

__all__ = [
    "Administrator",
    "MigrationReport",
    "RestoreReport",
    "backup",
    "check_start",
    "found_district",
    "load_starter",
    "migrate",
    "restore",
]
