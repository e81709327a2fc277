"""A GigE Vision camera over a real wire: switched off, cable pulled, packets lost, held by another program."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tlsimu import absent
from wire_camera import Wire, camera_description, wire

from station.camera.genicam.camera import GenicamCamera
from station.camera.genicam.discovery import discover
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Delivery, Frame, LostFrame, NotInspectedCause

pytestmark = pytest.mark.genicam

SOON_S = 20.0
SEEN_WITHIN_S = 1.5
BACK_WITHIN_S = 2.0
HELD_S = 1.25  # the camera's heartbeat timeout
TIMES = 2
SETTINGS = {"Width": 640, "Height": 480, "PixelFormat": "Mono8", "AcquisitionFrameRate": 25.0, "ExposureTime": 4000.0}


@pytest.fixture
def line() -> Iterator[Wire]:
    it = wire()
    it.switch_on()
    yield it
    it.switch_off()


@pytest.fixture
def camera(line: Wire) -> Iterator[GenicamCamera]:
    source = GenicamCamera(line.serial, line.settings())
    source.apply(SETTINGS)
    come_back(source)
    yield source
    source.close()


def come_back(source: GenicamCamera) -> float:
    """Start repeatedly, as a line does, until a picture arrives; return the seconds that it took."""
    began = time.monotonic()
    while time.monotonic() - began < SOON_S:
        try:
            source.start()
            if isinstance(source.fetch(1.0), Frame):
                return time.monotonic() - began
        except CameraError:
            time.sleep(0.1)  # as a line does between two tries
    raise AssertionError(f"no picture within {SOON_S} s")


def until_silent(source: GenicamCamera) -> list[Delivery]:
    """Return all deliveries until four frame periods pass without one."""
    got = []
    while (delivery := source.fetch(4 / SETTINGS["AcquisitionFrameRate"])) is not None:
        got.append(delivery)
    return got


def until(source: GenicamCamera, wanted: Callable[[Delivery], bool]) -> list[Delivery]:
    """Return all deliveries up to the first that fits."""
    got: list[Delivery] = []
    end = time.monotonic() + SOON_S
    while not (got and wanted(got[-1])):
        assert time.monotonic() < end
        if (delivery := source.fetch(0.1)) is not None:
            got.append(delivery)
    return got


def seconds_until_lost(source: GenicamCamera) -> float:
    began = time.monotonic()
    with pytest.raises(CameraLostError):
        until(source, lambda delivery: False)
    return time.monotonic() - began


def losses_and_returns(source: GenicamCamera, lose: Callable[[], None], give_back: Callable[[], None]) -> None:
    before = source.settings()
    seen, returned = [], []
    for _ in range(TIMES):
        lose()
        seen.append(seconds_until_lost(source))
        give_back()
        returned.append(come_back(source))
        assert source.settings() == before
    assert min(seen) < SEEN_WITHIN_S
    assert min(returned) < BACK_WITHIN_S, "the best shows what the camera itself takes; the machine may be busy"


def incomplete(delivery: Delivery) -> bool:
    return isinstance(delivery, LostFrame) and delivery.cause is NotInspectedCause.INCOMPLETE_FRAME


def needs_cable(line: Wire) -> None:
    if not line.has_cable:
        absent("only root can create a cable that can be pulled")


def test_that_the_camera_is_found_with_its_access_state(line: Wire) -> None:
    found = [device for device in discover(line.settings().producers).devices if device.serial == line.serial]
    assert [(device.vendor, device.model, device.access) for device in found] == [("Aravis", "Fake", "free")]


def test_that_a_camera_held_by_another_program_says_so(line: Wire, camera: GenicamCamera) -> None:
    found = [device for device in discover(line.settings().producers).devices if device.serial == line.serial]
    assert found[0].access == "in use by another program"
    second = GenicamCamera(line.serial, line.settings())
    with pytest.raises(CameraError, match="held by another program"):
        second.start()
    second.close()


def test_that_a_camera_switched_off_is_lost_and_returns_with_its_settings(line: Wire, camera: GenicamCamera) -> None:
    losses_and_returns(camera, line.switch_off, line.switch_on)


def test_that_a_pulled_cable_is_detected_and_the_camera_returns_with_its_settings(
    line: Wire, camera: GenicamCamera
) -> None:
    needs_cable(line)
    losses_and_returns(camera, line.pull_cable, line.plug_cable)


def test_that_a_short_break_of_the_cable_costs_counted_frames_and_no_restart(line: Wire, camera: GenicamCamera) -> None:
    needs_cable(line)
    process = camera.process_id
    line.pull_cable()
    got = until_silent(camera)
    line.plug_cable()
    got += until(camera, lambda delivery: isinstance(delivery, LostFrame))
    got += until(camera, lambda delivery: isinstance(delivery, Frame))
    assert camera.process_id == process
    assert [delivery.frame_id for delivery in got] == list(range(2, len(got) + 2))


def test_that_lost_packets_are_counted_as_incomplete_frames(line: Wire) -> None:
    line.switch_on("-r", "5")
    source = GenicamCamera(line.serial, line.settings())
    source.apply({**SETTINGS, "AcquisitionFrameRate": 50.0})
    come_back(source)
    got = until(source, incomplete)
    got += until(source, lambda delivery: isinstance(delivery, Frame))
    source.close()
    ids = [delivery.frame_id for delivery in got]
    assert ids == list(range(ids[0], ids[0] + len(ids)))


def test_that_every_software_trigger_gives_one_frame(line: Wire) -> None:
    source = GenicamCamera(line.serial, line.settings(trigger="software"))
    source.apply(SETTINGS)
    source.start()
    for number in range(1, 11):
        source.trigger()
        assert source.fetch(SOON_S).frame_id == number
    source.close()


def test_that_the_loss_of_a_triggered_camera_is_detected_without_a_trigger(line: Wire) -> None:
    source = GenicamCamera(line.serial, line.settings(trigger="software"))
    source.start()
    line.switch_off()
    assert seconds_until_lost(source) < SEEN_WITHIN_S + 0.5
    source.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_that_the_camera_is_opened_again_after_its_process_died(camera: GenicamCamera, how: signal.Signals) -> None:
    os.kill(camera.process_id, how)
    assert seconds_until_lost(camera) < SEEN_WITHIN_S
    come_back(camera)


def test_that_trying_again_does_not_keep_the_hold_of_a_dead_host_alive(line: Wire) -> None:
    """This camera takes every reading of its privilege register for a sign of life of the host that holds it."""
    source = GenicamCamera(line.serial, line.settings())
    line.hold_and_die(heartbeat_ms=4000)
    died = time.monotonic()
    with pytest.raises(CameraError, match="held by another program"):
        source.start()
    come_back(source)
    assert time.monotonic() - died < 2 * 4.0
    source.close()


@pytest.mark.parametrize("missing", ["<Endianess>BigEndian</Endianess>", "</RegisterDescription>"])
def test_that_a_description_that_cannot_be_read_is_named(missing: str, line: Wire, tmp_path: Path) -> None:
    broken = tmp_path / "camera.xml"
    broken.write_text(camera_description().replace(missing, "", 1))
    line.switch_on("-g", str(broken))
    source = GenicamCamera(line.serial, line.settings())
    words = rf"{line.serial} cannot be opened: its description \(XML\) cannot be read: .* at line \d+ and column \d+: "
    with pytest.raises(CameraError, match=words):
        source.start()
    source.close()


def test_that_a_stopped_camera_stays_open_beyond_its_heartbeat_timeout(line: Wire, camera: GenicamCamera) -> None:
    process = camera.process_id
    camera.stop()
    end = time.monotonic() + 2 * HELD_S
    while time.monotonic() < end:
        (found,) = (device for device in discover(line.settings().producers).devices if device.serial == line.serial)
        assert found.access == "in use by another program"
    camera.start()
    assert isinstance(camera.fetch(SOON_S), Frame)
    assert camera.process_id == process


def test_that_a_camera_lost_while_stopped_raises_at_the_next_start(line: Wire, camera: GenicamCamera) -> None:
    camera.stop()
    line.switch_off()
    with pytest.raises(CameraError):
        camera.start()
    line.switch_on()
    come_back(camera)


@pytest.mark.parametrize("setting", ["TriggerSource", "TriggerMode"])
def test_that_each_trigger_of_a_camera_has_its_own_settings(camera: GenicamCamera, setting: str) -> None:
    value = {"TriggerSource": "Software", "TriggerMode": "On"}[setting]
    camera.stop()
    camera.apply({f"{setting}[AcquisitionStart]": value})
    read = camera.settings()
    assert read[f"{setting}[AcquisitionStart]"] == value
    assert read[f"{setting}[FrameStart]"] != value
