"""Entries that the table cannot take, because somebody or the disk damaged it: a chain of their own, in a file.

The line goes on, and what is done meanwhile is not lost. Each line of the file is one entry, as JSON; their numbers
begin at 1, and each has the hash of the one before, as in the table. A line that a power cut left half is not an entry.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from station.concurrency.file_lock import locked_within, opened_lock
from station.domain.audit import AuditEntry
from station.domain.audit_chain import START, ChainBreak, ChainCheck, Link, RawEntry
from station.domain.disk import reason_of
from station.domain.errors import StorageError
from station.storage.engine.column_types import microseconds
from station.workspace import sync_folder

_TRIES = 100


class AuditAside:
    """The file. Safe from any thread, and from several programs on one workspace."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`; it is made with the first entry."""
        self._path = path

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self._path.name

    def add(self, entry_after: Callable[[Link], AuditEntry]) -> AuditEntry:
        """Keep an entry durably.

        Args:
            entry_after: Returns the entry that follows the place in the chain that it is called with.

        Raises:
            StorageError: The disk refused it.
        """
        try:
            with self._locked(), self._path.open("ab+") as file:
                file.seek(0)
                content = file.read()
                entries = _read(content)
                entry = entry_after(Link(entries[-1].number, entries[-1].hash) if entries else START)
                torn = b"\n" if content and not content.endswith(b"\n") else b""
                file.write(torn + json.dumps(asdict(entry), default=datetime.isoformat).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if not content:
                sync_folder(self._path.parent)
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {reason_of(error)}.") from error
        return entry

    def entries(self) -> tuple[AuditEntry, ...]:
        """Return the entries, oldest first; none without the file.

        Raises:
            StorageError: The file cannot be read.
        """
        try:
            return tuple(_read(self._path.read_bytes()))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StorageError(f"{self._path} cannot be read: {reason_of(error)}.") from error

    def broken(self) -> ChainBreak | None:
        """Return the first broken link; None if every link holds.

        Raises:
            StorageError: The file cannot be read.
        """
        check = ChainCheck()
        check.follow(map(_raw, self.entries()))
        return check.broken

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = opened_lock(self._path.with_name(f".{self._path.name}.lock"))
        try:
            with suppress(OSError):  # a disk that cannot lock: two programs could begin the same number, which shows
                locked_within(handle, _TRIES)
            yield
        finally:
            os.close(handle)


def _read(content: bytes) -> list[AuditEntry]:
    return [entry for line in content.splitlines() if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> AuditEntry | None:
    """Return the entry in a line; None if it is half of one, or somebody has made it something else."""
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        said = json.loads(line)
        entry = AuditEntry(**said | {"at": datetime.fromisoformat(said["at"])})
        _raw(entry)  # every text is one that has a hash
        return entry if type(entry.number) is int else None
    return None


def _raw(entry: AuditEntry) -> RawEntry:
    texts = (entry.person, entry.station, entry.action, entry.subject, entry.old, entry.new, entry.reason)
    a, b, c, d, e, f, g = (text.encode() for text in texts)
    return entry.number, microseconds(entry.at), a, b, c, d, e, f, g, entry.previous_hash.encode(), entry.hash.encode()
