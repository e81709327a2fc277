"""The Cameras page in the real window: what is found, what is seen, what is set, and what is left behind."""

import html
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from discovered import DEVICE, PRODUCER, SIMULATED
from keyboard import press, type_text
from PySide6.QtCore import Qt
from waiting import SOON_MS

import station.cli.cameras as cameras_command
from station.camera.simulated import SimulatedCamera
from station.commands.cameras import CameraCommands
from station.commands.recipes import RecipeCommands
from station.domain.camera import (
    DiscoveredProducer,
    DiscoveryResult,
    Visibility,
)
from station.domain.errors import CameraError
from station.domain.preview import PreviewState, PreviewStatus
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.camera_canvas import OVER_COLOUR
from ui.pages.cameras.preview_status import notice
from ui.pages.cameras.sharpness_bar import _Bar
from ui.theme.theme import current_theme

BROKEN = DiscoveredProducer(
    "/opt/b.cti", "GENICAM_GENTL64_PATH", "cd" * 32, "ada", 64, ("libc.so.1",), "/opt/b.cti needs libc.so.1."
)
HELD = replace(DEVICE, access="held by another program")


@pytest.fixture
def hung(monkeypatch):
    """Simulated cameras take a value only once this is set."""
    answers, apply = threading.Event(), SimulatedCamera.apply
    monkeypatch.setattr(
        SimulatedCamera, "apply", lambda *given: (given[1:] == ({},) or answers.wait(SOON_MS / 1000)) and apply(*given)
    )
    yield answers
    answers.set()


def test_that_a_touch_on_a_row_and_connect_show_its_picture(window, page, qtbot) -> None:
    rows = [page.cameras.list.item(i) for i in range(page.cameras.list.count())]
    row = next(item for item in rows if "simulated:flange" in item.text())
    page.cameras.list.setCurrentItem(row)
    press(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.canvas.has_picture, timeout=SOON_MS)
    assert page.state.text() == "LIVE"
    assert "flange" in page.name.text()
    assert page.figures.text_of("Picture") == "640 × 480 RGB8"


def test_that_an_empty_list_says_why(page) -> None:
    seen = DiscoveryResult(
        producers=(DiscoveredProducer("/opt/a.cti", "settings", error="/opt/a.cti needs libb.so."),),
        devices=(),
        reasons=("/opt/a.cti needs libb.so.",),
    )
    page.cameras.show_cameras(seen)
    assert page.cameras.list.item(0).text() == "No camera found"
    assert page.cameras.why.sentences[:2] == ["Why no real camera was found", "/opt/a.cti needs libb.so."]
    assert page.cameras.chosen is None


def test_that_emulated_cameras_are_not_said_to_be_none(page) -> None:
    seen = DiscoveryResult(
        producers=(PRODUCER,), devices=(replace(DEVICE, test_camera=True),), reasons=("No GenTL producer is known.",)
    )
    page.cameras.show_cameras(seen)
    assert page.cameras.why.sentences[:2] == ["Only emulated cameras: why", "No GenTL producer is known."]


def test_that_a_search_without_a_hit_says_where_there_are_some(connect) -> None:
    page = connect(SIMULATED)
    shown = page.features.visibility
    shown.setCurrentIndex(0)
    hidden = replace(page.features._features[0], name="SensorTapMode", visibility=Visibility.GURU)
    page.features.show_features((*page.features._features, hidden))
    page.features.words.setText("sensortap")
    assert page.features.found.isVisible()
    assert page.features.found.text() == "0 found at Beginner, 1 at Guru"
    page.features.words.setText("nothing like it")
    assert page.features.found.text() == "0 found at Beginner"
    page.features.words.setText("sensortap")
    shown.setCurrentIndex(2)
    assert not page.features.found.isVisible()
    assert page.features.names == ("SensorTapMode",)


def test_that_the_page_looks_along_with_the_running_line(window, station, page, choose, qtbot) -> None:
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.state.running and bool(station.line.cameras), timeout=SOON_MS)
    station.cameras.connect(station.line.cameras[""].source)
    qtbot.waitUntil(lambda: page.canvas.has_picture, timeout=SOON_MS)
    assert page.state.text() == "THE LINE'S PICTURE"
    assert "The line is using this camera" in page.said.text()
    enabled = {act: window.action_table[act].isEnabled() for act in CamerasAct}
    assert enabled[CamerasAct.DISCONNECT]
    assert not enabled[CamerasAct.COPY_TO_RECIPE]
    assert not enabled[CamerasAct.READ_FEATURES]
    assert station.line.state.running
    window.action_table[CamerasAct.DISCONNECT].trigger()
    qtbot.waitUntil(lambda: page.state.text() == "NO CAMERA", timeout=SOON_MS)


def test_that_over_exposed_pixels_are_marked_until_the_marks_are_switched_off(window, station, connect, qtbot) -> None:
    page = connect(SIMULATED)
    station.cameras.write("AcquisitionFrameRate", 4.0)
    station.cameras.write("ExposureTime", 200_000.0)
    qtbot.waitUntil(lambda: _shares_of(page.canvas, OVER_COLOUR) > 0.1, timeout=SOON_MS)
    assert not page.histogram.over.text().endswith(" 0.0\N{NO-BREAK SPACE}%")
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert _shares_of(page.canvas, OVER_COLOUR) == 0


def test_that_the_crosshair_and_full_size_have_keys(window, connect) -> None:
    page = connect(SIMULATED)
    press(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert page.canvas.shows_crosshair
    assert page.canvas.view.zoom == 1 / page.canvas.devicePixelRatioF()
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert page.canvas.view.fits


def test_that_a_written_value_is_read_back(connect, qtbot) -> None:
    page = connect(SIMULATED)
    page.features.choose("ExposureTime")
    page.editor.entry.setText("1234")
    press(page.editor.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.editor.said.text() == "Set.", timeout=SOON_MS)
    assert page.features.value_of("ExposureTime") == "1234 us"


def test_that_a_value_out_of_range_says_which_limit_it_breaks(connect, qtbot) -> None:
    page = connect(SIMULATED)
    page.features.choose("ExposureTime")
    assert page.editor.limits.text().startswith("20 to 200000 us")
    page.editor.entry.setText("5")
    page.editor.write()
    qtbot.waitUntil(lambda: "the camera allows 20 to 200000 us" in page.editor.said.text(), timeout=SOON_MS)
    page.editor.entry.setText("long")
    page.editor.write()
    assert page.editor.said.text() == "ExposureTime cannot be 'long'. Type a number."


def test_that_a_lost_camera_is_said_over_a_grey_picture_and_it_comes_back(connect, station, qtbot) -> None:
    page = connect(f"{SIMULATED}&disconnect=12&return=1.5")
    qtbot.waitUntil(lambda: page.canvas.notice is not None, timeout=SOON_MS)
    assert page.canvas.notice.title.startswith("CAMERA LOST")
    assert_dead(page)
    assert "was disconnected" in page.said.text()
    qtbot.waitUntil(lambda: page.canvas.notice is None, timeout=SOON_MS)
    assert station.cameras.status.state is PreviewState.LIVE
    assert page.figures.text_of("Lost connection") == "1 ×"


def test_that_a_camera_that_hangs_while_it_is_set_is_not_shown_as_live(connect, hung, qtbot) -> None:
    page = connect(SIMULATED)
    page.features.choose("Gain")
    put(page, "Gain", "3")
    qtbot.waitUntil(lambda: page.canvas.notice is not None, timeout=SOON_MS)
    assert page.canvas.notice.title.startswith("NO LIVE IMAGE \u2013 1.")
    assert page.state.text() == "NO LIVE IMAGE"
    assert page.figures.text_of("Frame rate") == "\u2013"
    hung.set()
    qtbot.waitUntil(lambda: page.canvas.notice is None, timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.figures.text_of("Frame rate").endswith("/ s"), timeout=SOON_MS)


@pytest.mark.parametrize(("interval_s", "age_s", "live"), [(0.04, 0.9, True), (0.04, 1.1, False), (2, 3.9, True)])
def test_that_a_picture_is_live_for_a_second_or_two_intervals(interval_s, age_s, live) -> None:
    over_picture = notice(PreviewStatus(PreviewState.LIVE, "genicam:1", interval_s=interval_s), age_s)
    assert (over_picture is None) is live


def test_that_a_camera_that_cannot_be_opened_says_why(page, station, qtbot) -> None:
    station.cameras.connect("replay:nowhere")
    qtbot.waitUntil(lambda: page.state.text() == "CANNOT CONNECT", timeout=SOON_MS)
    assert "nowhere" in page.said.text()


def test_that_an_engineer_before_the_page_is_not_sent_to_a_terminal(window, page, station, monkeypatch, qtbot) -> None:
    def no_camera():
        raise CameraError("No GenTL producer found camera 4711 (1 searched).")

    monkeypatch.setattr("station.commands.cameras.open_source", lambda *_given: no_camera())
    station.cameras.connect("genicam:4711")
    qtbot.waitUntil(lambda: page.state.text() == "CANNOT CONNECT", timeout=SOON_MS)
    assert page.said.text() == (
        "No GenTL producer found camera 4711 (1 searched). Look again (Ctrl+L), or see below the list why."
    )


def test_that_what_was_said_is_over_with_the_next_action(window, connect, qtbot) -> None:
    page = connect(SIMULATED)
    page.say("Saved as support.zip.")
    window.action_table[CamerasAct.READ_FEATURES].trigger()
    assert page.said.text() == ""


def test_that_a_second_support_file_is_not_begun_before_the_first_is_there(window, station, monkeypatch, qtbot) -> None:
    window.show_page("cameras")
    saved, key = threading.Event(), window.action_table[CamerasAct.SUPPORT_FILE]
    monkeypatch.setattr(
        CameraCommands, "support_bundle", lambda _self: saved.wait(SOON_MS / 1000) and Path("support.zip")
    )
    key.trigger()
    assert not key.isEnabled()
    saved.set()
    qtbot.waitUntil(key.isEnabled, timeout=SOON_MS)


def test_that_the_support_file_is_saved_by_its_key(window, station, connect, qtbot) -> None:
    page = connect(SIMULATED)
    press(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.said.text().startswith("Saved as support"), timeout=SOON_MS)
    (bundle,) = station.workspace.reports.glob("support*.zip")
    assert any(name.endswith(".png") for name in zipfile.ZipFile(bundle).namelist())


def test_that_leaving_the_page_releases_the_camera(window, station, connect) -> None:
    connect(SIMULATED)
    press(window, Qt.Key.Key_F2)
    assert station.cameras.wait_disconnected(SOON_MS / 1000)
    assert "lineside preview" not in {thread.name for thread in threading.enumerate()}


def test_that_closing_the_window_leaves_no_thread(window, connect) -> None:
    connect(SIMULATED)
    window.shut_down()
    left = {thread.name for thread in threading.enumerate()} - {"lineside drift watch"}  # it ends with the station
    assert not any(name.startswith("lineside") for name in left), left


def test_that_looking_through_one_camera_after_another_ends_at_the_last(page, choose, station, qtbot) -> None:
    for product in ("flange", "board", "flange", "board"):
        choose(f"simulated:{product}")
    qtbot.waitUntil(lambda: page.canvas.has_picture and bool(page.features.names), timeout=SOON_MS)
    assert "board" in page.name.text()
    previews = [thread for thread in threading.enumerate() if thread.name == "lineside preview"]
    qtbot.waitUntil(lambda: sum(thread.is_alive() for thread in previews) == 1, timeout=SOON_MS)
    assert station.cameras.status.source == "simulated:board"


def test_that_nothing_of_the_camera_before_is_shown_as_the_next_ones(page, connect, choose, station, qtbot) -> None:
    connect(SIMULATED)
    page.features.choose("Gain")
    choose("simulated:board")
    assert not page.canvas.has_picture
    assert page.features.names == ()
    assert page.editor.name.text() == "No feature is chosen"
    assert (page.sharpness.figure.text(), page.figures.text_of("Picture")) == ("–", "–")
    assert page.histogram.over.text() == "over –"


def test_that_a_value_meant_for_one_camera_is_not_written_to_the_next(
    window, page, connect, choose, station, monkeypatch, qtbot
) -> None:
    busy = threading.Event()
    monkeypatch.setattr(RecipeCommands, "entries", lambda _self: busy.wait(SOON_MS / 1000) and ())
    connect(SIMULATED)
    window.action_table[CamerasAct.COPY_TO_RECIPE].trigger()
    put(page, "Gain", "7")
    choose("simulated:board")
    qtbot.waitUntil(lambda: page.canvas.has_picture, timeout=SOON_MS)
    busy.set()
    qtbot.waitUntil(lambda: "Gain" in page.features.names, timeout=SOON_MS)
    assert {each.name: each.value for each in station.cameras.read_features()}["Gain"] != 7


def test_that_what_is_typed_outlives_a_loss_and_can_be_set_after_it(page, connect, station, qtbot) -> None:
    connect(f"{SIMULATED}&disconnect=25&return=2")
    page.features.choose("ExposureTime")
    page.editor.entry.selectAll()
    type_text(page.editor.entry, "9000")
    qtbot.waitUntil(lambda: page.state.text() == "CAMERA LOST", timeout=SOON_MS)
    page.editor.write()
    qtbot.waitUntil(lambda: "is lost at the moment" in page.editor.said.text(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.state.text() == "LIVE", timeout=SOON_MS)
    assert page.editor.entry.text() == "9000"
    page.editor.write()
    qtbot.waitUntil(lambda: page.editor.said.text() == "Set.", timeout=SOON_MS)
    assert page.features.value_of("ExposureTime") == "9000 us"


def test_that_what_is_typed_outlives_a_value_that_changes_by_itself(page, connect, station) -> None:
    connect(SIMULATED)
    page.features.choose("Gain")
    (gain,) = (each for each in station.cameras.features() if each.name == "Gain")
    page.features.renew([replace(gain, value=3.0)])
    assert (page.features.value_of("Gain"), page.editor.entry.text()) == ("3 dB", "3")
    type_text(page.editor.entry, ".5")
    page.features.renew([replace(gain, value=4.0)])
    assert (page.features.value_of("Gain"), page.editor.entry.text()) == ("4 dB", "3.5")


def test_that_the_word_about_one_feature_does_not_stand_beside_another(page, connect, qtbot) -> None:
    connect(SIMULATED)
    put(page, "ExposureTime", "5")
    page.features.choose("Gain")
    qtbot.waitUntil(lambda: "ExposureTime cannot be 5" in page.said.text(), timeout=SOON_MS)
    assert page.editor.said.text() == ""


def test_that_the_page_and_the_command_line_tell_the_same(page, capsys, tmp_path) -> None:
    producers = (PRODUCER, BROKEN)
    seen = DiscoveryResult(producers, (HELD,), (BROKEN.error,))
    page.cameras.show_cameras(seen)
    rows = [page.cameras.list.item(i).text() for i in range(page.cameras.list.count())]
    shown = " ".join([*rows, *page.cameras.why.sentences])
    printed = " ".join(cameras_command.lines(seen))
    facts = [HELD.name, HELD.source, HELD.detail, BROKEN.error, *(each.detail for each in producers)]
    for fact in (*facts, "held by another program", "64 bits", "SHA-256 abab", "eth0", "maker.cti finds 1 device."):
        assert fact in shown, fact
        assert fact in printed, fact


@pytest.mark.genicam
def test_that_choosing_another_while_a_driver_connects_leaves_none_behind(page, choose, station, qtbot) -> None:
    for source in ("genicam:1", "genicam:1", "simulated:board", "genicam:1"):
        choose(source)
    qtbot.waitUntil(lambda: "Width" in page.features.names, timeout=SOON_MS)
    assert (page.state.text(), station.cameras.status.source) == ("LIVE", "genicam:1")
    assert station.cameras.status.losses == 0


@pytest.mark.genicam
def test_that_viky_is_seen_searched_and_set(connect, qtbot) -> None:
    page = connect("genicam:1")
    assert "AspectRatio" not in page.features.names
    page.features.more_visible()
    page.features.more_visible()
    page.features.words.setText("aspect")
    assert page.features.names == ("AspectRatio",)
    page.features.words.setText("pixelformat")
    page.features.choose("PixelFormat")
    page.editor.choice.setCurrentText("Mono8")
    page.editor.write()
    qtbot.waitUntil(lambda: page.figures.text_of("Picture") == "400 × 400 Mono8", timeout=SOON_MS)
    page.features.words.setText("width")
    page.features.choose("Width")
    page.editor.entry.setText("9000")
    page.editor.write()
    qtbot.waitUntil(lambda: "must be 100 to 800" in page.editor.said.text(), timeout=SOON_MS)


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_that_nothing_is_clipped(window, connect, size, qtbot) -> None:
    page = connect(SIMULATED)
    window.resize(*size)
    window.fit_sizes()
    shown = (page.cameras, page.canvas, page.histogram, page.sharpness, page.figures, page.features, page.editor)
    qtbot.waitUntil(lambda: all(map(_has_room, shown)), timeout=SOON_MS)
    assert (window.width(), window.height()) == size


def test_that_the_gauges_of_a_released_camera_are_not_shown_as_live(window, connect, qtbot) -> None:
    page = connect(SIMULATED)
    qtbot.waitUntil(lambda: page.sharpness.peak > 0, timeout=SOON_MS)
    assert page.histogram.isEnabled()
    window.action_table[CamerasAct.DISCONNECT].trigger()
    qtbot.waitUntil(lambda: page.state.text() == "NO CAMERA", timeout=SOON_MS)
    assert page.name.text().startswith("last: simulated line of flange")
    hint = html.unescape(page.name.toolTip()).removeprefix("<qt>").removesuffix("</qt>")
    assert hint.startswith("simulated line of flange")
    assert hint.endswith("simulated:flange?rate=25&width=320&height=240")
    qtbot.waitUntil(lambda: page.canvas.notice is not None, timeout=SOON_MS)
    assert_dead(page)


def test_that_only_stand_ins_are_called_so(page) -> None:
    drawn = replace(DEVICE, test_camera=True)
    page.cameras.show_cameras(DiscoveryResult((), (drawn,), ("No producer sees a camera.",)))
    assert page.cameras.list.item(0).text() == "No camera, only stand-ins"


def test_that_the_marked_row_stays_visible_when_the_window_becomes_small(window, page, qtbot) -> None:
    many = tuple(replace(DEVICE, serial=str(number)) for number in range(20))
    page.cameras.show_cameras(DiscoveryResult((), many, ()))
    window.resize(1280, 1000)
    rows = page.cameras.list
    rows.setCurrentRow(6)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: _holds(rows.viewport().rect(), rows.visualItemRect(rows.currentItem())), timeout=SOON_MS)


def test_that_a_search_forgets_neither_the_marked_feature_nor_what_was_typed(page, connect) -> None:
    connect(SIMULATED)
    page.features.choose("Gain")
    page.editor.entry.selectAll()
    type_text(page.editor.entry, "7")
    page.features.words.setText("exposure")
    page.features.more_visible()
    assert (page.editor.name.text(), page.editor.entry.text()) == ("Gain", "7")
    page.features.words.clear()
    assert page.features.tree.currentItem().text(0) == "Gain"
    assert page.editor.entry.text() == "7"


def assert_dead(page) -> None:
    """Nothing of it can be taken for what the camera sees now."""
    assert not page.histogram.isEnabled()
    assert {colour for _heights, colour in page.histogram.curves()} == {current_theme().colours.muted}
    assert page.features.tree.headerItem().text(1) == "Last value"
    assert not page.sharpness.findChild(_Bar).isEnabled()


def put(page, name, value):
    """Type a value for a feature and ask for it."""
    page.features.choose(name)
    page.editor.entry.setText(value)
    page.editor.write()


def _has_room(widget):
    needed = widget.minimumSizeHint()
    return widget.width() >= needed.width() and widget.height() >= needed.height()


def _shares_of(canvas, colour):
    picture = canvas.grab().toImage()
    points = [(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)]
    return sum(picture.pixelColor(x, y) == colour for x, y in points) / len(points)


def _holds(room, row):
    return room.top() <= row.top() and row.bottom() <= room.bottom()


def test_that_starting_the_line_releases_the_camera_on_the_page(window, station, connect, qtbot) -> None:
    connect(SIMULATED)
    station.line.load_recipe("plate")
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: station.line.state.running, timeout=SOON_MS)
    assert station.cameras.status.state is PreviewState.NONE
