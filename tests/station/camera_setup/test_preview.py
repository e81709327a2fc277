"""Which settings a preview copies to a recipe, and what it does with a value that prevents acquisition."""

import pytest
from described_camera import DescribedCamera, feature, previewed
from waiting import until

from station.camera.simulated import SimulatedCamera
from station.domain.camera import Access
from station.domain.errors import CameraError
from station.domain.preview import PreviewState

LOCKED_BY_PICTURES = {"PixelFormat"}
READABLE = {"Mono8", "Mono12"}


class ParticularCamera(DescribedCamera):
    """One with selectors, which takes more pixel formats than it can give pictures in."""

    def __init__(self):
        super().__init__(PixelFormat="Mono8", Gain=1.0, BalanceRatio=1.5, Gamma=1.0)
        self.fails_anyway = False

    def features(self):
        return tuple(feature(name, value, access=self._access(name)) for name, value in self.held.items())

    def _access(self, name):
        locked = name == "Gamma" or (self.running and name in LOCKED_BY_PICTURES)
        return Access.READ_ONLY if locked else Access.READ_WRITE

    def apply(self, settings):
        for name, value in settings.items():
            if not self._access(name).writable:
                raise CameraError(f"{name} is locked.")
            self.held[name] = value

    def settings(self):
        return {"PixelFormat": self.held["PixelFormat"], "Gain[All]": 1.0, "BalanceRatio[Red]": 1.5, "Gamma[User]": 1.0}

    def start(self):
        if self.fails_anyway:
            raise CameraError("It does not start.")
        if self.held["PixelFormat"] not in READABLE:
            raise CameraError(f"{self.held['PixelFormat']} cannot be read.")
        super().start()


@pytest.fixture
def camera():
    return ParticularCamera()


@pytest.fixture
def simulated():
    with previewed(SimulatedCamera(rate_hz=25, size=(64, 64))) as preview:
        until(lambda: preview.status.frames > 3)
        yield preview


def value_of(features, name):
    return next(each.value for each in features if each.name == name)


def test_that_selected_features_are_copied_too_unless_they_are_locked(preview) -> None:
    assert preview.settings() == {"PixelFormat": "Mono8", "Gain[All]": 1.0, "BalanceRatio[Red]": 1.5}


def test_that_a_value_that_prevents_acquisition_is_undone(preview) -> None:
    with pytest.raises(CameraError, match=r"BayerRG4p cannot be read"):
        preview.write("PixelFormat", "BayerRG4p")
    assert value_of(preview.features(), "PixelFormat") == "Mono8"
    before = preview.status.frames
    until(lambda: preview.status.frames > before)
    assert (preview.status.state, preview.status.losses) == (PreviewState.LIVE, 0)
    assert value_of(preview.write("PixelFormat", "Mono12"), "PixelFormat") == "Mono12"


def test_that_a_camera_that_fails_twice_reconnects_with_the_former_value(preview, camera) -> None:
    camera.fails_anyway = True
    with pytest.raises(CameraError, match="It does not start"):
        preview.write("PixelFormat", "BayerRG4p")
    until(lambda: preview.status.state is PreviewState.LOST)
    camera.fails_anyway = False
    until(lambda: preview.status.state is PreviewState.LIVE)
    assert value_of(preview.read_features(), "PixelFormat") == "Mono8"


def test_that_a_camera_that_is_set_to_a_low_rate_stays_live(simulated) -> None:
    simulated.write("AcquisitionFrameRate", 0.7)
    before = simulated.status.frames
    until(lambda: simulated.status.frames > before + 2)
    assert (simulated.status.state, simulated.status.losses) == (PreviewState.LIVE, 0)


def test_that_switching_the_trigger_on_is_refused_with_the_reason(simulated) -> None:
    with pytest.raises(CameraError, match="TriggerMode stays Off during the preview"):
        simulated.write("TriggerMode", "On")
    before = simulated.status.frames
    until(lambda: simulated.status.frames > before + 2)
    assert value_of(simulated.write("TriggerMode", "Off"), "TriggerMode") == "Off"
