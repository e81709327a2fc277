"""Keys for fingers, words for three metres."""

import math

import pytest

from ui.theme.sizes import sizes_for

SCREENS = [(1280, 800), (1366, 768), (1920, 1080), (2560, 1440), (3840, 2160)]


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_that_the_verdicts_capitals_are_an_eighth_of_the_window(width: int, height: int) -> None:
    assert sizes_for(width, height, 96).word >= height / 8


def test_that_keys_measure_20_and_15_millimetres_where_there_is_room() -> None:
    sizes = sizes_for(1920, 1080, 96)
    assert sizes.main_key >= 20 / 25.4 * 96 - 1
    assert sizes.key >= 15 / 25.4 * 96 - 1


@pytest.mark.parametrize(
    ("width", "height", "inches", "main_mm", "key_mm"),
    [(1280, 800, 10.1, 16, 10), (1280, 800, 12.1, 19, 12), (1024, 768, 15, 19.5, 14), (1920, 1080, 15.6, 19.5, 14)],
)
def test_that_keys_of_small_panels_are_as_large_as_there_is_room(
    width: int, height: int, inches: float, main_mm: float, key_mm: float
) -> None:
    dots_per_inch = math.hypot(width, height) / inches
    sizes = sizes_for(width, height, dots_per_inch)
    assert sizes.main_key / dots_per_inch * 25.4 >= main_mm
    assert sizes.key / dots_per_inch * 25.4 >= key_mm


@pytest.mark.parametrize("dots_per_inch", [40, 96, 160, 400])
def test_that_keys_never_crowd_out_the_picture(dots_per_inch: float) -> None:
    sizes = sizes_for(1280, 800, dots_per_inch)
    assert 2 * sizes.main_key + 2 * sizes.key < 800 / 2
