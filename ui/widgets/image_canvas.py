"""The live view: a picture, its anomaly map as a second layer, outlines on top, and the truth about its age."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.freshness import Notice
from ui.screen_picture import ScreenPicture
from ui.theme import look
from ui.widgets import canvas_marks
from ui.widgets.viewport import Viewport, fitted, full_size, level_for

_WHEEL_STEP = 1.0015
_KEY_PAN = 60
_ARROWS = {
    Qt.Key.Key_Left: QPointF(_KEY_PAN, 0),
    Qt.Key.Key_Right: QPointF(-_KEY_PAN, 0),
    Qt.Key.Key_Up: QPointF(0, _KEY_PAN),
    Qt.Key.Key_Down: QPointF(0, -_KEY_PAN),
}


class Marks(StrEnum):
    """How anomalous places are shown."""

    MAP = "map"
    OUTLINE = "outline"
    HIDDEN = "hidden"


class ImageCanvas(QWidget):
    """Paints one ScreenPicture; Qt stretches both layers, so zoom and opacity cost nothing but a repaint."""

    zoom_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self.setAccessibleName("Picture of the part")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture: ScreenPicture | None = None
        self.marks = Marks.MAP
        self.opacity = 0.85
        self.notice: Notice | None = None
        self.past = ""
        self.empty_text = ""
        self._view = Viewport(1.0, 0.0, 0.0, fits=True)
        self._grey: tuple[int, QImage] | None = None
        self._dragged_from: QPointF | None = None

    # ---- what is shown

    def show_picture(self, picture: ScreenPicture | None, past: str = "") -> None:
        """Show a part; `past` names one that is not live."""
        resized = self._picture_size() != _size_of(picture)
        self.picture, self.past = picture, past
        self._grey = None
        if resized or self._view.fits:
            self.fit()
        self.update()

    def set_notice(self, notice: Notice | None) -> None:
        """Say that the picture is not live, or that it is again."""
        if notice != self.notice:
            self.notice = notice
            self.update()

    def set_marks(self, marks: Marks) -> None:
        """Map, outline or bare picture."""
        self.marks = marks
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How strong the map is, 0..1."""
        self.opacity = min(1.0, max(0.05, opacity))
        self.update()

    def set_empty_text(self, text: str) -> None:
        """What is written where no picture has come yet."""
        self.empty_text = text
        self.update()

    # ---- where one looks

    @property
    def view(self) -> Viewport:
        """Zoom and place."""
        return self._view

    def fit(self) -> None:
        """Show the whole picture."""
        self._look(fitted(self._picture_size(), self._area()))

    def show_full_size(self) -> None:
        """Show one picture pixel for each point of the display, at the worst place where there is one."""
        self._look(full_size(self._picture_size(), self.devicePixelRatioF(), self._worst_place()))

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
        self._look(self._view.zoomed(factor, event.position(), self._picture_size(), self._area()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the picture."""
        self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the picture with the finger."""
        if self._dragged_from is not None:
            by = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self._look(self._view.panned(by, self._picture_size()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._dragged_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Between the whole picture and full size at this place."""
        if self._view.fits:
            inverted, _possible = self._view.transform(self._area()).inverted()
            middle = inverted.map(event.position())
            self._look(full_size(self._picture_size(), self.devicePixelRatioF(), middle).inside(self._picture_size()))
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move, plus and minus zoom."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._look(self._view.panned(_ARROWS[key], self._picture_size()))
        elif event.text() in ("+", "-"):
            factor = 1.25 if event.text() == "+" else 0.8
            self._look(self._view.zoomed(factor, middle, self._picture_size(), self._area()))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Repaint in another theme."""
        super().changeEvent(event)
        self.update()

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Both layers, the marks, and what must be said about them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look().colours.picture_ground))
        area = QRectF(self.rect())
        picture = self.picture
        if picture is None or not picture.levels:
            self._paint_empty(painter, area)
        else:
            self._paint_picture(painter, picture)
        if self.notice is not None:
            canvas_marks.paint_notice(painter, area, self.notice)
        if self.past:
            canvas_marks.paint_past(painter, area, self.past)
        if self.hasFocus():
            canvas_marks.paint_focus(painter, area)

    def _paint_empty(self, painter: QPainter, area: QRectF) -> None:
        if self.picture is not None:
            canvas_marks.paint_no_picture(painter, area, self.picture.inspection.reason)
        elif self.notice is None:
            canvas_marks.paint_message(painter, area, self.empty_text)

    def _paint_picture(self, painter: QPainter, picture: ScreenPicture) -> None:
        transform = self._view.transform(self._area())
        level = level_for(self._view.zoom, self.devicePixelRatioF(), len(picture.levels))
        visible = self._view.visible(self._picture_size(), self._area())
        image = self._grey_level(picture, level) if self.notice else picture.levels[level]
        scale = image.width() / picture.size.width()
        source = QRectF(visible.topLeft() * scale, visible.size() * scale)
        smooth = self._view.zoom * self.devicePixelRatioF() < 1 / scale
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(transform.mapRect(visible), image, source)
        if self.notice is None and self.marks is not Marks.HIDDEN:
            self._paint_marks(painter, picture)

    def _paint_marks(self, painter: QPainter, picture: ScreenPicture) -> None:
        transform = self._view.transform(self._area())
        if self.marks is Marks.MAP and picture.heat is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(self.opacity)
            painter.drawImage(transform.mapRect(picture.heat_place), picture.heat)
            painter.setOpacity(1.0)
        canvas_marks.paint_outline(painter, transform.map(picture.outline))
        canvas_marks.paint_regions(painter, transform, picture.inspection)

    def _grey_level(self, picture: ScreenPicture, level: int) -> QImage:
        if self._grey is None or self._grey[0] != level:
            self._grey = level, picture.levels[level].convertToFormat(QImage.Format.Format_Grayscale8)
        return self._grey[1]

    def _look(self, view: Viewport) -> None:
        self._view = view
        self.zoom_changed.emit()
        self.update()

    def _worst_place(self) -> QPointF | None:
        if self.picture is None or not self.picture.inspection.regions:
            return None
        worst = self.picture.inspection.regions[0]
        return QPointF(worst.x + worst.w / 2, worst.y + worst.h / 2)

    def _area(self) -> QSizeF:
        return QSizeF(self.size())

    def _picture_size(self) -> QSizeF:
        return _size_of(self.picture)


def _size_of(picture: ScreenPicture | None) -> QSizeF:
    return QSizeF(picture.size) if picture is not None else QSizeF()
