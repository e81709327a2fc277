"""The Cameras page in the real window: what is found, what is seen, what is set, and what is left behind."""

import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from in_sight import DEVICE, PRODUCER
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

import station.cli.cameras as cameras_command
from station.camera.simulated import SimulatedCamera
from station.domain.camera import (
    Access,
    CameraFeature,
    CamerasInSight,
    FeatureKind,
    ProducerInSight,
    Visibility,
)
from station.domain.errors import CameraError
from station.domain.preview import Exposure, PreviewState, PreviewStatus
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from ui.actions import Act
from ui.engineer.camera_canvas import OVER_COLOUR
from ui.engineer.recipe_offers import RecipeOffer, recipe_offers
from ui.engineer.recipe_sheet import RecipeSheet
from ui.engineer.sharpness_bar import _Bar
from ui.engineer.sight import notice
from ui.theme import THEMES, Look, look, wear

SOON_MS = 20_000
BROKEN = ProducerInSight(
    "/opt/b.cti", "GENICAM_GENTL64_PATH", "cd" * 32, "ada", 64, ("libc.so.1",), "/opt/b.cti needs libc.so.1."
)
HELD = replace(DEVICE, access="held by another program")
SIMULATED = "simulated:flange?rate=25&width=320&height=240"


@pytest.fixture
def page(window, qtbot):
    """Reached by its key, with what was found in the list."""
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    QTest.keyClick(window, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: window.cameras_page.cameras.list.count() > 0, timeout=SOON_MS)
    return window.cameras_page


@pytest.fixture
def connect(window, station, page, qtbot):
    """Look through a camera until its picture and features are there."""

    def connected(source):
        station.cameras.connect(source)
        qtbot.waitUntil(lambda: page.canvas.has_picture and bool(page.features.names), timeout=SOON_MS)
        return page

    return connected


@pytest.fixture
def choose(window, page):
    """Touch a row and the key beside it."""

    def chosen(source):
        rows = [page.cameras.list.item(i) for i in range(page.cameras.list.count())]
        page.cameras.list.setCurrentItem(next(row for row in rows if source in row.text()))
        window.actions_table[Act.CONNECT].trigger()

    return chosen


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
    QTest.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: page.canvas.has_picture, timeout=SOON_MS)
    assert page.state.text() == "LIVE"
    assert "flange" in page.name.text()
    assert page.figures.text_of("Picture") == "640 × 480 RGB8"


def test_that_an_empty_list_says_why(page) -> None:
    seen = CamerasInSight(
        producers=(ProducerInSight("/opt/a.cti", "settings", error="/opt/a.cti needs libb.so."),),
        devices=(),
        reasons=("/opt/a.cti needs libb.so.",),
    )
    page.cameras.show_cameras(seen)
    assert page.cameras.list.item(0).text() == "Cameras: none"
    assert page.cameras.why.sentences[:2] == ["Why no real camera is in sight", "/opt/a.cti needs libb.so."]
    assert page.cameras.chosen is None


def test_that_over_exposed_pixels_are_marked_until_the_marks_are_switched_off(window, station, connect, qtbot) -> None:
    page = connect(SIMULATED)
    station.cameras.write("AcquisitionFrameRate", 4.0)
    station.cameras.write("ExposureTime", 200_000.0)
    qtbot.waitUntil(lambda: _shares_of(page.canvas, OVER_COLOUR) > 0.1, timeout=SOON_MS)
    assert not page.histogram.over.text().endswith(" 0.0 %")
    QTest.keyClick(window, Qt.Key.Key_X)
    assert _shares_of(page.canvas, OVER_COLOUR) == 0


def test_that_the_crosshair_and_full_size_have_keys(window, connect) -> None:
    page = connect(SIMULATED)
    QTest.keyClick(window, Qt.Key.Key_C)
    QTest.keyClick(window, Qt.Key.Key_Z)
    assert page.canvas.shows_crosshair
    assert page.canvas.view.zoom == 1 / page.canvas.devicePixelRatioF()
    QTest.keyClick(window, Qt.Key.Key_Z)
    assert page.canvas.view.fits


def test_that_a_written_value_is_read_back(connect, qtbot) -> None:
    page = connect(SIMULATED)
    page.features.choose("ExposureTime")
    page.editor.entry.setText("1234")
    QTest.keyClick(page.editor.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.editor.said.text() == "Set.", timeout=SOON_MS)
    assert page.features.value_of("ExposureTime") == "1234 us"


def test_that_a_value_out_of_range_says_which_limit_stands_in_the_way(connect, qtbot) -> None:
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
    assert "gone" in page.said.text()
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
        raise CameraError("No camera with serial number 4711 is in sight of 1 GenTL producer.")

    monkeypatch.setattr("station.commands.cameras.open_source", lambda *_given: no_camera())
    station.cameras.connect("genicam:4711")
    qtbot.waitUntil(lambda: page.state.text() == "CANNOT CONNECT", timeout=SOON_MS)
    assert page.said.text() == (
        "No camera with serial number 4711 is in sight of 1 GenTL producer. Look again (F8), or see below the list why."
    )


def test_that_the_peak_holds_until_it_is_reset(page) -> None:
    page.sharpness.show_sharpness(200.0)
    page.sharpness.show_sharpness(50.0)
    assert (page.sharpness.peak, page.sharpness.of_peak.text()) == (200.0, "25 %\nof peak 200")
    page.sharpness.reset()
    assert (page.sharpness.peak, page.sharpness.of_peak.text()) == (50.0, "100 %\nof peak 50.0")


def test_that_the_settings_go_into_a_draft_with_name_and_reason(window, station, connect, qtbot) -> None:
    page = connect(SIMULATED)
    window.actions_table[Act.COPY_TO_RECIPE].trigger()
    qtbot.waitUntil(lambda: page.findChild(RecipeSheet) is not None, timeout=SOON_MS)
    sheet = page.findChild(RecipeSheet)
    assert sheet.what.text() == "ExposureTime, Gain, AcquisitionFrameRate …: 4 settings."
    assert not sheet.make.isEnabled()
    sheet.person.setText("Ada")
    sheet.reason.setText("new lamp")
    QTest.mouseClick(sheet.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.said.text().startswith("plate@2"), timeout=SOON_MS)
    entry = station.recipes.find("plate", 2)
    assert (entry.state, entry.recipe.author, entry.recipe.reason) == (RecipeState.DRAFT, "Ada", "new lamp")
    assert page.said.text().endswith("linesidectl recipes release plate@2")


def test_that_the_recipe_on_the_line_is_proposed_first_and_then_the_newest(station, duo, connect) -> None:
    connect(SIMULATED)
    station.recipes.add(replace(station.recipes.find("plate").recipe, name="axle", revision=1))
    assert [offer.recipe.name for offer in recipe_offers(station)] == ["axle", "duo", "plate"]
    station.line.load_recipe("plate")
    first, *_, last = recipe_offers(station)
    assert (first.recipe.name, first.loaded, first.possible) == ("plate", True, True)
    assert first.words == "ExposureTime, Gain, AcquisitionFrameRate \u2026: 4 settings."
    assert (last.recipe.name, last.possible) == ("duo", False)
    assert "None of the views of duo@1 is that of simulated:flange" in last.words


def test_that_a_recipe_that_cannot_be_copied_into_says_why_in_full(window, page, qtbot) -> None:
    recipe = Recipe("duo", 1, "duo", (View(ModelReference("m", "0"), "top"),))
    sheet = RecipeSheet(
        page, [RecipeOffer(recipe, True, "Gain: 1 setting.", True), RecipeOffer(recipe, False, "No. " * 60, False)]
    )
    sheet.open()
    sheet.recipe.setCurrentIndex(1)
    qtbot.waitUntil(lambda: sheet.what.height() >= sheet.what.heightForWidth(sheet.what.width()), timeout=SOON_MS)
    sheet.person.setText("Ada")
    sheet.reason.setText("new lamp")
    assert not sheet.make.isEnabled()
    sheet.reject()


def test_that_without_a_recipe_there_is_nothing_to_cancel(page, qtbot) -> None:
    sheet = RecipeSheet(page, ())
    assert sheet.close_key.text().startswith("Close")
    sheet.reject()


def test_that_what_was_said_is_over_with_the_next_action(window, connect, qtbot) -> None:
    page = connect(SIMULATED)
    page.say("Saved as support.zip.")
    window.actions_table[Act.READ_FEATURES].trigger()
    assert page.said.text() == ""


def test_that_a_second_support_file_is_not_begun_before_the_first_is_there(window, station, monkeypatch, qtbot) -> None:
    window.show_cameras()
    saved, key = threading.Event(), window.actions_table[Act.SUPPORT_BUNDLE]
    monkeypatch.setattr(station.cameras, "support_bundle", lambda: saved.wait(SOON_MS / 1000) and Path("support.zip"))
    key.trigger()
    assert not key.isEnabled()
    saved.set()
    qtbot.waitUntil(key.isEnabled, timeout=SOON_MS)


def test_that_the_support_file_is_saved_by_its_key(window, station, connect, qtbot) -> None:
    page = connect(SIMULATED)
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.said.text().startswith("Saved as support"), timeout=SOON_MS)
    (bundle,) = station.workspace.reports.glob("support*.zip")
    assert any(name.endswith(".png") for name in zipfile.ZipFile(bundle).namelist())


def test_that_leaving_the_page_lets_go_of_the_camera(window, station, connect) -> None:
    connect(SIMULATED)
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert station.cameras.wait_disconnected(SOON_MS / 1000)
    assert "lineside preview" not in {thread.name for thread in threading.enumerate()}


def test_that_closing_the_window_leaves_no_thread(window, connect) -> None:
    connect(SIMULATED)
    window.shut_down()
    left = {thread.name for thread in threading.enumerate()}
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
    monkeypatch.setattr(station.recipes, "entries", lambda: busy.wait(SOON_MS / 1000) and ())
    connect(SIMULATED)
    window.actions_table[Act.COPY_TO_RECIPE].trigger()
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
    QTest.keyClicks(page.editor.entry, "9000")
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
    QTest.keyClicks(page.editor.entry, ".5")
    page.features.renew([replace(gain, value=4.0)])
    assert (page.features.value_of("Gain"), page.editor.entry.text()) == ("4 dB", "3.5")


def test_that_the_word_about_one_feature_does_not_stand_beside_another(page, connect, qtbot) -> None:
    connect(SIMULATED)
    put(page, "ExposureTime", "5")
    page.features.choose("Gain")
    qtbot.waitUntil(lambda: "ExposureTime cannot be 5" in page.said.text(), timeout=SOON_MS)
    assert page.editor.said.text() == ""


def test_that_temperature_and_link_are_shown_with_their_units_where_they_are_told(page) -> None:
    figures = page.figures
    figures.show_status(PreviewStatus(PreviewState.LIVE, "genicam:1", frames=3))
    assert (figures.text_of("Temperature"), figures.text_of("Link")) == ("", "")
    told = (reading("DeviceTemperature", 41.26, "C"), reading("DeviceLinkSpeed", 125_000_000, "Bps"))
    figures.show_status(PreviewStatus(PreviewState.LIVE, "genicam:1", readings=told))
    assert (figures.text_of("Temperature"), figures.text_of("Link")) == ("41.3 °C", "125 MB/s")
    limited = (reading("DeviceLinkSpeed", 1000, "Mbps"), reading("DeviceLinkThroughputLimit", 100_000_000, "Bps"))
    figures.show_status(PreviewStatus(PreviewState.LIVE, "genicam:1", readings=limited))
    assert (figures.text_of("Temperature"), figures.text_of("Link")) == ("", "1000 Mbit/s, limit 100 MB/s")


def test_that_the_page_and_the_command_line_tell_the_same(page, capsys, tmp_path) -> None:
    producers = (PRODUCER, BROKEN)
    seen = CamerasInSight(producers, (HELD,), (BROKEN.error,))
    page.cameras.show_cameras(seen)
    rows = [page.cameras.list.item(i).text() for i in range(page.cameras.list.count())]
    shown = " ".join([*rows, *page.cameras.why.sentences])
    printed = " ".join(cameras_command.lines(seen))
    facts = [HELD.name, HELD.source, HELD.detail, BROKEN.error, *(each.detail for each in producers)]
    for fact in (*facts, "held by another program", "64 bits", "SHA-256 abab", "eth0", "maker.cti sees 1 device."):
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


def test_that_the_gauges_of_a_camera_that_was_let_go_of_are_not_shown_as_live(window, connect, qtbot) -> None:
    page = connect(SIMULATED)
    qtbot.waitUntil(lambda: page.sharpness.peak > 0, timeout=SOON_MS)
    assert page.histogram.isEnabled()
    window.actions_table[Act.DISCONNECT].trigger()
    qtbot.waitUntil(lambda: page.state.text() == "NO CAMERA", timeout=SOON_MS)
    assert page.name.text().startswith("last: simulated line of flange")
    assert page.name.toolTip().endswith("simulated:flange?rate=25&width=320&height=240")
    assert page.name.toolTip().startswith("simulated line of flange")
    qtbot.waitUntil(lambda: page.canvas.notice is not None, timeout=SOON_MS)
    assert_dead(page)


def test_that_a_camera_that_is_gone_has_no_temperature(page) -> None:
    told = (reading("DeviceTemperature", 41.26, "C"),)
    page.figures.show_status(PreviewStatus(PreviewState.NONE, "genicam:1", readings=told))
    assert page.figures.text_of("Temperature") == ""


def test_that_there_is_no_peak_before_the_first_picture(page) -> None:
    bar = page.sharpness.findChild(_Bar)
    page.sharpness.show_nothing()
    page.sharpness.reset()
    strong = QColor(look().colours.strong)
    assert _shares_of(bar, strong) == 0
    assert page.sharpness.of_peak.text() == ""
    page.sharpness.show_sharpness(20.0)
    assert _columns_of(bar, strong)


def test_that_only_stand_ins_are_called_so(page) -> None:
    drawn = replace(DEVICE, test_camera=True)
    page.cameras.show_cameras(CamerasInSight((), (drawn,), ("No producer sees a camera.",)))
    assert page.cameras.list.item(0).text() == "Cameras: none, only stand-ins"


def test_that_the_marked_row_stays_in_sight_when_the_window_becomes_small(window, page, qtbot) -> None:
    many = tuple(replace(DEVICE, serial=str(number)) for number in range(20))
    page.cameras.show_cameras(CamerasInSight((), many, ()))
    window.resize(1280, 1000)
    rows = page.cameras.list
    rows.setCurrentRow(6)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: _holds(rows.viewport().rect(), rows.visualItemRect(rows.currentItem())), timeout=SOON_MS)


def test_that_a_search_forgets_neither_the_marked_feature_nor_what_was_typed(page, connect) -> None:
    connect(SIMULATED)
    page.features.choose("Gain")
    page.editor.entry.selectAll()
    QTest.keyClicks(page.editor.entry, "7")
    page.features.words.setText("exposure")
    page.features.more_visible()
    assert (page.editor.name.text(), page.editor.entry.text()) == ("Gain", "7")
    page.features.words.clear()
    assert page.features.tree.currentItem().text(0) == "Gain"
    assert page.editor.entry.text() == "7"


def test_that_channels_that_are_the_same_are_one_curve(page) -> None:
    same = np.tile(np.arange(256), (3, 1))
    page.histogram.show_exposure(Exposure(same, 0, 0, 1.0))
    assert [colour for _heights, colour in page.histogram.curves()] == [look().colours.text]
    page.histogram.show_exposure(Exposure(same * [[1], [2], [3]], 0, 0, 1.0))
    assert len({colour for _heights, colour in page.histogram.curves()}) == 3


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_every_curve_stands_out_from_its_ground(page, theme) -> None:
    wear(Look(THEMES[theme], look().sizes))
    page.histogram.show_exposure(Exposure(np.arange(3 * 256).reshape(3, 256), 0, 0, 1.0))
    ground = QColor(look().colours.panel)
    assert [colour for _heights, colour in page.histogram.curves() if _contrast(QColor(colour), ground) < 3] == []


def assert_dead(page) -> None:
    """Nothing of it can be taken for what the camera sees now."""
    assert not page.histogram.isEnabled()
    assert {colour for _heights, colour in page.histogram.curves()} == {look().colours.muted}
    assert page.features.tree.headerItem().text(1) == "Last value"
    assert not page.sharpness.findChild(_Bar).isEnabled()


def put(page, name, value):
    """Type a value for a feature and ask for it."""
    page.features.choose(name)
    page.editor.entry.setText(value)
    page.editor.write()


def reading(name, value, unit):
    kind = FeatureKind.FLOAT
    return CameraFeature(name, name, kind, "", Visibility.BEGINNER, Access.READ_ONLY, value, unit)


def _has_room(widget):
    needed = widget.minimumSizeHint()
    return widget.width() >= needed.width() and widget.height() >= needed.height()


def _shares_of(canvas, colour):
    picture = canvas.grab().toImage()
    points = [(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)]
    return sum(picture.pixelColor(x, y) == colour for x, y in points) / len(points)


def _columns_of(widget, colour):
    picture = widget.grab().toImage()
    return [x for x in range(picture.width()) if picture.pixelColor(x, picture.height() // 2) == colour]


def _holds(room, row):
    return room.top() <= row.top() and row.bottom() <= room.bottom()


def _contrast(one, other):
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour):
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
