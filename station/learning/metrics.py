"""AUROC and F1 of the scores of good parts and defects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


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
