"""The picture of a camera that is being set up, with clipped pixels marked and a crosshair in the middle."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from station.domain.frame import Image
from station.domain.preview import OVER_EXPOSED, UNDER_EXPOSED, PreviewPicture
from ui.background.rendered_part import qimage
from ui.widgets.canvas.picture_canvas import PictureCanvas

OVER_COLOUR, UNDER_COLOUR = QColor("#FF2A2A"), QColor("#2F7BFF")
_CLEAR = QColor(0, 0, 0, 0)
_HALO = QColor(0, 0, 0, 150)
_CROSSHAIR = QColor("#FFE45C")
_RING = 24.0


class CameraCanvas(PictureCanvas):
    """Paints one PreviewPicture; the marks are a layer of their own, so they come and go without a new picture."""

    def __init__(self) -> None:
        super().__init__("Picture of the camera")
        self.marks_clipping = True
        self.shows_crosshair = False
        self._picture: PreviewPicture | None = None
        self._clipping: tuple[QImage, ...] = ()

    @property
    def has_picture(self) -> bool:
        """A picture is shown, live or not."""
        return self._picture is not None

    def show_picture(self, picture: PreviewPicture) -> None:
        """Show this one."""
        self._picture = picture
        self._clipping = tuple(map(_marked, picture.clipping))
        levels = tuple(map(qimage, picture.levels))
        self.show_levels(levels, levels[0].size())

    def show_nothing(self) -> None:
        """Forget the picture."""
        self._picture, self._clipping = None, ()
        self.show_levels((), QSize())

    def mark_clipping(self, marked: bool) -> None:
        """Mark over- and under-exposed pixels, or show them as they are."""
        self.marks_clipping = marked
        self.update()

    def show_crosshair(self, shown: bool) -> None:
        """A cross through the middle of the picture."""
        self.shows_crosshair = shown
        self.update()

    def paint_marks(self, painter: QPainter, transform: QTransform) -> None:
        """What is clipped, and the crosshair."""
        if self.marks_clipping:
            self.paint_layer(painter, self._clipping, smooth=False)
        if self.shows_crosshair and self._picture is not None:
            height, width = self._picture.levels[0].shape[:2]
            _paint_crosshair(painter, transform.map(QPointF(width / 2, height / 2)), QRectF(self.rect()))


def _marked(clipping: Image) -> QImage:
    whole = np.ascontiguousarray(clipping)
    height, width = whole.shape
    image = QImage(whole.data, width, height, whole.strides[0], QImage.Format.Format_Indexed8)
    colours = {UNDER_EXPOSED: UNDER_COLOUR, OVER_EXPOSED: OVER_COLOUR}
    image.setColorTable([colours.get(i, _CLEAR).rgba() for i in range(OVER_EXPOSED + 1)])
    return image


def _paint_crosshair(painter: QPainter, middle: QPointF, area: QRectF) -> None:
    lines = [
        QLineF(area.left(), middle.y(), area.right(), middle.y()),
        QLineF(middle.x(), area.top(), middle.x(), area.bottom()),
    ]
    for colour, width in ((_HALO, 3.0), (_CROSSHAIR, 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(lines)
        painter.drawEllipse(middle, _RING, _RING)
