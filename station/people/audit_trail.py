"""The one call by which every change, and every access that matters, gets into the audit trail."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from station.domain.audit import AuditAction, AuditEntry, AuditFact, AuditFilter
from station.domain.clock import utc_now
from station.domain.errors import StorageError
from station.domain.recipe import RecipeEntry
from station.storage.people.audit_log import AuditLog

_log = logging.getLogger(__name__)
_MOST_WAITING = 10_000


class AuditTrail:
    """Writes what somebody did, with person, station and time. Safe from any thread, and beside other programs."""

    def __init__(
        self,
        log: AuditLog,
        person: Callable[[], str] = lambda: "",
        now: Callable[[], datetime] = utc_now,
        waiting: "Waiting | None" = None,
    ) -> None:
        """Write for the station itself.

        Args:
            log: Where the entries go.
            person: Returns who is working now; "" for the station itself.
            now: The wall clock, UTC.
            waiting: What waits for the disk, shared by all who write.
        """
        self._waiting = waiting or Waiting(log)
        self._log = log
        self._person = person
        self._now = now

    def signed_by(self, person: Callable[[], str]) -> "AuditTrail":
        """Return this trail for the commands that this person gives."""
        return AuditTrail(self._log, person, self._now, self._waiting)

    def find(self, wanted: AuditFilter) -> Iterator[AuditEntry]:
        """Yield entries, oldest first.

        Raises:
            StorageError: The database cannot be read.
        """
        return self._log.oldest_first(wanted)

    def of_actions(self, actions: Collection[AuditAction]) -> Collection[AuditEntry] | None:
        """Return every entry of these actions, also those that are kept aside; None if they cannot be read."""
        try:
            found = [entry for action in actions for entry in self._log.oldest_first(AuditFilter(action=action))]
            return [*found, *(entry for entry in self._log.chain.aside.entries() if entry.action in actions)]
        except StorageError as error:
            _log.warning("the audit trail cannot be read: %s", error)
            return None

    @contextmanager
    def together(self) -> Iterator[None]:
        """A transaction for a change in the database and its entry: both are durable when it ends, or neither is.

            with self._audit.together():
                entry = self._recipes.set_state(...)
                self._audit.record(...)

        Others who write wait meanwhile, so nothing slow belongs into it. What is done outside the database cannot be
        undone: do it before or afterwards, and `note` it.

        Raises:
            StorageError: The disk refused it. Nothing was changed.
        """
        self._waiting.write()
        try:
            with self._log.writing():
                yield
        finally:
            self._waiting.write_if_possible()  # what was noted meanwhile

    def record(
        self,
        action: AuditAction,
        subject: str,
        old: str = "",
        new: str = "",
        reason: str = "",
        *,
        person: str = "",
    ) -> AuditEntry:
        """Write one entry. It is on the disk when this returns; inside `together`, when that ends.

        Args:
            action: What was done.
            subject: To what, as people call it: "cookie@3", "run 12".
            old: The value before.
            new: The value afterwards.
            reason: Why.
            person: Who, if the command names somebody; else whoever is working now.

        Raises:
            StorageError: The disk refused it.
        """
        fact = self._fact(action, subject, (old, new, reason), person)
        self._waiting.write()
        return self._log.append(fact)

    def record_release(
        self, action: AuditAction, before: RecipeEntry | None, entry: RecipeEntry, signed: str
    ) -> AuditEntry:
        """Write that a revision was released, in whatever way.

        Args:
            action: The way.
            before: What was released until then; None if nothing was.
            entry: What is released now; its change names person and reason.
            signed: By whom, in words.

        Raises:
            StorageError: The disk refused it.
        """
        change, label = entry.change, entry.recipe.label
        old = before.recipe.label if before else ""
        new = f"{label}, {change.takes_effect}; {signed}"
        return self.record(action, label, old, new, change.reason, person=change.person)

    def note(
        self, action: AuditAction, subject: str, old: str = "", new: str = "", reason: str = "", *, person: str = ""
    ) -> None:
        """Write an entry of what is done already and changes nothing here, such as an export or a refused command.

        If the disk refuses it, it waits, and is written with the next entry: a report can be had from a full disk.
        """
        self._waiting.add(self._fact(action, subject, (old, new, reason), person))
        self._waiting.write_if_possible()

    def _fact(self, action: AuditAction, subject: str, said: tuple[str, str, str], person: str) -> AuditFact:
        old, new, reason = said
        return AuditFact(self._now(), person.strip() or self._person(), action, subject, old, new, reason.strip())


class Waiting:
    """Entries that wait for the disk. Safe from any thread."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._facts: deque[AuditFact] = deque()
        self._turn = threading.Lock()

    def add(self, fact: AuditFact) -> None:
        """Let an entry wait; of more than 10,000 the oldest is given up, and stays in the log of the program."""
        self._facts.append(fact)
        if len(self._facts) > _MOST_WAITING:
            _log.error("an entry of the audit trail is given up: %s", self._facts.popleft())

    def write(self) -> None:
        """Write everything that waits, oldest first.

        Raises:
            StorageError: The disk refused it; it goes on waiting.
        """
        if not self._facts or self._log.is_written:
            return  # inside a transaction they could come to nothing with it
        with self._turn:
            facts = tuple(self._facts)
            with self._log.writing() as transaction:
                for fact in facts:
                    transaction.append(fact)
            for _ in facts:
                self._facts.popleft()

    def write_if_possible(self) -> None:
        """Write everything that waits; what the disk refuses goes on waiting."""
        try:
            self.write()
        except StorageError as error:
            _log.warning("%d entries of the audit trail wait for the disk: %s", len(self._facts), error)
