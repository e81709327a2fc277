"""A picture that is drawn on: mouse, pen, finger or keys make strokes on its mask; the wheel and two fingers zoom.

Left button, pen or one finger: draw; with Ctrl held: erase. Wheel: zoom at the cursor; Shift and wheel: size of the
brush. Right or middle button, or two fingers: move the picture. Keys: arrows move the ring, Space puts the brush down
and lifts it, Enter closes a polygon.

A pen draws as wide as it is pressed, and its other end erases. While it is in use no finger draws: it is the palm.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QEventPoint, QKeyEvent, QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent, QWheelEvent

from ui.widgets.canvas.mask_canvas import MaskCanvas
from ui.widgets.canvas.mask_drawing import Tool

_NOTCH = 120
_KEY_STEP_PX = 8.0
_TWO_FINGERS = 2
_PALM_S = 0.7
"""A touch this soon after the pen was seen is the hand that holds it."""
_LIGHTEST = 0.25
"""The width of a pen that hardly touches, as a share of the brush's."""
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_CLOSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BrushCanvas(MaskCanvas):
    """Makes strokes of what the hand does."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pans = False
        self._fingers: tuple[QPointF, float] | None = None
        self._pen_seen_s = -_PALM_S
        self._finger_draws = self._palm = False
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    # ---- mouse, pen, fingers, keys

    def event(self, event: QEvent) -> bool:
        """Take touches: one finger draws, two move and zoom."""
        if isinstance(event, QTouchEvent) and self.drawing is not None:
            self._touch(event)
            return True
        return super().event(event)

    def tabletEvent(self, event: QTabletEvent) -> None:  # noqa: N802
        """A pen draws, its other end erases; its key at the side moves the picture, as the right button does."""
        kind, width = event.type(), self._width_of(event)
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton):
            event.ignore()  # Qt makes a press of that mouse button of it
            return
        self._pen_seen_s = time.monotonic()
        if kind == QEvent.Type.TabletPress:
            self._forget_finger()
            erases = event.pointerType() == QPointingDevice.PointerType.Eraser or _has_ctrl(event)
            self._begin(event.position(), erases, width)
        elif kind == QEvent.Type.TabletMove:
            self._move(event.position(), width)
        else:
            self._end()
        event.accept()

    def _width_of(self, event: QTabletEvent) -> int:
        """Return how wide the brush draws under this pressure, pixels of the picture; a pen without it draws full."""
        if not event.pointingDevice().hasCapability(QPointingDevice.Capability.Pressure):
            return self.pen.diameter_px
        share = _LIGHTEST + (1 - _LIGHTEST) * min(1.0, event.pressure())
        return max(1, round(self.pen.diameter_px * share))

    def _forget_finger(self) -> None:
        """Take back what a finger draws while the pen comes: it was the palm."""
        if self._finger_draws and self.drawing is not None:
            self._show(self.drawing.cancel())
        self._finger_draws, self._palm = False, True

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw with the left button, move the picture with another."""
        if event.button() == Qt.MouseButton.LeftButton and self.drawing is not None:
            self._begin(event.position(), _has_ctrl(event))
        else:
            self._pans = True
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw on, or only move the ring."""
        if self._pans:
            super().mouseMoveEvent(event)
        self._erases = _has_ctrl(event)
        self._move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()
        else:
            self._pans = False
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Close a polygon; with other tools it is one more press."""
        if self.pen.tool is Tool.POLYGON:
            self.close_shape()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the cursor; with Shift change the size of the brush."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turned = event.angleDelta()
            self.size_pen((turned.y() or turned.x()) / _NOTCH)
        else:
            super().wheelEvent(event)
        self._move_ring(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Without a cursor there is no ring."""
        super().leaveEvent(event)
        self._move_ring(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Draw by keys."""
        key = Qt.Key(event.key())
        if self.drawing is None:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            fast = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._step(_ARROWS[key] * (_KEY_STEP_PX * (4 if fast else 1)))
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._put_down_or_lift()
        elif key in _CLOSES and self.drawing.active:
            self.close_shape()
        else:
            super().keyPressEvent(event)

    # ---- strokes

    def end_stroke(self) -> None:
        """End a stroke that somebody still draws, so that it is not lost with the picture; a polygon is not closed."""
        self._end()

    def _begin(self, at: QPointF, erases: bool, width: int | None = None) -> None:
        if self.drawing is None or self.notice is not None or self.read_only:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._erases = erases
        pen = replace(self.pen, diameter_px=width or self.pen.diameter_px)
        pen = replace(pen, value=0) if erases else pen
        self._show(self.drawing.begin(pen, self._on_picture(at)))
        self._move_ring(at)
        if pen.tool is Tool.FILL:
            self._end()

    def _move(self, at: QPointF, width: int | None = None) -> None:
        if self.drawing is not None and self.drawing.active:
            self._show(self.drawing.move(self._on_picture(at), width))
            if self.drawing.corners:
                self.update()
        self._move_ring(at)

    def _end(self) -> None:
        if self.drawing is not None:
            self._finish(*self.drawing.end())

    def _step(self, by: QPointF) -> None:
        """Move the ring by keys; at the edge of the view the picture moves instead."""
        at = (self._place or QPointF(self.width() / 2, self.height() / 2)) + by
        inside = QRectF(self.rect()).adjusted(_KEY_STEP_PX, _KEY_STEP_PX, -_KEY_STEP_PX, -_KEY_STEP_PX)
        if not inside.contains(at):
            self._look(self._view.panned(-by, self._size))
            at -= by
        self._move(at)

    def _put_down_or_lift(self) -> None:
        assert self.drawing is not None
        at = self._place or QPointF(self.width() / 2, self.height() / 2)
        if self.drawing.active and self.pen.tool is not Tool.POLYGON:
            self._end()
        else:
            self._begin(at, erases=False)

    def _touch(self, event: QTouchEvent) -> None:
        points = event.points()
        if event.type() == QEvent.Type.TouchBegin:
            self._palm = time.monotonic() - self._pen_seen_s < _PALM_S
        if self._palm:
            event.accept()
        else:
            self._take_fingers(event, points)

    def _take_fingers(self, event: QTouchEvent, points: Sequence[QEventPoint]) -> None:
        if len(points) >= _TWO_FINGERS:
            self._pinch(points[0].position(), points[1].position())
        elif event.type() == QEvent.Type.TouchBegin:
            self._fingers, self._finger_draws = None, True
            self._begin(points[0].position(), _has_ctrl(event))
        elif event.type() == QEvent.Type.TouchUpdate and self._fingers is None:
            self._move(points[0].position())
        if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            if self._fingers is None:
                self._end()
            self._fingers, self._finger_draws = None, False
            self._move_ring(None)
        event.accept()

    def _pinch(self, one: QPointF, other: QPointF) -> None:
        """Move and zoom with two fingers; what the first of them drew before the second came is taken back."""
        middle, apart = (one + other) / 2, max(1.0, _length(one - other))
        if self._fingers is None and self.drawing is not None and self.drawing.active:
            self._show(self.drawing.cancel())
        if self._fingers is not None:
            before, was_apart = self._fingers
            area = QSizeF(self.size())
            view = self._view.panned(middle - before, self._size)
            self._look(view.zoomed(apart / was_apart, middle, self._size, area))
        self._fingers = middle, apart
        self._move_ring(None)


def _length(vector: QPointF) -> float:
    return float((vector.x() ** 2 + vector.y() ** 2) ** 0.5)


def _has_ctrl(event: QMouseEvent | QTabletEvent | QTouchEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
