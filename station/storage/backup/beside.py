"""A backup that is made by a process of its own at low priority, so that the running line does not feel it.

The list of a million pictures is put together, written and read in one piece: seconds in which no other thread of a
process in Python runs. The process ends with the pipe on its stdin: also if the station is killed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from station.concurrency.process_beside import run_beside
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, FaultError, StorageError
from station.storage.backup.manifest import MadeBackup

MODULE = "station.storage.backup.process_main"
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
    said: dict[str, Any] = {}

    def hear(line: dict[str, Any]) -> None:
        if "done" in line:
            on_progress(line["done"], line["total"])
        else:
            said.update(line)

    try:
        ended = run_beside(MODULE, json.dumps(asdict(order), default=str), log, hear, stop)
    except OSError as error:
        raise FaultError(f"The backup cannot be started: {reason_of(error)}.", "It is tried again.") from error
    if "made" in said:  # complete before it heard that it is given up
        made = said["made"]
        return MadeBackup(Path(made["folder"]), order.at, made["count"], made["size"])
    if ended.given_up:
        raise BackupGivenUpError("The backup was given up.")
    if "refused" in said:
        refused = said["refused"]
        raise _KINDS[refused["kind"]](refused["sentence"], refused["advice"])
    raise FaultError(f"The backup ended by itself (exit code {ended.exit_code}).", f"Its log is {log}.")
