"""The four verdicts as shapes, so that colour is never the only sign: tick, cross, question mark, bar."""

from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.domain.verdict import Verdict

_STROKE = 0.17


def paint_verdict_icon(painter: QPainter, square: QRectF, verdict: Verdict, colour: QColor) -> None:
    """Draw the verdict's shape into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, square.width() * _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(square.topLeft())
    painter.scale(square.width(), square.height())
    pen.setWidthF(_STROKE)
    painter.setPen(pen)
    painter.drawPath(_PATHS[verdict])
    painter.restore()


def hatch(painter: QPainter, area: QRectF, colour: QColor, spacing: float) -> None:
    """Slanted lines over an area: unknown, not judged, not live.

    They are laid from one small tile: 80 smoothed lines over a whole screen would take 25 ms of each picture.
    """
    ratio = painter.device().devicePixelRatioF()
    brush = QBrush(_hatched(colour.rgba(), round(spacing * ratio)))  # a part of a pixel would bend the lines
    brush.setTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
    painter.save()
    painter.setBrushOrigin(area.bottomLeft())
    painter.fillRect(area, brush)
    painter.restore()


@lru_cache(maxsize=16)
def _hatched(rgba: int, pixels: int) -> QImage:
    """Return the tile that hatching repeats: a slanted line through it, and the ends of both beside it."""
    tile = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(rgba), pixels / 5))
    painter.drawLines([QLineF(x - pixels, 2 * pixels, x + 2 * pixels, -pixels) for x in (-pixels, 0, pixels)])
    painter.end()
    return tile


class VerdictIcon(QWidget):
    """The shape of one verdict, in the colour that the style sheet gives to text here."""

    def __init__(self, verdict: Verdict | None, side: int) -> None:
        super().__init__()
        self.verdict = verdict
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if verdict is None:
            self.hide()

    def show_verdict(self, verdict: Verdict | None, side: int) -> None:
        """Show another shape, or none; the same again costs no layout."""
        if (verdict, side) == (self.verdict, self._side):
            return
        self.verdict, self._side = verdict, side
        self.setVisible(verdict is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A square."""
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the shape."""
        if self.verdict is None:
            return
        painter = QPainter(self)
        side = min(self.width(), self.height())
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_verdict_icon(painter, square, self.verdict, self.palette().windowText().color())


def _polyline(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path


def _cross() -> QPainterPath:
    path = _polyline((0.14, 0.14), (0.86, 0.86))
    path.addPath(_polyline((0.86, 0.14), (0.14, 0.86)))
    return path


def _question() -> QPainterPath:
    path = QPainterPath(QPointF(0.26, 0.30))
    path.cubicTo(0.26, 0.00, 0.76, 0.00, 0.76, 0.30)
    path.cubicTo(0.76, 0.50, 0.50, 0.46, 0.50, 0.66)
    path.moveTo(0.50, 0.905)
    path.lineTo(0.50, 0.91)
    return path


_PATHS = {
    Verdict.PASS: _polyline((0.10, 0.54), (0.38, 0.82), (0.90, 0.20)),
    Verdict.FAIL: _cross(),
    Verdict.REVIEW: _question(),
    Verdict.NOT_INSPECTED: _polyline((0.14, 0.5), (0.86, 0.5)),
}
