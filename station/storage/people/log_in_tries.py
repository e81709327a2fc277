"""Failed log-ins in a row: counted before the PIN is looked at, so neither a crash nor a second program forgets one."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from station.storage.engine.database import Database
from station.storage.people.tables import LogInTryRow

Wait = Callable[[int, datetime, datetime], timedelta]
"""Says for failures in a row, the time of the last and now, how long to wait."""
Counting = Callable[[int, datetime, datetime], int]
"""Says for the same how many of the failures count."""
_NO_WAIT = timedelta(0)


class LogInTries:
    """Counts the tries of each subject: an account, or whatever else somebody tried to log in by."""

    def __init__(self, database: Database, wait: Wait, counting: Counting) -> None:
        self._database, self._wait, self._counting = database, wait, counting

    def begin(self, subject: str, now: datetime) -> timedelta:
        """Count one more failure, unless it is too early for a try. Return how long to wait; zero: it may be tried.

        Raises:
            StorageError: The disk refused it, so nobody can log in.
        """
        row = LogInTryRow
        with self._database.writing() as connection:
            found = connection.execute(select(row.failures, row.last_at).where(row.subject == subject)).first()
            if found is None:
                connection.execute(insert(row).values(subject=subject, failures=1, last_at=now))
                return _NO_WAIT
            wait = self._wait(found.failures, found.last_at, now)
            if wait > _NO_WAIT:
                if found.last_at > now:  # the clock was set back: the wait begins now, and not when it is right again
                    connection.execute(update(row).where(row.subject == subject).values(last_at=now))
                return wait
            failures = self._counting(found.failures, found.last_at, now) + 1
            connection.execute(update(row).where(row.subject == subject).values(failures=failures, last_at=now))
        return _NO_WAIT

    def succeed(self, subject: str) -> None:
        """Forget the failures: the right PIN was given.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            connection.execute(update(LogInTryRow).where(LogInTryRow.subject == subject).values(failures=0))

    def failures(self, subject: str) -> int:
        """Return the failures in a row."""
        with self._database.reading() as connection:
            found = connection.execute(select(LogInTryRow.failures).where(LogInTryRow.subject == subject)).first()
        return found.failures if found else 0
