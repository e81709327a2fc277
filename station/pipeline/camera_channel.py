"""One camera's way through the line: its acquisition, its ring, and the judgement of its view."""

from collections.abc import Callable
from dataclasses import dataclass

from station.camera.connection import CameraConnection
from station.concurrency.worker import Worker
from station.domain.frame import NotInspectedCause
from station.matching.frame_matcher import FrameMatcher
from station.matching.frame_queue import RingBuffer
from station.pipeline.acquisition import Acquisition
from station.pipeline.inspection_worker import InspectionStep, Judge

_JUDGE_WHAT_WAITS_S = 5.0
_LONGEST_STEP_S = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class ViewInput:
    """What looks at one view: a camera, opened, and who judges its pictures."""

    link: CameraConnection
    judge: Judge

    def ring(self, slots: int) -> RingBuffer:
        """The place between them: a source that waits never has more than one picture there."""
        return RingBuffer(1 if self.link.source.info.on_demand else slots)


class CameraChannel:
    """The two workers of one view: camera -> acquisition -> ring -> inspection -> assembly."""

    def __init__(
        self,
        view: str,
        link: CameraConnection,
        pairing: FrameMatcher,
        acquisition: Acquisition,
        judging: InspectionStep,
        on_failure: Callable[[str, Exception], None],
    ) -> None:
        """Nothing runs yet."""
        self._view = view
        self._link = link
        self._pairing = pairing
        self._judging = judging
        self._acquirer = Worker(_named("acquisition", view), acquisition.step, on_failure)
        self._inspector = Worker(_named("inspection", view), judging.step, on_failure)

    @property
    def judges(self) -> bool:
        """Shots are still judged."""
        return self._inspector.alive

    @property
    def failed(self) -> bool:
        """One of the workers gave up."""
        return self._acquirer.failed or self._inspector.failed

    def start(self) -> None:
        """The consumer first."""
        self._inspector.start()
        self._acquirer.start()

    def wait_for_last_picture(self, timeout_s: float) -> bool:
        """Wait until the acquisition has ended; whether that came in time."""
        return self._acquirer.join(timeout_s)

    def end_acquisition(self) -> str:
        """Wait for the acquisition's end, which was asked for, and let the camera rest; what went wrong."""
        answers = self._acquirer.join(_LONGEST_STEP_S)
        failed = self._acquirer.failed or not answers
        cause = NotInspectedCause.STATION_FAILED if failed else NotInspectedCause.STOPPED
        self._pairing.leave(self._view, cause)
        if answers:
            self._link.stop_acquisition()
        return "" if answers else "The camera does not answer."

    def end_inspection(self) -> str:
        """Judge what still waits, or close it as STOPPED when that takes too long; what went wrong."""
        if not self._inspector.join(_JUDGE_WHAT_WAITS_S):
            self._judging.hurry()
            if not self._inspector.join(_LONGEST_STEP_S):
                return "The inspection worker hangs."
        return "" if self._inspector.finished else "The inspection worker ended before its work."


def _named(work: str, view: str) -> str:
    return f"{work} {view}".rstrip()
