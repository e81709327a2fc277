"""What still has to be sent, and how far the plant is. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class UnsentRow(Tables):
    """A row that was added, changed or removed since the journal was begun; kept a while after it was sent.

    `row_key` is JSON, the values of its key; `is_new` is 1 if it was added.
    """

    __tablename__ = "unsent"
    __table_args__ = table_arguments(
        CheckConstraint("is_new IN (0, 1)", name="new_or_not"),
        never_reuse_ids=True,
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str]
    row_key: Mapped[str]
    is_new: Mapped[int]


class SentBatchRow(Tables):
    """On the station, each batch of late that was on its way; `step` is the last one of the journal in it.

    The token is a random word, which the plant keeps with what it has received: so both know how far it is, also if an
    answer was lost, or the server has lost what it had acknowledged.
    """

    __tablename__ = "sent_batch"
    __table_args__ = table_arguments(never_reuse_ids=True)

    number: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    step: Mapped[int]


class SendingRow(Tables):
    """On the station, a single row while it has a plant: what it has sent, and why it cannot send now.

    `sent_step` is the last step of the journal that was received; those up to `forgotten_step` are no longer kept.
    """

    __tablename__ = "sending"
    __table_args__ = table_arguments(CheckConstraint("number = 1", name="one_row"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_step: Mapped[int]
    forgotten_step: Mapped[int]
    sent_at: Mapped[datetime | None]
    copied: Mapped[int]
    problem: Mapped[str]
    advice: Mapped[str]
    problem_since: Mapped[datetime | None]


class ReceivedRow(Tables):
    """In the schema of the plant, a single row: the last batch that it has received, and how far the first copy is.

    `copying` is the table that is being copied, "" when all are; `copied_key` is JSON, "" before its first row.
    """

    __tablename__ = "received"
    __table_args__ = table_arguments(CheckConstraint("number = 1", name="one_row"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str]
    step: Mapped[int]
    copying: Mapped[str]
    copied_key: Mapped[str]
    station: Mapped[str]
    at: Mapped[datetime]
