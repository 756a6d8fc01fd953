"""Add the outbox and what stands in Slack: posts, lanes, holds, cards, pipelines, replies and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    _outbox()
    _lanes()
    _holds()
    _cards()
    _pipelines()
    _replies()
    _reminders()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_version", sa.Integer(), nullable=False),
        sa.Column("sending_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("died_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ts", TEXT, nullable=False),
        sa.Column("channel_id", TEXT, nullable=False),
        sa.Column("thread_key", TEXT, nullable=False),
        sa.Column("broadcast", sa.Boolean(), nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("blocks", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("channel", "key", name="uq_outbox_channel_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_channel_id_ts", "outbox", ["channel_id", "ts"])
    op.create_index("ix_outbox_channel_thread_key", "outbox", ["channel", "thread_key"])
    op.create_index("ix_outbox_state_channel_next_at", "outbox", ["state", "channel", "next_at"])
    op.create_index("ix_outbox_subject", "outbox", ["subject"])


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_lanes"),
    )


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("method", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("method", "channel", name="pk_holds"),
    )


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("card_key", TEXT, nullable=False),
        sa.Column("experiment", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
    )
    op.create_index("ix_cards_channel_card_key", "cards", ["channel", "card_key"])
    op.create_index("ix_cards_channel_experiment_at", "cards", ["channel", "experiment", "at"])
    op.create_index("ix_cards_tracker_run_id_channel", "cards", ["tracker", "run_id", "channel"], unique=True)


def _pipelines() -> None:
    op.create_table(
        "pipelines",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("repository", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("branch", TEXT, nullable=False),
        sa.Column("git_commit", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_pipelines"),
    )
    op.create_index("ix_pipelines_git_commit", "pipelines", ["git_commit"])
    op.create_index("ix_pipelines_name_branch_updated", "pipelines", ["name", "branch", "updated"])
    op.create_index("ix_pipelines_updated", "pipelines", ["updated"])


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("channel_id", TEXT, nullable=False),
        sa.Column("ts", TEXT, nullable=False),
        sa.Column("thread_ts", TEXT, nullable=False),
        sa.Column("user", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "ts", name="pk_replies"),
    )
    op.create_index("ix_replies_channel_id_thread_ts", "replies", ["channel_id", "thread_ts"])


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "run_id", name="pk_reminders"),
    )
    op.create_index("ix_reminders_state_due_at", "reminders", ["state", "due_at"])
