"""One run of the line, from opening its cameras to its end in the records."""

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from station.camera.source import CameraInfo, FrameSource
from station.concurrency.worker import Worker
from station.domain.errors import FaultError, StationError, StorageError
from station.domain.formatting import counted, one_or_many
from station.domain.inspection import PartKey, RunKind
from station.domain.messages import FaultReported, LineState
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline.context import LineContext
from station.pipeline.line_state import LineStateMachine
from station.pipeline.revision_in_use import RevisionInUse
from station.pipeline.run_opening import RunOpening
from station.pipeline.run_request import RunRequest
from station.pipeline.run_workers import RunWorkers

_WATCH_S = 0.1
_ASKED_EVERY_S = 0.5
_ENDS_WITHIN_S = 0.01
"""A thread that has given its last frame is over within this time."""


class Line:
    """A run of the line on a thread of its own, which supervises the workers. Used once.

        new --start()--> opening --> running --stop(), last picture, failed worker--> finishing --> ended
                            | a StationError: `error`, nothing was recorded                           ^
                            +-------------------------------------------------------------------------+

    Opening takes as long as the camera and the model take. Only `wait` waits; all other methods return at once.
    """

    def __init__(self, run_request: RunRequest, context: LineContext, line_state: LineStateMachine) -> None:
        self._run_request = run_request
        self._context = context
        self._line_state = line_state
        self._thread = Worker("line", self._step, self._report_bug, at_end=self._enter_last_state)
        self._next: Callable[[], bool] = self._open
        self._opening = RunOpening(run_request, context, self.trigger)
        self._revision = RevisionInUse(run_request, context, self._opening)
        self._ending = threading.Lock()
        self._has_ended = False
        self._stopping = threading.Event()
        self._called, self._looks = threading.Event(), threading.Event()
        self._reason = self._stopped_by = ""
        self._workers: RunWorkers | None = None
        self._asked_s = time.monotonic()
        self.error: StationError | None = None

    @property
    def ended(self) -> bool:
        """Return True if the run is over and its thread has ended."""
        return not self._thread.alive

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Return a description of each opened camera, by its view."""
        return self._opening.cameras

    @property
    def sources(self) -> Mapping[str, FrameSource]:
        """Return the opened cameras by their views. Only the line may fetch from them."""
        return self._opening.sources

    @property
    def expected_interval_s(self) -> float | None:
        """Return the usual time between two parts, in seconds; None if no part can be expected."""
        return self._workers.expected_interval_s if self._workers else None

    @property
    def refused_by_disk(self) -> bool:
        """Return True while the disk refuses records; they are kept and tried again."""
        return self._workers is not None and self._workers.refused_by_disk

    def start(self) -> None:
        """Start the run. Returns at once."""
        self._line_state.enter_state(LineState.STARTING)
        self._thread.start()

    def stop(self, reason: str = "", person: str = "") -> None:
        """Ask for the end. Parts that were triggered still get their verdict and their record."""
        with self._ending:
            if self._has_ended:
                return
            if not self._stopping.is_set():
                self._reason, self._stopped_by = reason, person
                self._stopping.set()
                self._line_state.enter_state(LineState.STOPPING, reason)
        if self._workers:
            self._workers.stop()

    def abandon(self) -> None:
        """Ask for the end without waiting for a disk that refuses records. The run stays unfinished in the records."""
        self.stop()
        if self._workers:
            self._workers.abandon()

    def look_now(self) -> None:
        """Ask now whether another revision must be used, and not only twice a second. Returns at once."""
        self._looks.set()
        self._called.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; return False if the run is not over."""
        return self._thread.join(timeout_s)

    def pause(self, person: str = "") -> None:
        """Admit no more parts until `resume`."""
        self._running_workers().admission.pause(person)

    def resume(self, reason: str = "", person: str = "") -> None:
        """Admit parts again after a pause, and record its reason."""
        self._running_workers().admission.resume(reason, person)

    def trigger(self) -> PartKey:
        """Open a part by software trigger.

        Raises:
            LineNotReadyError: The line takes no parts now, or a check runs: any other part would count as one of its
                challenge parts.
        """
        if self._run_request.kind is RunKind.CHALLENGE:
            raise LineNotReadyError("A check with challenge parts runs. It asks for its parts itself (Ctrl+F8).")
        return self._running_workers().admission.trigger()

    def trigger_challenge_part(self) -> PartKey:
        """Open the part that a check has asked for.

        Raises:
            LineNotReadyError: The line takes no parts now, or no check runs.
        """
        if self._run_request.kind is not RunKind.CHALLENGE:
            raise LineNotReadyError("No check with challenge parts runs.")
        return self._running_workers().admission.trigger()

    def _running_workers(self) -> RunWorkers:
        if self._workers is None or self._stopping.is_set():
            raise LineNotReadyError("The line does not run.")
        return self._workers

    def _step(self) -> bool:
        return self._next()

    def _open(self) -> bool:
        self._next = self._release
        try:
            self._workers = self._open_all()
        except StationError as error:
            self._fail_start(error)
            return True
        self._next = partial(self._watch, self._workers)
        self._revision.withhold_if_due(self._workers, begins=True)
        self._workers.start()
        self._line_state.replace_state(LineState.STARTING, LineState.WAITING)
        if self._stopping.is_set():
            self._workers.stop()
        return True

    def _open_all(self) -> RunWorkers:
        view_inputs = self._opening.open()
        self._context.refresh_lot()
        return RunWorkers(
            self._opening.begin_run(self._run_request.recipe),
            view_inputs,
            self._context.of_kind(self._run_request.kind).keeping(self._revision.keep_pass_every),
            self._line_state,
            self._run_request.count,
            self._called.set,
        )

    def _watch(self, workers: RunWorkers) -> bool:
        self._called.wait(_WATCH_S)
        self._called.clear()
        if workers.wait_for_an_end(0 if self._looks.is_set() else _ENDS_WITHIN_S):
            if not (self._stopping.is_set() or workers.has_failed):
                self._reason = self._reason or self._why_ended(workers)
            self._line_state.enter_state(LineState.STOPPING, self._reason)
            self._next = partial(self._finish, workers)
            return True
        if self._is_time_to_ask():
            self._revision.follow(workers)
        for run_id in workers.end_replaced_runs():
            self._opening.models.close_run(run_id)
        return True

    def _is_time_to_ask(self) -> bool:
        """Return whether what the line goes by may have changed: twice a second, and when this program says so."""
        now_s, looks = time.monotonic(), self._looks.is_set()
        self._looks.clear()
        if self._stopping.is_set() or (now_s - self._asked_s < _ASKED_EVERY_S and not looks):
            return False
        self._asked_s = now_s
        return True

    def _why_ended(self, workers: RunWorkers) -> str:
        """Return why a run has ended that nobody has stopped, for the screen and the record."""
        if self._run_request.count is not None and workers.opened >= self._run_request.count:
            wanted = counted(self._run_request.count, "part")
            were = one_or_many(self._run_request.count, "was wanted, and it has", "were wanted, and all of them have")
            return f"{wanted} {were} come"
        return "there are no more pictures, all of them were inspected"

    def _finish(self, workers: RunWorkers) -> bool:
        self._next = self._release
        complete = workers.finish(self._reason, self._stopped_by)
        if workers.failure:
            self.error = FaultError(workers.failure)
        elif not complete:
            self.error = StorageError("The disk refused records to the end; the run is not complete in the records.")
        return True

    def _release(self) -> bool:
        self._opening.close()
        return False

    def _fail_start(self, error: StationError) -> None:
        self.error = error
        self._context.publish(FaultReported.of("line", error))

    def _report_bug(self, where: str, error: BaseException) -> None:
        bug = f"The line failed: {type(error).__name__}: {error}."
        shown = error if isinstance(error, StationError) else FaultError(bug)
        self._context.publish(FaultReported.of(where, shown))
        self.error = self.error or shown

    def _enter_last_state(self) -> None:
        """Enter the last state, as the last act of this thread: from now on the line can be started again."""
        self._context.forget_serial()
        stopped_well = self._workers is None or self.error is None
        text = self.error.sentence if self.error else self._reason
        with self._ending:
            self._has_ended = True
            state = LineState.STOPPED if stopped_well else LineState.FAULT
            self._line_state.enter_state(state, text, "" if self.error else self._reason)
