"""Strips of a picture that overlap by all that a cell sees: their cells are those of the whole picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELL_PX = 8
_SEEN_AROUND_PX = 40
"""Stage 2 of the backbone sees 26 pixels above a cell and 33 below it; rounded up to whole cells."""


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Strips of the whole width and of one height, from top to bottom.

    A strip owns some rows of cells, and has more pixels above and below them. The first and the last begin and end with
    the picture, so that its edge is met by the same padding as in one piece.

    Attributes:
        count: How many there are.
        height_px: Rows of pixels of each.
        pixel_rows: Rows of the picture, strip after strip, shape (count * height_px,).
        cell_rows: For each row of cells of the picture its number among those of all strips, shape (gh,).
    """

    count: int
    height_px: int
    pixel_rows: NDArray[np.int64]
    cell_rows: NDArray[np.int64]

    @classmethod
    def of(cls, height_px: int, own_px: int) -> "Strips":
        """Return the strips of a picture.

        Args:
            height_px: Rows of the picture, a multiple of 32.
            own_px: Rows that a strip owns, a multiple of 32.
        """
        strip_px = own_px + 2 * _SEEN_AROUND_PX
        if strip_px >= height_px:
            own_px = strip_px = height_px
        begins = np.clip(np.arange(0, height_px, own_px) - _SEEN_AROUND_PX, 0, height_px - strip_px)
        cells = np.arange(height_px // CELL_PX)
        owner = cells * CELL_PX // own_px
        return cls(
            count=len(begins),
            height_px=strip_px,
            pixel_rows=(begins[:, None] + np.arange(strip_px)).ravel(),
            cell_rows=owner * (strip_px // CELL_PX) + cells - begins[owner] // CELL_PX,
        )
