"""What becomes of the files of a damaged workspace: a sound one of the backup is never lost for a damaged one."""

from pathlib import Path

import pytest

from station.domain.errors import StorageError
from station.storage.backup import salvaging
from station.storage.backup.salvaging import _brought


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A damaged and a new workspace, in a folder with the name of one that is kept by content."""
    damaged, new = tmp_path / "models" / "damaged", tmp_path / "models" / "new"
    for folder in (damaged, new):
        (folder / "pictures").mkdir(parents=True)
    return damaged, new


def test_that_a_file_of_the_backup_stays_if_the_newer_one_cannot_be_read(folders, monkeypatch) -> None:
    damaged, new = folders
    (damaged / "station.toml").write_text("newer")
    (new / "station.toml").write_text("of the backup")

    def fails(source: Path, target: Path) -> None:
        target.write_text("ne")
        raise OSError("bad sector")

    monkeypatch.setattr(salvaging, "copy_hashed", fails)
    monkeypatch.setattr(salvaging, "_can_be_read", lambda path: False)
    assert _brought("station.toml", damaged, new) is None
    assert (new / "station.toml").read_text() == "of the backup"
    assert sorted(path.name for path in new.iterdir()) == ["pictures", "station.toml"]
    monkeypatch.setattr(salvaging, "_can_be_read", lambda path: True)
    with pytest.raises(StorageError, match="cannot be written"):
        _brought("station.toml", damaged, new)
    assert (new / "station.toml").read_text() == "of the backup"


def test_that_a_picture_of_the_backup_is_not_replaced_by_one_that_was_cut_off(folders) -> None:
    damaged, new = folders
    (damaged / "pictures" / "1.png").write_bytes(b"")
    (new / "pictures" / "1.png").write_bytes(b"whole")
    assert _brought("pictures/1.png", damaged, new) is False
    assert (new / "pictures" / "1.png").read_bytes() == b"whole"


def test_that_a_newer_file_of_the_same_size_is_brought_wherever_the_workspace_lies(folders) -> None:
    damaged, new = folders
    (damaged / "station.toml").write_text("run")
    (new / "station.toml").write_text("ask")
    assert _brought("station.toml", damaged, new) is True
    assert (new / "station.toml").read_text() == "run"
    assert not (new / "station.toml").samefile(damaged / "station.toml")


def test_that_a_picture_that_the_backup_lacks_is_brought(folders) -> None:
    damaged, new = folders
    (damaged / "pictures" / "2.png").write_bytes(b"new")
    assert _brought("pictures/2.png", damaged, new) is True
    assert (new / "pictures" / "2.png").read_bytes() == b"new"
