"""A REVIEW that nobody answered ended as a dispute by a person called "time limit". Now it has its own value."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # A person could not take this name: until now nobody could enter one, and linesidectl writes no disputes.
    op.execute(
        "UPDATE dispute SET claim = 'review timed out', reason = '', person = '' "
        "WHERE claim = 'confirmed' AND reason = 'time limit' AND person = 'time limit'"
    )
