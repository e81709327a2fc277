"""What asks for a person at the line: alarms that stay, answers at the touch, sounds, rejects, a cut, no camera."""

import wave
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from waiting import SOON_MS

from station.app import Station
from station.commands.line import LineCommands
from station.domain.alarm import Alarm, AlarmKind
from station.domain.feedback import Disposition, OpenReview, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.messages import (
    AlarmRaised,
    LineState,
    LineStateChanged,
    PartJudged,
    ReviewEnded,
    ReviewOpened,
)
from station.domain.verdict import Verdict
from station.review.unexpected_end import UnexpectedEnd
from station.settings import CameraSettings, Settings
from ui.actions.action import SharedAct
from ui.background.rendered_part import render_part
from ui.pages.line.actions import LineAct
from ui.pages.line.alarm_banner import Entry, Kind
from ui.shell.alarm_list import AlarmListDialog
from ui.shell.main_window import MainWindow
from ui.theme.sound import Sound
from ui.widgets.confirm_dialog import ConfirmDialog
from ui.widgets.key_button import KeyButton

ALARM = Alarm("3 parts failed in a row.", "Always centre.", "Every part may be rejected.", "Check the lens.")
KIND = AlarmKind.FAILS_IN_A_ROW


@pytest.fixture
def alarms(station):
    return station._core.alarms


@pytest.fixture
def heard(window, monkeypatch) -> list[Sound]:
    sounds: list[Sound] = []
    monkeypatch.setattr(window.presenter_of("line")._sounds, "play", sounds.append)
    return sounds


def test_that_a_seen_alarm_stays_on_the_page_until_it_is_over(window, station, alarms, qtbot) -> None:
    banner = window.page_of("line").banner
    alarms.raise_alarm(KIND, ALARM)
    qtbot.waitUntil(lambda: banner.entry is not None and banner.entry.kind is Kind.ALARM, timeout=SOON_MS)
    window.action_table[LineAct.ACKNOWLEDGE].trigger()
    assert banner.entry.kind is Kind.SEEN
    assert banner.isVisible()
    assert "3 parts failed in a row." in banner.words
    assert not window.action_table[LineAct.ACKNOWLEDGE].isEnabled()
    alarms.raise_alarm(KIND, Alarm("10 parts failed in a row.", "", "", "Check the lens."))
    qtbot.waitUntil(lambda: banner.entry.kind is Kind.ALARM, timeout=SOON_MS)
    window.action_table[LineAct.ACKNOWLEDGE].trigger()
    alarms.end_alarm(KIND)
    qtbot.waitUntil(lambda: banner.entry is None, timeout=SOON_MS)
    assert len(station.alarms.over) == 1


@pytest.fixture
def seen_key(window):
    return next(key for key in window.page_of("line").banner.findChildren(KeyButton) if key.text() == "Seen")


def test_that_an_alarm_that_came_under_the_finger_is_not_seen(window, station, alarms, seen_key, qtbot) -> None:
    banner = window.page_of("line").banner
    alarms.raise_alarm(KIND, ALARM)
    qtbot.waitUntil(lambda: banner.entry is not None, timeout=SOON_MS)
    QTest.mousePress(seen_key, Qt.MouseButton.LeftButton)
    alarms.raise_alarm(AlarmKind.CAMERA_LOST, Alarm("The camera is lost.", "", "", "Check its cable."))
    qtbot.waitUntil(lambda: banner.entry.sentence == "The camera is lost.", timeout=SOON_MS)
    QTest.mouseRelease(seen_key, Qt.MouseButton.LeftButton)
    assert {entry.kind: entry.seen is None for entry in station.alarms.open} == {
        KIND: False,
        AlarmKind.CAMERA_LOST: True,
    }


def test_that_an_alarm_that_grew_worse_under_the_finger_must_be_seen_again(
    window, station, alarms, seen_key, qtbot
) -> None:
    banner = window.page_of("line").banner
    alarms.raise_alarm(KIND, ALARM)
    qtbot.waitUntil(lambda: banner.entry is not None, timeout=SOON_MS)
    QTest.mousePress(seen_key, Qt.MouseButton.LeftButton)
    alarms.raise_alarm(KIND, Alarm("10 parts failed in a row.", "", "", "Check the lens."))
    qtbot.waitUntil(lambda: banner.entry.sentence == "10 parts failed in a row.", timeout=SOON_MS)
    QTest.mouseRelease(seen_key, Qt.MouseButton.LeftButton)
    assert [entry.seen for entry in station.alarms.open] == [None]
    QTest.mouseClick(seen_key, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: banner.entry.kind is Kind.SEEN, timeout=SOON_MS)


def test_that_a_message_that_came_under_the_finger_stays(window, seen_key) -> None:
    banner = window.page_of("line").banner
    banner.tell(Entry(Kind.MESSAGE, "The picture is dark.", "Clean the lens."))
    QTest.mousePress(seen_key, Qt.MouseButton.LeftButton)
    banner.tell(Entry(Kind.MESSAGE, "Part 0007: not answered, counts as FAIL.", "Take it off the line."))
    QTest.mouseRelease(seen_key, Qt.MouseButton.LeftButton)
    assert banner.entry.sentence == "Part 0007: not answered, counts as FAIL."
    assert banner.count(Kind.MESSAGE) == 1


def test_that_the_list_of_alarms_opens_from_the_strip_of_another_page(window, station, alarms, qtbot) -> None:
    window.show_page("shift_report")
    alarms.raise_alarm(KIND, ALARM)
    qtbot.waitUntil(lambda: window.live_strip.words[3] == "1 alarm", timeout=SOON_MS)
    window.live_strip._alarms.click()
    dialog = window.findChild(AlarmListDialog)
    assert dialog.isVisible()
    assert "3 parts failed in a row. Always centre." in dialog.words[0]
    assert "not seen" in dialog.words[0]
    window.alarms.acknowledge(station.alarms.open[0])
    qtbot.waitUntil(lambda: window.live_strip.words[3] == "No new alarms, 1 seen", timeout=SOON_MS)
    assert "not seen" not in dialog.words[-1]
    alarms.end_alarm(KIND)
    qtbot.waitUntil(lambda: dialog.over.rows.rowCount() == 1, timeout=SOON_MS)
    dialog.accept()


def test_that_the_answer_to_a_touch_waits_behind_no_alarm(window, alarms, monkeypatch) -> None:
    alarms.raise_alarm(KIND, ALARM)
    monkeypatch.setattr(type(window._station.line), "state", LineState.INSPECTING)
    window.header.product.click()
    assert window.answer.words == "The line is running. Stop it to change the product."
    assert window.rect().contains(window.answer.geometry())
    monkeypatch.undo()


def test_that_reject_question_and_alarm_sound_differently(window, heard, make_inspection) -> None:
    bridge, review = window.bridge, make_inspection(2, Verdict.REVIEW)
    bridge.part_judged.emit(PartJudged(make_inspection(1, Verdict.FAIL)))
    bridge.review_opened.emit(ReviewOpened(OpenReview(review, 30.0)))
    bridge.alarm_raised.emit(AlarmRaised(ALARM))
    bridge.part_judged.emit(PartJudged(make_inspection(3, Verdict.NOT_INSPECTED)))
    bridge.part_judged.emit(PartJudged(make_inspection(4, Verdict.PASS)))
    assert heard == [Sound.REJECT, Sound.QUESTION, Sound.ALARM, Sound.REJECT]
    waves = [resources.files("resources").joinpath("sounds", f"{sound.value}.wav").read_bytes() for sound in Sound]
    assert len(set(waves)) == len(Sound)
    for sound in Sound:
        with wave.open(str(resources.files("resources").joinpath("sounds", f"{sound.value}.wav"))) as file:
            assert 0.1 < file.getnframes() / file.getframerate() < 2


def test_that_a_review_that_nobody_answered_is_said_on_the_page(window, heard) -> None:
    end = OperatorFeedback(PartKey(1, 15), Disposition.REVIEW_TIMED_OUT, "", "", datetime.now(UTC))
    window.bridge.review_ended.emit(ReviewEnded(end))
    assert "Part 0015: not answered, counts as FAIL." in window.page_of("line").banner.words
    assert heard == [Sound.REJECT]


def test_that_rejects_are_counted_until_a_person_says_a_word(window, station, make_inspection, qtbot) -> None:
    presenter, page = window.presenter_of("line"), window.page_of("line")
    parts = [make_inspection(number, Verdict.FAIL) for number in (1, 2)]
    for part in parts:
        station._core.rejects.add_part(part)
        window.bridge.part_judged.emit(PartJudged(part))
    presenter._tick()
    assert page.rejects.text() == "2 rejects not handled"
    assert page.rejects.isVisible()
    shown: list[PartKey] = []
    page.strip.part_chosen.connect(shown.append)
    window.action_table[LineAct.NEXT_REJECT].trigger()
    assert shown == [parts[0].key]
    station._core.rejects.handle(parts[0].key)
    presenter._tick()
    assert page.rejects.text() == "1 reject not handled"


def test_that_an_unexpected_end_is_said_until_a_person_has_seen_it(station, tmp_path) -> None:
    UnexpectedEnd(station.workspace.logs).keep(datetime(2026, 11, 22, 2, 19, tzinfo=UTC))
    for seen in (False, False, True):
        with Station.open(station.workspace.root, station.settings) as opened:
            (entry,) = opened.alarms.open
            assert entry.alarm.event == "The station ended unexpectedly at 02:19, 22 Nov."
            if seen:
                opened.alarms.acknowledge(entry.number)
    with Station.open(station.workspace.root, station.settings) as opened:
        assert opened.alarms.open == ()


def test_that_a_station_without_a_camera_says_so_and_does_not_start(
    station, dressed, nothing_left_behind, qtbot
) -> None:
    with Station.open(station.workspace.root, Settings(camera=CameraSettings())) as bare:
        bare.line.load_recipe("plate")
        window = MainWindow(bare)
        window.show()
        page = window.page_of("line")
        assert page.pictures.tiles[0].canvas.empty_text == "No camera is set"
        window.action_table[SharedAct.START].trigger()
        qtbot.waitUntil(lambda: window.answer.words.startswith("No camera is set. Call the engineer"), timeout=SOON_MS)
        assert bare.records.recent() == ()
        window.shut_down()
        window.deleteLater()


def test_that_a_simulated_picture_is_marked_and_a_real_one_is_not(window, make_inspection, make_live) -> None:
    page, displayed = window.page_of("line"), window.presenter_of("line").displayed_part
    displayed.enter_state(LineState.INSPECTING, "")
    for origin, marked in (("simulated:flange frame 7", True), ("genicam:4711 frame 7", False), ("a/b.png", False)):
        displayed.show_rendered(render_part(make_live(make_inspection(1, Verdict.PASS, origin=origin))))
        canvas = page.pictures.tiles[0].canvas
        picture = canvas.grab().toImage()
        yellow = picture.pixelColor(3, picture.height() - 4).name().upper() == "#FFE95C"
        assert (canvas.simulated, yellow) == (marked, marked)


def test_that_start_goes_on_after_a_product_was_chosen(window, station, qtbot) -> None:
    from ui.pages.line.recipe_chooser import RecipeChooser  # noqa: PLC0415

    window.action_table[SharedAct.START].trigger()
    qtbot.waitUntil(lambda: window.page_of("line").findChild(RecipeChooser) is not None, timeout=SOON_MS)
    chooser = window.page_of("line").findChild(RecipeChooser)
    chooser.findChildren(type(window.header.product))[0].click()
    qtbot.waitUntil(lambda: station.line.state.running, timeout=SOON_MS)
    station.line.stop()
    assert station.line.wait_stopped(20)


def test_that_the_header_says_the_true_state_of_the_recipe(window, station, qtbot) -> None:
    station.line.load_recipe("plate")
    qtbot.waitUntil(lambda: window.header.revision == "recipe 1, released", timeout=SOON_MS)
    with Station.open(station.workspace.root, station.settings) as other:
        other.recipes.retire("plate", 1, "Ada", "lets cracks pass")
    qtbot.waitUntil(lambda: window.header.revision == "recipe 1, retired", timeout=SOON_MS)


@pytest.mark.parametrize(("marked", "stopped"), [("no", False), ("yes", True)])
def test_that_enter_presses_the_key_that_is_marked(window, qtbot, marked: str, stopped: bool) -> None:
    from PySide6.QtCore import Qt  # noqa: PLC0415
    from PySide6.QtTest import QTest  # noqa: PLC0415

    from ui.widgets.confirm_dialog import ask  # noqa: PLC0415

    asked: list[bool] = []
    question = ask(window, "Stop the line?", "", "Stop", "Go on", lambda: asked.append(True))
    key = getattr(question, marked)
    key.setFocus()
    QTest.keyClick(key, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(ConfirmDialog) is None, timeout=SOON_MS)
    assert bool(asked) == stopped


def test_that_the_empty_place_does_not_say_ready_while_the_line_runs(window, station) -> None:
    station.line.load_recipe("plate")
    window.bridge.state_changed.emit(LineStateChanged(LineState.WAITING))
    window.presenter_of("line")._show_recipe(station.line.recipe)
    assert window.page_of("line").pictures.tiles[0].canvas.empty_text == "Waiting for the first part"


@pytest.mark.parametrize("place", ["plate", "list"])
def test_that_an_alarm_that_got_worse_before_the_window_knew_stays_to_be_seen(
    window, station, alarms, place: str, qtbot
) -> None:
    alarms.raise_alarm(KIND, ALARM)
    banner = window.page_of("line").banner
    qtbot.waitUntil(lambda: banner.entry is not None, timeout=SOON_MS)
    window.alarms.open()
    alarms.raise_alarm(KIND, replace(ALARM, event="10 parts failed in a row."))
    assert "3 parts failed" in banner.words, "the window has not fetched the news yet"
    if place == "plate":
        window.action_table[LineAct.ACKNOWLEDGE].trigger()
    else:
        keys = window.findChild(AlarmListDialog).findChildren(QPushButton)
        next(key for key in keys if key.text() == "Seen").click()
    (entry,) = station.alarms.open
    assert entry.seen is None
    qtbot.waitUntil(lambda: "10 parts failed" in banner.words, timeout=SOON_MS)
    assert banner.entry.kind is Kind.ALARM


def test_that_the_pause_key_does_what_it_said_when_it_was_pressed(window, station, monkeypatch, qtbot) -> None:
    given: list[str] = []
    for name in ("pause", "resume"):
        monkeypatch.setattr(LineCommands, name, lambda _self, _reason="", name=name: given.append(name))
    key = window.page_of("line").line_keys.pause
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    assert key.text() == "Pause"
    QTest.mousePress(key, Qt.MouseButton.LeftButton)
    window.bridge.state_changed.emit(LineStateChanged(LineState.PAUSED))
    QTest.mouseRelease(key, Qt.MouseButton.LeftButton)
    assert given == [], "it is paused already, and the finger has not asked it to go on"
    QTest.mouseClick(key, Qt.MouseButton.LeftButton)
    assert given == ["resume"]
    QTest.mousePress(key, Qt.MouseButton.LeftButton)
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    QTest.mouseRelease(key, Qt.MouseButton.LeftButton)
    assert given == ["resume"]
