"""The direction that labelled defects teach: one more number for each cell beside its distance from good ones.

It is linear, so that a few labels are enough. Whatever it is judged by comes from a direction made without the picture:
a good one without its fold, a defect without its fold, and once more without its whole kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.learning.progress import OnProgress
from station.trainer.cell_head import value_of
from station.trainer.coreset import Rows
from station.trainer.defect_cells import DefectCells, Samples, sample
from station.trainer.folds import folds_of
from station.trainer.logistic import Separation, separate
from station.trainer.threads import each_on_a_core

_PENALTY = 0.03
_FOLDS_OF_DEFECTS = 5
_STAGE = "Learning from labelled defects"
_NONE = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class DefectHead:
    """What labelled defects taught, and its value for cells that it was made without.

    Attributes:
        direction: Made from all; over the cells of good pictures its value has mean 0 and deviation 1.
        good: Value of each cell of each good picture, by directions made without its fold, (n, gh, gw).
        left_out: Value of each cell of each defect, by directions made without its fold, (m, gh, gw).
        kind_left_out: The same by directions made without its kind; None if there is only one kind.
    """

    direction: Separation
    good: Rows
    left_out: Rows
    kind_left_out: Rows | None


def learn_defect_head(
    good: NDArray[np.floating],
    anomaly: Rows,
    defects: Sequence[DefectCells],
    limit: float,
    cores: int,
    on_progress: OnProgress,
) -> DefectHead:
    """Return what labelled defects teach.

    Args:
        good: Projected features of the good pictures, shape (n, gh, gw, k).
        anomaly: Their anomaly r by banks made without them, shape (n, gh, gw), float32.
        defects: The labelled defects, at least one.
        limit: The limit of the anomaly by distance alone.
        cores: Number of directions at a time.
        on_progress: Called after each direction.
    """
    samples = sample(good, anomaly, defects, limit)
    of_all = _direction(samples, _NONE, _NONE)
    kinds = [defect.kind for defect in defects]
    good_folds, folds, by_kind = folds_of(len(good)), folds_of_defects(kinds), _by_kind(kinds)
    without = [*((fold, _NONE) for fold in good_folds), *((_NONE, part) for part in (*folds, *by_kind))]
    made = each_on_a_core(lambda each: _direction(samples, *each, of_all), without, cores, _STAGE, on_progress)
    of_good, of_defects = made[: len(good_folds)], made[len(good_folds) :]
    of_folds, of_kinds = of_defects[: len(folds)], of_defects[len(folds) :]
    projected = [defect.projected for defect in defects]
    by_distance = [defect.anomaly for defect in defects]
    return DefectHead(
        of_all,
        _values_by(good, anomaly, good_folds, of_good),
        _values_by(projected, by_distance, folds, of_folds),
        _values_by(projected, by_distance, by_kind, of_kinds) if len(by_kind) > 1 else None,
    )


def folds_of_defects(kinds: Sequence[str]) -> list[NDArray[np.intp]]:
    """Return the numbers of the defects of each fold; together all of them, each once.

    Each kind is cut into at most 5 runs of neighbours, because several pictures of one part have consecutive names,
    and the runs are dealt in turn, so that every fold has some of most kinds. Example: 3 cracks and 2 scratches are
    left out one by one.
    """
    runs = [run for kind in _by_kind(kinds) for run in np.array_split(kind, min(_FOLDS_OF_DEFECTS, len(kind)))]
    dealt = [runs[first::_FOLDS_OF_DEFECTS] for first in range(min(_FOLDS_OF_DEFECTS, len(runs)))]
    return [np.sort(np.concatenate(fold)) for fold in dealt]


def _by_kind(kinds: Sequence[str]) -> list[NDArray[np.intp]]:
    return [np.flatnonzero([kind == other for other in kinds]) for kind in dict.fromkeys(kinds)]


def _direction(
    samples: Samples, good: NDArray[np.intp], defects: NDArray[np.intp], start: Separation | None = None
) -> Separation:
    """Return the direction made without some good pictures and defects; it is 0 everywhere if no defect is left."""
    kept = [rows for place, rows in enumerate(samples.defects) if place not in defects]
    columns = samples.good.shape[-1]
    if not kept:
        return Separation(np.zeros(columns, np.float32), 0.0)
    others = np.delete(samples.good, good, 0)
    alike = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in kept])
    found = separate(np.concatenate(kept), others.reshape(-1, columns), alike, _PENALTY, start)
    return _scaled(found, others[:, : samples.at_random].reshape(-1, columns))


def _scaled(direction: Separation, cells: Rows) -> Separation:
    """Return the direction with mean 0 and deviation 1 over cells."""
    values = direction.of(cells).astype(np.float64)
    mean, spread = float(values.mean()), float(values.std()) or 1.0
    return Separation((direction.weights / spread).astype(np.float32), (direction.offset - mean) / spread)


def _values_by(
    projected: Sequence[NDArray[np.floating]] | NDArray[np.floating],
    anomaly: Sequence[Rows] | Rows,
    groups: Sequence[NDArray[np.intp]],
    directions: Sequence[Separation],
) -> Rows:
    """Return the value of each cell of each picture by the direction of its group, (n, gh, gw)."""
    values = np.empty((len(projected), *anomaly[0].shape), np.float32)
    for group, direction in zip(groups, directions, strict=True):
        for picture in group:
            values[picture] = value_of(direction, projected[picture], anomaly[picture])
    return values
