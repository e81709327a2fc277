"""A file that one process holds. The system releases it when the process ends, even in a crash."""

import errno
import os
import sys
import time
from pathlib import Path

_BETWEEN_TRIES_S = 0.02
_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


def opened_lock(path: Path) -> int:
    """Return the handle of a file to lock; it is made if it does not exist. Children do not inherit it.

    Raises:
        OSError: It cannot be opened.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


def locked_within(handle: int, tries: int) -> bool:
    """Return whether the lock could be had; who only looks whether it is held holds it for a moment, so try again.

    Raises:
        OSError: The disk cannot lock; a share without a lock service answers ENOLCK or ENOTSUP.
    """
    for attempt in range(tries):
        if try_lock(handle):
            return True
        if attempt + 1 < tries:
            time.sleep(_BETWEEN_TRIES_S)
    return False


def _not_held(error: OSError) -> bool:
    """Return False if another process holds the lock; else raise."""
    if error.errno in _HELD:
        return False
    raise error


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool:
        """Return whether the lock is this process's now.

        Raises:
            OSError: The disk cannot lock.
        """
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            return _not_held(error)
        return True
else:
    import fcntl

    def try_lock(handle: int) -> bool:
        """Return whether the lock is this process's now.

        Raises:
            OSError: The disk cannot lock.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return _not_held(error)
        return True
