"""Which part of a picture is on the screen: pure geometry of zoom and pan."""

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

_LARGEST_ZOOM = 32.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """How a picture lies in its area.

    Attributes:
        zoom: Screen points for each picture pixel.
        x, y: The picture's place, in pixels of the original, at the middle of the area.
        fits: The whole picture is meant to be seen; it is fitted again when the area changes.
    """

    zoom: float
    x: float
    y: float
    fits: bool = False

    def transform(self, area: QSizeF) -> QTransform:
        """From picture pixels to screen points."""
        transform = QTransform()
        transform.translate(area.width() / 2, area.height() / 2)
        transform.scale(self.zoom, self.zoom)
        transform.translate(-self.x, -self.y)
        return transform

    def visible(self, picture: QSizeF, area: QSizeF) -> QRectF:
        """The part of the picture inside the area, in pixels of the original."""
        inverted, _possible = self.transform(area).inverted()
        return inverted.mapRect(QRectF(QPointF(), area)).intersected(QRectF(QPointF(), picture))

    def zoomed(self, factor: float, at: QPointF, picture: QSizeF, area: QSizeF) -> "Viewport":
        """Nearer or further, with the place under the cursor staying there; never smaller than fitted."""
        whole = fitted(picture, area)
        zoom = min(_LARGEST_ZOOM, self.zoom * factor)
        if zoom <= whole.zoom:
            return whole
        offset = at - QPointF(area.width() / 2, area.height() / 2)
        shift = offset * (1 / self.zoom - 1 / zoom)
        return Viewport(zoom, self.x + shift.x(), self.y + shift.y()).inside(picture)

    def panned(self, by: QPointF, picture: QSizeF) -> "Viewport":
        """Return the viewport after the picture was moved by this many screen pixels."""
        if self.fits:
            return self
        return replace(self, x=self.x - by.x() / self.zoom, y=self.y - by.y() / self.zoom).inside(picture)

    def inside(self, picture: QSizeF) -> "Viewport":
        """The same with its middle kept on the picture."""
        x = min(max(self.x, 0.0), picture.width())
        y = min(max(self.y, 0.0), picture.height())
        return replace(self, x=x, y=y)


def fitted(picture: QSizeF, area: QSizeF) -> Viewport:
    """The whole picture, as large as the area allows."""
    if picture.isEmpty() or area.isEmpty():
        return Viewport(1.0, 0.0, 0.0, fits=True)
    zoom = min(area.width() / picture.width(), area.height() / picture.height())
    return Viewport(zoom, picture.width() / 2, picture.height() / 2, fits=True)


def full_size(picture: QSizeF, device_pixel_ratio: float, middle: QPointF | None = None) -> Viewport:
    """One picture pixel for each point of the display, around a place."""
    at = middle if middle is not None else QPointF(picture.width() / 2, picture.height() / 2)
    return Viewport(1 / device_pixel_ratio, at.x(), at.y())


def level_for(zoom: float, device_pixel_ratio: float, levels: int) -> int:
    """The pyramid level to draw from: the smallest that is made smaller by less than two, never larger.

    Args:
        zoom: Screen points for each pixel of the original.
        device_pixel_ratio: Display points for each screen point.
        levels: How many there are.
    """
    minification = 1 / max(zoom * device_pixel_ratio, 1e-9)
    return max(0, min(levels - 1, math.floor(math.log2(max(minification, 1.0)))))
