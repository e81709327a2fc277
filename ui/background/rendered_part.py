"""A part made ready for painting, away from the GUI thread: layers to stretch, outlines, the crop of the place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainterPath, QPolygonF

from station.domain.frame import Image
from station.domain.geometry import Region
from station.domain.inspection import Inspection, ViewInspection
from station.domain.part_images import PartResult, StoredPart, StoredView, ViewResult
from station.vision import overlay

_SMALLEST_LEVEL = 256
_CROP_MARGIN = 0.6
_LEAST_CROP = 1 / 8


@dataclass(frozen=True, slots=True, eq=False)
class RenderedView:
    """What a canvas paints of one view of a part.

    Attributes:
        view: The judgement of this picture.
        levels: The picture at 1, 1/2, 1/4 ... of its size; empty when none came.
        size: Of the original picture, whose pixels all places are counted in.
        heat: The coloured map, small; None when there is none.
        heat_place: What it covers.
        outline: Contours at the limit.
        crop: The worst place enlarged, else the whole picture made small; None without a picture.
        received_ns: `time.monotonic_ns` of the frame, of the trigger where none came; None for a past part.
        source: Keeps the pixels alive that the levels point into.
    """

    view: ViewInspection
    levels: tuple[QImage, ...]
    size: QSize
    heat: QImage | None
    heat_place: QRectF
    outline: QPainterPath
    crop: QImage | None
    received_ns: int | None
    source: ViewResult | StoredView


@dataclass(frozen=True, slots=True, eq=False)
class RenderedPart:
    """One part as the screen shows it: all its views, and never a view of another part.

    Attributes:
        inspection: The record of the part.
        pictures: One for each view of the record, in its order.
    """

    inspection: Inspection
    pictures: tuple[RenderedView, ...]

    @property
    def view_names(self) -> tuple[str, ...]:
        """In order."""
        return tuple(picture.view.name for picture in self.pictures)

    @property
    def deciding(self) -> RenderedView:
        """That of the view that decided."""
        return self.inspection.of_deciding(self.pictures)

    @property
    def received_ns(self) -> int | None:
        """Of the newest of its pictures; None for a past part."""
        return max((picture.received_ns for picture in self.pictures if picture.received_ns is not None), default=None)


def of_live(live: PartResult) -> RenderedPart:
    """The newest part."""
    return RenderedPart(live.inspection, tuple(map(_of_live_picture, live.pictures)))


def of_past(past: StoredPart) -> RenderedPart:
    """A part from the strip; its stored pictures may be smaller previews of the originals."""
    return RenderedPart(past.inspection, tuple(map(_of_past_picture, past.pictures)))


def qimage(image: Image) -> QImage:
    """A Qt picture over the same memory: uint8, (H, W) grey or (H, W, 3) RGB."""
    whole = np.ascontiguousarray(image)
    height, width = whole.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if whole.ndim == 2 else QImage.Format.Format_RGB888
    return QImage(whole.data, width, height, whole.strides[0], kind)


def _of_live_picture(live: ViewResult) -> RenderedView:
    levels = tuple(qimage(level) for level in live.levels)
    size = levels[0].size() if levels else QSize()
    return _ready(live, levels, size, live.received_ns)


def _of_past_picture(past: StoredView) -> RenderedView:
    levels = () if past.picture is None else _pyramid(qimage(past.picture))
    return _ready(past, levels, QSize(past.view.width, past.view.height), None)


def _ready(
    source: ViewResult | StoredView, levels: tuple[QImage, ...], size: QSize, received_ns: int | None
) -> RenderedView:
    anomaly_map = source.anomaly_map if levels else None
    return RenderedView(
        view=source.view,
        levels=levels,
        size=size,
        heat=None if anomaly_map is None else _heat(anomaly_map, source.pixel_threshold),
        heat_place=QRectF(*source.roi),
        outline=QPainterPath() if anomaly_map is None else _outline(anomaly_map, source),
        crop=crop_of(source.view.regions, levels, size),
        received_ns=received_ns,
        source=source,
    )


def _heat(anomaly_map: NDArray[np.float32], pixel_threshold: float) -> QImage:
    colours = np.ascontiguousarray(overlay.heat_rgba(anomaly_map, pixel_threshold))
    height, width = colours.shape[:2]
    return QImage(colours.data, width, height, colours.strides[0], QImage.Format.Format_RGBA8888_Premultiplied)


def _outline(anomaly_map: NDArray[np.float32], source: ViewResult | StoredView) -> QPainterPath:
    path = QPainterPath()
    for contour in overlay.contours(anomaly_map, source.roi, source.pixel_threshold):
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in contour]))
        path.closeSubpath()
    return path


def _pyramid(full: QImage) -> tuple[QImage, ...]:
    levels = [full]
    while min(levels[-1].width(), levels[-1].height()) >= 2 * _SMALLEST_LEVEL:
        half = levels[-1].size() / 2
        levels.append(levels[-1].scaled(half, mode=Qt.TransformationMode.SmoothTransformation))
    return tuple(levels)


def crop_of(regions: Sequence[Region], levels: Sequence[QImage], size: QSize) -> QImage | None:
    """The worst place with its surroundings, square; the whole picture where no place stands out."""
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
    """The square around a region, moved inside the picture, in pixels of the original."""
    short = min(size.width(), size.height())
    side = round(max(max(region.w, region.h) * (1 + 2 * _CROP_MARGIN), short * _LEAST_CROP))
    side = max(1, min(side, short))
    x = round(region.x + region.w / 2 - side / 2)
    y = round(region.y + region.h / 2 - side / 2)
    return QRect(max(0, min(x, size.width() - side)), max(0, min(y, size.height() - side)), side, side)
