"""A camera process dies with its station, even where a driver holds the interpreter and no Python line can run.

The station keeps the other end of a pipe that carries nothing. When the station is gone, however it went, the pipe
ends, and on Linux the kernel itself kills the child (a signal on input or an end: fcntl(2), F_SETSIG).
PR_SET_PDEATHSIG would not do: it fires when the thread that started the child ends, not the process.
"""

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

_F_SETSIG = 10


def die_with(station: "Connection[Any, Any]") -> None:
    """End this process the moment the other end of `station` is closed."""
    if sys.platform == "linux":
        _let_the_kernel_kill(station.fileno())
    else:
        threading.Thread(target=_exit_at_the_end_of, args=(station,), daemon=True, name="lifeline").start()
    if station.poll(0):  # it ended before anybody listened
        os._exit(1)


if sys.platform == "linux":
    import fcntl

    def _let_the_kernel_kill(pipe: int) -> None:
        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, _F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def _exit_at_the_end_of(station: "Connection[Any, Any]") -> None:
    station.poll(None)
    os._exit(1)
