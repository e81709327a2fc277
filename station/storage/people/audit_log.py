"""The audit trail in the database: entries are appended, found and verified; none is ever changed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, func, select, type_coerce

from station.domain.audit import EVERYTHING, AuditEntry, AuditFact, AuditFilter
from station.domain.audit_chain import START, ChainBreak, ChainCheck, ChainState, Link, RawEntry
from station.domain.clock import utc_now
from station.storage.engine.both_dialects import stored_bytes
from station.storage.engine.database import Database
from station.storage.engine.declared import Mapped
from station.storage.engine.dialects.sqlite import DamagedDatabaseError
from station.storage.people.audit_appending import STORED_HASH, Appending, Chain, newest_link
from station.storage.people.audit_aside import AuditAside
from station.storage.people.audit_head import AuditHead, Head, HeadUnreadableError
from station.storage.people.tables import AuditRow

_TEXTS = (AuditRow.person, AuditRow.station, AuditRow.action, AuditRow.subject, AuditRow.old, AuditRow.new,
          AuditRow.reason, AuditRow.previous_hash, AuditRow.hash)  # fmt: skip
_RAW = (AuditRow.number, type_coerce(AuditRow.at, Integer()), *(stored_bytes(text) for text in _TEXTS))
_COLUMNS = tuple(getattr(AuditRow, field.name) for field in fields(AuditEntry))
HEAD_NAME = "audit.head"
ASIDE_NAME = "audit.aside"
_DAMAGED = "The audit trail cannot be read at its end: the database is damaged there."
_AT_START = 20_000
"""Entries that are verified when the station is opened: a fifth of a second."""


class AuditLog:
    """Appends to the audit trail and reads it. Safe from any thread, and from several programs on one workspace.

    Attributes:
        chain: What belongs to the chain besides the table: its head, and what a damaged table could not take.
    """

    def __init__(self, database: Database, head: AuditHead, station: str) -> None:
        """Use the table of a database.

        Args:
            database: The records.
            head: The newest entry, kept outside of them.
            station: Name of the station, for new entries.
        """
        self._database = database
        self._head = head
        self.chain = Chain(head, AuditAside(database.path.with_name(ASIDE_NAME)), station)

    @classmethod
    def beside(cls, database: Database, station: str) -> "AuditLog":
        """Return the audit trail of a database, with its head in the same folder."""
        head = AuditHead(database.path.with_name(HEAD_NAME), changes=not database.is_copy)
        return cls(database, head, station)

    def append(self, fact: AuditFact) -> AuditEntry:
        """Append one entry, durably.

        Raises:
            StorageError: The disk refused it.
        """
        with self.writing() as transaction:
            return transaction.append(fact)

    @contextmanager
    def writing(self) -> Iterator["Appending"]:
        """A transaction in which entries are appended, with whatever else this thread writes meanwhile.

        Raises:
            StorageError: The disk refused it. Nothing was changed.
        """
        with self._database.writing() as connection:
            transaction = Appending(connection, self.chain)
            yield transaction
        if transaction.newest is not None:
            self._database.when_durable(partial(self._head.advance, transaction.newest))

    @property
    def is_written(self) -> bool:
        """Return whether this thread is inside a transaction that writes."""
        return self._database.is_written

    def entries(
        self, wanted: AuditFilter = EVERYTHING, before: int | None = None, limit: int | None = None
    ) -> tuple[AuditEntry, ...]:
        """Return entries, newest first.

        Args:
            wanted: Which ones.
            before: Only those with a lower number.
            limit: At most this number of them; None for all.
        """
        rows = select(*_COLUMNS).where(*_conditions(wanted)).order_by(AuditRow.number.desc()).limit(limit)
        if before is not None:
            rows = rows.where(AuditRow.number < before)
        with self._database.reading() as connection:
            return tuple(AuditEntry(*row) for row in connection.execute(rows))

    def numbers(self, wanted: AuditFilter = EVERYTHING) -> tuple[int, ...]:
        """Return the numbers of entries, newest first: enough to show any number of them."""
        found = select(AuditRow.number).where(*_conditions(wanted)).order_by(AuditRow.number.desc())
        with self._database.reading() as connection:
            return tuple(connection.execute(found).scalars())

    def entries_of(self, numbers: Sequence[int]) -> tuple[AuditEntry, ...]:
        """Return the entries with these numbers, newest first."""
        found = select(*_COLUMNS).where(AuditRow.number.in_(numbers)).order_by(AuditRow.number.desc())
        with self._database.reading() as connection:
            return tuple(AuditEntry(*row) for row in connection.execute(found))

    def oldest_first(self, wanted: AuditFilter = EVERYTHING) -> Iterator[AuditEntry]:
        """Yield entries in their order, as they are read: also a million of them needs little memory."""
        rows = select(*_COLUMNS).where(*_conditions(wanted)).order_by(AuditRow.number)
        with self._database.reading() as connection:
            for row in connection.execute(rows.execution_options(yield_per=1000)):
                yield AuditEntry(*row)

    def count(self, wanted: AuditFilter = EVERYTHING) -> int:
        """Return the number of entries."""
        counted = select(func.count()).select_from(AuditRow).where(*_conditions(wanted))
        with self._database.reading() as connection:
            return connection.execute(counted).scalar_one()

    def newest_station(self) -> str:
        """Return the name of the station in the newest entry; "" without one."""
        newest = select(AuditRow.station).order_by(AuditRow.number.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar() or ""

    def people(self) -> tuple[str, ...]:
        """Return everybody who is named in an entry, by name; "" is the station itself."""
        return self._distinct(AuditRow.person)

    def actions(self) -> tuple[str, ...]:
        """Return every action that an entry has, by name."""
        return self._distinct(AuditRow.action)

    def verify(self, *, whole: bool = True) -> ChainState:
        """Follow the chain and compare its end with the head.

        Args:
            whole: From the first entry on; else from the last verified one on, and at most the next 20,000.
        """
        try:
            head = self._head.read()
        except HeadUnreadableError as error:
            return self._verified(Head(), whole=True, limit=None, head_is_wrong=error.sentence)
        if head is None:
            return self._verified(Head(), whole=True, limit=None, head_is_wrong=f"{self._head.name} is missing.")
        return self._verified(head, whole=whole, limit=None if whole else _AT_START)

    def _verified(self, head: Head, *, whole: bool, limit: int | None, head_is_wrong: str = "") -> ChainState:
        try:
            with self._database.reading() as connection:
                newest = newest_link(connection)
                after = START if whole or not _is_there(connection, head.verified) else head.verified
                check = ChainCheck(after, head.newest)
                check.follow(_raw_behind(connection, after, limit, at_once=1000))
        except DamagedDatabaseError:
            return self._verified_up_to_damage(head, whole=whole, limit=limit)
        if check.link.number == newest.number or newest.number < head.newest.number:
            check.end()
        broken = check.broken
        if broken is None and head_is_wrong and newest != START:
            broken = ChainBreak(newest.number, f"Entries after entry {newest.number} may be missing: {head_is_wrong}")
        return ChainState(check.link, newest.number, utc_now(), broken)

    def _verified_up_to_damage(self, head: Head, *, whole: bool, limit: int | None) -> ChainState:
        """Return what can be known of a table of which a part cannot be read; new entries are kept aside if they must.

        The entries are read one by one, so it is known which is the first that cannot be read.
        """
        check = ChainCheck(START if whole else head.verified, head.newest)
        is_read = False
        with suppress(DamagedDatabaseError), self._database.reading() as connection:
            is_read = check.follow(_raw_behind(connection, check.link, limit, at_once=1))
        newest = head.newest.number
        try:
            with self._database.reading() as connection:
                newest = newest_link(connection).number
        except DamagedDatabaseError:
            self.chain.give_up(_DAMAGED)
        first = newest if is_read else check.link.number + 1
        broken = check.broken or ChainBreak(first, f"Entry {first} cannot be read: the database is damaged there.")
        return ChainState(check.link, newest, utc_now(), broken)

    def verified(self) -> Link:
        """Return up to which entry the chain was verified when somebody noted it last."""
        with suppress(HeadUnreadableError):
            if (head := self._head.read()) is not None:
                return head.verified
        return START

    def mark_verified(self, state: ChainState) -> None:
        """Note up to which entry the chain holds, for the next start of the station."""
        self._head.mark_verified(state.verified)

    def _distinct(self, column: Mapped[str]) -> tuple[str, ...]:
        with self._database.reading() as connection:
            return tuple(connection.execute(select(column).distinct().order_by(column)).scalars())


def _raw_behind(connection: Connection, after: Link, limit: int | None, at_once: int) -> Iterator[RawEntry]:
    rows = select(*_RAW).where(AuditRow.number > after.number).order_by(AuditRow.number).limit(limit)
    with connection.execute(rows.execution_options(yield_per=at_once)) as found:
        raw: Iterable[Any] = found
        yield from raw


def _is_there(connection: Connection, link: Link) -> bool:
    if link == START:
        return True
    found: bytes | None = connection.execute(select(STORED_HASH).where(AuditRow.number == link.number)).scalar()
    return found == link.hash.encode()


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield AuditRow.at >= wanted.since
    if wanted.until is not None:
        yield AuditRow.at < wanted.until
    if wanted.person:
        yield AuditRow.person == wanted.person
    if wanted.action:
        yield AuditRow.action == wanted.action
    if wanted.subject:
        yield AuditRow.subject.icontains(wanted.subject, autoescape=True)
