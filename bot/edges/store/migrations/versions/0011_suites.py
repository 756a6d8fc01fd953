"""Keep what test runs changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "suite_diffs",
        sa.Column("test_run", TEXT, nullable=False),
        sa.Column("pipeline", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("test_run", name="pk_suite_diffs"),
    )
    op.create_index("ix_suite_diffs_pipeline", "suite_diffs", ["pipeline"])
    op.create_index("ix_suite_diffs_at", "suite_diffs", ["at"])
    op.create_index("ix_model_versions_run_id", "model_versions", ["run_id"])
