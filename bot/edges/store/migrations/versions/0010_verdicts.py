"""Find comparable runs by an index, and keep verdicts, regressions and what people decided of them."""

import sqlalchemy as sa
from alembic import op

from bot.edges.store.rows import comparable_columns, run_of
from bot.edges.store.tables import runs

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 1000


def upgrade() -> None:
    """Take the step."""
    op.add_column("runs", sa.Column("settled", TEXT, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("replicates", TEXT, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("not_numbers", TEXT, nullable=False, server_default="[]"))
    _fill()
    op.create_index(
        "ix_runs_experiment_settled_newest_first_run_id",
        "runs",
        ["experiment", "settled", "newest_first", "run_id"],
    )
    _verdicts()
    _incidents()
    _rulings()


def _fill() -> None:
    """Work out the new columns from the runs that are there."""
    connection = op.get_bind()
    last = 0
    page = sa.select(runs.c.id, runs.c.details).where(runs.c.id > sa.bindparam("last")).order_by(runs.c.id)
    fill = runs.update().where(runs.c.id == sa.bindparam("row"))
    while rows := connection.execute(page.limit(AT_ONCE), {"last": last}).all():
        filled = [{"row": row.id, **comparable_columns(run_of(row.details, ""))} for row in rows]
        connection.execute(fill, filled)
        last = rows[-1].id


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("experiment_id", TEXT, nullable=False),
        sa.Column("lineage", TEXT, nullable=False),
        sa.Column("newest_first", sa.BigInteger(), nullable=False),
        sa.Column("word", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("metrics", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "run_id", name="pk_verdicts"),
    )
    lineage = ["tracker", "experiment_id", "lineage"]
    op.create_index(
        "ix_verdicts_tracker_experiment_id_lineage_newest_first_run_id",
        "verdicts",
        [*lineage, "newest_first", "run_id"],
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("experiment_id", TEXT, nullable=False),
        sa.Column("lineage", TEXT, nullable=False),
        sa.Column("metric", TEXT, nullable=False),
        sa.Column("first", TEXT, nullable=False),
        sa.Column("phase", TEXT, nullable=False),
        sa.Column("home", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("alarmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sqlite_autoincrement=True,
    )
    lineage = ["tracker", "experiment_id", "lineage"]
    op.create_index("ix_incidents_tracker_experiment_id_lineage_id", "incidents", [*lineage, "id"])
    op.create_index("ix_incidents_tracker_home", "incidents", ["tracker", "home"])
    op.create_index("ix_incidents_phase_at", "incidents", ["phase", "at"])
    op.create_index("ix_incidents_at", "incidents", ["at"])


def _rulings() -> None:
    whole = ["tracker", "experiment_id", "act", "lineage", "metric", "run_id"]
    op.create_table(
        "rulings",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("tracker", TEXT, nullable=False),
        sa.Column("experiment_id", TEXT, nullable=False),
        sa.Column("lineage", TEXT, nullable=False),
        sa.Column("metric", TEXT, nullable=False),
        sa.Column("run_id", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rulings"),
        sa.UniqueConstraint(*whole, name="uq_rulings_tracker_experiment_id_act_lineage_metric_run_id"),
        sqlite_autoincrement=True,
    )
