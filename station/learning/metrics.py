"""AUROC, F1 and AUPRO of scores and maps; pixels are counted in constant memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.vision.regions import label_regions

Scores = NDArray[np.float64]

AUPRO_FPR_LIMIT = 0.3
_BINS = 1 << 15
_LOGIT_RANGE = 24.0


def auroc(good: Scores, defect: Scores) -> float | None:
    """Return the probability that a defect scores above a good part, ties counted half; None without either."""
    if not len(good) or not len(defect):
        return None
    ordered = np.sort(good)
    below = np.searchsorted(ordered, defect, side="left")
    tied = np.searchsorted(ordered, defect, side="right") - below
    return float((below + tied / 2).sum() / (len(good) * len(defect)))


def f1(true_positives: int, false_positives: int, false_negatives: int) -> float | None:
    """Return the harmonic mean of precision and recall; None if nothing was marked and nothing was found."""
    together = 2 * true_positives + false_positives + false_negatives
    return 2 * true_positives / together if together else None


@dataclass(frozen=True, slots=True)
class BestF1:
    """The best F1 of any single limit.

    Attributes:
        f1: Harmonic mean of precision and recall at `limit`.
        limit: A score strictly above is anomalous; halfway between the two scores that it separates.
    """

    f1: float
    limit: float


def best_f1(good: Scores, defect: Scores) -> BestF1 | None:
    """Return the limit with the highest F1, of equal ones the lowest (fewest escapes); None without defects."""
    if not len(defect):
        return None
    scores = np.unique(np.concatenate([good, defect]))
    at_or_above = len(defect) - np.searchsorted(np.sort(defect), scores, side="left")
    wrongly = len(good) - np.searchsorted(np.sort(good), scores, side="left")
    values = 2 * at_or_above / (len(defect) + at_or_above + wrongly)
    best = int(np.argmax(values))
    below = scores[best - 1] if best else scores[best] - 1e-6 * max(1.0, abs(scores[best]))
    return BestF1(float(values[best]), float((below + scores[best]) / 2))


class PixelCurves:
    """Pixel AUROC and AUPRO over any number of pictures in constant memory.

    Scores are sorted into fine bins of their logit, which undoes the logistic normalisation. Both figures depend on the
    order of the scores only, so the error is limited to the width of a bin (0.0015 of a good part's spread).
    """

    def __init__(self) -> None:
        self._normal = np.zeros(_BINS)
        self._marked = np.zeros(_BINS)
        self._regions = np.zeros(_BINS)
        self._region_count = 0

    def add(self, anomaly_map: NDArray[np.float32], mask: NDArray[np.bool_] | None) -> None:
        """Count one picture.

        Args:
            anomaly_map: Normalised scores, shape (H, W), at the picture's size.
            mask: True on the defect, same shape; None for a good part.
        """
        bins = _bins(anomaly_map)
        if mask is None:
            self._normal += _count(bins.ravel())
            return
        self._normal += _count(bins[~mask])
        self._marked += _count(bins[mask])
        self._add_regions(bins, mask)

    @property
    def auroc(self) -> float | None:
        """Return the probability that a defect's pixel scores above a normal one; None without marked pixels."""
        if not self._marked.sum() or not self._normal.sum():
            return None
        return _area(_from_top(self._normal), _from_top(self._marked), 1.0)

    @property
    def aupro(self) -> float | None:
        """Return the mean overlap of each defect region over false positive rates up to 30 %; None without regions."""
        if not self._region_count or not self._normal.sum():
            return None
        return _area(_from_top(self._normal), _from_top(self._regions), AUPRO_FPR_LIMIT) / AUPRO_FPR_LIMIT

    def _add_regions(self, bins: NDArray[np.intp], mask: NDArray[np.bool_]) -> None:
        """Give every region the same weight: each pixel counts 1 / area of its region."""
        labels, areas = label_regions(mask)
        weights = 1.0 / np.maximum(areas, 1)  # number 0 is the ground, which may have no pixel
        self._regions += _count(bins[mask], weights[labels[mask]])
        self._region_count += len(areas) - 1


def _bins(anomaly_map: NDArray[np.float32]) -> NDArray[np.intp]:
    scores = anomaly_map.astype(np.float64)
    with np.errstate(divide="ignore"):
        logits = np.log(scores) - np.log1p(-scores)
    places = (logits + _LOGIT_RANGE) * (_BINS / (2 * _LOGIT_RANGE))
    return np.clip(places, 0, _BINS - 1).astype(np.intp)


def _count(bins: NDArray[np.intp], weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    return np.bincount(bins, weights, minlength=_BINS).astype(np.float64)


def _from_top(histogram: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the weight at or above each limit, from the highest limit down; starts with 0."""
    shares = np.zeros(len(histogram) + 1)
    np.cumsum(histogram[::-1] / histogram.sum(), out=shares[1:])
    return shares


def _area(x: NDArray[np.float64], y: NDArray[np.float64], x_end: float) -> float:
    """Return the area under the curve from 0 to `x_end`; the last step is interpolated linearly."""
    rising = np.append(np.diff(x) > 0, True)  # np.interp needs rising x; of equal x keep the last (highest y)
    y_end = np.interp(x_end, x[rising], y[rising])
    inside = x <= x_end
    return float(np.trapezoid(np.append(y[inside], y_end), np.append(x[inside], x_end)))
