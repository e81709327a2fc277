"""`linesidectl`: the station without its window."""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class TerminatedError(KeyboardInterrupt):
    """A polite kill, as of a service that is stopped: it ends everything the way Ctrl+C does."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 the answer is no, 2 bad input, 3 a fault of the station.

    As for any program in a shell, 130 is Ctrl+C, 143 a polite kill, and 141 that the reader of the results went away
    before their end; what was acknowledged until then is recorded.
    """
    try:
        with _polite_kills():
            from station.cli.program import run  # noqa: PLC0415 - takes a second, in which Ctrl+C may come already

            return run(arguments)
    except KeyboardInterrupt as stopped:
        print("linesidectl: stopped. What was acknowledged until now is recorded.", file=sys.stderr)
        return 143 if isinstance(stopped, TerminatedError) else 130


@contextmanager
def _polite_kills() -> Iterator[None]:
    """As long as this lasts one raises TerminatedError; a thread of another program's cannot be told of signals."""
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
