import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.vision.synthetic.part_mask import part_in


def disc(dtype: type = np.uint8, *, colour: bool = False, noise: float = 2.0) -> np.ndarray:
    """Return a bright disc of radius 60 on a dark ground, 200 x 240."""
    rng = np.random.default_rng(0)
    grey = np.full((200, 240), 40.0)
    cv2.circle(grey, (120, 100), 60, 180.0, -1)
    picture = np.clip(grey + rng.normal(0, noise, grey.shape), 0, 255) * (257 if dtype is np.uint16 else 1)
    picture = picture.astype(dtype)
    return np.stack([picture] * 3, axis=2) if colour else picture


def true_disc(radius: int) -> np.ndarray:
    y, x = np.mgrid[:200, :240]
    return (x - 120) ** 2 + (y - 100) ** 2 <= radius**2


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("colour", [False, True])
def test_that_a_part_before_an_even_background_is_outlined_a_little_smaller(dtype: type, colour: bool) -> None:
    found = part_in(disc(dtype, colour=colour))
    assert found.outlined
    assert not (found.mask & ~true_disc(60)).any()
    assert (found.mask & true_disc(55)).sum() > 0.97 * true_disc(55).sum()


def test_that_a_part_that_fills_the_picture_is_the_whole_picture() -> None:
    found = part_in(np.random.default_rng(0).integers(90, 120, (100, 140), np.uint8))
    assert not found.outlined
    assert found.mask.all()


def test_that_a_part_that_runs_out_of_the_picture_is_not_outlined() -> None:
    half = np.full((100, 140), 40, np.uint8)
    half[50:] = 200
    assert not part_in(half).outlined


def test_that_the_part_lies_in_the_inspected_place() -> None:
    inspected = np.zeros((200, 240), np.bool_)
    inspected[:, :120] = True
    found = part_in(disc(), inspected)
    assert found.outlined
    assert not found.mask[:, 120:].any()


def test_that_an_inspected_place_beside_the_part_counts_itself() -> None:
    inspected = np.zeros((200, 240), np.bool_)
    inspected[:20, :20] = True
    found = part_in(disc(), inspected)
    assert not found.outlined
    assert np.array_equal(found.mask, inspected)


@given(st.integers(16, 90), st.integers(16, 90), st.integers(0, 2**32), st.booleans())
@settings(max_examples=60, deadline=None)
def test_that_the_mask_has_the_size_of_the_picture_and_is_never_empty(h: int, w: int, seed: int, dark: bool) -> None:
    picture = np.random.default_rng(seed).integers(0, 1 if dark else 256, (h, w), np.uint8)
    found = part_in(picture)
    assert found.mask.shape == (h, w)
    assert found.mask.any()
