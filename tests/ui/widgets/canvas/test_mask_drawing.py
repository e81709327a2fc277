"""Strokes: begun, moved, ended, and taken back."""

from dataclasses import replace

import numpy as np
import pytest

from station.vision.mask_editing import NOTHING
from ui.widgets.canvas.mask_drawing import MaskDrawing, Pen, Tool


@pytest.fixture
def drawing():
    return MaskDrawing(np.zeros((60, 80), np.uint8), np.zeros((60, 80), np.uint8))


def stroke(drawing, pen, *points):
    drawing.begin(pen, points[0])
    for point in points[1:]:
        drawing.move(point)
    return drawing.end()


BRUSH = Pen(Tool.BRUSH, 2, 5)


def test_that_a_stroke_is_one_step(drawing) -> None:
    assert stroke(drawing, BRUSH, (10, 10), (20, 10), (20, 30))[1]
    assert drawing.mask[10, 15] == drawing.mask[20, 20] == 2
    drawing.undo()
    assert not drawing.mask.any()
    assert not drawing.can_undo
    drawing.redo()
    assert drawing.mask[20, 20] == 2


def test_that_a_stroke_that_changes_nothing_adds_no_step(drawing) -> None:
    assert stroke(drawing, replace(BRUSH, tool=Tool.ERASER), (10, 10), (20, 10)) == (NOTHING, False)
    assert not drawing.can_undo


def test_that_a_lasso_fills_when_it_ends(drawing) -> None:
    drawing.begin(replace(BRUSH, tool=Tool.LASSO), (10, 10))
    for point in ((30, 10), (30, 40), (10, 40)):
        drawing.move(point)
    assert not drawing.mask.any()
    assert drawing.end()[1]
    assert (drawing.mask[11:40, 11:30] == 2).all()
    assert not drawing.corners


def test_that_a_polygon_takes_corner_by_corner_until_it_is_closed(drawing) -> None:
    pen = replace(BRUSH, tool=Tool.POLYGON)
    for corner in ((10, 10), (50, 10), (50, 40)):
        drawing.begin(pen, corner)
        drawing.move((70, 50))
        assert drawing.end() == (NOTHING, False)
    assert drawing.close_shape()[1]
    assert drawing.mask[12, 45] == 2
    assert not drawing.mask[38, 12]
    assert not drawing.active


def test_that_a_straight_line_goes_from_press_to_release(drawing) -> None:
    stroke(drawing, replace(BRUSH, tool=Tool.LINE), (10, 10), (70, 55), (40, 10))
    assert (drawing.mask[10, 10:41] == 2).all()
    assert not drawing.mask[30:].any()


def test_that_a_cancelled_stroke_leaves_nothing(drawing) -> None:
    stroke(drawing, BRUSH, (10, 10))
    former = drawing.mask.copy()
    drawing.begin(replace(BRUSH, value=4), (12, 12))
    drawing.move((50, 50))
    drawing.cancel()
    assert (drawing.mask == former).all()
    assert not drawing.active
    drawing.undo()
    assert not drawing.mask.any()


def test_that_undo_while_a_shape_is_drawn_drops_the_shape_alone(drawing) -> None:
    stroke(drawing, BRUSH, (10, 10))
    drawing.begin(replace(BRUSH, tool=Tool.POLYGON), (5, 5))
    drawing.undo()
    assert drawing.mask.any()
    assert not drawing.active


def test_that_a_whole_mask_is_put_as_one_step(drawing) -> None:
    stroke(drawing, BRUSH, (10, 10))
    former, put = drawing.mask.copy(), np.zeros((60, 80), np.uint8)
    put[40:50, 60:70] = 3
    drawing.put(put)
    assert (drawing.mask == put).all()
    drawing.undo()
    assert (drawing.mask == former).all()
