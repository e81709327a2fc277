import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from waiting import until

from station.domain.alarm import AlarmKind
from station.domain.messages import Message
from station.pipeline import backup_schedule
from station.pipeline.backup_schedule import BackupSchedule
from station.review.alarm_list import AlarmList
from station.settings import BackupSettings
from station.storage.backup import manifest
from station.storage.backup.manifest import MadeBackup, complete_backups
from station.storage.engine.database import Database
from station.workspace import Workspace

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Scheduled:
    """A schedule by a clock that a test sets: every 24 hours, two are kept."""

    def __init__(self, root: Path, folder: Path | None) -> None:
        workspace = Workspace.open(root / "workspace")
        self.database = Database.open(workspace.database)
        self.now = NOON
        self.made: list[MadeBackup] = []
        self.news: list[Message] = []
        self.alarms = AlarmList(self.news.append)
        settings = BackupSettings(folder=str(folder) if folder else "", every_hours=24, keep=2)
        self.schedule = BackupSchedule(
            workspace, "Station 1", settings, self.alarms, self.made.append, lambda: self.now
        )


@pytest.fixture
def scheduled(tmp_path: Path) -> Iterator[Scheduled]:
    scheduled = Scheduled(tmp_path, tmp_path / "backups")
    yield scheduled
    scheduled.database.close()


@pytest.mark.slow
def test_that_a_backup_is_made_when_the_newest_is_a_day_old_and_two_are_kept(
    scheduled: Scheduled, tmp_path: Path
) -> None:
    for hours in (0, 1, 23, 24, 30, 49, 50):
        scheduled.now = NOON + timedelta(hours=hours)
        scheduled.schedule.make_if_due()
    assert [(backup.made_at - NOON) / timedelta(hours=1) for backup in scheduled.made] == [0, 24, 49]
    kept = complete_backups(tmp_path / "backups")
    assert [backup.folder for backup in kept] == [backup.folder for backup in scheduled.made[:0:-1]]


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_that_a_backup_of_the_line_before_still_ends_if_the_line_starts_again(scheduled: Scheduled) -> None:
    with scheduled.schedule:
        ending = scheduled.schedule._ending
    with scheduled.schedule:
        assert ending.is_set()


@pytest.mark.slow
def test_that_the_list_of_a_million_pictures_is_not_read_to_know_whether_a_backup_is_due(
    scheduled: Scheduled, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scheduled.schedule.make_if_due() is not None
    monkeypatch.setattr(manifest, "KeptFile", None)
    assert scheduled.schedule.make_if_due() is None


@pytest.mark.slow
def test_that_stations_of_one_name_that_share_a_folder_each_have_their_own_backups(
    scheduled: Scheduled, tmp_path: Path
) -> None:
    other = Scheduled(tmp_path / "other", tmp_path / "backups")
    for days in range(3):
        for each in (scheduled, other):
            each.now = NOON + timedelta(days=days)
            assert each.schedule.make_if_due() is not None
    other.database.close()
    kept = [backup.station_id for backup in complete_backups(tmp_path / "backups")]
    assert sorted(kept.count(each) for each in set(kept)) == [2, 2]


@pytest.mark.slow
@pytest.mark.parametrize("error", [OSError(116, "Stale file handle"), RuntimeError("nobody foresaw it")])
def test_that_a_folder_that_fails_for_a_while_is_an_alarm_and_is_tried_again(
    scheduled: Scheduled, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with monkeypatch.context() as failing:
        failing.setattr(backup_schedule, "_LOOK_EVERY_S", 0.01)
        failing.setattr(backup_schedule, "made_times", lambda *_: (_ for _ in ()).throw(error))
        with scheduled.schedule:
            until(lambda: scheduled.alarms.open)
            time.sleep(0.3)  # three failures in a row would end the thread
            assert scheduled.schedule._worker is not None
            assert scheduled.schedule._worker.alive
            failing.undo()
            scheduled.now += timedelta(hours=1)
            failing.setattr(backup_schedule, "_LOOK_EVERY_S", 0.01)
            until(lambda: scheduled.made)
