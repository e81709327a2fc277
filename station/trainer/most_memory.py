"""The most memory that this process has had."""

import sys


def most_memory_mb() -> float | None:
    """Return it in 10^6 bytes; None if the system does not say. Pages that other processes share count too."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - Windows has none

    of_system = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(of_system * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
