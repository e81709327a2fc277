"""The quality gate that teaching sets: all good pictures pass, what no part explains does not."""

import cv2
import numpy as np
import pytest

from station.domain.frame import NotInspectedCause
from station.learning.layout.reading import read_layout
from station.learning.picture_quality import measure_good
from station.vision.preprocess import Preprocessor
from station.vision.quality import QualityGate

SIZE = (96, 128)


@pytest.fixture
def taught(tmp_path):
    """Ten good pictures of a textured part, 320 x 240, and the limits made from them."""
    rng = np.random.default_rng(0)
    for number in range(10):
        picture = rng.integers(90, 160, (240, 320, 3), np.uint8)
        cv2.rectangle(picture, (80, 60), (240, 180), (200, 200, 200), 6)
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    return measure_good(read_layout(tmp_path).pictures, SIZE).quality, cv2.imread(str(tmp_path / "0.png"))


def verdict_on(picture, limits):
    return QualityGate(limits).check(Preprocessor(SIZE, None).run(picture))


def test_that_a_good_picture_passes(taught) -> None:
    limits, picture = taught
    assert verdict_on(picture, limits) is None


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda p: (p * 0.3).astype(np.uint8), NotInspectedCause.TOO_DARK),
        (lambda p: cv2.add(p, (110, 110, 110, 0)), NotInspectedCause.TOO_BRIGHT),
        (lambda p: cv2.GaussianBlur(p, (0, 0), 8), NotInspectedCause.BLURRED),
        (lambda p: cv2.resize(p, (640, 200)), NotInspectedCause.WRONG_PICTURE),
        (lambda p: np.ascontiguousarray(np.rot90(p)), NotInspectedCause.WRONG_PICTURE),
    ],
)
def test_that_what_no_part_explains_is_not_judged(taught, spoil, cause) -> None:
    limits, picture = taught
    assert verdict_on(spoil(picture), limits) is cause


def test_that_a_mark_on_the_part_is_left_to_the_model(taught) -> None:
    limits, picture = taught
    marked = picture.copy()
    cv2.circle(marked, (160, 120), 40, (0, 0, 0), -1)
    assert verdict_on(marked, limits) is None
