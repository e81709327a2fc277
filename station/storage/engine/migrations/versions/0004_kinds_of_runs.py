"""A run says what it was for, where its pictures came from, and which number its first part has.

The runs of older versions were counted as production; their parts are numbered from 1. Columns are added in place:
a table that is made again would lose its AUTOINCREMENT, and rows that refer to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    "kind TEXT DEFAULT 'production' NOT NULL "
    "CONSTRAINT ck_run_kind_known CHECK (kind IN ('production', 'trial', 'challenge'))",
    "pictures TEXT DEFAULT 'camera' NOT NULL "
    "CONSTRAINT ck_run_pictures_known CHECK (pictures IN ('camera', 'stored', 'simulated'))",
    "first_number {whole} DEFAULT '1' NOT NULL CONSTRAINT ck_run_numbered_from_one CHECK (first_number >= 1)",
)


def upgrade() -> None:
    whole = WHOLE.compile(op.get_bind().dialect)
    for column in COLUMNS:
        op.execute(f"ALTER TABLE run ADD COLUMN {column.format(whole=whole)}")
    for kind, origin in (("replay", "stored"), ("simulated", "simulated")):
        # The source is written as "simulated:flange", or with several cameras as "top=simulated:flange, side=...".
        op.execute(
            f"UPDATE run SET pictures = '{origin}' "  # noqa: S608 - both words are written above
            f"WHERE camera LIKE '{kind}:%' OR camera LIKE '%={kind}:%'"
        )
