"""A serial from the scanner to the record: with the next part, never with another one."""

import csv
from pathlib import Path

import cv2
import pytest
from contrast_model import release_plate
from keyboard import scan

from station.app import Station
from station.domain.clock import utc_now
from station.domain.messages import LineState
from station.domain.scanned_code import CodeUse
from station.settings import CameraSettings, ScannerSettings, Settings


@pytest.fixture
def station(tmp_path: Path, tiny_package, draw_part):
    """Triggered by the station, so that a part comes when the test wants it; serials begin with SN."""
    cv2.imwrite(str(tmp_path / "part.png"), draw_part(1, defective=True))
    release_plate(tmp_path / "workspace", tiny_package)
    camera = CameraSettings(source="simulated:flange", trigger="software")
    settings = Settings(camera=camera, scanner=ScannerSettings(serial_prefix="SN"))
    with Station.open(tmp_path / "workspace", settings) as opened:
        yield opened


@pytest.fixture
def running(window, station, qtbot):
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.state.inspecting_parts, timeout=20_000)
    return window


def inspected(window, station, qtbot) -> str:
    """Trigger a part; return the serial in its record."""
    key = station.line.trigger()
    qtbot.waitUntil(lambda: any(part.key == key for part in station.records.recent(5)), timeout=20_000)
    return station.records.part(key).inspection.serial


def test_that_a_serial_is_kept_with_the_next_part_and_with_no_other(running, station, qtbot) -> None:
    before = inspected(running, station, qtbot)
    scan(running, "SN4711")
    assert running.page_of("line").isVisible()
    assert [inspected(running, station, qtbot) for _ in range(2)] == ["SN4711", ""]
    assert before == ""
    station.line.stop()
    assert station.line.wait_stopped(20)
    written = station.records.write_csv(station.records.shift_of(utc_now()))
    lines = list(csv.DictReader(written.read_text("utf-8-sig").splitlines()))
    assert [line["serial"] for line in lines] == ["", "SN4711", ""]


def test_that_a_code_without_the_prefix_or_on_a_stopped_line_is_kept_with_no_part(window, station, qtbot) -> None:
    codes = []
    window.bridge.code_scanned.connect(lambda message: codes.append(message.code))
    scan(window, "SN4711")
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.state is LineState.WAITING, timeout=20_000)
    scan(window, "XX4712")
    scan(window, "SN")
    qtbot.waitUntil(lambda: len(codes) == 3)
    assert [code.use for code in codes] == [CodeUse.REFUSED, CodeUse.NOT_USED, CodeUse.REFUSED]
    assert inspected(window, station, qtbot) == ""


def test_that_the_part_on_the_card_names_its_serial(running, station, qtbot) -> None:
    scan(running, "SN0815")
    inspected(running, station, qtbot)
    qtbot.waitUntil(lambda: "SN0815" in running.page_of("line").card.title, timeout=20_000)
