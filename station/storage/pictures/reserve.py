"""Disk that is held free for records: a file without content, removed when the disk is full."""

import os
from pathlib import Path

_ZEROS = bytes(1024 * 1024)


class DiskReserve:
    """A file of a certain size. It holds the space against other programs, and against this one's pictures."""

    def __init__(self, path: Path, size: int) -> None:
        """Touch nothing on the disk yet.

        Args:
            path: The file.
            size: Bytes; 0 for no reserve.
        """
        self._path = path
        self.size = size

    @property
    def held(self) -> bool:
        """Return whether the space is held now."""
        try:
            return self._path.stat().st_size >= self.size
        except OSError:
            return self.size == 0

    def take(self) -> None:
        """Hold the space.

        Raises:
            OSError: The disk has not so much. What was held before is released.
        """
        if self.held:
            return
        try:
            with self._path.open("wb") as file:
                _allocate(file.fileno(), self.size)
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Give the space to whoever writes next.

        Raises:
            OSError: The disk failed.
        """
        self._path.unlink(missing_ok=True)


def _allocate(handle: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
        return
    for begin in range(0, size, len(_ZEROS)):
        os.write(handle, _ZEROS[: size - begin])
