"""One reduction for model and screen: nothing lost, nothing aliased, nothing changed."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.vision.preprocess import Preprocessor

SIZE = (64, 64)


def noise(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def clouds(shape: tuple[int, ...]) -> np.ndarray:
    """Structure of all sizes but the finest, as in a lens's picture."""
    return cv2.normalize(cv2.GaussianBlur(noise(shape), (0, 0), 15), None, 0, 255, cv2.NORM_MINMAX)


@given(st.integers(16, 700), st.integers(16, 700), st.booleans(), st.tuples(st.integers(32, 300), st.integers(32, 300)))
def test_that_any_picture_becomes_the_model_s_input(height, width, colour, input_size):
    picture = noise((height, width, 3) if colour else (height, width))
    prepared = Preprocessor(input_size).run(picture)
    assert prepared.model_input.shape == (*input_size, 3)
    assert prepared.model_input.dtype == np.uint8
    assert prepared.model_input.flags.c_contiguous
    assert prepared.roi == (0, 0, width, height)
    assert np.shares_memory(prepared.levels[0], picture)


@given(st.integers(16, 1400), st.integers(16, 1400))
def test_that_each_level_is_exactly_half_of_the_one_before(height, width):
    levels = Preprocessor(SIZE).run(noise((height, width))).levels
    for larger, smaller in pairwise(levels):
        assert (larger.shape[0], larger.shape[1]) == (2 * smaller.shape[0], 2 * smaller.shape[1])
    assert max(levels[-1].shape) <= 320 or any(side % 2 for side in levels[-1].shape)


def test_that_a_level_is_the_mean_of_four_pixels():
    picture = noise((512, 640))
    level = Preprocessor(SIZE).run(picture).levels[1]
    means = picture.reshape(256, 2, 320, 2).mean(axis=(1, 3))
    assert np.abs(level - means).max() <= 0.5


@pytest.mark.parametrize("shape", [(2048, 2448), (1944, 2592), (901, 1203), (480, 640, 3)])
def test_that_the_model_s_input_is_close_to_averaging_the_whole_picture_at_once(shape):
    picture = clouds(shape)
    at_once = cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA)
    model_input = Preprocessor((256, 256)).run(picture).model_input
    grey = model_input if picture.ndim == 3 else model_input[..., 0]
    assert np.abs(grey.astype(int) - at_once).mean() < 2


@given(st.integers(0, 1023), st.integers(0, 1023))
def test_that_a_mark_of_sixteen_pixels_is_seen_wherever_it_lies(x, y):
    """A 4 x 4 mark on a megapixel carries the same weight everywhere; sampling instead of averaging would miss it."""
    picture = np.zeros((1024, 1024), np.uint8)
    picture[y : y + 4, x : x + 4] = 255
    area = picture.astype(bool).sum()
    model_input = Preprocessor((256, 256)).run(picture).model_input[..., 0]
    assert model_input.sum(dtype=int) == pytest.approx(255 * area / 16, abs=16)


@given(st.integers(257, 1200), st.integers(16, 240))
def test_that_every_column_of_the_picture_weighs_about_the_same_for_the_model(width, column):
    """Plain interpolation would weigh some columns ten times less than others, and miss a scratch on them."""
    picture = np.zeros((256, width), np.uint8)
    picture[:, column] = 255
    model_input = Preprocessor((256, 256)).run(picture).model_input[..., 0]
    assert 0.8 < model_input.mean() / 255 * width < 1.3


@pytest.mark.parametrize("row", [0, -1])
@pytest.mark.parametrize("size", [(512, 640), (511, 641), (100, 333)])
def test_that_the_edge_of_the_picture_reaches_the_model(row, size):
    picture = np.zeros(size, np.uint8)
    picture[row, :] = 255
    picture[:, row] = 255
    model_input = Preprocessor(SIZE).run(picture).model_input
    assert model_input[row].mean() > 8
    assert model_input[:, row].mean() > 8


@pytest.mark.parametrize("roi", [(64, 32, 256, 320), (65, 33, 255, 319)])
def test_that_only_the_region_of_interest_reaches_the_model(roi):
    x, y, width, height = roi
    picture = np.zeros((512, 640), np.uint8)
    picture[y : y + height, x : x + width] = 200
    prepared = Preprocessor(SIZE, RegionOfInterest(*roi)).run(picture)
    assert (prepared.model_input == 200).all()
    assert prepared.roi == roi
    assert np.shares_memory(prepared.levels[0], picture)


CLOUDS = clouds((1024, 1024))


@given(st.integers(0, 3), st.integers(0, 3), st.integers(4, 8), st.integers(4, 8))
def test_that_a_region_on_even_pixels_is_seen_as_its_own_picture_would_be(column, row, columns, rows):
    """Whether a region is cut from a level or from the picture makes no difference to the model."""
    picture = CLOUDS
    roi = RegionOfInterest(64 * column, 64 * row, 64 * columns, 64 * rows)
    cut = np.ascontiguousarray(picture[roi.y : roi.y + roi.height, roi.x : roi.x + roi.width])
    from_levels = Preprocessor(SIZE, roi).run(picture).model_input
    from_cut = Preprocessor(SIZE).run(cut).model_input
    assert np.abs(from_levels.astype(int) - from_cut).mean() < 2


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_that_the_brightest_value_of_a_deep_picture_becomes_255(bits):
    picture = np.zeros((64, 64), np.uint16)
    picture[:, 32:] = 2**bits - 1
    prepared = Preprocessor(SIZE).run(picture, bits)
    assert prepared.levels[0].dtype == np.uint8
    assert (prepared.model_input[:, :32] == 0).all()
    assert (prepared.model_input[:, 32:] == 255).all()


def test_that_a_value_beyond_the_significant_bits_is_white_and_not_black():
    picture = np.full((64, 64), 5000, np.uint16)
    assert (Preprocessor(SIZE).run(picture, 12).model_input == 255).all()


def test_that_colours_keep_their_order():
    picture = np.zeros((640, 640, 3), np.uint8)
    picture[..., 0] = 200
    assert Preprocessor(SIZE).run(picture).model_input[5, 5].tolist() == [200, 0, 0]


def test_that_the_picture_is_not_changed_and_its_levels_cannot_be():
    picture = noise((640, 640))
    before = picture.copy()
    prepared = Preprocessor(SIZE).run(picture)
    assert np.array_equal(picture, before)
    assert picture.flags.writeable
    assert not any(level.flags.writeable for level in prepared.levels)


@pytest.mark.parametrize(
    "roi", [(0, 0, 641, 480), (0, 1, 640, 480), (-1, 0, 64, 64), (600, 400, 64, 64), (0, 0, 0, 0), (0, 0, 15, 480)]
)
def test_that_a_region_that_does_not_fit_the_picture_is_refused(roi):
    with pytest.raises(BadInputError, match=r"640 x 480"):
        Preprocessor(SIZE, RegionOfInterest(*roi)).run(noise((480, 640)))


@pytest.mark.parametrize("shape", [(1, 1), (15, 640), (640, 15, 3)])
def test_that_a_picture_too_small_to_show_anything_is_refused(shape):
    with pytest.raises(BadInputError, match="too small"):
        Preprocessor(SIZE).run(noise(shape))


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_that_a_picture_neither_grey_nor_rgb_is_refused(channels):
    with pytest.raises(BadInputError, match=f"{channels} channels"):
        Preprocessor(SIZE).run(noise((64, 64, channels)))
