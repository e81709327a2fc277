"""A camera that is being set up: opened, watched and measured on a thread of its own. Nothing of it is recorded."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from station.camera.connection import CameraLink
from station.camera.feature_description import HasFeatureTree
from station.camera.source import FrameSource
from station.camera_setup.feature_cache import KnownFeatures
from station.camera_setup.feature_poller import Readings
from station.camera_setup.feature_write import write_feature
from station.camera_setup.frame_rate import FrameRate
from station.concurrency.latest import Latest
from station.concurrency.requests import Requests
from station.concurrency.worker import Worker
from station.domain.camera import CameraFeature, feature_of
from station.domain.errors import CameraError, StationError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from station.domain.recipe import SettingValue
from station.vision.exposure import developed

_FETCH_S = _TICK_S = 0.05
_SHOWN_EVERY_S = 0.04
_ANSWER_WITHIN_S = 30.0
_FRAMES_KEPT = 3


class Preview:
    """One camera under the eye of the person who sets it up.

    The worker opens, fetches, writes and closes, so whoever writes a feature waits for its next step. The features of
    a camera that describes itself are read beside it, and its pictures go on. Pictures and status are there to be
    taken at any time.
    """

    def __init__(
        self,
        source: str,
        open_source: Callable[[], FrameSource],
        lost_after_s: float,
        *,
        after: "Preview | None" = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            source: The words the camera is asked for by.
            open_source: Opens it, running free.
            lost_after_s: So much silence is a loss.
            after: The one before, which has to let go of its camera first.
        """
        self.live: Latest[PreviewPicture] = Latest()
        self.frames: deque[Frame] = deque(maxlen=_FRAMES_KEPT)
        self._open_source = open_source
        self._lost_after_s = lost_after_s
        self._after = after
        self._link: CameraLink | None = None
        self._status = PreviewStatus(PreviewState.CONNECTING, source)
        self._features = KnownFeatures()
        self._readings: Readings | None = None
        self._rate = FrameRate()
        self._shown_s = 0.0
        self._requests = Requests(source, _ANSWER_WITHIN_S)
        self._worker = Worker("preview", self._step, self._on_failure, self._at_end)

    def start(self) -> None:
        """Begin to connect. Returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Let go of the camera soon. Returns at once."""
        self._worker.stop()

    def wait(self, timeout_s: float) -> bool:
        """Wait until this camera and the one before are let go of; whether it came in time."""
        deadline = time.monotonic() + timeout_s
        before = self._after
        if before is not None and not before.wait(timeout_s):
            return False
        return self._worker.join(max(0.0, deadline - time.monotonic()))

    @property
    def status(self) -> PreviewStatus:
        """How the camera does."""
        readings = self._readings.newest if self._readings else ()
        interval_s = self._link.expected_interval_s if self._link else None
        return replace(self._status, interval_s=interval_s, readings=self._features.as_settable(readings))

    def look_at(self, names: tuple[str, ...]) -> None:
        """Keep these features fresh in `status.readings` too, where the camera describes itself. Returns at once."""
        if self._readings is not None:
            self._readings.look_at(names)

    def features(self) -> tuple[CameraFeature, ...]:
        """The camera's features as they were read last: before its first picture, and after each write.

        Raises:
            CameraError: It is not there.
        """
        self._requests.ask(self._connected)
        return self._features.newest

    def read_features(self) -> tuple[CameraFeature, ...]:
        """The same, read now. A large tree takes the camera a while; pictures go on.

        Raises:
            CameraError: It cannot be read, or is not there.
        """
        source = self._requests.ask(self._connected).source
        if isinstance(source, HasFeatureTree):
            return self._features.read(source)
        return self._requests.ask(lambda: self._features.read(source))

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Set one feature, pausing the pictures where it demands that; all features as they are afterwards.

        Raises:
            CameraError: It cannot be set; the sentence names the limit that stands in the way.
        """
        self._requests.ask(lambda: write_feature(self._connected(), self._features, name, value))
        return self.read_features()

    def settings(self) -> dict[str, SettingValue]:
        """Those settings that a recipe can hold and the camera would take again. Waits for the camera.

        Raises:
            CameraError: It cannot be read, or is not there.
        """
        settable = {each.name for each in self.read_features() if each.access.writable}
        settings = self._requests.ask(self._settings)
        return {name: value for name, value in settings.items() if feature_of(name) in settable}

    # ---- on the worker's thread

    def _step(self) -> bool:
        if self._after is not None:
            if self._after.wait(_TICK_S):
                self._after = None
            return True
        if self._link is None:
            return self._connect()
        self._requests.serve()
        return self._watch(self._link)

    def _connect(self) -> bool:
        try:
            source = self._open_source()
            self._link = CameraLink(source, {}, runs_free=True, lost_after_s=self._lost_after_s)
            self._features.read_at_rest(source)
            self._link.wake()
        except StationError as error:
            self._tell(state=PreviewState.REFUSED, sentence=str(error))
            return False
        if isinstance(source, HasFeatureTree):
            self._readings = Readings(source)
            self._readings.start()
        info = source.info
        self._tell(state=PreviewState.LIVE, name=f"{info.model} {info.serial}, {info.vendor}".strip(", "))
        return True

    def _watch(self, link: CameraLink) -> bool:
        if link.lost:
            return self._try_again(link)
        try:
            return self._fetch(link)
        except CameraError as error:
            link.lose()
            self._rate.forget()
            lost = self._status.losses + 1
            self._tell(state=PreviewState.LOST, sentence=str(error), frame_rate_hz=None, losses=lost)
            return True

    def _try_again(self, link: CameraLink) -> bool:
        if link.try_again():
            self._tell(state=PreviewState.LIVE, sentence="")
        else:
            self._requests.serve(_TICK_S)
        return True

    def _fetch(self, link: CameraLink) -> bool:
        """Count everything that came, and show the newest: a slow screen must not look like a slow camera."""
        newest: Frame | None = None
        wait_s = _FETCH_S
        while (delivery := link.fetch(wait_s)) is not None:
            match delivery:
                case Frame():
                    newest = delivery
                    self._count(delivery)
                case LostFrame():
                    self._count_lost(delivery)
                case EndOfFrames():
                    self._tell(state=PreviewState.NONE, sentence="These were all the pictures.")
                    return False
            if link.source.info.waits:
                break
            wait_s = 0
        if newest is not None:
            self._show(newest, link.source.info.waits)
        return True

    def _show(self, frame: Frame, waits: bool) -> None:
        left_s = self._shown_s + _SHOWN_EVERY_S - time.monotonic()
        if left_s > 0 and not waits:
            return
        if left_s > 0:
            self._requests.serve(left_s)
        self._shown_s = time.monotonic()
        self.live.put(developed(frame))

    def _count(self, frame: Frame) -> None:
        self.frames.append(frame)
        rate_hz = self._rate.count(frame.received_ns)
        self._tell(frames=self._status.frames + 1, frame_rate_hz=rate_hz)

    def _count_lost(self, lost: LostFrame) -> None:
        if lost.cause is NotInspectedCause.INCOMPLETE_FRAME:
            self._tell(incomplete=self._status.incomplete + 1)
        else:
            self._tell(lost=self._status.lost + 1)

    def _settings(self) -> dict[str, SettingValue]:
        return self._connected().source.settings()

    def _connected(self) -> CameraLink:
        if self._link is None:
            raise CameraError(f"{self._status.source} is not connected.", "Connect it first.")
        if self._link.lost:
            raise CameraError(f"{self._status.source} is lost at the moment.", "The station reconnects by itself.")
        return self._link

    def _tell(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the status
        self._status = replace(self._status, **changes)

    def _on_failure(self, _name: str, error: Exception) -> None:
        self._tell(state=PreviewState.REFUSED, sentence=f"Looking through the camera failed: {error}.")

    def _at_end(self) -> None:
        self._requests.end()
        if self._readings is not None:
            self._readings.stop()
        if self._link is not None:
            self._link.source.close()
        if self._readings is not None:
            self._readings.join(_ANSWER_WITHIN_S)
        if self._status.state is not PreviewState.REFUSED:
            self._tell(state=PreviewState.NONE, frame_rate_hz=None)
