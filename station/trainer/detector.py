"""The trained detector, in numpy: from the features of a picture to its anomaly map."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.bank import DistanceScale, MemoryBank
from station.trainer.cell_head import CellHead
from station.trainer.coreset import Axes, Rows
from station.trainer.whole_part import WholePart


@dataclass(frozen=True, slots=True)
class Detector:
    """All that was learned.

    Attributes:
        stages: Stages of the backbone whose features it takes.
        cell_px: Side of a cell, pixels of its input.
        axes: Principal components of the features.
        bank: The good parts remembered.
        scale: The means of both distances.
        head: Makes the anomaly of a cell.
        smoothing_cells: Sigma of the Gaussian that smooths the map, in cells of the grid.
        whole: Adds to the score what the whole part says; None if it is not checked.
    """

    stages: tuple[int, ...]
    cell_px: int
    axes: Axes
    bank: MemoryBank
    scale: DistanceScale
    head: CellHead
    smoothing_cells: float
    whole: WholePart | None = None

    def score(self, features: Rows) -> float:
        """Return the raw score: the maximum of the raw anomaly map, and what the whole part adds."""
        highest = float(self.anomaly_map(features).max())
        return (
            highest if self.whole is None else highest + float(self.whole.added(self.axes.project(features)[None])[0])
        )

    def anomaly_map(self, features: Rows) -> Rows:
        """Return the raw anomaly map: (gh, gw, c) to (gh, gw), float32."""
        cells = self.axes.project(features)
        r = self.scale.anomaly(*self.bank.distances(cells))
        return self.map_of(cells, r)

    def map_of(self, cells: NDArray[np.floating], r: Rows) -> Rows:
        """Return the raw anomaly maps of projected cells, (..., gh, gw, k), and their anomaly by distance r."""
        return smoothed(self.head.anomaly(cells, r), self.smoothing_cells)


def smoothed(anomaly: Rows, sigma: float) -> Rows:
    """Smooth maps with a Gaussian, (..., gh, gw); the border is replicated."""
    kernel = gaussian(sigma)
    for axis in (-1, -2):
        anomaly = _along(anomaly, kernel, axis)
    return anomaly


def gaussian(sigma: float) -> Rows:
    """Return the weights of a Gaussian from -3 to 3 sigma; their sum is 1."""
    reach = math.ceil(3 * sigma)
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma * sigma))
    return np.asarray(weights / weights.sum(), np.float32)


def _along(anomaly: Rows, kernel: Rows, axis: int) -> Rows:
    reach, count = len(kernel) // 2, anomaly.shape[axis]
    padding = [(0, 0)] * anomaly.ndim
    padding[axis] = (reach, reach)
    padded = np.moveaxis(np.pad(anomaly, padding, mode="edge"), axis, 0)
    total = sum(weight * padded[place : place + count] for place, weight in enumerate(kernel))
    return np.moveaxis(np.asarray(total, np.float32), 0, axis)
