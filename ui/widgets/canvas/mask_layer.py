"""A mask of labels as coloured pictures that share its memory, so that drawing on it costs only the repaint."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from station.domain.geometry import Box
from station.vision.mask_editing import Mask

KIND_COLOURS = tuple(
    QColor(name)
    for name in ("#FF6A3D", "#38B6FF", "#FFE24A", "#00C389", "#E07BC1", "#3D6BFF", "#F0A000", "#B6FF5A", "#FFFFFF")
)
"""Colours of the kinds 1 to 9, for people with any sight of colours; a tenth kind begins again."""


def kind_colour(kind: int) -> QColor:
    """Return the colour of a kind, 1 or more."""
    return KIND_COLOURS[(kind - 1) % len(KIND_COLOURS)]


class MaskLayer:
    """The mask at 1, 1/2, 1/4 ... of its size; a cell of a smaller level has the highest label in it.

    So a scratch of one pixel is seen on the whole picture too.

    Attributes:
        images: What is painted, level by level; they change with the mask after `renew`.
    """

    def __init__(self, mask: Mask, levels: int, colours: Sequence[QColor], opacity: float) -> None:
        """Show this mask, which others change in place.

        Args:
            mask: uint8 (H, W), C-contiguous.
            levels: How many sizes, at least one.
            colours: Of the labels from 1 on; a label beyond the last begins again.
            opacity: 0..1.
        """
        self._levels = [mask]
        for _ in range(levels - 1):
            height, width = self._levels[-1].shape
            self._levels.append(np.zeros(((height + 1) // 2, (width + 1) // 2), np.uint8))
        self._colours = tuple(colours)
        self.images = tuple(map(_image, self._levels))
        self.set_opacity(opacity)
        self.renew((0, 0, mask.shape[1], mask.shape[0]))

    def renew(self, box: Box) -> None:
        """Show what changed within a box of the mask."""
        x, y, width, height = box
        for finer, coarser in zip(self._levels, self._levels[1:], strict=False):
            right, lower = (x + width + 1) // 2, (y + height + 1) // 2
            x, y = x // 2, y // 2
            width, height = right - x, lower - y
            _reduce(finer[2 * y : 2 * lower, 2 * x : 2 * right], coarser[y:lower, x:right])

    def set_opacity(self, opacity: float) -> None:
        """How strong the marks are, 0..1."""
        table = [QColor(0, 0, 0, 0).rgba()]
        for label in range(255):
            colour = QColor(self._colours[label % len(self._colours)])
            colour.setAlphaF(opacity)
            table.append(colour.rgba())
        for image in self.images:
            image.setColorTable(table)


def as_rect(box: Box) -> QRectF:
    """Return the box with room for the painter's rounding."""
    return QRectF(*box).adjusted(-1, -1, 1, 1)


def _image(level: Mask) -> QImage:
    height, width = level.shape
    return QImage(level.data, width, height, level.strides[0], QImage.Format.Format_Indexed8)


def _reduce(finer: Mask, coarser: Mask) -> None:
    """Write the highest of each four cells; at an odd edge there are fewer."""
    coarser[:] = finer[::2, ::2]
    for other in (finer[::2, 1::2], finer[1::2, ::2], finer[1::2, 1::2]):
        part = coarser[: other.shape[0], : other.shape[1]]
        np.maximum(part, other, out=part)
