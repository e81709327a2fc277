"""The program of a backup: `python -m station.storage.backup.process_main`, started by `beside`.

It reads its order as one line of JSON, and answers with lines of JSON: progress, and in the end what came of it.
"""

import json
import threading
import time
from datetime import datetime
from pathlib import Path

from station.concurrency.process_beside import order_for_this, say_beside, when_given_up
from station.domain.errors import BadInputError, StationError
from station.storage.backup.beside import BackupOrder
from station.storage.backup.making import MadeFrom, make_backup, remove_old_backups
from station.storage.backup.manifest import MadeBackup
from station.storage.backup.station_id import station_id
from station.storage.engine.database import Database
from station.workspace import Workspace

_SAY_EVERY_S = 0.2


class _GivenUpError(BaseException):
    """The station closed the pipe: nobody waits for this backup."""


class _Progress:
    """Says how far it is, a few times a second, and ends the work if the pipe was closed."""

    def __init__(self) -> None:
        self._said_at = 0.0
        self._closed = threading.Event()
        when_given_up(self._closed.set)

    def __call__(self, done: int, total: int) -> None:
        if self._closed.is_set():
            raise _GivenUpError
        if time.monotonic() - self._said_at > _SAY_EVERY_S:
            self._said_at = time.monotonic()
            say_beside({"done": done, "total": total})


def main() -> int:
    """Make the backup of one order."""
    said = json.loads(order_for_this())
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
        say_beside({"refused": {"kind": kind, "sentence": error.sentence, "advice": error.advice}})
        return 1
    say_beside({"made": {"folder": str(made.folder), "count": made.count, "size": made.size}})
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


if __name__ == "__main__":
    raise SystemExit(main())
