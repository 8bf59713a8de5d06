"""Papers are found by the code that is read aloud, and the English print of one is kept like the Chinese.

Papers issued before have no code here: it follows from the secret key of the office, which no migration reads. They
are found by computing their codes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_2140"
down_revision = "2026_11_23_1800"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; the check stands with its column, so that SQLite need not rebuild the table."""
    op.execute(
        "ALTER TABLE paper ADD COLUMN code VARCHAR(12) CONSTRAINT ck_paper_code_length CHECK (length(code) <= 12)"
    )
    op.add_column("paper", sa.Column("sha256_pdf_en", sa.LargeBinary(), nullable=True))
    op.create_index("ix_paper_code", "paper", ["code"])


def downgrade() -> None:
    """Refuse: there is no way back but the backup."""
    raise NotImplementedError("There is no way back from this revision. Restore the backup instead.")
