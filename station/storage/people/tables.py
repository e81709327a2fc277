"""The table of the audit trail. The database itself refuses to change or remove an entry."""

from datetime import datetime

from sqlalchemy import DDL, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from station.storage.engine.dialects import sqlite
from station.storage.engine.schema import Tables, table_arguments


class AuditRow(Tables):
    """One entry of the audit trail; see `station.domain.audit.AuditEntry`."""

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


for _statement in sqlite.append_only(AuditRow.__tablename__, "number"):
    event.listen(AuditRow.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]
