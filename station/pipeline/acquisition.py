"""The acquisition worker: what comes from the camera, and what should have come, becomes parts."""

import threading
import time
from collections.abc import Callable

from station.domain.errors import CameraError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.domain.inspection import PartKey
from station.domain.messages import CameraLost, CameraReturned, LineState, Message, StationTrouble
from station.domain.shift import EventKind, StationEvent
from station.pipeline.camera_link import CameraLink
from station.pipeline.ledger import Ledger
from station.pipeline.pairing import LineNotReadyError, Pairing
from station.pipeline.phase import Phase
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.trigger import utc_now

UNRECORDED_PARTS = 2000
"""So many parts may wait for the disk; then the line takes no more until half of them are written."""

_DISK_BEHIND = "The disk does not take the records."


class Acquisition:
    """The step of the acquisition worker. It ends at `stop`, at the last picture, or after `count` parts.

        taking <--> resting      while a person pauses the line, or too many parts wait for the disk
        taking <--> camera lost  tried again with growing pauses

    A camera that sends pictures while the line rests goes on sending: they are thrown away, and are no parts. Started
    anew it could begin with what was inspected before, as stored and drawn pictures do; and one that is lost meanwhile
    would not be missed.

    A trigger whose picture is late is closed as NO_PICTURE_IN_TIME. From then on pictures and triggers could be
    paired wrongly, so all waiting triggers are closed with it and the camera is started anew: a late picture belongs
    to nobody. The same when the camera is stopped or lost. Meanwhile no trigger is taken: one that reached the camera
    before it was started anew, and the books after, would take the next one's picture.

    A source that waits is asked for a picture only when there is room for it, and so never overruns; its pictures are
    never late, and it is never started anew.
    """

    def __init__(  # noqa: PLR0913 - the worker's whole surroundings
        self,
        link: CameraLink,
        pairing: Pairing,
        ledger: Ledger,
        ring: RingBuffer,
        phase: Phase,
        publish: Callable[[Message], None],
        note: Callable[[StationEvent], None],
        *,
        room_for: int,
        most_unrecorded: int = UNRECORDED_PARTS,
        count: int | None = None,
        wait_s: float = 0.05,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take parts from now on.

        Args:
            link: The camera, opened.
            pairing: Where its deliveries become parts.
            ledger: Tells how many parts there are.
            ring: Tells a source that waits when there is room.
            phase: The line's state.
            publish: For the news.
            note: For events that are recorded.
            room_for: So many parts may be unrecorded before a source that waits is asked for no more.
            most_unrecorded: So many before a live camera's pictures, and triggers, are taken no more.
            count: Parts to take, None for no end.
            wait_s: Longest wait of a step.
            clock: Monotonic seconds.
        """
        self._link = link
        self._pairing = pairing
        self._ledger = ledger
        self._ring = ring
        self._phase = phase
        self._publish = publish
        self._note = note
        self._room_for = room_for
        self._most_unrecorded = most_unrecorded
        self._count = count
        self._wait_s = wait_s
        self._clock = clock
        self._together = threading.Lock()
        self._stopping = threading.Event()
        self._pausing = False
        self._resting: LineState | None = None
        self._lost_at_s: float | None = None

    def stop(self) -> None:
        """Take no more parts. Returns at once."""
        self._stopping.set()

    def pause(self) -> None:
        """Take no more parts until `resume`, once the waiting triggers have their pictures. Returns at once."""
        self._pausing = True

    def resume(self) -> None:
        """Go on after a pause. Returns at once."""
        self._pausing = False

    def trigger(self) -> PartKey:
        """Open a part and ask the camera for its picture; from any thread.

        Raises:
            LineNotReadyError: The line takes no parts now; none was opened.
        """
        with self._together:
            if self._pausing or self._resting or self._ledger.unrecorded >= self._most_unrecorded:
                raise LineNotReadyError("The line takes no trigger now.")
            if self._link.lost:
                return self._pairing.open(given_up=NotInspectedCause.CAMERA_LOST).key
            trigger = self._pairing.open()
            try:
                self._link.source.trigger()
            except CameraError as error:
                self._pairing.refuse(trigger, error.sentence)
            return trigger.key

    def step(self) -> bool:
        """One delivery, one try to reconnect, or one short wait."""
        if self._stopping.is_set() or (self._count is not None and self._ledger.opened >= self._count):
            self._pairing.close(NotInspectedCause.STOPPED)
            return False
        try:
            self._take_one()
        except CameraError as error:
            self._camera_lost(error)
        return True

    def _take_one(self) -> None:
        if self._link.lost:
            self._try_again()
        elif self._rests():
            self._let_pass()
        elif not self._waits and self._pairing.late:
            self._start_anew()
        elif (not self._waits or self._has_room()) and (delivery := self._fetch()):
            self._pairing.deliver(delivery)

    @property
    def _waits(self) -> bool:
        return self._link.source.info.waits

    def _has_room(self) -> bool:
        return self._ledger.wait_below(self._room_for, self._wait_s) and self._ring.wait_for_room(self._wait_s)

    def _let_pass(self) -> None:
        if self._waits:
            self._stopping.wait(self._wait_s)
        else:
            self._fetch()  # no part

    def _fetch(self) -> Frame | LostFrame | None:
        delivery = self._link.fetch(self._wait_s)
        if isinstance(delivery, EndOfFrames):
            self.stop()
            return None
        if delivery is not None:
            self._camera_delivers()
        return delivery

    def _start_anew(self) -> None:
        with self._together:
            self._pairing.give_up(NotInspectedCause.NO_PICTURE_IN_TIME)
            self._link.rest()
            self._link.wake()
        sentence = f"{self._link.source.info.source} sent no picture in time and was started anew."
        self._publish(StationTrouble("camera", sentence, "Check the light, the trigger and the exposure time."))

    def _rests(self) -> bool:
        """Whether no part may be taken now: never while a trigger waits for its picture."""
        with self._together:
            before, self._resting = self._resting, self._reason_to_rest()
        if self._resting is not before:
            self._tell_of_rest(before)
        return self._resting is not None

    def _reason_to_rest(self) -> LineState | None:
        if self._pairing.waits:
            return None
        if self._pausing:
            return LineState.PAUSED
        if self._waits:
            return None
        most = self._most_unrecorded // 2 if self._resting is LineState.DISK_BEHIND else self._most_unrecorded
        return LineState.DISK_BEHIND if self._ledger.unrecorded >= most else None

    def _tell_of_rest(self, before: LineState | None) -> None:
        if before is not None:
            self._note(StationEvent(utc_now(), EventKind.RESUME, "resumed"))
        if self._resting is LineState.PAUSED:
            self._note(StationEvent(utc_now(), EventKind.PAUSE, "paused"))
        if self._resting is LineState.DISK_BEHIND:
            self._note(StationEvent(utc_now(), EventKind.FAULT, _DISK_BEHIND))
        self._enter_rest_or_waiting()

    def _enter_rest_or_waiting(self) -> None:
        self._phase.enter(
            self._resting or LineState.WAITING, _DISK_BEHIND if self._resting is LineState.DISK_BEHIND else ""
        )

    def _camera_lost(self, error: CameraError) -> None:
        with self._together:
            self._link.lose()
            self._pairing.give_up(NotInspectedCause.CAMERA_LOST)
        if self._lost_at_s is not None:
            return
        self._lost_at_s = self._clock()
        at, camera = utc_now(), self._link.source.info.source
        self._phase.enter(LineState.CAMERA_LOST, error.sentence)
        self._publish(CameraLost(camera, at, error.sentence))
        self._note(StationEvent(at, EventKind.CAMERA_LOST, error.sentence))

    def _try_again(self) -> None:
        if not self._link.try_again():
            self._stopping.wait(self._wait_s)
        elif not self._link.watched:
            self._camera_delivers()

    def _camera_delivers(self) -> None:
        """Where a camera was lost, it has returned: with its first picture, or at once where none comes by itself."""
        if self._lost_at_s is None:
            return
        gap_s, self._lost_at_s = self._clock() - self._lost_at_s, None
        at, camera = utc_now(), self._link.source.info.source
        self._publish(CameraReturned(camera, at, gap_s))
        self._note(StationEvent(at, EventKind.CAMERA_RETURNED, f"{camera} is back.", duration_s=gap_s))
        self._enter_rest_or_waiting()
