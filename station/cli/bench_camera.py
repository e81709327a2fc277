"""A camera in memory: what is measured behind it is the station alone."""

import time
from collections.abc import Mapping, Sequence
from queue import Empty, SimpleQueue

from station.camera.source import CameraInfo
from station.domain.camera import CameraFeature
from station.domain.clock import utc_now
from station.domain.frame import Delivery, Frame, Image
from station.domain.recipe import SettingValue


class MemoryCamera:
    """Delivers a picture of its memory for each trigger, in memory of its own as from the ring of a camera."""

    live_features = None

    def __init__(self, images: Sequence[Image]) -> None:
        """Deliver these in turn."""
        self._images = images
        self._asked: SimpleQueue[int] = SimpleQueue()
        self._number = 0
        self.info = CameraInfo("memory:", "Lineside", "pictures in memory", "1", on_demand=False)
        self.delivered_ns = 0

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """Take no settings."""

    def settings(self) -> dict[str, SettingValue]:
        """Return none."""
        return {}

    def features(self) -> tuple[CameraFeature, ...]:
        """Return none."""
        return ()

    def start(self) -> None:
        """Deliver from now on."""

    def trigger(self) -> None:
        """Deliver one picture."""
        self._asked.put(time.monotonic_ns())

    def fetch(self, timeout_s: float) -> Delivery | None:
        """Return the next picture that was triggered."""
        try:
            at_ns = self._asked.get(timeout=timeout_s)
        except Empty:
            return None
        self._number += 1
        image = self._images[self._number % len(self._images)].copy()
        self.delivered_ns = time.monotonic_ns()
        origin = f"frame {self._number}"
        return Frame(image, self._number, utc_now(), self.delivered_ns, origin, timestamp_ns=at_ns)

    def stop(self) -> None:
        """Nothing has to be stopped."""

    close = stop
