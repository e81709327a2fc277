"""Mouse, pen, fingers, wheel and keys on a picture that is drawn on."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.background.rendered_part import qimage
from ui.widgets.canvas.brush_canvas import BrushCanvas
from ui.widgets.canvas.mask_drawing import Tool

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
HEIGHT, WIDTH = 300, 400


@pytest.fixture
def canvas(qtbot):
    """A canvas on which two screen points are one pixel of the picture."""
    made = BrushCanvas("Picture to mark")
    qtbot.addWidget(made)
    made.resize(2 * WIDTH, 2 * HEIGHT)
    picture = np.full((HEIGHT, WIDTH), 90, np.uint8)
    image = qimage(picture)
    made.show_item(
        (image, image.scaled(WIDTH // 2, HEIGHT // 2)), image.size(), picture, np.zeros((HEIGHT, WIDTH), np.uint8)
    )
    made.set_pen(replace(made.pen, diameter_px=11, value=3))
    made.show()
    made.strokes = []
    made.drawn.connect(lambda: made.strokes.append(made.drawing.mask.copy()))
    return made


def drag(canvas, *places, button=LEFT, held=NONE) -> None:
    QTest.mousePress(canvas, button, held, QPoint(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(canvas, QPoint(*place))
    QTest.mouseRelease(canvas, button, held, QPoint(*places[-1]))


def turn(canvas, at, notches, held=NONE) -> None:
    place, delta = QPointF(*at), QPoint(0, 120 * notches)
    event = QWheelEvent(place, canvas.mapToGlobal(place), QPoint(), delta, Qt.MouseButton.NoButton, held,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_that_the_left_button_draws_where_the_cursor_is(canvas) -> None:
    drag(canvas, (200, 100), (300, 100))
    mask = canvas.drawing.mask
    assert (mask[50, 100:150] == 3).all()
    assert mask[:, 125].astype(bool).sum() == 11
    assert len(canvas.strokes) == 1


def test_that_ctrl_erases_while_it_is_held(canvas) -> None:
    drag(canvas, (200, 100), (300, 100))
    drag(canvas, (260, 100), (300, 100), held=CTRL)
    assert canvas.drawing.mask[50, 110] == 3
    assert not canvas.drawing.mask[50, 135:].any()
    assert canvas.pen.tool is Tool.BRUSH


def test_that_the_wheel_zooms_at_the_cursor_and_with_shift_sizes_the_brush(canvas) -> None:
    turn(canvas, (200, 100), 3)
    assert canvas.view.zoom > 2
    place = canvas.view.transform(canvas._area()).map(QPointF(100, 50))
    assert (round(place.x()), round(place.y())) == (200, 100)
    zoom, size = canvas.view.zoom, canvas.pen.diameter_px
    turn(canvas, (200, 100), 2, held=SHIFT)
    assert canvas.view.zoom == zoom
    assert canvas.pen.diameter_px > size
    turn(canvas, (200, 100), -40, held=SHIFT)
    assert canvas.pen.diameter_px == 1


def test_that_another_button_moves_the_picture_and_draws_nothing(canvas) -> None:
    turn(canvas, (400, 300), 4)
    before = canvas.view
    drag(canvas, (400, 300), (440, 330), button=RIGHT)
    assert canvas.view.x < before.x
    assert not canvas.drawing.mask.any()


def test_that_a_double_click_closes_a_polygon(canvas) -> None:
    canvas.set_pen(replace(canvas.pen, tool=Tool.POLYGON))
    for place in ((100, 100), (300, 100), (300, 300)):
        QTest.mouseClick(canvas, LEFT, NONE, QPoint(*place))
    assert not canvas.drawing.mask.any()
    QTest.mouseDClick(canvas, LEFT, NONE, QPoint(100, 300))
    assert canvas.drawing.mask[100, 120] == 3


def test_that_a_pen_draws_and_its_other_end_erases(canvas) -> None:
    def tablet(kind, at, end):
        device = QPointingDevice("pen", 1, QPointingDevice.DeviceType.Stylus, end,
                                 QPointingDevice.Capability.Position, 1, 1)  # fmt: skip
        place = QPointF(*at)
        event = QTabletEvent(kind, device, place, canvas.mapToGlobal(place), 0.5, 0, 0, 0, 0, 0, NONE, LEFT, LEFT)
        QApplication.sendEvent(canvas, event)

    tip, other = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser
    for end, places in ((tip, ((200, 100), (300, 100))), (other, ((280, 100), (320, 100)))):
        tablet(QEvent.Type.TabletPress, places[0], end)
        tablet(QEvent.Type.TabletMove, places[1], end)
        tablet(QEvent.Type.TabletRelease, places[1], end)
    assert canvas.drawing.mask[50, 110] == 3
    assert not canvas.drawing.mask[50, 142:].any()
    assert len(canvas.strokes) == 2


def test_that_one_finger_draws(canvas) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, QPoint(200, 100)).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(300, 100)).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(300, 100)).commit()
    assert (canvas.drawing.mask[50, 100:150] == 3).all()
    assert len(canvas.strokes) == 1


def test_that_two_fingers_zoom_and_leave_no_mark(canvas) -> None:
    device, zoom = QTest.createTouchDevice(), canvas.view.zoom
    QTest.touchEvent(canvas, device).press(0, QPoint(200, 200)).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(200, 200)).press(1, QPoint(300, 200)).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(150, 200)).move(1, QPoint(350, 200)).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(150, 200)).release(1, QPoint(350, 200)).commit()
    assert canvas.view.zoom > 1.5 * zoom
    assert not canvas.drawing.mask.any()
    assert not canvas.strokes


def test_that_keys_alone_draw(canvas) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    for _ in range(10):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert (canvas.drawing.mask[150, 200:240] == 3).all()
    assert len(canvas.strokes) == 1


def test_that_undo_is_seen_and_said(canvas) -> None:
    bare = canvas.grab().toImage()
    drag(canvas, (200, 100), (300, 100))
    QTest.mouseMove(canvas, QPoint(700, 500))
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    drawn = canvas.grab().toImage()
    assert drawn.pixelColor(250, 100) != bare.pixelColor(250, 100)
    canvas.undo()
    assert canvas.grab().toImage().pixelColor(250, 100) == bare.pixelColor(250, 100)
    assert [bool(mask.any()) for mask in canvas.strokes] == [True, False]
    canvas.undo()
    assert len(canvas.strokes) == 2


def test_that_a_hidden_mask_shows_the_bare_picture(canvas) -> None:
    bare = canvas.grab().toImage().pixelColor(250, 101)
    canvas.put_mask(np.full((HEIGHT, WIDTH), 1, np.uint8))
    shown = canvas.grab().toImage().pixelColor(250, 101)
    canvas.hide_mask(True)
    assert canvas.grab().toImage().pixelColor(250, 101) == bare != shown


def test_that_a_proposal_lies_above_the_mask_and_changes_nothing(canvas) -> None:
    bare = canvas.grab().toImage().pixelColor(250, 101)
    canvas.show_proposal(np.full((HEIGHT, WIDTH), 1, np.uint8))
    assert canvas.grab().toImage().pixelColor(250, 101) != bare
    assert not canvas.drawing.mask.any()
    canvas.show_proposal(None)
    assert canvas.grab().toImage().pixelColor(250, 101) == bare


def test_that_a_stroke_repaints_its_own_place_only(canvas, qtbot) -> None:
    painted = []

    class Watched(BrushCanvas):
        def paintEvent(self, event) -> None:
            painted.append(event.region().boundingRect())
            super().paintEvent(event)

    canvas.__class__ = Watched
    QTest.mousePress(canvas, LEFT, NONE, QPoint(200, 100))
    qtbot.wait(30)
    painted.clear()
    QTest.mouseMove(canvas, QPoint(210, 100))
    qtbot.waitUntil(lambda: bool(painted))
    assert all(place.width() < 80 and place.height() < 80 for place in painted)
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(210, 100))
