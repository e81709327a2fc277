"""The judgement: one pure function, and the only place where a score meets a limit."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Region


class Verdict(StrEnum):
    """What the station says of a part."""

    PASS = "PASS"
    REVIEW = "REVIEW"
    FAIL = "FAIL"
    NOT_INSPECTED = "NOT_INSPECTED"

    @property
    def word(self) -> str:
        """The verdict as people read it."""
        return self.value.replace("_", " ")

    @property
    def severity(self) -> int:
        """The order of badness: PASS, REVIEW, NOT INSPECTED, FAIL. What is known to be bad outweighs the unknown."""
        return _SEVERITY.index(self)

    @property
    def rejected(self) -> bool:
        """Return whether the part was judged and is not good: FAIL or REVIEW."""
        return self in (Verdict.FAIL, Verdict.REVIEW)


_SEVERITY = (Verdict.PASS, Verdict.REVIEW, Verdict.NOT_INSPECTED, Verdict.FAIL)


STEPS_OF_MAP = 1e-4
"""Maps from files are kept in steps of 1/65535: nearer scores may be equal."""


def fails_in_a_row(newest_first: Iterable[Verdict]) -> int:
    """Return how many of the newest verdicts are FAIL. Any other verdict ends the row: FAIL FAIL PASS FAIL gives 2."""
    return sum(1 for _ in takewhile(lambda verdict: verdict is Verdict.FAIL, newest_first))


def fails_after(in_a_row: int, verdict: Verdict) -> int:
    """Return how many fails in a row there are after one more verdict."""
    return in_a_row + 1 if verdict is Verdict.FAIL else 0


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a recipe, on the normalised scale where the model's own threshold lies at 0.5.

    Attributes:
        image_threshold: A part scoring strictly above fails.
        review_threshold: A part scoring strictly above, and not failing, is for a person; None switches REVIEW off.
        pixel_threshold: A place on the anomaly map strictly above belongs to a region.
        min_area_px: Regions smaller than this, in pixels of the original picture, count for nothing; 0 keeps all.
            Above 0, a part without a region that large passes whatever its score, unless no place exceeds the limit and
            the whole part does.
    """

    image_threshold: float = 0.5
    review_threshold: float | None = None
    pixel_threshold: float = 0.5
    min_area_px: int = 0

    def __post_init__(self) -> None:
        for name in ("image_threshold", "pixel_threshold"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {getattr(self, name)}")
        if self.review_threshold is not None and not 0 < self.review_threshold < self.image_threshold:
            raise ValueError(f"review_threshold must lie between 0 and image_threshold, not {self.review_threshold}")
        if self.min_area_px < 0:
            raise ValueError(f"min_area_px must be 0 or more, not {self.min_area_px}")


@dataclass(frozen=True, slots=True)
class GuardBand:
    """How far a model's answers may be from those in f32, in steps of the scale: ln(score / (1 - score)).

    Attributes:
        score: The score of the whole picture.
        place: Each place of the map.
        whole_part: The model adds the look of the whole part to the score, so that it may exceed every place.
    """

    score: float
    place: float
    whole_part: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the model says of one picture.

    Attributes:
        pred_score: Normalised anomaly score of the whole picture, 0..1, the model's threshold at 0.5.
        raw_score: The same before normalisation, in the model's own unit.
        anomaly_map: Normalised scores by place, shape (h, w), float32, the model's own small grid.
        band: How far it may be from the answer in f32; None if it is that answer.
        judge_again: Return the answer in f32; None without a band.
    """

    pred_score: float
    raw_score: float
    anomaly_map: NDArray[np.float32]
    band: GuardBand | None = None
    judge_again: "Callable[[], Prediction] | None" = None


def anomalous(anomaly_map: NDArray[np.float32], pixel_threshold: float) -> NDArray[np.bool_]:
    """The predicted mask: True where the map lies strictly above the limit."""
    return anomaly_map > pixel_threshold


def without_ignored(prediction: Prediction, ignored: NDArray[np.bool_]) -> Prediction:
    """Return the prediction as if the ignored places did not exist: 0 on the map, and no part of the score.

    A score above the highest place of the map comes from the look of the whole part. It is kept.

    Args:
        prediction: The model's output. Its raw score stays that of the whole picture.
        ignored: Which cells of its map are ignored, (h, w) bool.
    """
    judged = np.where(ignored, np.float32(0), prediction.anomaly_map)
    of_whole = prediction.pred_score - float(prediction.anomaly_map.max()) > STEPS_OF_MAP
    return replace(
        prediction, pred_score=prediction.pred_score if of_whole else float(judged.max()), anomaly_map=judged
    )


def only_whole_exceeds(prediction: Prediction, limits: Limits) -> bool:
    """Return whether the score exceeds a limit for the part that no place exceeds: the whole part looks different.

    Only a model that checks the whole part has scores above the highest place of its map.
    """
    score, highest = prediction.pred_score, float(prediction.anomaly_map.max())
    exceeded = (limit for limit in (limits.image_threshold, limits.review_threshold) if limit is not None)
    return score - highest > STEPS_OF_MAP and any(highest <= limit < score for limit in exceeded)


def judge(prediction: Prediction, limits: Limits, regions: Sequence[Region] = ()) -> Verdict:
    """The verdict on one picture.

    Strict `>` is anomalous. A score that is not a number gives NOT_INSPECTED, never PASS.

    Args:
        prediction: The model's output.
        limits: The recipe's limits.
        regions: The anomalous places; only looked at when the recipe asks for a minimum area.
    """
    score = prediction.pred_score
    if not math.isfinite(score):
        return Verdict.NOT_INSPECTED
    too_small = limits.min_area_px > 0 and not any(r.area_px >= limits.min_area_px for r in regions)
    if too_small and not only_whole_exceeds(prediction, limits):
        return Verdict.PASS
    if score > limits.image_threshold:
        return Verdict.FAIL
    if limits.review_threshold is not None and score > limits.review_threshold:
        return Verdict.REVIEW
    return Verdict.PASS


JUDGED = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL)
"""What `judge_many` counts up from 0: the verdicts that a score can have."""


def judge_many(
    scores: NDArray[np.float64], highest: NDArray[np.float64], largest_px: NDArray[np.int64], limits: Limits
) -> NDArray[np.uint8]:
    """Return the verdicts on many pictures at once, as places in `JUDGED`, (n,); each is what `judge` says.

    It takes a millisecond for 100,000 pictures, so that a person may drag a limit and see what it changes.

    Args:
        scores: Of the whole pictures, finite, (n,).
        highest: The highest place of each map, (n,).
        largest_px: The area of each picture's largest region, 0 without one, (n,).
        limits: The limits, of which `pixel_threshold` was used for the regions.
    """
    review = limits.image_threshold if limits.review_threshold is None else limits.review_threshold
    failed, doubtful = scores > limits.image_threshold, scores > review
    if limits.min_area_px > 0:
        alone = exceeds_every_place(scores, highest)
        alone &= (failed & (highest <= limits.image_threshold)) | (doubtful & (highest <= review))
        counts = (largest_px >= limits.min_area_px) | alone
        failed, doubtful = failed & counts, doubtful & counts
    return doubtful.astype(np.uint8) + failed


def exceeds_every_place(scores: NDArray[np.float64], highest: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return of which pictures the whole scores above the highest place of the map, (n,)."""
    return scores - highest > STEPS_OF_MAP
