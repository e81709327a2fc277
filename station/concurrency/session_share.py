"""The share of the processor that a session gets, where the system gives each session its own.

Linux shares a core between sessions first (autogroup), and only then, by `nice`, between the threads of one session. So
a program of low priority in one terminal still gets half a core beside a line in another one.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OF_THIS_SESSION = Path("/proc/self/autogroup")
_FULL, _LEAST = 0, 19
_TRIES, _BETWEEN_TRIES_S = 5, 0.11
"""Except for root the system takes one change every 0.1 s."""


@contextmanager
def least_share() -> Iterator[None]:
    """Give this session the least share within this block; nothing happens where sessions have none."""
    if _nice() is None or _nice() == _LEAST or not _set(_LEAST):
        yield
        return
    try:
        yield
    finally:
        take_full_share()


def take_full_share() -> None:
    """Give this session its usual share again if it has less: a program that was killed may have left it so."""
    if (_nice() or _FULL) > _FULL:
        _set(_FULL)


def give_full_share(process: int) -> None:
    """Give the session of another process its usual share again; nothing happens if it has ended or has no share."""
    with suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(_FULL), "ascii")


def _nice() -> int | None:
    """Return the niceness of this session, from "/autogroup-25 nice 0"; None where it has none."""
    try:
        return int(_OF_THIS_SESSION.read_text("ascii").split()[-1])
    except (OSError, ValueError, IndexError):
        return None


def _set(nice: int) -> bool:
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_BETWEEN_TRIES_S)
        with suppress(OSError):
            _OF_THIS_SESSION.write_text(str(nice), "ascii")
            return True
    return False
