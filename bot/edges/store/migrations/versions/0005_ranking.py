"""Rank the runs of an experiment from an index, and keep which way people said that a metric gets better."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILL = "UPDATE run_metrics SET experiment = (SELECT runs.experiment FROM runs WHERE runs.id = run_metrics.run)"


def upgrade() -> None:
    """Take the step."""
    op.add_column("run_metrics", sa.Column("experiment", ID, nullable=False, server_default="0"))
    op.execute(FILL)
    op.create_index("ix_run_metrics_experiment_key_value", "run_metrics", ["experiment", "key", "value"])
    op.create_table(
        "directions",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("experiment_id", TEXT, nullable=False),
        sa.Column("metric", TEXT, nullable=False),
        sa.Column("better", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tracker", "experiment_id", "metric", name="pk_directions"),
    )
    op.create_index("ix_directions_metric", "directions", ["metric"])
