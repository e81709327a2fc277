"""Heights and other recordings of a part are no further parts."""

import shutil

from drawn_parts import mask, part

from station.camera.pictures.listing import list_folder
from station.learning.layout.parts import parts_of
from station.learning.layout.reading import read_layout


def test_that_heights_beside_the_pictures_are_left_out_and_named(tmp_path):
    root = tmp_path / "bagel"
    for place in ("train/good", "test/good", "test/crack"):
        part(root / place / "rgb" / "000.png")
        (root / place / "xyz").mkdir()
        shutil.copy(root / place / "rgb" / "000.png", root / place / "xyz" / "000.tiff")
    mask(root / "test/crack/gt/000.png")
    mask(root / "test/good/gt/000.png", empty=True)
    reading = read_layout(root)
    assert sorted((one.kind, one.split) for one in reading.pictures) == [
        ("crack", "test"), ("good", "test"), ("good", "train"),
    ]  # fmt: skip
    assert {one.path.parent.name for one in reading.pictures} == {"rgb"}
    assert [len(one.masks) for one in reading.pictures if not one.good] == [1]
    assert any("3 pictures left out, other recordings of pictures beside them" in note for note in reading.notes)


def test_that_a_folder_of_heights_alone_holds_the_pictures(tmp_path):
    part(tmp_path / "plate" / "depth" / "000.png")
    part(tmp_path / "plate" / "depth" / "001.png")
    assert len(read_layout(tmp_path / "plate").pictures) == 2


def test_that_pictures_in_which_a_person_drew_are_no_further_defects(tmp_path):
    root = tmp_path / "plate"
    for name in (
        "OK/1.png",
        "OK/2.png",
        "NG/1.png",
        "NG/annotated/1.png",
        "NG/2.png",
        "NG/2_annotated.png",
        "NG/marked/2.png",
    ):
        part(root / name)
    reading = read_layout(root)
    assert sorted(one.good for one in reading.pictures) == [False, False, True, True]
    assert any("annotated/1.png" in note for note in reading.notes)
    assert any("2_annotated.png" in note for note in reading.notes)
    assert any("marked/2.png" in note for note in reading.notes)


def test_that_a_part_with_a_mark_in_its_name_is_inspected(tmp_path):
    for name in ("1.png", "1_marked.png", "1_annotated.png"):
        part(tmp_path / name)
    assert [path.name for path in parts_of(list_folder(tmp_path)).pictures] == ["1.png", "1_marked.png"]


def test_that_annotated_above_folders_with_labels_is_only_a_title(tmp_path):
    for name in ("annotated/OK/1.png", "annotated/NG/2.png"):
        part(tmp_path / "set" / name)
    assert sorted(one.good for one in read_layout(tmp_path / "set").pictures) == [False, True]
    assert sorted(one.good for one in read_layout(tmp_path / "set" / "annotated").pictures) == [False, True]
