"""What a look through a camera takes to a recipe, and what it does with a value that lets no pictures come."""

import threading
import time
from datetime import UTC, datetime
from itertools import count

import numpy as np
import pytest

from station.camera.simulated import SimulatedCamera
from station.camera.source import CameraInfo
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Frame
from station.domain.preview import PreviewState
from station.pipeline.preview import Preview

SOON_S = 20.0
PERIOD_S = 0.02
LOCKED_BY_PICTURES = {"PixelFormat"}
READABLE = {"Mono8", "Mono12"}


class ParticularCamera:
    """One with selectors, which takes more pixel formats than it can give pictures in."""

    def __init__(self):
        self.info = CameraInfo("genicam:9", "Maker", "Particular", "9", waits=False)
        self.held = {"PixelFormat": "Mono8", "Gain": 1.0, "BalanceRatio": 1.5, "Gamma": 1.0}
        self.fails_anyway = False
        self.running = False
        self._ids = count(1)

    def features(self):
        return tuple(map(self._feature, self.held))

    def features_beside(self, *names):
        return tuple(each for each in self.features() if not names or each.name in names)

    def _feature(self, name):
        locked = name == "Gamma" or (self.running and name in LOCKED_BY_PICTURES)
        access = Access.READ_ONLY if locked else Access.READ_WRITE
        return CameraFeature(name, name, FeatureKind.STRING, "Device", Visibility.BEGINNER, access, self.held[name])

    def apply(self, settings):
        for name, value in settings.items():
            if not self._feature(name).access.writable:
                raise CameraError(f"{name} is locked.")
            self.held[name] = value

    def settings(self):
        return {"PixelFormat": self.held["PixelFormat"], "Gain[All]": 1.0, "BalanceRatio[Red]": 1.5, "Gamma[User]": 1.0}

    def start(self):
        if self.fails_anyway:
            raise CameraError("It does not start.")
        if self.held["PixelFormat"] not in READABLE:
            raise CameraError(f"{self.held['PixelFormat']} cannot be read.")
        self.running = True

    def stop(self):
        self.running = False

    def close(self):
        self.stop()

    def fetch(self, timeout_s):
        if not self.running:
            raise CameraLostError("Camera 9 is not running.")
        if not timeout_s:
            return None
        time.sleep(PERIOD_S)
        now = datetime.now(UTC)
        return Frame(np.zeros((8, 8), np.uint8), next(self._ids), now, time.monotonic_ns(), "camera 9")


@pytest.fixture
def camera():
    return ParticularCamera()


@pytest.fixture
def preview(camera):
    shown = Preview("genicam:9", lambda: camera, 1.0)
    shown.start()
    until(lambda: shown.status.frames)
    yield shown
    shown.stop()
    assert shown.wait(SOON_S)


@pytest.fixture
def simulated():
    shown = Preview("simulated:flange", lambda: SimulatedCamera(rate_hz=25, size=(64, 64)), lost_after_s=1.0)
    shown.start()
    until(lambda: shown.status.frames > 3)
    yield shown
    shown.stop()
    assert shown.wait(SOON_S)


def until(condition):
    deadline = time.monotonic() + SOON_S
    while not (answer := condition()) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert answer
    return answer


def value_of(features, name):
    return next(each.value for each in features if each.name == name)


def test_that_what_stands_under_a_selector_is_copied_too_unless_it_is_locked(preview) -> None:
    assert preview.settings() == {"PixelFormat": "Mono8", "Gain[All]": 1.0, "BalanceRatio[Red]": 1.5}


def test_that_a_value_that_lets_no_pictures_come_is_undone(preview) -> None:
    with pytest.raises(CameraError, match=r"BayerRG4p cannot be read"):
        preview.write("PixelFormat", "BayerRG4p")
    assert value_of(preview.features(), "PixelFormat") == "Mono8"
    before = preview.status.frames
    until(lambda: preview.status.frames > before)
    assert (preview.status.state, preview.status.losses) == (PreviewState.LIVE, 0)
    assert value_of(preview.write("PixelFormat", "Mono12"), "PixelFormat") == "Mono12"


def test_that_a_camera_that_does_not_start_with_the_former_value_either_comes_back_with_it(preview, camera) -> None:
    camera.fails_anyway = True
    with pytest.raises(CameraError, match="It does not start"):
        preview.write("PixelFormat", "BayerRG4p")
    until(lambda: preview.status.state is PreviewState.LOST)
    camera.fails_anyway = False
    until(lambda: preview.status.state is PreviewState.LIVE)
    assert value_of(preview.read_features(), "PixelFormat") == "Mono8"


def test_that_a_camera_that_is_set_slow_stays_live(simulated) -> None:
    simulated.write("AcquisitionFrameRate", 0.7)
    before = simulated.status.frames
    until(lambda: simulated.status.frames > before + 2)
    assert (simulated.status.state, simulated.status.losses) == (PreviewState.LIVE, 0)


def test_that_a_trigger_that_would_let_no_pictures_come_is_refused_with_the_reason(simulated) -> None:
    with pytest.raises(CameraError, match="TriggerMode stays Off while the camera is looked through"):
        simulated.write("TriggerMode", "On")
    before = simulated.status.frames
    until(lambda: simulated.status.frames > before + 2)
    assert value_of(simulated.write("TriggerMode", "Off"), "TriggerMode") == "Off"
