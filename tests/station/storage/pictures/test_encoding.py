"""Pictures in the bytes of a file: lossless where it matters, refused if the format cannot hold them."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.storage.pictures.encoding import (
    PictureFormatError,
    decode_map,
    decode_picture,
    encode_float_tiff,
    encode_map,
    encode_original,
    encode_preview,
    encode_thumbnail,
)

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9)) | st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))
original_pictures = st.sampled_from([np.uint8, np.uint16]).flatmap(lambda kind: arrays.arrays(kind, shapes))


@settings(max_examples=40, deadline=None)
@given(picture=original_pictures)
def test_that_an_original_comes_back_bit_for_bit(picture: np.ndarray) -> None:
    np.testing.assert_array_equal(decode_picture(encode_original(picture)), picture)


@pytest.mark.parametrize(
    ("shape", "expected"), [((1000, 500, 3), (320, 160)), ((10, 4000), (1, 320)), ((30, 40), (30, 40))]
)
def test_that_a_thumbnail_is_small_and_keeps_its_proportions(shape: tuple[int, ...], expected: tuple[int, int]) -> None:
    thumbnail = decode_picture(encode_thumbnail(np.full(shape, 77, np.uint8)))
    assert (thumbnail.shape[:2], thumbnail.ndim) == (expected, len(shape))


def test_that_a_thumbnail_keeps_its_colours() -> None:
    orange = np.full((40, 40, 3), (230, 120, 10), np.uint8)
    thumbnail = decode_picture(encode_thumbnail(orange))
    assert np.abs(thumbnail.astype(int) - orange).max() < 8


def test_that_a_picture_that_its_format_cannot_hold_is_refused_and_never_an_empty_file() -> None:
    with pytest.raises(PictureFormatError, match="65501 x 2"):
        encode_preview(np.zeros((2, 65501), np.uint8))
    with pytest.raises(PictureFormatError):
        encode_original(np.zeros((1, 1_000_001), np.uint8))


@settings(max_examples=40, deadline=None)
@given(heat=arrays.arrays(np.float32, (3, 4), elements=st.floats(0, 1, width=32)))
def test_that_a_map_comes_back_within_one_step(heat: np.ndarray) -> None:
    read = decode_map(encode_map(heat))
    assert read.dtype == np.float32
    assert np.abs(read - heat).max() <= 0.5 / 65535 + 1e-7


def test_that_a_place_without_a_score_is_never_stored_as_good() -> None:
    heat = np.array([[np.nan, 0.2]], np.float32)
    assert decode_map(encode_map(heat))[0, 0] == 1


def test_that_pixels_that_opencv_refuses_are_refused_under_our_own_name() -> None:
    with pytest.raises(PictureFormatError):
        encode_original(np.zeros((4, 4, 2), np.uint8))
    with pytest.raises(PictureFormatError):
        encode_thumbnail(np.zeros((4, 700, 1000), np.uint8))


@settings(max_examples=20, deadline=None)
@given(values=arrays.arrays(np.float32, (3, 4), elements=st.floats(0, 1, width=32)))
def test_that_a_float_tiff_keeps_every_value_exactly(values: np.ndarray) -> None:
    read = cv2.imdecode(np.frombuffer(encode_float_tiff(values), np.uint8), cv2.IMREAD_UNCHANGED)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, values)
