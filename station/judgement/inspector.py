"""Judge one frame: from the camera's picture to verdict, regions and reason."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import BadInputError, StationError
from station.domain.frame import Frame, NotInspectedCause
from station.domain.geometry import Box, Region
from station.domain.inspected_place import InspectedPlace
from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.picture_form import DepthFrom
from station.domain.recipe import View
from station.domain.verdict import Limits, Prediction, Verdict, judge, without_ignored
from station.inference.predictor import Predictor
from station.judgement.code_doubt import with_code
from station.judgement.form_check import Depth, FormCheck
from station.judgement.guard_band import in_doubt
from station.judgement.withheld import if_all_was_seen
from station.vision.moved_region import box_around, leaves_picture, map_in_frame, share_outside
from station.vision.preprocess import Prepared, Preprocessor
from station.vision.quality import QualityGate
from station.vision.regions import find_regions, marked_share, reason, unlike_reason

if TYPE_CHECKING:
    from station.vision.code_reading import CodeReader

_ALL_BITS = 16
_LEAST_SAID = 0.005

Judgement = Callable[[], ViewResult]
"""Waits for the model, and returns the result of one frame."""

Start = Callable[[Callable[[], Prediction]], Callable[[], Prediction]]


class Inspector:
    """Judges frames of one view: read the code, prepare, check the quality, predict, find the regions, judge.

    The line, evaluation and bench all judge with this class. It knows no part and no trigger. Call it once for each
    frame, in their order, because a repeated picture is a sign of a frozen camera.
    """

    def __init__(self, view: View, predictor: Predictor, product: str = "", *, must_find: bool = True) -> None:
        """Judge by this view of a recipe.

        Args:
            view: The view.
            predictor: Its model.
            product: What the parts are expected to be, in words.
            must_find: Do not judge a picture in which the part is not found, nor pass one that it leaves; else the most
                likely place is judged, whatever the picture shows of it.
        """
        self._view = view
        self._product = product
        self._predictor = predictor
        self._preprocessor = Preprocessor(predictor.input_size, view.roi, view.location)
        self._must_find = must_find
        self._gate = QualityGate(view.quality)
        self._form = FormCheck(view.form)
        self._code = _code_reader(view)

    def inspect(self, frame: Frame) -> ViewResult:
        """Return the judgement of one frame.

        A frame that cannot be judged (wrong size, poor picture, failed model) gives NOT_INSPECTED with its cause.
        """
        return self.begin(frame, lambda predict: predict)()

    def begin(self, frame: Frame, start: Start) -> Judgement:
        """Prepare one frame and start the model on it; call what is returned for the judgement, which is `inspect`'s.

        Args:
            frame: The frame. Meanwhile the next one may be begun.
            start: Starts a call of the model on another thread, and returns what waits for its result.
        """
        depth = self._form.depth_of(frame)
        try:
            prepared = self._preprocessor.run(frame.image, depth.bits)
        except BadInputError as error:
            detail = self._form.misfit(frame, None) or error.sentence
            refused = self._refused(frame, depth, NotInspectedCause.WRONG_PICTURE, detail)
            return self._with_code(_known(refused), frame, None)
        return self._with_code(self._begun(frame, prepared, depth, start), frame, prepared)

    def _with_code(self, judgement: Judgement, frame: Frame, prepared: Prepared | None) -> Judgement:
        rule = self._view.code
        if rule is None or self._code is None:
            return judgement
        code = self._code.read(frame.image, self._moved_code(rule.region.box, prepared))
        return lambda: with_code(judgement(), code, rule.if_unread)

    def _moved_code(self, box: Box, prepared: Prepared | None) -> Box | None:
        """Where the code is looked for if the part is found elsewhere."""
        if prepared is None or prepared.pose is None or self._not_found(prepared):
            return None
        height, width = prepared.levels[0].shape[:2]
        return box_around(box, prepared.roi, prepared.pose, (height, width))

    def _begun(self, frame: Frame, prepared: Prepared, depth: Depth, start: Start) -> Judgement:
        cause = self._gate.check(prepared)
        if misfit := depth.misfit or self._form.misfit(frame, prepared.model_input) or self._mask_misfit(frame):
            return _known(self._refused(frame, depth, NotInspectedCause.WRONG_PICTURE, misfit, prepared))
        if cause:
            return _known(self._refused(frame, depth, cause, self._gate.detail(cause, prepared), prepared))
        if lost := self._not_found(prepared):
            return _known(self._refused(frame, depth, NotInspectedCause.PART_NOT_FOUND, lost, prepared))
        predict = start(partial(self._predictor.predict, prepared.model_input))
        return partial(self._judged, frame, prepared, depth, predict)

    def _not_found(self, prepared: Prepared) -> str:
        location, pose = self._view.location, prepared.pose
        if not self._must_find or location is None or pose is None or location.accepts(pose, prepared.roi):
            return ""
        return f"most like it, {pose.likeness:.2f}, is a place {pose.words}; wanted is {location.words}"

    def _leaves_picture(self, prepared: Prepared, size: tuple[int, int]) -> bool:
        return self._must_find and prepared.pose is not None and leaves_picture(prepared.roi, prepared.pose, size)

    def _mask_misfit(self, frame: Frame) -> str:
        mask, (height, width) = self._view.ignore, frame.image.shape[:2]
        if mask is None:
            return ""
        if not mask.fits(height, width):
            drawn = f"{mask.width} x {mask.height}"
            return f"{width} x {height} pixels, and the ignore mask was drawn for {drawn}: draw it again"
        roi = self._view.roi
        return "the ignore mask covers the whole region of interest" if roi and mask.covers(roi.box) else ""

    def _refused(
        self, frame: Frame, depth: Depth, cause: NotInspectedCause, detail: str, prepared: Prepared | None = None
    ) -> ViewResult:
        result = not_inspected(self._view.name, frame, cause, detail, prepared)
        return replace(result, significant_bits=_kept_bits(frame, depth), coding=frame.coding)

    def _judged(self, frame: Frame, prepared: Prepared, depth: Depth, predict: Callable[[], Prediction]) -> ViewResult:
        name, limits = self._view.name, self._view.limits
        height, width = frame.image.shape[:2]
        try:
            prediction, again = self._settled(predict(), prepared, (height, width))
        except StationError as error:
            return self._refused(frame, depth, NotInspectedCause.MODEL_FAILED, error.sentence, prepared)
        prediction, covers, ignored = self._placed(prediction, prepared, (height, width))
        decision = decide(prediction, limits, covers, (height, width), self._product, ignored)
        if decision.verdict is Verdict.NOT_INSPECTED:
            detail = "its score or its map is not a number"
            return self._refused(frame, depth, NotInspectedCause.MODEL_FAILED, detail, prepared)
        inspection = ViewInspection(
            verdict=decision.verdict,
            reason=decision.reason,
            origin=frame.origin,
            elapsed_ms=_elapsed_ms(frame.received_ns),
            name=name,
            pred_score=decision.pred_score,
            raw_score=prediction.raw_score,
            image_threshold=limits.image_threshold,
            regions=decision.regions,
            frame_id=frame.frame_id,
            camera_timestamp_ns=frame.timestamp_ns,
            width=width,
            height=height,
            conversion=", ".join(
                filter(None, (frame.conversion, self._form.note(frame, depth), _moved(prepared, (height, width))))
            ),
            review_threshold=limits.review_threshold,
            judged_again=again,
            leaves_picture=self._leaves_picture(prepared, (height, width)),
        )
        judged = ViewResult(
            inspection,
            frame.image,
            prepared.levels,
            covers,
            prediction.anomaly_map,
            limits.pixel_threshold,
            frame.received_ns,
            _kept_bits(frame, depth),
            frame.coding,
            frame.file,
            ignored=ignored,
            moved_place=moved_place(self._view),
        )
        return if_all_was_seen(judged)

    def _settled(self, prediction: Prediction, prepared: Prepared, size: tuple[int, int]) -> tuple[Prediction, bool]:
        """Return the answer that is judged, and whether it was computed a second time, in f32."""
        if prediction.judge_again is None:
            return prediction, False
        placed, covers, ignored = self._placed(prediction, prepared, size)
        if not in_doubt(placed, self._view.limits, covers, size, ignored):
            return prediction, False
        return prediction.judge_again(), True

    def _placed(
        self, prediction: Prediction, prepared: Prepared, size: tuple[int, int]
    ) -> tuple[Prediction, Box, NDArray[np.bool_] | None]:
        """Return the answer in the picture itself, the box that its map covers, and the ignored cells of the map.

        A region that moved with its part has a map of the whole picture, 0 in all that is not judged.
        """
        roi, pose = prepared.roi, prepared.pose
        ignored = ignored_cells(self._view, roi, prediction.anomaly_map)
        if pose is None or np.isnan(prediction.anomaly_map).any() or (ignored is not None and ignored.all()):
            return prediction, roi, ignored
        if ignored is not None:
            prediction = without_ignored(prediction, ignored)
        moved = map_in_frame(prediction.anomaly_map, roi, pose, size, ignored)
        return replace(prediction, anomaly_map=moved), (0, 0, size[1], size[0]), None


def _code_reader(view: View) -> "CodeReader | None":
    if view.code is None:
        return None
    from station.vision.code_reading import CodeReader  # noqa: PLC0415 - only a recipe with a code loads the reader

    return CodeReader(view.code)


def _moved(prepared: Prepared, size: tuple[int, int]) -> str:
    """Return where the part lay, and how much of its region the picture does not show, in words."""
    if prepared.pose is None:
        return ""
    unseen = share_outside(prepared.roi, prepared.pose, size)
    said = f", {unseen:.0%} of its region outside of the picture" if unseen >= _LEAST_SAID else ""
    return f"part {prepared.pose.words}{said}"


def _known(result: ViewResult) -> Judgement:
    return lambda: result


def _kept_bits(frame: Frame, depth: Depth) -> int:
    """Return the depth that the stored picture states, so that judging it again gives the same; 0 for none."""
    stated = 0 if frame.depth_from is DepthFrom.UNKNOWN else frame.significant_bits
    if depth.misfit:
        return stated
    return depth.bits if depth.bits < _ALL_BITS or stated == _ALL_BITS else 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What the limits make of a model's output.

    Attributes:
        verdict: NOT_INSPECTED if the score or a place of the map is not a number.
        regions: Anomalous areas, largest score first, in pixels of the original picture.
        reason: One sentence for the operator: "mark 412 px2, upper left".
        pred_score: The score that was compared with the limits: that of the places that are not ignored.
    """

    verdict: Verdict
    regions: tuple[Region, ...]
    reason: str
    pred_score: float


def decide(
    prediction: Prediction,
    limits: Limits,
    roi: Box,
    picture_size: tuple[int, int],
    product: str = "",
    ignored: NDArray[np.bool_] | None = None,
) -> Decision:
    """Return what the limits make of a model's output. The same input always gives the same decision.

    Args:
        prediction: Scores and map.
        limits: The recipe's limits.
        roi: The area that the map covers, in pixels of the original picture.
        picture_size: Height and width of the original picture.
        product: The product that is expected, for the reason; "" if it is not known.
        ignored: Cells of the map that are not judged, (h, w) bool; None to judge all. No score of them changes the
            decision, unless it is not a number.
    """
    if np.isnan(prediction.anomaly_map).any():  # a place without a score could hide a defect
        return Decision(Verdict.NOT_INSPECTED, (), NotInspectedCause.MODEL_FAILED.sentence, math.nan)
    if ignored is None:
        return decide_scored(prediction, limits, roi, picture_size, product)
    if ignored.all():
        return Decision(Verdict.NOT_INSPECTED, (), NotInspectedCause.MODEL_FAILED.sentence, math.nan)
    return decide_scored(without_ignored(prediction, ignored), limits, roi, picture_size, product, ignored)


def decide_scored(
    prediction: Prediction,
    limits: Limits,
    roi: Box,
    picture_size: tuple[int, int],
    product: str = "",
    ignored: NDArray[np.bool_] | None = None,
) -> Decision:
    """Return the decision on a prediction whose score and map are those of the places that are not ignored.

    The arguments are those of `decide`.
    """
    regions = find_regions(prediction.anomaly_map, roi, picture_size, limits.pixel_threshold, ignored)
    verdict = judge(prediction, limits, regions)
    judged_share = 1.0 if ignored is None else 1 - float(ignored.mean())
    share = marked_share(regions, roi) / judged_share if verdict.rejected else 0.0
    why = unlike_reason(share, product) if share > _MOST else reason(verdict, regions, prediction, limits)
    return Decision(verdict, regions, why, prediction.pred_score)


def ignored_cells(view: View, roi: Box, anomaly_map: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Return which cells of a map a view of a recipe does not judge; None if it judges all.

    Args:
        view: The view.
        roi: The area that the map covers, in pixels of the original picture.
        anomaly_map: The map, (h, w).
    """
    if view.ignore is None:
        return None
    ignored = view.ignore.cells(roi, (anomaly_map.shape[0], anomaly_map.shape[1]))
    return ignored if ignored.any() else None


def moved_place(view: View) -> InspectedPlace | None:
    """Return what a view inspects if it moves with the part, else None."""
    return InspectedPlace.of(view) if view.location else None


def not_inspected(
    view: str, frame: Frame, cause: NotInspectedCause, detail: str = "", prepared: Prepared | None = None
) -> ViewResult:
    """Return the result for a frame that cannot be judged.

    Args:
        view: The name of the view in the recipe.
        frame: The frame.
        cause: Why it cannot be judged.
        detail: More about the cause, in words.
        prepared: The picture for the screen, if it could be prepared.
    """
    height, width = frame.image.shape[:2]
    inspection = ViewInspection(
        verdict=Verdict.NOT_INSPECTED,
        reason=_reason(cause, detail),
        origin=frame.origin,
        elapsed_ms=_elapsed_ms(frame.received_ns),
        name=view,
        cause=cause,
        frame_id=frame.frame_id,
        camera_timestamp_ns=frame.timestamp_ns,
        width=width,
        height=height,
        conversion=frame.conversion,
    )
    levels = prepared.levels if prepared else ()
    roi = prepared.roi if prepared else (0, 0, width, height)
    received_ns, file = frame.received_ns, frame.file
    return ViewResult(inspection, frame.image, levels, roi, None, _NO_MAP_THRESHOLD, received_ns, file=file)


def without_frame(
    view: str, origin: str, since_ns: int, cause: NotInspectedCause, detail: str = "", frame_id: int | None = None
) -> ViewResult:
    """Return the result for a view of which no frame came.

    Args:
        view: The name of the view in the recipe.
        origin: What opened the part, in words, or the camera and the number of the lost frame.
        since_ns: When the part was opened, `time.monotonic_ns`.
        cause: Why no frame came.
        detail: More about the cause, in words.
        frame_id: The camera's counter of the lost frame, if it is known.
    """
    inspection = ViewInspection(
        verdict=Verdict.NOT_INSPECTED,
        reason=_reason(cause, detail),
        origin=origin,
        elapsed_ms=_elapsed_ms(since_ns),
        name=view,
        cause=cause,
        frame_id=frame_id,
    )
    return ViewResult(inspection, None, (), (0, 0, 0, 0), None, _NO_MAP_THRESHOLD, since_ns)


_MOST = 0.5
"""No defect marks more than this share of a picture; another product or a moved camera does."""

_NO_MAP_THRESHOLD = 0.5
"""The normalised scale's own limit. Nothing is compared with it, because there is no map."""


def _reason(cause: NotInspectedCause, detail: str) -> str:
    return f"{cause.sentence}: {detail}" if detail else cause.sentence


def _elapsed_ms(since_ns: int) -> float:
    return (time.monotonic_ns() - since_ns) / 1e6
