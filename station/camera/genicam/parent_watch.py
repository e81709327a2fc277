"""Ends a camera process together with its station, even while a driver blocks the interpreter.

The station keeps the other end of a pipe that carries no data. When the station ends, for whatever reason, the pipe is
closed, and on Linux the kernel itself kills this process (a signal on input or hang-up: fcntl(2), F_SETSIG), so no
Python code has to run. PR_SET_PDEATHSIG would not do: it fires when the *thread* that started this process ends.
"""

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

_F_SETSIG = 10


def exit_with_parent(station: "Connection[Any, Any]") -> None:
    """End this process as soon as the other end of `station` is closed."""
    if sys.platform == "linux":
        _let_kernel_kill(station.fileno())
    else:
        threading.Thread(target=_exit_on_hang_up, args=(station,), daemon=True, name="parent watch").start()
    if station.poll(0):  # the station ended before the signal was set up
        os._exit(1)


if sys.platform == "linux":
    import fcntl

    def _let_kernel_kill(pipe: int) -> None:
        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, _F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def _exit_on_hang_up(station: "Connection[Any, Any]") -> None:
    station.poll(None)
    os._exit(1)
