"""The part of a picture that a recipe does not judge, kept as text within the recipe."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box

MOST_RUNS = 100_000
"""A mask of 20 megapixels that was painted by hand has some ten thousand."""


@dataclass(frozen=True, slots=True)
class IgnoreMask:
    """Pixels that are neither scored nor outlined. The same pixels always give the same value.

    Attributes:
        width, height: Size of the picture that it was drawn on, pixels.
        runs: Lengths of runs of pixels, row by row, of judged and ignored ones in turn, judged ones first. In a picture
            of 3 x 2 pixels whose last column is ignored: "2 1 2 1".
    """

    width: int
    height: int
    runs: str

    def __post_init__(self) -> None:
        lengths = _lengths(self.runs)
        if any(length < 1 for length in lengths[1:]) or lengths[0] < 0 or len(lengths) > MOST_RUNS:
            raise ValueError("an ignore mask is a list of lengths")
        if min(self.width, self.height) < 1 or sum(lengths) != self.width * self.height:
            raise ValueError("an ignore mask covers exactly its picture")
        if not lengths[1::2] or not any(lengths[::2]):
            raise ValueError("an ignore mask ignores a part of the picture, and not all of it")

    @classmethod
    def of(cls, ignored: NDArray[np.bool_]) -> "IgnoreMask":
        """Return the mask of these pixels, (H, W) bool, True for ignored ones.

        Raises:
            ValueError: None or all are ignored, or the mask has more than `MOST_RUNS` runs.
        """
        flat = ignored.ravel()
        ends = np.flatnonzero(np.diff(flat)) + 1
        lengths = np.diff(np.concatenate(([0], ends, [flat.size])))
        first = [0] if flat.size and flat[0] else []
        return cls(ignored.shape[1], ignored.shape[0], " ".join(map(str, [*first, *lengths.tolist()])))

    def pixels(self) -> NDArray[np.bool_]:
        """Return the mask, (H, W) bool, True for ignored pixels."""
        lengths = _lengths(self.runs)
        values = [value for value, _ in zip(cycle((False, True)), lengths, strict=False)]
        return np.repeat(values, lengths).reshape(self.height, self.width)

    @property
    def share(self) -> float:
        """Return the ignored share of the picture, 0..1."""
        return sum(_lengths(self.runs)[1::2]) / (self.width * self.height)

    def fits(self, height: int, width: int) -> bool:
        """Return whether a picture has the size of the one that it was drawn on."""
        return (height, width) == (self.height, self.width)

    def covers(self, box: Box) -> bool:
        """Return whether all pixels of a box are ignored."""
        return bool(_cells(self, box, (1, 1)).all())

    def cells(self, roi: Box, grid: tuple[int, int]) -> NDArray[np.bool_]:
        """Return which cells of an anomaly map are ignored, (rows, columns) bool, read-only.

        A cell is ignored only if all its pixels are: what was not drawn over is judged.

        Args:
            roi: x, y, width, height that the map covers, pixels.
            grid: Rows and columns of the map.
        """
        return _cells(self, roi, grid)

    @property
    def words(self) -> str:
        """Return the mask for people: "12 % of 640 x 480 px"."""
        share = f"{100 * self.share:.0f}" if self.share >= 0.01 else "less than 1"
        return f"{share} % of {self.width} x {self.height} px"


def _lengths(runs: str) -> list[int]:
    return [int(length) for length in runs.split(" ")]


@lru_cache(maxsize=16)
def _cells(mask: IgnoreMask, roi: Box, grid: tuple[int, int]) -> NDArray[np.bool_]:
    x, y, width, height = roi
    judged = np.zeros((mask.height + 1, mask.width + 1), np.int64)
    judged[1:, 1:] = (~mask.pixels()).cumsum(0).cumsum(1)
    (top, bottom), (left, right) = _edges(y, height, grid[0]), _edges(x, width, grid[1])
    within = judged[np.ix_(bottom, right)] - judged[np.ix_(top, right)]
    within += judged[np.ix_(top, left)] - judged[np.ix_(bottom, left)]
    ignored: NDArray[np.bool_] = within == 0
    ignored.flags.writeable = False
    return ignored


def _edges(start: int, length: int, cells: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first pixel of each cell, and the one behind its last; a pixel on an edge belongs to both cells."""
    edges = np.arange(cells + 1) * length
    return start + edges[:-1] // cells, start - (-edges[1:] // cells)
