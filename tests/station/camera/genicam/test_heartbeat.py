from types import SimpleNamespace

import pytest
from genicam import gentl

from station.camera.genicam.heartbeat import CameraGoneError, Heartbeat

pytestmark = pytest.mark.genicam

HEARTBEAT, PRIVILEGE = 0x0938, 0x0A00


class Port:
    """The registers of a camera that was just switched on, and which of them were read."""

    def __init__(self, heartbeat_ms: int = 3000, *, step_ms: int = 1, writable: bool = True) -> None:
        self.registers = {0: 1, HEARTBEAT: heartbeat_ms, PRIVILEGE: 2}
        self.asked: list[int] = []
        self._step_ms = step_ms
        self.writable = writable

    def read(self, address: int, size: int) -> list[object]:
        self.asked.append(address)
        return [size, self.registers[address].to_bytes(size, "big")]

    def write(self, address: int, value: bytes) -> int:
        if not self.writable:
            raise gentl.AccessDeniedException("held")
        asked_ms = int.from_bytes(value, "big")
        self.registers[address] = -(-asked_ms // self._step_ms) * self._step_ms
        return len(value)


def heartbeat(port: object, lost_after_s: float = 1.0, transport: str = "GEV") -> Heartbeat:
    device = SimpleNamespace(tl_type=transport, access_status=5)
    remote = SimpleNamespace(port=port)
    return Heartbeat(SimpleNamespace(device=SimpleNamespace(module=device), remote_device=remote), lost_after_s)


@pytest.mark.parametrize(
    ("lost_after_s", "found_ms", "held_ms"),
    [
        (1.0, 3000, 1250),
        (2.0, 3000, 2500),
        (5.0, 3000, 3000),
        (0.1, 3000, 500),
        (1.0, 800, 800),
        (1.0, 0xB80B0000, 0xB80B0000),
    ],
    ids=["a little longer than the station", "a patient one", "never longer", "never too short", "short", "no sense"],
)
def test_that_a_gige_camera_accepts_a_new_host_soon_after_the_station_gave_it_up(
    lost_after_s: float, found_ms: int, held_ms: int
) -> None:
    port = Port(found_ms)
    heartbeat(port, lost_after_s)
    assert port.registers[HEARTBEAT] == held_ms


@pytest.mark.parametrize("found_ms", [600, 3000])
def test_that_the_camera_receives_four_heartbeats_within_its_timeout(found_ms: int) -> None:
    port = Port(found_ms, step_ms=50)
    assert heartbeat(port).interval_s <= port.registers[HEARTBEAT] / 1000 / 4


def test_that_the_interval_follows_a_timeout_that_cannot_be_changed() -> None:
    port = Port(700, writable=False)
    assert heartbeat(port).interval_s == pytest.approx(0.175)
    assert port.registers[HEARTBEAT] == 700


@pytest.mark.parametrize("found_ms", [500, 800, 3000, 10_000, 0xB80B0000])
def test_that_closing_restores_the_timeout_that_was_found(found_ms: int) -> None:
    port = Port(found_ms)
    heartbeat(port).restore_timeout()
    assert port.registers[HEARTBEAT] == found_ms


def test_that_a_timeout_left_by_a_killed_process_becomes_the_standard_one() -> None:
    port = Port()
    heartbeat(port)
    heartbeat(port).restore_timeout()
    assert port.registers[HEARTBEAT] == 3000


@pytest.mark.parametrize("port", [Port(800), Port(10_000, step_ms=10_000)], ids=["short already", "keeps its own"])
def test_that_an_unchanged_timeout_is_not_written_back(port: Port) -> None:
    one = heartbeat(port)
    port.registers[HEARTBEAT] = 1
    one.restore_timeout()
    assert port.registers[HEARTBEAT] == 1


def test_that_a_timeout_that_cannot_be_restored_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    port = Port()
    one = heartbeat(port)
    port.writable = False
    one.restore_timeout()
    assert "cannot be reset to 3000 ms: held" in caplog.text


def test_that_other_cameras_are_checked_only_when_they_are_silent() -> None:
    port = Port()
    other = heartbeat(port, 0.0, transport="U3V")
    assert port.registers[HEARTBEAT] == 3000
    asked = len(port.asked)
    other.check_camera()
    assert port.asked[asked:] == [0]
    patient = heartbeat(port, 100.0, transport="U3V")
    patient.note_frame()
    asked = len(port.asked)
    patient.check_camera()
    assert port.asked[asked:] == []


def test_that_a_gige_camera_is_checked_even_while_frames_arrive() -> None:
    port = Port()
    one = heartbeat(port)
    one.note_frame()
    asked = len(port.asked)
    one.check_camera()
    assert port.asked[asked:] == [PRIVILEGE]


def test_that_a_camera_that_dropped_this_host_is_gone() -> None:
    port = Port()
    one = heartbeat(port)
    port.registers[PRIVILEGE] = 0
    with pytest.raises(CameraGoneError, match="no longer accepts this host"):
        one.check_camera()


def test_that_a_camera_that_stops_answering_is_gone() -> None:
    port = Port()
    one = heartbeat(port)

    def silent(address: int, size: int) -> None:
        raise gentl.IoException("no answer")

    port.read = silent
    with pytest.raises(CameraGoneError, match="no answer"):
        one.check_camera()


def test_that_a_camera_without_readable_registers_is_not_checked() -> None:
    heartbeat(SimpleNamespace(), transport="U3V").check_camera()


def test_that_checks_keep_their_interval() -> None:
    port = Port()
    one = heartbeat(port, lost_after_s=400.0, transport="U3V")
    one.check_camera()
    asked = len(port.asked)
    one.check_camera()
    assert len(port.asked) == asked
