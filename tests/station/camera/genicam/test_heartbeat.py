from types import SimpleNamespace

import pytest
from genicam import gentl

from station.camera.genicam.heartbeat import CameraGoneError, Heartbeat

pytestmark = pytest.mark.genicam

HEARTBEAT, PRIVILEGE = 0x0938, 0x0A00


class Port:
    """Registers of a camera that was switched on, and what was asked of it."""

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


def contact(port: object, lost_after_s: float = 1.0, transport: str = "GEV") -> Heartbeat:
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
def test_that_a_gige_camera_lets_go_soon_after_the_station_gave_it_up(
    lost_after_s: float, found_ms: int, held_ms: int
) -> None:
    port = Port(found_ms)
    contact(port, lost_after_s)
    assert port.registers[HEARTBEAT] == held_ms


@pytest.mark.parametrize("found_ms", [600, 3000])
def test_that_the_camera_hears_from_us_four_times_before_it_would_let_go(found_ms: int) -> None:
    port = Port(found_ms, step_ms=50)
    assert contact(port).interval_s <= port.registers[HEARTBEAT] / 1000 / 4


def test_that_a_camera_that_keeps_its_own_time_is_kept_by_that() -> None:
    port = Port(700, writable=False)
    assert contact(port).interval_s == pytest.approx(0.175)
    assert port.registers[HEARTBEAT] == 700


@pytest.mark.parametrize("found_ms", [500, 800, 3000, 10_000, 0xB80B0000])
def test_that_a_camera_is_left_as_it_was_found(found_ms: int) -> None:
    port = Port(found_ms)
    contact(port).release()
    assert port.registers[HEARTBEAT] == found_ms


def test_that_what_a_killed_process_left_behind_becomes_the_standard_again() -> None:
    port = Port()
    contact(port)
    contact(port).release()
    assert port.registers[HEARTBEAT] == 3000


@pytest.mark.parametrize("port", [Port(800), Port(10_000, step_ms=10_000)], ids=["short already", "keeps its own"])
def test_that_nothing_is_written_back_where_nothing_was_changed(port: Port) -> None:
    one = contact(port)
    port.registers[HEARTBEAT] = 1
    one.release()
    assert port.registers[HEARTBEAT] == 1


def test_that_a_time_that_cannot_be_restored_is_told(caplog: pytest.LogCaptureFixture) -> None:
    port = Port()
    one = contact(port)
    port.writable = False
    one.release()
    assert "not 3000 ms again: held" in caplog.text


def test_that_other_cameras_are_only_asked_when_they_are_silent() -> None:
    port = Port()
    other = contact(port, 0.0, transport="U3V")
    assert port.registers[HEARTBEAT] == 3000
    asked = len(port.asked)
    other.check()
    assert port.asked[asked:] == [0]
    patient = contact(port, 100.0, transport="U3V")
    patient.heard()
    asked = len(port.asked)
    patient.check()
    assert port.asked[asked:] == []


def test_that_a_gige_camera_hears_from_us_however_many_frames_come() -> None:
    port = Port()
    one = contact(port)
    one.heard()
    asked = len(port.asked)
    one.check()
    assert port.asked[asked:] == [PRIVILEGE]


def test_that_a_camera_that_let_go_of_us_is_gone() -> None:
    port = Port()
    one = contact(port)
    port.registers[PRIVILEGE] = 0
    with pytest.raises(CameraGoneError, match="let go"):
        one.check()


def test_that_a_camera_that_answers_no_more_is_gone() -> None:
    port = Port()
    one = contact(port)

    def silent(address: int, size: int) -> None:
        raise gentl.IoException("no answer")

    port.read = silent
    with pytest.raises(CameraGoneError, match="no answer"):
        one.check()


def test_that_a_camera_whose_registers_cannot_be_read_is_not_asked_for_them() -> None:
    contact(SimpleNamespace(), transport="U3V").check()


def test_that_questions_keep_their_interval() -> None:
    port = Port()
    one = contact(port, lost_after_s=400.0, transport="U3V")
    one.check()
    asked = len(port.asked)
    one.check()
    assert len(port.asked) == asked
