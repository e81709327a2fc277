"""Labelled pictures are scored from the page."""

from threading import Event

import cv2
from keyboard import CTRL, press
from PySide6.QtCore import Qt
from waiting import SOON_MS, SOON_S

from station.commands.limits import LimitCommands
from station.learning.datasets import import_folder
from ui.pages.limits.actions import LimitsAct


def test_that_labelled_pictures_are_scored_by_a_key_and_put_a_point_on_the_curve(
    window, station, draw_part, tmp_path, qtbot
) -> None:
    for kind, broken in (("train/good", False), ("test/hole", True)):
        folder = tmp_path / "pictures" / kind
        folder.mkdir(parents=True)
        for seed in range(5):
            cv2.imwrite(str(folder / f"{seed}.png"), draw_part(seed + 50 * broken, defective=broken))
    import_folder(tmp_path / "pictures", "Steel plate", station.workspace.datasets)
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    window.show_page("limits")
    page = window.page_of("limits")
    qtbot.waitUntil(lambda: "10 wait" in page.rests_on.text().replace("\u00a0", " "), timeout=SOON_MS)
    assert "Ctrl+L" in page.histogram.empty_text
    press(window, Qt.Key.Key_L, CTRL)
    qtbot.waitUntil(lambda: "5 good, 5 defects" in page.rests_on.text(), timeout=SOON_MS)
    assert page.sentences[0].text().startswith("5 of 5 found: detection 48 to 100")
    assert page.curve.point == (0.0, 1.0)
    press(window, Qt.Key.Key_D, CTRL)
    assert "5 good pictures and 5 defects" in page.said.text()
    assert not window.action_table[LimitsAct.SCORE].isEnabled()


def test_that_no_picture_is_scored_by_the_recipe_that_was_shown_before(
    window, station, draw_part, tmp_path, qtbot, monkeypatch
) -> None:
    folder = tmp_path / "pictures/train/good"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "0.png"), draw_part(0))
    import_folder(tmp_path / "pictures", "Steel plate", station.workspace.datasets)
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.7", "Ada", "another one")
    window.open_page("limits", ("plate", 1))
    page, score = window.page_of("limits"), window.action_table[LimitsAct.SCORE]
    qtbot.waitUntil(score.isEnabled, timeout=SOON_MS)
    go_on, bench = Event(), LimitCommands.bench
    monkeypatch.setattr(LimitCommands, "bench", lambda *given, **named: go_on.wait(SOON_S) and bench(*given, **named))
    window.open_page("limits", ("plate", 2))
    qtbot.waitUntil(lambda: not score.isEnabled(), timeout=SOON_MS)
    assert page.rests_on.text() == ""
    go_on.set()
    qtbot.waitUntil(score.isEnabled, timeout=SOON_MS)
    assert page.recipes.currentData() == ("plate", 2)
