"""The print of a paper in both languages is kept like the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_2210"
down_revision = "2026_11_23_2140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("paper", sa.Column("sha256_pdf_both", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Refuse: there is no way back but the backup."""
    raise NotImplementedError("There is no way back from this revision. Restore the backup instead.")
