"""Whether the line takes parts now: the same answer for all its cameras."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from station.camera.source import FrameSource
from station.domain.clock import utc_now
from station.domain.errors import CameraBusyError, CameraError
from station.domain.inspection import PartKey
from station.domain.messages import CameraLost, CameraReturned, FaultReported, LineState, Message
from station.domain.shift import EventKind, StationEvent
from station.matching.capture import Trigger
from station.matching.frame_matcher import FrameMatcher, LineNotReadyError
from station.matching.part_ledger import Ledger
from station.pipeline.line_state import LineStateMachine

_DISK_BEHIND = "The disk does not take the records."
_NO_PICTURE_IN_TIME = "The camera sent no picture in time. Check the light and the trigger, or call the engineer."
_LATEST_S = 0.02


class Admission:
    """Where parts are let in, and where it is known which cameras are lost.

        taking <--> resting      while a person pauses the line, or too many parts wait for the disk
        taking <--> camera lost  one of the cameras at least: parts are taken, and cannot be judged whole

    A line that rests rests, whatever cameras are lost meanwhile.

    Attributes:
        together: Held while a trigger reaches the cameras, and while a camera is taken out of the books.
        stopping: Set when no more parts are wanted.
    """

    def __init__(
        self,
        sources: Mapping[str, FrameSource],
        pairing: FrameMatcher,
        ledger: Ledger,
        phase: LineStateMachine,
        publish: Callable[[Message], None],
        note: Callable[[StationEvent], None],
        *,
        most_unrecorded: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take parts from now on.

        Args:
            sources: The camera of each view.
            pairing: Where parts are opened.
            ledger: Tells how many parts there are.
            phase: The line's state.
            publish: For the news.
            note: For events that are recorded.
            most_unrecorded: So many parts before a live camera's pictures, and triggers, are taken no more.
            clock: Monotonic seconds.
        """
        self.together = threading.Lock()
        self._lock = threading.Lock()
        self._sources = sources
        self._pairing = pairing
        self._ledger = ledger
        self._phase = phase
        self._publish = publish
        self._note = note
        self._most_unrecorded = most_unrecorded
        self._clock = clock
        self._asking = ThreadPoolExecutor(len(sources), "asking")
        self.stopping = threading.Event()
        self._pausing = self._disk_behind = False
        self._resting: LineState | None = None
        self._lost: dict[str, tuple[float, str]] = {}

    def stop(self) -> None:
        """Take no more parts. Returns at once."""
        self.stopping.set()

    def close(self) -> None:
        """No trigger comes any more."""
        self._asking.shutdown()

    def pause(self) -> None:
        """Take no more parts until `resume`, once those that are open have their pictures. Returns at once."""
        self._pausing = True

    def resume(self) -> None:
        """Go on after a pause. Returns at once."""
        self._pausing = False

    def over(self, view: str) -> bool:
        """Nothing more is wanted from this camera."""
        if self.stopping.is_set():
            return not self._pairing.completes(view)
        return self._pairing.full and not self._pairing.awaits(view)

    @property
    def takes_triggers(self) -> bool:
        """A trigger that comes now is taken."""
        resting = self._pausing or self._resting or self._disk_is_behind()
        return not (resting or self._pairing.full or self.stopping.is_set())

    def trigger(self) -> PartKey:
        """Open a part and ask all cameras at once for their pictures; from any thread.

        A trigger that the one before it holds up is an overrun: a picture taken later shows another part.

        Raises:
            LineNotReadyError: The line takes no parts now; none was opened.
        """
        in_time = self.together.acquire(timeout=_LATEST_S)
        try:
            self.rests()  # what was asked for since the cameras' workers looked counts for this trigger, too
            if not self.takes_triggers:
                raise LineNotReadyError("The line takes no trigger now.")
            trigger, views = self._pairing.open(in_time=in_time)
            self._ask(trigger, views)
            return trigger.key
        finally:
            if in_time:
                self.together.release()

    def _ask(self, trigger: Trigger, views: Sequence[str]) -> None:
        """Here and now, beside the others each on a thread of its own."""
        others = [self._asking.submit(self._ask_one, trigger, view) for view in views[1:]]
        for view in views[:1]:
            self._ask_one(trigger, view)
        for asked in others:
            asked.result()

    def _ask_one(self, trigger: Trigger, view: str) -> None:
        try:
            self._sources[view].trigger()
        except CameraError as error:
            self._pairing.refuse(trigger, view, error.sentence, asked=not isinstance(error, CameraBusyError))

    def rests(self) -> bool:
        """Whether no part is opened now; those that are open get their pictures, and then a paused line is at rest."""
        with self._lock:
            reason = self._reason_to_rest()
            self._pairing.admit(reason is None and not self.stopping.is_set())
            resting = None if reason is LineState.PAUSED and self._pairing.waits else reason
            if resting is not self._resting:
                before, self._resting = self._resting, resting
                self._tell_of_rest(before)
        return reason is not None

    def camera_lost(self, view: str, sentence: str) -> None:
        """A camera is gone; told once, until it has returned."""
        with self._lock:
            if view in self._lost:
                return
            sentence = f"{view}: {sentence}" if view else sentence
            self._lost[view] = self._clock(), sentence
            at = utc_now()
            self._enter_state()
            self._publish(CameraLost(self._camera(view), at, sentence, view))
            self._note(StationEvent(at, EventKind.CAMERA_LOST, sentence))

    def camera_delivers(self, view: str) -> None:
        """Where it was lost, it has returned."""
        with self._lock:
            if view not in self._lost:
                return
            gap_s = self._clock() - self._lost.pop(view)[0]
            at, camera = utc_now(), self._camera(view)
            self._publish(CameraReturned(camera, at, gap_s, view))
            self._note(StationEvent(at, EventKind.CAMERA_RETURNED, f"{camera} is back.", duration_s=gap_s))
            self._enter_state()

    def started_anew(self, view: str) -> None:
        """A camera did not answer a trigger, or not in time."""
        sentence = f"{self._camera(view)} sent no picture in time and was started anew."
        advice = "Check the light, the trigger and the exposure time."
        self._publish(FaultReported("camera", sentence, advice, _NO_PICTURE_IN_TIME))

    def apart(self, view: str) -> None:
        """A camera sends its pictures when the others do not."""
        sentence = f"The pictures of {view} do not come together with those of the other cameras."
        advice = (
            "Trigger all cameras together, say in later_s which sees the parts later, and see that views_within_s is "
            "long enough for the slowest of them."
        )
        self._publish(
            FaultReported("camera", sentence, advice, f"The camera {view} is out of step. Call the engineer.")
        )

    def _camera(self, view: str) -> str:
        return self._sources[view].info.source

    @property
    def _waits(self) -> bool:
        return all(source.info.on_demand for source in self._sources.values())

    def _reason_to_rest(self) -> LineState | None:
        if self._pausing:
            return LineState.PAUSED
        if self._waits:
            return None
        return LineState.DISK_BEHIND if self._disk_is_behind() else None

    def _disk_is_behind(self) -> bool:
        """Once it is, until it has caught up by half: the line rests rather than refuse a trigger here and there."""
        most = self._most_unrecorded // 2 if self._disk_behind else self._most_unrecorded
        self._disk_behind = self._ledger.unrecorded >= most
        return self._disk_behind

    def _tell_of_rest(self, before: LineState | None) -> None:
        if before is not None:
            self._note(StationEvent(utc_now(), EventKind.RESUME, "resumed"))
        if self._resting is LineState.PAUSED:
            self._note(StationEvent(utc_now(), EventKind.PAUSE, "paused"))
        if self._resting is LineState.DISK_BEHIND:
            self._note(StationEvent(utc_now(), EventKind.FAULT, _DISK_BEHIND))
        self._enter_state()

    def _enter_state(self) -> None:
        if self._resting:
            self._phase.enter(self._resting, _DISK_BEHIND if self._resting is LineState.DISK_BEHIND else "")
        elif self._lost:
            self._phase.enter(LineState.CAMERA_LOST, next(iter(self._lost.values()))[1])
        else:
            self._phase.enter(LineState.WAITING)
