"""Judge a stored result again with other limits, without the model."""

import math
from dataclasses import replace

from station.domain.errors import BadInputError
from station.domain.part_images import ViewResult
from station.domain.verdict import Limits, Prediction, Verdict
from station.judgement.inspector import decide


def rejudge(result: ViewResult, limits: Limits) -> ViewResult:
    """Return the result with the verdict, regions and reason that other limits give.

    The stored score and map are judged by the same code as on the line: with the limits of the first judgement the
    outcome is the first judgement. A map from a file is kept in steps of 1/65535, so an area of it that lies within
    half a step of `pixel_threshold` may move across the limit.

    A result that was not inspected is returned unchanged: it has no score that limits could be compared with.

    Raises:
        BadInputError: The view was judged, but its anomaly map was not kept.
    """
    inspection = result.inspection
    if inspection.pred_score is None:
        return result
    if result.anomaly_map is None:
        raise BadInputError(
            f"The anomaly map of {inspection.origin} was not kept, so it cannot be judged again.",
            "Choose parts whose pictures were kept, or inspect the picture again.",
        )
    # A record from a faulty disk may lack the raw score. It takes no part in the decision.
    raw_score = math.nan if inspection.raw_score is None else inspection.raw_score
    prediction = Prediction(inspection.pred_score, raw_score, result.anomaly_map)
    decision = decide(prediction, limits, result.roi, (inspection.height, inspection.width))
    assert decision.verdict is not Verdict.NOT_INSPECTED, "a recorded score is a number"
    judged = replace(
        inspection,
        verdict=decision.verdict,
        reason=decision.reason,
        regions=decision.regions,
        image_threshold=limits.image_threshold,
        review_threshold=limits.review_threshold,
    )
    return replace(result, inspection=judged, pixel_threshold=limits.pixel_threshold)
