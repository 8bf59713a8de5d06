"""Looking after the database: migrations, backups, the check at start, and the founding of a district.

It stands above the rooms and below the edges: `python -m inventory` and the server call it before anything else.
"""

from inventory.upkeep.migrating import MigrationReport, migrate

__all__ = [
    "MigrationReport",
    "migrate",
]
