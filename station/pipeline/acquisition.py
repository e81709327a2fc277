"""An acquisition worker: what comes from one camera, and what should have come, becomes its view of the parts."""

from station.camera.connection import CameraConnection
from station.domain.errors import CameraError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.matching.frame_matcher import FrameMatcher
from station.matching.frame_queue import RingBuffer
from station.matching.part_ledger import Ledger
from station.pipeline.admission import Admission

_APART_AFTER = 5


class Acquisition:
    """The step of one camera's worker. It ends when the line is over, or at the camera's last picture.

    A camera that sends pictures while the line rests goes on sending: they open no parts. Started anew it could begin
    with what was inspected before, as stored and drawn pictures do; and one that is lost meanwhile would not be missed.

    A camera whose picture is late is taken out of the books and started anew: a late picture belongs to nobody. The
    same when it is stopped or lost. No trigger reaches it meanwhile: one that came before it was started anew, and the
    books after, would take the next one's picture.

    A source that waits is asked for a picture only when there is room for it, and so never overruns; its pictures are
    never late, and it is never started anew.
    """

    def __init__(
        self,
        view: str,
        link: CameraConnection,
        intake: Admission,
        pairing: FrameMatcher,
        ledger: Ledger,
        ring: RingBuffer,
        *,
        room_for: int,
        wait_s: float = 0.05,
    ) -> None:
        """Take pictures from now on.

        Args:
            view: The camera's name in the recipe.
            link: The camera, opened.
            intake: Tells whether parts are taken now, and hears of losses.
            pairing: Where its deliveries become views of parts.
            ledger: Tells how many parts there are.
            ring: Tells a source that waits when there is room.
            room_for: So many parts may be unrecorded before a source that waits is asked for no more.
            wait_s: Longest wait of a step.
        """
        self._view = view
        self._link = link
        self._intake = intake
        self._pairing = pairing
        self._ledger = ledger
        self._ring = ring
        self._room_for = room_for
        self._wait_s = wait_s
        self._ended = False
        self._apart = False

    def step(self) -> bool:
        """One delivery, one try to reconnect, or one short wait."""
        if self._ended:
            self._pairing.leave(self._view, NotInspectedCause.NO_PICTURE_IN_TIME, "there are no more pictures")
            return False
        if self._intake.over(self._view):
            self._pairing.leave(self._view, NotInspectedCause.STOPPED)
            return False
        try:
            self._take_one()
        except CameraError as error:
            self._lose(error)
        return True

    def _take_one(self) -> None:
        rests = self._intake.rests()
        if self._link.lost:
            self._try_again()
        elif not self._waits:
            self._deliver()
        elif rests and not self._pairing.awaits(self._view):
            self._intake.stopping.wait(self._wait_s)
        elif self._has_room():
            self._deliver()

    def _deliver(self) -> None:
        asked_s = self._pairing.now_s  # what comes while the camera is asked may not be known yet when it has answered
        if delivery := self._fetch():
            self._pairing.deliver(self._view, delivery)
        elif self._pairing.late(self._view):
            self._start_anew()
        else:
            self._pairing.expire(self._view, asked_s)
        self._tell_when_apart()

    def _tell_when_apart(self) -> None:
        apart = self._pairing.missed_in_a_row(self._view) >= _APART_AFTER
        if apart and not self._apart:
            self._intake.apart(self._view)
        self._apart = apart

    @property
    def _waits(self) -> bool:
        return self._link.source.info.on_demand

    def _has_room(self) -> bool:
        """There always is for the picture of a part that the other cameras have seen."""
        awaited = self._pairing.awaits(self._view)
        return (awaited or self._ledger.wait_below(self._room_for, self._wait_s)) and self._ring.wait_for_room(
            self._wait_s
        )

    def _fetch(self) -> Frame | LostFrame | None:
        delivery = self._link.fetch(self._wait_s)
        if isinstance(delivery, EndOfFrames):
            self._ended = True
            return None
        if delivery is not None:
            self._intake.camera_delivers(self._view)
        return delivery

    def _start_anew(self) -> None:
        with self._intake.together:
            self._pairing.lose(self._view, NotInspectedCause.NO_PICTURE_IN_TIME)
        self._link.stop_acquisition()
        self._link.start_acquisition()
        self._pairing.found(self._view)
        self._intake.started_anew(self._view)

    def _lose(self, error: CameraError) -> None:
        with self._intake.together:
            self._link.mark_lost()
            self._pairing.lose(self._view, NotInspectedCause.CAMERA_LOST)
        self._intake.camera_lost(self._view, error.sentence)

    def _try_again(self) -> None:
        if not self._link.try_reconnect():
            self._intake.stopping.wait(self._wait_s)
            return
        self._pairing.found(self._view)
        if not self._link.watched:
            self._intake.camera_delivers(self._view)
