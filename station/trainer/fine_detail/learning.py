"""Learn good places from a bounded sample of each picture; a picture's other places are computed, and not kept."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from station.learning.fine_settings import FineSettings
from station.learning.jobs import TrainingJob
from station.learning.progress import OnProgress
from station.learning.spread import spread_out
from station.trainer.bank import MemoryBank
from station.trainer.cell_head import CellHead
from station.trainer.coreset import Axes, Moments, Rows, greedy_coreset, moments_of_all
from station.trainer.detector import Detector, smoothed
from station.trainer.fine_detail.network import STAGE
from station.trainer.fine_detail.spots import with_spots
from station.trainer.fine_detail.strips import CELL_PX
from station.trainer.folds import folds_of
from station.trainer.held_out import HeldOut
from station.trainer.threads import each_on_a_core

Picture = TypeVar("Picture")
Pixels = NDArray[np.uint8]
_CANDIDATES = 40_000
"""Places that a bank is chosen from."""
_SAMPLED = 80_000
"""Places of all pictures together that are kept; any four fifths of them are enough for a bank."""
_SPOTTED = 20
"""Pictures into which spots are drawn."""
_LEAST_VARIANCE = 0.01
"""Of the mean variance, added to that of each axis: one along which good places hardly differ is mostly noise."""
_NOTHING = np.zeros(0, np.intp)


@dataclass(frozen=True, slots=True)
class Material(Generic[Picture]):
    """The good pictures, and how their places are seen.

    Attributes:
        pictures: In the order of their names.
        pixels_of: Gives a picture as the model's input, from several threads.
        network: Gives the features of such an input, (gh, gw, c) float32, from several threads.
    """

    pictures: Sequence[Picture]
    pixels_of: Callable[[Picture], Pixels]
    network: Callable[[Pixels], Rows]


@dataclass(frozen=True, slots=True)
class _Sample:
    """Features of some places of a picture, (m, c), and how spots changed those of others, (s, c)."""

    places: Rows
    changes: Rows


def learn_fine(
    job: TrainingJob, settings: FineSettings, good: Material[Picture], on_progress: OnProgress
) -> tuple[Detector, Rows]:
    """Return the detector, and the raw map of each picture by one made without it, (n, gh, gw).

    Args:
        job: Seed and cores.
        settings: Of the method.
        good: The good pictures.
        on_progress: Called after each picture and each bank.
    """
    samples = _samples(job, good, on_progress)
    axes = _axes(samples, settings.components)
    cells = [axes.project(sample.places) for sample in samples]
    folds = folds_of(len(cells))
    everything, *others = _banks(job, settings, cells, folds, on_progress)
    bank_for = {number: bank for fold, bank in zip(folds, others, strict=True) for number in fold.tolist()}

    def measure(number: int) -> tuple[Rows, Rows]:
        features = good.network(good.pixels_of(good.pictures[number]))
        return bank_for[number].distances(axes.project(features))

    numbers = range(len(cells))
    measured = each_on_a_core(measure, numbers, job.cores, "Checking with good parts held out", on_progress)
    held_out = HeldOut(*(np.stack(each) for each in zip(*measured, strict=True)))
    detector = Detector((STAGE,), CELL_PX, axes, everything, held_out.scale, CellHead(), settings.smoothing_cells)
    return detector, smoothed(held_out.anomaly, settings.smoothing_cells)


def _samples(job: TrainingJob, good: Material[Picture], on_progress: OnProgress) -> list[_Sample]:
    """Return what is kept of each picture."""
    numbers = range(len(good.pictures))
    most, spotted = math.ceil(_SAMPLED / len(numbers)), set(spread_out(numbers, _SPOTTED))

    def sample(number: int) -> _Sample:
        pixels, draw = good.pixels_of(good.pictures[number]), np.random.default_rng([job.seed, number])
        features = good.network(pixels)
        places = features.reshape(-1, features.shape[-1])
        drawn = places[draw.choice(len(places), min(most, len(places)), replace=False)]
        if number not in spotted:
            return _Sample(drawn, np.zeros((0, features.shape[-1]), np.float32))
        marked, cells = with_spots(pixels, draw)
        return _Sample(drawn, good.network(marked)[cells] - features[cells])

    return each_on_a_core(sample, numbers, job.cores, "Looking at good parts", on_progress)


def _axes(samples: Sequence[_Sample], components: int) -> Axes:
    """Return the axes along which small spots change a place most, in units of what good places differ along them.

    In the whole space a small mark is hidden: the sum of what good places differ in along 40 axes is larger than the
    change along the few that show it.
    """
    moments = moments_of_all(Moments.of_rows(sample.places) for sample in samples)
    mean = moments.total / moments.count
    covariance = moments.products / moments.count - np.outer(mean, mean)
    variances, directions = np.linalg.eigh(covariance)
    least = _LEAST_VARIANCE * float(variances.mean()) or 1.0
    even = directions / np.sqrt(np.maximum(variances, 0) + least)
    changes = np.concatenate([sample.changes for sample in samples]) @ even
    _, axes = np.linalg.eigh(changes.T @ changes / len(changes))
    kept = even @ axes[:, ::-1][:, :components]
    return Axes(
        np.asarray(mean, np.float32),
        np.asarray(kept, np.float32),
        np.asarray(np.einsum("ik,ij,jk->k", kept, covariance, kept), np.float32),
    )


def _banks(
    job: TrainingJob,
    settings: FineSettings,
    cells: Sequence[Rows],
    folds: Sequence[NDArray[np.intp]],
    on_progress: OnProgress,
) -> list[MemoryBank]:
    """Return the bank of all pictures, and then one without each fold."""

    def bank_without(left_out: NDArray[np.intp]) -> MemoryBank:
        chosen = np.concatenate([cells[number] for number in np.setdiff1d(np.arange(len(cells)), left_out)])
        drawn = np.random.default_rng(job.seed).choice(len(chosen), min(len(chosen), _CANDIDATES), replace=False)
        candidates = chosen[drawn]
        return MemoryBank.of_rows(candidates[greedy_coreset(candidates, settings.coreset_size)])

    return each_on_a_core(bank_without, [_NOTHING, *folds], job.cores, "Leaving good parts out", on_progress)
