"""Mouse, pen, fingers, wheel and keys on a picture that is drawn on."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.background.rendered_part import qimage
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme
from ui.widgets.canvas import brush_canvas
from ui.widgets.canvas.brush_canvas import BrushCanvas
from ui.widgets.canvas.mask_drawing import Tool
from ui.widgets.canvas.mask_layer import KIND_COLOURS

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


PRESSED, MOVED, LIFTED = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
TIP, OTHER_END = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser
POSITION, PRESSURE = QPointingDevice.Capability.Position, QPointingDevice.Capability.Pressure


def pen(canvas, kind, at, end=TIP, pressure=1.0, senses=POSITION | PRESSURE, button=LEFT) -> bool:
    """Send one event of a pen, and return whether the canvas took it."""
    device = QPointingDevice("pen", 1, QPointingDevice.DeviceType.Stylus, end, senses, 1, 1)
    place = QPointF(*at)
    event = QTabletEvent(kind, device, place, canvas.mapToGlobal(place), pressure, 0, 0, 0, 0, 0, NONE, button, button)
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def test_that_a_pen_draws_and_its_other_end_erases(canvas) -> None:
    for end, places in ((TIP, ((200, 100), (300, 100))), (OTHER_END, ((280, 100), (320, 100)))):
        pen(canvas, PRESSED, places[0], end)
        pen(canvas, MOVED, places[1], end)
        pen(canvas, LIFTED, places[1], end)
    assert canvas.drawing.mask[50, 110] == 3
    assert not canvas.drawing.mask[50, 142:].any()
    assert len(canvas.strokes) == 2


def test_that_a_pen_draws_as_wide_as_it_is_pressed_and_full_if_it_feels_nothing(canvas) -> None:
    canvas.set_pen(replace(canvas.pen, diameter_px=21))
    for row, (pressure, senses, wide) in enumerate(
        ((1.0, POSITION | PRESSURE, 21), (0.05, POSITION | PRESSURE, 6), (0.0, POSITION, 21))
    ):
        y = 100 + 150 * row
        pen(canvas, PRESSED, (200, y), TIP, pressure, senses)
        pen(canvas, MOVED, (300, y), TIP, pressure, senses)
        pen(canvas, LIFTED, (300, y), TIP, 0.0, senses)
        assert abs(int((canvas.drawing.mask[y // 2 - 30 : y // 2 + 30, 125] == 3).sum()) - wide) <= 1
    assert canvas.pen.diameter_px == 21


def test_that_the_key_at_the_side_of_a_pen_draws_nothing(canvas) -> None:
    assert not pen(canvas, PRESSED, (200, 100), button=RIGHT), "Qt makes a right press of the mouse of it"
    assert not canvas.drawing.mask.any()


def test_that_a_palm_beside_a_pen_draws_nothing_and_takes_nothing_back(canvas, monkeypatch) -> None:
    device, now = QTest.createTouchDevice(), [100.0]
    monkeypatch.setattr(brush_canvas.time, "monotonic", lambda: now[0])
    QTest.touchEvent(canvas, device).press(0, QPoint(600, 400)).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(620, 400)).commit()
    assert canvas.drawing.mask.any()
    pen(canvas, PRESSED, (200, 100))
    assert not canvas.drawing.mask[150:].any(), "the palm came before the pen"
    pen(canvas, MOVED, (300, 100))
    QTest.touchEvent(canvas, device).move(0, QPoint(640, 410)).press(1, QPoint(650, 500)).commit()
    pen(canvas, LIFTED, (300, 100))
    QTest.touchEvent(canvas, device).release(0, QPoint(640, 410)).release(1, QPoint(650, 500)).commit()
    now[0] += 0.3
    QTest.touchEvent(canvas, device).press(0, QPoint(600, 400)).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(600, 400)).commit()
    assert (canvas.drawing.mask[50, 100:150] == 3).all()
    assert not canvas.drawing.mask[150:].any()
    assert len(canvas.strokes) == 1
    assert canvas.view.fits
    now[0] += 1.0
    QTest.touchEvent(canvas, device).press(0, QPoint(600, 400)).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(600, 400)).commit()
    assert canvas.drawing.mask[200, 300] == 3, "without the pen a finger draws again"


def contrasts(shown: QImage) -> np.ndarray:
    """Return the contrast of each pixel to the one in the corner, by WCAG, 1 to 21."""
    shown = shown.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.width(), 4)[..., 2::-1] / 255
    light = np.where(raw <= 0.04045, raw / 12.92, ((raw + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722) + 0.05
    return np.maximum(light, light[1, 1]) / np.minimum(light, light[1, 1])


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("shade", [0, 90, 128, 200, 255])
@pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.ERASER, Tool.FILL])
def test_that_the_ring_is_seen_on_any_picture_in_both_themes(canvas, theme, shade, tool) -> None:
    apply_theme(Theme(theme, current_theme().sizes))
    picture = np.full((HEIGHT, WIDTH), shade, np.uint8)
    canvas.show_item((qimage(picture),), qimage(picture).size(), picture, np.zeros((HEIGHT, WIDTH), np.uint8))
    canvas.set_pen(replace(canvas.pen, tool=tool, diameter_px=21))
    for kind in range(1, len(KIND_COLOURS) + 1):
        canvas.set_pen(replace(canvas.pen, value=kind))
        for place in (QPoint(200, 300), QPoint(400, 300)):  # to the same place again would be no move
            QTest.mouseMove(canvas, place)
        shown = canvas.grab(QRect(370, 270, 60, 60)).toImage()
        assert (contrasts(shown) >= 3).sum() >= 30


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
