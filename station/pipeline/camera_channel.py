"""One camera's way through the line: its acquisition, its frame queue, and the judgement of its view."""

from collections.abc import Callable

from station.concurrency.watched import Watched
from station.concurrency.worker import Worker
from station.domain.frame import NotInspectedCause
from station.matching.frame_matcher import FrameMatcher
from station.pipeline.wiring import ViewSteps

_EMPTY_QUEUE_WITHIN_S = 5.0
_LONGEST_STEP_S = 15.0
"""Longer than the model may take: it gives up after 10 s."""
_LONGEST_CAMERA_STEP_S = 60.0
"""Longer than a camera takes that is opened again: at most 28 s."""
_SEEN_FOR_S = 1.0
"""A step hangs if it is still the same one so long after it was found too long. When the whole program stood still, as
on a computer that slept, every step looks too long at first."""
_CAMERA_HANGS, _INSPECTION_HANGS = "The camera does not answer.", "The inspection worker hangs."


class CameraChannel:
    """The two workers of one view: camera -> acquisition -> frame queue -> inspection -> part assembler."""

    def __init__(
        self,
        view: str,
        steps: ViewSteps,
        frame_matcher: FrameMatcher,
        on_failure: Callable[[str, BaseException], None],
        on_last_frame: Callable[[], None],
    ) -> None:
        """Build the workers; none runs yet.

        Args:
            view: The name of the view.
            steps: Its steps.
            frame_matcher: Matches the frames of all views.
            on_failure: Takes a worker's name and its error.
            on_last_frame: Called when no more frames will come.
        """
        self._view = view
        self._connection = steps.connection
        self._frame_matcher = frame_matcher
        self._inspection = steps.inspection
        self._acquirer = Worker(_named("acquisition", view), steps.acquisition.step, on_failure, on_last_frame)
        self._inspector = Worker(_named("inspection", view), steps.inspection.step, on_failure)
        self._judges_too_long = Watched(self._inspector, _LONGEST_STEP_S, _SEEN_FOR_S)
        self._fetches_too_long = Watched(self._acquirer, _LONGEST_CAMERA_STEP_S, _SEEN_FOR_S)

    @property
    def is_judging(self) -> bool:
        """Return True while captures are judged."""
        return self._inspector.alive

    @property
    def failed(self) -> bool:
        """Return True if one of the workers gave up."""
        return self._acquirer.failed or self._inspector.failed

    @property
    def hanging(self) -> str:
        """Return which of the workers does not come back from its step, in words; "" if none."""
        if self._judges_too_long.hangs:
            return _INSPECTION_HANGS
        return _CAMERA_HANGS if self._fetches_too_long.hangs else ""

    def start(self) -> None:
        """Start the workers, the consumer first."""
        self._inspector.start()
        self._acquirer.start()

    def wait_for_last_frame(self, timeout_s: float) -> bool:
        """Wait until the acquisition has ended; return False if it still runs."""
        return self._acquirer.join(timeout_s)

    def end_acquisition(self) -> str:
        """Wait for the acquisition's end, which was asked for, and stop the camera; return what went wrong, or ""."""
        answers = self._acquirer.join(0 if self._fetches_too_long.hangs else _LONGEST_STEP_S)
        failed = self._acquirer.failed or not answers
        cause = NotInspectedCause.STATION_FAILED if failed else NotInspectedCause.STOPPED
        self._frame_matcher.close_view(self._view, cause)
        if answers:
            self._connection.stop_acquisition()
        return "" if answers else _CAMERA_HANGS

    def end_inspection(self) -> str:
        """Judge what still waits, or close it as STOPPED if that takes too long; return what went wrong, or ""."""
        hangs = self._judges_too_long.hangs
        if hangs or not self._inspector.join(_EMPTY_QUEUE_WITHIN_S):
            self._inspection.stop_judging()
            if not self._inspector.join(0 if hangs else _LONGEST_STEP_S):
                return _INSPECTION_HANGS
        return "" if self._inspector.finished else "The inspection worker ended before its work."


def _named(work: str, view: str) -> str:
    return f"{work} {view}".rstrip()
