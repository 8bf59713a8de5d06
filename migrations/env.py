"""How Alembic runs: on the open connection that `inventory.upkeep` hands over, else on the database of the settings.

At the end of every run the append-only rules are made again, for the tables and columns that the reached revision has:
batch operations on SQLite rebuild a table and silently drop its triggers.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, inspect

from inventory import models
from inventory.core.append_only import create_rules
from inventory.core.database import open_engine
from inventory.core.settings import Settings


def run(connection: Connection) -> None:
    """Run the migrations that were asked for, then make the rules anew."""
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        there = inspect(connection)
        tables = set(there.get_table_names())
        frozen = {
            table: [name for name in columns if name in {column["name"] for column in there.get_columns(table)}]
            for table, columns in models.FROZEN_COLUMNS.items()
            if table in tables
        }
        create_rules(connection, [table for table in models.APPEND_ONLY if table in tables], frozen)


if context.is_offline_mode():
    raise SystemExit("Migrations need a database: run `python -m inventory init`, or alembic without --sql.")
given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(Settings().url, begin="IMMEDIATE")
    with engine.connect() as opened, opened.begin():
        run(opened)
    engine.dispose()
