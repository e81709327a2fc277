"""A picture that shows nothing is not judged."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.recipe import QualityLimits
from station.vision.preprocess import Prepared, Preprocessor
from station.vision.quality import QualityGate, sharpness


def prepared(picture: np.ndarray, roi: RegionOfInterest | None = None) -> Prepared:
    return Preprocessor((128, 128), roi).run(picture)


def scene(seed: int, brightness: int = 128) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(-3, 4, (512, 640))
    return np.clip(brightness + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("brightness", "cause"),
    [(0, NotInspectedCause.TOO_DARK), (128, None), (255, NotInspectedCause.TOO_BRIGHT)],
)
@pytest.mark.parametrize("colour", [False, True])
def test_that_a_picture_without_light_or_with_too_much_is_not_judged(brightness, cause, colour):
    picture = scene(0, brightness)
    picture = np.repeat(picture[..., None], 3, axis=2) if colour else picture
    assert QualityGate(QualityLimits()).check(prepared(picture)) is cause


def test_that_brightness_is_that_of_the_inspected_region():
    picture = scene(0, 0)
    picture[128:256, 128:256] = 128
    gate = QualityGate(QualityLimits())
    assert gate.check(prepared(picture, RegionOfInterest(128, 128, 128, 128))) is None
    assert gate.check(prepared(scene(1), RegionOfInterest(128, 128, 128, 128))) is None


def test_that_blur_is_noticed_where_the_recipe_asks_for_it():
    sharp = np.kron(np.indices((32, 40)).sum(axis=0) % 2 * 200, np.ones((16, 16))).astype(np.uint8)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 12)
    limit = sharpness(prepared(sharp).model_input) / 2
    gate = QualityGate(QualityLimits(min_sharpness=limit))
    assert gate.check(prepared(sharp)) is None
    assert gate.check(prepared(blurred)) is NotInspectedCause.BLURRED
    assert QualityGate(QualityLimits()).check(prepared(blurred)) is None


PICTURES = [prepared(scene(seed)) for seed in range(3)]


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(2, 5))
def test_that_a_picture_repeated_bit_for_bit_so_often_is_a_frozen_camera(order, frozen_after):
    gate = QualityGate(QualityLimits(frozen_after=frozen_after))
    in_a_row, last = 0, None
    for number in order:
        in_a_row = in_a_row + 1 if number == last else 1
        last = number
        frozen = gate.check(PICTURES[number]) is NotInspectedCause.FROZEN_PICTURE
        assert frozen == (in_a_row >= frozen_after)


def test_that_a_single_pixel_distinguishes_a_live_camera_from_a_frozen_one():
    gate = QualityGate(QualityLimits(frozen_after=2))
    first, second = scene(0), scene(0)
    second[300, 301] ^= 1
    assert gate.check(prepared(first)) is None
    assert gate.check(prepared(second)) is None
    assert gate.check(prepared(second.copy())) is NotInspectedCause.FROZEN_PICTURE


def test_that_a_drawn_folder_may_repeat_its_pictures_where_the_check_is_off():
    gate = QualityGate(QualityLimits(frozen_after=0))
    assert [gate.check(prepared(scene(0))) for _ in range(10)] == [None] * 10
