"""Limits from the scores of held-out good pictures, or of labelled defects as well.

The rule and its reasons: docs/decisions/0004-limits-from-held-out-good-parts.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.formatting import counted
from station.inference.normalisation import Normalisation
from station.learning.metrics import Scores, best_f1

REJECTED_AT_MOST = 0.05
"""Share of the held-out good pictures."""
REJECTED_WITH_DEFECTS = 0.04
"""The same for a model that labelled defects taught."""
_REJECTED_AT_WORST, _REJECTED_AT_LEAST = 0.1, 0.01
_SCALE_OF_LIMIT = 0.25
_BEYOND_ROUNDING = 1e-4
"""Share by which the limit lies above the held-out score that sets it. A method that is taught once judges that picture
with the model that is kept, and the exported one rounds otherwise: the verdict must not hang on it."""
_LEAST_SCALE = 1e-6
FEW_PICTURES = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """The normalisation of raw scores, and what it rests on.

    Attributes:
        normalisation: Puts both limits at 0.5.
        pictures: Number of held-out good pictures.
        held_out_above: Number of them above the limit.
    """

    normalisation: Normalisation
    pictures: int
    held_out_above: int

    @property
    def caution(self) -> str:
        """Return a warning if the limits rest on few pictures; "" if there are enough."""
        if self.pictures >= FEW_PICTURES:
            return ""
        pictures = counted(self.pictures, "good picture")
        return f"The limit rests on only {pictures}; with {FEW_PICTURES} or more it can be trusted."


def limits_from_good(held_out: NDArray[np.float32]) -> Calibration:
    """Return limits that good parts seldom exceed.

    Args:
        held_out: Raw anomaly maps of good pictures, each by a model made without it, (n, gh, gw) float32.
    """
    return _calibration(held_out, exceeded_by(scores_of(held_out), REJECTED_AT_MOST))


def limits_from_labels(held_out: NDArray[np.float32], defects: Scores) -> Calibration:
    """Return the image limit that separates held-out good pictures and labelled defects with the best F1.

    It rejects at most 10 % of those held out, and nearly always some 1 %: labels that are easy to find must not let
    faint defects pass.

    Args:
        held_out: As in `limits_from_good`.
        defects: Raw scores of labelled defects; they must not be used to measure the result.
    """
    good = scores_of(held_out)
    best = best_f1(good, defects)
    if best is None:
        raise ValueError("a limit from labels needs at least one defect")
    return _calibration(held_out, _allowed(best.limit, good))


def limits_with_defects(held_out: NDArray[np.float32], left_out: Scores, *, moved: bool) -> Calibration:
    """Return limits for a model that labelled defects taught.

    It knows good parts from defects better, so it can reject fewer good ones: at most 4 % of those held out. If labels
    may move the limit, it lies where the rates of found defects and of rejected good parts are farthest apart, but it
    never rejects more than 10 % of those held out, and nearly always some 1 %.

    Args:
        held_out: As in `limits_from_good`.
        left_out: Raw scores of the labelled defects, each by a model made without it.
        moved: Whether labels may move the limit.
    """
    good = scores_of(held_out)
    if not moved:
        return _calibration(held_out, exceeded_by(good, REJECTED_WITH_DEFECTS))
    candidates = np.unique(np.concatenate([good, left_out]))
    apart = [float((left_out > limit).mean() - (good > limit).mean()) for limit in candidates]
    return _calibration(held_out, _allowed(float(candidates[int(np.argmax(apart))]), good))


def raised(maps: NDArray[np.float32], added: tuple[float, ...]) -> NDArray[np.float32]:
    """Return raw maps raised by what the whole part adds, so that the highest place of each is the raw score."""
    return maps + np.array(added, np.float32)[:, None, None] if added else maps


def _allowed(limit: float, good: Scores) -> float:
    """Return the limit nearest to `limit` that held-out good pictures with these scores allow labels to set."""
    return float(np.clip(limit, exceeded_by(good, _REJECTED_AT_WORST), exceeded_by(good, _REJECTED_AT_LEAST)))


def _calibration(held_out: NDArray[np.float32], limit: float) -> Calibration:
    """Return one limit for image and pixels, so that a region is marked if and only if it makes the part fail.

    The scale is a quarter of the limit, because distances are proportional: a part at twice the limit scores 0.98, at
    half of it 0.12, and scores that matter do not all saturate at 1.00.
    """
    scores, limit = scores_of(held_out), limit + abs(limit) * _BEYOND_ROUNDING
    scale = max(abs(limit) * _SCALE_OF_LIMIT, _LEAST_SCALE)
    normalisation = Normalisation(
        image_threshold_raw=limit, image_scale_raw=scale, pixel_threshold_raw=limit, pixel_scale_raw=scale
    )
    return Calibration(normalisation, len(scores), int((scores > limit).sum()))


def exceeded_by(scores: NDArray[np.floating], share: float) -> float:
    """Return the lowest of the scores that at most this share of them exceed: of up to 20 and 5 % the highest."""
    return float(np.quantile(scores, 1 - share, method="higher"))


def scores_of(maps: NDArray[np.float32]) -> Scores:
    """Return the maximum of each map."""
    return np.asarray(maps.max(axis=(1, 2)), np.float64)
