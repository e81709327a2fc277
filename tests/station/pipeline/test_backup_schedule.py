from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from waiting import until

from station.domain.alarm import AlarmKind
from station.domain.messages import Message
from station.pipeline.backup_schedule import BackupSchedule
from station.review.alarm_list import AlarmList
from station.storage.backup.making import MadeFrom
from station.storage.backup.manifest import Backup, complete_backups
from station.storage.engine.database import Database
from station.workspace import Workspace

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Scheduled:
    """A schedule by a clock that a test sets: every 24 hours, two are kept."""

    def __init__(self, root: Path, folder: Path | None) -> None:
        workspace = Workspace.open(root / "workspace")
        self.database = Database.open(workspace.database)
        self.now = NOON
        self.made: list[Backup] = []
        self.news: list[Message] = []
        self.alarms = AlarmList(self.news.append)
        source = MadeFrom(workspace, self.database, "Station 1", "0.1")
        self.schedule = BackupSchedule(source, folder, 24, 2, self.alarms, self.made.append, lambda: self.now)


@pytest.fixture
def scheduled(tmp_path: Path) -> Iterator[Scheduled]:
    scheduled = Scheduled(tmp_path, tmp_path / "backups")
    yield scheduled
    scheduled.database.close()


def test_that_a_backup_is_made_when_the_newest_is_a_day_old_and_two_are_kept(
    scheduled: Scheduled, tmp_path: Path
) -> None:
    for hours in (0, 1, 23, 24, 30, 49, 50):
        scheduled.now = NOON + timedelta(hours=hours)
        scheduled.schedule.make_if_due()
    assert [(backup.made_at - NOON) / timedelta(hours=1) for backup in scheduled.made] == [0, 24, 49]
    kept = complete_backups(tmp_path / "backups")
    assert [backup.folder for backup in kept] == [backup.folder for backup in scheduled.made[:0:-1]]


def test_that_a_backup_that_cannot_be_made_is_an_alarm_until_one_is_made(scheduled: Scheduled, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    assert scheduled.schedule.make_if_due() is None
    (alarm,) = scheduled.alarms.open
    assert (alarm.kind, alarm.returned) == (AlarmKind.BACKUP_FAILED, None)
    (tmp_path / "backups").unlink()
    assert scheduled.schedule.make_if_due() is None  # not yet again
    scheduled.now += timedelta(hours=1)
    assert scheduled.schedule.make_if_due() is not None
    assert scheduled.alarms.open[0].returned is not None


def test_that_it_works_beside_the_line_and_ends_with_it(scheduled: Scheduled) -> None:
    with scheduled.schedule:
        until(lambda: scheduled.made)
    assert scheduled.schedule._worker is not None
    assert not scheduled.schedule._worker.alive


def test_that_without_a_folder_nothing_is_made(tmp_path: Path) -> None:
    scheduled = Scheduled(tmp_path, None)
    with scheduled.schedule:
        assert scheduled.schedule.make_if_due() is None
    scheduled.database.close()
