"""A camera with live features that sends black pictures, and a preview of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

import numpy as np
from waiting import SOON_S, until

from station.camera.source import CameraInfo, FrameSource
from station.camera_setup.preview import Preview
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from station.domain.errors import CameraLostError
from station.domain.frame import Frame

PERIOD_S = 0.02


class DescribedCamera:
    """Accepts any value for its features."""

    def __init__(self, **held):
        self.info = CameraInfo("genicam:9", "Maker", "Described", "9", on_demand=False)
        self.held = held
        self.running = self.closed = False
        self._ids = count(1)

    def features(self):
        return tuple(feature(name, value) for name, value in self.held.items())

    @property
    def live_features(self):
        return self

    def read_live(self, *names):
        return tuple(each for each in self.features() if not names or each.name in names)

    def apply(self, settings):
        self.held.update(settings)

    def settings(self):
        return dict(self.held)

    def start(self):
        self.running = True

    def stop(self):
        self.running = False

    def close(self):
        self.stop()
        self.closed = True

    def fetch(self, timeout_s):
        if not self.running:
            raise CameraLostError("Camera 9 is not running.")
        if not timeout_s:
            return None
        time.sleep(PERIOD_S)
        now = datetime.now(UTC)
        return Frame(np.zeros((8, 8), np.uint8), next(self._ids), now, time.monotonic_ns(), "camera 9")


def feature(name, value, *, access=Access.READ_WRITE, unit=""):
    kind = FeatureKind.STRING if isinstance(value, str) else FeatureKind.FLOAT
    return CameraFeature(name, name, kind, "Device", Visibility.BEGINNER, access, value, unit)


@contextmanager
def previewed(camera: FrameSource) -> Iterator[Preview]:
    """A preview with a first picture; afterwards all its threads have ended."""
    preview = Preview(camera.info.source, lambda: camera, lost_after_s=1.0)
    preview.start()
    until(lambda: preview.status.frames)
    try:
        yield preview
    finally:
        preview.stop()
        assert preview.wait_released(SOON_S)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lineside preview")]
