"""The few features of a camera that change by themselves, read again and again beside its pictures."""

import time

from station.camera.feature_description import HasFeatureTree
from station.concurrency.worker import Worker
from station.domain.camera import CameraFeature
from station.domain.errors import CameraError

_EVERY_S = 1.0
_TICK_S = 0.05
_ALWAYS = ("DeviceTemperature", "DeviceLinkSpeed", "DeviceLinkThroughputLimit")


class Readings:
    """Asks on a thread of its own, so that a camera that answers late holds up no picture.

    A camera that does not answer has nothing to tell; that it is lost, its pictures tell.
    """

    def __init__(self, source: HasFeatureTree) -> None:
        """Nothing is asked yet."""
        self.newest: tuple[CameraFeature, ...] = ()
        self._source = source
        self._looked_at: tuple[str, ...] = ()
        self._next_s = 0.0
        self._worker = Worker("preview readings", self._step, lambda _name, _error: None)

    def start(self) -> None:
        """Begin to ask."""
        self._worker.start()

    def stop(self) -> None:
        """Ask no more. Returns at once."""
        self._worker.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait until nothing is asked any more; whether that came in time."""
        return self._worker.join(timeout_s)

    def look_at(self, names: tuple[str, ...]) -> None:
        """Read these features too from now on, and no longer those named before."""
        if names != self._looked_at:
            self._looked_at, self._next_s = names, 0.0

    def _step(self) -> bool:
        left_s = self._next_s - time.monotonic()
        if left_s > 0:
            time.sleep(min(left_s, _TICK_S))
            return True
        self._next_s = time.monotonic() + _EVERY_S
        self.newest = self._read()
        return True

    def _read(self) -> tuple[CameraFeature, ...]:
        try:
            return self._source.features_beside(*dict.fromkeys(_ALWAYS + self._looked_at))
        except CameraError:
            return ()
