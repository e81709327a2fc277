"""A first look: drawn defects are judged as on the line, and counted by kind and size."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.app import Station
from station.domain.errors import BadInputError, GivenUpError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.recipe import ModelReference, RecipeState, View
from station.domain.synthetic import DrawnLook, DrawnSize, LookOrder, SyntheticKind
from station.domain.verdict import Limits, Prediction
from station.learning.datasets import import_folder
from station.learning.drawn_look import look_at_drawn
from station.learning.layout.reading import read_layout

FOREIGN, SCRATCH = SyntheticKind.FOREIGN, SyntheticKind.SCRATCH


class DifferencePredictor:
    """Scores what differs from even grey: a large place more than a small one."""

    input_size = (64, 64)

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def predict(self, image: np.ndarray) -> Prediction:
        self.seen.append(image)
        away = np.abs(image.astype(np.float32) - 120).max(axis=2) / 255
        anomaly_map = cv2.resize(away, (16, 16), interpolation=cv2.INTER_AREA)
        return Prediction(float(anomaly_map.max()), float(anomaly_map.max()), anomaly_map)

    def close(self) -> None:
        pass


@pytest.fixture
def good(tmp_path: Path):
    """Three even grey pictures, 128 x 128."""
    (tmp_path / "parts").mkdir()
    for number in range(3):
        cv2.imwrite(
            str(tmp_path / f"parts/{number}.png"),
            np.random.default_rng(number).integers(119, 122, (128, 128), np.uint8),
        )
    return read_layout(tmp_path / "parts").pictures


def view(**settings) -> View:
    return View(
        ModelReference("m", "0" * 64), **({"limits": Limits(image_threshold=0.1, pixel_threshold=0.1)} | settings)
    )


def test_that_large_defects_are_found_and_tiny_ones_are_not(good) -> None:
    order = LookOrder((SyntheticKind.MISSING,), 12, 0, (2, 40))
    look = look_at_drawn(good, view(), DifferencePredictor(), order)
    small, large = look.sizes
    assert (small.size_px, small.drawn, small.found) == (2, 12, 0)
    assert (large.size_px, large.drawn, large.found, large.placed) == (40, 12, 12, 12)
    assert look.smallest_found(SyntheticKind.MISSING) == 40
    assert (look.pictures, look.left_out, look.outlined) == (3, 0, 0)


def test_that_the_same_seed_gives_the_same_look(good) -> None:
    order = LookOrder((FOREIGN, SCRATCH), 6, 3)
    first, second = (look_at_drawn(good, view(), DifferencePredictor(), order) for _ in range(2))
    assert first == second


def test_that_sizes_follow_the_region_of_interest(good) -> None:
    order = LookOrder((SCRATCH,), 1, 0)
    whole = look_at_drawn(good, view(), DifferencePredictor(), order)
    inner = look_at_drawn(good, view(roi=RegionOfInterest(10, 10, 64, 100)), DifferencePredictor(), order)
    assert [each.size_px for each in whole.sizes] == [2, 3, 5, 10, 20]
    assert [each.size_px for each in inner.sizes] == [2, 3, 5, 10]


def test_that_nothing_is_drawn_outside_of_what_is_judged(good) -> None:
    ignored = np.ones((128, 128), np.bool_)
    ignored[32:64, 32:64] = False
    predictor = DifferencePredictor()
    look_at_drawn(good, view(ignore=IgnoreMask.of(ignored)), predictor, LookOrder((FOREIGN,), 8, 0, (20,)))
    changed = np.abs(np.stack(predictor.seen[3:11]).astype(int) - 120).max(axis=(0, 3)) > 6
    assert changed.any()
    ys, xs = np.nonzero(changed)
    assert ys.min() >= 15 and ys.max() <= 32  # noqa: PT018
    assert xs.min() >= 15 and xs.max() <= 32  # noqa: PT018


def test_that_a_good_picture_that_fails_is_left_out_and_said(good, tmp_path: Path) -> None:
    spoilt = np.full((128, 128), 120, np.uint8)
    spoilt[20:80, 20:80] = 250
    cv2.imwrite(str(tmp_path / "parts/1.png"), spoilt)
    look = look_at_drawn(good, view(), DifferencePredictor(), LookOrder((FOREIGN,), 4, 0, (30,)))
    assert (look.pictures, look.left_out) == (2, 1)


def test_that_good_pictures_of_which_none_passes_are_an_error(good) -> None:
    strict = view(limits=Limits(image_threshold=0.0001, pixel_threshold=0.0001))
    with pytest.raises(BadInputError, match="None of 3 good pictures passes"):
        look_at_drawn(good, strict, DifferencePredictor(), LookOrder((FOREIGN,), 1, 0))


def test_that_a_part_that_is_not_inspected_is_not_found(good) -> None:
    settings = view()
    settings = replace(settings, quality=replace(settings.quality, max_brightness=121))
    look = look_at_drawn(good, settings, DifferencePredictor(), LookOrder((FOREIGN,), 12, 0, (60,)))
    (only,) = look.sizes
    assert only.not_inspected > 0
    assert only.found + only.not_inspected <= only.drawn


def test_that_a_size_is_found_only_if_all_larger_ones_are() -> None:
    def size(px: int, found: int) -> DrawnSize:
        return DrawnSize(SCRATCH, px, 10, found, found, 0)

    look = DrawnLook(3, 0, False, 0, (size(4, 10), size(8, 5), size(16, 9), size(32, 10)))
    assert look.smallest_found(SCRATCH) == 16
    assert DrawnLook(3, 0, False, 0, (size(4, 10), size(8, 5))).smallest_found(SCRATCH) is None


def test_that_a_station_looks_at_the_pictures_of_a_folder(
    station: Station, tmp_path: Path, draw_part: Callable[..., np.ndarray]
) -> None:
    (tmp_path / "good").mkdir()
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"good/{number}.png"), draw_part(number))
    order = LookOrder((SyntheticKind.MISSING,), 3, 0, (4, 120))
    look = station.synthetic.look("plate", order, folder=tmp_path / "good")
    assert [each.found for each in look.sizes] == [0, 3]
    assert not look.learned
    with pytest.raises(GivenUpError, match="The look at drawn defects was given up"):
        station.synthetic.look("plate", order, folder=tmp_path / "good", wanted=lambda: False)
    with pytest.raises(BadInputError, match="was taught from are not on this station"):
        station.synthetic.look("plate", order)


@pytest.mark.parametrize(("split", "learned"), [("train", True), ("test", False)])
def test_that_pictures_that_the_model_has_learned_are_taken_only_if_there_are_no_others(
    station: Station, tmp_path: Path, draw_part: Callable[..., np.ndarray], split: str, learned: bool
) -> None:
    for place in {"train", split}:
        (tmp_path / f"set/{place}/good").mkdir(parents=True)
        for number in range(3):
            cv2.imwrite(str(tmp_path / f"set/{place}/good/{number}.png"), draw_part(number + 10 * (place == "test")))
    version = import_folder(tmp_path / "set", "Steel plate", station.workspace.datasets).version
    plate = station.recipes.find("plate").recipe
    taught = replace(plate, revision=2, views=(replace(plate.views[0], dataset_version=version),))
    station._core.recipes.add_revision(taught, RecipeState.DRAFT, datetime.now(UTC))
    look = station.synthetic.look("plate", LookOrder((FOREIGN,), 1, 0, (60,)), 2)
    assert (look.pictures, look.learned) == (3, learned)
