"""Two roles on PostgreSQL: one owns the tables and migrates, the program's own may not touch what never changes.

With the owner's address in the settings, migrations run as the owner, and every run ends by granting the program's
role what it needs and nothing else: rows of append-only tables can be read and added, never changed or removed, and
neither rules nor tables can be dropped. On SQLite there are no roles.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from inventory.core.database import open_engine
from inventory.core.settings import Settings
from inventory.core.work import Work
from inventory.models import APPEND_ONLY

_OWNS = text(
    """SELECT pg_has_role(current_user, c.relowner, 'MEMBER')
    FROM pg_class c WHERE c.relname = 'journal' AND c.relnamespace = current_schema()::regnamespace"""
)
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
READ_ONLY = ("alembic_version",)


def owner_url(url: str) -> str:
    """Return the address as which a database is migrated: the owner's where the settings name one for it."""
    settings = Settings()
    return settings.owner_url if settings.owner_url and url == settings.url else url


def role_of(url: str) -> str:
    """Return the role that an address signs in as."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT current_user")).scalar_one())
    finally:
        engine.dispose()


def grant_to(connection: Connection, role: str) -> None:
    """Give a role what the program needs, and take what it does not; nothing to do for the owner itself.

    It runs in the transaction of the migration, so that a new table is never without its rights.
    """
    if connection.execute(text("SELECT current_user")).scalar_one() == role:
        return
    quote = connection.dialect.identifier_preparer.quote
    name, schema = quote(role), quote(str(connection.execute(text("SELECT current_schema()")).scalar_one()))
    tables = [str(table) for table in connection.execute(_TABLES).scalars()]
    for words in (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
    ):
        connection.exec_driver_sql(words)
    for table in tables:
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if table in APPEND_ONLY:
            rights = "SELECT, INSERT"
        elif table in READ_ONLY:
            rights = "SELECT"
        connection.exec_driver_sql(f"GRANT {rights} ON {quote(table)} TO {name}")


def is_owner(connection: Connection) -> bool:
    """Return whether this connection may make rules on the tables; on SQLite every one may."""
    return connection.dialect.name != "postgresql" or bool(connection.execute(_OWNS).scalar_one_or_none())


def owns_its_tables(work: Work) -> bool:
    """Return whether the role of the program could drop tables and rules; on SQLite whoever has the file can."""
    return work.on_postgresql and is_owner(work.connection)
