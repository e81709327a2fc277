"""A camera process that dies, hangs or outlives its station costs a counted gap and leaves nothing behind."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tlsimu import MONO_SERIAL, tlsimu

from station.camera.genicam import camera as cameras
from station.camera.genicam.camera import GenicamCamera
from station.domain.errors import CameraLostError
from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.settings import CameraSettings

pytestmark = [
    pytest.mark.genicam,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc and /dev/shm"),
]
SOON_S = 20.0
LOST_WITHIN_S = 1.5

STATION = """
import sys, time
from station.camera.genicam.camera import GenicamCamera
from station.settings import CameraSettings
camera = GenicamCamera("1", CameraSettings())
camera.start()
camera.fetch(20)
print(camera.process_id, flush=True)
time.sleep(600)
"""


@pytest.fixture
def viky() -> Iterator[GenicamCamera]:
    camera = GenicamCamera("1", CameraSettings())
    camera.apply({"PixelFormat": "Mono8", "AcquisitionFrameRate": 100.0, "Width": 320})
    yield camera
    camera.close()


def running(camera: GenicamCamera) -> None:
    camera.start()
    assert isinstance(camera.fetch(SOON_S), Frame)


def seconds_until_lost(camera: GenicamCamera) -> float:
    began = time.monotonic()
    with pytest.raises(CameraLostError):
        fetch_for(camera, SOON_S)
    return time.monotonic() - began


def fetch_for(camera: GenicamCamera, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        camera.fetch(0.1)


def possessions() -> tuple[set[str], int]:
    """Shared memory and open descriptors that could be left behind; child processes are counted apart."""
    gc.collect()  # what an earlier test dropped is not counted as ours
    return {path.name for path in Path("/dev/shm").iterdir()}, len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_that_a_process_that_dies_or_hangs_is_seen_in_time_and_replaced(
    viky: GenicamCamera, how: signal.Signals
) -> None:
    running(viky)
    before = viky.settings()
    process = psutil.Process(viky.process_id)
    process.send_signal(how)
    assert seconds_until_lost(viky) < LOST_WITHIN_S
    assert not process.is_running()
    running(viky)
    assert viky.settings() == before


def test_that_pictures_that_arrived_before_the_crash_are_still_delivered(viky: GenicamCamera) -> None:
    running(viky)
    while (delivery := viky.fetch(SOON_S)) and time.monotonic_ns() - delivery.received_ns > 5e6:
        pass
    time.sleep(0.05)
    os.kill(viky.process_id, signal.SIGKILL)
    assert isinstance(viky.fetch(SOON_S), Frame)


def test_that_a_slow_camera_is_not_lost_within_two_periods() -> None:
    camera = GenicamCamera("1", CameraSettings(lost_after_s=0.8))
    camera.apply({"AcquisitionFrameRate": 1.0})
    running(camera)
    assert isinstance(camera.fetch(SOON_S), Frame)
    camera.close()


def test_that_a_camera_slowed_down_during_acquisition_is_not_lost() -> None:
    camera = GenicamCamera("1", CameraSettings(lost_after_s=0.8))
    camera.apply({"AcquisitionFrameRate": 50.0})
    running(camera)
    camera.apply({"AcquisitionFrameRate": 1.0})
    before = after = camera.fetch(SOON_S)
    while after.received_ns - before.received_ns < 0.9e9:
        before, after = after, camera.fetch(SOON_S)
    camera.close()


def test_that_a_triggered_camera_may_be_silent() -> None:
    camera = GenicamCamera(MONO_SERIAL, CameraSettings(producers=(tlsimu(),), trigger="software", lost_after_s=0.8))
    camera.start()
    assert camera.fetch(1.6) is None
    camera.trigger()
    assert isinstance(camera.fetch(SOON_S), Frame)
    camera.close()


def test_that_a_slow_consumer_loses_frames_but_no_ids(viky: GenicamCamera) -> None:
    running(viky)
    time.sleep(0.5)
    delivered = [viky.fetch(SOON_S) for _ in range(60)]
    assert [delivery.frame_id for delivery in delivered] == list(range(2, 62))
    lost = {delivery.cause for delivery in delivered if isinstance(delivery, LostFrame)}
    assert lost == {NotInspectedCause.OVERRUN}
    assert sum(isinstance(delivery, Frame) for delivery in delivered[:8]) == 8, "one per slot of the ring"


def test_that_a_bug_while_a_picture_is_converted_costs_only_that_picture(
    viky: GenicamCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    running(viky)
    monkeypatch.setattr(cameras, "to_frame", bug)
    delivered = []
    for _ in range(30):
        with pytest.raises(ZeroDivisionError):
            viky.fetch(SOON_S)
        delivered.append(viky.fetch(SOON_S))
    monkeypatch.undo()
    while not isinstance(delivered[-1], Frame):
        delivered.append(viky.fetch(SOON_S))
    assert [delivery.frame_id for delivery in delivered] == list(range(2, len(delivered) + 2))
    assert {delivery.cause for delivery in delivered[:5]} == {NotInspectedCause.STATION_FAILED}


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("hung", [False, True])
def test_that_no_camera_process_outlives_its_station(end: signal.Signals, hung: bool) -> None:
    shared, _ = possessions()
    with subprocess.Popen([sys.executable, "-c", STATION], stdout=subprocess.PIPE, text=True) as station:
        has_the_camera = psutil.Process(int(station.stdout.readline()))
        children = psutil.Process(station.pid).children()
        if hung:
            has_the_camera.send_signal(signal.SIGSTOP)
        station.send_signal(end)
        station.wait()
    psutil.wait_procs(children, timeout=SOON_S)
    assert len(children) == 2, "one has the camera, one is the spare"
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
    assert possessions()[0] <= shared


def test_that_a_spare_process_takes_over_unless_it_died(viky: GenicamCamera) -> None:
    running(viky)
    first, spare = camera_processes()
    assert first == viky.process_id
    os.kill(first, signal.SIGKILL)
    seconds_until_lost(viky)
    running(viky)
    assert viky.process_id == spare
    _, dies = camera_processes()
    psutil.Process(dies).kill()
    os.kill(spare, signal.SIGKILL)
    seconds_until_lost(viky)
    running(viky)
    assert viky.process_id not in (first, spare, dies)


def camera_processes() -> list[int]:
    """Of this station, in the order in which they were started."""
    children = [
        child for child in psutil.Process().children() if "station.camera.genicam.process_main" in child.cmdline()
    ]
    return [child.pid for child in sorted(children, key=lambda child: child.create_time())]


def test_that_closing_leaves_nothing_behind(viky: GenicamCamera) -> None:
    running(viky)
    viky.close()
    shared, descriptors = possessions()
    for how in (signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP, signal.SIGKILL):
        running(viky)
        os.kill(viky.process_id, how)
        assert seconds_until_lost(viky) < LOST_WITHIN_S
    viky.close()
    shared_after, descriptors_after = possessions()
    assert shared_after <= shared
    assert descriptors_after <= descriptors
    assert camera_processes() == []
