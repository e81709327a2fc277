"""The product's picture with region of interest and ignore mask; both are drawn by mouse, finger or keys."""

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QTransform

from station.domain.frame import SMALLEST_SIDE_PX, Image
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from ui.background.rendered_part import qimage
from ui.widgets.canvas.picture_canvas import PictureCanvas

_OUTSIDE = QColor(0, 0, 0, 120)
_HALO, _REGION, _TAUGHT = QColor(0, 0, 0, 150), QColor("#FFFFFF"), QColor("#FFB21A")
_IGNORED, _HATCH = QColor(70, 130, 220, 90), QColor(255, 255, 255, 150)
_GRIP_PX = 14.0
_COARSE_PX = 8
"""Regions whose edges divide by 8 cost the least time to prepare."""
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Drawing(StrEnum):
    """What the hand draws."""

    NOTHING = "nothing"
    REGION = "region"
    MASK = "mask"


class RegionCanvas(PictureCanvas):
    """Draws rectangles on a picture.

    In the region's mode a drag makes a region, or moves the corner that it begins at. Arrow keys move the region by 8
    pixels, with Shift its lower right corner. In the mask's mode a drag ignores a rectangle, with Ctrl it judges it
    again; arrow keys move and size a rectangle, Enter ignores it.

    Attributes:
        drawn_on: What is shown, (H, W) or (H, W, 3) uint8; None without a picture.
        levels: The same at 1, 1/2, 1/4 ... of its size.

    Signals:
        drawing_began: A hand or a key begins to draw.
        region_drawn: A `RegionOfInterest`.
        mask_drawn: An `IgnoreMask`, or None if nothing is ignored any more.
    """

    drawing_began = Signal()
    region_drawn = Signal(object)
    mask_drawn = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.drawn_on: Image | None = None
        self.levels: tuple[QImage, ...] = ()
        self._picture_size = QSize()
        self._drawing = Drawing.NOTHING
        self._roi: RegionOfInterest | None = None
        self._taught: RegionOfInterest | None = None
        self._mask: IgnoreMask | None = None
        self._covered = QPainterPath()
        self._from: QPointF | None = None
        self._to: QPointF | None = None
        self._erases = False
        self._cursor: QRectF | None = None

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to draw on."""
        return not self._picture_size.isEmpty()

    def show_picture(self, picture: Image | None, empty: str) -> None:
        """Show this picture, (H, W) or (H, W, 3) uint8, or in words why there is none."""
        self._picture_size = QSize() if picture is None else QSize(picture.shape[1], picture.shape[0])
        self.drawn_on, self.levels = picture, () if picture is None else _pyramid(qimage(picture).copy())
        self.set_empty_text(empty)
        self.show_levels(self.levels, self._picture_size)

    def show_taken(self, picture: Image, levels: tuple[QImage, ...]) -> None:
        """Show a picture of a camera, (H, W) or (H, W, 3) uint8, that was made smaller already: `levels`."""
        self._picture_size = QSize(picture.shape[1], picture.shape[0])
        self.drawn_on, self.levels = picture, levels
        self.show_levels(levels, self._picture_size)

    def show_marks(
        self, roi: RegionOfInterest | None, mask: IgnoreMask | None, taught: RegionOfInterest | None
    ) -> None:
        """Show region and mask, and the region that the model was taught on if it is another one."""
        if mask != self._mask:
            self._covered = _outline(mask) if mask else QPainterPath()
        self._roi, self._mask, self._taught = roi, mask, taught
        self.update()

    def draw(self, drawing: Drawing) -> None:
        """Draw this from now on."""
        self._drawing, self._from, self._cursor = drawing, None, None
        self.setCursor(Qt.CursorShape.ArrowCursor if drawing is Drawing.NOTHING else Qt.CursorShape.CrossCursor)
        self.update()

    # ---- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a rectangle, or take hold of an edge of the region or of the picture."""
        if self._drawing is Drawing.NOTHING or event.button() is not Qt.MouseButton.LeftButton or not self.has_picture:
            super().mousePressEvent(event)
            return
        at = self._on_picture(event.position())
        self._erases = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._from, self._to = self._opposite(at), at
        self.drawing_began.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw on."""
        if self._from is None:
            super().mouseMoveEvent(event)
            return
        self._to = self._on_picture(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the rectangle."""
        if self._from is None:
            super().mouseReleaseEvent(event)
            return
        box = self._drawn_box()
        self._from = None
        self._take(box)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Draw by keys; without a mode they move the picture."""
        step = _KEYS.get(Qt.Key(event.key()))
        if self._drawing is Drawing.NOTHING or not self.has_picture:
            super().keyPressEvent(event)
        elif step is not None:
            self._step(step, resized=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor is not None:
            self._erases = False
            self._take(self._cursor)
        else:
            super().keyPressEvent(event)

    def _step(self, step: tuple[int, int], *, resized: bool) -> None:
        box = self._cursor or self._first_box()
        by = QPointF(step[0] * _COARSE_PX, step[1] * _COARSE_PX)
        box = QRectF(box.topLeft(), box.bottomRight() + by) if resized else box.translated(by)
        whole = QRectF(QPointF(), self._picture_size.toSizeF())
        if not whole.contains(box) or min(box.width(), box.height()) < _COARSE_PX:
            return
        self._cursor = box
        self.drawing_began.emit()
        if self._drawing is Drawing.REGION:
            self._take(box)
        self.update()

    def _first_box(self) -> QRectF:
        """Return where keys begin: the region, or for the mask a small rectangle in its middle."""
        whole = QRectF(*self._roi.box) if self._roi else QRectF(QPointF(), self._picture_size.toSizeF())
        if self._drawing is Drawing.REGION:
            return whole
        small = QRectF(0, 0, max(_COARSE_PX, whole.width() // 8), max(_COARSE_PX, whole.height() // 8))
        small.moveCenter(whole.center())
        return QRectF(small.toRect())

    def _opposite(self, at: QPointF) -> QPointF:
        """Return the corner that stays if the press takes hold of a corner of the region; else the press itself."""
        if self._drawing is not Drawing.REGION or self._roi is None:
            return at
        place, reach = QRectF(*self._roi.box), _GRIP_PX / self.view.zoom
        corners = (place.topLeft(), place.topRight(), place.bottomRight(), place.bottomLeft())
        for number, corner in enumerate(corners):
            if (corner - at).manhattanLength() < reach:
                return corners[(number + 2) % 4]
        return at

    def _drawn_box(self) -> QRectF:
        assert self._from is not None
        assert self._to is not None
        return QRectF(QRectF(self._from, self._to).normalized().toRect())

    def _take(self, box: QRectF) -> None:
        x, y, width, height = (int(side) for side in (box.x(), box.y(), box.width(), box.height()))
        if self._drawing is Drawing.REGION:
            if min(width, height) >= SMALLEST_SIDE_PX:
                self.region_drawn.emit(RegionOfInterest(x, y, width, height))
        elif width > 0 and height > 0:
            self._paint_mask(x, y, width, height)
        self.update()

    def _paint_mask(self, x: int, y: int, width: int, height: int) -> None:
        size = self._picture_size.height(), self._picture_size.width()
        pixels = self._mask.pixels() if self._mask and self._mask.fits(*size) else np.zeros(size, bool)
        pixels[y : y + height, x : x + width] = not self._erases
        if pixels.all():
            return  # a part of which nothing is judged is not inspected
        self.mask_drawn.emit(IgnoreMask.of(pixels) if pixels.any() else None)

    def _on_picture(self, at: QPointF) -> QPointF:
        inverted, _possible = self.view.transform(self._area()).inverted()
        point, size = inverted.map(at), self._picture_size
        return QPointF(min(max(0.0, point.x()), size.width()), min(max(0.0, point.y()), size.height()))

    # ---- painting

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """Darken what is outside of the region, hatch what is ignored."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = transform.mapRect(QRectF(QPointF(), self._picture_size.toSizeF()))
        if self._roi is not None:
            self._paint_region(painter, whole, transform.mapRect(QRectF(*self._roi.box)))
        if self._taught is not None and self._taught != self._roi:
            _paint_frame(painter, transform.mapRect(QRectF(*self._taught.box)), _TAUGHT, Qt.PenStyle.DashLine)
        if not self._covered.isEmpty():
            covered = transform.map(self._covered)
            painter.fillPath(covered, _IGNORED)
            painter.fillPath(covered, QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
        drawn = self._drawn_box() if self._from is not None else self._cursor
        if drawn is not None and (self._from is not None or self._drawing is Drawing.MASK):
            _paint_frame(painter, transform.mapRect(drawn), _REGION, Qt.PenStyle.DotLine)

    def _paint_region(self, painter: QPainter, whole: QRectF, place: QRectF) -> None:
        outside = QPainterPath()
        outside.addRect(whole)
        outside.addRect(place)
        painter.fillPath(outside, _OUTSIDE)
        _paint_frame(painter, place, _REGION, Qt.PenStyle.SolidLine)
        if self._drawing is Drawing.REGION:
            for corner in (place.topLeft(), place.topRight(), place.bottomRight(), place.bottomLeft()):
                grip = QRectF(0, 0, _GRIP_PX, _GRIP_PX)
                grip.moveCenter(corner)
                painter.fillRect(grip, _REGION)


def _paint_frame(painter: QPainter, place: QRectF, colour: QColor, style: Qt.PenStyle) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(_HALO, 4), QPen(colour, 2, style)):
        painter.setPen(pen)
        painter.drawRect(place)


def _outline(mask: IgnoreMask) -> QPainterPath:
    """Return the ignored places as rectangles, one for each run of rows that are alike."""
    pixels, path = mask.pixels(), QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    starts = np.flatnonzero(np.concatenate(([True], (pixels[1:] != pixels[:-1]).any(axis=1))))
    ends = np.append(starts[1:], len(pixels))
    for top, bottom in zip(starts.tolist(), ends.tolist(), strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], pixels[top].astype(np.int8), [0]))))
        for left, right in edges.reshape(-1, 2).tolist():
            path.addRect(left, top, right - left, bottom - top)
    return path


def _pyramid(full: QImage) -> tuple[QImage, ...]:
    levels = [full]
    while min(levels[-1].width(), levels[-1].height()) >= 400:
        smooth = Qt.TransformationMode.SmoothTransformation
        levels.append(levels[-1].scaled(levels[-1].size() / 2, mode=smooth))
    return tuple(levels)
