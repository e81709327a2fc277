"""Zoom and pan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF

from ui.widgets.canvas.viewport import fitted, full_size, level_for

sides = st.floats(16, 8000)
sizes = st.builds(QSizeF, sides, sides)


@given(sizes, sizes)
def test_that_a_fitted_picture_is_all_there_and_touches_its_area(picture: QSizeF, area: QSizeF) -> None:
    view = fitted(picture, area)
    shown = QSizeF(picture) * view.zoom
    assert shown.width() <= area.width() * 1.0001
    assert shown.height() <= area.height() * 1.0001
    assert shown.width() == pytest.approx(area.width()) or shown.height() == pytest.approx(area.height())


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(1.1, 4))
def test_that_the_place_under_the_cursor_stays_there(across: float, down: float, factor: float) -> None:
    picture, area = QSizeF(2000, 1500), QSizeF(800, 600)
    at = QPointF(across * 800, down * 600)
    before = fitted(picture, area)
    after = before.zoomed(factor, at, picture, area)
    place = before.transform(area).inverted()[0].map(at)
    moved = after.transform(area).map(place)
    assert (moved.x(), moved.y()) == (pytest.approx(at.x(), abs=1e-6), pytest.approx(at.y(), abs=1e-6))


def test_that_zooming_out_ends_at_the_whole_picture() -> None:
    picture, area = QSizeF(2000, 1500), QSizeF(800, 600)
    near = full_size(picture, 1.0)
    assert near.zoomed(0.001, QPointF(1, 1), picture, area) == fitted(picture, area)


@given(st.floats(0.001, 30), st.sampled_from([1.0, 1.5, 2.0]), st.integers(1, 6))
def test_that_no_level_is_made_smaller_by_two_while_a_smaller_one_exists(zoom, ratio, levels) -> None:
    level = level_for(zoom, ratio, levels)
    assert 0 <= level < levels
    drawn_at = zoom * ratio * 2**level
    assert level == 0 or drawn_at <= 1.0001
    assert level == levels - 1 or drawn_at > 0.4999


def test_that_full_size_is_one_point_of_the_display_for_each_pixel() -> None:
    assert full_size(QSizeF(100, 100), 2.0).zoom == 0.5
