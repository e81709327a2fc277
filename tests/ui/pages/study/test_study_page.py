"""The study page: from the empty page to the printed result by keys alone, and nothing that spoils a blind answer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from keyboard import CTRL, press
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from studied import answers_of, study_of
from waiting import SOON_MS

from station.domain.formatting import plain
from station.domain.study.study import Answer, AppraiserKind, StudyPlan
from station.reporting.study_statistics import figures_of
from ui.pages.study.actions import StudyAct
from ui.pages.study.new_study_sheet import NewStudySheet
from ui.pages.study.study_view import NO_STUDY, Known, resolve

PLAN = StudyPlan("Steel plate", "", good=2, defects=2, people=("Anna", "Ben"), models=("plate@1",), trials=1, seed=4)
STUDY = study_of("gd", ("Anna", "Ben"), 1, ("cookie@3",))


def known(said: dict[int, list[str]], **changes: object) -> Known:
    answers = answers_of(said)
    progress = tuple((each, sum(one.appraiser == each.number for one in answers)) for each in STUDY.appraisers)
    return replace(Known((STUDY,), STUDY, progress), **changes)  # type: ignore[arg-type]


def test_that_an_empty_page_says_what_to_do_next() -> None:
    view = resolve(Known())
    assert (view.state, view.may) == (NO_STUDY, {StudyAct.NEW})


def test_that_a_closed_study_shows_who_has_answered_and_no_figure() -> None:
    view = resolve(known({1: ["gd"], 2: ["g"]}, closed="Study 1 is not over."))
    assert view.state == "Study 1 is not over."
    assert view.rows == (
        ("person", "complete", "Anna: 2 of 2 answers"),
        ("person", "open", "Ben: 1 of 2 answers"),
        ("model", "open", "cookie@3: 0 of 2 answers"),
    )
    assert (view.said, view.wrong, view.judges) == ((), (), ("Ben",))
    assert view.may == {StudyAct.NEW, StudyAct.JUDGE, StudyAct.MODELS, StudyAct.SO_FAR}


def test_that_a_result_is_shown_with_intervals_and_parts() -> None:
    said = {1: ["gd"], 2: ["gg"], 3: ["gd"]}
    view = resolve(known(said, figures=figures_of(STUDY, answers_of(said))))
    assert view.state == "2 of 3 appraisers acceptable or marginal."
    rows = [tuple(map(plain, row)) for row in view.rows]
    assert rows[7] == ("person", "not acceptable", "Ben: 2 of 2 answers")
    assert rows[10] == ("missed", "not acceptable", "100.0 % (1 of 1; at least 20.7 %)")
    assert rows[21] == ("same answer", "", "Anna and Ben: 50.0 % (1 of 2; 9.5 to 90.5 %)")
    assert view.wrong == ((102, "part 2, defect (scratch): Anna defect; Ben good; cookie@3 defect"),)
    assert view.may == {StudyAct.NEW, StudyAct.SAVE_PDF}


def test_that_nothing_is_offered_while_something_is_done() -> None:
    view = resolve(known({}, busy="The models judge"))
    assert (view.state, view.may) == ("The models judge", frozenset())


@pytest.fixture
def labelled(station, tmp_path: Path, draw_part: Callable[..., NDArray[np.uint8]]):
    for number in range(4):
        folder = tmp_path / "labelled" / ("dent" if number > 1 else "good")
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{number}.png"), draw_part(number, defective=number > 1))
    station.datasets.import_folder(tmp_path / "labelled", "Steel plate", person="maria")
    return station


def ready(window, qtbot) -> None:
    qtbot.waitUntil(window.action_table[StudyAct.GOOD].isEnabled, timeout=SOON_MS)


def judge_by_keys(window, qtbot, name: str, of: int) -> None:
    """Call every part good; the first word on each is another one."""
    page, actions = window.page_of("study"), window.action_table
    assert page.board.judges.currentText() == name
    press(window, Qt.Key.Key_J, CTRL)
    for position in range(1, of + 1):
        ready(window, qtbot)
        assert (page.task.whose.text(), page.task.progress.text()) == (name, f"{position} of {of}")
        assert not actions[StudyAct.NEXT].isEnabled()
        press(window, Qt.Key.Key_E, CTRL)
        press(window, Qt.Key.Key_G, CTRL)
        assert not actions[StudyAct.DEFECT].isChecked()
        press(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not page.judges and page.board.judges.currentText() != name, timeout=SOON_MS)


def test_that_a_study_is_set_up_judged_and_printed_by_keys_alone(labelled, window, qtbot) -> None:
    press(window, Qt.Key.Key_F9, CTRL)
    board = window.page_of("study").board
    qtbot.waitUntil(lambda: board.state.text() == NO_STUDY, timeout=SOON_MS)
    press(window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: window.findChild(NewStudySheet) is not None, timeout=SOON_MS)
    sheet = window.findChild(NewStudySheet)
    assert sheet.labelled.text().startswith("2 good parts and 2 defects are labelled.")
    assert not sheet.start.isEnabled()
    sheet.people.setText("Anna , Jürgen")
    sheet.trials.setText("1")
    sheet.model.setCurrentIndex(1)
    assert sheet.plan == StudyPlan("Steel plate", "", 2, 2, ("Anna", "Jürgen"), ("plate@1",), 1)
    press(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: board.judges.count() == 2, timeout=SOON_MS)
    for name in ("Anna", "Jürgen"):
        judge_by_keys(window, qtbot, name, of=4)
    assert {each.answer for each in labelled.studies._studies.answers(1)} == {Answer.GOOD}
    qtbot.waitUntil(window.action_table[StudyAct.MODELS].isEnabled, timeout=SOON_MS)
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: board.state.text().startswith("1 of 3 appraisers"), timeout=SOON_MS)
    assert board.wrong.count() == 2
    board.wrong.setCurrentRow(0)
    qtbot.waitUntil(lambda: bool(board.picture._levels), timeout=SOON_MS)
    press(window, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: board.state.text().startswith("Saved as study-1"), timeout=SOON_MS)
    assert [path.suffix for path in labelled.workspace.reports.iterdir()] == [".pdf"]


def test_that_nothing_on_the_task_hints_at_verdict_label_or_former_answers(labelled, window, qtbot) -> None:
    labelled.studies.create(PLAN)
    window.show_page("study")
    page = window.page_of("study")
    qtbot.waitUntil(lambda: page.board.judges.count() == 2, timeout=SOON_MS)
    window.action_table[StudyAct.JUDGE].trigger()
    ready(window, qtbot)
    press(window, Qt.Key.Key_G, CTRL)
    press(window, Qt.Key.Key_Return, CTRL)
    ready(window, qtbot)
    assert not page.board.isVisible()
    words = {each.text() for each in page.task.findChildren(QLabel) if each.isVisible() and each.text()}
    assert words == {"Anna", "2 of 4"}
    assert not any(window.action_table[act].isChecked() for act in (StudyAct.GOOD, StudyAct.DEFECT))
    for act in (StudyAct.NEW, StudyAct.SO_FAR, StudyAct.MODELS, StudyAct.SAVE_PDF):
        assert not window.action_table[act].isEnabled()


def test_that_another_page_ends_the_task_and_it_goes_on_from_there(labelled, window, qtbot) -> None:
    labelled.studies.create(PLAN)
    window.show_page("study")
    page = window.page_of("study")
    qtbot.waitUntil(lambda: page.board.judges.count() == 2, timeout=SOON_MS)
    window.action_table[StudyAct.JUDGE].trigger()
    ready(window, qtbot)
    press(window, Qt.Key.Key_G, CTRL)
    window.show_home()
    window.show_page("study")
    assert not page.judges
    assert labelled.studies.progress(1)[0][1] == 0
    qtbot.waitUntil(window.action_table[StudyAct.JUDGE].isEnabled, timeout=SOON_MS)
    window.action_table[StudyAct.JUDGE].trigger()
    ready(window, qtbot)
    assert page.task.progress.text() == "1 of 4"


def test_that_a_picture_that_was_changed_is_named_and_not_judged(labelled, window, qtbot) -> None:
    study = labelled.studies.create(PLAN)
    for part in study.parts:
        labelled.datasets.file(part.item_id).write_bytes(b"changed")
    window.show_page("study")
    page = window.page_of("study")
    qtbot.waitUntil(lambda: page.board.judges.count() == 2, timeout=SOON_MS)
    window.action_table[StudyAct.JUDGE].trigger()
    qtbot.waitUntil(lambda: "was changed" in page.task.problem.text(), timeout=SOON_MS)
    assert not window.action_table[StudyAct.GOOD].isEnabled()


def test_that_the_result_so_far_is_opened_after_a_question(labelled, window, qtbot) -> None:
    study = labelled.studies.create(PLAN)
    assert study.appraisers[2].kind is AppraiserKind.MODEL
    window.show_page("study")
    board = window.page_of("study").board
    qtbot.waitUntil(lambda: "Study 1 is not over" in board.state.text(), timeout=SOON_MS)
    window.presenter_of("study")._open_result()
    qtbot.waitUntil(lambda: "have not given every answer" in board.state.text(), timeout=SOON_MS)
    assert board.said.item(0).text() == "Anna has given 0 of 4 answers; the result is open."
