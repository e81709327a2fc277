"""Pictures in other colours and sizes."""

import numpy as np
import pytest

from station.vision.conversion import as_grey, as_rgb, enlarged


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_that_grey_becomes_three_equal_channels_and_grey_again(kind) -> None:
    grey = np.arange(12, dtype=kind).reshape(3, 4)
    colour = as_rgb(grey)
    assert colour.shape == (3, 4, 3)
    assert (colour == grey[..., None]).all()
    np.testing.assert_array_equal(as_grey(colour), grey)


def test_that_a_picture_in_the_wanted_colours_is_returned_as_it_is() -> None:
    grey, colour = np.zeros((2, 2), np.uint8), np.zeros((2, 2, 3), np.uint8)
    assert as_grey(grey) is grey
    assert as_rgb(colour) is colour


def test_that_green_is_brighter_than_red_and_red_brighter_than_blue() -> None:
    red, green, blue = as_grey(np.diag([255, 255, 255]).astype(np.uint8)[None])[0]
    assert green > red > blue > 0


def test_that_an_enlarged_picture_has_the_wanted_height_and_width() -> None:
    assert enlarged(np.full((4, 6, 3), 9, np.uint8), (8, 18)).shape == (8, 18, 3)
