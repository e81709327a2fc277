"""A map on another grid over the same picture, in numpy and in a graph, with the same numbers."""

from dataclasses import dataclass

import numpy as np

from station.inference.silent_openvino import opset, ov
from station.trainer.coreset import Rows


@dataclass(frozen=True, slots=True)
class OtherGrid:
    """Interpolates linearly between the middles of cells; beyond the outermost ones it continues them.

    Attributes:
        rows: Weights of the old rows for each new one, (new, old).
        columns: The same for columns.
    """

    rows: Rows
    columns: Rows

    @classmethod
    def of(cls, old: tuple[int, int], new: tuple[int, int]) -> "OtherGrid":
        """Return what brings maps from a grid to another, each given by its rows and columns."""
        return cls(_weights(old[0], new[0]), _weights(old[1], new[1]))

    @property
    def changes_nothing(self) -> bool:
        """Return whether both grids are the same."""
        return all(weights.shape[0] == weights.shape[1] for weights in (self.rows, self.columns))

    def __call__(self, maps: Rows) -> Rows:
        """Return maps on the new grid, (..., gh, gw) float32."""
        return maps if self.changes_nothing else np.asarray(self.rows @ maps @ self.columns.T, np.float32)

    def node(self, anomaly_map: "ov.Output") -> "ov.Output":
        """Return a map [1, 1, gh, gw] of a graph on the new grid."""
        if self.changes_nothing:
            return anomaly_map
        by_rows = opset.matmul(opset.constant(self.rows), anomaly_map, False, False)
        return opset.matmul(by_rows, opset.constant(self.columns), False, True).output(0)


def _weights(old: int, new: int) -> Rows:
    places = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    before = np.minimum(places.astype(np.intp), max(old - 2, 0))
    share, each = places - before, np.arange(new)
    weights = np.zeros((new, old), np.float32)
    weights[each, before] = 1 - share
    weights[each, np.minimum(before + 1, old - 1)] += share
    return weights
