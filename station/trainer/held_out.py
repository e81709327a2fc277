"""Distances of good pictures from banks made without them: a limit must not come from any others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.learning.presets import Method
from station.learning.progress import OnProgress
from station.trainer.bank import DistanceScale, bank_of
from station.trainer.coreset import Rows
from station.trainer.folds import folds_of
from station.trainer.threads import each_on_a_core

_STAGE = "Checking with good parts held out"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The distances of each good picture, by a bank made without its fold.

    Attributes:
        distance: Distance of each cell from the nearest row, shape (n, gh, gw), float32.
        in_spacings: The same in units of that row's spacing.
    """

    distance: Rows
    in_spacings: Rows

    @property
    def scale(self) -> DistanceScale:
        """Return the means of both."""
        return DistanceScale.of(self.distance, self.in_spacings)

    @property
    def anomaly(self) -> Rows:
        """Return the anomaly r of each cell, shape (n, gh, gw)."""
        return self.scale.anomaly(self.distance, self.in_spacings)


def held_out(cells: NDArray[np.float16], method: Method, seed: int, cores: int, on_progress: OnProgress) -> HeldOut:
    """Return the distances of each good picture from a bank made without it.

    Args:
        cells: Projected cells of all good pictures in the order of their names, shape (n, gh, gw, k).
        method: The preset of the detector.
        seed: Seed of the candidates of each coreset.
        cores: Number of folds at a time.
        on_progress: Called after each fold.
    """
    folds = folds_of(len(cells))

    def distances_of(fold: NDArray[np.intp]) -> tuple[Rows, Rows]:
        others = np.setdiff1d(np.arange(len(cells)), fold)
        bank = bank_of(cells, others, method.coreset_size, seed)
        distance, in_spacings = zip(*(bank.distances(cells[picture]) for picture in fold), strict=True)
        return np.array(distance), np.array(in_spacings)

    result = HeldOut(*(np.empty(cells.shape[:3], np.float32) for _ in range(2)))
    of_folds = each_on_a_core(distances_of, folds, cores, _STAGE, on_progress)
    for fold, (distance, in_spacings) in zip(folds, of_folds, strict=True):
        result.distance[fold], result.in_spacings[fold] = distance, in_spacings
    return result
