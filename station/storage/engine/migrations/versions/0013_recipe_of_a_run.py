"""A training run keeps the recipe that gets its draft. Older ones went to the one that is named like the product."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE training_run ADD COLUMN recipe TEXT DEFAULT '' NOT NULL")
