"""Judge a stored result again with other limits or another ignore mask, without the model."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.recipe import View
from station.domain.verdict import Limits, Prediction, Verdict
from station.judgement.code_doubt import with_doubt
from station.judgement.inspector import Decision, decide, decide_scored, ignored_cells, moved_place
from station.judgement.withheld import if_all_was_seen


def rejudge(result: ViewResult, limits: Limits) -> ViewResult:
    """Return the result with the verdict, regions and reason that other limits give.

    The stored score and map are judged by the same code as on the line: with the limits of the first judgement the
    outcome is the first judgement. A map from a file is kept in steps of 1/65535, so an area of it that lies within
    half a step of `pixel_threshold` may move across the limit. Places that were ignored are ignored again.

    A result that was not inspected is returned unchanged: it has no score that limits could be compared with.

    Raises:
        BadInputError: The view was judged, but its anomaly map was not kept.
    """
    if result.inspection.pred_score is None:
        return result
    judged_map = result.judged_map
    if judged_map is None:
        raise _map_not_kept(result)
    size = result.inspection.height, result.inspection.width
    prediction = Prediction(result.inspection.pred_score, _raw_score(result), judged_map)
    return _judged(result, limits, decide_scored(prediction, limits, result.roi, size, ignored=result.ignored))


def rejudge_by(result: ViewResult, view: View) -> ViewResult:
    """Return the result that limits and ignore mask of another revision give; the model of both must be the same.

    If the ignore mask is another one, the score is that of the stored map, in steps of 1/65535.

    Raises:
        BadInputError: The view was judged, but its anomaly map was not kept, or it was judged in another region, or the
            ignore mask was drawn on pictures of another size, or it was looked for in another way.
    """
    if result.inspection.pred_score is None:
        return result
    if result.anomaly_map is None:
        raise _map_not_kept(result)
    _require_same_place(result, view)
    by_code = replace(result, if_unread=view.code.if_unread if view.code else None)
    if view.location is not None:
        return rejudge(by_code, view.limits)
    ignored = ignored_cells(view, result.roi, result.anomaly_map)
    if ignored is not None and ignored.all():
        raise BadInputError("The ignore mask covers the whole region of interest.", "Draw a smaller one.")
    if _same(ignored, result.ignored):
        return rejudge(by_code, view.limits)
    whole = max(result.inspection.pred_score, float(result.anomaly_map.max()))
    prediction = Prediction(whole, _raw_score(result), result.anomaly_map)
    size = result.inspection.height, result.inspection.width
    decision = decide(prediction, view.limits, result.roi, size, ignored=ignored)
    return _judged(replace(by_code, ignored=ignored), view.limits, decision)


def stored_result(
    inspection: ViewInspection, view: View, anomaly_map: NDArray[np.float32] | None, levels: tuple[Image, ...] = ()
) -> ViewResult:
    """Return a recorded view as it was judged, to be judged again.

    Args:
        inspection: Its record.
        view: The view of the revision that judged it.
        anomaly_map: Its stored map, (h, w); None if none was kept.
        levels: Its pictures, from large to small.
    """
    box = view.roi.box if view.roi and not view.location else (0, 0, inspection.width, inspection.height)
    known = anomaly_map is not None and view.location is None  # a map that moved with its part is 0 in ignored places
    ignored = ignored_cells(view, box, anomaly_map) if known and anomaly_map is not None else None
    return ViewResult(
        inspection,
        None,
        levels,
        box,
        anomaly_map,
        view.limits.pixel_threshold,
        None,
        ignored=ignored,
        moved_place=moved_place(view),
        if_unread=view.code.if_unread if view.code else None,
    )


def _judged(result: ViewResult, limits: Limits, decision: Decision) -> ViewResult:
    assert decision.verdict is not Verdict.NOT_INSPECTED, "a recorded score is a number"
    judged = replace(
        result.inspection,
        verdict=decision.verdict,
        reason=decision.reason,
        regions=decision.regions,
        pred_score=decision.pred_score,
        image_threshold=limits.image_threshold,
        review_threshold=limits.review_threshold,
    )
    return with_doubt(if_all_was_seen(replace(result, inspection=judged, pixel_threshold=limits.pixel_threshold)))


def _raw_score(result: ViewResult) -> float:
    """Return the raw score; a record from a faulty disk may lack it. It takes no part in the decision."""
    return math.nan if result.inspection.raw_score is None else result.inspection.raw_score


def _same(one: NDArray[np.bool_] | None, other: NDArray[np.bool_] | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


def _require_same_place(result: ViewResult, view: View) -> None:
    width, height = result.inspection.width, result.inspection.height
    if (place := moved_place(view)) != result.moved_place:
        raise BadInputError(
            f"In {result.inspection.origin} the part was looked for in another way, or with another ignore mask.",
            "Inspect the picture again with the other revision.",
        )
    if place is not None:
        return
    roi = view.roi.box if view.roi else (0, 0, width, height)
    if roi != result.roi or not (view.ignore is None or view.ignore.fits(height, width)):
        raise BadInputError(
            f"{result.inspection.origin} was judged in another region, or in another size than the ignore mask has.",
            "Inspect the picture again with the other revision.",
        )


def _map_not_kept(result: ViewResult) -> BadInputError:
    return BadInputError(
        f"The anomaly map of {result.inspection.origin} was not kept, so it cannot be judged again.",
        "Choose parts whose pictures were kept, or inspect the picture again.",
    )
