"""Judgements that are withheld: the model has judged what it got, and that is not enough for a verdict."""

from dataclasses import replace

from station.domain.frame import NotInspectedCause
from station.domain.part_images import ViewResult
from station.domain.verdict import Verdict


def without_verdict(result: ViewResult, cause: NotInspectedCause, reason: str) -> ViewResult:
    """Return a judged view as NOT INSPECTED: without scores, limits, regions and map.

    Args:
        result: The view.
        cause: Why its judgement does not count.
        reason: The same for the operator.
    """
    seen = replace(
        result.inspection,
        verdict=Verdict.NOT_INSPECTED,
        reason=reason,
        cause=cause,
        pred_score=None,
        raw_score=None,
        image_threshold=None,
        review_threshold=None,
        regions=(),
    )
    return replace(result, inspection=seen, anomaly_map=None, ignored=None)


def if_all_was_seen(result: ViewResult) -> ViewResult:
    """Return the result; if the part leaves the picture, NOT INSPECTED unless it fails.

    A defect in what is there is a defect. Without one, nobody knows what is in the places that the picture lacks.
    """
    seen = result.inspection
    if not seen.leaves_picture or seen.verdict in (Verdict.FAIL, Verdict.NOT_INSPECTED):
        return result
    cause = NotInspectedCause.PART_LEAVES_PICTURE
    return without_verdict(result, cause, cause.sentence)
