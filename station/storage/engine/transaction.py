"""The transaction in which a thread writes, and the parts that belong to it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from station.domain.errors import StorageError
from station.storage.engine.dialects import sqlite


class Transaction:
    """One that writes; for one thread.

    Attributes:
        connection: Where it reads and writes.
        afterwards: What follows when it is durable.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.afterwards: list[Callable[[], None]] = []
        self._refused: StorageError | None = None

    @contextmanager
    def joined(self, path: Path) -> Iterator[Connection]:
        """A part of it. If a rule of the tables is broken there, this part alone is undone, and the caller may go on.

        What should have followed this part does not follow then.

        A disk that refuses a part refuses the whole: the engine may have undone all of it, so nothing may follow.

        Args:
            path: The file, for the sentence.

        Raises:
            StorageError: The disk refused this part, or one before.
        """
        self.require_whole()
        part, before = self.connection.begin_nested(), len(self.afterwards)
        try:
            with sqlite.faults_named(path):
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
