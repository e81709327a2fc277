"""Masks are turned like the pictures that they were painted on."""

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from station.camera.pictures.mask_file import read_mask_pixels
from station.camera.pictures.reading import read_picture

UPRIGHT = np.zeros((24, 40), np.uint8)
UPRIGHT[3:9, 5:30] = 255


@pytest.mark.parametrize("kind", ["png", "jpg", "tif", "webp"])
def test_that_picture_and_mask_of_the_same_file_lie_alike(tmp_path: Path, kind: str) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    turned = {"tiffinfo": {274: 6}} if kind == "tif" else {"exif": exif}
    path = tmp_path / f"000.{kind}"
    Pillow.fromarray(np.rot90(UPRIGHT).copy()).save(path, **turned)
    mask, picture = read_mask_pixels(path), read_picture(path).image
    assert mask.shape[:2] == picture.shape[:2] == UPRIGHT.shape
    for each in (mask, picture):
        marked = each if each.ndim == 2 else each[..., 0]
        assert np.array_equal(marked > 127, UPRIGHT > 127)


def test_that_white_as_0_is_turned_round_in_both(tmp_path: Path) -> None:
    deep, file = UPRIGHT.astype(np.uint16) * 257, io.BytesIO()
    tifffile.imwrite(file, 65535 - deep, photometric="miniswhite")
    (tmp_path / "000.tif").write_bytes(file.getvalue())
    np.testing.assert_array_equal(read_mask_pixels(tmp_path / "000.tif"), deep)
    np.testing.assert_array_equal(read_picture(tmp_path / "000.tif").image, deep)
