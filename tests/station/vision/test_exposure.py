"""Histogram, clipped pixels and sharpness, against plain counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.domain.preview import OVER_EXPOSED, UNDER_EXPOSED
from station.vision.exposure import clipped, clipping_levels, histogram, measure
from station.vision.preprocess import pyramid

PICTURES = arrays.arrays(
    np.uint8,
    st.one_of(
        st.tuples(st.integers(2, 9), st.integers(2, 9)), st.tuples(st.integers(2, 9), st.integers(2, 9), st.just(3))
    ),
    elements=st.sampled_from([0, 1, 128, 254, 255]),
)


@given(PICTURES)
def test_that_the_histogram_counts_every_pixel_of_every_channel(picture) -> None:
    channels = picture[..., None] if picture.ndim == 2 else picture
    counted = histogram(picture)
    assert counted.shape == (channels.shape[2], 256)
    for i, counts in enumerate(counted):
        assert counts.tolist() == np.bincount(channels[..., i].ravel(), minlength=256).tolist()


@given(PICTURES)
def test_that_any_full_channel_is_over_exposed_and_only_all_black_is_under_exposed(picture) -> None:
    channels = picture[..., None] if picture.ndim == 2 else picture
    marks = clipped(picture)
    assert np.array_equal(marks == OVER_EXPOSED, (channels == 255).any(axis=2))
    assert np.array_equal(marks == UNDER_EXPOSED, (channels == 0).all(axis=2))


def test_that_one_clipped_pixel_is_still_marked_on_the_smallest_level() -> None:
    picture = np.full((960, 1280), 100, np.uint8)
    picture[417, 233] = 255
    levels = pyramid(picture)
    marks = clipping_levels(clipped(picture), levels)
    assert len(marks) > 1
    assert [mark.shape for mark in marks] == [level.shape for level in levels]
    assert [np.count_nonzero(mark == OVER_EXPOSED) for mark in marks] == [1] * len(levels)


def test_that_the_shares_are_those_of_the_pixels() -> None:
    picture = np.full((10, 10), 100, np.uint8)
    picture[0] = 255
    picture[1, :5] = 0
    measured = measure(picture, clipped(picture))
    assert measured.over_share == pytest.approx(0.10)
    assert measured.under_share == pytest.approx(0.05)


@pytest.mark.parametrize("colour", [False, True])
def test_that_a_blurred_picture_is_less_sharp(colour, draw_part) -> None:
    sharp = draw_part(1)
    blurred = (sharp[:-1] // 2 + sharp[1:] // 2).astype(np.uint8)
    pictures = [np.dstack([one] * 3) if colour else one for one in (sharp, blurred)]
    first, second = (measure(one, clipped(one)).sharpness for one in pictures)
    assert first > second
