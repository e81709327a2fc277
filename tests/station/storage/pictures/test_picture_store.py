"""Picture files: whole, unchanged, or named."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import StorageError
from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.storage.pictures import picture_store
from station.storage.pictures.encoding import Role, encode_map, encode_original, encode_thumbnail
from station.storage.pictures.picture_store import PictureStore, is_temporary

MOMENT = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
KEY = PartKey(12, 7)


def _written(store: PictureStore, content: bytes, role: Role = Role.ORIGINAL) -> StoredPicture:
    (stored,) = store.write_pictures(KEY, MOMENT, [("", {role: content})])
    return stored[role]


def test_that_pictures_are_in_folders_by_day_and_run(pictures: PictureStore) -> None:
    stored = _written(pictures, encode_original(np.zeros((4, 4), np.uint8)))
    assert stored.path == f"2026-11-22/run-000012/0007-{stored.sha256[:8]}.png"
    assert stored.size == (pictures.folder / stored.path).stat().st_size


def test_that_the_file_of_one_of_several_views_has_the_name_of_the_view(pictures: PictureStore) -> None:
    grey = {Role.THUMBNAIL: encode_thumbnail(np.zeros((4, 4), np.uint8))}
    paths = [
        files[Role.THUMBNAIL].path
        for files in pictures.write_pictures(KEY, MOMENT, [("top", grey), ("left side", grey)])
    ]
    assert [re.sub(r"[0-9a-f]{8}", "HASH", path.rpartition("/")[2]) for path in paths] == [
        "0007-1-top-HASH-thumbnail.jpg",
        "0007-2-left side-HASH-thumbnail.jpg",
    ]


@given(names=st.lists(st.text(min_size=1, max_size=300), min_size=2, max_size=4))
def test_that_no_name_of_a_view_leads_to_another_folder_or_another_picture(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    store = PictureStore(tmp_path_factory.getbasetemp() / "pictures")
    grey = {Role.MAP: encode_map(np.zeros((2, 2), np.float32))}
    stored = [files[Role.MAP] for files in store.write_pictures(KEY, MOMENT, [(name, grey) for name in names])]
    assert len({picture.path.casefold() for picture in stored}) == len(names)
    assert {store.path_of(picture).resolve().parent for picture in stored} == {
        (store.folder / "2026-11-22" / "run-000012").resolve()
    }


def test_that_another_picture_of_the_same_part_replaces_nothing(pictures: PictureStore) -> None:
    first = _written(pictures, encode_original(np.zeros((4, 4), np.uint8)))
    _written(pictures, encode_original(np.ones((4, 4), np.uint8)))
    assert pictures.read_picture(first).max() == 0


def test_that_a_refused_write_leaves_nothing_behind(pictures: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"part 0007 cannot be written.*the disk is full"):
        _written(pictures, encode_original(np.zeros((4, 4), np.uint8)))
    assert list(pictures.all_files()) == []


def test_that_a_changed_picture_is_not_shown_as_the_recorded_one(pictures: PictureStore) -> None:
    stored = _written(pictures, encode_original(np.zeros((4, 4), np.uint8)))
    path = pictures.path_of(stored)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(StorageError, match="was changed"):
        pictures.read_picture(stored)


def test_that_a_missing_picture_is_named(pictures: PictureStore) -> None:
    stored = _written(pictures, encode_original(np.zeros((4, 4), np.uint8)))
    pictures.path_of(stored).unlink()
    with pytest.raises(StorageError, match=stored.path):
        pictures.read_picture(stored)


def test_that_files_are_listed_by_run(pictures: PictureStore, tmp_path: Path) -> None:
    stored = _written(pictures, encode_original(np.zeros((4, 4), np.uint8)))
    assert list(pictures.all_files()) == list(pictures.files_of_run(12)) == [stored.path]
    assert list(pictures.files_of_run(1)) == []


def _thumbnail(grey: int) -> dict[Role, bytes]:
    return {Role.THUMBNAIL: encode_thumbnail(np.full((4, 4), grey, np.uint8))}


def test_that_pictures_written_ahead_get_their_names_in_their_turn(pictures: PictureStore, monkeypatch) -> None:
    views = [("", _thumbnail(9))]
    pictures.write_ahead(KEY, MOMENT, views)
    assert all(is_temporary(path) for path in pictures.all_files())
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda handle: None)
        patched.setattr(picture_store, "write_all_through", None)  # nothing is written a second time
        (stored,) = pictures.write_pictures(KEY, MOMENT, [("", dict(views[0][1]))])
    assert list(pictures.all_files()) == [stored[Role.THUMBNAIL].path]
    assert pictures.read_picture(stored[Role.THUMBNAIL]).max() == 9


def test_that_what_was_written_ahead_and_is_not_wanted_leaves_nothing(pictures: PictureStore) -> None:
    pictures.write_ahead(KEY, MOMENT, [("", _thumbnail(9))])
    pictures.write_ahead(KEY, MOMENT, [("", _thumbnail(9))])  # the part began again without its original
    pictures.write_ahead(PartKey(12, 8), MOMENT, [("", _thumbnail(5))])
    (stored,) = pictures.write_pictures(KEY, MOMENT, [("", _thumbnail(9))])
    pictures.forget_ahead(KEY)
    assert [path for path in pictures.all_files() if not is_temporary(path)] == [stored[Role.THUMBNAIL].path]
    pictures.forget_ahead()
    assert list(pictures.all_files()) == [stored[Role.THUMBNAIL].path]


def test_that_a_crash_with_pictures_ahead_of_their_turn_does_not_look_like_lost_records(pictures: PictureStore) -> None:
    for part in range(8, 13):  # as many as a machine with four cores encodes at once
        pictures.write_ahead(PartKey(12, part), MOMENT, [("", _thumbnail(part))])
    pictures.write_pictures(KEY, MOMENT, [("", _thumbnail(9))])
    assert PictureStore(pictures.folder).last_part(12) == KEY.part


def test_that_a_disk_that_refuses_ahead_is_asked_again_in_turn(pictures: PictureStore, monkeypatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    views = [("", _thumbnail(9))]
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="the disk is full"):
            pictures.write_ahead(KEY, MOMENT, views)
    assert list(pictures.all_files()) == []
    assert pictures.write_pictures(KEY, MOMENT, views)[0][Role.THUMBNAIL]
