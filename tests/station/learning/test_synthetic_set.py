"""A folder of drawn defects: repeatable, labelled, with masks, and it says what it is."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_discs import draw_disc, write

from station.domain.errors import BadInputError
from station.domain.synthetic import SyntheticKind
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.reading import read_layout
from station.learning.synthetic_set import LIST, SyntheticOrder, write_synthetic_set

ORDER = SyntheticOrder((SyntheticKind.SCRATCH, SyntheticKind.MISSING), count=3, seed=7)


@pytest.fixture
def good(tmp_path: Path) -> tuple[LabelledPicture, ...]:
    """Nine discs without a split."""
    for number in range(9):
        write(tmp_path / f"parts/{number}.png", draw_disc(number))
    return read_layout(tmp_path / "parts").pictures


def content_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_that_the_folder_is_read_as_labelled_pictures_with_masks(good, tmp_path: Path) -> None:
    write_synthetic_set(good, tmp_path / "out", ORDER)
    reading = read_layout(tmp_path / "out")
    kinds = sorted(picture.kind for picture in reading.pictures if not picture.good)
    assert kinds == ["synthetic-missing"] * 3 + ["synthetic-scratch"] * 3
    assert all(len(picture.masks) == 1 for picture in reading.pictures if not picture.good)
    assert sorted(picture.split for picture in reading.pictures if picture.good) == ["test"] * 3 + ["train"] * 6


def test_that_a_mask_marks_what_differs_from_the_picture_that_was_drawn_on(good, tmp_path: Path) -> None:
    write_synthetic_set(good, tmp_path / "out", ORDER)
    for each in json.loads((tmp_path / "out" / LIST).read_text())["pictures"]:
        drawn, before, mask = (
            cv2.imread(str(tmp_path / "out" / each[name]), cv2.IMREAD_UNCHANGED)
            for name in ("picture", "drawn_on", "mask")
        )
        changed = (drawn != before).reshape(*mask.shape, -1).any(axis=2)
        assert np.array_equal(mask > 0, changed)
        assert each["area_px"] == changed.sum() > 0


def test_that_the_same_order_gives_the_same_bytes_and_another_seed_does_not(good, tmp_path: Path) -> None:
    for name, order in (("a", ORDER), ("b", ORDER), ("c", replace(ORDER, seed=8))):
        write_synthetic_set(good, tmp_path / name, order)
    a, b, c = (content_of(tmp_path / name) for name in "abc")
    assert a == b
    assert a["test/synthetic-scratch/0000.png"] != c["test/synthetic-scratch/0000.png"]


def test_that_a_kind_is_drawn_alike_whatever_else_is_drawn(good, tmp_path: Path) -> None:
    write_synthetic_set(good, tmp_path / "both", ORDER)
    write_synthetic_set(good, tmp_path / "one", replace(ORDER, kinds=(SyntheticKind.MISSING,)))
    both, one = content_of(tmp_path / "both"), content_of(tmp_path / "one")
    drawn = {name: content for name, content in one.items() if "synthetic-missing" in name}
    assert len(drawn) == 6
    assert drawn.items() <= both.items()


def test_that_the_folder_says_that_it_is_synthetic(good, tmp_path: Path) -> None:
    write_synthetic_set(good, tmp_path / "out", ORDER)
    said = json.loads((tmp_path / "out" / LIST).read_text())
    assert said["synthetic"] is True
    assert said["seed"] == 7
    assert {each["kind"] for each in said["pictures"]} == {"synthetic-scratch", "synthetic-missing"}


def test_that_defects_are_drawn_on_pictures_for_measuring_alone(good, tmp_path: Path) -> None:
    write_synthetic_set(good, tmp_path / "out", replace(ORDER, count=8))
    said = json.loads((tmp_path / "out" / LIST).read_text())
    assert all(each["drawn_on"].startswith("test/good/") for each in said["pictures"])


def test_that_a_picture_of_twelve_bits_stays_one(tmp_path: Path) -> None:
    deep = np.random.default_rng(0).integers(900, 3000, (96, 128), np.uint16)
    write(tmp_path / "parts/0.png", deep)
    write_synthetic_set(read_layout(tmp_path / "parts").pictures, tmp_path / "out", ORDER)
    drawn = cv2.imread(str(tmp_path / "out/test/synthetic-scratch/0000.png"), cv2.IMREAD_UNCHANGED)
    assert drawn.dtype == np.uint16
    assert drawn.max() < 4096


def test_that_a_folder_that_is_there_is_left_as_it_is(good, tmp_path: Path) -> None:
    write(tmp_path / "out/mine.png", draw_disc(0))
    before = content_of(tmp_path / "out")
    with pytest.raises(BadInputError, match="is there already"):
        write_synthetic_set(good, tmp_path / "out", ORDER)
    assert content_of(tmp_path / "out") == before


def test_that_nothing_is_left_of_a_folder_with_a_broken_picture(good, tmp_path: Path) -> None:
    for picture in good:
        picture.path.write_bytes(b"no picture")
    with pytest.raises(BadInputError):
        write_synthetic_set(good, tmp_path / "out", ORDER)
    assert {path.name for path in tmp_path.iterdir()} == {"parts"}


def test_that_no_good_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no picture of a good part"):
        write_synthetic_set((), tmp_path / "out", ORDER)
