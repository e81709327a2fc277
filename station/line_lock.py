"""One running line per workspace, in whichever program."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.domain.errors import BadInputError


class LineBusyError(BadInputError):
    """Another program runs the line of this workspace."""

    advice = "Stop the line there, or choose another workspace."
    for_operator = "Another program runs the line. Call the engineer."


@contextmanager
def line_lock(root: Path) -> Iterator[None]:
    """Lock the line of the workspace at `root`. The system releases the lock when the process ends, even in a crash.

    Raises:
        LineBusyError: Another program holds the lock.
    """
    handle = os.open(root / ".line.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _locked(handle):
            raise LineBusyError(f"Another program is running the line of {root}.")
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
