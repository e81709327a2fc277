"""A person's word, seen from the page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station.domain.inspection import Claim, PartKey
from station.domain.messages import LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.actions import Act


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


@pytest.mark.parametrize(("key", "claim"), [(Qt.Key.Key_G, Claim.GOOD_PART), (Qt.Key.Key_Return, Claim.CONFIRMED)])
def test_that_a_review_is_answered_with_one_key(window, judge, said, qtbot, key, claim) -> None:
    judge(1, Verdict.REVIEW)
    QTest.keyClick(window, key)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), claim, "review", "")])
    assert not window.operator_page.review.isVisible()


def test_that_a_review_nobody_answers_ends_as_fail_by_the_time_limit(window, judge, said, qtbot) -> None:
    window.operator.claims.tasks.time_limit_s = 0.01
    judge(1, Verdict.REVIEW)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Claim.CONFIRMED, "time limit", "time limit")])


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
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Claim.GOOD_PART, "dust", "")])
    assert window.operator_page.review.isVisible()


def test_that_escape_says_nothing(window, judge, said, qtbot) -> None:
    judge(1, Verdict.PASS)
    window.actions_table[Act.MISSED_DEFECT].trigger()
    QTest.keyClick(window.operator_page.reasons.keys[0], Qt.Key.Key_Escape)
    assert window.operator_page.everyday.isVisible()
    assert said == []


def test_that_only_what_makes_sense_of_a_part_can_be_said(window, judge) -> None:
    judge(1, Verdict.PASS)
    enabled = lambda: [act for act in (Act.GOOD_PART, Act.MISSED_DEFECT, Act.CONFIRM)  # noqa: E731
                       if window.actions_table[act].isEnabled()]  # fmt: skip
    assert enabled() == [Act.MISSED_DEFECT]
    judge(2, Verdict.FAIL)
    assert enabled() == [Act.GOOD_PART, Act.CONFIRM]


def test_that_a_reject_stays_explained_while_good_parts_go_by(window, judge) -> None:
    judge(1, Verdict.FAIL)
    judge(2, Verdict.PASS)
    assert window.operator_page.card.title == "Last reject: part 0001"
    assert window.operator_page.band.word.text() == "PASS"


def test_that_an_overdue_picture_takes_the_verdict_away(window, judge) -> None:
    judge(1, Verdict.PASS)
    window.operator.stage.watch._running_since_s -= 60
    window.operator.stage.look_again(expected_interval_s=0.25)
    assert window.operator_page.band.word.text() == "NO LIVE IMAGE"
    assert window.operator_page.pictures.tiles[0].canvas.notice.title.startswith("NO LIVE IMAGE")
