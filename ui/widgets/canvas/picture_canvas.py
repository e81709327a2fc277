"""A picture to look at closely: zoom, pan, and the truth about its age. What is painted over it is others' matter."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy

from ui.theme.theme import current_theme
from ui.widgets.canvas import canvas_marks
from ui.widgets.canvas.viewport import Viewport, fitted, full_size, level_for
from ui.widgets.graphic import Graphic
from ui.widgets.live_notice import Notice

_WHEEL_STEP = 1.0015
_KEY_PAN = 60
_ARROWS = {
    Qt.Key.Key_Left: QPointF(_KEY_PAN, 0),
    Qt.Key.Key_Right: QPointF(-_KEY_PAN, 0),
    Qt.Key.Key_Up: QPointF(0, _KEY_PAN),
    Qt.Key.Key_Down: QPointF(0, -_KEY_PAN),
}


class PictureCanvas(Graphic):
    """Paints a picture from the level of its pyramid that fits; Qt stretches it, so zoom costs only a repaint.

    Attributes:
        simulated: The picture is drawn by the station; no camera saw it.
        why_small: Why nothing more is there of it: "the disk was full"; "" if nothing more was ever kept.
        small_only: The picture is smaller than the original, of which nothing more was kept: it has no full size.
    """

    zoom_changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.notice: Notice | None = None
        self.empty_text = ""
        self.small_only = False
        self.why_small = ""
        self.simulated = False
        self._levels: tuple[QImage, ...] = ()
        self._size = QSizeF()
        self._view = Viewport(1.0, 0.0, 0.0, fits=True)
        self._grey: tuple[int, QImage] | None = None
        self._dragged_from: QPointF | None = None

    # ---- what is shown

    def show_levels(self, levels: tuple[QImage, ...], size: QSize) -> None:
        """Show a picture at 1, 1/2, 1/4 ... of its size; `size` is the original's. Without levels, show no picture."""
        resized = self._size != QSizeF(size)
        self.small_only = bool(levels) and levels[0].width() < size.width()
        self._levels, self._size = levels, QSizeF(size)
        self._grey = None
        if resized or self._view.fits or self.small_only:
            self.fit()
        self.update()

    def set_notice(self, notice: Notice | None) -> None:
        """Say that the picture is not live, or that it is again."""
        if notice != self.notice:
            self.notice = notice
            self.update()

    def set_empty_text(self, text: str) -> None:
        """What is written where no picture has come yet."""
        self.empty_text = text
        self.update()

    # ---- for what is painted over the picture

    def interesting_place(self) -> QPointF | None:
        """Where full size looks first, in pixels of the original; None is the middle."""
        return None

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """Paint over a live picture; `transform` leads from its pixels to screen points."""

    def paint_empty(self, painter: QPainter, area: QRectF) -> None:
        """Paint the area without a picture."""
        if self.notice is None:
            canvas_marks.paint_message(painter, area, self.empty_text)

    def paint_notice(self, painter: QPainter, area: QRectF, notice: Notice) -> None:
        """Say over the picture that it is not live."""
        canvas_marks.paint_notice(painter, area, notice)

    # ---- where one looks

    @property
    def view(self) -> Viewport:
        """Zoom and place."""
        return self._view

    def fit(self) -> None:
        """Show the whole picture."""
        self._look(fitted(self._size, self._area()))

    def show_full_size(self) -> None:
        """Show one picture pixel for each point of the display, at the interesting place where there is one."""
        if self.small_only:
            return
        self._look(full_size(self._size, self.devicePixelRatioF(), self.interesting_place()))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Whatever there is."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Enough to see something."""
        return QSize(240, 160)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        """A fitted picture stays fitted."""
        if self._view.fits:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the cursor."""
        factor = _WHEEL_STEP ** event.angleDelta().y()
        self._look(self._view.zoomed(factor, event.position(), self._size, self._area()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the picture."""
        self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the picture with the finger."""
        if self._dragged_from is not None:
            by = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self._look(self._view.panned(by, self._size))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._dragged_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Between the whole picture and full size at this place."""
        if self._view.fits and not self.small_only:
            inverted, _possible = self._view.transform(self._area()).inverted()
            middle = inverted.map(event.position())
            self._look(full_size(self._size, self.devicePixelRatioF(), middle).inside(self._size))
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move, plus and minus zoom."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._look(self._view.panned(_ARROWS[key], self._size))
        elif event.text() in ("+", "-"):
            factor = 1.25 if event.text() == "+" else 0.8
            self._look(self._view.zoomed(factor, middle, self._size, self._area()))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Repaint in another theme."""
        super().changeEvent(event)
        self.update()

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The picture, the marks, and what must be said about them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current_theme().colours.picture_ground))
        area = QRectF(self.rect())
        if self._levels:
            self._paint_picture(painter)
        else:
            self.paint_empty(painter, area)
        if self.notice is not None:
            self.paint_notice(painter, area, self.notice)
        elif self.small_only:
            canvas_marks.paint_small_only(painter, area, self.why_small)
        if self.simulated and self._levels:
            canvas_marks.paint_simulated(painter, area)
        if self.hasFocus():
            canvas_marks.paint_focus(painter, area)

    def paint_layer(self, painter: QPainter, levels: tuple[QImage, ...], *, smooth: bool = True) -> None:
        """Paint what is seen of a picture that lies exactly on the shown one, level by level."""
        level = level_for(self._view.zoom, self.devicePixelRatioF(), len(levels))
        self._paint_level(painter, levels[level], smooth=smooth)

    def _paint_picture(self, painter: QPainter) -> None:
        if self.notice is None:
            self.paint_layer(painter, self._levels)
            self.paint_marks(painter, self._view.transform(self._area()))
        else:
            self._paint_level(painter, self._grey_level(), smooth=True)

    def _paint_level(self, painter: QPainter, image: QImage, *, smooth: bool) -> None:
        visible = self._view.visible(self._size, self._area())
        scale = image.width() / self._size.width()
        source = QRectF(visible.topLeft() * scale, visible.size() * scale)
        reduced = self._view.zoom * self.devicePixelRatioF() < 1 / scale
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and reduced)
        painter.drawImage(self._view.transform(self._area()).mapRect(visible), image, source)

    def _grey_level(self) -> QImage:
        level = level_for(self._view.zoom, self.devicePixelRatioF(), len(self._levels))
        if self._grey is None or self._grey[0] != level:
            self._grey = level, self._levels[level].convertToFormat(QImage.Format.Format_Grayscale8)
        return self._grey[1]

    def _look(self, view: Viewport) -> None:
        self._view = view
        self.zoom_changed.emit()
        self.update()

    def _area(self) -> QSizeF:
        return QSizeF(self.size())
