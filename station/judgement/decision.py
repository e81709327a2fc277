"""From a model's output and a recipe's limits to verdict, regions and reason."""

from dataclasses import dataclass

import numpy as np

from station.domain.frame import NotInspectedCause
from station.domain.geometry import Box, Region
from station.domain.verdict import Limits, Prediction, Verdict, judge
from station.vision.regions import find_regions, reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What the limits make of a model's output.

    Attributes:
        verdict: NOT_INSPECTED if the score or a place of the map is not a number.
        regions: Anomalous areas, largest score first, in pixels of the original picture.
        reason: One sentence for the operator: "mark 412 px2, upper left".
    """

    verdict: Verdict
    regions: tuple[Region, ...]
    reason: str


def decide(prediction: Prediction, limits: Limits, roi: Box, picture_size: tuple[int, int]) -> Decision:
    """Return what the limits make of a model's output. The same input always gives the same decision.

    Args:
        prediction: Scores and map.
        limits: The recipe's limits.
        roi: The area that the map covers, in pixels of the original picture.
        picture_size: Height and width of the original picture.
    """
    if np.isnan(prediction.anomaly_map).any():  # a place without a score could hide a defect
        return Decision(Verdict.NOT_INSPECTED, (), NotInspectedCause.MODEL_FAILED.sentence)
    regions = find_regions(prediction.anomaly_map, roi, picture_size, limits.pixel_threshold)
    verdict = judge(prediction, limits, regions)
    return Decision(verdict, regions, reason(verdict, regions, prediction, limits))
