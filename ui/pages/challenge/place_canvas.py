"""The picture of a challenge part with the expected place, and the place that was found."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from station.domain.geometry import Box
from ui.widgets.canvas.picture_canvas import PictureCanvas

_HALO, _EXPECTED, _FOUND = QColor(0, 0, 0, 170), QColor("#FFFFFF"), QColor("#FF3DF2")


class PlaceCanvas(PictureCanvas):
    """The expected place is dashed and white, the found one solid and in a colour that no part has."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.expected: Box | None = None
        self.found: Box | None = None

    def show_places(self, expected: Box | None, found: Box | None) -> None:
        """Show these places, in pixels of the original picture."""
        self.expected, self.found = expected, found
        self.update()

    def interesting_place(self) -> QPointF | None:
        """Return the middle of what was found, else of what is expected."""
        box = self.found or self.expected
        return QRectF(*box).center() if box else None

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """Paint both places."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box, colour, style, name in (
            (self.expected, _EXPECTED, Qt.PenStyle.DashLine, "expected"),
            (self.found, _FOUND, Qt.PenStyle.SolidLine, "found"),
        ):
            if box is not None:
                _paint(painter, transform.mapRect(QRectF(*box)), QPen(colour, 2, style), name)


def _paint(painter: QPainter, place: QRectF, pen: QPen, name: str) -> None:
    for each in (QPen(_HALO, 5), pen):
        painter.setPen(each)
        painter.drawRect(place)
    room = painter.fontMetrics().boundingRect(name).adjusted(-3, -2, 3, 2)
    line = float(room.height())
    above = QPointF(place.left(), max(line, place.top() - 4) if name == "expected" else place.bottom() + line)
    painter.fillRect(QRectF(room).translated(above), _HALO)
    painter.setPen(pen.color())
    painter.drawText(above, name)
