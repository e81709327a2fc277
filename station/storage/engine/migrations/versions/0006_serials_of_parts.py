"""A part keeps its own number, as it was scanned. The parts of older versions have none."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # In place: a table that is made again would lose the rows that refer to it.
    op.execute("ALTER TABLE part ADD COLUMN serial TEXT DEFAULT '' NOT NULL")
