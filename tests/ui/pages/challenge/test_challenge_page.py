"""The challenge page: what it says, checks by keys alone, a part made of a reject, suspects that are answered for."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from keyboard import CTRL, press
from PySide6.QtCore import Qt
from waiting import SOON_MS

from station.domain.challenge import ChallengeResult, Check, CheckProgress, Due, Outcome, Why
from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace
from station.domain.challenge_plan import Known as KnownAs
from station.domain.inspection import PartKey
from station.domain.messages import LineState
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.suspects import SuspectSummary
from station.domain.verdict import Verdict
from ui.pages.challenge.actions import ChallengeAct
from ui.pages.challenge.part_sheet import PartSheet
from ui.pages.challenge.shown_challenge import NO_PARTS, NO_RECIPE, Known, resolve
from ui.pages.challenge.signed_sheet import SignedSheet
from ui.pages.line.actions import LineAct

CLEAN = ChallengePart("clean", KnownAs.GOOD)
BAD = ChallengePart("dent", KnownAs.BAD, ExpectedPlace("", 0, 0, 320, 240))
PLAN = ChallengePlan(shift_start=True, parts=(CLEAN, BAD))
PLATE = Recipe("plate", 1, "plate", (View(ModelReference("m", "0" * 64)),), challenge=PLAN)
MISSED = ChallengeResult(BAD, PartKey(4, 2), Verdict.PASS, False, None, "PASS, and it must be FAIL")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
FAILED = Check(4, "plate", 1, NOON, "Olga", Outcome.FAILED, NOON, (MISSED,), 2)
AT_REST = Known(PLATE, PLATE)


def test_that_an_empty_page_says_what_to_do_next() -> None:
    assert resolve(Known(), "UTC").says == NO_RECIPE
    view = resolve(Known(replace(PLATE, challenge=ChallengePlan()), replace(PLATE, challenge=ChallengePlan())), "UTC")
    assert view.says == NO_PARTS
    assert view.may == {ChallengeAct.ADD, ChallengeAct.PLAN}


def test_that_a_check_that_is_due_is_said_with_its_reason() -> None:
    view = resolve(replace(AT_REST, due=Due("plate", (Why.SHIFT_START,), blocks=True)), "UTC")
    assert view.says == "A check is due: the shift has started. No part is inspected until it is done."
    assert view.bad
    assert ChallengeAct.START in view.may
    assert ChallengeAct.START not in resolve(replace(AT_REST, state=LineState.INSPECTING), "UTC").may


def test_that_a_failed_check_shows_what_was_missed_and_its_suspects() -> None:
    left = SuspectSummary("plate", 7, 6, PartKey(3, 1), PartKey(3, 7), NOON)
    view = resolve(replace(AT_REST, last=FAILED, left=left), "UTC")
    assert view.says == "Failed: dent: PASS, and it must be FAIL."
    assert view.suspects == "7 parts since the last good check suspect, 6 of them passed."
    assert view.rows[1] == ("dent", "bad", "0,0,320,240", "WRONG: PASS, and it must be FAIL")
    assert view.picture
    assert (view.picture.key, view.picture.expected, view.picture.met) == (PartKey(4, 2), (0, 0, 320, 240), False)
    assert {ChallengeAct.REVIEW, ChallengeAct.SAVE, ChallengeAct.ANSWER} <= view.may


def test_that_a_running_check_asks_and_asks_again_for_what_was_not_inspected() -> None:
    progress = CheckProgress("plate@1", PLAN, (), CLEAN, "", waits=False)
    view = resolve(replace(AT_REST, progress=progress, state=LineState.WAITING), "UTC")
    assert view.says == "1 of 2: Put 'clean' (known good) under the camera and press the trigger."
    assert view.may == {ChallengeAct.TAKE, ChallengeAct.BREAK_OFF}
    again = replace(AT_REST, progress=replace(progress, again="picture too dark to judge"), state=LineState.WAITING)
    assert resolve(again, "UTC").says.startswith("1 of 2: NOT INSPECTED: picture too dark to judge. Once more: Put")
    waits = replace(AT_REST, progress=replace(progress, waits=True), state=LineState.INSPECTING)
    assert resolve(waits, "UTC").may == {ChallengeAct.BREAK_OFF}


@pytest.fixture
def planned(station):
    base = station.recipes.find("plate").recipe
    wrong = replace(BAD, name="Kratzer", place=ExpectedPlace("", 0, 0, 1, 1))
    plan = replace(PLAN, tolerance_px=0, parts=(CLEAN, BAD))
    station.recipes.add(replace(base, revision=2, challenge=plan), RecipeState.RELEASED)
    station.recipes.add(replace(base, revision=3, challenge=replace(plan, parts=(CLEAN, wrong))))
    station.line.load_recipe("plate")
    return station


def run_check(window, qtbot, parts: int) -> None:
    page, actions = window.page_of("challenge"), window.action_table
    qtbot.waitUntil(actions[ChallengeAct.START].isEnabled, timeout=SOON_MS)
    press(window, Qt.Key.Key_R, CTRL)
    for number in range(1, parts + 1):
        qtbot.waitUntil(lambda number=number: page.says.text().startswith(f"{number} of {parts}: Put"), timeout=SOON_MS)
        qtbot.waitUntil(actions[ChallengeAct.TAKE].isEnabled, timeout=SOON_MS)
        qtbot.waitUntil(lambda: window.presenter_of("line").phase.words == "CHALLENGE CHECK", timeout=SOON_MS)
        press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(actions[ChallengeAct.START].isEnabled, timeout=SOON_MS)
    qtbot.waitUntil(lambda: window.presenter_of("line").phase.words == "STOPPED", timeout=SOON_MS)


def test_that_a_line_that_changes_its_state_often_queues_one_reading(planned, window, qtbot, monkeypatch) -> None:
    press(window, Qt.Key.Key_F8, CTRL)
    page, presenter = window.page_of("challenge"), window.presenter_of("challenge")
    qtbot.waitUntil(lambda: page.says.text().startswith("A check is due"), timeout=SOON_MS)
    asked, go_on = [], threading.Event()
    slow = lambda *words: asked.append(words) or (go_on.wait(10) and ())  # noqa: E731
    monkeypatch.setattr(presenter._station.challenge, "checks", slow)
    for _ in range(50):
        presenter._follow(LineState.WAITING)
    qtbot.waitUntil(lambda: bool(asked), timeout=SOON_MS)
    for _ in range(50):
        presenter._follow(LineState.INSPECTING)
    go_on.set()
    assert presenter._tasks.wait(10)
    assert 2 <= len(asked) <= 3


def review_suspects(window, qtbot) -> None:
    press(window, Qt.Key.Key_F7, CTRL)
    review = window.page_of("review")
    press(window, Qt.Key.Key_F8, CTRL)
    press(window, Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: review.place.text() == "Part 1 of 6", timeout=SOON_MS)
    press(window, Qt.Key.Key_F8, CTRL)


def test_that_checks_are_run_and_suspects_answered_for_by_keys_alone(planned, window, qtbot) -> None:
    press(window, Qt.Key.Key_F8, CTRL)
    page, actions = window.page_of("challenge"), window.action_table
    qtbot.waitUntil(lambda: page.says.text().startswith("A check is due: no check"), timeout=SOON_MS)
    run_check(window, qtbot, 2)
    qtbot.waitUntil(lambda: "Passed: 2 of 2" in page.says.text(), timeout=SOON_MS)
    assert page.parts.rows.words(0)[3] == "right: PASS as it must be"
    planned.line.run(planned.settings.camera.source.removeprefix("replay:").partition("?")[0], on_part=lambda _: None)
    planned.recipes.release("plate", 3, "Ada", "other parts")
    run_check(window, qtbot, 2)
    qtbot.waitUntil(page.suspects.isVisible, timeout=SOON_MS)
    assert page.suspects.text() == "6 parts since the last good check suspect, 4 of them passed."
    assert page.says.text().startswith("A check is due: the last check failed")
    qtbot.waitUntil(lambda: bool(page.picture._levels), timeout=SOON_MS)
    assert page.picture.expected == (0, 0, 1, 1)
    assert page.picture.found is not None
    review_suspects(window, qtbot)
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.more.text().startswith("Saved as suspects plate"), timeout=SOON_MS)
    press(window, Qt.Key.Key_G, CTRL)
    sheet = window.findChild(SignedSheet)
    assert not sheet.do.isEnabled()
    sheet.reason.setText("all six measured")
    sheet.person.setText(sheet.person.text() or "Sue")
    press(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.suspects.isVisible(), timeout=SOON_MS)
    assert not actions[ChallengeAct.ANSWER].isEnabled()


def test_that_a_reject_on_the_line_becomes_a_challenge_part(station, window, qtbot) -> None:
    station.line.load_recipe("plate")
    station.line.start(count=2)
    assert station.line.wait_stopped(30)
    line = window.page_of("line")
    qtbot.waitUntil(lambda: line.strip_model.rowCount() == 2, timeout=SOON_MS)
    window.action_table[LineAct.NEXT_REJECT].trigger()
    qtbot.waitUntil(lambda: line.card.inspection is not None, timeout=SOON_MS)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: window.findChild(PartSheet) is not None, timeout=SOON_MS)
    sheet = window.findChild(PartSheet)
    mark = line.card.inspection.deciding.regions[0]
    assert sheet.place.text() == f"{mark.x},{mark.y},{mark.w},{mark.h}"
    sheet.name.setText("a=b")
    sheet.reason.setText("found on the line")
    sheet.person.setText(sheet.person.text() or "Erik")
    assert not sheet.do.isEnabled()
    assert "without ';', '=' and '@'" in sheet.problem.text()
    sheet.name.setText("dent 1")
    press(sheet.canvas, Qt.Key.Key_Right)
    press(sheet, Qt.Key.Key_Return)
    page = window.page_of("challenge")
    qtbot.waitUntil(lambda: "plate@2 is a draft" in page.more.text(), timeout=SOON_MS)
    (part,) = station.recipes.find("plate", 2).recipe.challenge.parts
    assert (part.name, part.known, part.place) == (
        "dent 1",
        KnownAs.BAD,
        ExpectedPlace("", mark.x + 8, mark.y, mark.w, mark.h),
    )
