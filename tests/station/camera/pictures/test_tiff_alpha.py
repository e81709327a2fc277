"""Colours under transparency in a TIFF file, which another program wrote."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from station.camera.pictures.reading import decode_picture

PIXELS = np.random.default_rng(5).integers(0, 256, (24, 40, 4), np.uint8)


def by_pillow() -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(PIXELS, "RGBA").save(file, "TIFF")
    return file.getvalue()


def by_tifffile(pixels: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="rgb", **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        by_pillow(),
        by_tifffile(PIXELS, extrasamples=["unassalpha"]),
        by_tifffile(PIXELS, extrasamples=["unassalpha"], byteorder=">", compression="zlib"),
        by_tifffile(PIXELS, extrasamples=["unassalpha"], tile=(16, 16)),
        by_tifffile(PIXELS, extrasamples=["unspecified"]),
    ],
)
def test_that_colours_are_those_that_are_stored(content: bytes) -> None:
    picture = decode_picture(content, "clear")
    np.testing.assert_array_equal(picture.image, PIXELS[..., :3])
    assert picture.conversion == "transparency dropped"


def test_that_colours_of_16_bits_are_too() -> None:
    deep = PIXELS.astype(np.uint16) * 257
    picture = decode_picture(by_tifffile(deep, extrasamples=["unassalpha"]), "clear")
    np.testing.assert_array_equal(picture.image, deep[..., :3])


@pytest.mark.parametrize(
    "options", [{}, {"compression": "zlib"}, {"tile": (16, 16)}, {"byteorder": ">", "rowsperstrip": 5}], ids=str
)
def test_that_grey_of_16_bits_beside_transparency_keeps_them(options) -> None:
    deep = np.random.default_rng(5).integers(0, 65536, (24, 40, 2), np.uint16)
    file = io.BytesIO()
    layout = {"photometric": "minisblack", "extrasamples": ["unassalpha"], "planarconfig": "contig"}
    tifffile.imwrite(file, deep, **layout, **options)
    picture = decode_picture(file.getvalue(), "clear")
    np.testing.assert_array_equal(picture.image, deep[..., 0])
    assert picture.conversion == "transparency dropped, 16 bits kept"
