"""A proposal is where the map is high, with the edge of the picture."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from station.vision.mask_proposal import propose_masks

HEIGHT, WIDTH = 240, 320
ROI = (0, 0, WIDTH, HEIGHT)


def ellipse(centre: tuple[int, int], radii: tuple[int, int]) -> np.ndarray:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return ((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 <= 1


def plate(*marks: np.ndarray) -> np.ndarray:
    picture = np.random.default_rng(3).normal(150, 12, (HEIGHT, WIDTH))
    for mark in marks:
        picture[mark] -= 80
    return np.clip(picture, 0, 255).astype(np.uint8)


def map_of(*marks: np.ndarray, score: float = 0.95) -> np.ndarray:
    """A coarse and blurred map of 24 x 32 cells."""
    raw = np.full((24, 32), 0.08)
    for mark in marks:
        cover = mark.reshape(24, 10, 32, 10).mean((1, 3))
        raw = np.maximum(raw, score * cv2.GaussianBlur(cv2.dilate(cover, np.ones((3, 3))), (3, 3), 0) ** 0.5)
    return np.minimum(raw, 0.99).astype(np.float32)


def propose_mask(*given: object) -> np.ndarray:
    """The most probable."""
    return next(propose_masks(*given))


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


MARK = ellipse((200, 90), (34, 20))


@pytest.mark.parametrize("colour", [False, True])
def test_that_the_edge_is_that_of_the_picture(colour: bool) -> None:
    picture = plate(MARK)
    proposed = propose_mask(np.dstack([picture] * 3) if colour else picture, map_of(MARK), ROI, 0.5)
    assert overlap(proposed, MARK) > 0.8


def test_that_every_place_above_the_limit_is_proposed() -> None:
    other = ellipse((60, 190), (22, 22))
    proposed = propose_mask(plate(MARK, other), map_of(MARK, other), ROI, 0.5)
    assert overlap(proposed, MARK | other) > 0.8


def test_that_a_part_that_passed_has_a_proposal_at_its_highest_place() -> None:
    small = ellipse((200, 90), (9, 7))
    proposed = propose_mask(plate(small), map_of(small, score=0.4), ROI, 0.5)
    assert (proposed & small).sum() > 0.5 * small.sum()
    assert proposed.sum() < 10 * 10 * 10 * 1.5


def test_that_an_even_map_proposes_nothing() -> None:
    assert not list(propose_masks(plate(), np.full((24, 32), 0.1, np.float32), ROI, 0.5))


def test_that_other_places_follow_the_most_probable_one() -> None:
    clear, faint = ellipse((200, 90), (12, 12)), ellipse((60, 190), (12, 12))
    anomaly_map = np.maximum(map_of(clear, score=0.45), map_of(faint, score=0.4))
    first, second, *_ = propose_masks(plate(clear, faint), anomaly_map, ROI, 0.5)
    assert (first & clear).any()
    assert not (first & faint).any()
    assert (second & faint).any()


def test_that_a_proposal_stays_inside_the_region_of_interest() -> None:
    roi = (80, 40, 160, 120)
    anomaly_map = np.full((12, 16), 0.1, np.float32)
    anomaly_map[:4, :5] = 0.9
    proposed = propose_mask(plate(MARK), anomaly_map, roi, 0.5)
    assert proposed.any()
    proposed[40:160, 80:240] = False
    assert not proposed.any()


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(arrays(np.float32, (6, 8), elements=st.floats(0, 1, width=32)), st.floats(0.05, 0.95))
def test_that_any_map_gives_masks_of_the_pictures_size(anomaly_map: np.ndarray, limit: float) -> None:
    for proposed in propose_masks(plate(MARK), anomaly_map, ROI, limit):
        assert proposed.shape == (HEIGHT, WIDTH)
        assert proposed.dtype == np.bool_
