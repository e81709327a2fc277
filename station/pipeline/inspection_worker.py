"""The inspection worker of one view: every capture from its queue is judged or closed, and joins its part."""

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from station.concurrency.started import Started
from station.domain.errors import is_lack_of_memory
from station.domain.frame import Frame, NotInspectedCause
from station.domain.messages import LineState
from station.domain.part_images import ViewResult
from station.domain.verdict import Prediction
from station.judgement.inspector import Judgement, Start
from station.matching.capture import Capture
from station.matching.frame_queue import FrameQueue
from station.pipeline.line_state import LineStateMachine
from station.pipeline.part_assembler import PartAssembler, result_of


class Judge(Protocol):
    """Judges frames of one view; an Inspector on the line."""

    def inspect(self, frame: Frame) -> ViewResult:
        """Return the judgement of one frame."""
        ...

    def begin(self, frame: Frame, start: Start) -> Judgement:
        """Prepare one frame and let the model look at it on another thread."""
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

    def begin(self, run_id: int, frame: Frame, start: Start) -> Judgement:
        """Prepare one frame of a part of this run, and let the model look at it on another thread."""
        return self._judges[run_id].begin(frame, start)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A capture, and how to get its result."""

    capture: Capture
    judgement: Judgement


class InspectionStep:
    """The step of one view's inspection worker. It ends when the view's queue has ended.

    Stored pictures are judged with one picture ahead: while the model looks at one, the next one is prepared. A picture
    of a camera never waits for another one.

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
        *,
        ahead: bool = False,
        withholds: Callable[[], bool] = bool,
    ) -> None:
        """Judge from now on.

        Args:
            frame_queue: The captures.
            judges: Judge the frames.
            assembler: Takes the results.
            line_state: The line's state.
            wait_s: Longest wait of a step.
            ahead: Prepare the next picture while the model looks at one.
            withholds: Returns whether no part may be judged now: a check is due.
        """
        self._withholds = withholds
        self._ahead = ahead
        self._begun: _Begun | None = None
        self._owed: deque[tuple[Capture, ViewResult | None]] = deque()
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
        while self._owed:
            self._close(*self._owed.popleft())
        begun, self._begun = self._begun or self._begin_next(self._wait_s), None
        if begun is None:
            if self._assembler.idle:
                self._line_state.replace_state(LineState.INSPECTING, LineState.WAITING)
            return not self._frame_queue.ended
        self._line_state.replace_state(LineState.WAITING, LineState.INSPECTING)
        with ExitStack() as whatever_fails:  # the last callback is called first
            whatever_fails.callback(self._finish_last)
            whatever_fails.callback(self._finish, begun)
            self._begun = self._begin_next(0) if self._ahead else None
        return True

    def _begin_next(self, timeout_s: float) -> _Begun | None:
        capture = self._frame_queue.take_capture(timeout_s)
        if capture is None:
            return None
        judgement = None
        try:
            judgement = self._begin(capture)
        finally:
            if judgement is None:
                self._close(capture)
        return _Begun(capture, judgement)

    def _begin(self, capture: Capture) -> Judgement:
        if capture.frame is None:
            return partial(result_of, capture)
        if self._stopped:
            return partial(result_of, capture, NotInspectedCause.STOPPED)
        if self._withholds():
            return partial(result_of, capture, NotInspectedCause.CHECK_DUE)
        run_id = capture.trigger.key.run_id
        if self._ahead:
            return self.judges.begin(run_id, capture.frame, _on_another_thread)
        return partial(self.judges.inspect, run_id, capture.frame)

    def _finish_last(self) -> None:
        """Finish what is begun if nothing comes behind it."""
        if self._begun and self._frame_queue.ended:
            last, self._begun = self._begun, None
            self._finish(last)

    def _finish(self, begun: _Begun) -> None:
        result = None
        try:
            result = begun.judgement()
        finally:
            self._close(begun.capture, result)

    def _close(self, capture: Capture, result: ViewResult | None = None) -> None:
        """Hand over the result of a capture; it is owed if even that takes more memory than there is now."""
        try:
            self._assembler.add_result(capture.trigger, result or result_of(capture, NotInspectedCause.STATION_FAILED))
        except BaseException as error:
            if is_lack_of_memory(error):
                self._owed.append((capture, result))
            raise


def _on_another_thread(predict: Callable[[], Prediction]) -> Callable[[], Prediction]:
    return Started("model", predict).result
