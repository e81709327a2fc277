"""Has backups made by the clock while the line runs; says so if one cannot be made."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

import station
from station.concurrency.priority import step_back
from station.concurrency.worker import Worker
from station.domain.alarm import Alarm, AlarmKind
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.review.alarm_list import AlarmList
from station.settings import BackupSettings
from station.storage.backup.beside import BackupGivenUpError, BackupOrder, make_backup_beside
from station.storage.backup.manifest import MadeBackup, made_times
from station.storage.backup.station_id import station_id
from station.workspace import Workspace

_log = logging.getLogger(__name__)
_NICENESS = 15
_LOOK_EVERY_S = 60.0
_AGAIN_AFTER = timedelta(minutes=30)
_END_WITHIN_S = 5.0


class BackupSchedule:
    """A backup every few hours or days, in a folder in which the newest ones are kept. Works inside `with`."""

    def __init__(
        self,
        workspace: Workspace,
        station_name: str,
        settings: BackupSettings,
        alarms: AlarmList,
        note: Callable[[MadeBackup], None],
        now: Callable[[], datetime] = utc_now,
        private: Sequence[str] = (),
    ) -> None:
        """Start nothing yet.

        Args:
            workspace: The station's folder.
            station_name: Its name.
            settings: Where, how often, and how many stay.
            alarms: Where a backup that cannot be made is reported.
            note: Called with each complete backup.
            now: The wall clock, UTC.
            private: Files that no backup has, absolute or in the workspace.
        """
        self._private = private
        self._workspace = workspace
        self._station_name = station_name
        self._folder = Path(settings.folder) if settings.folder else None
        self._every = timedelta(hours=settings.every_hours)
        self._keep = settings.keep
        self._alarms = alarms
        self._note = note
        self._now = now
        self._ending = threading.Event()
        self._worker: Worker | None = None
        self._failed_at: datetime | None = None

    def __enter__(self) -> Self:
        """Look at the clock from now on, on a thread of low priority."""
        self._ending = threading.Event()  # its own: the backup of the line before may still have to see that it ended
        if self._folder is not None:
            self._worker = Worker("backup", partial(self._step, self._ending), self._fail)
            self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give up a backup that is being made."""
        self._ending.set()
        if self._worker is not None:
            self._worker.join(_END_WITHIN_S)
            self._worker.stop()

    def make_if_due(self, ending: threading.Event | None = None) -> MadeBackup | None:
        """Make a backup if the newest complete one is too old. Return it; None if none is due or it cannot be made.

        It is made by a process of its own at low priority: the line does not feel it.

        Args:
            ending: Gives the backup up when it is set.

        Raises:
            BackupGivenUpError: It was given up.
        """
        if self._folder is None:
            return None
        try:
            if not self._is_due(self._folder):
                return None
            version = station.__version__
            order = BackupOrder(
                self._workspace.root, self._folder, self._keep, self._now(), self._station_name, version, self._private
            )
            stop = ending.is_set if ending is not None else lambda: False
            backup = make_backup_beside(order, self._workspace.logs / "backup.log", stop)
        except BackupGivenUpError:
            raise
        except (StationError, OSError) as error:
            self._fail("", error)
            return None
        self._failed_at = None
        self._alarms.end_alarm(AlarmKind.BACKUP_FAILED)
        self._note(backup)
        return backup

    def _fail(self, _worker: str, error: BaseException) -> None:
        """Say so, and try again in half an hour, also after an error that nobody foresaw: the thread lives on."""
        self._failed_at = self._now()
        _log.error("no backup could be made: %s", error)
        self._alarms.raise_alarm(AlarmKind.BACKUP_FAILED, _alarm(error))

    def _step(self, ending: threading.Event) -> bool:
        step_back(_NICENESS)
        try:
            self.make_if_due(ending)
        except BackupGivenUpError:
            _log.info("the line ended while a backup was made; it is made again after the next start")
        return not ending.wait(_LOOK_EVERY_S)

    def _is_due(self, folder: Path) -> bool:
        now = self._now()
        if self._failed_at is not None and now - self._failed_at < _AGAIN_AFTER:
            return False
        newest = next(iter(made_times(folder, station_id(self._workspace.root))), None)
        return newest is None or not timedelta(0) <= now - newest[0] < self._every


def _alarm(error: BaseException) -> Alarm:
    sentence = error.sentence if isinstance(error, StationError) else str(error)
    return Alarm(
        "No backup of the records could be made.",
        sentence,
        "If this disk fails, what was recorded since the last backup is lost.",
        "Call the engineer: check the folder of the backups. The station tries again in half an hour.",
    )
