"""What is made of one cell: a number that says how anomalous it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.coreset import Rows
from station.trainer.logistic import Separation


@dataclass(frozen=True, slots=True)
class CountedShare:
    """The share of likeness that counts at an anomaly r by distance: `slope * r + offset`, from 0 to 1."""

    slope: float = 0.0
    offset: float = 1.0

    def of(self, r: Rows) -> Rows:
        """Return the share for each cell."""
        share: Rows = np.clip(np.float32(self.slope) * r + np.float32(self.offset), 0, 1)
        return share


@dataclass(frozen=True, slots=True)
class CellHead:
    """The anomaly of a cell: `distance_weight * r + offset + share(r) * max(0, likeness(p, r))`.

    Likeness to labelled defects only adds. A defect of a kind that was never labelled, which looks like none of the
    labelled ones, keeps its anomaly by distance.

    Attributes:
        likeness: For the projected features p and the anomaly r by distance, r last, k + 1 weights; None without it.
        distance_weight: For r.
        offset: Added.
        share: Share of the likeness that counts.
    """

    likeness: Separation | None = None
    distance_weight: float = 1.0
    offset: float = 0.0
    share: CountedShare = CountedShare()

    def anomaly(self, cells: NDArray[np.floating], r: Rows) -> Rows:
        """Return the anomaly of cells.

        Args:
            cells: Projected features, shape (..., k).
            r: Their anomaly by distance, shape (...).
        """
        anomaly: Rows = np.float32(self.distance_weight) * r + np.float32(self.offset)
        if self.likeness is None:
            return anomaly
        return anomaly + self.share.of(r) * np.maximum(value_of(self.likeness, cells, r), 0)


def value_of(direction: Separation, cells: NDArray[np.floating], r: Rows) -> Rows:
    """Return the value of a function of projected features and anomaly by distance, r last, for each cell.

    Args:
        direction: The function, k + 1 weights.
        cells: Projected features, shape (..., k).
        r: Their anomaly by distance, shape (...).
    """
    features = cells.astype(np.float32, copy=False) @ direction.weights[:-1]
    value: Rows = features + direction.weights[-1] * r + np.float32(direction.offset)
    return value
