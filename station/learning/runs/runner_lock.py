"""One process that works off the queue of a workspace, at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.concurrency.file_lock import locked_within, opened_lock

_PATIENT_TRIES = 50


@contextmanager
def runner_lock(root: Path, tries: int = _PATIENT_TRIES) -> Iterator[bool]:
    """Hold the queue of the workspace at `root` in this block; yields False if another process holds it.

    Args:
        root: The workspace.
        tries: How often it is tried, 20 ms apart: a window holds it for a moment to look whether a runner lives.

    Raises:
        OSError: The disk cannot lock a file.
    """
    handle = opened_lock(root / ".training.lock")
    try:
        yield locked_within(handle, tries)
    finally:
        os.close(handle)
