"""Add what only keeps account: firings, arrivals, tasks, people, subscriptions, audit and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    _fires()
    _arrivals()
    _tasks()
    _people()
    _subscriptions()
    _audit()
    _notices()


def _fires() -> None:
    op.create_table(
        "fires",
        sa.Column("job", TEXT, nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name="pk_fires"),
    )


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("source", TEXT, nullable=False),
        sa.Column("delivery_id", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "delivery_id", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_at", "arrivals", ["at"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("arguments", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_state_next_at_id", "tasks", ["state", "next_at", "id"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("mlflow_user", TEXT, nullable=False),
        sa.Column("slack_id", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mlflow_user", name="pk_people"),
    )
    op.create_index("ix_people_slack_id", "people", ["slack_id"])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("wish", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sqlite_autoincrement=True,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_notices"),
    )
