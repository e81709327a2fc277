"""The tables of people. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from station.storage.engine.both_dialects import keep_append_only
from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class AuditRow(Tables):
    """One entry of the audit trail, which the database keeps as it is; see `station.domain.audit.AuditEntry`."""

    __tablename__ = "audit_log"
    __table_args__ = table_arguments(Index(None, "at"), Index(None, "person"), Index(None, "action"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person: Mapped[str]
    station: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


keep_append_only(Tables.metadata.tables[AuditRow.__tablename__], "number")


class AccountRow(Tables):
    """The present state of an account. What became of it is in the rows of `account_step`.

    `roles` are words with a comma between; `folded` is the name as it is looked up; `key_id` recognises the secret of
    the workspace that the hashes were made with. No row holds a PIN or the code of a badge.
    """

    __tablename__ = "account"
    __table_args__ = table_arguments(
        CheckConstraint("disabled IN (0, 1)", name="disabled_or_not"),
        CheckConstraint("(badge_lookup IS NULL) = (badge_hash IS NULL)", name="badge_whole"),
        never_reuse_ids=True,
    )

    account_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    roles: Mapped[str]
    pin_hash: Mapped[str | None]
    badge_lookup: Mapped[str | None] = mapped_column(unique=True)
    badge_hash: Mapped[str | None]
    key_id: Mapped[str]
    disabled: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]


class AccountStepRow(Tables):
    """What was done to an account, by whom and why. Rows are only added."""

    __tablename__ = "account_step"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["account_id"], ["account.account_id"]),
        never_reuse_ids=True,
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    what: Mapped[str]
    roles: Mapped[str]
    person: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class LogInTryRow(Tables):
    """Failed log-ins in a row of an account, or of a group of names that do not exist; a success sets them to 0."""

    __tablename__ = "log_in_try"
    __table_args__ = table_arguments(CheckConstraint("failures >= 0", name="failures_counted"))

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
