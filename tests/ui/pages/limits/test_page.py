"""Limits are tried on scored parts in the real window, by keys and by touch, and saved as a draft."""

from threading import Event

import pytest
from keyboard import CTRL, press
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from waiting import SOON_MS

from station.commands.limits import LimitCommands
from station.domain.errors import StorageError
from station.domain.recipe import RecipeState
from station.domain.verdict import Limits
from ui.pages.limits.actions import LimitsAct
from ui.pages.limits.draft_dialog import DraftDialog
from ui.pages.limits.score_histogram import LimitLine


def drag(histogram, start: float, end: float) -> None:
    """Drag what lies at one score to another one."""
    y = histogram.height() // 2
    QTest.mousePress(histogram, Qt.MouseButton.LeftButton, pos=QPoint(round(histogram.x_of(start)), y))
    for step in range(1, 5):
        x = histogram.x_of(start + (end - start) * step / 4)
        QTest.mouseMove(histogram, QPoint(round(x), y))
    QTest.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=QPoint(round(histogram.x_of(end)), y))


def typed(entry, text: str) -> None:
    """Enter a number as a person does; keys as fast as a test presses them would be a scan, which an entry refuses."""
    entry.setFocus()
    entry.setText(text)
    press(entry, Qt.Key.Key_Return)


def test_that_a_dragged_limit_shows_what_flips_with_pictures_and_saves_nothing(page, judged, qtbot) -> None:
    drag(page.histogram, 0.5, 0.0)
    assert page.entries.fail.text() == "0.001"
    assert "PASS\u00a0\u2192\u00a0FAIL" in page.turned.text()
    qtbot.waitUntil(lambda: len(page.tiles.tiles) > 0, timeout=SOON_MS)
    qtbot.waitUntil(lambda: all(tile.picture._image is not None for tile in page.tiles.tiles), timeout=SOON_MS)
    assert len(judged.recipes.entries()) == 1


def test_that_a_part_that_would_pass_is_judged_again_from_its_map(page, qtbot) -> None:
    typed(page.entries.area, "1000000")
    assert "FAIL\u00a0\u2192\u00a0PASS" in page.turned.text()
    qtbot.waitUntil(lambda: len(page.tiles.tiles) > 0, timeout=SOON_MS)
    said = "With these limits: PASS, only marks below 1000000 px2"
    qtbot.waitUntil(lambda: all(tile.toolTip() == said for tile in page.tiles.tiles), timeout=SOON_MS)


def test_that_the_arrow_keys_move_the_limit_and_choose_which(page, window) -> None:
    page.histogram.setFocus()
    press(page.histogram, Qt.Key.Key_Right)
    assert page.entries.fail.text() == "0.505"
    press(page.histogram, Qt.Key.Key_PageDown)
    assert page.entries.fail.text() == "0.455"
    press(window, Qt.Key.Key_R, CTRL)
    assert page.entries.review.text() == "0.364"
    press(page.histogram, Qt.Key.Key_Up)
    assert page.histogram.active is LimitLine.REVIEW
    press(page.histogram, Qt.Key.Key_Left)
    assert page.entries.review.text() == "0.359"
    assert "review above 0.36" in page.histogram.accessibleName()
    press(window, Qt.Key.Key_R, CTRL)
    assert not page.entries.review.isEnabled()
    press(window, Qt.Key.Key_Z, CTRL)
    assert page.entries.fail.text() == "0.5"


def test_that_a_review_limit_is_dragged_too_and_never_crosses_the_fail_limit(page, window) -> None:
    press(window, Qt.Key.Key_R, CTRL)
    drag(page.histogram, 0.4, 0.9)
    assert page.entries.review.text() == "0.499"
    drag(page.histogram, 0.52, 0.3)
    assert float(page.entries.review.text()) < float(page.entries.fail.text()) <= 0.31


def test_that_a_number_can_be_typed_and_stepped_and_words_are_refused(page) -> None:
    typed(page.entries.fail, "0.62")
    assert page.histogram.accessibleName() == "Scores; fail above 0.62"
    press(page.entries.fail, Qt.Key.Key_Up)
    assert page.entries.fail.text() == "0.625"
    typed(page.entries.area, "40")
    assert page.entries.area.text() == "40"
    page.entries.fail.setText("")
    page.entries.fail.editingFinished.emit()
    assert page.entries.fail.text() == "0.625"


def test_that_another_pixel_limit_says_what_is_not_counted(page) -> None:
    typed(page.entries.pixel, "0.6")
    assert "changes no verdict" in page.said.text()
    typed(page.entries.area, "40")
    assert "only the pictures below are judged with 0.60" in page.said.text()


def test_that_a_way_to_choose_says_what_is_missing_or_what_it_rests_on(page, window) -> None:
    press(window, Qt.Key.Key_D, CTRL)
    assert "No labelled defect" in page.said.text()
    typed(page.ways.overkill, "70")
    assert "parts of the line that nobody called a defect" in page.said.text()
    assert page.entries.fail.text() != "0.5"


def test_that_the_draft_has_the_new_limits_a_name_and_a_reason(page, window, judged, qtbot) -> None:
    assert not window.action_table[LimitsAct.SAVE_DRAFT].isEnabled()
    typed(page.entries.fail, "0.7")
    press(window, Qt.Key.Key_S, CTRL)
    sheet = page.findChild(DraftDialog)
    assert sheet.changes.text() == "Fail above: 0.5 \u2192 0.7"
    assert not sheet.do.isEnabled()
    sheet.person.setText("Ada")
    sheet.reason.setText("fewer false rejects")
    sheet.do.click()
    qtbot.waitUntil(lambda: "plate@2 is a draft" in page.said.text(), timeout=SOON_MS)
    entry = judged.recipes.find("plate", 2)
    assert (entry.state, entry.recipe.author, entry.recipe.reason) == (RecipeState.DRAFT, "Ada", "fewer false rejects")
    assert entry.recipe.views[0].limits == Limits(0.7)
    qtbot.waitUntil(lambda: page.recipes.currentText() == "plate@2, draft", timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.entries.fail.text() == "0.7", timeout=SOON_MS)


def test_that_the_page_is_opened_for_a_revision(page, window, judged, qtbot) -> None:
    bench = judged.limits.bench("plate")
    judged.limits.save_draft(bench, Limits(0.8), "another one")
    judged.limits.save_draft(bench, Limits(0.9), "another one")
    window.open_page("limits", ("plate", 2))
    qtbot.waitUntil(lambda: page.entries.fail.text() == "0.8", timeout=SOON_MS)
    assert page.recipes.currentText() == "plate@2, draft"


def test_that_a_picture_that_is_damaged_is_said_and_the_others_are_shown(page, judged, monkeypatch, qtbot) -> None:
    def picture(*_):
        raise StorageError("The map of part 0002 was changed.")

    monkeypatch.setattr(type(judged.limits), "picture", picture)
    typed(page.entries.fail, "0.001")
    qtbot.waitUntil(lambda: "was changed" in page.said.text(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: all(tile.picture._said == "no picture kept" for tile in page.tiles.tiles), timeout=SOON_MS)


def test_that_a_line_without_scores_says_what_to_do(window, qtbot) -> None:
    window.show_page("limits")
    page = window.page_of("limits")
    qtbot.waitUntil(lambda: "Run the line" in page.histogram.empty_text, timeout=SOON_MS)
    assert not window.action_table[LimitsAct.BY_OVERKILL].isEnabled()


@pytest.mark.parametrize("turns", [1, 2])
def test_that_roc_and_precision_are_turned_by_a_key(page, window, turns: int) -> None:
    for _ in range(turns):
        press(window, Qt.Key.Key_T, CTRL)
    assert page.curve.precision is (turns == 1)
    assert page.curve.said.text() == "Needs labelled good parts and defects."


def test_that_no_limit_is_moved_before_the_scores_of_its_recipe_have_come(
    page, judged, window, qtbot, monkeypatch
) -> None:
    held, bench = Event(), LimitCommands.bench

    def slow(self, *given, **named):
        held.wait(SOON_MS / 1000)
        return bench(self, *given, **named)

    judged.recipes.set_value("plate", 1, "limits.image_threshold", "0.7", "Ada", "another one")
    monkeypatch.setattr(LimitCommands, "bench", slow)
    window.open_page("limits", ("plate", 2))
    qtbot.waitUntil(lambda: "Reading" in page.histogram.empty_text, timeout=SOON_MS)
    assert page.entries.fail.text() == ""
    assert not page.entries.fail.isEnabled()
    assert page.rests_on.text() == ""
    assert not window.action_table[LimitsAct.SCORE].isEnabled()
    press(page.histogram, Qt.Key.Key_Right)
    held.set()
    qtbot.waitUntil(lambda: page.entries.fail.text() == "0.7", timeout=SOON_MS)
    typed(page.entries.fail, "0.62")
    window.show_page("line")
    window.show_page("limits")
    qtbot.wait(300)
    assert page.entries.fail.text() == "0.62"
