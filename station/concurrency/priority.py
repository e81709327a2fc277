"""Priority of a thread, where the system has one for each."""

import os
import sys
import threading


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
