"""The band speaks of the live part, whatever is looked at; a past part gives way to it by itself."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from waiting import SOON_MS

from station.domain.messages import LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.background.rendered_part import render_part


@pytest.fixture
def line(window):
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    return window.presenter_of("line")


@pytest.fixture
def judge(window, line, make_inspection, make_live):
    def judged(part: int, verdict: Verdict) -> None:
        inspection = make_inspection(part, verdict)
        window.bridge.part_judged.emit(PartJudged(inspection))
        line.displayed_part.show_rendered(render_part(make_live(inspection)))

    return judged


@pytest.fixture
def look_at(line, make_inspection, make_live, make_past):
    def looked_at(part: int, verdict: Verdict) -> None:
        past = render_part(make_past(make_live(make_inspection(part, verdict))))
        line.parts._wanted = past.inspection.key
        line.parts._show((past, False))

    return looked_at


def test_that_the_band_shows_a_fail_that_comes_while_a_past_pass_is_looked_at(window, judge, look_at) -> None:
    page = window.page_of("line")
    judge(1, Verdict.PASS)
    look_at(1, Verdict.PASS)
    assert page.band.word.text() == "PASS"
    judge(2, Verdict.FAIL)
    assert (page.band.word.text(), page.band.verdict) == ("FAIL", Verdict.FAIL)
    assert page.pictures.caption.text.startswith("PAST PART 0001: PASS")


def test_that_a_past_part_that_nobody_touches_gives_way_to_the_live_one(window, line, judge, look_at, qtbot) -> None:
    line.parts._untouched._timer.setInterval(150)
    judge(1, Verdict.PASS)
    look_at(1, Verdict.PASS)
    assert line.displayed_part.past is not None
    qtbot.waitUntil(lambda: line.displayed_part.past is None, timeout=SOON_MS)
    assert window.page_of("line").pictures.caption.text == ""


def test_that_a_touch_keeps_the_past_part(window, line, judge, look_at) -> None:
    line.parts._untouched._timer.setInterval(400)
    judge(1, Verdict.PASS)
    look_at(1, Verdict.PASS)
    end_s = time.monotonic() + 0.8
    while time.monotonic() < end_s:
        QTest.keyClick(window, Qt.Key.Key_Shift)
        QTest.qWait(50)
    assert line.displayed_part.past is not None
    line.back_to_live()


def test_that_a_past_part_stays_while_the_line_rests(window, line, look_at) -> None:
    line.parts._untouched._timer.setInterval(50)
    window.bridge.state_changed.emit(LineStateChanged(LineState.STOPPED))
    look_at(1, Verdict.PASS)
    QTest.qWait(200)
    assert line.displayed_part.past is not None
    line.back_to_live()
    assert not line.parts._untouched.waiting


def test_that_a_fail_is_shown_for_a_second_on_a_fast_line(window, line, judge) -> None:
    page, now_s = window.page_of("line"), time.monotonic()
    line.displayed_part.image_monitor.clock = lambda: now_s
    judge(1, Verdict.FAIL)
    line.displayed_part.image_monitor.clock = lambda: now_s + 0.25
    judge(2, Verdict.PASS)
    assert (page.band.word.text(), page.band.beside.words) == ("FAIL", "NOW PASS part 0002")
    line.displayed_part.image_monitor.clock = lambda: now_s + 1.1
    line._tick()
    assert (page.band.word.text(), page.band.beside.words) == ("PASS", "")


def test_that_an_old_verdict_steps_back_on_a_triggered_line(window, line, judge) -> None:
    page, now_s = window.page_of("line"), time.monotonic()
    line.displayed_part.image_monitor.clock = lambda: now_s
    judge(1, Verdict.FAIL)
    line.displayed_part.image_monitor.clock = lambda: now_s + 95
    line._tick()
    assert page.band.verdict is None
    assert page.band.word.text() == "READY"
    assert page.band.beside.words == "LAST FAIL part 0001, 1\u00a0min\u00a035\u00a0s ago"
    assert line.displayed_part.current_verdict is None


def test_that_the_phase_of_a_free_running_line_is_steady(window, line, judge) -> None:
    page = window.page_of("line")
    assert page.phase.text == "WAITING FOR THE FIRST PART"
    for part in range(1, 4):
        judge(part, Verdict.PASS)
    line._tick()
    said = set()
    for state in (LineState.WAITING, LineState.INSPECTING) * 2:
        window.bridge.state_changed.emit(LineStateChanged(state))
        said.add(page.phase.text.partition(",")[0])
    assert said == {"INSPECTING"}


def test_that_a_run_that_ended_by_itself_says_why(window, line) -> None:
    reason = "there are no more pictures, all of them were inspected"
    window.bridge.state_changed.emit(LineStateChanged(LineState.STOPPED, reason, reason))
    assert window.page_of("line").phase.why == "There are no more pictures, all of them were inspected."
