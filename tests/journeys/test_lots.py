"""A lot is changed while the line runs: parts whose trigger has come keep theirs, and the next one has the new lot."""

import pytest

from station.app import Station
from station.domain.lot_order import LotOrder
from station.domain.messages import PartRecorded


@pytest.fixture
def triggered() -> str:
    return "software"


@pytest.fixture
def running(station: Station, qtbot) -> Station:
    station.lots.set("L-1", "O-7")
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.state.inspecting_parts, timeout=20_000)
    return station


def made(station: Station, qtbot, key) -> LotOrder:
    qtbot.waitUntil(lambda: any(part.key == key for part in station.records.recent(300)), timeout=20_000)
    part = station.records.part(key).inspection
    return LotOrder(part.lot, part.order)


def test_that_a_change_never_reaches_a_part_whose_trigger_has_come(running: Station, qtbot) -> None:
    before = running.line.trigger()
    running.lots.set("L-2", "O-8")
    qtbot.waitUntil(lambda: running.line.state.inspecting_parts, timeout=20_000)
    assert made(running, qtbot, before) == LotOrder("L-1", "O-7")
    assert made(running, qtbot, running.line.trigger()) == LotOrder("L-2", "O-8")


def test_that_a_running_line_takes_over_the_lot_that_another_program_sets(running: Station, qtbot) -> None:
    recorded = running.news.subscribe(PartRecorded)
    with Station.open(running.workspace.root, running.settings) as other:
        other.lots.set("L-9")
    qtbot.waitUntil(lambda: running.lots.now == LotOrder("L-9", "O-7"), timeout=5_000)
    key = running.line.trigger()
    assert recorded.next_message(20).key == key
    assert made(running, qtbot, key) == LotOrder("L-9", "O-7")
