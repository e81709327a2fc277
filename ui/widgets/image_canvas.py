"""The live view: a picture, its anomaly map as a second layer, outlines on top, and the truth about its age."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QTransform

from ui.screen_picture import ScreenPicture
from ui.widgets import canvas_marks
from ui.widgets.picture_canvas import PictureCanvas


class Marks(StrEnum):
    """How anomalous places are shown."""

    MAP = "map"
    OUTLINE = "outline"
    HIDDEN = "hidden"


class ImageCanvas(PictureCanvas):
    """Paints one ScreenPicture; the map is a layer of its own, so opacity costs nothing but a repaint."""

    def __init__(self) -> None:
        super().__init__("Picture of the part")
        self.picture: ScreenPicture | None = None
        self.marks = Marks.MAP
        self.opacity = 0.6
        self.past = ""

    def show_picture(self, picture: ScreenPicture | None, past: str = "") -> None:
        """Show a part; `past` names one that is not live."""
        self.picture, self.past = picture, past
        if picture is None:
            self.show_levels((), QSize())
        else:
            self.show_levels(picture.levels, picture.size)

    def set_marks(self, marks: Marks) -> None:
        """Map, outline or bare picture."""
        self.marks = marks
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How strong the map is, 0..1."""
        self.opacity = min(1.0, max(0.05, opacity))
        self.update()

    def interesting_place(self) -> QPointF | None:
        """The worst place, where there is one."""
        if self.picture is None or not self.picture.inspection.regions:
            return None
        worst = self.picture.inspection.regions[0]
        return QPointF(worst.x + worst.w / 2, worst.y + worst.h / 2)

    def paint_empty(self, painter: QPainter, area: QRectF) -> None:
        """Why a part has no picture."""
        if self.picture is None:
            super().paint_empty(painter, area)
        else:
            canvas_marks.paint_no_picture(painter, area, self.picture.inspection.reason)

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """The map or the outlines, and the places."""
        if self.picture is None or self.marks is Marks.HIDDEN:
            return
        if self.marks is Marks.MAP and self.picture.heat is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(self.opacity)
            painter.drawImage(transform.mapRect(self.picture.heat_place), self.picture.heat)
            painter.setOpacity(1.0)
        canvas_marks.paint_outline(painter, transform.map(self.picture.outline))
        canvas_marks.paint_regions(painter, transform, self.picture.inspection)

    def paint_over(self, painter: QPainter, area: QRectF) -> None:
        """Say of a past part that it is one."""
        if self.past:
            canvas_marks.paint_past(painter, area, self.past)
