"""Render a part for painting, on any thread: picture levels, coloured map, outlines, and the crop of the worst area."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainterPath, QPolygonF

from station.domain.frame import Image
from station.domain.geometry import Region
from station.domain.inspection import PartViews, ViewInspection
from station.domain.part_images import PartResult, ViewResult
from station.vision import overlay

_SMALLEST_LEVEL = 256
_CROP_MARGIN = 0.6
_LEAST_CROP = 1 / 8


@dataclass(frozen=True, slots=True, eq=False)
class RenderedView:
    """What a canvas paints of one view of a part.

    Attributes:
        inspection: The record of this view.
        levels: The picture at 1, 1/2, 1/4 ... of its size; empty if no picture came.
        size: Size of the original picture. All positions are in its pixels.
        heat: The coloured map, small; None without a map.
        heat_place: The area that the map covers.
        outline: Contours at the limit.
        crop: The worst area enlarged, or the whole picture made small if there is no region; None without a picture.
        received_ns: As in ViewResult; None for a part from memory or disk.
        source: Keeps the pixels in memory that the levels refer to.
    """

    inspection: ViewInspection
    levels: tuple[QImage, ...]
    size: QSize
    heat: QImage | None
    heat_place: QRectF
    outline: QPainterPath
    crop: QImage | None
    received_ns: int | None
    source: ViewResult

    def relative_heat(self) -> QImage | None:
        """Return the map coloured by its own percentiles, small; None without a map. It takes a fraction of 1 ms."""
        anomaly_map = self.source.judged_map if self.levels else None
        return None if anomaly_map is None else _as_qimage(overlay.relative_rgba(anomaly_map))


RenderedPart = PartViews[RenderedView]
"""One part as the screen shows it: all its views, and never a view of another part."""


def render_part(part: PartResult) -> RenderedPart:
    """Return the part ready for painting. A picture from memory or disk may be a smaller preview of the original."""
    return PartViews(part.inspection, tuple(map(render_view, part.views)))


def newest_received_ns(part: RenderedPart) -> int | None:
    """Return when the newest frame of the part came, `time.monotonic_ns`; None for a part from memory or disk."""
    return max((view.received_ns for view in part.views if view.received_ns is not None), default=None)


def qimage(image: Image) -> QImage:
    """Return a Qt picture that shares the memory of `image`: uint8, (H, W) grey or (H, W, 3) RGB."""
    whole = np.ascontiguousarray(image)
    height, width = whole.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if whole.ndim == 2 else QImage.Format.Format_RGB888
    return QImage(whole.data, width, height, whole.strides[0], kind)


def render_view(source: ViewResult) -> RenderedView:
    """Return one view ready for painting."""
    inspection, levels = source.inspection, _levels(source)
    size = QSize(inspection.width, inspection.height) if levels else QSize()
    anomaly_map = source.judged_map if levels else None
    return RenderedView(
        inspection=inspection,
        levels=levels,
        size=size,
        heat=None if anomaly_map is None else _heat(anomaly_map, source.pixel_threshold),
        heat_place=QRectF(*source.roi),
        outline=QPainterPath() if anomaly_map is None else _outline(anomaly_map, source),
        crop=crop_of(inspection.regions, levels, size),
        received_ns=source.received_ns,
        source=source,
    )


def _levels(source: ViewResult) -> tuple[QImage, ...]:
    """Return the picture's pyramid. A live picture has one; for a part from memory or disk it is made here."""
    levels = tuple(qimage(level) for level in source.levels)
    return picture_levels(levels[0]) if levels and source.received_ns is None else levels


def _heat(anomaly_map: NDArray[np.float32], pixel_threshold: float) -> QImage:
    return _as_qimage(overlay.heat_rgba(anomaly_map, pixel_threshold))


def _as_qimage(rgba: NDArray[np.uint8]) -> QImage:
    colours = np.ascontiguousarray(rgba)
    height, width = colours.shape[:2]
    return QImage(colours.data, width, height, colours.strides[0], QImage.Format.Format_RGBA8888_Premultiplied)


def _outline(anomaly_map: NDArray[np.float32], source: ViewResult) -> QPainterPath:
    path = QPainterPath()
    for contour in overlay.contours(anomaly_map, source.roi, source.pixel_threshold):
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in contour]))
        path.closeSubpath()
    return path


def picture_levels(full: QImage) -> tuple[QImage, ...]:
    """Return a picture at 1, 1/2, 1/4 ... of its size."""
    levels = [full]
    while min(levels[-1].width(), levels[-1].height()) >= 2 * _SMALLEST_LEVEL:
        half = levels[-1].size() / 2
        levels.append(levels[-1].scaled(half, mode=Qt.TransformationMode.SmoothTransformation))
    return tuple(levels)


def crop_of(regions: Sequence[Region], levels: Sequence[QImage], size: QSize) -> QImage | None:
    """Return the worst region with its surroundings, square; the whole picture if there is no region."""
    if not levels or size.isEmpty():
        return None
    if not regions:
        return levels[-1]
    scale = levels[0].width() / size.width()
    place = crop_place(regions[0], size)
    return levels[0].copy(
        QRect(
            round(place.x() * scale),
            round(place.y() * scale),
            max(1, round(place.width() * scale)),
            max(1, round(place.height() * scale)),
        )
    )


def crop_place(region: Region, size: QSize) -> QRect:
    """Return the square around a region, moved inside the picture, in pixels of the original."""
    short = min(size.width(), size.height())
    side = round(max(max(region.w, region.h) * (1 + 2 * _CROP_MARGIN), short * _LEAST_CROP))
    side = max(1, min(side, short))
    x = round(region.x + region.w / 2 - side / 2)
    y = round(region.y + region.h / 2 - side / 2)
    return QRect(max(0, min(x, size.width() - side)), max(0, min(y, size.height() - side)), side, side)
