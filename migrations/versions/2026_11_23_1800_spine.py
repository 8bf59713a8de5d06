"""The spine: every table of the first release, from the SQL frozen beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "2026_11_23_1800"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements of this database's dialect."""
    connection = op.get_bind()
    text = Path(__file__).with_suffix(f".{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        lines = [line for line in statement.splitlines() if not line.startswith("--")]
        if "".join(lines).strip():
            connection.exec_driver_sql("\n".join(lines))


def downgrade() -> None:
    """Refuse: the ledger is never dropped."""
    raise NotImplementedError(
        "There is no way back from the first revision: it would drop the ledger. Restore the backup instead."
    )
