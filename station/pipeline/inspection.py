"""One frame's way to its verdict."""

import time

from station.domain.errors import BadInputError, StationError
from station.domain.frame import Frame, NotInspectedCause
from station.domain.inspection import Inspection
from station.domain.live import LivePicture
from station.domain.recipe import Recipe
from station.domain.verdict import Prediction, Region, Verdict, judge
from station.inference.predictor import Predictor
from station.pipeline.trigger import JudgedPart, Trigger
from station.vision.preprocess import Prepared, Preprocessor
from station.vision.quality import QualityGate
from station.vision.regions import find_regions, reason


class Inspector:
    """The way of one frame: prepare, check its quality, predict, find the regions, judge.

    Every way out is a JudgedPart; only a frame that went all the way has a verdict other than NOT_INSPECTED.
    """

    def __init__(self, recipe: Recipe, predictor: Predictor) -> None:
        self._recipe = recipe
        self._predictor = predictor
        self._preprocessor = Preprocessor(predictor.input_size, recipe.roi)
        self._gate = QualityGate(recipe.quality)

    def inspect(self, trigger: Trigger) -> JudgedPart:
        """The verdict on one part, with what the screen shows of it."""
        if trigger.frame is None:
            return not_inspected(trigger)
        try:
            prepared = self._preprocessor.run(trigger.frame.image, trigger.frame.significant_bits)
        except BadInputError as error:
            return not_inspected(trigger, NotInspectedCause.WRONG_PICTURE, error.sentence)
        if cause := self._gate.check(prepared):
            return not_inspected(trigger, cause, prepared=prepared)
        return self._judged(trigger, trigger.frame, prepared)

    def _judged(self, trigger: Trigger, frame: Frame, prepared: Prepared) -> JudgedPart:
        try:
            prediction = self._predictor.predict(prepared.model_input)
        except StationError as error:
            return not_inspected(trigger, NotInspectedCause.MODEL_FAILED, error.sentence, prepared)
        limits = self._recipe.limits
        size = (frame.image.shape[0], frame.image.shape[1])
        regions = find_regions(prediction.anomaly_map, prepared.roi, size, limits.pixel_threshold)
        verdict = judge(prediction, limits, regions)
        if verdict is Verdict.NOT_INSPECTED:
            return not_inspected(trigger, NotInspectedCause.MODEL_FAILED, "its score is no number", prepared)
        inspection = self._inspection(trigger, frame, prediction, verdict, regions)
        live = LivePicture(
            prepared.levels,
            prepared.roi,
            prediction.anomaly_map,
            limits.pixel_threshold,
            inspection,
            frame.received_ns,
        )
        return JudgedPart(inspection, live, frame.image)

    def _inspection(
        self,
        trigger: Trigger,
        frame: Frame,
        prediction: Prediction,
        verdict: Verdict,
        regions: tuple[Region, ...],
    ) -> Inspection:
        limits = self._recipe.limits
        return Inspection(
            key=trigger.key,
            triggered_at=trigger.triggered_at,
            verdict=verdict,
            reason=reason(verdict, regions, prediction, limits),
            origin=frame.origin,
            elapsed_ms=_elapsed_ms(frame.received_ns),
            pred_score=prediction.pred_score,
            raw_score=prediction.raw_score,
            image_threshold=limits.image_threshold,
            regions=regions,
            frame_id=frame.frame_id,
            camera_timestamp_ns=frame.timestamp_ns,
            width=frame.image.shape[1],
            height=frame.image.shape[0],
            conversion=frame.conversion,
        )


def not_inspected(
    trigger: Trigger,
    cause: NotInspectedCause | None = None,
    detail: str = "",
    prepared: Prepared | None = None,
) -> JudgedPart:
    """The part closed without a judgement, with its picture where one came.

    Args:
        trigger: The part.
        cause: Why; the trigger's own cause where not given.
        detail: More about it, in words.
        prepared: The picture for the screen, where it got so far.
    """
    frame = trigger.frame
    cause = cause or trigger.cause or NotInspectedCause.STATION_FAILED
    detail = detail or trigger.detail
    height, width = frame.image.shape[:2] if frame else (0, 0)
    inspection = Inspection(
        key=trigger.key,
        triggered_at=trigger.triggered_at,
        verdict=Verdict.NOT_INSPECTED,
        reason=f"{cause.sentence}: {detail}" if detail else cause.sentence,
        origin=trigger.origin,
        elapsed_ms=_elapsed_ms(frame.received_ns if frame else trigger.triggered_ns),
        cause=cause,
        frame_id=trigger.frame_id,
        camera_timestamp_ns=frame.timestamp_ns if frame else None,
        width=width,
        height=height,
        conversion=frame.conversion if frame else "",
    )
    levels = prepared.levels if prepared else ()
    roi = prepared.roi if prepared else (0, 0, width, height)
    received_ns = frame.received_ns if frame else trigger.triggered_ns
    live = LivePicture(levels, roi, None, 0.5, inspection, received_ns)
    return JudgedPart(inspection, live, frame.image if frame else None)


def _elapsed_ms(since_ns: int) -> float:
    return (time.monotonic_ns() - since_ns) / 1e6
