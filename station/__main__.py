"""`linesidectl`: the station without its window."""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import NoReturn

from station.concurrency.session_share import least_share
from station.line_lock import runs_in_other_sessions_only
from station.loading import loading

_BEHIND_A_LINE = frozenset({"teach", "evaluate", "rescore"})
_LOW_PRIORITY = 10


class TerminatedError(KeyboardInterrupt):
    """SIGTERM, as sent to a service that is stopped: it ends the command in order, as Ctrl+C does."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 done, 1 the answer is "no", 2 bad input, 3 a fault of the station.

    130 is Ctrl+C, 143 is SIGTERM, and 141 means that the reader of the results closed the pipe; everything acknowledged
    until then is recorded.
    """
    try:
        with _sigterm_raises(), _behind_a_line(arguments):
            with loading():
                from station.cli.program import run  # noqa: PLC0415 - takes a second; Ctrl+C may arrive

            return run(arguments)
    except KeyboardInterrupt as stopped:
        print("linesidectl: stopped. Everything acknowledged until now is recorded.", file=sys.stderr)
        return 143 if isinstance(stopped, TerminatedError) else 130


@contextmanager
def _behind_a_line(arguments: Sequence[str] | None) -> Iterator[None]:
    """Let a line in another program go first while this one works long; on Windows only the training steps back.

    With `arguments` this is a part of another program, which keeps its priority.
    """
    if arguments is not None or sys.platform == "win32" or not _BEHIND_A_LINE.intersection(sys.argv[1:]):
        yield
        return
    os.nice(_LOW_PRIORITY)
    with least_share() if runs_in_other_sessions_only() else nullcontext():
        yield


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    """Raise TerminatedError at SIGTERM inside this block; outside the main thread signals cannot be caught."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TerminatedError


if __name__ == "__main__":
    sys.exit(main())
