"""The most memory that this process has had."""

import re
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_MOST = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def most_memory_mb() -> float | None:
    """Return it in 10^6 bytes; None if the system does not say. Pages that other processes share count too.

    Linux's `getrusage` says more: a new program begins with the most memory of the process that started it, and a
    station that has opened several models has more than most trainings need.
    """
    if sys.platform == "win32":
        return None
    if _STATUS.is_file():
        found = _MOST.search(_STATUS.read_text("ascii", "replace"))
        return round(int(found[1]) * 1024 / 1e6, 1) if found else None
    import resource  # noqa: PLC0415 - Windows has none

    of_system = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(of_system * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
