"""How the answers of several detectors become one: a score, and a map whose highest place is the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from station.trainer.coreset import Rows
from station.trainer.other_grid import OtherGrid

LEAST_TOP = 1e-9
"""Instead of 0, if no member sees anything at all."""


@dataclass(frozen=True, slots=True)
class MeanOfMaps:
    """The mean of the maps of some members, each divided by its normaliser, raised to the mean of their scores.

    The members see the same defect at places that are some cells apart, so that the highest place of their mean is
    lower than the mean of their scores, and says less: on tiles its AUROC was .89 in place of .91. A part whose score
    exceeds the limit must have a mark, so the whole map is raised until its highest place is the mean of the scores.

    Attributes:
        grids: Bring the map of each member to the grid of the ensemble.
        normalisers: Divide the map of each.
    """

    grids: tuple[OtherGrid, ...]
    normalisers: tuple[float, ...]

    def of(self, maps: Sequence[Rows]) -> Rows:
        """Return the maps of the ensemble, from those of each member, (..., gh, gw) float32."""
        shares = [np.float32(1 / (normaliser * len(self.normalisers))) for normaliser in self.normalisers]
        each = list(zip(maps, self.grids, shares, strict=True))
        scores = reduce(np.add, [raw.max((-2, -1)) * share for raw, _, share in each])
        mean = reduce(np.add, [grid(raw) * share for raw, grid, share in each])
        top = np.maximum(mean.max((-2, -1)), np.float32(LEAST_TOP))
        return np.asarray(mean * np.asarray(scores / top)[..., None, None], np.float32)
