"""A camera is asked again for what changes by itself, and is written to only if that changes something.

The camera is a GenApi node map over registers in memory, `register_camera.xml`.
"""

import struct
import time
from pathlib import Path

import pytest
from genicam import genapi

from station.camera.genicam.feature_write import write
from station.camera.genicam.node_map import NodeMap
from station.domain.camera import Access, CameraFeature

pytestmark = pytest.mark.genicam

WIDTH, EXPOSURE_TIME, GAIN_AUTO, LINE, TEMPERATURE, SHUTTER, SENSOR_WIDTH, USER_ID, GAIN, LOAD = (
    0x00, 0x04, 0x08, 0x0C, 0x10, 0x14, 0x18, 0x20, 0x30, 0x34,
)  # fmt: skip
CHANGE_BY_THEMSELVES = {
    "ExposureTime": (EXPOSURE_TIME, struct.pack(">f", 7500.0), 7500.0),
    "GainAuto": (GAIN_AUTO, struct.pack(">I", 1), "Once"),
    "LineStatus": (LINE, struct.pack(">I", 1), True),
    "DeviceTemperature": (TEMPERATURE, struct.pack(">f", 85.0), 85.0),
    "SensorShutterTemperature": (SHUTTER, struct.pack(">I", 853), 85.3),
    "SensorWidth": (SENSOR_WIDTH, struct.pack(">I", 640), 640),
    "DeviceUserID": (USER_ID, b"line 2\0\0", "line 2"),
}


class Registers(genapi.AbstractPort):
    """The registers of a camera, and the addresses that were written."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = bytearray(0x40)
        self.written: list[int] = []
        self.put(WIDTH, struct.pack(">I", 640))
        self.put(EXPOSURE_TIME, struct.pack(">f", 5000.0))
        self.put(TEMPERATURE, struct.pack(">f", 21.0))
        self.put(SHUTTER, struct.pack(">I", 210))
        self.put(SENSOR_WIDTH, struct.pack(">I", 1024))
        self.put(USER_ID, b"line 1\0\0")

    def put(self, address: int, content: bytes) -> None:
        self.memory[address : address + len(content)] = content

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.memory[address : address + size])

    def write(self, address: int, content: bytes) -> None:
        self.written.append(address)
        self.put(address, content)
        if address == LOAD:
            self.put(LOAD, bytes(4))

    def get_access_mode(self) -> int:
        return genapi.EAccessMode.RW


@pytest.fixture
def registers() -> Registers:
    return Registers()


@pytest.fixture
def camera(registers: Registers) -> NodeMap:
    node_map = genapi.NodeMap()
    node_map.load_xml_from_string(Path(__file__).with_name("register_camera.xml").read_text("utf-8"))
    node_map.connect(registers, "Device")
    return NodeMap(node_map)


def feature(camera: NodeMap, name: str) -> CameraFeature:
    (found,) = camera.read_features([name])
    return found


@pytest.mark.parametrize("name", CHANGE_BY_THEMSELVES)
def test_that_what_changes_by_itself_is_asked_again(name: str, camera: NodeMap, registers: Registers) -> None:
    address, content, value = CHANGE_BY_THEMSELVES[name]
    before = feature(camera, name)
    assert before.value is not None
    assert before.value != value
    registers.put(address, content)
    assert feature(camera, name).value == value
    assert camera.read_value(name) == value


def test_that_a_limit_with_a_polling_time_follows_the_camera(camera: NodeMap, registers: Registers) -> None:
    assert feature(camera, "Width").maximum == 1024
    registers.put(SENSOR_WIDTH, struct.pack(">I", 640))
    time.sleep(0.12)
    assert feature(camera, "Width").maximum == 640


def test_that_a_loaded_user_set_changes_limits_without_a_polling_time(camera: NodeMap, registers: Registers) -> None:
    assert feature(camera, "Width").maximum == 1024
    registers.put(SENSOR_WIDTH, struct.pack(">I", 512))
    camera.execute_and_wait("UserSetLoad")
    assert feature(camera, "Width").maximum == 512


@pytest.mark.parametrize("broken", ["BrokenFormula", "BrokenAccess", "BrokenEntries"])
def test_that_one_feature_that_fails_does_not_empty_the_tree(broken: str, camera: NodeMap) -> None:
    features = {each.name: each for each in camera.read_features()}
    assert {*CHANGE_BY_THEMSELVES, "Width", "Gain", broken} <= features.keys()
    assert features["Gain"].value == 0.0
    assert features["BrokenFormula"].value is None


def test_that_a_feature_that_cannot_be_read_at_all_says_why(camera: NodeMap, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> CameraFeature:
        raise genapi.LogicalErrorException("Division by zero")

    monkeypatch.setattr(camera, "read_feature", refuse)
    failed = feature(camera, "Gain")
    assert (failed.name, failed.category, failed.access) == ("Gain", "All", Access.NOT_AVAILABLE)
    assert failed.about == "It cannot be read: Division by zero."


def test_that_only_what_differs_is_written(camera: NodeMap, registers: Registers) -> None:
    write(camera, {"Width": 512, "ExposureTime": 0.1, "GainAuto": "Continuous"})
    assert registers.written == [WIDTH, EXPOSURE_TIME, GAIN_AUTO]
    registers.written.clear()
    for _ in range(300):
        write(camera, {"Width": 512, "ExposureTime": 0.1, "GainAuto": "Continuous"})
    assert registers.written == []
    write(camera, {"Width": 512, "ExposureTime": 0.2, "GainAuto": "Continuous"})
    assert registers.written == [EXPOSURE_TIME]


def test_that_what_the_camera_changed_by_itself_is_written_again(camera: NodeMap, registers: Registers) -> None:
    write(camera, {"GainAuto": "Once"})
    registers.put(GAIN_AUTO, struct.pack(">I", 0))
    write(camera, {"GainAuto": "Once"})
    assert registers.written == [GAIN_AUTO, GAIN_AUTO]
