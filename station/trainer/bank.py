"""The bank: the rows of a coreset, how far each is from its neighbours, and how far places are from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.coreset import Rows, greedy_coreset

_CANDIDATES = 60_000
_NEIGHBOURS = 5
_LEAST_SPACING = 0.1
_IN_SPACINGS = 0.25
"""Share of the distance in spacings. Half finds a few more parts, but marks their defects less exactly."""
_AT_ONCE = 256
"""Places at a time: their distances from 3000 rows fit into the cache of a core."""


@dataclass(frozen=True, slots=True)
class MemoryBank:
    """What is remembered of good parts.

    Attributes:
        rows: Projected features, shape (m, k), float32.
        spacing: Mean distance of each row to its 5 nearest rows, shape (m,), float32, greater than 0.
    """

    rows: Rows
    spacing: Rows

    @classmethod
    def of_rows(cls, rows: Rows) -> "MemoryBank":
        """Return the bank of these rows, shape (m, k), all different."""
        return cls(rows, _spacing(rows))

    def nearest(self, cells: NDArray[np.floating]) -> tuple[Rows, NDArray[np.intp]]:
        """Return for each cell its distance from the nearest row, and the number of that row.

        Args:
            cells: Projected features, shape (n, k).

        Returns:
            Shapes (n,) float32 and (n,).
        """
        squares = np.einsum("ij,ij->i", self.rows, self.rows)
        twice = np.ascontiguousarray(-2 * self.rows.T)
        distance, row = np.empty(len(cells), np.float32), np.empty(len(cells), np.intp)
        kept = np.empty((min(len(cells), _AT_ONCE), len(self.rows)), np.float32)  # fresh memory costs more than the sum
        for begin in range(0, len(cells), _AT_ONCE):
            part = cells[begin : begin + _AT_ONCE].astype(np.float32, copy=False)
            squared = np.matmul(part, twice, out=kept[: len(part)])
            squared += squares
            found = squared.argmin(1)
            least = squared[np.arange(len(part)), found] + np.einsum("ij,ij->i", part, part)
            distance[begin : begin + _AT_ONCE] = np.sqrt(np.maximum(least, 0))
            row[begin : begin + _AT_ONCE] = found
        return distance, row

    def distances(self, cells: NDArray[np.floating]) -> tuple[Rows, Rows]:
        """Return for each cell its distance from the nearest row, and the same in units of that row's spacing.

        Args:
            cells: Projected features, shape (..., k); both results have the shape (...).
        """
        distance, row = self.nearest(cells.reshape(-1, cells.shape[-1]))
        shape = cells.shape[:-1]
        return distance.reshape(shape), (distance / self.spacing[row]).reshape(shape)


@dataclass(frozen=True, slots=True)
class DistanceScale:
    """How large both distances are in the mean over all cells of held-out good pictures; both greater than 0."""

    distance: float
    in_spacings: float

    @classmethod
    def of(cls, distance: Rows, in_spacings: Rows) -> "DistanceScale":
        """Return the means; 1 in place of a mean of 0, if all good pictures are equal."""
        return cls(_mean(distance), _mean(in_spacings))

    def anomaly(self, distance: Rows, in_spacings: Rows) -> Rows:
        """Return the anomaly r of cells: the mean of both distances, each in units of its mean, 3 to 1."""
        by_distance, by_spacing = self.factors
        r: Rows = distance * np.float32(by_distance) + in_spacings * np.float32(by_spacing)
        return r

    @property
    def factors(self) -> tuple[float, float]:
        """Return what each distance is multiplied with."""
        return (1 - _IN_SPACINGS) / self.distance, _IN_SPACINGS / self.in_spacings


def bank_of(cells: NDArray[np.float16], pictures: NDArray[np.intp], rows: int, seed: int) -> MemoryBank:
    """Return the bank of some pictures: the coreset of at most 60,000 of their cells, drawn at random.

    Args:
        cells: Projected cells of all pictures, shape (n, gh, gw, k).
        pictures: Numbers of the pictures that are remembered, shape (m,).
        rows: Size of the coreset.
        seed: Seed of the draw.
    """
    flat = cells.reshape(len(cells), -1, cells.shape[-1])
    places = flat.shape[1]
    total = len(pictures) * places
    drawn = np.random.default_rng(seed).choice(total, min(total, _CANDIDATES), replace=False)
    candidates = flat[pictures[drawn // places], drawn % places].astype(np.float32)
    return MemoryBank.of_rows(candidates[greedy_coreset(candidates, rows)])


def _spacing(rows: Rows) -> Rows:
    """Return the mean distance to the nearest rows; at least a tenth of the mean, so that no two rows are a trap."""
    neighbours = min(_NEIGHBOURS, len(rows) - 1)
    if not neighbours:
        return np.ones(len(rows), np.float32)
    squares = np.einsum("ij,ij->i", rows, rows)
    spacing = np.empty(len(rows), np.float32)
    for begin in range(0, len(rows), _AT_ONCE):
        part = rows[begin : begin + _AT_ONCE]
        squared = squares + squares[begin : begin + _AT_ONCE, None] - 2 * (part @ rows.T)
        squared[np.arange(len(part)), np.arange(begin, begin + len(part))] = np.inf
        nearest = np.partition(squared, neighbours - 1, axis=1)[:, :neighbours]
        spacing[begin : begin + _AT_ONCE] = np.sqrt(np.maximum(nearest, 0)).mean(1)
    least = np.float32(_LEAST_SPACING * spacing.mean())
    return np.asarray(np.maximum(spacing, least))


def _mean(values: Rows) -> float:
    return float(values.mean(dtype=np.float64)) or 1.0
