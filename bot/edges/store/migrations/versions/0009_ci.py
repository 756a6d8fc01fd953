"""Keep every state of a pipeline, its jobs, and pull requests."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.String(collation="C"), "postgresql")
COPY = """
INSERT INTO pipelines (
    subject, attempt, outcome, version, began, updated, provider, repository, name, branch, git_commit, details
)
SELECT subject, attempt, outcome, '', updated, updated, provider, repository, name, branch, git_commit, details
FROM pipelines_before
"""


def upgrade() -> None:
    """Take the step."""
    for index in ("git_commit", "name_branch_updated", "updated"):
        op.drop_index(f"ix_pipelines_{index}", table_name="pipelines")
    op.rename_table("pipelines", "pipelines_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE pipelines_before RENAME CONSTRAINT pk_pipelines TO pk_pipelines_before")
    _pipelines()
    op.execute(COPY)
    op.drop_table("pipelines_before")
    _jobs()
    _pull_requests()


def _pipelines() -> None:
    op.create_table(
        "pipelines",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("repository", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("branch", TEXT, nullable=False),
        sa.Column("git_commit", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("subject", "attempt", "outcome", name="pk_pipelines"),
    )
    op.create_index("ix_pipelines_git_commit", "pipelines", ["git_commit"])
    op.create_index("ix_pipelines_updated", "pipelines", ["updated"])
    line = ["repository", "branch", "name", "began"]
    op.create_index("ix_pipelines_repository_branch_name_began", "pipelines", line)


def _jobs() -> None:
    op.create_table(
        "pipeline_jobs",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("job_id", TEXT, nullable=False),
        sa.Column("told", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("subject", "attempt", "job_id", "told", name="pk_pipeline_jobs"),
    )


def _pull_requests() -> None:
    op.create_table(
        "pull_requests",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("head_commit", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("repository", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("subject", "head_commit", name="pk_pull_requests"),
    )
    op.create_index("ix_pull_requests_head_commit", "pull_requests", ["head_commit"])
