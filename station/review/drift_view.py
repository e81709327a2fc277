"""One view of a recipe revision that is watched: calibrated on its first parts, then compared with them."""

import math
from collections import deque
from collections.abc import Callable

import numpy as np

from station.domain.drift import CAUSES, DriftCause, DriftState, Stream, StreamState
from station.review.drift_baseline import PARTS, Baseline, baseline_of
from station.review.drift_detector import ShiftDetector
from station.review.drift_figures import Figures

SHOWN = 300
"""Newest parts that a chart shows."""
_OVER = 15
"""Newest parts whose median says how far a figure has moved."""
_LEANS = 1.0
"""Spreads: the median of 15 steady parts is hardly ever so far away."""
_WORDS = {
    DriftCause.LIGHT: "The light has changed: the pictures are {moved} than at the calibration. "
    "Clean the lamp and the lens, check the lamp and daylight; then calibrate or teach again.",
    DriftCause.FOCUS: "The focus has changed: the pictures are {moved} than at the calibration. "
    "Clean the lens, check its focus ring and the distance to the part.",
    DriftCause.FIXTURE: "The parts lie elsewhere than at the calibration: {moved}. "
    "Check the fixture, the stop and the camera's mount.",
    DriftCause.PRODUCT: "The parts themselves have changed: scores are {moved} than at the calibration, while light, "
    "focus and position are as before. Look at the parts and their material; teach again if they are good.",
}


class WatchedView:
    """Not for several threads.

    Args:
        recipe: Name and revision.
        view: The view.
        baseline: A calibration that was kept; None to make one of the first parts.
        keep: Called with a calibration that was made.

    Attributes:
        recipe: Name and revision, for people.
    """

    def __init__(
        self, recipe: str, view: str, baseline: Baseline | None, keep: Callable[[Baseline], object] = lambda _: None
    ) -> None:
        self.recipe, self._view, self._keep = recipe, view, keep
        self._first: list[Figures] = []
        self._steps: dict[Stream, deque[float]] = {stream: deque(maxlen=SHOWN) for stream in Stream}
        self._parts = 0
        self._baseline = baseline
        self._detectors = {} if baseline is None else _detectors(baseline)

    def add(self, part: Figures, *, passed: bool) -> None:
        """Take one more part. A calibration is made of parts that passed; compared is every judged part."""
        if self._baseline is not None:
            self._parts += 1
            for stream, value in part.items():
                self._steps[stream].append(self._detectors[stream].add(value))
            return
        if passed:
            self._first.append(part)
        if len(self._first) >= PARTS:
            baseline = baseline_of(self._first)
            self._first.clear()
            self._baseline, self._detectors = baseline, _detectors(baseline)
            self._keep(baseline)

    @property
    def drifted(self) -> bool:
        """Whether any figure has moved and stays there."""
        return any(detector.drifted for detector in self._detectors.values())

    @property
    def state(self) -> DriftState:
        """Return what is known now."""
        if self._baseline is None:
            return DriftState(self.recipe, self._view, len(self._first), PARTS)
        streams = tuple(self._state_of(stream) for stream in Stream)
        cause, moved = self._cause()
        sentence = _WORDS[cause].format(moved=moved) if cause else ""
        return DriftState(self.recipe, self._view, PARTS, PARTS, self._parts, streams, cause, sentence)

    def _state_of(self, stream: Stream) -> StreamState:
        steps = tuple(round(each, 2) for each in self._steps[stream] if math.isfinite(each))
        drifted = self._detectors[stream].drifted
        return StreamState(stream, self._moved(stream) if drifted else "", steps, drifted)

    def _cause(self) -> tuple[DriftCause | None, str]:
        """Return the cause behind the figure that has moved farthest; the score decides only if it moved alone.

        Scores may move before their cause has moved far enough to be a drift by itself: then it is what leans.
        """
        drifted = [stream for stream in Stream if self._detectors[stream].drifted]
        if not drifted:
            return None, ""
        causes = [stream for stream in Stream if stream is not Stream.SCORE]
        leaning = [stream for stream in causes if abs(self._distance(stream)) > _LEANS]
        behind = [stream for stream in causes if stream in drifted] or leaning or drifted
        worst = max(behind, key=lambda stream: abs(self._distance(stream)))
        return CAUSES[worst], self._moved(worst)

    def _distance(self, stream: Stream) -> float:
        """Return how far the newest parts lie from the calibration, in spreads."""
        newest = [each for each in list(self._steps[stream])[-_OVER:] if math.isfinite(each)]
        return float(np.median(newest)) if newest else 0.0

    def _moved(self, stream: Stream) -> str:
        shift = self._distance(stream) * self._detectors[stream].normal.spread
        more = shift > 0
        match stream:
            case Stream.BRIGHTNESS:
                return f"{_percent(math.expm1(shift))} {'brighter' if more else 'darker'}"
            case Stream.SHARPNESS:
                return f"{_percent(math.expm1(shift))} {'sharper' if more else 'less sharp'}"
            case Stream.COLOUR:
                return f"{_percent(shift)} {'redder' if more else 'bluer'}"
            case Stream.ACROSS:
                return f"{_percent(shift)} of the width aside"
            case Stream.DOWN:
                return f"{_percent(shift)} of the height up or down"
        return "higher" if more else "lower"


def _detectors(baseline: Baseline) -> dict[Stream, ShiftDetector]:
    return {stream: ShiftDetector(baseline[stream]) for stream in Stream}


def _percent(share: float) -> str:
    return f"{100 * abs(share):.1f} %"
