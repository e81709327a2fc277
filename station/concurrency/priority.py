"""Priority of a thread, where the system has one for each."""

import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_EVERY = 200
_REST_S = 0.0002


def step_back(by: int) -> None:
    """Give the calling thread this much less priority than its process has: others go first.

    Only Linux has a priority for each thread; elsewhere nothing happens. A thread that has less already keeps it.

    Args:
        by: Steps of `nice`, greater than 0.
    """
    if sys.platform == "linux":
        own = os.getpriority(os.PRIO_PROCESS, 0)  # of this thread
        nice = max(os.getpriority(os.PRIO_PROCESS, os.getpid()) + by, own)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


def unhurried(items: Iterable[T]) -> Iterator[T]:
    """Yield the items, and let a thread that waits go first after every 200 of them.

    A long loop in Python makes a window wait up to 5 ms for each of its own steps: a frame becomes 50 ms.
    """
    for place, item in enumerate(items):
        if place % _EVERY == 0:
            time.sleep(_REST_S)
        yield item
