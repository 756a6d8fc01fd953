"""Begin with the index: experiments, runs, what is searched in them, trackers, changes and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    _experiments()
    _runs()
    _run_params()
    _run_tags()
    _run_metrics()
    _trackers()
    _changes()
    _decisions()


def _experiments() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("experiment_id", TEXT, nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_folded", TEXT, nullable=False),
        sa.Column("tags", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiments"),
        sa.UniqueConstraint("tracker", "experiment_id", name="uq_experiments_tracker_experiment_id"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("experiment", ID, nullable=False),
        sa.Column("newest_first", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("stalled", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("has_metrics", sa.Boolean(), nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("parent_id", TEXT, nullable=False),
        sa.Column("git_commit", TEXT, nullable=False),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("last_sign", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_folded", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("tracker", "run_id", name="uq_runs_tracker_run_id"),
        sa.ForeignKeyConstraint(["experiment"], ["experiments.id"], name="fk_runs_experiment"),
    )
    op.create_index("ix_runs_ended", "runs", ["ended"])
    op.create_index("ix_runs_experiment_newest_first_run_id", "runs", ["experiment", "newest_first", "run_id"])
    op.create_index("ix_runs_git_commit", "runs", ["git_commit"])
    op.create_index("ix_runs_name_key_newest_first_run_id", "runs", ["name_key", "newest_first", "run_id"])
    op.create_index("ix_runs_newest_first_run_id", "runs", ["newest_first", "run_id"])
    op.create_index("ix_runs_owner_newest_first_run_id", "runs", ["owner", "newest_first", "run_id"])
    op.create_index("ix_runs_run_id", "runs", ["run_id"])
    op.create_index("ix_runs_stalled_newest_first_run_id", "runs", ["stalled", "newest_first", "run_id"])
    op.create_index("ix_runs_status_newest_first_run_id", "runs", ["status", "newest_first", "run_id"])
    op.create_index(
        "ix_runs_tracker_deleted_gone_status_run_id", "runs", ["tracker", "deleted", "gone", "status", "run_id"]
    )
    op.create_index("ix_runs_tracker_newest_first_run_id", "runs", ["tracker", "newest_first", "run_id"])
    op.create_index("ix_runs_tracker_parent_id_newest_first", "runs", ["tracker", "parent_id", "newest_first"])


def _run_params() -> None:
    op.create_table(
        "run_params",
        sa.Column("run", ID, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("whole", TEXT, nullable=True),
        sa.Column("folded", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("run", "key", name="pk_run_params"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_params_run", ondelete="CASCADE"),
    )
    op.create_index("ix_run_params_key_value", "run_params", ["key", "value"])


def _run_tags() -> None:
    op.create_table(
        "run_tags",
        sa.Column("run", ID, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("whole", TEXT, nullable=True),
        sa.Column("folded", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("run", "key", name="pk_run_tags"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_tags_run", ondelete="CASCADE"),
    )
    op.create_index("ix_run_tags_key_value", "run_tags", ["key", "value"])


def _run_metrics() -> None:
    op.create_table(
        "run_metrics",
        sa.Column("run", ID, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run", "key", name="pk_run_metrics"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_metrics_run", ondelete="CASCADE"),
    )
    op.create_index("ix_run_metrics_key_value", "run_metrics", ["key", "value"])


def _trackers() -> None:
    op.create_table(
        "trackers",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("followed_from", sa.BigInteger(), nullable=True),
        sa.Column("backfilled", sa.Boolean(), nullable=False),
        sa.Column("backfill_done", sa.Integer(), nullable=False),
        sa.Column("backfill_total", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("sweep_from", sa.BigInteger(), nullable=True),
        sa.Column("last_success", sa.BigInteger(), nullable=True),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("error_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_trackers"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_changes"),
    )
    op.create_index("ix_changes_at", "changes", ["at"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("change_key", TEXT, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("no", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("subscription", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_at", "decisions", ["at"])
    op.create_index("ix_decisions_tracker_run_id", "decisions", ["tracker", "run_id"])
