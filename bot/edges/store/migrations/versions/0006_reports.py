"""Add test reports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYS = (
    "source",
    "report_id",
    "test_run",
    "repository",
    "name",
    "branch",
    "git_commit",
    "pipeline",
    "run",
    "model",
)
SOUGHT = ("test_run", "git_commit", "pipeline", "run", "model", "at")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "reports",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in KEYS),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("shards", sa.Integer(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("counts", TEXT, nullable=False),
        sa.Column("cases", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_index("ix_reports_source_report_id", "reports", ["source", "report_id"], unique=True)
    op.create_index("ix_reports_branch_name_at", "reports", ["branch", "name", "at"])
    for column in SOUGHT:
        op.create_index(f"ix_reports_{column}", "reports", [column])
