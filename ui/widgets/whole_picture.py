"""A picture as large as a place allows, and all of it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter


def paint_whole(painter: QPainter, place: QRectF, image: QImage) -> None:
    """Draw the image into the middle of the place, with its own proportions."""
    size = image.size().toSizeF().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(place.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, image)
