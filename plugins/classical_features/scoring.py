"""How unlike good windows a window is, from arrays alone: as PyOD says, each window by itself, without PyOD.

The arrays come from fitted detectors of PyOD (`teaching`), whose `decision_function` a test compares with. Only
detectors were taken whose scores do not depend on the other rows of a call and that refuse what is not a number: with
PyOD 3.6.7 ECOD, COPOD, LMDD, LOCI, ROD, SOD, SOS, COF and CD fail the first, ECOD, COPOD, LMDD and MAD the second.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from plugins.classical_features.features import Rows
from plugins.classical_features.laplacian import squared_distances

Arrays = Mapping[str, NDArray[Any]]
_LEAST_KERNEL = 1e-300


class Scorer(Protocol):
    """Scores windows."""

    def decisions(self, rows: Rows) -> Rows:
        """Return what PyOD's `decision_function` says, (n, k) to (n,)."""
        ...

    def scores(self, rows: Rows) -> Rows:
        """Return the same on a scale from 0, (n, k) to (n,)."""
        ...

    def from_decisions(self, decisions: Rows) -> Rows:
        """Return decisions of PyOD on this scale, which keeps their order, (n,)."""
        ...


class NearestNeighbours:
    """The mean distance of the nearest remembered windows."""

    def __init__(self, arrays: Arrays) -> None:
        self._remembered, self._neighbours = arrays["remembered"], int(arrays["neighbours"])
        self._searched = self._remembered.astype(np.float32)

    def decisions(self, rows: Rows) -> Rows:
        """See `Scorer`."""
        asked = rows.astype(np.float32)
        _, nearest = cv2.batchDistance(asked, self._searched, cv2.CV_32F, normType=cv2.NORM_L2, K=self._neighbours)
        ways = rows[:, None, :] - self._remembered[nearest]  # OpenCV finds them with 32 bits
        return np.asarray(np.sqrt(np.square(ways).sum(2)).mean(1))

    def scores(self, rows: Rows) -> Rows:
        """See `Scorer`."""
        return self.decisions(rows)

    def from_decisions(self, decisions: Rows) -> Rows:
        """Return the distances as they are."""
        return decisions


class IsolationForest:
    """How few questions part a window from all others. The trees lie one behind the other in the arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self._roots, self._left, self._right = arrays["roots"], arrays["left"], arrays["right"]
        self._feature, self._threshold = arrays["feature"], arrays["threshold"]
        self._length, self._expected = arrays["length"], float(arrays["expected"])
        self._offset = float(arrays["offset"])

    def decisions(self, rows: Rows) -> Rows:
        """See `Scorer`."""
        return self.scores(rows) + self._offset

    def scores(self, rows: Rows) -> Rows:
        """See `Scorer`."""
        asked = rows.astype(np.float32)  # as trees of scikit-learn do, before they compare
        node = np.repeat(self._roots[None], len(rows), axis=0)
        number = np.arange(len(rows))[:, None]
        while (inner := self._left[node] >= 0).any():
            below = asked[number, np.maximum(self._feature[node], 0)] <= self._threshold[node]
            node = np.where(inner, np.where(below, self._left[node], self._right[node]), node)
        return np.asarray(2.0 ** (-self._length[node].sum(1) / (len(self._roots) * self._expected)))

    def from_decisions(self, decisions: Rows) -> Rows:
        """Return the scores of the paper, between 0 and 1."""
        return decisions - self._offset


class OneClassSvm:
    """How little support a window has from remembered ones."""

    def __init__(self, arrays: Arrays) -> None:
        self._vectors, self._weights = arrays["vectors"], arrays["weights"]
        self._gamma, self._offset = float(arrays["gamma"]), float(arrays["offset"])

    def decisions(self, rows: Rows) -> Rows:
        """See `Scorer`."""
        return -self._offset - self._support(rows)

    def scores(self, rows: Rows) -> Rows:
        """See `Scorer`."""
        return self._lacking(self._support(rows))

    def from_decisions(self, decisions: Rows) -> Rows:
        """Return the scores, less exact far above each limit: there PyOD's decisions are nearly equal."""
        return self._lacking(-self._offset - decisions)

    def _lacking(self, support: Rows) -> Rows:
        """Return the logarithm of the support that is missing: far away it still grows with the squared distance."""
        return np.asarray(-np.log(np.maximum(support / self._weights.sum(), _LEAST_KERNEL)))

    def _support(self, rows: Rows) -> Rows:
        return np.asarray(np.exp(-self._gamma * squared_distances(rows, self._vectors)) @ self._weights)


SCORERS: Mapping[str, type[NearestNeighbours] | type[IsolationForest] | type[OneClassSvm]] = MappingProxyType(
    {"knn": NearestNeighbours, "forest": IsolationForest, "svm": OneClassSvm}
)
