"""Importing freezes labelled pictures under a hash of their content, or leaves nothing behind."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.domain.errors import BadInputError
from station.learning.datasets import import_folder, load_dataset, require_unchanged
from station.learning.layout.reading import read_layout
from station.learning.masks import read_mask
from station.learning.progress import Progress


def write_picture(path: Path, seed: int = 0, size: tuple[int, int] = (48, 64)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8))


def write_mask(path: Path, size: tuple[int, int] = (48, 64)) -> None:
    mask = np.zeros(size, np.uint8)
    mask[4:9, 5:20] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), mask)


@pytest.fixture
def mvtec(tmp_path: Path) -> Path:
    """Three good parts to learn from; one good, a crack with mask and a dent without to test."""
    folder = tmp_path / "source"
    for number in range(3):
        write_picture(folder / f"train/good/{number:03}.png", number)
    write_picture(folder / "test/good/000.png", 10)
    write_picture(folder / "test/crack/000.png", 11)
    write_picture(folder / "test/dent/000.png", 12)
    write_mask(folder / "ground_truth/crack/000_mask.png")
    return folder


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    return tmp_path / "datasets"


def test_that_an_import_keeps_labels_masks_and_layout(mvtec, datasets):
    dataset = import_folder(mvtec, "gear", datasets)
    assert [picture.name for picture in dataset.pictures] == [
        "test/crack/000.png",
        "test/dent/000.png",
        "test/good/000.png",
        "train/good/000.png",
        "train/good/001.png",
        "train/good/002.png",
    ]
    crack, dent, good = dataset.pictures_of("test")
    assert (crack.kind, crack.good, good.good) == ("crack", False, True)
    assert crack.masks == (dataset.folder / "ground_truth/crack/000_mask.png",)
    assert dent.masks == ()
    assert read_mask(crack.masks[0], (48, 64)).marked.sum() == 5 * 15
    assert dataset.folder == datasets / "gear" / dataset.version


def test_that_the_copy_is_the_same_bytes_in_a_file_of_its_own(mvtec, datasets):
    copied = import_folder(mvtec, "gear", datasets).folder / "train/good/000.png"
    original = mvtec / "train/good/000.png"
    assert copied.read_bytes() == original.read_bytes()
    assert not copied.samefile(original)


def test_that_importing_twice_gives_the_same_version_once(mvtec, datasets):
    first = import_folder(mvtec, "gear", datasets)
    assert import_folder(mvtec, "gear", datasets) == first
    assert [path.name for path in (datasets / "gear").iterdir()] == [first.version]


@pytest.mark.parametrize("changed", ["train/good/000.png", "ground_truth/crack/000_mask.png"])
def test_that_another_content_is_another_version(mvtec, datasets, changed):
    first = import_folder(mvtec, "gear", datasets)
    (mvtec / changed).unlink()
    assert import_folder(mvtec, "gear", datasets).version != first.version


def test_that_a_plain_folder_is_good_parts_to_learn_from(tmp_path, datasets):
    write_picture(tmp_path / "parts/monday/1.png", 1)
    write_picture(tmp_path / "parts/tuesday/1.png", 2)
    dataset = import_folder(tmp_path / "parts", "gear", datasets)
    assert [picture.name for picture in dataset.pictures_of("train")] == [
        "train/good/monday/1.png",
        "train/good/tuesday/1.png",
    ]
    assert all(picture.good for picture in dataset.pictures)


def test_that_each_page_of_a_file_is_a_part_with_a_file_of_its_own(tmp_path, datasets):
    pages = [np.random.default_rng(number).integers(0, 256, (48, 64), np.uint8) for number in range(30)]
    (tmp_path / "parts").mkdir()
    cv2.imwritemulti(str(tmp_path / "parts/stack.tif"), pages)
    dataset = import_folder(tmp_path / "parts", "gear", datasets)
    assert len(dataset.pictures) == 30
    read = {picture.name: cv2.imread(str(picture.path), cv2.IMREAD_UNCHANGED) for picture in dataset.pictures}
    for number, page in enumerate(pages, 1):
        assert np.array_equal(read[f"train/good/stack page {number}.tif"], page)
    assert import_folder(tmp_path / "parts", "gear", datasets) == dataset


def test_that_broken_pictures_are_named_and_nothing_is_left(mvtec, datasets):
    (mvtec / "train/good/003.png").write_text("no picture")
    (mvtec / "train/good/004.png").write_bytes((mvtec / "train/good/000.png").read_bytes()[:200])
    with pytest.raises(BadInputError) as refusal:
        import_folder(mvtec, "gear", datasets)
    assert "003.png" in refusal.value.sentence
    assert "004.png" in refusal.value.sentence
    assert list((datasets / "gear").iterdir()) == []


def test_that_of_many_broken_pictures_the_first_few_are_named(mvtec, datasets):
    for number in range(10, 30):
        (mvtec / f"train/good/{number:03}.png").write_text("no picture")
    with pytest.raises(BadInputError, match=r"20 of 26 pictures.*010\.png.*and 15 more"):
        import_folder(mvtec, "gear", datasets)


def test_that_a_picture_too_small_to_learn_from_is_named(mvtec, datasets):
    write_picture(mvtec / "train/good/tiny.png", size=(1, 1))
    with pytest.raises(BadInputError, match=r"tiny\.png"):
        import_folder(mvtec, "gear", datasets)


def test_that_a_mask_that_is_its_picture_is_refused(mvtec, datasets):
    shutil.copy(mvtec / "test/crack/000.png", mvtec / "ground_truth/crack/000_mask.png")
    with pytest.raises(BadInputError, match=r"000_mask\.png is the same file as its picture"):
        import_folder(mvtec, "gear", datasets)


def test_that_a_mask_of_another_size_is_refused(mvtec, datasets):
    write_mask(mvtec / "ground_truth/crack/000_mask.png", (24, 32))
    with pytest.raises(BadInputError, match="32x24 pixels, its picture is 64x48"):
        import_folder(mvtec, "gear", datasets)


def test_that_a_mask_that_belongs_to_no_picture_is_refused(mvtec):
    write_mask(mvtec / "ground_truth/crack/999_mask.png")
    with pytest.raises(BadInputError, match=r"999_mask\.png belongs to no picture"):
        read_layout(mvtec)


def test_that_masks_among_plain_pictures_are_not_taken_for_good_parts(tmp_path):
    write_picture(tmp_path / "parts/1.png")
    write_picture(tmp_path / "parts/2.png")
    write_mask(tmp_path / "parts/1_mask.png")
    with pytest.raises(BadInputError, match="would be taken as good"):
        read_layout(tmp_path / "parts")


def test_that_a_test_folder_alone_keeps_its_labels(mvtec):
    assert read_layout(mvtec / "test").pictures == read_layout(mvtec).measured


def test_that_defects_sorted_beside_good_parts_are_not_taken_for_good_parts(mvtec, tmp_path):
    sorted_parts = (mvtec / "test").rename(tmp_path / "sorted")
    assert {(p.name, p.split) for p in read_layout(sorted_parts).pictures} == {
        ("test/crack/000.png", "test"),
        ("test/dent/000.png", "test"),
        ("train/good/000.png", "train"),
    }
    (sorted_parts / "dent").rename(sorted_parts / "glorp")
    with pytest.raises(BadInputError, match=r"folder glorp lies beside folders whose names say good or defective"):
        read_layout(sorted_parts)


@pytest.mark.parametrize("name", ["../gear", "", "a/b"])
def test_that_a_product_name_cannot_leave_the_workspace(mvtec, datasets, name):
    with pytest.raises(BadInputError, match="cannot be the name of a product"):
        import_folder(mvtec, name, datasets)


def test_that_a_missing_folder_is_said(tmp_path, datasets):
    with pytest.raises(BadInputError, match="nowhere"):
        import_folder(tmp_path / "nowhere", "gear", datasets)


def test_that_a_version_whose_picture_was_changed_is_found_out(mvtec, datasets):
    dataset = import_folder(mvtec, "gear", datasets)
    require_unchanged(dataset)
    write_picture(dataset.folder / "train/good/001.png", 99)
    with pytest.raises(BadInputError, match=r"001\.png has changed since it was imported"):
        require_unchanged(dataset)


def test_that_a_damaged_manifest_is_refused(mvtec, datasets):
    dataset = import_folder(mvtec, "gear", datasets)
    manifest = json.loads((dataset.folder / "manifest.json").read_text())
    (dataset.folder / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    with pytest.raises(BadInputError, match=r"dataset version in .* is damaged"):
        load_dataset(dataset.folder)


def test_that_a_frozen_version_outlives_its_source(mvtec, datasets):
    dataset = import_folder(mvtec, "gear", datasets)
    shutil.rmtree(mvtec)
    assert load_dataset(dataset.folder) == dataset


def test_that_progress_counts_every_picture(mvtec, datasets):
    steps: list[Progress] = []
    import_folder(mvtec, "gear", datasets, steps.append)
    assert [(step.done, step.total) for step in steps] == [(done, 6) for done in range(7)]
    assert steps[-1].left_s == 0


def test_that_a_picture_with_two_labels_is_named_and_nothing_is_imported(mvtec, datasets):
    shutil.copy(mvtec / "train/good/001.png", mvtec / "test/dent/copy.png")
    with pytest.raises(BadInputError, match=r"test/dent/copy\.png and train/good/001\.png are the same picture"):
        import_folder(mvtec, "gear", datasets)
    assert list((datasets / "gear").iterdir()) == []


def test_that_a_picture_saved_in_another_format_has_two_labels_too(mvtec, datasets):
    cv2.imwrite(str(mvtec / "test/dent/copy.bmp"), cv2.imread(str(mvtec / "train/good/001.png")))
    with pytest.raises(BadInputError, match="two labels"):
        import_folder(mvtec, "gear", datasets)


@pytest.mark.parametrize("values", [(0, 255), (0, 1), (0, 1, 2, 3), (0,), (255,)])
def test_that_a_picture_of_few_values_is_a_mask_and_no_good_part(mvtec, datasets, values):
    cv2.imwrite(str(mvtec / "train/good/odd.png"), np.resize(np.array(values, np.uint8), (48, 64)))
    with pytest.raises(BadInputError, match=r"odd\.png has hardly any grey values"):
        import_folder(mvtec, "gear", datasets)


def test_that_several_masks_of_a_picture_are_kept_as_one_that_marks_what_each_marks(mvtec, datasets):
    mask = np.zeros((48, 64), np.uint8)
    mask[30:40, 30:40] = 3
    (mvtec / "ground_truth/dent/000").mkdir(parents=True)
    cv2.imwrite(str(mvtec / "ground_truth/dent/000/000.png"), mask)
    write_mask(mvtec / "ground_truth/dent/000/001.png")
    dataset = import_folder(mvtec, "gear", datasets)
    (dent,) = (picture for picture in dataset.pictures if picture.kind == "dent")
    assert read_mask(dent.masks[0], (48, 64)).marked.sum() == 100 + 5 * 15
