"""The folder of a station, and files that a power cut cannot halve."""

import errno
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.workspace import (
    Workspace,
    free_name,
    remove_temporaries,
    write_all_through,
    write_atomically,
    write_for_person,
)


def test_that_a_workspace_makes_its_folders(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "deep" / "station")
    assert workspace.pictures.is_dir()
    assert workspace.models.is_dir()


def test_that_a_workspace_on_a_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="--workspace"):
        Workspace.open(tmp_path / "file")


def test_that_an_interrupted_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "report.pdf"
    write_atomically(file, b"old")

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_that_a_copied_workspace_has_all_its_places_inside_the_copy(tmp_path: Path) -> None:
    first = Workspace.open(tmp_path / "first")
    first.settings_file.write_text("")
    copy = Workspace.open(Path(shutil.copytree(first.root, tmp_path / "second")))
    assert copy.settings_file.is_file()
    places = (copy.database, copy.pictures, copy.datasets, copy.models, copy.reports, copy.backups, copy.logs)
    assert {place.parent for place in places} == {tmp_path / "second"}


def test_that_a_file_for_a_person_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"report\.pdf cannot be written") as refused:
        write_for_person(tmp_path / "missing" / "report.pdf", b"", "Give another folder.")
    assert refused.value.advice == "Give another folder."


def test_that_a_file_in_the_folder_of_reports_is_never_replaced(tmp_path: Path) -> None:
    for name in ("Early.pdf", "Early-2.pdf", "Early-3.pdf"):
        path = free_name(tmp_path, "Early", ".pdf")
        assert path.name == name
        path.touch()
    assert free_name(tmp_path, "Early", ".csv").name == "Early.csv"


def _answers(monkeypatch: pytest.MonkeyPatch, code: int, *, folders: bool) -> None:
    """Let the sync of folders, or of files, answer with this error."""
    real = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode) is folders:
            raise OSError(code, os.strerror(code))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF])
def test_that_a_disk_that_cannot_sync_keeps_the_file(
    code: int, folders: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answers(monkeypatch, code, folders=folders)
    write_for_person(tmp_path / "report.pdf", b"whole", "")
    assert (tmp_path / "report.pdf").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_that_a_disk_that_fails_is_named(
    code: int, folders: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answers(monkeypatch, code, folders=folders)
    with pytest.raises(BadInputError, match=r"report\.pdf cannot be written"):
        write_for_person(tmp_path / "report.pdf", b"whole", "")


@pytest.mark.skipif(sys.platform == "win32", reason="links and devices of Unix")
def test_that_a_link_and_a_device_are_written_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.pdf").write_bytes(b"old")
    (tmp_path / "a.pdf").symlink_to(tmp_path / "real" / "a.pdf")
    write_for_person(tmp_path / "a.pdf", b"new", "")
    assert ((tmp_path / "a.pdf").is_symlink(), (tmp_path / "real" / "a.pdf").read_bytes()) == (True, b"new")
    write_for_person(Path(os.devnull), b"new", "")
    assert not Path(os.devnull).is_file()


def test_that_a_name_of_full_length_is_written(tmp_path: Path) -> None:
    write_for_person(tmp_path / ("x" * 251 + ".pdf"), b"whole", "")
    assert len(list(tmp_path.iterdir())) == 1


def test_that_the_disk_has_every_file_before_it_is_waited_for_and_each_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {tmp_path / name: name.encode() * 9 for name in ("a", "b", "c")}
    synced, sync = [], os.fsync

    def fsync(handle: int) -> None:
        assert {path: path.read_bytes() for path in contents} == contents
        synced.append(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_all_through(contents)
    assert sorted(synced) == sorted(path.stat().st_ino for path in contents)


def test_that_a_file_that_the_disk_did_not_take_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([None, OSError(errno.EIO, "on purpose")])

    def fsync(_handle: int) -> None:
        if (answer := next(answers)) is not None:
            raise answer

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="on purpose"):
        write_all_through({tmp_path / "a": b"a", tmp_path / "b": b"b"})


def test_that_only_the_temporaries_of_the_ended_process_are_removed(tmp_path: Path) -> None:
    for name in (".12-0a.tmp", ".120-0a.tmp", ".12-0a.pdf", "12-0a.tmp"):
        (tmp_path / name).touch()
    remove_temporaries(tmp_path, 12)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".12-0a.pdf", ".120-0a.tmp", "12-0a.tmp"]
