"""Bytes of removed files that the file system has not freed yet: some free space seconds later, or never."""

import time
from collections.abc import Callable

_PATIENCE_S, _MOST_PATIENCE_S = 60.0, 3600.0


class FreedLate:
    """Remembers what was removed until the free space has grown by as much. For one thread.

    Without it everything would be given up: a file system that frees space in the background (Btrfs, ZFS, a network
    share) looks as full after the removal as before. What has not come after a minute is waited for no longer; if
    nothing came at all, as with a snapshot that holds the files, the next wait is twice as long, up to an hour.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet; `clock` counts seconds."""
        self._clock = clock
        self._awaited = 0
        self._seen: int | None = None
        self._removed_at = 0.0
        self._patience_s = _PATIENCE_S

    def removed(self, size: int) -> None:
        """Note that files of this size, bytes, were removed now."""
        self._awaited += size
        self._removed_at = self._clock()

    def awaited(self, free: int) -> int:
        """Return the bytes that are still to come, by what is free now."""
        if self._seen is not None and free > self._seen and self._awaited:
            self._awaited = max(0, self._awaited - (free - self._seen))
            self._patience_s = _PATIENCE_S
        self._seen = free
        if self._awaited and self._clock() - self._removed_at > self._patience_s:
            self._awaited = 0
            self._patience_s = min(2 * self._patience_s, _MOST_PATIENCE_S)
        return self._awaited
