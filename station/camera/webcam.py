"""A webcam of the operating system, through OpenCV: for a first trial, not for measurements."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

import cv2

from station.camera.feature_description import describe_features
from station.camera.features import Feature, NumberFeature, feature_named
from station.camera.frame_timer import BUFFERED_FRAMES, TriggerKind, free_running_error, is_triggered, overwritten_frame
from station.camera.source import CameraInfo
from station.domain.camera import CameraFeature
from station.domain.clock import utc_now
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Delivery, Frame
from station.domain.recipe import SettingValue
from station.domain.source_uri import SourceKind

FEATURES: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        NumberFeature("Width", "px", 64, 8192),
        NumberFeature("Height", "px", 64, 8192),
        NumberFeature("AcquisitionFrameRate", "Hz", 1, 240),
        NumberFeature("ExposureTime", "us", 100, 1_000_000),
    )
}
_PROPERTIES = {
    "Width": cv2.CAP_PROP_FRAME_WIDTH,
    "Height": cv2.CAP_PROP_FRAME_HEIGHT,
    "AcquisitionFrameRate": cv2.CAP_PROP_FPS,
    "ExposureTime": cv2.CAP_PROP_EXPOSURE,
}
_STEP = {"ExposureTime": 100.0}  # V4L2 counts exposure in 100 us; other systems show the actual value at read-back
_V4L2_MANUAL_EXPOSURE = 1
_READ_BACK_SHARE = 0.05
_STOP_WITHIN_S = 12.0  # V4L2 waits up to 10 s for a device that sends nothing


class WebcamCamera:
    """A webcam. Its own thread reads it, because the system's read call has no time limit."""

    def __init__(
        self,
        number: int,
        *,
        trigger: TriggerKind = "free",
        open_capture: Callable[[int], cv2.VideoCapture] = cv2.VideoCapture,
    ) -> None:
        """Prepare the webcam; `start` opens it.

        Args:
            number: Number of the webcam in the system, from 0.
            trigger: "free", or "software" for the first picture that starts after the trigger.
            open_capture: Opens the device; replaced in tests.

        Raises:
            BadInputError: The trigger is "hardware", which a webcam does not have.
        """
        self._number, self._open_capture = number, open_capture
        self._info = CameraInfo(
            SourceKind.WEBCAM.uri(str(number)), "", f"webcam {number}", str(number), on_demand=False
        )
        self._triggered = is_triggered(self._info.source, trigger)
        self._asked: dict[str, float] = {}
        self._capture: cv2.VideoCapture | None = None
        self._reader: threading.Thread | None = None
        self._device = threading.Lock()
        self._changed = threading.Condition()
        self._frames: deque[Frame] = deque(maxlen=BUFFERED_FRAMES)
        self._reset()

    @property
    def info(self) -> CameraInfo:
        """See `FrameSource`."""
        return self._info

    @property
    def live_features(self) -> None:
        """See `FrameSource`: None, `features` reads the few settings quickly."""

    def features(self) -> tuple[CameraFeature, ...]:
        """See `FrameSource`."""
        return describe_features(FEATURES, self.settings())

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """See `FrameSource`; `FEATURES` lists the settings, and the driver must support them."""
        for name, value in settings.items():
            feature = feature_named(name, FEATURES, self._info.source)
            self._asked[name] = float(feature.checked(value))
            if self._capture is not None:
                with self._device:
                    _write(self._capture, name, self._asked[name])

    def settings(self) -> dict[str, SettingValue]:
        """See `FrameSource`."""
        if self._capture is None:
            return {}
        with self._device:
            return {name: _read(self._capture, name) for name in FEATURES}

    def start(self) -> None:
        """See `FrameSource`."""
        self.stop()
        self._capture = self._opened()
        self._reset()
        self._reader = threading.Thread(target=self._read_on, args=(self._capture,), name=self._info.source)
        self._reader.start()

    def trigger(self) -> None:
        """See `FrameSource`."""
        if not self._triggered:
            raise free_running_error(self._info.source)
        self._require_started()
        with self._changed:
            self._triggers += 1

    def fetch(self, timeout_s: float) -> Delivery | None:
        """See `FrameSource`."""
        self._require_started()
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._gone, timeout_s)
            if self._frames:
                return self._oldest()
            if self._gone:
                raise CameraLostError(f"{self._info.source} stopped sending pictures.")
            return None

    def stop(self) -> None:
        """See `FrameSource`."""
        self._stopping.set()
        if self._reader is not None:
            self._reader.join(_STOP_WITHIN_S)
        if self._capture is not None:
            self._capture.release()
        self._capture, self._reader = None, None

    def close(self) -> None:
        """See `FrameSource`."""
        self.stop()

    def _opened(self) -> cv2.VideoCapture:
        capture = self._open_capture(self._number)
        if not capture.isOpened():
            raise CameraError(
                f"{self._info.source} cannot be opened: the webcam is not connected, or another program uses it.",
                "Plug it in, or close the other program; webcam:0 is the first one.",
            )
        try:
            for name, value in self._asked.items():
                _write(capture, name, value)
        except CameraError:
            capture.release()
            raise
        return capture

    def _reset(self) -> None:
        self._stopping = threading.Event()
        self._frames.clear()
        self._gone = False
        self._triggers = 0
        self._taken_id, self._next_id = 0, 1

    def _read_on(self, capture: cv2.VideoCapture) -> None:
        """Read every picture, since drivers buffer old ones; discard those that were not triggered."""
        while not self._stopping.is_set():
            wanted = self._wanted()
            with self._device:
                complete, image = capture.read()
            with self._changed:
                if not complete:
                    self._gone = True
                elif wanted:
                    self._add_frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
                self._changed.notify_all()
            if not complete:
                return

    def _wanted(self) -> bool:
        with self._changed:
            return not self._triggered or self._triggers > 0

    def _add_frame(self, image: "cv2.typing.MatLike") -> None:
        self._taken_id += 1
        self._triggers = max(0, self._triggers - 1)
        origin = f"{self._info.source} frame {self._taken_id}"
        self._frames.append(Frame(image, self._taken_id, utc_now(), time.monotonic_ns(), origin, pixel_format="RGB8"))

    def _oldest(self) -> Delivery:
        """Return the next id: its frame, or its loss if the full buffer has dropped it.

        Example: 8 frames are buffered, and frame 9 pushes frame 1 out. The next call returns frame 1 as lost, the one
        after that frame 2.
        """
        frame_id, self._next_id = self._next_id, self._next_id + 1
        if self._frames[0].frame_id == frame_id:
            return self._frames.popleft()
        origin = f"{self._info.source} frame {frame_id}"
        return overwritten_frame(frame_id, origin)

    def _require_started(self) -> None:
        if self._reader is None:
            raise CameraError(f"{self._info.source} was not started.")


def _write(capture: cv2.VideoCapture, name: str, value: float) -> None:
    """Write one feature and read it back."""
    if name == "ExposureTime":
        capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, _V4L2_MANUAL_EXPOSURE)
    capture.set(_PROPERTIES[name], value / _STEP.get(name, 1.0))
    got = _read(capture, name)
    if abs(got - value) > _READ_BACK_SHARE * value:
        raise CameraError(f"{name} cannot be {value:g}: the webcam's driver set {got:g}.", "Use that value.")


def _read(capture: cv2.VideoCapture, name: str) -> float:
    return capture.get(_PROPERTIES[name]) * _STEP.get(name, 1.0)
