"""Reads the few features of a camera that change by themselves (temperature, link speed) once a second."""

import time

from station.camera.source import LiveFeatures
from station.concurrency.worker import Worker
from station.domain.camera import CameraFeature
from station.domain.errors import CameraError

_EVERY_S = 1.0
_TICK_S = 0.05
_ALWAYS = ("DeviceTemperature", "DeviceLinkSpeed", "DeviceLinkThroughputLimit")


class FeaturePoller:
    """Reads on its own thread, so that a camera that answers slowly does not delay its pictures.

    While the camera does not answer there are no readings. Whether it is lost is decided by its pictures alone.
    """

    def __init__(self, reader: LiveFeatures) -> None:
        """Read nothing yet."""
        self.newest: tuple[CameraFeature, ...] = ()
        self._reader = reader
        self._selected: tuple[str, ...] = ()
        self._next_s = 0.0
        self._worker = Worker("preview readings", self._step, lambda _name, _error: None)

    def start(self) -> None:
        """Start reading."""
        self._worker.start()

    def stop(self) -> None:
        """Stop reading. Returns at once."""
        self._worker.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait until the last read has ended; return False if that took longer than `timeout_s`."""
        return self._worker.join(timeout_s)

    def poll_features(self, names: tuple[str, ...]) -> None:
        """Read these features too from now on, instead of those selected before."""
        if names != self._selected:
            self._selected, self._next_s = names, 0.0

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
            return self._reader.read_live(*dict.fromkeys(_ALWAYS + self._selected))
        except CameraError:
            return ()
