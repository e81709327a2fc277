"""What can be asked of the line in each of its states."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest

from station.domain.messages import LineState, LineStateChanged
from ui.actions.action import SharedAct
from ui.pages.line.actions import LineAct
from ui.widgets.confirm_dialog import ConfirmDialog


@pytest.mark.parametrize("state", LineState)
def test_that_a_line_can_be_stopped_as_long_as_there_is_one(window, state: LineState) -> None:
    window.bridge.state_changed.emit(LineStateChanged(state))
    enabled = {act for act in (SharedAct.START, SharedAct.STOP) if window.action_table[act].isEnabled()}
    expected = {SharedAct.START} if state.at_rest else {SharedAct.STOP} if state.running else set()
    assert enabled == expected
    keys = window.page_of("line").line_keys
    assert keys.start.isVisible() == state.at_rest
    assert keys.stop.isVisible() != state.at_rest
    free_running = "WAITING FOR THE FIRST PART" if state.inspecting_parts else state.value
    assert window.page_of("line").phase.text == free_running


def test_that_a_line_that_triggers_itself_offers_no_trigger(window) -> None:
    window.bridge.state_changed.emit(LineStateChanged(LineState.WAITING))
    assert not window.page_of("line").line_keys.trigger.isVisible()
    assert not window.action_table[LineAct.TRIGGER].isEnabled()


@pytest.mark.parametrize("triggered", ["software"])
def test_that_a_person_may_trigger_a_line_whose_cameras_the_station_triggers(window, station, qtbot) -> None:
    key = window.page_of("line").line_keys.trigger
    assert key.isVisible()
    assert not key.isEnabled()
    station.line.load_recipe("plate")
    window.action_table[SharedAct.START].trigger()
    qtbot.waitUntil(key.isEnabled, timeout=20_000)
    for part in (1, 2):
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda part=part: station.line.counts().triggers == part, timeout=20_000)


def test_that_no_verdict_is_shown_while_the_line_waits_for_the_disk(window, make_inspection) -> None:
    page, displayed_part = window.page_of("line"), window.presenter_of("line").displayed_part
    displayed_part.enter_state(LineState.INSPECTING, "")
    displayed_part.show_verdict(make_inspection())
    displayed_part.enter_state(LineState.DISK_BEHIND, "")
    displayed_part.refresh_age(expected_interval_s=0.25)
    assert page.band.verdict is None
    assert page.band.word.text() == "WAITING FOR THE DISK"
    assert page.pictures.tiles[0].canvas.notice.title.startswith("WAITING FOR THE DISK")
    assert page.pictures.tiles[0].canvas.notice.loud


def test_that_closing_the_window_asks_first_while_the_line_waits_for_the_disk(window, station, monkeypatch) -> None:
    with monkeypatch.context() as waiting:
        waiting.setattr(type(station.line), "state", LineState.DISK_BEHIND)
        event = QCloseEvent()
        window.closeEvent(event)
    assert not event.isAccepted()
    window.findChild(ConfirmDialog).reject()
