"""A backup that is made by a process of its own at low priority, so that the running line does not feel it.

The list of a million pictures is put together, written and read in one piece: seconds in which no other thread of a
process in Python runs. The process ends with the pipe on its stdin: also if the station is killed.
"""

import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from station.concurrency.process_beside import start_beside
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, FaultError, StorageError
from station.storage.backup.manifest import MadeBackup

MODULE = "station.storage.backup.process_main"
_LOOK_EVERY_S = 0.2
_END_WITHIN_S = 3.0
_KINDS = {"input": BadInputError, "storage": StorageError}

OnProgress = Callable[[int, int], None]
"""Called now and then with the number of files so far, and of all pictures."""


@dataclass(frozen=True, slots=True)
class BackupOrder:
    """What the process does.

    Attributes:
        root: The workspace.
        folder: The folder of the backups.
        keep: Complete ones of this station that stay there.
        at: When it was begun, UTC.
        station: Name of the station.
        program_version: Of this program.
        private: Files that are left out; see `MadeFrom`.
    """

    root: Path
    folder: Path
    keep: int
    at: datetime
    station: str
    program_version: str
    private: Sequence[str] = ()


class BackupGivenUpError(BadInputError):
    """The backup was given up; nothing of it is left, or what is left goes with the next one."""

    advice = "Make it again at any time."


def make_backup_beside(
    order: BackupOrder, log: Path, stop: Callable[[], bool] = lambda: False, on_progress: OnProgress = lambda *_: None
) -> MadeBackup:
    """Make a backup, and remove those that are too old.

    Args:
        order: What, from where to where.
        log: File that receives what the process prints on its stderr.
        stop: Asked five times a second whether to give up.
        on_progress: Called on this thread.

    Raises:
        BackupGivenUpError: It was given up.
        BadInputError: The folder cannot be used.
        StorageError: A disk refused.
        FaultError: The process could not be started, or ended by itself.
    """
    try:
        child = start_beside(MODULE, log)
    except OSError as error:
        raise FaultError(f"The backup cannot be started: {reason_of(error)}.", "It is tried again.") from error
    watch = _Watch(child, stop)
    try:
        said = _followed(child, order, on_progress)
        child.wait()
    finally:
        watch.close()
    if "made" in said:  # complete before it heard that it is given up
        made = said["made"]
        return MadeBackup(Path(made["folder"]), order.at, made["count"], made["size"])
    if watch.stopped:
        raise BackupGivenUpError("The backup was given up.")
    if "refused" in said:
        refused = said["refused"]
        raise _KINDS[refused["kind"]](refused["sentence"], refused["advice"])
    raise FaultError(f"The backup ended by itself (exit code {child.returncode}).", f"Its log is {log}.")


class _Watch:
    """Ends the process if it is to be given up: first by its stdin, so that it takes away what it has begun."""

    def __init__(self, child: "subprocess.Popen[str]", stop: Callable[[], bool]) -> None:
        self.stopped = False
        self._child, self._stop, self._over = child, stop, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lineside backup", daemon=True)
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


def _followed(child: "subprocess.Popen[str]", order: BackupOrder, on_progress: OnProgress) -> dict[str, Any]:
    """Give the order, report progress, and return the last thing that was said; empty if nothing was."""
    assert child.stdin is not None
    assert child.stdout is not None
    with suppress(OSError, ValueError):  # it has ended already, or was given up
        child.stdin.write(json.dumps(asdict(order), default=str) + "\n")
        child.stdin.flush()
    for line in child.stdout:
        said: dict[str, Any] = json.loads(line)
        if "done" not in said:
            return said
        on_progress(said["done"], said["total"])
    return {}
