"""Keep pinned baselines, and what registries tell of models that are baselines."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "pins",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("experiment_id", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pins_tracker_experiment_id_id", "pins", ["tracker", "experiment_id", "id"])
    op.create_table(
        "model_aliases",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("alias", TEXT, nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "model", "alias", name="pk_model_aliases"),
    )
    op.create_table(
        "model_versions",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "model", "version", name="pk_model_versions"),
    )
    op.create_index("ix_model_versions_tracker_model_place", "model_versions", ["tracker", "model", "place"])
