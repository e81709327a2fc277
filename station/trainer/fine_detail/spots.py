"""Small spots, drawn to learn along which axes of the features a mark shows; nothing else is learned from them."""

import numpy as np
from numpy.typing import NDArray

from station.trainer.fine_detail.strips import CELL_PX

_APART_PX = 64
"""Farther than a cell sees, so that each spot is alone."""
_JITTER_PX = 8
_RADII_PX = 2.0, 3.5
_CONTRASTS = 20.0, 60.0
"""Grey levels of 255, darker or brighter."""
_HALF_PX = 8

Places = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns of cells."""


def with_spots(pixels: NDArray[np.uint8], draw: np.random.Generator) -> tuple[NDArray[np.uint8], Places]:
    """Return a copy of a picture with a spot every 64 pixels or so, and the cells in which they lie.

    Args:
        pixels: uint8 RGB, (h, w, 3), at least 64 pixels a side.
        draw: Source of chance.
    """
    spotted = pixels.copy()
    rows, columns = (np.arange(_APART_PX // 2, side - _APART_PX // 4, _APART_PX) for side in pixels.shape[:2])
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    centres = grid + draw.uniform(-_JITTER_PX, _JITTER_PX, grid.shape)
    for row, column in centres:
        _darken_or_brighten(spotted, row, column, draw)
    cells = (centres // CELL_PX).astype(np.intp)
    return spotted, (cells[:, 0], cells[:, 1])


def _darken_or_brighten(pixels: NDArray[np.uint8], row: float, column: float, draw: np.random.Generator) -> None:
    top, left = int(row) - _HALF_PX, int(column) - _HALF_PX
    place = (slice(max(0, top), top + 2 * _HALF_PX + 1), slice(max(0, left), left + 2 * _HALF_PX + 1))
    height, width = pixels[place].shape[:2]
    rows, columns = np.mgrid[place[0].start : place[0].start + height, place[1].start : place[1].start + width]
    away = np.hypot(rows - row, columns - column)
    cover = np.clip(draw.uniform(*_RADII_PX) + 0.5 - away, 0, 1)[..., None]
    change = draw.choice((-1, 1)) * draw.uniform(*_CONTRASTS)
    pixels[place] = np.clip(np.round(pixels[place] + change * cover), 0, 255).astype(np.uint8)
