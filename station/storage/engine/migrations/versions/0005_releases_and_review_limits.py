"""A release says when it reaches a running line, and a part names the limit of its REVIEW.

Old releases never reached a running line: they took effect at its next start. Old parts do not name the limit; it is
in their recipe.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.execute("ALTER TABLE recipe_state ADD COLUMN takes_effect TEXT DEFAULT 'next-start' NOT NULL")
    op.execute(f"ALTER TABLE part_view ADD COLUMN review_threshold {NUMBER.compile(op.get_bind().dialect)}")
