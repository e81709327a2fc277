"""Distances of good pictures from banks made without them: a limit must not come from any others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.learning.presets import Method
from station.learning.progress import OnProgress
from station.trainer.bank import DistanceScale, MemoryBank, bank_of
from station.trainer.coreset import Rows
from station.trainer.folds import folds_of
from station.trainer.threads import each_on_a_core

_LEAVING_OUT = "Leaving good parts out"
_CHECKING = "Checking with good parts held out"
_NOTHING = np.zeros(0, np.intp)


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


def held_out(
    cells: NDArray[np.float16], method: Method, seed: int, cores: int, on_progress: OnProgress
) -> tuple[MemoryBank, HeldOut]:
    """Return the bank of all good pictures, and the distances of each from a bank made without it.

    Banks take long and are few: all are made first, so that no core waits in the end.

    Args:
        cells: Projected cells of all good pictures in the order of their names, shape (n, gh, gw, k).
        method: The preset of the detector.
        seed: Seed of the candidates of each coreset.
        cores: Number of banks, and then of pictures, at a time.
        on_progress: Called after each bank and each picture.
    """
    pictures, folds = np.arange(len(cells)), folds_of(len(cells))

    def bank_without(left_out: NDArray[np.intp]) -> MemoryBank:
        return bank_of(cells, np.setdiff1d(pictures, left_out), method.coreset_size, seed)

    everything, *others = each_on_a_core(bank_without, [_NOTHING, *folds], cores, _LEAVING_OUT, on_progress)
    bank_for = {picture: bank for fold, bank in zip(folds, others, strict=True) for picture in fold.tolist()}
    result = HeldOut(*(np.empty(cells.shape[:3], np.float32) for _ in range(2)))

    def measure(picture: int) -> None:
        result.distance[picture], result.in_spacings[picture] = bank_for[picture].distances(cells[picture])

    each_on_a_core(measure, pictures.tolist(), cores, _CHECKING, on_progress)
    return everything, result
