"""A failure while a camera process starts, opens, stops or ends does not affect the next one."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from station.camera.genicam import process as processes
from station.camera.genicam import protocol
from station.camera.genicam.camera import GenicamCamera
from station.camera.genicam.process import CameraProcess
from station.camera.genicam.producers import emulated_producer
from station.camera.genicam.standby import Standby
from station.domain.errors import CameraBusyError, CameraError, CameraLostError
from station.domain.frame import Frame
from station.settings import CameraSettings

pytestmark = [
    pytest.mark.genicam,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, and sends signals"),
]
SOON_S = 20.0

PROGRAM = """
import os, pathlib, subprocess, sys
from genicam import gentl
from station.camera.genicam import process_main
{before}
process_main.main(sys.argv[1:])
"""
FAILS_ONCE = """
def nodes(node_map):
    process_main.NodeMap = real
    raise gentl.IoException("no answer")
real, process_main.NodeMap = process_main.NodeMap, nodes
"""
FAILS_IN_THE_FIRST = """
def nodes(node_map):
    if first.read_text() == str(os.getpid()):
        raise gentl.IoException("no answer")
    return real(node_map)
first, real, process_main.NodeMap = pathlib.Path({first!r}), process_main.NodeMap, nodes
if not first.exists():
    first.write_text(str(os.getpid()))
"""
STOPS_NO_MORE = """
def stop(stream):
    raise gentl.IoException("no answer")
def release(heartbeat):
    print("released", flush=True)
process_main.Stream.stop, process_main.Heartbeat.restore_timeout = stop, release
"""
STUMBLES = """
def values(nodes):
    raise ValueError("no such number")
process_main.NodeMap.recipe_values = values
"""
HAS_A_HELPER = """
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({file!r}).write_text(str(helper.pid))
"""

Program = Callable[[str], None]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Program:
    """Lets camera processes do something before they serve."""
    return lambda before: monkeypatch.setattr(processes, "_PROGRAM", ("-c", PROGRAM.format(before=before)))


@pytest.fixture
def viky() -> Iterator[GenicamCamera]:
    camera = GenicamCamera("1", CameraSettings())
    camera.apply({"PixelFormat": "Mono8", "AcquisitionFrameRate": 100.0, "Width": 320})
    yield camera
    camera.close()


def open_viky() -> protocol.Open:
    return protocol.Open("1", str(emulated_producer()), 1.0)


def possessions() -> set[tuple[str, str]]:
    """Return the open descriptors and their targets."""
    return {(link.name, str(link.readlink())) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}


def test_that_a_camera_can_be_opened_again_after_a_failed_opening(program: Program) -> None:
    program(FAILS_ONCE)
    one = CameraProcess("camera 1")
    try:
        with pytest.raises(CameraError, match="no answer"):
            one.send_command(open_viky(), protocol.Opened, SOON_S)
        assert one.send_command(open_viky(), protocol.Opened, SOON_S).serial == "1"
    finally:
        one.kill()


def test_that_a_process_that_failed_to_open_its_camera_is_not_used_again(
    viky: GenicamCamera, program: Program, tmp_path: Path
) -> None:
    program(FAILS_IN_THE_FIRST.format(first=str(tmp_path / "first")))
    with pytest.raises(CameraError, match="no answer"):
        viky.start()
    viky.start()
    assert isinstance(viky.fetch(SOON_S), Frame)


def test_that_a_camera_that_does_not_stop_is_released_all_the_same(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    program(STOPS_NO_MORE)
    caplog.set_level(logging.DEBUG, processes.__name__)
    one = CameraProcess("camera 1")
    one.send_command(open_viky(), protocol.Opened, SOON_S)
    one.send_command(protocol.Start("free", 4, 100_000_000), protocol.Started, SOON_S)
    one.close(SOON_S)
    assert "does not stop" in caplog.text
    assert "camera 1: released" in caplog.text


def test_that_a_process_that_ends_right_after_the_stop_is_replaced(
    viky: GenicamCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    viky.start()
    first = viky.process_id
    receive = protocol.receive

    def done_and_dead(connection: Any) -> object:
        reply = receive(connection)
        if isinstance(reply, protocol.Done):
            psutil.Process(first).kill()
            psutil.Process(first).wait()
        return reply

    with monkeypatch.context() as patched:
        patched.setattr(protocol, "receive", done_and_dead)
        viky.stop()
    viky.start()
    assert isinstance(viky.fetch(SOON_S), Frame)
    assert viky.process_id != first


def test_that_output_may_still_arrive_while_the_last_lines_are_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    one = CameraProcess("camera 1")
    one._last_lines.extend(["a", "b"])
    monkeypatch.setattr(processes._log, "warning", lambda *_: one._last_lines.append("c"))
    assert isinstance(one.kill_as_lost("hangs"), CameraLostError)
    monkeypatch.undo()
    one.kill()


def test_that_a_helper_that_a_driver_started_ends_with_its_process(program: Program, tmp_path: Path) -> None:
    program(HAS_A_HELPER.format(file=str(tmp_path / "helper")))
    one = CameraProcess("camera 1")
    with pytest.raises(CameraError):
        one.send_command(protocol.Open("1", "/none.cti", 1.0), protocol.Opened, SOON_S)
    helper = psutil.Process(int((tmp_path / "helper").read_text()))
    psutil.Process(one.pid).kill()
    ending = threading.Thread(target=one.kill, daemon=True)
    ending.start()
    ending.join(SOON_S)
    assert not ending.is_alive()
    psutil.wait_procs([helper], timeout=SOON_S)
    assert not helper.is_running() or helper.status() == psutil.STATUS_ZOMBIE


def test_that_without_a_spare_process_the_camera_still_starts_and_nothing_leaks(
    viky: GenicamCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    viky.features("Width")
    before = possessions()

    def none(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr("subprocess.Popen", none)
        viky.start()
        with pytest.raises(CameraError, match="No process can be started for camera 2"):
            CameraProcess("camera 2")
    assert isinstance(viky.fetch(SOON_S), Frame)
    viky.stop()
    assert possessions() <= before


def test_that_a_trigger_is_not_queued_behind_a_long_command() -> None:
    process = CameraProcess("camera 1")
    with process._command_lock, pytest.raises(CameraBusyError, match="camera 1 is busy"):
        process.send_command(protocol.Stop(), protocol.Done, SOON_S, free_within_s=0.02)
    process.send_command(protocol.Stop(), protocol.Done, SOON_S, free_within_s=0.02)
    process.kill()


def test_that_a_spare_process_that_hangs_is_not_used() -> None:
    standby = Standby("camera 1")
    standby.prepare_process()
    waiting = standby._spare
    assert waiting is not None
    waiting.send_command(protocol.Stop(), protocol.Done, SOON_S)
    standby._started_s -= SOON_S
    psutil.Process(waiting.pid).suspend()
    taken = standby.take_process()
    assert taken is not waiting
    assert not waiting.alive
    taken.kill()


def test_that_an_error_of_the_binding_refuses_the_command_and_keeps_the_camera(
    program: Program, viky: GenicamCamera
) -> None:
    program(STUMBLES)
    viky.start()
    with pytest.raises(CameraError, match="refused 'ReadSettings': no such number"):
        viky.settings()
    assert isinstance(viky.fetch(SOON_S), Frame)
