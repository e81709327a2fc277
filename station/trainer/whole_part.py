"""The check of the whole part: how far the coarse look of a picture is from that of good parts.

A part that is assembled wrongly can be made of good places alone. So the cells are averaged over 3x3 areas, and the
Mahalanobis distance of all areas together, from those of good pictures, adds to the score where it is longer than that
of the median good part. It only adds: a marked place makes the part fail as before.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.coreset import Rows
from station.trainer.folds import folds_of

_AREAS = 3
_SHRUNK = 0.4
"""Share of the covariance that is replaced by the same variance along every axis."""
_LEAST_DEVIATION = 0.1
"""Of the mean deviation, added to each: a feature that is alike in all good parts does not decide alone."""
_WEIGHT = 0.3
_RANK = 1e-6
"""Of the greatest variance: smaller ones are rounding."""


@dataclass(frozen=True, slots=True)
class CoarseDistance:
    """The Mahalanobis distance of the averages of 3x3 areas from those of good pictures.

    The squared distance is |x|^2 - |x d|^2, x being the scaled averages: the covariance has the same variance along
    every axis that the good pictures do not vary along.

    Attributes:
        mean: Shape (9 k,), float32.
        factors: What each centred average is multiplied with, shape (9 k,), float32.
        directions: Shape (9 k, r), float32.
    """

    mean: Rows
    factors: Rows
    directions: Rows

    @classmethod
    def of(cls, averages: Rows) -> "CoarseDistance":
        """Return the distance from good pictures, by their averages, shape (n, 9 k)."""
        exact = averages.astype(np.float64)
        mean, deviation = exact.mean(0), exact.std(0)
        scale = deviation + (_LEAST_DEVIATION * deviation.mean() or 1.0)
        _, singular, axes = np.linalg.svd((exact - mean) / scale, full_matrices=False)
        variances = singular**2 / len(exact)
        kept = variances > _RANK * variances[0]
        alike = _SHRUNK * (variances.sum() / len(mean) or 1.0)
        along = (1 - _SHRUNK) * variances[kept] + alike
        size = len(mean)
        directions = axes[kept].T * np.sqrt((1 / alike - 1 / along) * alike)
        factors = 1 / (scale * np.sqrt(alike * size))
        return cls(*(np.asarray(each, np.float32) for each in (mean, factors, directions)))

    def __call__(self, averages: Rows) -> Rows:
        """Return the distance of pictures by their averages, (n, 9 k) to (n,)."""
        x = (averages - self.mean) * self.factors
        squared: Rows = np.square(x).sum(1) - np.square(x @ self.directions).sum(1)
        return np.sqrt(np.maximum(squared, 0))


@dataclass(frozen=True, slots=True)
class WholePart:
    """What the whole part adds to the score of a picture, in the unit of the map: `weight * max(0, d - middle)`.

    Attributes:
        distance: Gives d.
        middle: Median distance of held-out good pictures.
        weight: For the distance beyond.
    """

    distance: CoarseDistance
    middle: float
    weight: float

    def added(self, cells: NDArray[np.floating]) -> Rows:
        """Return what is added to the scores of pictures, (n, gh, gw, k) to (n,)."""
        return self.of_distances(self.distance(averages_of(cells)))

    def of_distances(self, distances: Rows) -> Rows:
        """Return what is added at some distances, (n,)."""
        beyond: Rows = np.maximum(distances - np.float32(self.middle), 0)
        return beyond * np.float32(self.weight)


def learn_whole_part(cells: NDArray[np.float16], scores: NDArray[np.floating]) -> tuple[WholePart, Rows]:
    """Return the check of the whole part, and what held-out good pictures add, each by a check made without its fold.

    Args:
        cells: Projected cells of all good pictures in the order of their names, shape (n, gh, gw, k).
        scores: Highest place of the held-out map of each, shape (n,). Their quartiles set the unit.
    """
    averages = averages_of(cells)
    held_out = np.empty(len(averages), np.float32)
    for fold in folds_of(len(averages)):
        held_out[fold] = CoarseDistance.of(np.delete(averages, fold, axis=0))(averages[fold])
    spread = _between_quartiles(held_out)
    weight = _WEIGHT * _between_quartiles(scores) / spread if spread else 0.0
    whole = WholePart(CoarseDistance.of(averages), float(np.median(held_out)), weight)
    return whole, whole.of_distances(held_out)


def averages_of(cells: NDArray[np.floating]) -> Rows:
    """Return the averages of 3x3 areas of pictures, area by area, (n, gh, gw, k) to (n, 9 k), float32."""
    weights = area_weights(cells.shape[1:3])
    flat = cells.reshape(len(cells), -1, cells.shape[-1])
    return np.stack([(weights @ picture.astype(np.float32)).ravel() for picture in flat])


def area_weights(grid: tuple[int, ...]) -> Rows:
    """Return the weight of each place in the average of each area, (9, gh * gw), float32.

    Areas of a side that 3 does not divide are as equal as can be: 8 rows give 3, 2 and 3.
    """
    along = [_parts(side) for side in grid]
    return np.kron(along[0], along[1])


def _parts(side: int) -> Rows:
    """Return the weight of each row in each third of a side, (3, side); each third has at least one row."""
    edges = np.linspace(0, side, _AREAS + 1)
    weights = np.zeros((_AREAS, side), np.float32)
    for third in range(_AREAS):
        begin = min(round(float(edges[third])), side - 1)
        end = max(round(float(edges[third + 1])), begin + 1)
        weights[third, begin:end] = 1 / (end - begin)
    return weights


def _between_quartiles(values: NDArray[np.floating]) -> float:
    lower, upper = np.quantile(values, [0.25, 0.75])
    return float(upper - lower)
