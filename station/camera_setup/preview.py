"""A camera in preview, for setting it up: opened, shown and measured on its own thread. Nothing is recorded."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from station.camera.connection import CameraConnection
from station.camera.source import FrameSource
from station.camera_setup.feature_cache import FeatureCache
from station.camera_setup.feature_poller import FeaturePoller
from station.camera_setup.feature_write import write_feature
from station.camera_setup.frame_rate import FrameRate
from station.camera_setup.line_look import LineLook
from station.concurrency.latest import Latest
from station.concurrency.requests import Requests
from station.concurrency.worker import Worker
from station.domain.camera import CameraFeature, feature_of
from station.domain.errors import CameraError, StationError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from station.domain.recipe import SettingValue
from station.vision.exposure import preview_picture

_FETCH_S = _TICK_S = 0.05
_SHOWN_EVERY_S = 0.04
_ANSWER_WITHIN_S = 30.0
_FRAMES_KEPT = 3


class Preview:
    """One camera that a person sets up and looks at.

    One worker thread opens, fetches, writes and closes; a write waits for the worker's next step. A camera with
    `live_features` is read on other threads while its pictures continue. `live` and `status` may be read at any time.
    """

    def __init__(
        self,
        source: str,
        open_source: Callable[[], FrameSource],
        lost_after_s: float,
        *,
        after: "Preview | LineLook | None" = None,
    ) -> None:
        """Prepare the preview; nothing is opened before `start`.

        Args:
            source: Source URI of the camera, such as "genicam:4711".
            open_source: Opens it, running free.
            lost_after_s: Seconds without a picture after which the camera is lost.
            after: The previous preview, which has to release its camera first.
        """
        self.live: Latest[PreviewPicture] = Latest()
        self.frames: deque[Frame] = deque(maxlen=_FRAMES_KEPT)
        self._open_source = open_source
        self._lost_after_s = lost_after_s
        self._after = after
        self._connection: CameraConnection | None = None
        self._status = PreviewStatus(PreviewState.CONNECTING, source)
        self._features = FeatureCache()
        self._poller: FeaturePoller | None = None
        self._rate = FrameRate()
        self._shown_s = 0.0
        self._requests = Requests(source, _ANSWER_WITHIN_S)
        self._worker = Worker("preview", self._step, self._on_failure, self._release)

    def start(self) -> None:
        """Start connecting. Returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Start releasing the camera. Returns at once."""
        self._worker.stop()

    def wait_released(self, timeout_s: float) -> bool:
        """Wait until this camera and the previous one are released; return False if that took longer."""
        deadline = time.monotonic() + timeout_s
        before = self._after
        if before is not None and not before.wait_released(timeout_s):
            return False
        return self._worker.join(max(0.0, deadline - time.monotonic()))

    @property
    def status(self) -> PreviewStatus:
        """The state of the camera, its counters and the newest readings."""
        readings = self._poller.newest if self._poller else ()
        interval_s = self._connection.expected_interval_s if self._connection else None
        return replace(self._status, interval_s=interval_s, readings=self._features.with_stopped_access(readings))

    def poll_features(self, names: tuple[str, ...]) -> None:
        """Also read these features once a second into `status.readings`, if the camera allows it. Returns at once."""
        if self._poller is not None:
            self._poller.poll_features(names)

    def features(self) -> tuple[CameraFeature, ...]:
        """Return the features as they were last read: before the first picture, and after each write.

        Raises:
            CameraError: The camera is not connected.
        """
        self._requests.ask_worker(self._connected)
        return self._features.newest

    def read_features(self) -> tuple[CameraFeature, ...]:
        """Read all features now and return them. A large tree takes seconds; pictures continue meanwhile.

        Raises:
            CameraError: The camera cannot be read, or is not connected.
        """
        source = self._requests.ask_worker(self._connected).source
        if source.live_features is not None:
            return self._features.read(source)
        return self._requests.ask_worker(lambda: self._features.read(source))

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Write one feature, stopping acquisition if the camera requires it; return all features as they are then.

        Raises:
            CameraError: It cannot be set; the sentence names the limit that prevents it.
        """
        self._requests.ask_worker(lambda: write_feature(self._connected(), self._features, name, value))
        return self.read_features()

    def settings(self) -> dict[str, SettingValue]:
        """Return the writable settings that a recipe can hold, by SFNC name. Waits for the camera.

        Raises:
            CameraError: The camera cannot be read, or is not connected.
        """
        writable = {each.name for each in self.read_features() if each.access.writable}
        settings = self._requests.ask_worker(self._settings)
        return {name: value for name, value in settings.items() if feature_of(name) in writable}

    # ---- on the worker's thread

    def _step(self) -> bool:
        if self._after is not None:
            if self._after.wait_released(_TICK_S):
                self._after = None
            return True
        if self._connection is None:
            return self._connect()
        self._requests.serve_requests()
        return self._run_connection(self._connection)

    def _connect(self) -> bool:
        try:
            source = self._open_source()
            self._connection = CameraConnection(source, {}, runs_free=True, lost_after_s=self._lost_after_s)
            self._features.read_when_stopped(source)
            self._connection.start_acquisition()
        except StationError as error:
            self._update_status(state=PreviewState.REFUSED, sentence=str(error))
            return False
        if source.live_features is not None:
            self._poller = FeaturePoller(source.live_features)
            self._poller.start()
        info = source.info
        self._update_status(state=PreviewState.LIVE, name=f"{info.model} {info.serial}, {info.vendor}".strip(", "))
        return True

    def _run_connection(self, connection: CameraConnection) -> bool:
        if connection.lost:
            return self._try_reconnect(connection)
        try:
            return self._fetch(connection)
        except CameraError as error:
            connection.mark_lost()
            self._rate.reset()
            lost = self._status.losses + 1
            self._update_status(state=PreviewState.LOST, sentence=str(error), frame_rate_hz=None, losses=lost)
            return True

    def _try_reconnect(self, connection: CameraConnection) -> bool:
        if connection.try_reconnect():
            self._update_status(state=PreviewState.LIVE, sentence="")
        else:
            self._requests.serve_requests(_TICK_S)
        return True

    def _fetch(self, connection: CameraConnection) -> bool:
        """Count everything that arrived and show only the newest: a slow screen must not look like a slow camera."""
        newest: Frame | None = None
        wait_s = _FETCH_S
        while (delivery := connection.fetch(wait_s)) is not None:
            match delivery:
                case Frame():
                    newest = delivery
                    self._count(delivery)
                case LostFrame():
                    self._count_lost(delivery)
                case EndOfFrames():
                    self._update_status(state=PreviewState.NONE, sentence="All pictures have been shown.")
                    return False
            if connection.source.info.on_demand:
                break
            wait_s = 0
        if newest is not None:
            self._show(newest, connection.source.info.on_demand)
        return True

    def _show(self, frame: Frame, on_demand: bool) -> None:
        left_s = self._shown_s + _SHOWN_EVERY_S - time.monotonic()
        if left_s > 0 and not on_demand:
            return
        if left_s > 0:
            self._requests.serve_requests(left_s)
        self._shown_s = time.monotonic()
        self.live.put(preview_picture(frame))

    def _count(self, frame: Frame) -> None:
        self.frames.append(frame)
        rate_hz = self._rate.count_frame(frame.received_ns)
        self._update_status(frames=self._status.frames + 1, frame_rate_hz=rate_hz)

    def _count_lost(self, lost: LostFrame) -> None:
        if lost.cause is NotInspectedCause.INCOMPLETE_FRAME:
            self._update_status(incomplete=self._status.incomplete + 1)
        else:
            self._update_status(lost=self._status.lost + 1)

    def _settings(self) -> dict[str, SettingValue]:
        return self._connected().source.settings()

    def _connected(self) -> CameraConnection:
        if self._connection is None:
            raise CameraError(f"{self._status.source} is not connected.", "Connect it first.")
        if self._connection.lost:
            raise CameraError(f"{self._status.source} is lost at the moment.", "The station reconnects by itself.")
        return self._connection

    def _update_status(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the status
        self._status = replace(self._status, **changes)

    def _on_failure(self, _name: str, error: BaseException) -> None:
        self._update_status(state=PreviewState.REFUSED, sentence=f"The camera preview failed: {error}.")

    def _release(self) -> None:
        self._requests.end_requests()
        if self._poller is not None:
            self._poller.stop()
        if self._connection is not None:
            self._connection.source.close()
        if self._poller is not None:
            self._poller.join(_ANSWER_WITHIN_S)
        if self._status.state is not PreviewState.REFUSED:
            self._update_status(state=PreviewState.NONE, frame_rate_hz=None)
