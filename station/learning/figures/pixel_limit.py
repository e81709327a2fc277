"""Counts pixels at the recipe's pixel limit: found, wrongly marked, missed."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from station.domain.verdict import anomalous
from station.learning.figures.estimate import Estimate
from station.learning.figures.resampling import estimate, repeats
from station.learning.labels import GOOD
from station.learning.metrics import f1


class PixelLimitCount:
    """Counts pictures by kind; F1 is of all good parts and the defects of the given kinds."""

    def __init__(self, pixel_threshold: float) -> None:
        self._limit = pixel_threshold
        self._pictures: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)

    def add(self, kind: str, scores: NDArray[np.float32], marked: NDArray[np.bool_] | None) -> None:
        """Count one picture.

        Args:
            kind: "good", or the kind of defect.
            scores: Normalised scores, (H, W), at the size of the picture.
            marked: True on the defect, (H, W); None for a good part.
        """
        found = anomalous(scores, self._limit)
        both = 0 if marked is None else int(np.count_nonzero(found & marked))
        defective = 0 if marked is None else int(np.count_nonzero(marked))
        self._pictures[kind].append((both, int(np.count_nonzero(found)) - both, defective - both))

    def f1(self, kinds: Iterable[str]) -> Estimate | None:
        """Return the F1 of pixels; None without marked pixels. Its interval comes from drawing pictures again."""
        strata = [np.array(self._pictures[kind]) for kind in (GOOD, *kinds) if self._pictures.get(kind)]
        found, wrong, missed = np.sum([stratum.sum(axis=0) for stratum in strata], axis=0) if strata else (0, 0, 0)
        value = f1(int(found), int(wrong), int(missed))
        if value is None or not found + missed:
            return None
        rng = np.random.default_rng(0)
        drawn = sum(repeats(len(stratum), rng) @ stratum for stratum in strata)
        found, wrong, missed = np.asarray(drawn, np.float64).T
        with np.errstate(invalid="ignore"):
            return estimate(value, 2 * found / (2 * found + wrong + missed))
