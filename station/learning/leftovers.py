"""What a killed teaching left behind: nobody else removes it, and it holds copies of all pictures."""

import shutil
import time
from pathlib import Path

_OLD_S = 24 * 3600
"""No teaching takes a day: what is younger may belong to one that runs."""


def remove_leftovers(folder: Path, pattern: str) -> None:
    """Remove files and folders in `folder` that match `pattern` and are older than a day; what cannot be, stays.

    Args:
        folder: It may be missing.
        pattern: Of their names, as for `Path.glob`.
    """
    for path in folder.glob(pattern):
        if time.time() - _changed_at(path) < _OLD_S:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _changed_at(path: Path) -> float:
    """Return when it was changed last; the present time if it is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()
