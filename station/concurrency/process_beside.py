"""Programs of the station's own that work beside the running line, in processes of their own at low priority."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LOW_PRIORITY_ON_WINDOWS: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
_NICENESS = 15
_LOOK_EVERY_S = 0.2
_END_WITHIN_S = 3.0

OnSaid = Callable[[dict[str, Any]], object]
"""Called with each line of JSON that a process says."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes:
        pid: Its number while it ran.
        given_up: It was ended because it was no longer wanted.
        exit_code: Its exit code, or the negative number of a signal.
    """

    pid: int
    given_up: bool
    exit_code: int


def start_beside(module: str, log: Path, *, own_session: bool = True) -> "subprocess.Popen[str]":
    """Return a started module whose stdin and stdout are pipes of text.

    Args:
        module: Its full name.
        log: File that receives what it prints on its stderr.
        own_session: Start it in a session of its own, which has a share of the processor and keys of its own.

    Raises:
        OSError: It cannot be started, or the log cannot be written.
    """
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            creationflags=_LOW_PRIORITY_ON_WINDOWS,
            start_new_session=own_session,
        )


def run_beside(module: str, order: str, log: Path, on_said: OnSaid, stop: Callable[[], bool]) -> Ended:
    """Run a module with an order until its end.

    Args:
        module: Its full name.
        order: One line, for its stdin.
        log: As for `start_beside`.
        on_said: Called on this thread.
        stop: Asked five times a second whether it is no longer wanted. Its stdin is closed then, so that it can take
            away what it has begun; three seconds later it is killed.

    Raises:
        OSError: As for `start_beside`.
    """
    child = start_beside(module, log)
    watch = _Watch(child, stop)
    try:
        _follow(child, order, on_said)
        child.wait()
    finally:
        watch.close()
    return Ended(child.pid, watch.stopped, child.returncode)


def order_for_this() -> str:
    """Return the order of this process, which was started by `run_beside`; it has a low priority from now on."""
    if sys.platform != "win32":
        os.nice(_NICENESS)
    return sys.stdin.readline()


def when_given_up(end: Callable[[], object]) -> None:
    """Call `end`, on a thread of its own, once who started this process no longer wants it, or was ended itself."""

    def wait_for_end() -> None:
        sys.stdin.read()
        end()

    threading.Thread(target=wait_for_end, name="lineside end of order", daemon=True).start()


def say_beside(said: dict[str, Any]) -> None:
    """Say something to who started this process."""
    print(json.dumps(said), flush=True)


class _Watch:
    """Ends the process if it is to be given up: first by its stdin, so that it takes away what it has begun."""

    def __init__(self, child: "subprocess.Popen[str]", stop: Callable[[], bool]) -> None:
        self.stopped = False
        self._child, self._stop, self._over = child, stop, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lineside beside", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more; the process is ended if it still runs."""
        self._over.set()
        self._thread.join()
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._child.wait()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            if self._stop():
                self.stopped = True
                with suppress(OSError):
                    if self._child.stdin is not None:
                        self._child.stdin.close()
                if not self._over.wait(_END_WITHIN_S):
                    self._child.kill()
                return


def _follow(child: "subprocess.Popen[str]", order: str, on_said: OnSaid) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    with suppress(OSError, ValueError):  # it has ended already, or was given up
        child.stdin.write(order + "\n")
        child.stdin.flush()
    for line in child.stdout:
        on_said(json.loads(line))
