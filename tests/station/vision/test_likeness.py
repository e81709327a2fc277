"""Two pictures of one exposure are recognised, and two parts that look alike are not taken for one."""

import cv2
import numpy as np
import pytest

from station.vision.likeness import look_of, nearest


def plate(seed: int) -> np.ndarray:
    """The drawn plate: soft and fine noise of its own, and a disc that lies a little elsewhere each time."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(0, 40, (240, 320, 3)), (0, 0), 2)
    picture = np.full((240, 320, 3), (130, 140, 150), float) + soft
    place = (160 + int(rng.integers(-2, 3)), 120 + int(rng.integers(-2, 3)))
    cv2.circle(picture, place, 80, (60, 60, 60), -1)
    cv2.circle(picture, place, 55, (60, 160, 60), 8)
    return np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


CHANGES = {
    "not at all": lambda picture: picture,
    "JPEG": lambda picture: cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1),
    "brighter": lambda picture: cv2.convertScaleAbs(picture, alpha=1.1, beta=8),
    "moved": lambda picture: np.roll(picture, (2, -2), (0, 1)),
    "half the size": lambda picture: cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA),
    "16 bits": lambda picture: picture.astype(np.uint16) * 257,
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_that_a_picture_is_recognised_after_it_was(change):
    learned = [plate(seed) for seed in range(24)]
    changed = [look_of(CHANGES[change](picture)) for picture in learned[3:9]]
    assert nearest([look_of(picture) for picture in learned], changed) == [3, 4, 5, 6, 7, 8]


@pytest.mark.slow
def test_that_other_parts_of_the_same_type_are_not_taken_for_one_that_was_learned():
    learned = [look_of(plate(seed)) for seed in range(24)]
    assert nearest(learned, [look_of(plate(seed)) for seed in range(100, 124)]) == [None] * 24


def test_that_pictures_without_contrast_and_few_pictures_are_no_trouble():
    flat = look_of(np.full((40, 50), 7, np.uint8))
    assert nearest([flat, flat], [flat]) == [None]
    assert nearest([flat], [flat]) == [None]
    assert nearest([flat, flat], []) == []
