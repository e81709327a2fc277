import numpy as np
import pytest
from picture_samples import COLOUR, LOSSLESS, LOSSY

from station.camera.pictures.reading import decode_picture


@pytest.mark.parametrize("name", LOSSLESS)
def test_that_a_format_is_read_with_its_pixels_and_its_depth(name: str) -> None:
    make, pixels, bits = LOSSLESS[name]
    picture = decode_picture(make(), name)
    assert np.array_equal(picture.image, pixels)
    assert picture.significant_bits == bits


@pytest.mark.parametrize("name", LOSSY)
def test_that_a_lossy_format_is_read_nearly_as_it_was(name: str) -> None:
    picture = decode_picture(LOSSY[name](), name)
    expected = COLOUR if picture.image.ndim == 3 else COLOUR[..., 0]
    assert np.abs(picture.image.astype(int) - expected).mean() < 6
