"""A camera that is being set up: opened, watched and measured on a thread of its own. Nothing of it is recorded."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from station.camera.described import described
from station.camera.source import FrameSource
from station.domain.camera import Access, CameraFeature
from station.domain.errors import CameraError, StationError
from station.domain.frame import EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from station.domain.recipe import SettingValue
from station.pipeline.camera_link import CameraLink
from station.pipeline.latest import Latest
from station.pipeline.requests import Requests
from station.pipeline.worker import Worker
from station.vision.exposure import developed

_FETCH_S = _TICK_S = 0.05
_SHOWN_EVERY_S = 0.04
_ANSWER_WITHIN_S = 30.0
_RATE_OVER_NS = 2_000_000_000
_FRAMES_KEPT = 3


class Preview:
    """One camera under the eye of the person who sets it up.

    The worker does everything that touches the camera, so whoever asks for features or writes one waits for its next
    step; pictures and status are there to be taken at any time.
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
        self.status = PreviewStatus(PreviewState.CONNECTING, source)
        self._open_source = open_source
        self._lost_after_s = lost_after_s
        self._after = after
        self._link: CameraLink | None = None
        self._features: tuple[CameraFeature, ...] = ()
        self._at_rest: frozenset[str] = frozenset()
        self._arrivals_ns: deque[int] = deque()
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
        """Wait until the camera is let go of; whether it came in time."""
        return self._worker.join(timeout_s)

    def features(self) -> tuple[CameraFeature, ...]:
        """The camera's features as they were read last: before its first picture, and after each write.

        Raises:
            CameraError: It is not there.
        """
        return self._requests.ask(self._last_read)

    def read_features(self) -> tuple[CameraFeature, ...]:
        """The same, read now. A large tree takes the camera a while, and pictures may be lost meanwhile.

        Raises:
            CameraError: It cannot be read, or is not there.
        """
        return self._requests.ask(self._read)

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Set one feature, pausing the pictures where it demands that; all features as they are afterwards.

        Raises:
            CameraError: It cannot be set; the sentence names the limit that stands in the way.
        """
        return self._requests.ask(lambda: self._write(name, value))

    def settings(self) -> dict[str, SettingValue]:
        """Those settings that a recipe can hold and the camera would take again. Waits for the camera.

        Raises:
            CameraError: It cannot be read, or is not there.
        """
        return self._requests.ask(self._settings)

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
            self._read_at_rest(source)
            self._link.wake()
        except StationError as error:
            self._tell(state=PreviewState.REFUSED, sentence=str(error))
            return False
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
            self._arrivals_ns.clear()
            lost = self.status.losses + 1
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
        arrivals = self._arrivals_ns
        arrivals.append(frame.received_ns)
        while arrivals[-1] - arrivals[0] > _RATE_OVER_NS:
            arrivals.popleft()
        span_s = (arrivals[-1] - arrivals[0]) / 1e9
        rate_hz = (len(arrivals) - 1) / span_s if span_s else None
        self._tell(frames=self.status.frames + 1, frame_rate_hz=rate_hz)

    def _count_lost(self, lost: LostFrame) -> None:
        if lost.cause is NotInspectedCause.INCOMPLETE_FRAME:
            self._tell(incomplete=self.status.incomplete + 1)
        else:
            self._tell(lost=self.status.lost + 1)

    def _last_read(self) -> tuple[CameraFeature, ...]:
        self._connected()
        return self._features

    def _read_at_rest(self, source: FrameSource) -> None:
        self._features = described(source)
        self._at_rest = _settable(self._features)

    def _read(self) -> tuple[CameraFeature, ...]:
        """Settable is also what has to wait until the pictures pause: writing it lets them."""
        self._features = tuple(
            replace(each, access=Access.READ_WRITE) if each.name in self._at_rest and not each.access.writable else each
            for each in described(self._connected().source)
        )
        return self._features

    def _write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        link = self._connected()
        try:
            link.source.apply({name: value})
        except CameraError:
            if name not in self._at_rest - _settable(described(link.source)):
                raise
            self._write_at_rest(link, name, value)
        return self._read()

    def _write_at_rest(self, link: CameraLink, name: str, value: SettingValue) -> None:
        link.rest()
        try:
            link.source.apply({name: value})
            self._read_at_rest(link.source)
        finally:
            link.wake()

    def _settings(self) -> dict[str, SettingValue]:
        settable = _settable(self._read())
        return {name: value for name, value in self._connected().source.settings().items() if name in settable}

    def _connected(self) -> CameraLink:
        if self._link is None or self._link.lost:
            raise CameraError(f"{self.status.source} is not connected.", "Connect it first.")
        return self._link

    def _tell(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the status
        self.status = replace(self.status, **changes)

    def _on_failure(self, _name: str, error: Exception) -> None:
        self._tell(state=PreviewState.REFUSED, sentence=f"Looking through the camera failed: {error}.")

    def _at_end(self) -> None:
        self._requests.end()
        if self._link is not None:
            self._link.source.close()
        if self.status.state is not PreviewState.REFUSED:
            self._tell(state=PreviewState.NONE, frame_rate_hz=None)


def _settable(features: Iterable[CameraFeature]) -> frozenset[str]:
    return frozenset(each.name for each in features if each.access.writable)
