import os
from pathlib import Path

import pytest
from picture_samples import COLOUR, GREY, dicom, opencv

from station.camera.pictures.listing import LeftOutBecause, list_folder, picture_files
from station.domain.errors import BadInputError

OF_SYSTEM = [
    "@eaDir/P0000.jpg/SYNOPHOTO_THUMB_XL.jpg",
    "@SynoResource/a.png",
    "_thumbs/a.png",
    "Thumbnails/a.png",
    "_gsdata_/a.png",
    "__MACOSX/._a.png",
    "$RECYCLE.BIN/S-1-5-21/$R2.png",
    "System Volume Information/a.png",
    "lost+found/a.png",
    "#recycle/a.png",
    ".Trash-1000/files/a.png",
    ".@__thumb/s100a.png",
    ".ipynb_checkpoints/a-checkpoint.png",
    "FOUND.000/a.png",
    "RECYCLER/a.png",
    "Thumbs.db",
    ".DS_Store",
    "desktop.ini",
    "._a.png",
    ".hidden.png",
    "~$a.png",
    "a.png~",
    "a.tmp",
    "a.png.part",
    "a.png.crdownload",
    "a.png.filepart",
    "a.png.bak",
    "a.png - Shortcut.lnk",
]


def write(folder: Path, name: str, content: bytes = b"") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", OF_SYSTEM)
def test_that_what_a_system_keeps_for_itself_is_left_out_and_counted(tmp_path: Path, name: str) -> None:
    part = write(tmp_path, "part.png", opencv(".png", GREY))
    write(tmp_path, f"shift 1/{name}", opencv(".png", GREY))
    content = list_folder(tmp_path)
    assert content.pictures == (part,)
    assert sum(content.of_system.values()) == 1
    assert content.left_out == ()
    assert len(content.notes) == 1


def test_that_thumbnails_are_named_by_their_folder_and_count(tmp_path: Path) -> None:
    for number in range(6):
        write(tmp_path, f"shift 1/P{number}.jpg", opencv(".jpg", GREY))
        for size in ("XL", "M"):
            write(tmp_path, f"shift 1/@eaDir/P{number}.jpg/SYNOPHOTO_THUMB_{size}.jpg", opencv(".jpg", GREY))
    content = list_folder(tmp_path)
    assert len(content.pictures) == 6
    assert content.notes == ("Files that the system keeps for itself were left out: 12 files in @eaDir.",)


def test_that_kinds_that_are_not_read_are_named_and_counted(tmp_path: Path) -> None:
    write(tmp_path, "0.png", opencv(".png", GREY))
    for name in ("1.heic", "2.NEF", "more/3.xcf", "4.pdf", "5.czi", "6.gif"):
        write(tmp_path, name, b"something else")
    content = list_folder(tmp_path)
    assert content.left_out_names == ("1.heic", "2.NEF", "4.pdf", "5.czi", "6.gif", "more/3.xcf")
    sentence = "6 files left out: 1.heic, 2.NEF, 4.pdf, 5.czi, 6.gif and 1 more (6 of a kind that is not read)."
    assert content.notes == (sentence,)


def test_that_texts_and_tables_are_named_and_are_not_left_out(tmp_path: Path) -> None:
    for name in ("0.png", "readme.txt", "labels.csv", "LICENSE", "0.json"):
        write(tmp_path, name, opencv(".png", GREY))
    content = list_folder(tmp_path)
    assert content.left_out == ()
    assert content.notes == ("4 files that are not pictures: 0.json, LICENSE, labels.csv, readme.txt.",)


@pytest.mark.parametrize("name", ["scan", "1.2.840.113619.2", "part.picture", "IM0001"])
@pytest.mark.parametrize("content", [opencv(".png", COLOUR), dicom(GREY, 8)], ids=["png", "dicom"])
def test_that_a_picture_with_an_unknown_name_is_known_by_its_content(tmp_path: Path, name, content: bytes) -> None:
    path = write(tmp_path, name, content)
    assert list_folder(tmp_path).pictures == (path,)


def test_that_a_linked_folder_a_dead_link_and_a_queue_are_named(tmp_path: Path) -> None:
    write(tmp_path, "parts/0.png", opencv(".png", GREY))
    (tmp_path / "parts/linked.png").symlink_to(tmp_path / "parts/0.png")
    (tmp_path / "parts/all").symlink_to(tmp_path)
    (tmp_path / "parts/gone.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "parts/queue.png")
    content = list_folder(tmp_path / "parts")
    assert [path.name for path in content.pictures] == ["0.png", "linked.png"]
    assert {each.path.name: each.because for each in content.left_out} == {
        "all": LeftOutBecause.LINKED_FOLDER,
        "gone.png": LeftOutBecause.BROKEN_LINK,
        "queue.png": LeftOutBecause.NO_FILE,
    }


def test_that_a_folder_that_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "0.png")
    write(tmp_path, "locked/1.png")
    scandir = os.scandir

    def refusing(path: Path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    (left_out,) = list_folder(tmp_path).left_out
    assert (left_out.path.name, left_out.because) == ("locked", LeftOutBecause.NO_RIGHT)


def test_that_pictures_are_found_in_all_folders_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b/2.png", "a.JPG", "b/1.tiff", "notes.txt", ".hidden.png", ".trash/3.png", "c.WEBP", "d.jp2"):
        write(tmp_path, name)
    found = [path.relative_to(tmp_path).as_posix() for path in picture_files(tmp_path)]
    assert found == ["a.JPG", "b/1.tiff", "b/2.png", "c.WEBP", "d.jp2"]


def test_that_a_missing_folder_an_empty_folder_and_a_file_have_different_errors(tmp_path: Path) -> None:
    file = write(tmp_path, "file.txt")
    for path, words in ((tmp_path / "none", "no folder"), (tmp_path, "No picture"), (file, "is a file")):
        with pytest.raises(BadInputError, match=words):
            picture_files(path)


def test_that_a_folder_without_a_picture_is_refused_with_what_is_there_instead(tmp_path: Path) -> None:
    write(tmp_path, "a.heic")
    with pytest.raises(BadInputError, match=r"No picture in .*1 file left out: a\.heic"):
        picture_files(tmp_path)


def test_that_of_the_stations_own_records_only_the_pictures_are_parts(tmp_path: Path) -> None:
    for name in ("0007-1-top-0c546f12.png", "0007-1-top-1c546f12-map.png", "0007-1-top-2c546f12-thumbnail.jpg"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "crack-map.png").write_bytes(b"")
    content = list_folder(tmp_path)
    assert [path.name for path in content.pictures] == ["0007-1-top-0c546f12.png", "crack-map.png"]
    assert "2 small pictures and maps of the station's records" in content.notes[-1]
