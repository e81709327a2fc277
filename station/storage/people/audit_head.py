"""The newest entry of the audit trail, kept in a file beside the database: so a trail that was cut off shows it.

The order of a crash: an entry is committed first, and the head follows. So the head may be behind the table, never
before it; a table that ends before the head was cut off.
"""

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from station.concurrency.file_lock import locked_within, opened_lock
from station.domain.audit_chain import START, Link
from station.domain.disk import reason_of
from station.domain.errors import StorageError
from station.workspace import write_atomically

_log = logging.getLogger(__name__)
_TRIES = 100
_HASH = re.compile("[0-9a-f]{64}")
MOST_ENTRIES = 2**62
"""More than this number of entries was never written; the next one still fits into a column."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says.

    Attributes:
        newest: The newest entry.
        verified: The last entry up to which the trail was verified.
    """

    newest: Link = START
    verified: Link = START


class HeadUnreadableError(StorageError):
    """There is no head, or it is not what the station wrote."""

    advice = "Somebody or the disk changed it. Compare the audit trail with an earlier copy of the workspace."


class AuditHead:
    """The file. Safe from any thread, and from several programs on one workspace."""

    def __init__(self, path: Path, *, changes: bool = True) -> None:
        """Use the file at `path`.

        Args:
            path: The file.
            changes: Let it follow new entries; not beside records of which a copy is read that is thrown away.
        """
        self._path = path
        self._changes = changes
        self._turn = threading.Lock()
        self._failed = False

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self._path.name

    def read(self) -> Head | None:
        """Return what the file says; None if there is no file.

        Raises:
            HeadUnreadableError: It cannot be read, or is not what the station wrote.
        """
        try:
            said = json.loads(self._path.read_bytes())
            return Head(_link(said["newest"]), _link(said["verified"]))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise HeadUnreadableError(f"{self._path.name} cannot be read: {reason_of(error)}.") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise HeadUnreadableError(f"{self._path.name} is not what the station wrote.") from error

    def begin(self) -> None:
        """Write the head of an audit trail without entries.

        Raises:
            StorageError: The disk refused it.
        """
        if not self._changes:
            return
        try:
            self._write(Head())
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {reason_of(error)}.") from error

    def advance(self, newest: Link) -> None:
        """Let the file name this entry, unless it names a later one.

        The entry is in the database already. So a disk that refuses the file is logged, once: the head stays behind,
        and follows with the next entry.
        """
        self._change(lambda head: head if head.newest.number >= newest.number else replace(head, newest=newest))

    def mark_verified(self, verified: Link) -> None:
        """Note up to which entry the audit trail was verified; without this note it is verified once more."""
        self._change(lambda head: replace(head, verified=verified))

    def _change(self, changed: Callable[[Head], Head]) -> None:
        if not self._changes:
            return
        with self._turn, self._locked():
            before = self._now()
            after = changed(before)
            if after == before and self._path.exists():
                return
            try:
                self._write(after)
                self._failed = False
            except OSError as error:
                if not self._failed:
                    _log.error("%s cannot be written: %s", self._path, reason_of(error))
                self._failed = True

    def _now(self) -> Head:
        """Return what the file says; one that cannot be read is replaced: the audit trail has an entry of it then."""
        with suppress(HeadUnreadableError):
            return self.read() or Head()
        return Head()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Wait for other programs. On a disk that cannot lock, the head may stay behind by their entries."""
        handle = None
        try:
            with suppress(OSError):
                handle = opened_lock(self._path.with_name(f".{self._path.name}.lock"))
                locked_within(handle, _TRIES)
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def _write(self, head: Head) -> None:
        write_atomically(self._path, (json.dumps(asdict(head)) + "\n").encode())


def _link(said: dict[str, object]) -> Link:
    number, digest = said["number"], said["hash"]
    if not isinstance(number, int) or not isinstance(digest, str):
        raise TypeError("neither number nor hash")
    if not (0 <= number <= MOST_ENTRIES and _HASH.fullmatch(digest)):
        raise ValueError("no entry has this number and this hash")
    return Link(number, digest)
