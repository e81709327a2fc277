"""The real window on a real station: what an operator sees and touches in one shift."""

import threading

import pytest
from keyboard import CTRL, press
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from side_run import WAITER

from station.domain.feedback import Disposition
from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.actions.action import SharedAct
from ui.pages.line.filmstrip_model import INSPECTION
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.found_parts import FoundPartsDialog
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas
from ui.widgets.confirm_dialog import ConfirmDialog
from ui.widgets.view_tile import ViewTile


@pytest.fixture
def page(window):
    return window.page_of("line")


@pytest.fixture
def running(window, station, qtbot):
    """The line runs, one part after another."""
    station.line.load_recipe("plate")
    window.action_table[SharedAct.START].trigger()
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.live is not None, timeout=20_000)
    return window


@pytest.fixture
def both_seen(window, station, duo, qtbot):
    """The line runs with two cameras on each part; it has shown one."""
    station.line.load_recipe(duo.name)
    station.line.start({"top": "simulated:flange?rate=2", "side": "simulated:board?rate=2"})
    shown = lambda: (tile := _tile(window, "side")) and tile.canvas.rendered  # noqa: E731
    qtbot.waitUntil(lambda: bool(shown()), timeout=20_000)
    return window


def stopped_at(window, station, qtbot, verdict):
    """The line stopped, with a part of this verdict in the strip; its row."""
    model = window.page_of("line").strip_model
    rows = lambda: [r for r in range(model.rowCount()) if model.part(r).verdict is verdict]  # noqa: E731
    qtbot.waitUntil(lambda: bool(rows()), timeout=20_000)
    station.line.stop()
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.state is LineState.STOPPED, timeout=20_000)
    return rows()[0]


def test_that_a_fail_is_shown_by_word_shape_colour_and_reason(running, page, qtbot) -> None:
    seen = []

    def look_at(message):
        if message.inspection.verdict is Verdict.FAIL and not seen:
            band = page.band
            colour = band.grab().toImage().pixelColor(band.width() // 8, band.height() // 2).name().upper()
            seen.append((band.word.text(), band.sign.verdict, colour, page.card.reason, page.card.title))

    running.bridge.part_judged.connect(look_at)
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    word, shape, colour, reason, title = seen[0]
    assert word == "FAIL"
    assert shape is Verdict.FAIL
    assert colour == current_theme().colours.of(Verdict.FAIL).fill
    assert "px" in reason or "unusual" in reason.lower()
    assert title.startswith("Part ")


def test_that_a_touch_on_the_strip_shows_exactly_that_part(running, station, page, qtbot) -> None:
    row = stopped_at(running, station, qtbot, Verdict.FAIL)
    index = page.strip_model.index(row)
    part = index.data(INSPECTION)
    page.strip.scrollTo(index)
    QTest.mouseClick(page.strip.viewport(), Qt.MouseButton.LeftButton, pos=page.strip.visualRect(index).center())
    qtbot.waitUntil(lambda: running.presenter_of("line").displayed_part.past is not None, timeout=10_000)
    assert page.pictures.tiles[0].canvas.rendered.inspection == part.deciding
    assert page.pictures.caption.text.startswith(f"PAST PART {part.key.label}")
    assert page.card.inspection == part
    assert page.card.has_crop
    assert page.back_to_live.isVisible()
    press(running, Qt.Key.Key_Escape)
    assert running.presenter_of("line").displayed_part.past is None
    assert page.pictures.caption.text == ""


def test_that_stopping_asks_first_and_leaves_no_thread(running, station, page, qtbot) -> None:
    running.action_table[SharedAct.STOP].trigger()
    question = running.findChild(ConfirmDialog)
    assert station.line.state is not LineState.STOPPED
    qtbot.waitUntil(question.isActiveWindow, timeout=10_000)
    press(question, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: running.presenter_of("line").displayed_part.state is LineState.STOPPED, timeout=20_000)
    assert station.line.wait_stopped(10)
    left = {thread.name for thread in threading.enumerate() if thread is not threading.main_thread()}
    expected = ("lineside-renderer", "lineside-tasks", "lineside drift watch", "tqdm", WAITER)
    assert {name for name in left if not name.startswith(expected)} == set()
    assert page.band.word.text() == "STOPPED"


def test_that_a_dispute_takes_one_touch_and_a_reason(running, station, page, qtbot) -> None:
    row = stopped_at(running, station, qtbot, Verdict.FAIL)
    part = page.strip_model.part(row)
    page.strip.choose(part.key)
    qtbot.waitUntil(lambda: running.presenter_of("line").displayed_part.past is not None, timeout=10_000)
    press(running, Qt.Key.Key_G, CTRL)
    assert part.key.label in page.reasons.question
    press(running, Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: len(station.review.feedback_on(part.key)) == 1, timeout=10_000)
    (said,) = station.review.feedback_on(part.key)
    assert (said.claim, said.reason) == (Disposition.GOOD_PART, "reflection")
    assert station.records.part(part.key).inspection.verdict is Verdict.FAIL


def test_that_the_counters_are_those_of_the_shift(running, station, page, qtbot) -> None:
    stopped_at(running, station, qtbot, Verdict.FAIL)
    counts = station.line.counts()
    qtbot.waitUntil(lambda: page.counters.text_of("All parts") == str(counts.triggers), timeout=10_000)
    assert page.counters.text_of("Fail") == str(counts.failed)
    assert page.counters.text_of("Pass") == str(counts.passed)


def test_that_start_without_a_product_offers_the_released_ones(window, station, qtbot) -> None:
    from ui.pages.line.recipe_chooser import RecipeChooser  # noqa: PLC0415

    window.action_table[SharedAct.START].trigger()
    qtbot.waitUntil(lambda: window.page_of("line").findChild(RecipeChooser) is not None, timeout=10_000)
    chooser = window.page_of("line").findChild(RecipeChooser)
    chooser.findChildren(type(window.header.product))[0].click()
    qtbot.waitUntil(lambda: window.header.product.text() == "Steel plate", timeout=10_000)
    assert station.line.recipe.name == "plate"


def test_that_a_lost_camera_is_shown_large_and_no_verdict_is_left(window, station, page, qtbot) -> None:
    station.line.load_recipe("plate")
    window.presenter_of("line").back_to_live()
    station.line.start("simulated:flange?rate=20&disconnect=3")
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.state is LineState.CAMERA_LOST, timeout=20_000)
    assert page.band.word.text() == "CAMERA LOST"
    assert page.band.verdict is None
    canvas = page.pictures.tiles[0].canvas
    qtbot.waitUntil(lambda: canvas.notice is not None, timeout=10_000)
    assert canvas.notice.title.startswith("CAMERA LOST")
    assert _is_grey(canvas)


def test_that_two_cameras_are_seen_side_by_side_and_always_of_the_same_part(both_seen, page, qtbot) -> None:
    parts = []

    def compare(part):
        parts.append([tile.canvas.rendered.inspection for tile in page.pictures.tiles] == list(part.inspection.views))

    both_seen.bridge.part.connect(compare)
    qtbot.waitUntil(lambda: len(parts) >= 3, timeout=20_000)
    assert all(parts)
    assert [tile.name for tile in page.pictures.tiles] == ["top", "side"]
    qtbot.waitUntil(lambda: all(map(_is_live, page.pictures.tiles)), timeout=20_000)


def test_that_a_lost_camera_of_two_is_said_on_its_own_picture_and_the_other_stays_live(
    window, station, duo, page, qtbot
) -> None:
    station.line.load_recipe(duo.name)
    station.line.start({"top": "simulated:flange?rate=2", "side": "simulated:board?rate=2&disconnect=2"})
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.state is LineState.CAMERA_LOST, timeout=20_000)
    qtbot.waitUntil(lambda: _tile(window, "side").canvas.notice is not None, timeout=10_000)
    assert _tile(window, "side").canvas.notice.title.startswith("CAMERA LOST")
    assert _is_grey(_tile(window, "side").canvas)
    before = _tile(window, "top").canvas.rendered
    newer = lambda: (top := _tile(window, "top")).canvas.rendered is not before and _is_live(top)  # noqa: E731
    qtbot.waitUntil(newer, timeout=10_000)
    assert _tile(window, "side").head.said.verdict in (None, Verdict.NOT_INSPECTED)


def test_that_a_line_with_a_lost_camera_is_paused_goes_on_and_starts_again_without_it(
    window, station, duo, page, qtbot
) -> None:
    station.line.load_recipe(duo.name)
    station.line.start({"top": "simulated:flange?rate=2", "side": "simulated:board?rate=2&disconnect=2"})
    state, pause = (lambda: window.presenter_of("line").displayed_part.state), page.line_keys.pause
    qtbot.waitUntil(lambda: state() is LineState.CAMERA_LOST, timeout=20_000)
    qtbot.waitUntil(lambda: page.band.word.text().startswith("CAMERA LOST: side"), timeout=10_000)
    pause.click()
    qtbot.waitUntil(lambda: state() is LineState.PAUSED, timeout=10_000)
    assert (pause.text(), page.phase.text, page.band.word.text()) == ("Go on", "PAUSED", "PAUSED")
    qtbot.waitUntil(lambda: _notice(window, "top").startswith("PAUSED"), timeout=10_000)
    assert _notice(window, "side").startswith("CAMERA LOST")
    pause.click()
    qtbot.waitUntil(lambda: state() is LineState.CAMERA_LOST, timeout=10_000)
    qtbot.waitUntil(lambda: _is_live(_tile(window, "top")), timeout=10_000)
    assert _notice(window, "side").startswith("CAMERA LOST")
    station.line.stop()
    qtbot.waitUntil(lambda: state() is LineState.STOPPED, timeout=20_000)
    station.line.start({"top": "simulated:flange?rate=2", "side": "simulated:board?rate=2"})
    qtbot.waitUntil(lambda: all(map(_is_live, page.pictures.tiles)), timeout=20_000)
    assert "LOST" not in page.band.word.text() + page.phase.text + page.phase.why


def test_that_the_only_camera_is_lost_also_during_a_pause(window, station, page, qtbot) -> None:
    station.line.load_recipe("plate")
    station.line.start("simulated:flange?rate=20&disconnect=3")
    qtbot.waitUntil(lambda: window.presenter_of("line").displayed_part.state is LineState.CAMERA_LOST, timeout=20_000)
    page.line_keys.pause.click()
    qtbot.waitUntil(lambda: page.line_keys.pause.text() == "Go on", timeout=10_000)
    assert page.phase.text == page.band.word.text() == "PAUSED"
    assert _notice(window, "").startswith("CAMERA LOST")
    page.line_keys.pause.click()
    qtbot.waitUntil(lambda: page.band.word.text() == "CAMERA LOST", timeout=10_000)
    assert page.line_keys.pause.text() == "Pause"


def test_that_a_past_part_comes_back_with_both_its_pictures(both_seen, station, page, qtbot) -> None:
    station.line.stop()
    qtbot.waitUntil(lambda: both_seen.presenter_of("line").displayed_part.state is LineState.STOPPED, timeout=20_000)
    part = page.strip_model.part(page.strip_model.rowCount() - 1)
    page.strip.choose(part.key)
    qtbot.waitUntil(lambda: both_seen.presenter_of("line").displayed_part.past is not None, timeout=10_000)
    assert [tile.canvas.rendered.inspection for tile in page.pictures.tiles] == list(part.views)
    assert all(tile.canvas.rendered.levels and tile.canvas.notice is None for tile in page.pictures.tiles)
    assert page.pictures.caption.text.startswith(f"PAST PART {part.key.label}")
    assert page.card.reason.startswith(f"{part.deciding.name}: ")


def test_that_another_recipe_brings_the_places_of_its_own_views(window, station, duo, page, qtbot) -> None:
    for name, views in ((duo.name, ["top", "side"]), ("plate", [""]), (duo.name, ["top", "side"])):
        station.line.load_recipe(name)
        qtbot.waitUntil(lambda views=views: [tile.name for tile in page.pictures.tiles] == views, timeout=10_000)
    assert [tile.isVisible() for tile in page.pictures.tiles] == [True, True]


def test_that_the_shift_page_shows_the_records_and_saves_them(running, station, qtbot) -> None:
    stopped_at(running, station, qtbot, Verdict.FAIL)
    press(running, Qt.Key.Key_F3)
    shift = running.page_of("shift_report")
    total = str(station.line.counts().triggers)
    qtbot.waitUntil(lambda: shift.summary.text_of("All parts") == total, timeout=20_000)
    running.action_table[ShiftReportAct.SAVE_CSV].trigger()
    qtbot.waitUntil(lambda: shift.said.text().startswith("Saved"), timeout=20_000)
    (saved,) = station.workspace.reports.glob("*.csv")
    running.presenter_of("shift_report").copy_to(saved.parent.parent / "copy.csv")
    qtbot.waitUntil(lambda: shift.said.text().startswith("Copied"), timeout=20_000)
    assert (saved.parent.parent / "copy.csv").read_bytes() == saved.read_bytes()
    press(running, Qt.Key.Key_F2)
    assert running.page_of("line").isVisible()


def test_that_the_shift_page_follows_the_line_and_says_when_it_counted(running, station, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("ui.pages.shift_report.presenter._FOLLOW_AFTER_MS", 50)
    press(running, Qt.Key.Key_F3)
    shift = running.page_of("shift_report")
    seen = set()

    def grows() -> bool:
        seen.add(shift.summary.text_of("All parts"))
        return len(seen - {"", "0"}) >= 3

    qtbot.waitUntil(grows, timeout=30_000)
    assert shift.said.text().startswith("Counted at ")
    assert shift.remarks.text().startswith("Interim, as of ")
    station.line.stop()
    qtbot.waitUntil(lambda: running.presenter_of("line").displayed_part.state is LineState.STOPPED, timeout=20_000)


def test_that_a_part_is_found_by_its_number_and_its_picture_is_shown(running, station, qtbot) -> None:
    stopped_at(running, station, qtbot, Verdict.FAIL)
    failed = next(part for part in station.records.recent() if part.verdict is Verdict.FAIL)
    press(running, Qt.Key.Key_F3)
    shift = running.page_of("shift_report")
    qtbot.waitUntil(lambda: shift.said.text().startswith("Counted at "), timeout=20_000)
    shift.search.setText(failed.key.label)
    press(shift.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: running.findChild(FoundPartsDialog) is not None, timeout=20_000)
    found = running.findChild(FoundPartsDialog)
    assert found.parts == (failed,)
    qtbot.waitUntil(lambda: not found.picture_of(failed.key).isNull(), timeout=20_000)
    found.accept()
    shift.search.setText("9999")
    press(shift.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shift.said.text().startswith("No part 9999 came in this shift,"), timeout=20_000)


def _tile(window, view: str) -> ViewTile | None:
    return next((tile for tile in window.page_of("line").pictures.tiles if tile.name == view), None)


def _notice(window, view: str) -> str:
    notice = _tile(window, view).canvas.notice
    return notice.title if notice else ""


def _is_live(tile: ViewTile) -> bool:
    return tile.isVisible() and tile.canvas.notice is None and tile.head.said.verdict is not None


def _is_grey(canvas: ImageCanvas) -> bool:
    picture = canvas.grab().toImage()
    points = [QPoint(x, 5) for x in range(5, picture.width(), 40)]
    colours = [picture.pixelColor(point) for point in points]
    return all(max(c.red(), c.green(), c.blue()) - min(c.red(), c.green(), c.blue()) < 12 for c in colours)
