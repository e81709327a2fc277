"""What is painted while one draws: the ring of the brush and the shape that is not filled yet."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.widgets.canvas.mask_layer import kind_colour

PROPOSAL = QColor("#FF3DF2")
"""A colour that no kind has."""
_HALO = QColor(0, 0, 0, 170)
_BLACK, _WHITE = QColor("#000000"), QColor("#FFFFFF")
_ERASER = _WHITE
_LEAST_RING = 3.0
_CROSS = 9.0


def ring_area(at: QPointF, diameter: float, margin: float) -> QRectF:
    """Return the area of the screen that the ring takes."""
    half = max(diameter / 2, _CROSS) + margin
    return QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)


def paint_ring(painter: QPainter, at: QPointF, diameter: float, label: int) -> None:
    """A ring of the brush's true size in the colour of what it leaves, dashed for the eraser; without size a cross.

    It lies on black and white, so that it is seen on a dark, a light and a grey picture.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    style = Qt.PenStyle.SolidLine if label else Qt.PenStyle.DashLine
    cross = QPointF(int(at.x()) + 0.5, int(at.y()) + 0.5)  # within whole pixels its lines keep their contrast
    colour = QPen(kind_colour(label) if label else _ERASER, 1.5, style)
    for pen in (QPen(_BLACK, 5.0), QPen(_WHITE, 3.0), colour) if label else (QPen(_BLACK, 4.0), colour):
        painter.setPen(pen)
        if diameter:
            half = max(_LEAST_RING, diameter) / 2
            painter.drawEllipse(at, half, half)
        if diameter < 2 * _CROSS:
            painter.drawLine(cross - QPointF(_CROSS, 0), cross + QPointF(_CROSS, 0))
            painter.drawLine(cross - QPointF(0, _CROSS), cross + QPointF(0, _CROSS))


def paint_shape(painter: QPainter, corners: Sequence[QPointF]) -> None:
    """The open line of a lasso, polygon or straight line, light on a dark halo."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(_HALO, 4), QPen(QColor("#FFFFFF"), 1.5, Qt.PenStyle.DashLine)):
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(list(corners)))
        painter.drawEllipse(corners[0], 4, 4)
