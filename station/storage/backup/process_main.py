"""The program of a backup: `python -m station.storage.backup.process_main`, started by `beside`.

It reads its order as one line of JSON, and answers with lines of JSON: progress, and in the end what came of it.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from station.domain.errors import BadInputError, StationError
from station.storage.backup.beside import BackupOrder
from station.storage.backup.making import MadeFrom, make_backup, remove_old_backups
from station.storage.backup.manifest import MadeBackup
from station.storage.backup.station_id import station_id
from station.storage.engine.database import Database
from station.workspace import Workspace

_NICENESS = 15
_SAY_EVERY_S = 0.2


class _GivenUpError(BaseException):
    """The station closed the pipe: nobody waits for this backup."""


class _Progress:
    """Says how far it is, a few times a second, and ends the work if the pipe was closed."""

    def __init__(self) -> None:
        self._said_at = 0.0
        self._closed = threading.Event()
        threading.Thread(target=self._wait_for_end, daemon=True).start()

    def __call__(self, done: int, total: int) -> None:
        if self._closed.is_set():
            raise _GivenUpError
        if time.monotonic() - self._said_at > _SAY_EVERY_S:
            self._said_at = time.monotonic()
            _say({"done": done, "total": total})

    def _wait_for_end(self) -> None:
        sys.stdin.read()
        self._closed.set()


def main() -> int:
    """Make the backup of one order."""
    if sys.platform != "win32":
        os.nice(_NICENESS)
    said = json.loads(sys.stdin.readline())
    order = BackupOrder(
        Path(said["root"]),
        Path(said["folder"]),
        said["keep"],
        datetime.fromisoformat(said["at"]),
        said["station"],
        said["program_version"],
        said["private"],
    )
    try:
        made = _made(order, _Progress())
    except _GivenUpError:
        return 1
    except StationError as error:
        kind = "input" if isinstance(error, BadInputError) else "storage"
        _say({"refused": {"kind": kind, "sentence": error.sentence, "advice": error.advice}})
        return 1
    _say({"made": {"folder": str(made.folder), "count": made.count, "size": made.size}})
    return 0


def _made(order: BackupOrder, progress: _Progress) -> MadeBackup:
    workspace = Workspace.existing(order.root)
    database = Database.open(workspace.database, may_begin=False)
    try:
        source = MadeFrom(workspace, database, order.station, order.program_version, order.private)
        made = make_backup(source, order.folder, order.at, progress).in_short
        remove_old_backups(order.folder, order.keep, station_id(order.root))
    finally:
        database.close()
    return made


def _say(said: Mapping[str, object]) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
