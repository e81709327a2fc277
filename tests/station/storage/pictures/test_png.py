"""The station's own PNG files: every reader finds the pixels in them that were written."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from station.camera.pictures.reading import decode_picture
from station.domain.frame import SMALLEST_SIDE_PX
from station.storage.pictures import png
from station.storage.pictures.png import LONGEST_SIDE_PX, encode_png

sides = st.integers(1, 40)
shapes = st.tuples(sides, sides) | st.tuples(sides, sides, st.just(3))
pictures = st.sampled_from([np.uint8, np.uint16]).flatmap(lambda kind: arrays.arrays(kind, shapes))


def read(content: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None
    return image if image.ndim == 2 else image[..., ::-1]


@settings(max_examples=60, deadline=None)
@given(picture=pictures, compressed=st.booleans())
def test_that_opencv_reads_the_pixels_that_were_written(picture: np.ndarray, compressed: bool) -> None:
    back = read(encode_png(picture, compressed=compressed))
    assert back.dtype == picture.dtype
    np.testing.assert_array_equal(back, picture)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_that_the_station_reads_them_as_its_own_source(kind: type) -> None:
    side = SMALLEST_SIDE_PX
    picture = np.random.default_rng(1).integers(0, np.iinfo(kind).max, (side, side, 3), kind, endpoint=True)
    np.testing.assert_array_equal(decode_picture(encode_png(picture), "written").image, picture)


def test_that_a_part_of_a_picture_is_written_whatever_its_memory_looks_like() -> None:
    whole = np.random.default_rng(2).integers(0, 255, (40, 60, 3), np.uint8)
    np.testing.assert_array_equal(read(encode_png(whole[5:30:2, ::-3])), whole[5:30:2, ::-3])


@pytest.mark.parametrize("width", [65534, 65535, 32767, 200])
def test_that_uncompressed_pixels_are_read_across_their_blocks_and_take_no_more_room_than_in_memory(width: int) -> None:
    picture = np.random.default_rng(4).integers(0, 255, (6, width), np.uint8)
    content = encode_png(picture, compressed=False)
    np.testing.assert_array_equal(read(content), picture)
    np.testing.assert_array_equal(
        decode_picture(encode_png(picture[:, :200].repeat(20, 0), compressed=False), "it").image,
        picture[:, :200].repeat(20, 0),
    )
    assert len(content) < picture.nbytes * 1.001 + 200


def test_that_data_of_any_length_is_read_in_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.random.default_rng(3).integers(0, 255, (30, 30), np.uint8)
    monkeypatch.setattr(png, "_LONGEST_CHUNK", 100)
    content = encode_png(picture)
    assert content.count(b"IDAT") > 5
    np.testing.assert_array_equal(read(content), picture)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((4, 4, 2), np.uint8),
        ((4,), np.uint8),
        ((4, 4), np.float32),
        ((0, 5), np.uint8),
        ((1, LONGEST_SIDE_PX + 1), np.uint8),
    ],
)
def test_that_what_no_png_can_hold_is_refused(shape: tuple[int, ...], kind: type) -> None:
    with pytest.raises(ValueError, match=r"PNG cannot hold|cannot be kept"):
        encode_png(np.zeros(shape, kind))
