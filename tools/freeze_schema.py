"""Write the SQL that makes the schema of `inventory/models.py`, per dialect, for a migration to keep beside it.

    python -m tools.freeze_schema [REVISION]        default: 2026_11_23_1800_spine

A migration must go on doing what it did on the day it was written, so it runs this frozen text and not the models.
Freeze a revision again only as long as nobody has a database made by it.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import create_mock_engine

from inventory import models

VERSIONS = Path(__file__).resolve().parent.parent / "migrations" / "versions"
DIALECTS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}


def schema_sql(dialect: str) -> str:
    """Return the statements that make all tables and indexes, in an order in which they can run, each ended by `;`."""
    statements: list[str] = []

    def keep(statement: Any, *_: Any, **__: Any) -> None:
        lines = str(statement.compile(dialect=engine.dialect)).strip().splitlines()
        statements.append("\n".join(line.rstrip().replace("\t", "    ") for line in lines))

    engine = create_mock_engine(DIALECTS[dialect], keep)
    models.Base.metadata.create_all(engine, checkfirst=False)
    if any(";" in statement for statement in statements):
        raise ValueError("a statement holds a semicolon, by which the file is split")
    ordered = [
        statement
        for is_index, run in itertools.groupby(statements, lambda one: " INDEX " in one.split("(")[0])
        for statement in (sorted(run) if is_index else run)  # SQLAlchemy keeps a table's indexes in a set.
    ]
    return "".join(f"{statement};\n\n" for statement in ordered)


def main() -> None:
    """Write both files."""
    revision = sys.argv[1] if len(sys.argv) > 1 else "2026_11_23_1800_spine"
    for dialect in DIALECTS:
        path = VERSIONS / f"{revision}.{dialect}.sql"
        path.write_text(
            f"-- {dialect}, written by tools/freeze_schema.py\n\n{schema_sql(dialect)}",
            encoding="utf-8",
        )
        print(path)


if __name__ == "__main__":
    main()
