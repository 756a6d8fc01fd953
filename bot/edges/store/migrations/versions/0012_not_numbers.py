"""Find the few runs that measured NaN by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SOME_NAN = sa.text("not_numbers <> '[]'")


def upgrade() -> None:
    """Take the step."""
    op.create_index("ix_runs_not_numbers", "runs", ["id"], sqlite_where=SOME_NAN, postgresql_where=SOME_NAN)
