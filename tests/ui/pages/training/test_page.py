"""The training page in the real window."""

from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from compared import REASON, comparison
from keyboard import CTRL, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.domain.recipe import RecipeState
from station.domain.training import RunState, TrainingOrder
from station.learning.datasets import import_folder
from station.learning.progress import Progress
from station.learning.runs.kept_comparisons import keep_comparison
from station.learning.runs.run_files import NewsWriter, RunFiles
from station.storage.learning.training_runs import Step, TrainingRuns
from ui.pages.training.comparison_sheet import ComparisonSheet
from ui.pages.training.methods_sheet import MethodsSheet
from ui.pages.training.training_view import NO_VERSION


@pytest.fixture
def version(station, draw_part, tmp_path: Path) -> str:
    for kind, count in (("train/good", 6), ("test/good", 2)):
        folder = tmp_path / "labelled" / kind
        folder.mkdir(parents=True)
        for number in range(count):
            cv2.imwrite(str(folder / f"{number}.png"), draw_part(100 + number + count, size=(64, 80)))
    return import_folder(tmp_path / "labelled", "plate", station.workspace.datasets).version


@pytest.fixture
def held_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs stay queued: nothing is started. Asked for before the window, which may start one until it is closed."""
    monkeypatch.setattr("station.commands.training.start_runner", lambda _workspace: None)


def test_that_an_empty_station_says_what_to_do_next(window, qtbot) -> None:
    window.show_page("training")
    page = window.page_of("training")
    qtbot.waitUntil(lambda: page.why.text() == NO_VERSION, timeout=10_000)
    assert not window.presenter_of("training")._context.actions["teach from a version"].isEnabled()


def test_that_a_run_is_queued_cancelled_and_queued_again_by_keys_alone(
    held_runner, window, station, version: str, qtbot
) -> None:
    window.show_page("training")
    page, presenter = window.page_of("training"), window.presenter_of("training")
    actions = presenter._context.actions
    qtbot.waitUntil(actions["teach from a version"].isEnabled, timeout=10_000)
    assert not actions["learn from defects"].isEnabled()
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: len(station.training.runs()) == 1, timeout=10_000)
    run = station.training.run(1)
    assert (run.order.dataset_version, run.state) == (version, RunState.QUEUED)
    assert run.person == "engineer, Training page"
    qtbot.waitUntil(lambda: page.runs.model().rowCount() == 1, timeout=10_000)
    page.runs.mark((1,))
    presenter._ask()
    qtbot.waitUntil(actions["cancel a run"].isEnabled, timeout=10_000)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: station.training.run(1).state is RunState.CANCELLED, timeout=10_000)
    qtbot.waitUntil(actions["queue a run again"].isEnabled, timeout=10_000)
    press(window, Qt.Key.Key_G, CTRL)
    qtbot.waitUntil(lambda: len(station.training.runs()) == 2, timeout=10_000)


def test_that_a_method_is_chosen_by_keys_alone_and_one_that_lacks_something_is_not(
    held_runner, window, station, version: str, qtbot
) -> None:
    window.show_page("training")
    page = window.page_of("training")
    qtbot.waitUntil(window.action_table["choose a method"].isEnabled, timeout=10_000)
    press(window, Qt.Key.Key_M, CTRL)
    sheet = window.findChild(MethodsSheet)
    press(sheet.methods, Qt.Key.Key_End, CTRL)
    assert "Not available" in sheet.methods.rows.words(sheet.methods.chosen_row)[2]
    press(sheet.methods, Qt.Key.Key_Return)
    assert sheet.isVisible()
    press(sheet.methods, Qt.Key.Key_Home, CTRL)
    press(sheet.methods, Qt.Key.Key_Down)
    press(sheet.methods, Qt.Key.Key_Return)
    assert page.method.text() == "Method: fast"
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: len(station.training.runs()) == 1, timeout=10_000)
    assert station.training.run(1).order.method == "fast"


def test_that_methods_are_compared_and_one_is_taught_by_keys_alone(
    held_runner, window, station, version: str, qtbot
) -> None:
    window.show_page("training")
    qtbot.waitUntil(window.action_table["choose a method"].isEnabled, timeout=10_000)
    press(window, Qt.Key.Key_M, CTRL)
    sheet = window.findChild(MethodsSheet)
    assert not sheet.compare.isEnabled()
    press(sheet.methods, Qt.Key.Key_M, CTRL)
    press(sheet.methods, Qt.Key.Key_Down)
    press(sheet.methods, Qt.Key.Key_M, CTRL)
    press(sheet.methods, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: len(station.training.runs()) == 1, timeout=10_000)
    assert station.training.run(1).order.methods == ("balanced", "fast")

    ends_with_a_table(station, 1)
    page = window.page_of("training")
    qtbot.waitUntil(lambda: page.progress.said.text().startswith(f"Done: {REASON}"), timeout=10_000)
    page.runs.mark((1,))
    qtbot.waitUntil(window.action_table["open marked runs"].isEnabled, timeout=10_000)
    press(window, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: window.findChild(ComparisonSheet) is not None, timeout=10_000)
    table = window.findChild(ComparisonSheet)
    assert table.reason.text() == REASON
    press(table.methods, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(station.training.runs()) == 2, timeout=10_000)
    order = station.training.run(2).order
    assert (order.method, order.dataset_version) == ("fast", version)


def ends_with_a_table(station, number: int) -> None:
    """Let a queued run be done, as its worker would."""
    runs = TrainingRuns(station._core.database)
    at = station.training.run(number).queued_at
    runs.take_next(at, lambda _run: "plate-run")
    keep_comparison(RunFiles.of(station.workspace.logs, number), comparison())
    runs.change(number, Step(RunState.DONE, at, sentence=REASON))


def test_that_the_loss_of_a_run_is_there_after_the_window_was_started_again(
    held_runner, window, station, version: str, qtbot
) -> None:
    run = station.training.enqueue(TrainingOrder("plate", "", version, "autoencoder"), "Ada")
    news = NewsWriter(RunFiles.of(station.workspace.logs, run.number))
    for done, loss in enumerate((0.8, 0.5, 0.2), start=1):
        news(Progress("Training", done, 3, 0.0, loss))
    window.show_page("training")
    caption = window.page_of("training").progress.caption
    qtbot.waitUntil(lambda: caption.text() == "Loss, now 0.35; across: seconds", timeout=10_000)


def test_that_the_page_opens_with_the_version_it_is_opened_for(window, station, version: str, qtbot) -> None:
    window.show_page("training")
    window.presenter_of("training").show_subject(("plate", "", version))
    page = window.page_of("training")
    qtbot.waitUntil(lambda: page.version.currentData() is not None, timeout=10_000)
    assert page.version.currentData().version == version


def test_that_a_failed_run_is_shown_with_its_sentence_and_its_log(
    held_runner, window, station, version: str, qtbot
) -> None:
    runs = TrainingRuns(station._core.database)
    run = runs.add(TrainingOrder("plate", "", version), "Ada", station.training.versions()[0].frozen_at)
    runs.take_next(run.queued_at, lambda _run: "plate-run1")
    (station.workspace.logs / "training").mkdir(exist_ok=True)
    (station.workspace.logs / "training/0001.log").write_text("the disk is full\n")
    runs.change(1, Step(RunState.FAILED, run.queued_at, sentence="The disk is full."))
    window.show_page("training")
    page = window.page_of("training")
    qtbot.waitUntil(lambda: page.progress.said.text() == "Failed. The disk is full.", timeout=10_000)
    assert page.log.toPlainText() == "the disk is full"


def test_that_everything_that_takes_the_focus_has_a_name(window) -> None:
    window.show_page("training")
    page = window.page_of("training")
    shown = [each for each in page.findChildren(QWidget) if each.window() is window and each.isVisible()]
    focusable = [each for each in shown if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [each for each in focusable if not (each.accessibleName() or getattr(each, "text", str)())] == []


def test_that_of_several_recipes_of_a_product_one_is_chosen(held_runner, window, station, version: str, qtbot) -> None:
    old = station.recipes.find("plate").recipe
    for name in ("plate-day", "plate-night"):
        station.recipes.add(replace(old, name=name, revision=1, product="plate"), RecipeState.DRAFT)
    window.open_page("training", ("plate", "", version, "plate-night"))
    page = window.page_of("training")
    qtbot.waitUntil(lambda: page.recipe.currentData() == "plate-night", timeout=10_000)
    assert page.recipe.isVisible()
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: len(station.training.runs()) == 1, timeout=10_000)
    assert station.training.run(1).order.recipe == "plate-night"


def test_that_a_refresh_keeps_the_current_run_and_its_mark(held_runner, window, station, version: str, qtbot) -> None:
    for _ in range(3):
        station.training.enqueue(TrainingOrder("plate", "", version), "Ada")
    window.show_page("training")
    page, presenter = window.page_of("training"), window.presenter_of("training")
    qtbot.waitUntil(lambda: page.runs.model().rowCount() == 3, timeout=10_000)
    page.runs.mark((1,))
    page.runs.setCurrentIndex(page.runs.model().index(1, 0))
    page.runs.mark((1,))
    station.training.cancel(1)
    station.training.enqueue(TrainingOrder("plate", "", version), "Ada")
    presenter._ask()
    qtbot.waitUntil(lambda: page.runs.model().rowCount() == 4, timeout=10_000)
    assert page.runs.model().data(page.runs.currentIndex()) == "2"
    assert page.runs.marked == (1,)
