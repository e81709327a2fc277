"""Which cells teach the head what defects look like, and which ones what good parts look like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.coreset import Rows
from station.trainer.detector import smoothed

_SMOOTHING_CELLS = 1.0
_COVERED = 0.5
_ALL_BELOW = 12
_AT_MOST = 60
_UNMASKED_AT_LEAST = 6
_UNMASKED_SHARE = 0.1
_AT_RANDOM, _HARDEST = 75, 25
_NEGATIVES_AT_MOST = 40_000


@dataclass(frozen=True, slots=True, eq=False)
class DefectCells:
    """One picture of a labelled defect.

    Attributes:
        kind: The kind of defect.
        projected: Projected features of each cell, shape (gh, gw, k), any float type.
        anomaly: Anomaly r of each cell by its distance from the bank of all good pictures, shape (gh, gw), float32.
        cover: Share of each cell that the defect's mask marks, shape (gh, gw), 0 to 1; None without a mask.
    """

    kind: str
    projected: NDArray[np.floating]
    anomaly: Rows
    cover: Rows | None = None

    @property
    def masked(self) -> bool:
        """Return whether a mask says where the defect is."""
        return self.cover is not None and bool(self.cover.any())


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Cells to learn from: rows of projected features with the anomaly r as the last column.

    Attributes:
        good: Of each good picture the same number of cells, the most anomalous ones last, shape (n, c, k + 1), float32.
        at_random: How many of the c cells were drawn at random from all of the picture; they come first.
        defects: Of each defect its cells, shape (m, k + 1), float32, m from 1 to 60.
    """

    good: Rows
    at_random: int
    defects: tuple[Rows, ...]


def sample(good: NDArray[np.floating], anomaly: Rows, defects: Sequence[DefectCells], limit: float) -> Samples:
    """Choose the cells to learn from.

    Of a good picture those at random show what is common; the most anomalous ones show what must not be taken for a
    defect.

    Args:
        good: Projected features of the good pictures, shape (n, gh, gw, k).
        anomaly: Their anomaly r by banks made without them, shape (n, gh, gw), float32.
        defects: The labelled defects.
        limit: The limit of the anomaly by distance alone; for defects without a mask.
    """
    cells = anomaly[0].size
    hardest = min(_HARDEST, cells // 4)
    at_random = min(_AT_RANDOM, cells - hardest, max(1, _NEGATIVES_AT_MOST // len(good) - hardest))
    draw = np.random.default_rng(0)
    ranked = smoothed(anomaly, _SMOOTHING_CELLS).reshape(len(good), -1).argsort(1)
    places = [np.concatenate([draw.choice(cells, at_random, replace=False), order[-hardest:]]) for order in ranked]
    return Samples(
        np.stack([_rows(*each) for each in zip(good, anomaly, places, strict=True)]),
        at_random,
        tuple(_rows(defect.projected, defect.anomaly, defect_places(defect, limit)) for defect in defects),
    )


def defect_places(defect: DefectCells, limit: float) -> NDArray[np.intp]:
    """Return the numbers of the cells that show a defect, from 1 to 60 of them.

    With a mask these are the cells that it covers; if they are many, only the more anomalous half: a mask is often
    drawn generously. A mask that covers no cell by half marks those it covers best. Without a mask they are the cells
    above the limit, at most a tenth of the picture, and at least the 6 most anomalous ones.

    Args:
        defect: The labelled defect.
        limit: The limit of the anomaly by distance alone.
    """
    anomaly = smoothed(defect.anomaly, _SMOOTHING_CELLS).ravel()
    ranked = (-anomaly).argsort(kind="stable")
    if defect.cover is not None and defect.masked:
        cover = defect.cover.ravel()
        chosen = ranked[cover[ranked] >= min(_COVERED, cover.max() / 2)]
        if len(chosen) > _ALL_BELOW:
            chosen = chosen[: (len(chosen) + 1) // 2]
    else:
        above = int((anomaly > limit).sum())
        chosen = ranked[: max(_UNMASKED_AT_LEAST, min(above, int(_UNMASKED_SHARE * len(ranked))))]
    spread = np.linspace(0, len(chosen) - 1, min(len(chosen), _AT_MOST)).round().astype(int)
    return np.asarray(chosen[spread])


def _rows(projected: NDArray[np.floating], anomaly: Rows, places: NDArray[np.intp]) -> Rows:
    rows = np.empty((len(places), projected.shape[-1] + 1), np.float32)
    rows[:, :-1] = projected.reshape(-1, projected.shape[-1])[places]
    rows[:, -1] = anomaly.ravel()[places]
    return rows
