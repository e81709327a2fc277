"""Whether the line takes parts now: the same answer for all its cameras."""

import threading
import time
from collections.abc import Callable, Mapping

from station.camera.source import FrameSource
from station.domain.clock import utc_now
from station.domain.inspection import PartKey
from station.domain.messages import CameraLost, CameraReturned, FaultReported, LineState, Message
from station.domain.shift import RESUMED, EventKind, StationEvent
from station.matching.frame_matcher import FrameMatcher, LineNotReadyError
from station.pipeline.camera_triggers import CameraTriggers
from station.pipeline.line_state import LineStateMachine

_DISK_BEHIND = "The disk does not take the records."
_NO_PICTURE_IN_TIME = "The camera sent no picture in time. Check the light and the trigger, or call the engineer."


class Admission:
    """Decides whether parts are admitted, and knows which cameras are lost.

        admitting <--> resting      while a person pauses the line, or too many parts wait for the disk
        admitting <--> camera lost  at least one camera: parts are admitted, and cannot be judged whole
        admitting <--> withholding  a check with challenge parts is due: parts are admitted, and none is judged

    A line that rests keeps resting, whatever cameras are lost meanwhile.
    """

    def __init__(
        self,
        sources: Mapping[str, FrameSource],
        frame_matcher: FrameMatcher,
        camera_triggers: CameraTriggers,
        line_state: LineStateMachine,
        publish: Callable[[Message], None],
        add_event: Callable[[StationEvent], None],
        *,
        most_unrecorded: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Admit parts from now on.

        Args:
            sources: The camera of each view.
            frame_matcher: Matches frames and parts.
            camera_triggers: Opens a part and triggers the cameras.
            line_state: The line's state.
            publish: Takes the news.
            add_event: Takes events for the record.
            most_unrecorded: With this number of parts not on the disk, no more are admitted.
            clock: Monotonic seconds.
        """
        self._lock = threading.Lock()
        self._sources = sources
        self._frame_matcher = frame_matcher
        self._camera_triggers = camera_triggers
        self._line_state = line_state
        self._publish = publish
        self._add_event = add_event
        self._most_unrecorded = most_unrecorded
        self._clock = clock
        self._stopping = threading.Event()
        self._pausing = self._disk_behind = False
        self._resting: LineState | None = None
        self._paused_by = self._resumed_by = self._why_paused = ""
        self._lost: dict[str, tuple[float, str]] = {}
        self._check_due = ""
        self._closed = False

    def close(self) -> None:
        """Say nothing more of the line: it has ended, and a camera that hung until now may be lost late."""
        with self._lock:
            self._closed = True

    def stop(self) -> None:
        """Admit no more parts. Returns at once."""
        self._stopping.set()

    def wait_for_stop(self, timeout_s: float) -> None:
        """Wait until `stop` is called, at most `timeout_s`."""
        self._stopping.wait(timeout_s)

    def pause(self, person: str = "") -> None:
        """Admit no more parts until `resume`, and rest once open parts have their frames. Returns at once."""
        self._paused_by = person
        self._pausing = True

    def resume(self, reason: str = "", person: str = "") -> None:
        """Admit parts again after a pause, and record why it was made. Returns at once."""
        self._why_paused, self._resumed_by = reason, person
        self._pausing = False

    @property
    def withholds_verdicts(self) -> bool:
        """Return whether no part is judged now, because a check is due."""
        return bool(self._check_due)

    def withhold_verdicts(self, check_due: str) -> None:
        """Let every part end as NOT INSPECTED while a check is due.

        Args:
            check_due: What is due, for the person at the line; "" to judge again.
        """
        with self._lock:
            if check_due != self._check_due:
                self._check_due = check_due
                self._enter_state()

    def is_finished(self, view: str) -> bool:
        """Return True if nothing more is wanted from this camera."""
        if self._stopping.is_set():
            return not self._frame_matcher.completes_soon(view)
        return self._frame_matcher.is_full and not self._frame_matcher.has_pending(view)

    @property
    def takes_triggers(self) -> bool:
        """Return True if a trigger is accepted now."""
        resting = self._pausing or self._resting or self._disk_is_behind()
        return not (resting or self._frame_matcher.is_full or self._stopping.is_set())

    def trigger(self) -> PartKey:
        """Open a part and trigger all cameras at once; from any thread.

        Raises:
            LineNotReadyError: The line takes no parts now; none was opened.
        """
        with self._camera_triggers.wait_for_turn() as in_time:
            self.update_pause()  # a pause or a full disk counts for this trigger, even if no worker has seen it yet
            if not self.takes_triggers:
                raise LineNotReadyError("The line takes no trigger now.")
            return self._camera_triggers.open_part(in_time=in_time)

    def update_pause(self) -> bool:
        """Return True if no part is admitted now. Open parts get their frames; then a paused line is at rest."""
        with self._lock:
            reason = self._reason_to_rest()
            self._frame_matcher.set_admitting(reason is None and not self._stopping.is_set())
            resting = None if reason is LineState.PAUSED and self._frame_matcher.is_waiting else reason
            if resting is not self._resting and not self._closed:
                before, self._resting = self._resting, resting
                self._report_rest(before)
        return reason is not None

    def report_lost(self, view: str, sentence: str) -> None:
        """Report a lost camera, once until it has returned."""
        with self._lock:
            if view in self._lost or self._closed:
                return
            sentence = f"{view}: {sentence}" if view else sentence
            self._lost[view] = self._clock(), sentence
            at = utc_now()
            self._enter_state()
            self._publish(CameraLost(self._camera(view), at, sentence, view))
            self._add_event(StationEvent(at, EventKind.CAMERA_LOST, sentence))

    def report_delivering(self, view: str) -> None:
        """Report the return of a camera that was lost; otherwise do nothing."""
        with self._lock:
            if view not in self._lost or self._closed:
                return
            gap_s = self._clock() - self._lost.pop(view)[0]
            at, camera = utc_now(), self._camera(view)
            self._publish(CameraReturned(camera, at, gap_s, view))
            self._add_event(StationEvent(at, EventKind.CAMERA_RETURNED, f"{camera} is back.", duration_s=gap_s))
            self._enter_state()

    def report_restarted(self, view: str) -> None:
        """Report a camera that was restarted because it did not answer a trigger in time."""
        sentence = f"{self._camera(view)} sent no picture in time and was restarted."
        advice = "Check the light, the trigger and the exposure time."
        self._publish(FaultReported("camera", sentence, advice, _NO_PICTURE_IN_TIME))

    def report_unsynchronised(self, view: str) -> None:
        """Report a camera whose frames come at other times than those of the other cameras."""
        sentence = f"The pictures of {view} do not come together with those of the other cameras."
        advice = (
            "Trigger all cameras together, set in later_s which camera sees the parts later, and check that "
            "views_within_s is long enough for the slowest of them."
        )
        self._publish(
            FaultReported("camera", sentence, advice, f"The camera {view} is out of step. Call the engineer.")
        )

    def _camera(self, view: str) -> str:
        return self._sources[view].info.source

    @property
    def _on_demand(self) -> bool:
        return all(source.info.on_demand for source in self._sources.values())

    def _reason_to_rest(self) -> LineState | None:
        if self._pausing:
            return LineState.PAUSED
        if self._on_demand:
            return None
        return LineState.DISK_BEHIND if self._disk_is_behind() else None

    def _disk_is_behind(self) -> bool:
        """Return True from the limit on until half of it is written: one long rest, not single refused triggers."""
        most = self._most_unrecorded // 2 if self._disk_behind else self._most_unrecorded
        self._disk_behind = self._frame_matcher.unrecorded >= most
        return self._disk_behind

    def _report_rest(self, before: LineState | None) -> None:
        if before is not None:
            why, by = (self._why_paused, self._resumed_by) if before is LineState.PAUSED else ("", "")
            self._add_event(
                StationEvent(utc_now(), EventKind.RESUME, f"{RESUMED}: {why}" if why else RESUMED, person=by)
            )
        if self._resting is LineState.PAUSED:
            self._add_event(StationEvent(utc_now(), EventKind.PAUSE, "paused", person=self._paused_by))
        if self._resting is LineState.DISK_BEHIND:
            self._add_event(StationEvent(utc_now(), EventKind.FAULT, _DISK_BEHIND))
        self._enter_state()

    def _enter_state(self) -> None:
        if self._resting:
            self._line_state.enter_state(self._resting, _DISK_BEHIND if self._resting is LineState.DISK_BEHIND else "")
        elif self._lost:
            self._line_state.enter_state(LineState.CAMERA_LOST, next(iter(self._lost.values()))[1])
        elif self._check_due:
            self._line_state.enter_state(LineState.CHECK_DUE, self._check_due, self._check_due)
        else:
            self._line_state.enter_state(LineState.WAITING)
