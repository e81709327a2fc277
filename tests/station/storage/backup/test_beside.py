"""A backup by a process of its own: what came of it comes back, and what is given up leaves nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from station.domain.errors import BadInputError, FaultError
from station.storage.backup import beside
from station.storage.backup.beside import BackupGivenUpError, BackupOrder, make_backup_beside
from station.storage.backup.manifest import complete_backups
from station.storage.backup.restoring import backup_in, restore_backup
from station.storage.backup.station_id import station_id
from station.storage.engine.database import Database
from station.workspace import Workspace

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def order(tmp_path: Path) -> BackupOrder:
    workspace = Workspace.open(tmp_path / "workspace")
    Database.open(workspace.database).close()
    for number in range(20):
        (workspace.datasets / f"{number}.txt").write_text(f"{number}")
    return BackupOrder(workspace.root, tmp_path / "backups", 2, NOON, "Station 1", "0.1")


@pytest.mark.slow
def test_that_the_backup_is_complete_and_said_in_short(order: BackupOrder, tmp_path: Path) -> None:
    made = make_backup_beside(order, tmp_path / "log")
    (backup,) = complete_backups(order.folder)
    assert made == backup.in_short
    assert (backup.station_id, backup.made_at) == (station_id(order.root), NOON)


@pytest.mark.slow
def test_that_a_workspace_made_from_a_backup_has_backups_of_its_own(order: BackupOrder, tmp_path: Path) -> None:
    make_backup_beside(order, tmp_path / "log")
    restore_backup(backup_in(order.folder), tmp_path / "again")
    assert station_id(tmp_path / "again") == station_id(tmp_path / "again") != station_id(order.root)


@pytest.mark.slow
def test_that_a_backup_that_is_given_up_leaves_nothing(order: BackupOrder, tmp_path: Path) -> None:
    for number in range(500):
        (order.root / "datasets" / f"{number}.txt").write_text(f"{number}")
    with pytest.raises(BackupGivenUpError):
        make_backup_beside(order, tmp_path / "log", lambda: True)
    assert complete_backups(order.folder) == ()
    make_backup_beside(order, tmp_path / "log")
    assert [path.name for path in order.folder.iterdir()] == ["2026-11-22-120000"]


@pytest.mark.slow
def test_that_a_folder_that_cannot_be_used_is_said(order: BackupOrder, tmp_path: Path) -> None:
    order.folder.write_text("in the way")
    with pytest.raises(BadInputError, match="backups cannot be written"):
        make_backup_beside(order, tmp_path / "log")


def test_that_a_process_that_ends_by_itself_is_a_fault_with_its_log(
    order: BackupOrder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MODULE", "station.not_there")
    with pytest.raises(FaultError, match="ended by itself"):
        make_backup_beside(order, tmp_path / "log")
    assert "not_there" in (tmp_path / "log").read_text()
