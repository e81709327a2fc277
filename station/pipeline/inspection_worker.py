"""The inspection worker of one view: every capture from its queue is judged or closed, and joins its part."""

from collections.abc import Mapping
from typing import Protocol

from station.domain.frame import Frame, NotInspectedCause
from station.domain.messages import LineState
from station.domain.part_images import ViewResult
from station.matching.capture import Capture
from station.matching.frame_queue import FrameQueue
from station.pipeline.line_state import LineStateMachine
from station.pipeline.part_assembler import PartAssembler, result_of


class Judge(Protocol):
    """Judges frames of one view; an Inspector on the line."""

    def inspect(self, frame: Frame) -> ViewResult:
        """Return the judgement of one frame."""
        ...


class JudgeOfRun:
    """The judges of one view, by the run that a part belongs to: a part is judged by the revision it was opened under.

    One thread may add and remove judges while another one judges.
    """

    def __init__(self, run_id: int, judge: Judge) -> None:
        self._judges: Mapping[int, Judge] = {run_id: judge}

    def add(self, run_id: int, judge: Judge) -> None:
        """Judge the parts of this run by this judge; call it before the first of them is opened."""
        self._judges = {**self._judges, run_id: judge}

    def remove(self, run_id: int) -> None:
        """Forget the judge of a run whose parts are all judged, so that its model can be released."""
        self._judges = {other: judge for other, judge in self._judges.items() if other != run_id}

    def inspect(self, run_id: int, frame: Frame) -> ViewResult:
        """Return the judgement of one frame of a part of this run."""
        return self._judges[run_id].inspect(frame)


class InspectionStep:
    """The step of one view's inspection worker. It ends when the view's queue has ended.

    Attributes:
        judges: Judge the frames.
    """

    def __init__(
        self,
        frame_queue: FrameQueue,
        judges: JudgeOfRun,
        assembler: PartAssembler,
        line_state: LineStateMachine,
        wait_s: float = 0.1,
    ) -> None:
        self._frame_queue = frame_queue
        self.judges = judges
        self._assembler = assembler
        self._line_state = line_state
        self._wait_s = wait_s
        self._stopped = False

    def stop_judging(self) -> None:
        """Close every capture that still waits as STOPPED, without judging its frame."""
        self._stopped = True

    def step(self) -> bool:
        """Judge one capture. Every capture gets a result, whatever fails. Return False after the last one."""
        capture = self._frame_queue.take_capture(self._wait_s)
        if capture is None:
            if self._assembler.idle:
                self._line_state.replace_state(LineState.INSPECTING, LineState.WAITING)
            return not self._frame_queue.ended
        self._line_state.replace_state(LineState.WAITING, LineState.INSPECTING)
        result = None
        try:
            result = self._result(capture)
        finally:
            failed = NotInspectedCause.STATION_FAILED
            self._assembler.add_result(capture.trigger, result or result_of(capture, failed))
        return True

    def _result(self, capture: Capture) -> ViewResult:
        if capture.frame is None:
            return result_of(capture)
        if self._stopped:
            return result_of(capture, NotInspectedCause.STOPPED)
        return self.judges.inspect(capture.trigger.key.run_id, capture.frame)
