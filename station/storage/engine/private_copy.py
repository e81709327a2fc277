"""A private copy of the records, for a disk on which they cannot be read where they lie."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from station.domain.disk import reason_of
from station.domain.errors import StorageError


@contextmanager
def private_copy(database: Path, log: Path) -> Iterator[Path]:
    """Copy the file, and its log if there is one, into a temporary folder that is removed in the end.

    Raises:
        StorageError: There is no room for it.
    """
    try:
        folder = TemporaryDirectory(prefix="lineside-records-")
    except OSError as error:
        raise _no_room(database, error) from error
    with folder as name:
        copy = Path(name) / database.name
        try:
            shutil.copyfile(database, copy)
            if log.exists():
                shutil.copyfile(log, copy.with_name(log.name))
        except OSError as error:
            raise _no_room(database, error) from error
        yield copy


def _no_room(database: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The records {database} can be read from a copy only, and none can be made: {reason_of(error)}.",
        "Set TMPDIR to a folder on another disk, or make room.",
    )
