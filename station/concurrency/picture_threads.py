"""How many threads read or encode pictures beside the line."""

import os

_MOST = 4
"""More would hold more large pictures in memory, and no disk would be faster for it."""


def picture_threads() -> int:
    """Return one for each core, at most four."""
    return min(_MOST, os.cpu_count() or 1)
