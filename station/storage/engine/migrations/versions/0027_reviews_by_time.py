"""An index of the parts with the verdict REVIEW alone: a start of the line asks for those that nobody answered."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

REVIEW = sa.text("verdict = 'REVIEW'")


def upgrade() -> None:
    op.create_index(
        "ix_part_review_triggered_at", "part", ["triggered_at"], sqlite_where=REVIEW, postgresql_where=REVIEW
    )
