"""What a process could leave behind: its children, threads, descriptors, and shared memory."""

import gc
import threading
import time
from collections import Counter
from functools import reduce
from operator import and_
from pathlib import Path

import psutil

LOOKS, LOOK_EVERY_S = 40, 0.01


def possessions() -> Counter[str]:
    """Count them. The recorder opens files for a moment: what is there at each of many looks counts."""
    gc.collect()
    looks = []
    for _ in range(LOOKS):
        looks.append(_seen_now())
        time.sleep(LOOK_EVERY_S)
    return reduce(and_, looks)


def _seen_now() -> Counter[str]:
    # Not those of the database: its pool opens one more connection when two threads happen to read at once.
    descriptors = [entry for entry in Path("/proc/self/fd").iterdir() if "station.db" not in _target(entry)]
    maps = Path("/proc/self/maps").read_text().splitlines()
    return Counter(
        {
            "processes": len(psutil.Process().children()),
            "threads": threading.active_count(),
            "descriptors": len(descriptors),
            "descriptors of memory": sum("memfd" in _target(entry) for entry in Path("/proc/self/fd").iterdir()),
            "mapped rings": sum("memfd:lineside-camera" in line for line in maps),
            "named shared memory": len(_named_shared_memory(maps)),
        }
    )


def _named_shared_memory(maps: list[str]) -> set[str]:
    """Return what is ours of the shared memory with names; other programs, such as PostgreSQL, have theirs there."""
    named = {path.name for path in Path("/dev/shm").iterdir() if "lineside" in path.name}
    return named | {line.rpartition("/dev/shm/")[2] for line in maps if "/dev/shm/" in line}


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # it was closed meanwhile
        return ""
