"""Add what was fetched about pairs of runs, and what code hosts answered."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "evidence",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("other_tracker", TEXT, nullable=False),
        sa.Column("other_id", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "run_id", "other_tracker", "other_id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_at", "evidence", ["at"])
    op.create_table(
        "code_answers",
        sa.Column("question", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("etag", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_code_answers"),
    )
    op.create_index("ix_code_answers_at", "code_answers", ["at"])
