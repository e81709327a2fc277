"""TIFF files whose colours lie in planes, made by another program."""

import io

import numpy as np
import pytest
import tifffile

from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture

PACKED = {"compression": "zlib"}
RNG = np.random.default_rng(5)


def planes(pixels: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, np.moveaxis(pixels, 2, 0), photometric="rgb", planarconfig="separate", **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    "options",
    [{}, {"compression": "zlib"}, {"tile": (16, 16), "compression": "zlib"}, {"tile": (16, 16)}, {"rowsperstrip": 7}],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_that_colour_planes_are_put_together(kind: type, options: dict[str, object], order: str) -> None:
    pixels = RNG.integers(0, np.iinfo(kind).max, (24, 40, 3), kind)
    picture = decode_picture(planes(pixels, byteorder=order, **options), "planes")
    np.testing.assert_array_equal(picture.image, pixels)


def test_that_a_plane_of_transparency_is_dropped_and_said() -> None:
    pixels = RNG.integers(0, 65535, (24, 40, 4), np.uint16)
    picture = decode_picture(planes(pixels, extrasamples=["unassalpha"]), "planes")
    np.testing.assert_array_equal(picture.image, pixels[..., :3])
    assert picture.conversion == "transparency dropped, 16 bits kept"


def test_that_planes_that_are_not_whole_are_refused() -> None:
    content = planes(RNG.integers(0, 65535, (24, 40, 3), np.uint16))
    pixels_begin = content.index(b"\0", 8)
    with pytest.raises(UnreadablePictureError):
        decode_picture(content[: pixels_begin + 24 * 40 * 2 * 2], "planes")
