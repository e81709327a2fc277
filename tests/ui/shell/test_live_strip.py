"""The line in short, on the pages that do not show it: never older than it says."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from waiting import SOON_MS

from station.domain.messages import LineState, LineStateChanged
from station.domain.verdict import Verdict
from ui.actions.action import SharedAct
from ui.background.line_status import LineStatus
from ui.pages.line.alarm_banner import Entry, Kind
from ui.shell.live_strip import NO_VERDICT, UNKNOWN, LiveStrip
from ui.widgets.confirm_dialog import ConfirmDialog

GOING = LineStatus(LineState.INSPECTING, stale=False, verdict=Verdict.FAIL, fails_in_a_row=2, alarms=1, messages=0)


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def strip(qtbot, now):
    made = LiveStrip(QAction("Line"), QAction("Alarms"), lambda: now[0])
    qtbot.addWidget(made)
    yield made
    made.close_clock()


def test_that_the_strip_shows_verdict_state_fails_in_a_row_and_alarms(strip) -> None:
    strip.show_status(GOING)
    assert strip.words == ("FAIL", "INSPECTING", "2 fails in a row", "1 alarm")


@pytest.mark.parametrize("verdict", Verdict)
def test_that_each_verdict_has_its_word_and_its_own_look(strip, verdict: Verdict) -> None:
    strip.show_status(LineStatus(LineState.INSPECTING, False, verdict, 0, 0, 0))
    assert strip.words[0] == verdict.word
    assert strip.findChild(type(strip._plate)).property("verdict") == verdict.value
    assert strip._plate._sign.verdict is verdict


def test_that_a_strip_without_news_knows_nothing(strip) -> None:
    assert strip.words == (NO_VERDICT, UNKNOWN, "", "")


def test_that_a_status_that_is_not_renewed_is_not_shown_any_more(strip, now) -> None:
    strip.show_status(GOING)
    now[0] += 1.9
    strip._tick()
    assert strip.words[0] == "FAIL"
    now[0] += 0.2
    strip._tick()
    assert strip.words == (NO_VERDICT, UNKNOWN, "", "")


def test_that_fails_that_could_not_be_counted_are_a_dash(strip) -> None:
    strip.show_status(LineStatus(LineState.INSPECTING, False, None, None, 0, 0))
    assert strip.words[2] == "\N{EN DASH} fails in a row"


def test_that_a_renewed_status_stays(strip, now) -> None:
    for _ in range(5):
        now[0] += 1.0
        strip.show_status(GOING)
        strip._tick()
    assert strip.words[1] == "INSPECTING"


def test_that_the_strip_counts_the_parts_that_wait_for_a_review(strip, now) -> None:
    strip.show_status(replace(GOING, reviews=1))
    assert strip.review_words == "1 open review"
    strip.show_status(replace(GOING, reviews=2))
    assert strip.review_words == "2 open reviews"
    strip.show_status(GOING)
    assert strip.review_words == ""
    strip.show_status(replace(GOING, reviews=1))
    now[0] += 2.1
    strip._tick()
    assert strip.review_words == ""


def test_that_an_open_review_stays_on_the_strip_after_the_next_part(window, station, make_inspection, qtbot) -> None:
    station.line.load_recipe("plate")
    window.show_page("shift_report")
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    review = make_inspection(1, Verdict.REVIEW)
    station._core.reviews.open_review(review)
    window.presenter_of("line").displayed_part.show_verdict(make_inspection(2, Verdict.PASS))
    qtbot.waitUntil(lambda: window.live_strip.review_words == "1 open review", timeout=SOON_MS)
    assert window.live_strip.words[0] == "PASS"
    assert window.live_strip._reviews.isVisible()


def test_that_a_line_without_live_pictures_is_not_shown_as_inspecting(strip) -> None:
    strip.show_status(LineStatus(LineState.INSPECTING, True, None, 0, 0, 0))
    assert strip.words[:2] == (NO_VERDICT, "NO LIVE IMAGE")
    assert strip._state.property("troubled")


def test_that_an_alarm_blinks_until_it_is_acknowledged(strip) -> None:
    strip.show_status(GOING)
    lit = []
    for _ in range(4):
        strip._tick()
        lit.append(strip._alarms.property("lit"))
    assert lit == [True, False, True, False]
    strip.show_status(LineStatus(LineState.INSPECTING, False, None, 0, 0, 2))
    strip._tick()
    strip._tick()
    assert not strip._alarms.property("lit")
    assert strip.words[3] == "No alarms, 2 messages"


def test_that_the_strip_says_what_the_line_page_says(window, make_inspection, qtbot) -> None:
    line, page = window.presenter_of("line"), window.page_of("line")
    window.show_page("shift_report")
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    line.displayed_part.show_verdict(make_inspection(1, Verdict.REVIEW))
    page.banner.tell(Entry(Kind.ALARM, "3 parts failed in a row.", "Check the light."))
    qtbot.waitUntil(lambda: window.live_strip.words[0] == "REVIEW", timeout=SOON_MS)
    assert window.live_strip.words[1] == page.phase.text
    assert window.live_strip.words[3] == "1 alarm"


def test_that_stop_asks_on_the_page_where_it_was_pressed(window, station, qtbot) -> None:
    station.line.load_recipe("plate")
    window.show_page("shift_report")
    window.action_table[SharedAct.START].trigger()
    qtbot.waitUntil(lambda: station.line.state.running, timeout=SOON_MS)
    qtbot.waitUntil(window.action_table[SharedAct.STOP].isEnabled, timeout=SOON_MS)
    window.action_table[SharedAct.STOP].trigger()
    question = window.findChild(ConfirmDialog)
    assert question.isVisible()
    assert window.page_of("shift_report").isVisible()
    question.accept()
    qtbot.waitUntil(lambda: station.line.state.at_rest, timeout=SOON_MS)
