"""What is made of one cell: a number that says how anomalous it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.coreset import Rows


@dataclass(frozen=True, slots=True)
class CellHead:
    """The anomaly of a cell: `direction . p + distance_weight * r + offset`.

    Attributes:
        direction: For the projected features p, shape (k,), float32.
        distance_weight: For the anomaly r by distance.
        offset: Added.
    """

    direction: Rows
    distance_weight: float = 1.0
    offset: float = 0.0

    @classmethod
    def plain(cls, components: int) -> "CellHead":
        """Return the head that passes the anomaly by distance on."""
        return cls(np.zeros(components, np.float32))

    def anomaly(self, cells: NDArray[np.floating], r: Rows) -> Rows:
        """Return the anomaly of cells.

        Args:
            cells: Projected features, shape (..., k).
            r: Their anomaly by distance, shape (...).
        """
        anomaly: Rows = np.float32(self.distance_weight) * r + np.float32(self.offset)
        return anomaly + cells.astype(np.float32, copy=False) @ self.direction if self.direction.any() else anomaly
