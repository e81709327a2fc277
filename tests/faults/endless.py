"""What the programs that run until they are killed have in common."""

import os
import sys
from collections.abc import Callable

from station.domain.inspection import PartKey


def run_for_each_line(work: Callable[[], None]) -> None:
    """Start `work` in a child for each line on the input, say its process, and say when it is gone."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work()
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


def acknowledge(key: PartKey) -> None:
    """Say that a part is safe."""
    say(f"{key.run_id} {key.part}")


def say(line: str) -> None:
    """Write a line in one piece, or a kill tears it."""
    os.write(1, f"{line}\n".encode())
