"""Which frozen set a revision was validated on."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for name in ("recipe_sha256", "set_product", "set_version", "set_sha256"):
        op.add_column("recipe_validation", sa.Column(name, sa.Text(), server_default="", nullable=False))
