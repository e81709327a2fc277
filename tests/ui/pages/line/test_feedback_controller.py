"""A person's word, seen from the page."""

import time
from datetime import UTC, datetime

import pytest
from keyboard import CTRL, press, settle, strike
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from station.commands.recipes import RecipeCommands
from station.commands.records import RecordCommands
from station.domain.clock import utc_now
from station.domain.errors import StorageError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.messages import LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from station.review.pending_feedback import PendingFeedback
from ui.actions.action import SharedAct
from ui.pages.line.actions import LineAct

OPERATOR = "operator, Line page"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def said(station, monkeypatch):
    """What was recorded, without parts on the disk."""
    words = []
    monkeypatch.setattr(
        PendingFeedback, "add", lambda _self, said: words.append((said.key, said.claim, said.reason, said.person))
    )
    monkeypatch.setattr(PendingFeedback, "of", lambda _self, _key: ())
    return words


@pytest.fixture
def reviews(station):
    """The open reviews of the core."""
    return station.review._reviews


@pytest.fixture
def judge(window, said, reviews, make_inspection):
    """Lets a part come, as the line does: news first, then its review."""
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))

    def judge(part: int, verdict: Verdict) -> None:
        inspection = make_inspection(part, verdict)
        window.bridge.part_judged.emit(PartJudged(inspection))
        reviews.open_review(inspection)
        window.bridge.fetch()

    return judge


def close_review(window, reviews, part: int) -> None:
    """Answer a part from somewhere else than the page."""
    reviews.answer_review(OperatorFeedback(PartKey(1, part), Disposition.CONFIRMED, "", "Ada", NOON))
    window.bridge.fetch()


def test_that_a_review_is_a_task_with_its_time_running(window, judge) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.PASS)
    page = window.page_of("line")
    assert page.review.isVisible()
    assert page.review.title == "Part 0001: good or defect?"
    assert page.card.inspection.key == PartKey(1, 1)
    assert page.band.word.text() == "PASS"


@pytest.mark.parametrize(
    ("key", "claim"), [(Qt.Key.Key_G, Disposition.GOOD_PART), (Qt.Key.Key_Return, Disposition.CONFIRMED)]
)
def test_that_a_review_is_answered_with_one_key(window, judge, said, qtbot, key, claim) -> None:
    judge(1, Verdict.REVIEW)
    press(window, key, CTRL)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), claim, "review", OPERATOR)])
    assert not window.page_of("line").review.isVisible()


@pytest.fixture
def look_at(window, station, make_inspection, make_live, make_past, monkeypatch, qtbot):
    """Lets a person touch a part in the strip."""

    def look_at(part: int, verdict: Verdict) -> None:
        past = make_past(make_live(make_inspection(part, verdict)))
        monkeypatch.setattr(RecordCommands, "part", lambda _self, _key: past)
        window.page_of("line").strip.choose(PartKey(1, part))
        displayed_part = window.presenter_of("line").displayed_part
        qtbot.waitUntil(
            lambda: displayed_part.past is not None and displayed_part.past.inspection.key == PartKey(1, part)
        )

    return look_at


@pytest.fixture
def past_of(make_inspection, make_live, make_past):
    """The record of a part that passed."""
    return lambda key: make_past(make_live(make_inspection(key.part)))


def enabled(window) -> set[LineAct]:
    acts = (
        LineAct.GOOD_PART,
        LineAct.MISSED_DEFECT,
        LineAct.CONFIRM,
        LineAct.REVIEW_GOOD,
        LineAct.REVIEW_DEFECT,
        LineAct.SHOW_REVIEW,
    )
    return {act for act in acts if window.action_table[act].isEnabled()}


@pytest.mark.parametrize(
    ("key", "claim"), [("good", Disposition.GOOD_PART), ("defect", Disposition.CONFIRMED)], ids=["good part", "defect"]
)
def test_that_a_touch_on_the_review_panel_answers_the_part_that_it_names(
    window, judge, said, qtbot, key: str, claim: Disposition
) -> None:
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    panel = window.page_of("line").review
    assert panel.title == "Part 0002: good or defect?"
    getattr(panel, key).click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), claim, "review", OPERATOR)])
    assert not panel.isVisible()


@pytest.mark.parametrize(
    ("key", "claim"), [(Qt.Key.Key_P, Disposition.GOOD_PART), (Qt.Key.Key_D, Disposition.CONFIRMED)]
)
def test_that_the_review_panels_own_keys_answer_the_part_that_it_names(window, judge, said, qtbot, key, claim) -> None:
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    press(window, key, CTRL)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), claim, "review", OPERATOR)])


def test_that_the_newest_fail_is_explained_also_while_a_review_waits(window, judge) -> None:
    card = window.page_of("line").card
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    assert (card.title, card.inspection.key) == ("Part 0003", PartKey(1, 3))
    judge(4, Verdict.PASS)
    assert card.title == "Last reject: part 0003"
    assert window.page_of("line").review.title == "Part 0002: good or defect?"


def test_that_enter_confirms_the_part_on_the_card_and_answers_no_review_of_another(window, judge, said, qtbot) -> None:
    judge(2, Verdict.REVIEW)
    judge(3, Verdict.FAIL)
    press(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 3), Disposition.CONFIRMED, "", OPERATOR)])
    assert window.page_of("line").review.isVisible()


def test_that_a_past_part_has_the_everyday_keys_while_another_waits_for_a_review(
    window, judge, look_at, said, qtbot
) -> None:
    judge(26, Verdict.FAIL)
    judge(29, Verdict.REVIEW)
    look_at(26, Verdict.FAIL)
    page = window.page_of("line")
    assert page.everyday.isVisible()
    assert page.pictures.caption.review_waits.isVisible()
    assert enabled(window) == {LineAct.GOOD_PART, LineAct.CONFIRM, LineAct.SHOW_REVIEW}
    press(window, Qt.Key.Key_D, CTRL)
    press(window, Qt.Key.Key_P, CTRL)
    press(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 26), Disposition.CONFIRMED, "", OPERATOR)])
    press(window, Qt.Key.Key_Escape)
    assert page.review.title == "Part 0029: good or defect?"
    page.review.defect.click()
    qtbot.waitUntil(lambda: said[1:] == [(PartKey(1, 29), Disposition.CONFIRMED, "review", OPERATOR)])


def test_that_the_review_on_show_is_the_one_that_is_answered_of_several(window, judge, look_at, said, qtbot) -> None:
    for part in (1, 2, 3):
        judge(part, Verdict.REVIEW)
    look_at(2, Verdict.REVIEW)
    page = window.page_of("line")
    assert page.review.title == "Part 0002: good or defect?"
    page.review.good.click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), Disposition.GOOD_PART, "review", OPERATOR)])
    assert page.everyday.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert page.review.title == "Part 0001: good or defect?"


@pytest.mark.parametrize(
    ("key", "claim"), [(Qt.Key.Key_G, Disposition.GOOD_PART), (Qt.Key.Key_Return, Disposition.CONFIRMED)]
)
def test_that_a_word_on_a_waiting_part_on_the_card_closes_its_review(
    window, judge, look_at, said, reviews, qtbot, key, claim
) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.REVIEW)
    look_at(2, Verdict.REVIEW)
    press(window, key, CTRL)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 2), claim, "review", OPERATOR)])
    assert [review.key.part for review in reviews.open_reviews] == [1]


def test_that_the_part_that_waits_comes_on_show_with_its_question(window, judge, reviews, look_at) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.PASS)
    look_at(2, Verdict.PASS)
    assert window.page_of("line").everyday.isVisible()
    look_at(1, Verdict.REVIEW)
    assert window.page_of("line").review.title == "Part 0001: good or defect?"
    assert LineAct.SHOW_REVIEW not in enabled(window)
    look_at(2, Verdict.PASS)
    assert window.page_of("line").pictures.caption.review_waits.isVisible()
    close_review(window, reviews, 1)
    assert not window.page_of("line").pictures.caption.review_waits.isVisible()


def test_that_nothing_else_can_be_said_while_a_reason_is_chosen(window, judge, said) -> None:
    judge(1, Verdict.FAIL)
    window.action_table[LineAct.GOOD_PART].trigger()
    judge(2, Verdict.FAIL)
    judge(3, Verdict.REVIEW)
    assert enabled(window) <= {LineAct.SHOW_REVIEW}
    for key in (Qt.Key.Key_Return, Qt.Key.Key_G, Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_P):
        press(window.page_of("line").reasons, key, CTRL)
    assert said == []
    assert "0001" in window.page_of("line").reasons.question


def test_that_a_finger_on_the_key_answers_no_question_that_came_under_it(window, judge, reviews, said, qtbot) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.REVIEW)
    panel = window.page_of("line").review
    QTest.mousePress(panel.defect, Qt.MouseButton.LeftButton)
    close_review(window, reviews, 1)
    QTest.mouseRelease(panel.defect, Qt.MouseButton.LeftButton)
    assert panel.title == "Part 0002: good or defect?"
    assert len(reviews.open_reviews) == 1
    panel.defect.click()
    qtbot.waitUntil(lambda: said[1:] == [(PartKey(1, 2), Disposition.CONFIRMED, "review", OPERATOR)])


def test_that_the_panel_says_why_its_part_waits(window, judge) -> None:
    judge(1, Verdict.REVIEW)
    assert window.page_of("line").review.reason


def test_that_the_panel_closes_when_the_time_of_its_part_is_over(window, judge, reviews, said, qtbot) -> None:
    reviews.time_limit_s = 1.0  # long enough to be seen on a busy machine
    judge(1, Verdict.REVIEW)
    assert window.page_of("line").review.isVisible()
    qtbot.waitUntil(lambda: not window.page_of("line").review.isVisible())
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Disposition.REVIEW_TIMED_OUT, "", "")])


def test_that_an_answer_that_came_too_late_says_that_the_part_counts_as_fail(window, judge, reviews, qtbot) -> None:
    judge(1, Verdict.REVIEW)
    panel = window.page_of("line").review
    late = OperatorFeedback(PartKey(1, 1), Disposition.CONFIRMED, "", "", NOON)
    reviews.answer_review(late)
    panel.good.click()
    qtbot.waitUntil(window.page_of("line").banner.isVisible)
    assert "Part 0001 has ended without your answer: it counts as FAIL." in window.page_of("line").banner.words
    assert not panel.isVisible()


def test_that_a_review_whose_answer_the_disk_refused_is_asked_again(window, judge, monkeypatch, qtbot) -> None:
    def refuse(*_given: object) -> None:
        raise StorageError("No space left on device.")

    judge(1, Verdict.REVIEW)
    monkeypatch.setattr(PendingFeedback, "add", refuse)
    window.page_of("line").review.good.click()
    assert not window.page_of("line").review.isVisible()
    qtbot.waitUntil(window.page_of("line").review.isVisible)
    assert window.page_of("line").review.title == "Part 0001: good or defect?"
    assert window.page_of("line").banner.isVisible()


def test_that_a_dispute_means_the_part_that_was_touched_and_not_the_next_one(window, judge, said, qtbot) -> None:
    judge(1, Verdict.FAIL)
    window.action_table[LineAct.GOOD_PART].trigger()
    judge(2, Verdict.FAIL)
    judge(3, Verdict.REVIEW)
    assert window.page_of("line").reasons.isVisible()
    window.page_of("line").reasons.keys[0].click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Disposition.GOOD_PART, "dust", OPERATOR)])
    assert window.page_of("line").review.isVisible()


def test_that_a_question_that_nobody_touches_gives_way_to_the_next_review(window, judge, said, qtbot) -> None:
    page, feedback = window.page_of("line"), window.presenter_of("line").feedback
    judge(7, Verdict.FAIL)
    window.action_table[LineAct.GOOD_PART].trigger()
    judge(8, Verdict.REVIEW)
    assert page.tasks.currentWidget() is page.reasons
    assert feedback._untouched.waiting
    feedback._untouched._timer.setInterval(50)
    qtbot.waitUntil(lambda: page.review.title == "Part 0008: good or defect?")
    assert page.tasks.currentWidget() is page.review
    assert not said


def test_that_escape_says_nothing(window, judge, said, qtbot) -> None:
    judge(1, Verdict.PASS)
    window.action_table[LineAct.MISSED_DEFECT].trigger()
    press(window.page_of("line").reasons.keys[0], Qt.Key.Key_Escape)
    assert window.page_of("line").everyday.isVisible()
    assert said == []


def test_that_only_what_makes_sense_of_a_part_can_be_said(window, judge) -> None:
    judge(1, Verdict.PASS)
    assert enabled(window) == {LineAct.MISSED_DEFECT}
    judge(2, Verdict.FAIL)
    assert enabled(window) == {LineAct.GOOD_PART, LineAct.CONFIRM}


def test_that_a_reject_stays_explained_while_good_parts_go_by(window, judge) -> None:
    judge(1, Verdict.FAIL)
    judge(2, Verdict.PASS)
    assert window.page_of("line").card.title == "Last reject: part 0001"
    assert window.page_of("line").band.beside.words == "NOW PASS part 0002"


def test_that_an_overdue_picture_takes_the_verdict_away(window, judge) -> None:
    judge(1, Verdict.PASS)
    window.presenter_of("line").displayed_part.image_monitor.clock = lambda: time.monotonic() + 60
    window.presenter_of("line").displayed_part.refresh_age(expected_interval_s=0.25)
    assert window.page_of("line").band.word.text() == "NO LIVE IMAGE"
    assert window.page_of("line").pictures.tiles[0].canvas.notice.title.startswith("NO LIVE IMAGE")


def test_that_a_finger_lifted_after_the_next_reject_confirms_the_part_that_the_key_showed(
    window, judge, said, qtbot
) -> None:
    judge(7, Verdict.FAIL)
    key = window.page_of("line").disputes.keys[Disposition.CONFIRMED]
    assert key.text() == "Confirm\n0007"
    QTest.mousePress(key, Qt.MouseButton.LeftButton)
    judge(13, Verdict.FAIL)
    assert key.text() == "Confirm\n0007"
    QTest.mouseRelease(key, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said == [(PartKey(1, 7), Disposition.CONFIRMED, "", OPERATOR)])
    qtbot.waitUntil(lambda: key.text() == "Confirm\n0013")


def test_that_a_key_names_the_newest_part_again_after_a_finger_slid_off(window, judge, said, qtbot) -> None:
    judge(7, Verdict.FAIL)
    key = window.page_of("line").disputes.keys[Disposition.CONFIRMED]
    QTest.mousePress(key, Qt.MouseButton.LeftButton)
    judge(13, Verdict.FAIL)
    QTest.mouseMove(key, QPoint(-20, -20))
    QTest.mouseRelease(key, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(-20, -20))
    qtbot.waitUntil(lambda: key.text() == "Confirm\n0013")
    assert not said


def test_that_blank_on_a_key_means_the_part_that_was_shown_when_it_went_down(window, judge, said, qtbot) -> None:
    judge(7, Verdict.FAIL)
    key = window.page_of("line").disputes.keys[Disposition.CONFIRMED]
    key.setFocus()
    strike(key, Qt.Key.Key_Space)
    judge(13, Verdict.FAIL)
    settle()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 7), Disposition.CONFIRMED, "", OPERATOR)])


def test_that_a_key_means_the_part_that_was_shown_when_it_went_down(window, judge, said, qtbot) -> None:
    judge(7, Verdict.FAIL)
    strike(window, Qt.Key.Key_Return, CTRL)
    judge(13, Verdict.FAIL)
    settle()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 7), Disposition.CONFIRMED, "", OPERATOR)])


def test_that_an_answer_by_key_is_for_the_part_that_was_asked_when_it_went_down(
    window, judge, reviews, said, qtbot
) -> None:
    judge(1, Verdict.REVIEW)
    judge(2, Verdict.REVIEW)
    strike(window, Qt.Key.Key_P, CTRL)
    close_review(window, reviews, 1)
    settle()
    assert window.page_of("line").review.title == "Part 0002: good or defect?"
    assert [review.key.part for review in reviews.open_reviews] == [2]
    assert [claim for _, claim, *_ in said] == [Disposition.CONFIRMED]


def test_that_the_keyboard_goes_back_to_the_page_and_blank_pauses_nothing(window, judge, said, qtbot) -> None:
    judge(1, Verdict.FAIL)
    paused = []
    pause = window.action_table[SharedAct.PAUSE]
    pause.setEnabled(True)
    pause.triggered.connect(lambda: paused.append(True))
    for end in (lambda: press(window, Qt.Key.Key_2, CTRL), lambda: press(window, Qt.Key.Key_Escape)):
        press(window, Qt.Key.Key_G, CTRL)
        window.page_of("line").reasons.keys[0].setFocus(Qt.FocusReason.TabFocusReason)
        end()
        assert window.page_of("line").everyday.isVisible()
        focus = QApplication.focusWidget()
        assert not isinstance(focus, QAbstractButton)
        press(focus, Qt.Key.Key_Space)
        press(focus, Qt.Key.Key_Return)
    assert paused == []


def test_that_no_bare_key_decides_anything(window, judge, said) -> None:
    decides = set(LineAct) - {
        LineAct.SHOW_REVIEW, LineAct.OLDER_PART, LineAct.NEWER_PART, LineAct.LIVE, LineAct.MAP, LineAct.OUTLINE,
        LineAct.RELATIVE,
        LineAct.HIDE, LineAct.FULL_SIZE, LineAct.NEXT_VIEW, LineAct.ALL_VIEWS, LineAct.OPACITY_DOWN, LineAct.OPACITY_UP,
    }  # fmt: skip
    for act in decides:
        assert window.action_table[act].shortcut().toString().startswith("Ctrl+"), act
    judge(1, Verdict.REVIEW)
    press(window, Qt.Key.Key_G, CTRL)
    for key in (*range(Qt.Key.Key_A, Qt.Key.Key_Z + 1), *range(Qt.Key.Key_0, Qt.Key.Key_9 + 1), Qt.Key.Key_Return):
        press(window, Qt.Key(key))
    assert said == [(PartKey(1, 1), Disposition.GOOD_PART, "review", OPERATOR)]


def test_that_a_missed_defect_is_one_of_this_product_and_its_part_stays_on_show(
    window, station, judge, said, past_of, monkeypatch, qtbot
) -> None:
    page, displayed = window.page_of("line"), window.presenter_of("line").displayed_part
    monkeypatch.setattr(RecordCommands, "part", lambda _self, key: past_of(key))
    monkeypatch.setattr(RecipeCommands, "defect_kinds", lambda _self, _recipe: ("burr", "pore"))
    window.presenter_of("line").feedback.expect_recipe(station.recipes.find("plate").recipe)
    judge(1, Verdict.PASS)
    qtbot.waitUntil(lambda: window.presenter_of("line").feedback.defects == ("burr", "pore", "other"))
    press(window, Qt.Key.Key_E, CTRL)
    assert page.reasons.offered == ("burr", "pore", "other")
    judge(2, Verdict.PASS)
    qtbot.waitUntil(lambda: displayed.past is not None and displayed.past.inspection.key == PartKey(1, 1))
    page.reasons.keys[1].click()
    qtbot.waitUntil(lambda: said == [(PartKey(1, 1), Disposition.MISSED_DEFECT, "pore", OPERATOR)])
    assert displayed.past is None


def test_that_a_long_pause_asks_for_its_reason_before_it_ends(window, station, qtbot) -> None:
    station.line.load_recipe("plate")
    station.line.start()
    presenter, pause = window.presenter_of("line"), window.action_table[SharedAct.PAUSE]
    qtbot.waitUntil(lambda: presenter.displayed_part.live is not None, timeout=20_000)
    pause.trigger()
    qtbot.waitUntil(lambda: presenter.displayed_part.state is LineState.PAUSED, timeout=10_000)
    presenter.commands.paused_s -= 200
    pause.trigger()
    stops = window.page_of("line").stops
    assert stops.isVisible()
    assert stops.question.startswith("Paused for 3\N{NO-BREAK SPACE}min")
    assert station.line.state is LineState.PAUSED
    stops.keys[stops.offered.index("cleaning")].click()
    qtbot.waitUntil(lambda: presenter.displayed_part.state.inspecting_parts, timeout=10_000)
    station.line.stop()
    assert station.line.wait_stopped(20)
    _, summary = station.records.shift(station.records.shift_of(utc_now()))
    pauses = [each for each in summary.stoppages if each.sentence.startswith("paused")]
    assert [(each.sentence, each.person) for each in pauses] == [("paused: cleaning", OPERATOR)]
