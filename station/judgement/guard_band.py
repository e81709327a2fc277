"""Whether an answer of the model in low precision lies so near a limit that f32 could give another verdict.

The answer in f32 lies within the band. So each score and each place is an interval, and a part is in doubt if a limit
splits the interval of something that decides its verdict. All that decides grows with the map: a higher place never
makes a region smaller. So the verdict at both ends is the verdict between them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box
from station.domain.verdict import STEPS_OF_MAP, GuardBand, Limits, Prediction
from station.vision.regions import find_regions


@dataclass(frozen=True, slots=True)
class _Interval:
    """Where a score in f32 lies, on the normalised scale, both ends inside."""

    low: float
    high: float

    def is_split_by(self, limits: Iterable[float]) -> bool:
        """Return whether a limit makes something else of the lower end than of the upper one: above means strictly."""
        return any(self.low <= limit < self.high for limit in limits)


def in_doubt(
    prediction: Prediction,
    limits: Limits,
    roi: Box,
    picture_size: tuple[int, int],
    ignored: NDArray[np.bool_] | None = None,
) -> bool:
    """Return whether the answer in f32 could get another verdict than this one.

    Args:
        prediction: Scores and map; without a band there is no doubt.
        limits: The recipe's limits.
        roi: The area that the map covers, in pixels of the original picture.
        picture_size: Height and width of the original picture.
        ignored: Cells of the map that are not judged, (h, w) bool; None to judge all.
    """
    band = prediction.band
    if band is None:
        return False
    of_score = [limit for limit in (limits.image_threshold, limits.review_threshold) if limit is not None]
    judged = prediction.anomaly_map if ignored is None else np.where(ignored, np.float32(0), prediction.anomaly_map)
    score, highest = _score(prediction, judged, ignored, band), _around(float(judged.max()), band.place)
    if score.is_split_by(of_score):
        return True
    if limits.min_area_px == 0:
        return False
    if band.whole_part and (highest.is_split_by(of_score) or _excess_is_unsure(score, highest, of_score)):
        return True
    weakest, strongest = (
        any(
            region.area_px >= limits.min_area_px
            for region in find_regions(moved(judged, steps), roi, picture_size, limits.pixel_threshold, ignored)
        )
        for steps in (-band.place, band.place)
    )
    return weakest != strongest


def moved(scores: NDArray[np.float32], steps: float) -> NDArray[np.float32]:
    """Return normalised scores moved by steps of the scale: ln(score / (1 - score)) grows by `steps`.

    For example 0.5 moved by 1 is 0.731, and by -1 is 0.269; 0 and 1 stay.
    """
    exact, factor = scores.astype(np.float64), math.exp(steps)
    return np.asarray(exact * factor / (1 - exact + exact * factor), np.float32)


def _around(score: float, steps: float) -> _Interval:
    low, high = (score * factor / (1 - score + score * factor) for factor in (math.exp(-steps), math.exp(steps)))
    return _Interval(low, high)


def _score(
    prediction: Prediction, judged: NDArray[np.float32], ignored: NDArray[np.bool_] | None, band: GuardBand
) -> _Interval:
    """Return where the score that is compared with the limits lies.

    With ignored places it is the highest of the others, unless the look of the whole part exceeds every place. If that
    is not sure, it is either.
    """
    whole = _around(prediction.pred_score, band.score)
    if ignored is None:
        return whole
    rest = _around(float(judged.max()), band.place)
    if not band.whole_part:
        return rest
    if whole.low - _around(float(prediction.anomaly_map.max()), band.place).high > STEPS_OF_MAP:
        return whole
    return _Interval(min(rest.low, whole.low), max(rest.high, whole.high))


def _excess_is_unsure(score: _Interval, highest: _Interval, limits: Iterable[float]) -> bool:
    """Return whether the whole part exceeds a limit that no place does, but perhaps by too little to count."""
    return any(highest.high <= limit < score.low for limit in limits) and score.low - highest.high <= STEPS_OF_MAP
