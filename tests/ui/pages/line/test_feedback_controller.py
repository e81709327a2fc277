"""A person's word, seen from the page."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.messages import LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.actions.action_table import Act


@pytest.fixture
def said(station, monkeypatch):
    """What was recorded, without parts on the disk."""
    words = []
    monkeypatch.setattr(station.records, "dispute", lambda *word: words.append(word))
    monkeypatch.setattr(station.records, "disputes", lambda _key: ())
    return words


@pytest.fixture
def judge(window, said, make_inspection):
    """Lets a part come."""
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    return lambda part, verdict: window.bridge.part_judged.emit(PartJudged(make_inspection(part, verdict)))


def test_that_a_review_is_a_task_with_its_time_running(window, judge) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.PASS)
    page = window.operator_page
    assert page.review.isVisible()
    assert page.review.title == "Part 0001: good or defect?"
    assert page.card.inspection.key == PartKey(1, 1)
    assert page.band.word.text() == "PASS"


@pytest.mark.parametrize(
    ("key", "claim"), [(Qt.Key.Key_G, Disposition.GOOD_PART), (Qt.Key.Key_Return, Disposition.CONFIRMED)]
)
def test_that_a_review_is_answered_with_one_key(window, judge, said, qtbot, key, claim) -> None:
    judge(1, Verdict.REVIEW)
    QTest.keyClick(window, key)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), claim, "review", "")])
    assert not window.operator_page.review.isVisible()


@pytest.fixture
def look_at(window, station, make_inspection, make_live, make_past, monkeypatch, qtbot):
    """Lets a person touch a part in the strip."""

    def look_at(part: int, verdict: Verdict) -> None:
        past = make_past(make_live(make_inspection(part, verdict)))
        monkeypatch.setattr(station.records, "part", lambda _key: past)
        window.operator_page.strip.choose(PartKey(1, part))
        stage = window.operator.stage
        qtbot.waitUntil(lambda: stage.past is not None and stage.past.inspection.key == PartKey(1, part))

    return look_at


def enabled(window) -> set[Act]:
    acts = (Act.GOOD_PART, Act.MISSED_DEFECT, Act.CONFIRM, Act.REVIEW_GOOD, Act.REVIEW_DEFECT, Act.SHOW_REVIEW)
    return {act for act in acts if window.actions_table[act].isEnabled()}


@pytest.mark.parametrize(
    ("key", "claim"), [("good", Disposition.GOOD_PART), ("defect", Disposition.CONFIRMED)], ids=["good part", "defect"]
)
def test_that_a_touch_on_the_review_panel_answers_the_part_that_it_names(
    window, judge, said, qtbot, key: str, claim: Disposition
) -> None:
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    panel = window.operator_page.review
    assert panel.title == "Part 0002: good or defect?"
    getattr(panel, key).click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), claim, "review", "")])
    assert not panel.isVisible()


@pytest.mark.parametrize(
    ("key", "claim"), [(Qt.Key.Key_P, Disposition.GOOD_PART), (Qt.Key.Key_D, Disposition.CONFIRMED)]
)
def test_that_the_review_panels_own_keys_answer_the_part_that_it_names(window, judge, said, qtbot, key, claim) -> None:
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    QTest.keyClick(window, key)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), claim, "review", "")])


def test_that_the_newest_fail_is_explained_also_while_a_review_waits(window, judge) -> None:
    card = window.operator_page.card
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    assert (card.title, card.inspection.key) == ("Part 0003", PartKey(1, 3))
    judge(4, Verdict.PASS)
    assert card.title == "Last reject: part 0003"
    assert window.operator_page.review.title == "Part 0002: good or defect?"


def test_that_enter_confirms_the_part_on_the_card_and_answers_no_review_of_another(window, judge, said, qtbot) -> None:
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    QTest.keyClick(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 3), Disposition.CONFIRMED, "", "")])
    assert window.operator_page.review.isVisible()


def test_that_a_past_part_has_the_everyday_keys_while_another_waits_for_a_review(
    window, judge, look_at, said, qtbot
) -> None:
    judge(26, Verdict.FAIL)
    judge(29, Verdict.REVIEW)
    look_at(26, Verdict.FAIL)
    page = window.operator_page
    assert page.everyday.isVisible()
    assert page.pictures.plate.review_waits.isVisible()
    assert enabled(window) == {Act.GOOD_PART, Act.CONFIRM, Act.SHOW_REVIEW}
    QTest.keyClick(window, Qt.Key.Key_D)
    QTest.keyClick(window, Qt.Key.Key_P)
    QTest.keyClick(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 26), Disposition.CONFIRMED, "", "")])
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert page.review.title == "Part 0029: good or defect?"
    page.review.defect.click()
    qtbot.waitUntil(lambda: said[1:] == [(PartKey(1, 29), Disposition.CONFIRMED, "review", "")])


def test_that_the_review_on_show_is_the_one_that_is_answered_of_several(window, judge, look_at, said, qtbot) -> None:
    for part in (1, 2, 3):
        judge(part, Verdict.REVIEW)
    look_at(2, Verdict.REVIEW)
    page = window.operator_page
    assert page.review.title == "Part 0002: good or defect?"
    page.review.good.click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), Disposition.GOOD_PART, "review", "")])
    assert page.everyday.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert page.review.title == "Part 0001: good or defect?"


@pytest.mark.parametrize(
    ("key", "claim"), [(Qt.Key.Key_G, Disposition.GOOD_PART), (Qt.Key.Key_Return, Disposition.CONFIRMED)]
)
def test_that_a_word_on_a_waiting_part_on_the_card_closes_its_review(
    window, judge, look_at, said, qtbot, key, claim
) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.REVIEW)
    look_at(2, Verdict.REVIEW)
    QTest.keyClick(window, key)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), claim, "review", "")])
    assert [task.key.part for task in window.operator.claims.tasks.take_all()] == [1]


def test_that_the_part_that_waits_comes_on_show_with_its_question(window, judge, look_at) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.PASS)
    look_at(2, Verdict.PASS)
    assert window.operator_page.everyday.isVisible()
    look_at(1, Verdict.REVIEW)
    assert window.operator_page.review.title == "Part 0001: good or defect?"
    assert Act.SHOW_REVIEW not in enabled(window)
    look_at(2, Verdict.PASS)
    assert window.operator_page.pictures.plate.review_waits.isVisible()
    window.operator.claims.tasks.take(PartKey(1, 1))
    window.operator.claims.follow()
    assert not window.operator_page.pictures.plate.review_waits.isVisible()


def test_that_nothing_else_can_be_said_while_a_reason_is_chosen(window, judge, said) -> None:
    judge(1, Verdict.FAIL)
    window.actions_table[Act.GOOD_PART].trigger()
    judge(2, Verdict.FAIL)
    judge(3, Verdict.REVIEW)
    assert enabled(window) <= {Act.SHOW_REVIEW}
    for key in (Qt.Key.Key_Return, Qt.Key.Key_G, Qt.Key.Key_M, Qt.Key.Key_D, Qt.Key.Key_P):
        QTest.keyClick(window.operator_page.reasons, key)
    assert said == []
    assert "0001" in window.operator_page.reasons.question


def test_that_a_finger_on_the_key_answers_no_question_that_came_under_it(window, judge, said, qtbot) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.REVIEW)
    panel, tasks = window.operator_page.review, window.operator.claims.tasks
    QTest.mousePress(panel.defect, Qt.MouseButton.LeftButton)
    tasks.take(PartKey(1, 1))
    window.operator.claims.follow()
    QTest.mouseRelease(panel.defect, Qt.MouseButton.LeftButton)
    assert panel.title == "Part 0002: good or defect?"
    assert tasks.waiting == 1
    panel.defect.click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), Disposition.CONFIRMED, "review", "")])


def test_that_the_panel_says_why_its_part_waits(window, judge) -> None:
    judge(1, Verdict.REVIEW)
    assert window.operator_page.review.reason


def test_that_a_review_nobody_answers_ends_as_fail_by_the_time_limit(window, judge, said, qtbot) -> None:
    window.operator.claims.tasks.time_limit_s = 0.01
    judge(1, Verdict.REVIEW)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Disposition.CONFIRMED, "time limit", "time limit")])


def test_that_closing_the_window_leaves_no_review_open(window, judge, said) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.REVIEW)
    window.shut_down()
    assert [word[0].part for word in said] == [1, 2]
    assert {word[3] for word in said} == {"time limit"}


def test_that_a_dispute_means_the_part_that_was_touched_and_not_the_next_one(window, judge, said, qtbot) -> None:
    judge(1, Verdict.FAIL)
    window.actions_table[Act.GOOD_PART].trigger()
    judge(2, Verdict.FAIL)
    judge(3, Verdict.REVIEW)
    assert window.operator_page.reasons.isVisible()
    window.operator_page.reasons.keys[0].click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Disposition.GOOD_PART, "dust", "")])
    assert window.operator_page.review.isVisible()


def test_that_escape_says_nothing(window, judge, said, qtbot) -> None:
    judge(1, Verdict.PASS)
    window.actions_table[Act.MISSED_DEFECT].trigger()
    QTest.keyClick(window.operator_page.reasons.keys[0], Qt.Key.Key_Escape)
    assert window.operator_page.everyday.isVisible()
    assert said == []


def test_that_only_what_makes_sense_of_a_part_can_be_said(window, judge) -> None:
    judge(1, Verdict.PASS)
    assert enabled(window) == {Act.MISSED_DEFECT}
    judge(2, Verdict.FAIL)
    assert enabled(window) == {Act.GOOD_PART, Act.CONFIRM}


def test_that_a_reject_stays_explained_while_good_parts_go_by(window, judge) -> None:
    judge(1, Verdict.FAIL)
    judge(2, Verdict.PASS)
    assert window.operator_page.card.title == "Last reject: part 0001"
    assert window.operator_page.band.word.text() == "PASS"


def test_that_an_overdue_picture_takes_the_verdict_away(window, judge) -> None:
    judge(1, Verdict.PASS)
    window.operator.stage.watch.clock = lambda: time.monotonic() + 60
    window.operator.stage.look_again(expected_interval_s=0.25)
    assert window.operator_page.band.word.text() == "NO LIVE IMAGE"
    assert window.operator_page.pictures.tiles[0].canvas.notice.title.startswith("NO LIVE IMAGE")
