"""The contract of `FrameSource`, tested on every camera. A new camera is added to `CAMERAS`."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tlsimu import MONO_SERIAL, tlsimu
from wire_camera import wire

from station.camera.genicam.camera import GenicamCamera
from station.camera.replay import ReplayCamera
from station.camera.simulated import SimulatedCamera
from station.camera.source import FrameSource
from station.camera.webcam import WebcamCamera
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Frame, LostFrame
from station.settings import CameraSettings

SOON_S = 20.0
"""Far longer than any camera needs; only a broken one reaches this limit."""


@dataclass(frozen=True)
class Camera:
    """How the suite creates one implementation; each function gets an empty folder.

    Attributes:
        free: Runs free and delivers at least 30 frames.
        triggered: Delivers one frame per software trigger; None if it has no trigger.
        unplug, plug_in: Disconnect and reconnect the camera of a running source; None if it cannot be lost.
        good, bad: A setting that it accepts, and one out of its range; None if it has no settings.
    """

    free: Callable[[Path], FrameSource]
    triggered: Callable[[Path], FrameSource] | None = None
    unplug: Callable[[Any], None] | None = None
    plug_in: Callable[[Any], None] = lambda source: None
    good: tuple[str, float] | None = None
    bad: tuple[str, float] | None = None
    marks: tuple[pytest.MarkDecorator, ...] = ()


def folder_of_pictures(folder: Path) -> Path:
    rng = np.random.default_rng(5)
    for number in range(30):
        cv2.imwrite(str(folder / f"{number:02d}.png"), rng.integers(0, 255, (24, 32, 3), np.uint8))
    return folder


class DrawnWebcam:
    """Replaces OpenCV's capture of a device: 200 pictures a second until it is unplugged."""

    plugged_in = threading.Event()

    def __init__(self, number: int) -> None:
        self.plugged_in.set()
        self._values = {cv2.CAP_PROP_FPS: 200.0}

    def isOpened(self) -> bool:
        return True

    def read(self) -> tuple[bool, Any]:
        threading.Event().wait(0.005)
        return self.plugged_in.is_set(), np.full((48, 64, 3), 90, np.uint8)

    def set(self, feature: int, value: float) -> bool:
        self._values[feature] = value
        return True

    def get(self, feature: int) -> float:
        return self._values.get(feature, 0.0)

    def release(self) -> None:
        pass


def webcam(trigger: str) -> WebcamCamera:
    return WebcamCamera(0, trigger=trigger, open_capture=DrawnWebcam)


def viky() -> GenicamCamera:
    source = GenicamCamera("1", CameraSettings())
    source.apply({"PixelFormat": "Mono8", "AcquisitionFrameRate": 100.0})
    return source


def simu(trigger: str) -> GenicamCamera:
    return GenicamCamera(MONO_SERIAL, CameraSettings(producers=(tlsimu(),), trigger=trigger))


def wired(trigger: str) -> GenicamCamera:
    line = wire()
    line.switch_on()
    source = GenicamCamera(line.serial, line.settings(trigger=trigger))
    source.apply({"AcquisitionFrameRate": 100.0})
    return source


def kill_process(source: GenicamCamera) -> None:
    os.kill(source.process_id, signal.SIGKILL)


CAMERAS = {
    "simulated": Camera(
        free=lambda folder: SimulatedCamera(rate_hz=100, size=(64, 64)),
        triggered=lambda folder: SimulatedCamera(trigger="software", size=(64, 64)),
        unplug=SimulatedCamera.disconnect,
        plug_in=SimulatedCamera.reconnect,
        good=("ExposureTime", 5000.0),
        bad=("Gain", 99.0),
    ),
    "simulated on demand": Camera(free=lambda folder: SimulatedCamera(rate_hz=0, size=(64, 64))),
    "replay": Camera(
        free=lambda folder: ReplayCamera(folder_of_pictures(folder)),
        triggered=lambda folder: ReplayCamera(folder_of_pictures(folder), trigger="software"),
    ),
    "replay at a rate": Camera(free=lambda folder: ReplayCamera(folder_of_pictures(folder), rate_hz=200)),
    "webcam": Camera(
        free=lambda folder: webcam("free"),
        triggered=lambda folder: webcam("software"),
        unplug=lambda source: DrawnWebcam.plugged_in.clear(),
        good=("Width", 640.0),
        bad=("Width", 10.0),
    ),
    "viky": Camera(
        free=lambda folder: viky(),
        unplug=kill_process,
        good=("AcquisitionFrameRate", 50.0),
        bad=("Width", 9999.0),
        marks=(pytest.mark.genicam,),
    ),
    "TLSimu": Camera(
        free=lambda folder: simu("free"),
        triggered=lambda folder: simu("software"),
        unplug=kill_process,
        bad=("Width", 1.0),
        marks=(pytest.mark.genicam,),
    ),
    "wire": Camera(
        free=lambda folder: wired("free"),
        triggered=lambda folder: wired("software"),
        unplug=lambda source: wire().switch_off(),
        plug_in=lambda source: wire().switch_on(),
        good=("ExposureTime", 5000.0),
        bad=("Width", 9999.0),
        marks=(pytest.mark.genicam,),
    ),
}


@pytest.fixture(params=[pytest.param(camera, id=name, marks=camera.marks) for name, camera in CAMERAS.items()])
def camera(request: pytest.FixtureRequest) -> Camera:
    return request.param


@pytest.fixture
def free(camera: Camera, tmp_path: Path) -> Iterator[FrameSource]:
    source = camera.free(tmp_path)
    yield source
    source.close()


@pytest.fixture
def triggered(camera: Camera, tmp_path: Path) -> Iterator[FrameSource]:
    if camera.triggered is None:
        pytest.skip("this camera has no software trigger")
    source = camera.triggered(tmp_path)
    source.start()
    yield source
    source.close()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + SOON_S
    while not set(threading.enumerate()) <= before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


def deliveries(source: FrameSource, count: int) -> list[Frame | LostFrame]:
    """Return the next `count` frames and losses."""
    got: list[Frame | LostFrame] = []
    deadline = time.monotonic() + SOON_S
    while len(got) < count and time.monotonic() < deadline:
        delivery = source.fetch(0.5)
        if isinstance(delivery, Frame | LostFrame):
            got.append(delivery)
    assert len(got) == count
    return got


def test_that_the_identity_is_known_before_the_start(free: FrameSource) -> None:
    assert free.info.source
    assert free.info.model


def test_that_a_frame_is_complete_fresh_and_read_only(free: FrameSource) -> None:
    free.start()
    before_ns = time.monotonic_ns()
    frame = next(delivery for delivery in deliveries(free, 5) if isinstance(delivery, Frame))
    assert frame.image.size > 0
    assert frame.image.flags.c_contiguous
    assert not frame.image.flags.writeable
    assert frame.origin
    assert frame.pixel_format
    assert frame.received_at.tzinfo is not None
    assert before_ns - 1e9 < frame.received_ns <= time.monotonic_ns()


def test_that_every_frame_id_is_delivered_exactly_once(free: FrameSource) -> None:
    free.start()
    ids = [delivery.frame_id for delivery in deliveries(free, 20)]
    assert ids == list(range(ids[0], ids[0] + 20))


def test_that_frames_not_fetched_in_time_are_losses_or_have_waited(free: FrameSource) -> None:
    free.start()
    first = deliveries(free, 1)[0].frame_id
    threading.Event().wait(0.15)
    late = deliveries(free, 20)
    assert [delivery.frame_id for delivery in late] == list(range(first + 1, first + 21))
    if free.info.on_demand:
        assert all(isinstance(delivery, Frame) for delivery in late)


def test_that_a_frame_does_not_change_when_later_ones_arrive(free: FrameSource) -> None:
    free.start()
    frame = next(delivery for delivery in deliveries(free, 5) if isinstance(delivery, Frame))
    copy = frame.image.copy()
    deliveries(free, 15)
    assert np.array_equal(frame.image, copy)


def test_that_a_camera_that_was_not_started_cannot_be_fetched_from(free: FrameSource) -> None:
    with pytest.raises(CameraError):
        free.fetch(0.01)


def test_that_a_stopped_camera_starts_again_with_new_frame_ids(free: FrameSource) -> None:
    free.start()
    last = deliveries(free, 10)[-1].frame_id
    free.stop()
    free.start()
    assert deliveries(free, 1)[0].frame_id < last


def test_that_stopping_and_closing_twice_is_allowed(free: FrameSource) -> None:
    free.start()
    deliveries(free, 1)
    for end in (free.stop, free.stop, free.close, free.close):
        end()


def test_that_a_camera_that_was_never_started_can_be_stopped_and_closed(free: FrameSource) -> None:
    free.stop()
    free.close()


def test_that_a_trigger_in_free_run_is_refused(free: FrameSource) -> None:
    free.start()
    with pytest.raises(CameraError):
        free.trigger()


def test_that_no_frame_arrives_without_a_trigger(triggered: FrameSource) -> None:
    assert triggered.fetch(0.1) is None


def test_that_one_trigger_gives_exactly_one_frame(triggered: FrameSource) -> None:
    triggered.trigger()
    assert isinstance(deliveries(triggered, 1)[0], Frame)
    assert triggered.fetch(0.1) is None


def test_that_each_trigger_gives_the_next_frame_id(triggered: FrameSource) -> None:
    ids = []
    for _ in range(5):
        triggered.trigger()
        ids.append(deliveries(triggered, 1)[0].frame_id)
    assert ids == list(range(ids[0], ids[0] + 5))


def test_that_a_trigger_from_another_thread_ends_the_wait(triggered: FrameSource) -> None:
    trigger = threading.Timer(0.05, triggered.trigger)
    trigger.start()
    frame = triggered.fetch(SOON_S)
    trigger.join()
    assert isinstance(frame, Frame)


def test_that_a_lost_camera_is_reported_and_can_be_started_again(camera: Camera, free: FrameSource) -> None:
    if camera.unplug is None:
        pytest.skip("this camera cannot be lost")
    free.start()
    deliveries(free, 3)
    camera.unplug(free)
    with pytest.raises(CameraLostError):
        deliveries(free, 1_000_000)
    camera.plug_in(free)
    free.start()
    assert deliveries(free, 3)


def test_that_a_setting_is_read_back_and_outlasts_a_restart(camera: Camera, free: FrameSource) -> None:
    if camera.good is None:
        pytest.skip("this camera has no settings")
    name, value = camera.good
    free.apply({name: value})
    for _ in range(2):
        free.start()
        assert free.settings()[name] == pytest.approx(value)
        free.stop()


def test_that_a_running_camera_can_be_set(camera: Camera, free: FrameSource) -> None:
    if camera.good is None:
        pytest.skip("this camera has no settings")
    name, value = camera.good
    free.start()
    deliveries(free, 1)
    free.apply({name: value})
    assert free.settings()[name] == pytest.approx(value)


def test_that_a_value_out_of_range_is_refused_by_name(camera: Camera, free: FrameSource) -> None:
    if camera.bad is None:
        pytest.skip("this camera has no settings")
    name, value = camera.bad
    with pytest.raises(CameraError, match=name):
        set_and_start(free, name, value)


def test_that_an_unknown_setting_is_refused_by_name(camera: Camera, free: FrameSource) -> None:
    if camera.bad is None:
        pytest.skip("this camera has no settings")
    with pytest.raises(CameraError, match="NoSuchFeature"):
        set_and_start(free, "NoSuchFeature", 1)


def set_and_start(source: FrameSource, name: str, value: float) -> None:
    """A camera that is opened by `start` refuses the setting there."""
    source.apply({name: value})
    source.start()


def test_that_every_setting_is_described_as_a_feature(camera: Camera, free: FrameSource) -> None:
    if camera.good is None:
        pytest.skip("this camera has no settings")
    name, value = camera.good
    free.apply({name: value})
    free.start()
    described = {feature.name: feature for feature in free.features()}
    assert described[name].value == pytest.approx(value)
    assert described[name].minimum <= value <= described[name].maximum


def test_that_live_features_are_read_without_stopping_acquisition(free: FrameSource) -> None:
    if free.live_features is None:
        pytest.skip("this camera has no live features")
    free.start()
    before = deliveries(free, 1)[0].frame_id
    assert [feature.name for feature in free.live_features.read_live("Width", "NoSuchFeature")] == ["Width"]
    assert deliveries(free, 1)[0].frame_id == before + 1
