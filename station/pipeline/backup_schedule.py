"""Makes backups by the clock while the line runs; says so if one cannot be made."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

from station.concurrency.priority import step_back
from station.concurrency.worker import Worker
from station.domain.alarm import Alarm, AlarmKind
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.review.alarm_list import AlarmList
from station.storage.backup.making import MadeFrom, make_backup, remove_old_backups
from station.storage.backup.manifest import Backup, made_times

_log = logging.getLogger(__name__)
_NICENESS = 15
_LOOK_EVERY_S = 60.0
_AGAIN_AFTER = timedelta(minutes=30)
_END_WITHIN_S = 5.0


class _LineEndedError(Exception):
    """The line has ended: a backup that is being made is given up, and made again after the next start."""


class BackupSchedule:
    """A backup every few hours or days, in a folder in which the newest ones are kept. Works inside `with`."""

    def __init__(
        self,
        source: MadeFrom,
        folder: Path | None,
        every_hours: float,
        keep: int,
        alarms: AlarmList,
        note: Callable[[Backup], None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Start nothing yet.

        Args:
            source: The station.
            folder: The folder of the backups; None for no schedule.
            every_hours: From one backup to the next.
            keep: Complete backups that stay in the folder.
            alarms: Where a backup that cannot be made is reported.
            note: Called with each complete backup.
            now: The wall clock, UTC.
        """
        self._source = source
        self._folder = folder
        self._every = timedelta(hours=every_hours)
        self._keep = keep
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

    def make_if_due(self, ending: threading.Event | None = None) -> Backup | None:
        """Make a backup if the newest complete one is too old. Return it; None if none is due or it cannot be made.

        Args:
            ending: Gives the backup up when it is set.
        """

        def go_on(_done: int, _total: int) -> None:
            if ending is not None and ending.is_set():
                raise _LineEndedError

        if self._folder is None:
            return None
        try:
            if not self._is_due(self._folder):
                return None
            backup = make_backup(self._source, self._folder, self._now(), go_on)
            remove_old_backups(self._folder, self._keep, self._source.station)
        except (StationError, OSError) as error:
            self._fail("", error)
            return None
        self._failed_at = None
        self._alarms.end_alarm(AlarmKind.BACKUP_FAILED)
        self._note(backup)
        return backup

    def _fail(self, _worker: str, error: Exception) -> None:
        """Say so, and try again in half an hour, also after an error that nobody foresaw: the thread lives on."""
        self._failed_at = self._now()
        _log.error("no backup could be made: %s", error)
        self._alarms.raise_alarm(AlarmKind.BACKUP_FAILED, _alarm(error))

    def _step(self, ending: threading.Event) -> bool:
        step_back(_NICENESS)
        try:
            self.make_if_due(ending)
        except _LineEndedError:
            _log.info("the line ended while a backup was made; it is made again after the next start")
        return not ending.wait(_LOOK_EVERY_S)

    def _is_due(self, folder: Path) -> bool:
        now = self._now()
        if self._failed_at is not None and now - self._failed_at < _AGAIN_AFTER:
            return False
        newest = next(iter(made_times(folder, self._source.station)), None)
        return newest is None or not timedelta(0) <= now - newest[0] < self._every


def _alarm(error: Exception) -> Alarm:
    sentence = error.sentence if isinstance(error, StationError) else str(error)
    return Alarm(
        "No backup of the records could be made.",
        sentence,
        "If this disk fails, what was recorded since the last backup is lost.",
        "Call the engineer: check the folder of the backups. The station tries again in half an hour.",
    )
