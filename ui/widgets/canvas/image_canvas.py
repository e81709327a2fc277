"""One camera's picture, its anomaly map as a second layer, outlines on top, and the truth about its age."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QTransform

from station.domain.source_uri import is_simulated
from ui.background.rendered_part import RenderedView
from ui.widgets.canvas import canvas_marks
from ui.widgets.canvas.picture_canvas import PictureCanvas
from ui.widgets.live_notice import Notice


class Marks(StrEnum):
    """How anomalous places are shown."""

    MAP = "map"
    RELATIVE = "relative map"
    OUTLINE = "outline"
    HIDDEN = "hidden"


class ImageCanvas(PictureCanvas):
    """Paints one RenderedView; the map is a layer of its own, so opacity costs nothing but a repaint.

    Attributes:
        alone: It is the only picture: a double touch zooms in, and calm notices are drawn on it. One of several emits
            `touched_twice`, and its head shows calm notices.
        outdated: A newer part is judged, but its picture has not come: the old marks are hidden, as they would be
            mistaken for the new part's.
    """

    touched_twice = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.rendered: RenderedView | None = None
        self._relative_heat: QImage | None = None
        self.marks = Marks.MAP
        self.opacity = 0.6
        self.alone = True
        self.outdated = False

    def show_picture(self, picture: RenderedView | None) -> None:
        """Show this view of a part; None before the first."""
        self.rendered = picture
        self._relative_heat = None
        self.outdated = False
        self.simulated = picture is not None and is_simulated(picture.inspection.origin)
        self.why_small = "" if picture is None else picture.source.why_given_up
        if picture is None:
            self.show_levels((), QSize())
        else:
            self.show_levels(picture.levels, picture.size)

    def set_marks(self, marks: Marks) -> None:
        """Map, map by its own percentiles, outline or bare picture."""
        self.marks = marks
        self.update()

    def outdate(self) -> None:
        """A newer part is judged: without marks until its picture comes."""
        self.outdated = True
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How strong the map is, 0..1."""
        self.opacity = min(1.0, max(0.05, opacity))
        self.update()

    def interesting_place(self) -> QPointF | None:
        """The worst place, where there is one."""
        if self.rendered is None or not self.rendered.inspection.regions:
            return None
        worst = self.rendered.inspection.regions[0]
        return QPointF(worst.x + worst.w / 2, worst.y + worst.h / 2)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Closer, or whatever the grid makes of it."""
        if self.alone:
            super().mouseDoubleClickEvent(event)
        else:
            self.touched_twice.emit()

    def paint_empty(self, painter: QPainter, area: QRectF) -> None:
        """Why a part has no picture, where no notice says so."""
        if self.rendered is None:
            super().paint_empty(painter, area)
        elif self.notice is None or not self.notice.loud:
            said = self.notice.text if self.notice else ""
            canvas_marks.paint_no_picture(painter, area, said or _why_none(self.rendered))

    def paint_notice(self, painter: QPainter, area: QRectF, notice: Notice) -> None:
        """Draw loud notices, and calm ones if nothing else shows them."""
        if notice.loud or self.alone:
            super().paint_notice(painter, area, notice)

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """The map or the outlines, and the places."""
        if self.rendered is None or self.outdated or self.marks is Marks.HIDDEN:
            return
        heat = self._heat(self.rendered)
        if heat is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(self.opacity)
            painter.drawImage(transform.mapRect(self.rendered.heat_place), heat)
            painter.setOpacity(1.0)
        canvas_marks.paint_outline(painter, transform.map(self.rendered.outline))
        canvas_marks.paint_regions(painter, transform, self.rendered.inspection)
        if heat is not None and self.marks is Marks.RELATIVE:
            canvas_marks.paint_relative(painter, QRectF(self.rect()))

    def _heat(self, rendered: RenderedView) -> QImage | None:
        """Return the colours that are on; those by percentiles are made when they are painted first."""
        if self.marks is Marks.MAP:
            return rendered.heat
        if self.marks is Marks.RELATIVE and self._relative_heat is None:
            self._relative_heat = rendered.relative_heat()
        return self._relative_heat if self.marks is Marks.RELATIVE else None


def _why_none(view: RenderedView) -> str:
    """Return why a view has no picture: it was given up, or none came."""
    why = view.source.why_given_up
    return f"Given up: {why}" if why else view.inspection.reason
