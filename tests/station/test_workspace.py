"""The folder of a station, and files that a power cut cannot halve."""

import os
import shutil
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.workspace import Workspace, free_name, write_atomically, write_for_person


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
