"""The step of a camera's thread: every delivery, and every frame that should have come, goes to the matcher."""

from station.camera.connection import CameraConnection
from station.domain.errors import CameraError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.matching.frame_matcher import FrameMatcher
from station.pipeline.admission import Admission
from station.pipeline.camera_triggers import CameraTriggers

_UNSYNCHRONISED_AFTER = 5


class Acquisition:
    """The step of one camera's worker. It ends with the line, or at the camera's last frame.

    A camera keeps sending frames while the line rests; they open no parts. If it was stopped instead, stored pictures
    would begin again at the first one, and a camera that is lost meanwhile would not be noticed.

    A camera whose frame is overdue is made unavailable and restarted, because a late frame has no part. So is a camera
    that is stopped or lost. Triggers are held meanwhile (see CameraTriggers).

    An on-demand source is asked for a frame only if there is room for it. So it never overruns, its frames are never
    late, and it is never restarted.
    """

    def __init__(
        self,
        view: str,
        connection: CameraConnection,
        admission: Admission,
        frame_matcher: FrameMatcher,
        camera_triggers: CameraTriggers,
        *,
        room_for: int,
        wait_s: float = 0.05,
    ) -> None:
        """Take frames from now on.

        Args:
            view: The camera's name in the recipe.
            connection: The camera, opened.
            admission: Decides whether parts are admitted, and takes reports of losses.
            frame_matcher: Takes the deliveries.
            camera_triggers: Holds the triggers while a camera is made unavailable.
            room_for: Number of unrecorded parts from which on an on-demand source is asked for no more.
            wait_s: Longest wait of a step.
        """
        self._view = view
        self._connection = connection
        self._admission = admission
        self._frame_matcher = frame_matcher
        self._camera_triggers = camera_triggers
        self._room_for = room_for
        self._wait_s = wait_s
        self._ended = False
        self._unsynchronised = False

    def step(self) -> bool:
        """Take one delivery, try once to reconnect, or wait a short time; return False at the end."""
        if self._ended:
            detail = "there are no more pictures"
            self._frame_matcher.close_view(self._view, NotInspectedCause.NO_PICTURE_IN_TIME, detail)
            return False
        if self._admission.is_finished(self._view):
            self._frame_matcher.close_view(self._view, NotInspectedCause.STOPPED)
            return False
        try:
            self._take_one()
        except CameraError as error:
            self._lose_camera(error)
        return True

    def _take_one(self) -> None:
        resting = self._admission.update_pause()
        if self._connection.lost:
            self._try_reconnect()
        elif not self._connection.source.info.on_demand:
            self._match_next()
        elif resting and not self._frame_matcher.has_pending(self._view):
            self._admission.wait_for_stop(self._wait_s)
        elif self._frame_matcher.wait_for_room(self._view, self._room_for, self._wait_s):
            self._match_next()

    def _match_next(self) -> None:
        asked_s = self._frame_matcher.now_s  # a frame that comes during the fetch may be delivered by the next one only
        if delivery := self._fetch():
            self._frame_matcher.add_delivery(self._view, delivery)
        elif self._frame_matcher.needs_restart(self._view):
            self._restart()
        else:
            self._frame_matcher.expire_pending(self._view, asked_s)
        self._report_if_unsynchronised()

    def _report_if_unsynchronised(self) -> None:
        unsynchronised = self._frame_matcher.missed_in_a_row(self._view) >= _UNSYNCHRONISED_AFTER
        if unsynchronised and not self._unsynchronised:
            self._admission.report_unsynchronised(self._view)
        self._unsynchronised = unsynchronised

    def _fetch(self) -> Frame | LostFrame | None:
        delivery = self._connection.fetch(self._wait_s)
        if isinstance(delivery, EndOfFrames):
            self._ended = True
            return None
        if delivery is not None:
            self._admission.report_delivering(self._view)
        return delivery

    def _restart(self) -> None:
        with self._camera_triggers.hold_triggers():
            self._frame_matcher.set_unavailable(self._view, NotInspectedCause.NO_PICTURE_IN_TIME)
        self._connection.stop_acquisition()
        self._connection.start_acquisition()
        self._frame_matcher.resume_camera(self._view)
        self._admission.report_restarted(self._view)

    def _lose_camera(self, error: CameraError) -> None:
        with self._camera_triggers.hold_triggers():
            self._connection.mark_lost()
            self._frame_matcher.set_unavailable(self._view, NotInspectedCause.CAMERA_LOST)
        self._admission.report_lost(self._view, error.sentence)

    def _try_reconnect(self) -> None:
        if not self._connection.try_reconnect():
            self._admission.wait_for_stop(self._wait_s)
            return
        self._frame_matcher.resume_camera(self._view)
        if not self._connection.watched:
            self._admission.report_delivering(self._view)
