"""One frame's way to its verdict."""

import time

from station.domain.errors import BadInputError, StationError
from station.domain.frame import Frame, NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.recipe import View
from station.domain.verdict import Prediction, Verdict, judge
from station.inference.predictor import Predictor
from station.matching.capture import Capture, JudgedShot
from station.vision.preprocess import Prepared, Preprocessor
from station.vision.quality import QualityGate
from station.vision.regions import find_regions, reason


class Inspector:
    """The way of one frame: prepare, check its quality, predict, find the regions, judge.

    Every way out is a JudgedShot; only a frame that went all the way has a verdict other than NOT_INSPECTED.
    """

    def __init__(self, view: View, predictor: Predictor) -> None:
        self._view = view
        self._predictor = predictor
        self._preprocessor = Preprocessor(predictor.input_size, view.roi)
        self._gate = QualityGate(view.quality)

    def inspect(self, shot: Capture) -> JudgedShot:
        """The verdict on one view of a part, with what the screen shows of it."""
        if shot.frame is None:
            return not_inspected(shot)
        try:
            prepared = self._preprocessor.run(shot.frame.image, shot.frame.significant_bits)
        except BadInputError as error:
            return not_inspected(shot, NotInspectedCause.WRONG_PICTURE, error.sentence)
        if cause := self._gate.check(prepared):
            return not_inspected(shot, cause, self._gate.detail(cause, prepared), prepared)
        return self._judged(shot, shot.frame, prepared)

    def _judged(self, shot: Capture, frame: Frame, prepared: Prepared) -> JudgedShot:
        try:
            prediction = self._predictor.predict(prepared.model_input)
        except StationError as error:
            return not_inspected(shot, NotInspectedCause.MODEL_FAILED, error.sentence, prepared)
        limits = self._view.limits
        size = (frame.image.shape[0], frame.image.shape[1])
        regions = find_regions(prediction.anomaly_map, prepared.roi, size, limits.pixel_threshold)
        verdict = judge(prediction, limits, regions)
        if verdict is Verdict.NOT_INSPECTED:
            return not_inspected(shot, NotInspectedCause.MODEL_FAILED, "its score is no number", prepared)
        live = ViewResult(
            self._inspection(shot, frame, prediction, verdict, regions),
            prepared.levels,
            prepared.roi,
            prediction.anomaly_map,
            limits.pixel_threshold,
            frame.received_ns,
        )
        return JudgedShot(live, frame.image)

    def _inspection(
        self,
        shot: Capture,
        frame: Frame,
        prediction: Prediction,
        verdict: Verdict,
        regions: tuple[Region, ...],
    ) -> ViewInspection:
        limits = self._view.limits
        return ViewInspection(
            verdict=verdict,
            reason=reason(verdict, regions, prediction, limits),
            origin=frame.origin,
            elapsed_ms=_elapsed_ms(frame.received_ns),
            name=shot.view,
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
    shot: Capture,
    cause: NotInspectedCause | None = None,
    detail: str = "",
    prepared: Prepared | None = None,
) -> JudgedShot:
    """The view closed without a judgement, with its picture where one came.

    Args:
        shot: The view of the part.
        cause: Why; the shot's own cause where not given.
        detail: More about it, in words.
        prepared: The picture for the screen, where it got so far.
    """
    frame = shot.frame
    cause = cause or shot.cause or NotInspectedCause.STATION_FAILED
    detail = detail or shot.detail
    height, width = frame.image.shape[:2] if frame else (0, 0)
    received_ns = frame.received_ns if frame else shot.trigger.triggered_ns
    view = ViewInspection(
        verdict=Verdict.NOT_INSPECTED,
        reason=f"{cause.sentence}: {detail}" if detail else cause.sentence,
        origin=shot.origin,
        elapsed_ms=_elapsed_ms(received_ns),
        name=shot.view,
        cause=cause,
        frame_id=shot.frame_id,
        camera_timestamp_ns=frame.timestamp_ns if frame else None,
        width=width,
        height=height,
        conversion=frame.conversion if frame else "",
    )
    levels = prepared.levels if prepared else ()
    roi = prepared.roi if prepared else (0, 0, width, height)
    live = ViewResult(view, levels, roi, None, 0.5, received_ns)
    return JudgedShot(live, frame.image if frame else None)


def _elapsed_ms(since_ns: int) -> float:
    return (time.monotonic_ns() - since_ns) / 1e6
