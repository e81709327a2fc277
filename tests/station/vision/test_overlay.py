"""The anomaly map as people see it."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from station.vision.overlay import contours, full_size_map, heat_rgba, relative_rgba
from station.vision.regions import find_regions

ROI, PICTURE = (100, 50, 640, 480), (600, 800)
LIMITS = st.floats(0.05, 0.95)

maps = hnp.arrays(np.float32, st.tuples(st.integers(2, 33), st.integers(2, 33)), elements=st.floats(0, 1, width=32))


def blob(row: float = 16, column: float = 12, height: float = 0.9) -> np.ndarray:
    down, across = np.mgrid[:32, :32]
    bump = np.exp(-((down - row) ** 2 + (across - column) ** 2) / 30)
    return (0.05 + (height - 0.05) * bump).astype(np.float32)


@given(maps, LIMITS)
def test_that_the_colours_are_premultiplied_and_small(anomaly_map, limit):
    heat = heat_rgba(anomaly_map, limit)
    assert heat.dtype == np.uint8
    assert heat.shape[2] == 4
    assert heat.flags.c_contiguous
    assert max(heat.shape) <= 128
    assert (heat[..., :3] <= heat[..., 3:]).all()


@given(LIMITS, st.floats(0, 1))
def test_that_nothing_is_coloured_well_below_the_limit(limit, share):
    anomaly_map = np.full((8, 8), 0.6 * limit * share, np.float32)
    assert not heat_rgba(anomaly_map, limit).any()


@given(LIMITS)
def test_that_what_lies_above_the_limit_is_coloured(limit):
    anomaly_map = np.full((8, 8), limit + 0.01, np.float32)
    assert heat_rgba(anomaly_map, limit)[..., 3].min() > 0


@pytest.mark.parametrize("background", [0, 60, 128, 200, 255])
def test_that_a_mark_is_visible_on_dark_and_light_parts(background):
    heat = heat_rgba(blob(), 0.5).astype(float)
    drawn = heat[..., :3] + background * (1 - heat[..., 3:] / 255)
    middle = drawn[int(16.5 / 32 * len(drawn)), int(12.5 / 32 * len(drawn))]
    assert np.abs(middle - background).max() > 80


def test_that_worse_is_lighter_all_the_way_so_that_every_eye_orders_it_the_same():
    ramp = np.linspace(0.4, 1, 64, dtype=np.float32).reshape(1, -1).repeat(2, axis=0)
    heat = heat_rgba(ramp, 0.5)[0].astype(float)
    lightness = heat[:, :3] @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(lightness) >= -1).all()
    assert lightness[-1] > lightness[0] + 100


def test_that_one_colour_scale_is_not_taken_for_that_of_another_limit():
    assert heat_rgba(blob(), 0.3).any()
    assert not np.array_equal(heat_rgba(blob(), 0.3), heat_rgba(blob(), 0.7))


def test_that_an_outline_runs_around_the_mark_in_pixels_of_the_original_picture():
    (outline,) = contours(blob(), ROI, 0.5)
    (region,) = find_regions(blob(), ROI, PICTURE, 0.5)
    assert outline.ndim == 2
    assert outline.shape[1] == 2
    left, top = outline.min(axis=0)
    right, bottom = outline.max(axis=0)
    cell = 640 / 96
    expected = (region.x, region.y, region.x + region.w, region.y + region.h)
    assert (left, top, right, bottom) == pytest.approx(expected, abs=1.5 * cell)
    centre = (100 + 12.5 / 32 * 640, 50 + 16.5 / 32 * 480)
    assert cv2.pointPolygonTest(outline.astype(np.float32), centre, measureDist=False) > 0


@given(maps, LIMITS)
def test_that_there_is_an_outline_exactly_where_there_is_a_region(anomaly_map, limit):
    outlines = contours(anomaly_map, ROI, limit)
    assert bool(outlines) == bool(find_regions(anomaly_map, ROI, PICTURE, limit))
    for outline in outlines:
        assert (outline >= (100, 50)).all()
        assert (outline <= (740, 530)).all()


@given(maps)
def test_that_a_full_size_map_covers_the_region_of_interest_and_nothing_else(anomaly_map):
    full = full_size_map(anomaly_map, ROI, PICTURE)
    assert full.shape == PICTURE
    assert full.dtype == np.float32
    inside = full[50:530, 100:740]
    assert inside.min() == pytest.approx(anomaly_map.min(), abs=0.1)
    assert inside.max() == pytest.approx(anomaly_map.max(), abs=0.1)
    assert full.sum(dtype=float) == pytest.approx(inside.sum(dtype=float))


@given(maps)
def test_that_relative_colours_are_premultiplied_and_leave_the_map_as_it_is(anomaly_map):
    before = anomaly_map.copy()
    heat = relative_rgba(anomaly_map)
    assert (heat.dtype, heat.shape[2]) == (np.uint8, 4)
    assert max(heat.shape) <= 128
    assert (heat[..., :3] <= heat[..., 3:]).all()
    assert np.array_equal(anomaly_map, before)


@pytest.mark.parametrize("height", [0.1, 0.3, 0.9])
def test_that_relative_colours_show_a_place_however_low_it_is(height):
    heat = relative_rgba(blob(height=height))
    assert heat[49, 37, 3] == heat[..., 3].max() > 180
    assert 0.03 < (heat[..., 3] > 0).mean() < 0.12


@given(maps, st.floats(0.1, 0.5), st.floats(0, 0.5))
def test_that_relative_colours_depend_on_the_order_of_scores_and_not_on_their_level(anomaly_map, scale, shift):
    levels = np.round(anomaly_map * 64) / 64
    moved = (levels * np.float32(scale) + np.float32(shift)).astype(np.float32)
    first, second = (relative_rgba(one.astype(np.float32))[..., 3].astype(int) for one in (levels, moved))
    assert np.abs(first - second).max() <= 2


@given(st.floats(0, 1, width=32))
def test_that_an_even_map_has_no_relative_colour(level):
    assert not relative_rgba(np.full((8, 8), level, np.float32)).any()
