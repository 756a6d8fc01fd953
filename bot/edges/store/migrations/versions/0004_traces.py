"""Add the last lines of runs that went wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "traces",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("artifact", TEXT, nullable=False),
        sa.Column("lines", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "run_id", name="pk_traces"),
    )
    op.create_index("ix_traces_at", "traces", ["at"])
