"""One running line per workspace, in whichever program."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.concurrency.file_lock import locked_within, opened_lock, try_lock
from station.concurrency.session_share import take_full_share
from station.domain.errors import BadInputError

_NAME = ".line.lock"
_TRIES = 5


class LineBusyError(BadInputError):
    """Another program runs the line of this workspace."""

    advice = "Stop the line there, or choose another workspace."
    for_operator = "Another program runs the line. Call the engineer."


@contextmanager
def line_lock(root: Path) -> Iterator[None]:
    """Lock the line of the workspace at `root`. The system releases the lock when the process ends, even in a crash.

    The session of this program has its full share of the processor from then on.

    Raises:
        LineBusyError: Another program holds the lock.
        BadInputError: The disk cannot lock a file.
    """
    handle = _opened(root)
    try:
        if not _locked_in_time(handle, root):
            raise LineBusyError(f"Another program is running the line of {root}.")
        take_full_share()
        yield
    finally:
        os.close(handle)


def runs_elsewhere(root: Path) -> bool:
    """Return whether another program runs the line of this workspace now; False if that cannot be found out."""
    try:
        handle = _opened(root)
    except BadInputError:
        return False
    try:
        return not try_lock(handle)
    except OSError:
        return False
    finally:
        os.close(handle)


def runs_in_other_sessions_only() -> bool:
    """Return whether lines of any workspaces run on this machine, and none in the session of this program.

    Asks /proc, so it is False elsewhere than on Linux, and does not see the programs of other users.
    """
    if sys.platform == "win32":
        return False
    sessions = {_session_of_line(process) for process in Path("/proc").glob("[0-9]*")} - {None}
    return bool(sessions) and os.getsid(0) not in sessions


def _session_of_line(process: Path) -> int | None:
    """Return the session of a program that runs a line, or looks for a moment whether one runs; else None."""
    try:
        if any(file.readlink().name == _NAME for file in (process / "fd").iterdir()):
            return os.getsid(int(process.name))
    except OSError:  # it has ended meanwhile, or belongs to another user
        return None
    return None


def _opened(root: Path) -> int:
    try:
        return opened_lock(root / _NAME)
    except OSError as error:
        raise BadInputError(
            f"The line of {root} cannot be locked: {error.strerror}.", "Make the workspace writable for this user."
        ) from error


def _locked_in_time(handle: int, root: Path) -> bool:
    """Try more than once: a window that only looks whether the line is busy holds the lock for a moment."""
    try:
        return locked_within(handle, _TRIES)
    except OSError as error:
        raise BadInputError(
            f"{root} lies on a disk that cannot lock a file ({error.strerror}), so that two programs could run "
            "its line at once.",
            "Put the workspace on a disk of this machine.",
        ) from error
