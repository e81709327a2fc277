"""Features that change by themselves are read repeatedly without delaying a picture."""

import threading
from itertools import count

import pytest
from described_camera import DescribedCamera, feature
from waiting import SOON_S, until

from station.camera_setup.preview import Preview
from station.domain.errors import CameraError
from station.domain.preview import PreviewState


class WarmCamera(DescribedCamera):
    """Each reading of its temperature is one degree higher."""

    def __init__(self):
        super().__init__(DeviceTemperature=40.0, Gain=1.0)
        self.answers = threading.Event()
        self.answers.set()
        self.asked = []
        self._degrees = count(40)

    def read_live(self, *names):
        self.asked.append(names)
        self.answers.wait(SOON_S)
        if self.closed:
            raise CameraError("Camera 9 is not open.")
        read = (feature("DeviceTemperature", float(next(self._degrees)), unit="C"), feature("Gain", 1.0))
        return tuple(each for each in read if not names or each.name in names)

    def close(self):
        super().close()
        self.answers.set()


@pytest.fixture
def camera():
    return WarmCamera()


def temperature_of(preview):
    return next((each.value for each in preview.status.readings if each.name == "DeviceTemperature"), 0)


def test_that_the_temperature_is_read_repeatedly(preview) -> None:
    first = until(lambda: temperature_of(preview))
    until(lambda: temperature_of(preview) > first)


def test_that_only_changing_and_selected_features_are_polled(preview, camera) -> None:
    until(lambda: camera.asked)
    assert "DeviceLinkSpeed" in camera.asked[0]
    assert "Gain" not in camera.asked[0]
    preview.poll_features(("Gain",))
    until(lambda: "Gain" in {each.name for each in preview.status.readings})


def test_that_pictures_continue_while_the_camera_answers_slowly(preview, camera) -> None:
    until(lambda: camera.asked)
    camera.answers.clear()
    asked = len(camera.asked)
    until(lambda: len(camera.asked) > asked)
    before = preview.status.frames
    until(lambda: preview.status.frames > before + 20)
    assert preview.status.state is PreviewState.LIVE
    camera.answers.set()


def test_that_pictures_continue_while_all_features_are_read(preview, camera) -> None:
    until(lambda: camera.asked)
    camera.answers.clear()
    read = []
    reader = threading.Thread(target=lambda: read.append(preview.read_features()))
    reader.start()
    until(lambda: () in camera.asked)
    before = preview.status.frames
    until(lambda: preview.status.frames > before + 20)
    assert read == []
    camera.answers.set()
    reader.join(SOON_S)
    assert {each.name for each in read[0]} == {"DeviceTemperature", "Gain"}


def test_that_a_camera_that_does_not_answer_has_no_readings(preview, camera) -> None:
    until(lambda: preview.status.readings)
    camera.closed = True
    until(lambda: preview.status.readings == ())


def test_that_the_next_preview_waits_until_all_previous_ones_are_released(camera) -> None:
    held, others = threading.Event(), [WarmCamera(), WarmCamera()]

    def open_slowly():
        held.wait(SOON_S)
        return camera

    first = Preview("genicam:9", open_slowly, 1.0)
    second = Preview("genicam:8", lambda: others[0], 1.0, after=first)
    third = Preview("genicam:9", lambda: others[1], 1.0, after=second)
    for preview in (first, second):
        preview.start()
        preview.stop()
    third.start()
    until(lambda: second._worker.join(0))
    assert not second.wait_released(0.05), "the first still holds its camera"
    assert third.status.state is PreviewState.CONNECTING
    assert not others[1].running
    held.set()
    until(lambda: others[1].running)
    assert camera.closed
    third.stop()
    assert third.wait_released(SOON_S)
