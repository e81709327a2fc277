"""A backup that is made while the line inspects is complete, is restored elsewhere, and says the same."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from plant import PIN
from waiting import until

from station.__main__ import main
from station.app import Station
from station.commands.backup import restore
from station.core import _backup_schedule
from station.domain.audit import AuditAction
from station.domain.errors import BadInputError, StorageError
from station.domain.feedback import Disposition
from station.domain.permissions import EVERY_ROLE, Authority, Permission, PermissionRefusedError, Role, roles_with
from station.domain.secret import Secret
from station.domain.shift import ShiftWindow
from station.people.audit_trail import AuditTrail
from station.reporting.csv_export import content_sha256
from station.review.alarm_list import AlarmList
from station.settings import BackupSettings, ReportSettings, Settings
from station.storage.backup import making
from station.storage.backup.manifest import BEGUN, Backup, complete_backups, made_times
from station.storage.backup.restoring import restore_backup
from station.storage.engine.database import Database
from station.storage.records.given_up import GivenUpPictures, Worth


@contextmanager
def running(station: Station, parts: int) -> Iterator[None]:
    """A line that inspects, from the moment on when this number of parts was judged."""
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.counts().triggers >= parts)
    yield
    station.line.stop()
    assert station.line.wait_stopped(30)


def window_until(end: datetime) -> ShiftWindow:
    return ShiftWindow("all", end.date(), end - timedelta(hours=1), end, "UTC")


@pytest.mark.slow
def test_that_a_backup_of_a_running_line_is_restored_clean_and_reports_the_same(
    station: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(station, 10):
        pass
    window = window_until(datetime.now(UTC))
    with running(station, 13):
        backup = station.backup.make(tmp_path / "backups")
        later = station.line.counts().triggers
        until(lambda: station.line.counts().triggers > later)
    root = tmp_path / "restored"
    assert main(["restore", str(tmp_path / "backups"), "--workspace", str(root)]) == 0
    assert "clean" in capsys.readouterr().out
    assert main(["verify", "--workspace", str(root)]) == 0
    with Station.open(root) as restored:
        hashes = [content_sha256(each._core.inspections.shift_records(window)) for each in (station, restored)]
        assert hashes[0] == hashes[1]
        recorded = {part.key for part in restored.records.recent()}
        assert recorded <= {part.key for part in station.records.recent()}
        assert restored.line.counts().triggers >= 10
        (entry,) = [each for each in restored.audit.entries() if each.action == AuditAction.RESTORED]
        assert "files" in entry.new
        restored.line.load_recipe("plate")  # models and settings are there as well
    (entry,) = [each for each in station.audit.entries() if each.action == AuditAction.BACKED_UP]
    assert entry.subject == str(backup.folder)
    assert window.end < backup.made_at


def test_that_a_second_backup_copies_no_picture_again(station: Station, tmp_path: Path) -> None:
    with running(station, 10):
        pass
    first, second = station.backup.make(tmp_path / "b"), station.backup.make(tmp_path / "b")
    assert station.backup.backups(tmp_path / "b") in ((second, first), (first, second))
    pictures = [path for path in second.files if path.startswith("pictures/")]
    assert pictures
    for path in pictures:
        assert (first.folder / "workspace" / path).samefile(second.folder / "workspace" / path)


@pytest.mark.slow
def test_that_a_picture_that_is_given_up_meanwhile_is_given_up_in_the_backup_too(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(station, 12):
        pass
    copy = making._keep_pictures

    def after_the_records(*of: object) -> None:
        given_up = GivenUpPictures(station._core.database, station._core.inspections.pictures)
        first = station.records.recent()[-1].key
        given_up.give_up(Worth.SMALL, "the disk was full", datetime.now(UTC), type(first)(0, 0))
        copy(*of)

    monkeypatch.setattr(making, "_keep_pictures", after_the_records)
    station.backup.make(tmp_path / "b")
    assert main(["restore", str(tmp_path / "b"), "--workspace", str(tmp_path / "new")]) == 0


def test_that_a_backup_that_was_cut_off_is_never_offered(station: Station, tmp_path: Path, monkeypatch) -> None:
    with running(station, 3):
        pass
    folder = tmp_path / "b"
    with monkeypatch.context() as cut:
        cut.setattr(making.shutil, "rmtree", lambda *_, **__: None)
        cut.setattr(making, "write_manifest", lambda _: (_ for _ in ()).throw(OSError(28, "No space")))
        with pytest.raises(StorageError, match="cannot be made"):
            station.backup.make(folder)
    (left,) = folder.iterdir()
    assert station.backup.backups(folder) == ()
    for what in (folder, left):
        with pytest.raises(BadInputError, match="is not a complete backup"):
            restore(EVERY_ROLE, what, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    complete = station.backup.make(folder)
    making.remove_old_backups(folder, 1)
    assert [path.name for path in folder.iterdir()] == [complete.folder.name]
    assert not complete.folder.name.startswith(BEGUN)


def test_that_nobody_restores_without_the_permission(tmp_path: Path) -> None:
    for role in set(Role) - roles_with(Permission.BACK_UP):
        with pytest.raises(PermissionRefusedError, match=f"The role {role} may not back up and restore"):
            restore(Authority.of(role), tmp_path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_that_people_log_in_at_the_restored_station(tmp_path: Path) -> None:
    with Station.open(tmp_path / "station") as station:
        station.people.add("Anna Berg", {Role.SUPERVISOR}, Secret(PIN))
        station.backup.make(tmp_path / "backups")
    restore(EVERY_ROLE, tmp_path / "backups", tmp_path / "new")
    with Station.open(tmp_path / "new") as restored:
        assert restored.people.log_in("Anna Berg", Secret(PIN)).name == "Anna Berg"
        assert restored.people.findings() == ()


@pytest.mark.slow
def test_that_no_backup_has_by_what_somebody_could_sign_as_the_plant(tmp_path: Path) -> None:
    root = tmp_path / "station"
    report = ReportSettings(certificate="plant.p12", passphrase_file="../station/keys/passphrase")
    settings = Settings(report=report, backup=BackupSettings(folder=str(tmp_path / "by the clock")))
    with Station.open(root, settings) as station:
        (root / "keys").mkdir()
        for name in ("plant.p12", "keys/passphrase", "keys/other.txt", "signing.key"):
            (root / name).write_text(f"this is {name}")
        station.backup.make(tmp_path / "by hand")
        trail = AuditTrail(station._core.audit_log)
        assert _backup_schedule(station.workspace, settings, AlarmList(lambda _: None), trail).make_if_due()
    for way in ("by hand", "by the clock"):
        (backup,) = complete_backups(tmp_path / way)
        assert "keys/other.txt" in backup.files
        assert not {"plant.p12", "keys/passphrase", "signing.key"} & set(backup.files)


@pytest.mark.parametrize("damage", ["changed", "missing", "outside"])
def test_that_a_backup_with_a_damaged_file_makes_no_workspace(station: Station, tmp_path: Path, damage: str) -> None:
    backup = station.backup.make(tmp_path / "b")
    path = backup.folder / "workspace" / "station.db"
    if damage == "missing":
        path.unlink()
    elif damage == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    else:
        manifest = backup.folder / "backup.json"
        said = json.loads(manifest.read_bytes())
        said["files"]["../outside"] = said["files"]["station.db"]
        manifest.write_text(json.dumps(said))
    with pytest.raises(BadInputError, match=r"station\.db|\.\./outside"):
        restore(EVERY_ROLE, backup.folder, tmp_path / "new")
    assert (
        sorted(path.name for path in tmp_path.iterdir()) == ["b", "parts", "workspace"]
        or not (tmp_path / "new").exists()
    )
    assert not (tmp_path / "outside").exists()


def test_that_a_backup_is_verified_where_it_lies_and_can_still_be_restored(
    station: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = str(station.backup.make(tmp_path / "b").folder / "workspace")
    assert main(["--workspace", inside, "verify"]) == 0
    assert "is in a backup. It is only read." in capsys.readouterr().err
    assert main(["--workspace", inside, "lot", "L-1"]) == 2
    assert "linesidectl restore" in capsys.readouterr().err
    restore(EVERY_ROLE, tmp_path / "b", tmp_path / "new")


def test_that_nothing_is_restored_over_a_station(station: Station, tmp_path: Path) -> None:
    backup = station.backup.make(tmp_path / "b")
    with pytest.raises(BadInputError, match="is not empty"):
        restore_backup(backup, station.workspace.root)
    with pytest.raises(BadInputError, match="cannot be written"):
        station.backup.make(station.workspace.database / "b")


def test_that_an_answer_given_before_a_backup_is_in_it(station: Station, tmp_path: Path) -> None:
    with running(station, 4):
        part = station.records.recent()[0]
        station.review.give_feedback(part.key, Disposition.CONFIRMED, "dust")
        until(lambda: station._core.feedback.records.of(part.key))  # else it waits for the disk, behind its part
        backup: Backup = station.backup.make(tmp_path / "b")
    restore_backup(backup, tmp_path / "new")
    with Station.open(tmp_path / "new") as restored:
        assert [said.claim for said in restored._core.feedback.of(part.key)] == [Disposition.CONFIRMED]


def test_that_the_command_lists_backups_and_says_when_there_is_none(
    station: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["backup", str(tmp_path / "b"), "--workspace", str(station.workspace.root)]
    assert main([*words, "--list"]) == 1
    assert main([*words, "--json", "-"]) == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main([*words, "--list"]) == 0
    assert made["backup"] in capsys.readouterr().out


def test_that_a_file_that_its_record_came_with_while_a_backup_begins_is_in_it(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Database.copy_to

    def after_the_file(database: Database, path: Path) -> None:
        (station.workspace.datasets / "imported.png").write_bytes(b"a picture of a dataset")
        copy(database, path)

    monkeypatch.setattr(Database, "copy_to", after_the_file)
    assert "datasets/imported.png" in station.backup.make(tmp_path / "b").files


def test_that_a_folder_on_another_disk_and_no_older_backup_is_in_a_backup(station: Station, tmp_path: Path) -> None:
    root = station.workspace.root
    elsewhere = station.workspace.datasets.rename(tmp_path / "elsewhere")
    station.workspace.datasets.symlink_to(elsewhere)
    (elsewhere / "kept.png").write_bytes(b"a picture of a dataset")
    inside = Path(os.path.relpath(root / "mine"))
    files = [set(station.backup.make(inside).files) for _ in range(2)]
    assert "datasets/kept.png" in files[0]
    assert not [path for path in files[1] if path.startswith("mine/")]


def test_that_a_backup_that_is_being_made_is_not_taken_for_one_that_was_cut_off(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "b"
    write = making.write_manifest

    def after_the_schedule_tidied(backup: Backup) -> None:
        making.remove_old_backups(folder, 1)
        write(backup)

    monkeypatch.setattr(making, "write_manifest", after_the_schedule_tidied)
    backup = station.backup.make(folder)
    assert [path.name for path in folder.iterdir()] == [backup.folder.name]
    restore_backup(backup, tmp_path / "new")


def test_that_the_times_of_backups_are_known_without_their_lists(station: Station, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    for _ in range(2):
        station.backup.make(folder)
    assert made_times(folder) == tuple((backup.made_at, backup.folder) for backup in complete_backups(folder))
    newest = made_times(folder)[0][1] / "backup.json"
    newest.write_bytes(newest.read_bytes()[:-1])
    assert made_times(folder) == tuple((backup.made_at, backup.folder) for backup in complete_backups(folder))
    assert len(made_times(folder)) == 1
