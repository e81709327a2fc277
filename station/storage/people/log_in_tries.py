"""Failed log-ins in a row: counted before the PIN is looked at, so neither a crash nor a second program forgets one."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from station.domain.errors import StorageError
from station.storage.engine.database import Database
from station.storage.people.tables import LogInTryRow

Wait = Callable[[int, datetime, datetime], timedelta]
"""Says for failures in a row, the time of the last and now, how long to wait."""
Counting = Callable[[int, datetime, datetime], int]
"""Says for the same how many of the failures count."""
_NO_WAIT = timedelta(0)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failures:
    """Failed tries in a row, and when the last one was, UTC."""

    count: int
    last_at: datetime


class LogInTries:
    """Counts the tries of each subject: an account, or whatever else somebody tried to log in by.

    While the disk refuses to write, the tries are counted in memory, beginning with what the records say: whoever
    is to make room must be able to log in. Safe from any thread.
    """

    def __init__(self, database: Database, wait: Wait, counting: Counting) -> None:
        self._database, self._wait, self._counting = database, wait, counting
        self._unwritten: dict[str, _Failures] = {}
        self._turn = threading.Lock()

    def begin(self, subject: str, now: datetime) -> timedelta:
        """Count one more failure, unless it is too early for a try. Return how long to wait; zero: it may be tried.

        Raises:
            StorageError: The records cannot be read, so nobody can log in.
        """
        row = LogInTryRow
        try:
            with self._database.writing() as connection:
                found = connection.execute(select(row.failures, row.last_at).where(row.subject == subject)).first()
                before = self._unwritten.get(subject) or (_Failures(*found) if found else None)
                wait, after = self._tried(before, now)
                values = {"failures": after.count, "last_at": after.last_at}
                if found is None:
                    connection.execute(insert(row).values(subject=subject, **values))
                else:
                    connection.execute(update(row).where(row.subject == subject).values(values))
            self._unwritten.pop(subject, None)
        except StorageError as error:
            _log.warning("a try to log in is counted in memory: %s", error)
            with self._turn:
                wait, self._unwritten[subject] = self._tried(self._known(subject), now)
        return wait

    def succeed(self, subject: str) -> None:
        """Forget the failures: the right PIN was given."""
        try:
            with self._database.writing() as connection:
                connection.execute(update(LogInTryRow).where(LogInTryRow.subject == subject).values(failures=0))
            self._unwritten.pop(subject, None)
        except StorageError as error:
            _log.warning("a log-in is counted in memory: %s", error)
            with self._turn:
                if (before := self._known(subject)) is not None:
                    self._unwritten[subject] = _Failures(0, before.last_at)

    def failures(self, subject: str) -> int:
        """Return the failures in a row."""
        known = self._known(subject)
        return known.count if known else 0

    def _known(self, subject: str) -> _Failures | None:
        if (held := self._unwritten.get(subject)) is not None:
            return held
        row = LogInTryRow
        with self._database.reading() as connection:
            found = connection.execute(select(row.failures, row.last_at).where(row.subject == subject)).first()
        return _Failures(*found) if found else None

    def _tried(self, before: _Failures | None, now: datetime) -> tuple[timedelta, _Failures]:
        """Return how long to wait, and the failures after this try; one that comes too early does not count."""
        if before is None:
            return _NO_WAIT, _Failures(1, now)
        wait = self._wait(before.count, before.last_at, now)
        if wait > _NO_WAIT:  # if the clock was set back, the wait begins now, and not when it is right again
            return wait, _Failures(before.count, min(before.last_at, now))
        return _NO_WAIT, _Failures(self._counting(before.count, before.last_at, now) + 1, now)
