"""Where new entries of the audit trail go: behind the newest one, or into a file if the table is damaged."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DatabaseError

from station.domain.audit import AuditAction, AuditEntry, AuditFact
from station.domain.audit_chain import START, Link, entry_hash
from station.domain.errors import StorageError
from station.storage.engine.both_dialects import fault_of_content, stored_bytes
from station.storage.engine.column_types import microseconds, storable
from station.storage.people.audit_aside import AuditAside
from station.storage.people.audit_head import MOST_ENTRIES, AuditHead, HeadUnreadableError
from station.storage.people.tables import AuditRow

STORED_HASH = stored_bytes(AuditRow.hash)


@dataclass(slots=True)
class Chain:
    """What belongs to the chain besides its table.

    Attributes:
        head: The newest entry, kept outside of the table.
        aside: What a damaged table cannot take.
        station: Name of the station, for new entries.
        on_damage: Called with the reason when the table takes no more entries.
        damage: The reason; "" if it takes them.
    """

    head: AuditHead
    aside: AuditAside
    station: str
    on_damage: Callable[[str], None] = lambda _: None
    damage: str = ""

    def give_up(self, why: str) -> None:
        """Write no entry into the table any more, as long as this program runs."""
        if not self.damage:
            self.damage = why
            self.on_damage(why)

    def keep_aside(self, fact: AuditFact) -> AuditEntry:
        """Keep an entry in the file; the first entry there says why.

        Raises:
            StorageError: The disk refused it.
        """
        if not self.aside.entries():
            cause = AuditFact(fact.at, "", AuditAction.CHAIN_BROKEN, "audit trail", new=self.damage)
            self.aside.add(partial(entry_behind, cause, self.station))
        return self.aside.add(partial(entry_behind, fact, self.station))


class Appending:
    """A transaction that appends entries.

    Attributes:
        connection: For whatever else is written in this transaction.
        newest: The last entry that was appended; None before the first.
    """

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self.connection = connection
        self.newest: Link | None = None
        self._chain = chain

    def append(self, fact: AuditFact) -> AuditEntry:
        """Append an entry behind the newest one, or behind the head if the table ends before it.

        So entries that were cut off are missing for good: their numbers are not given to others. What a damaged table
        cannot take is kept aside: the line must not stop because somebody has changed the table.

        Raises:
            StorageError: The disk refused it, or the head of an empty audit trail could not be written. Or the table
                is damaged, and nothing more can be written in this transaction; the next one keeps its entries aside.
        """
        try:
            return self._chain.keep_aside(fact) if self._chain.damage else self._append(fact)
        except DatabaseError as error:
            if not (why := fault_of_content(error)):
                raise
            self._chain.give_up(f"The table of the audit trail cannot be written: {why}.")
            raise StorageError(self._chain.damage) from error
        except _NoNumberLeftError as error:
            self._chain.give_up(str(error))
            return self._chain.keep_aside(fact)

    def _append(self, fact: AuditFact) -> AuditEntry:
        if self.newest is None:
            newest, problem = _end_of_chain(newest_link(self.connection), self._chain.head)
            if newest.number >= MOST_ENTRIES:
                raise _NoNumberLeftError(f"Entry {newest.number} was changed: no entry has this number.")
            self.newest = newest
            if problem:
                self._insert(AuditFact(fact.at, "", AuditAction.CHAIN_BROKEN, "audit trail", new=problem))
        return self._insert(fact)

    def _insert(self, fact: AuditFact) -> AuditEntry:
        assert self.newest is not None
        entry = entry_behind(fact, self._chain.station, self.newest)
        self.connection.execute(insert(AuditRow), asdict(entry))
        self.newest = Link(entry.number, entry.hash)
        return entry


class _NoNumberLeftError(Exception):
    """The newest entry has a number that the station did not give."""


def newest_link(connection: Connection) -> Link:
    """Return the place of the newest entry in the table."""
    newest = select(AuditRow.number, STORED_HASH.label("hash")).order_by(AuditRow.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return START if row is None else Link(row.number, row.hash.decode(errors="replace"))


def _end_of_chain(newest: Link, head: AuditHead) -> tuple[Link, str]:
    """Return the place behind which the next entry comes, and what is wrong there; "" if nothing is."""
    try:
        said = head.read()
    except HeadUnreadableError as error:
        return newest, error.sentence
    if said is None:
        if newest != START:
            return newest, f"{head.name} was missing."
        head.begin()
        return newest, ""
    if said.newest.number > newest.number:
        return said.newest, f"The entries after {newest.number} were missing, up to {said.newest.number}."
    if said.newest.number == newest.number and said.newest != newest:
        return said.newest, f"Entry {newest.number} was changed."
    return newest, ""


def entry_behind(fact: AuditFact, station: str, after: Link) -> AuditEntry:
    """Return the entry of a fact behind this one, with its texts as the database keeps them."""
    number, previous = after.number + 1, after.hash
    said = (fact.person, station, fact.action.value, fact.subject, fact.old, fact.new, fact.reason)
    texts = [*(storable(text) for text in said), previous]
    digest = entry_hash(number, microseconds(fact.at), [text.encode() for text in texts])
    person, at_station, action, subject, old, new, reason, previous = texts
    return AuditEntry(number, fact.at, person, at_station, action, subject, old, new, reason, previous, digest)
