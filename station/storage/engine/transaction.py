"""The transaction in which a thread writes, and the parts that belong to it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection

from station.domain.errors import StorageError


class Transaction:
    """One that writes; for one thread.

    Attributes:
        connection: Where it reads and writes.
        afterwards: What follows when it is durable.
    """

    def __init__(self, connection: Connection, faults_named: Callable[[], AbstractContextManager[None]]) -> None:
        """Make it of one that was begun.

        Args:
            connection: Where it reads and writes.
            faults_named: Turns what the driver reports into a sentence for people.
        """
        self.connection = connection
        self._faults_named = faults_named
        self.afterwards: list[Callable[[], None]] = []
        self._refused: StorageError | None = None

    @contextmanager
    def joined(self) -> Iterator[Connection]:
        """A part of it. If a rule of the tables is broken there, this part alone is undone, and the caller may go on.

        What should have followed this part does not follow then.

        A disk that refuses a part refuses the whole: the engine may have undone all of it, so nothing may follow.

        Raises:
            StorageError: The disk refused this part, or one before.
        """
        self.require_whole()
        part, before = self.connection.begin_nested(), len(self.afterwards)
        try:
            with self._faults_named():
                yield self.connection
        except StorageError as error:
            self._refused = error
            raise
        except BaseException:
            part.rollback()
            del self.afterwards[before:]
            raise
        part.commit()

    def require_whole(self) -> None:
        """Raise what a part was refused with, also if somebody has caught it."""
        if self._refused is not None:
            raise self._refused


class OfThread(threading.local):
    """The open transaction of each thread; None outside of one."""

    transaction: Transaction | None = None
