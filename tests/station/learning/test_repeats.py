"""Pictures that were learned and are measured are named: the same file, or the same exposure saved again."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.learning.datasets import DatasetVersion, import_folder
from station.learning.layout.reading import read_layout
from station.learning.repeats import repeats_in, repeats_of_learned


def draw(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soft = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 60, (120, 160, 3)), (0, 0), 2)
    cv2.imwrite(str(path), np.clip(128 + soft, 0, 255).astype(np.uint8))


@pytest.fixture
def learned(tmp_path: Path) -> DatasetVersion:
    for seed in range(12):
        draw(tmp_path / f"train/good/{seed:02}.png", seed)
    return import_folder(tmp_path / "train", "gear", tmp_path / "datasets")


def said(learned: DatasetVersion, folder: Path) -> tuple[str, ...]:
    return repeats_of_learned(learned.folder, read_layout(folder).measured)


def test_that_new_pictures_are_no_repeats(learned, tmp_path):
    for seed in range(50, 58):
        draw(tmp_path / f"new/{seed}.png", seed)
    assert said(learned, tmp_path / "new") == ()


def test_that_the_taught_folder_itself_is_said_to_have_been_learned(learned, tmp_path):
    (sentence,) = said(learned, tmp_path / "train")
    assert sentence.startswith("12 of 12 pictures to measure with were learned")
    assert sentence.endswith("train/good/04.png and 7 more")


def test_that_labelled_defects_count_as_learned_if_they_were(learned, tmp_path):
    draw(tmp_path / "all/test/crack/1.png", 90)
    shutil.copytree(tmp_path / "train/good", tmp_path / "all/train/good")
    version = import_folder(tmp_path / "all", "gear", tmp_path / "datasets")
    measured = read_layout(tmp_path / "all").measured
    assert repeats_of_learned(version.folder, measured) == ()
    (sentence,) = repeats_of_learned(version.folder, measured, with_defects=True)
    assert sentence.startswith("1 of 1 pictures to measure with was learned")


def test_that_a_picture_saved_again_is_named_with_the_one_it_looks_as(learned, tmp_path):
    draw(tmp_path / "new/0.png", 77)
    (tmp_path / "new/b.jpg").write_bytes(
        cv2.imencode(".jpg", cv2.imread(str(tmp_path / "train/good/05.png")), [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
    )
    shutil.copy(tmp_path / "train/good/07.png", tmp_path / "new/c.png")
    same, alike = said(learned, tmp_path / "new")
    assert same.startswith("1 of 3 pictures to measure with was learned")
    assert same.endswith("train/good/c.png")
    assert alike.endswith("train/good/b.jpg as train/good/05.png")


def test_that_teaching_names_what_is_learned_and_measured(tmp_path):
    for seed in range(8):
        draw(tmp_path / f"set/train/good/{seed}.png", seed)
        draw(tmp_path / f"set/test/good/{seed}.png", 100 + seed)
    shutil.copy(tmp_path / "set/train/good/3.png", tmp_path / "set/test/good/3.png")
    dataset = import_folder(tmp_path / "set", "gear", tmp_path / "datasets")
    (sentence,) = repeats_in(dataset.folder)
    assert sentence.startswith("1 of 8 pictures to measure with was learned")
    assert sentence.endswith("test/good/3.png")


@pytest.mark.parametrize("damage", ["missing", "short", "of another size"])
def test_that_without_the_looks_the_same_files_are_still_named(learned, tmp_path, damage):
    looks = learned.folder / "looks.npy"
    if damage == "missing":
        looks.unlink()
    elif damage == "short":
        looks.write_bytes(looks.read_bytes()[:500])
    else:
        np.save(looks, np.zeros((3, 4), np.uint8))
    assert len(said(learned, tmp_path / "train")) == 1
    assert repeats_of_learned(tmp_path / "nowhere", read_layout(tmp_path / "train").measured) == ()
