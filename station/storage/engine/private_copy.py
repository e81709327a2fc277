"""A private copy of the records, for a disk on which they cannot be read where they lie."""

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from station.domain.disk import reason_of
from station.domain.errors import StorageError

_BLOCK, _LEAST = 1024 * 1024, 4096
_BAD_SECTOR = frozenset({errno.EIO, errno.EACCES})
"""By what a read of an open file fails at a bad sector; Windows has the second one."""


@contextmanager
def private_copy(database: Path, log: Path, *, past_bad_sectors: bool = False) -> Iterator[Path]:
    """Copy the file, and its log if there is one, into a temporary folder that is removed in the end.

    Args:
        database: The file.
        log: Its log.
        past_bad_sectors: What the disk does not give back becomes zeros.

    Raises:
        StorageError: There is no room for it.
    """
    try:
        folder = TemporaryDirectory(prefix="lineside-records-")
    except OSError as error:
        raise _no_room(database, error) from error
    with folder as name:
        copy, copied = Path(name) / database.name, _copied_past_bad_sectors if past_bad_sectors else shutil.copyfile
        try:
            copied(database, copy)
            if log.exists():
                copied(log, copy.with_name(log.name))
        except OSError as error:
            raise _no_room(database, error) from error
        yield copy


def _no_room(database: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The records {database} can be read from a copy only, and none can be made: {reason_of(error)}.",
        "Set TMPDIR to a folder on another disk, or make room.",
    )


def _copied_past_bad_sectors(source: Path, target: Path) -> None:
    with source.open("rb", buffering=0) as there, target.open("wb") as here:
        size = os.fstat(there.fileno()).st_size
        for start in range(0, size, _BLOCK):
            here.write(_block(there, start, min(_BLOCK, size - start)))


def _block(there: io.FileIO, start: int, length: int) -> bytes:
    """Return a block of a file, in ever smaller pieces if the disk does not give it back; zeros for the smallest."""
    try:
        there.seek(start)
        return there.read(length).ljust(length, b"\0")
    except OSError as error:
        if error.errno not in _BAD_SECTOR:
            raise
    if length <= _LEAST:
        return bytes(length)
    half = max(_LEAST, length // 2 // _LEAST * _LEAST)
    return _block(there, start, half) + _block(there, start + half, length - half)
