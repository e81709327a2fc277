"""The phase line says what the band says."""

import time

import pytest
from PySide6.QtGui import QColor

from station.domain.messages import LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.background.rendered_part import render_part
from ui.theme.theme import current_theme
from ui.widgets.text.fitted_text import ElidedLine


@pytest.fixture
def page(window):
    window.presenter_of("line")._clock.stop()
    return window.page_of("line")


@pytest.fixture
def run(window, page, station, monkeypatch, make_inspection, make_live):
    """A line that has inspected some parts; then lets this many seconds pass."""
    bridge, operator = window.bridge, window.presenter_of("line")
    bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    now_s = time.monotonic()
    for part in range(1, 6):
        live = make_live(make_inspection(part))
        operator._judged(PartJudged(live.inspection))
        operator.displayed_part.show_rendered(render_part(live))

    def later(by_s: float, expected_interval_s: float | None) -> None:
        monkeypatch.setattr(type(station.line), "expected_interval_s", expected_interval_s)
        operator.displayed_part.image_monitor.clock = lambda: now_s + by_s
        operator._tick()

    return later


def test_that_no_live_image_is_said_by_band_and_phase_line_alike(page, run) -> None:
    run(0.3, 0.1)
    assert page.phase.text.startswith("INSPECTING, ")
    assert page.phase.why == ""
    assert page.phase.dot_colour == QColor(current_theme().colours.of(Verdict.PASS).text)
    run(10, 0.1)
    assert page.band.word.text() == page.phase.text == "NO LIVE IMAGE"
    assert "Check the trigger and the camera" in page.phase.why
    assert page.phase.dot_colour == QColor(current_theme().colours.of(Verdict.FAIL).text)
    assert page.phase.figures == ""


def test_that_a_line_that_is_not_awaited_says_no_such_thing(page, run) -> None:
    run(10, None)
    assert page.phase.text == "INSPECTING"
    assert "picture " in page.phase.figures


def test_that_a_stopped_line_has_no_pace(window, page, run) -> None:
    run(0.3, 0.1)
    assert "parts/min" in page.phase.text
    window.bridge.state_changed.emit(LineStateChanged(LineState.STOPPED))
    run(0.4, 0.1)
    assert page.phase.text == "STOPPED"


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("state", [state for state in LineState if state.troubled])
def test_that_what_to_do_is_read_to_its_end(window, page, run, size, state: LineState, qtbot) -> None:
    window.resize(*size)
    window.fit_sizes()
    run(0.3, 0.1)
    window.bridge.state_changed.emit(LineStateChanged(state))
    run(0.4, 0.1)
    why = page.phase.findChild(ElidedLine)
    qtbot.waitUntil(lambda: 0 < why.fontMetrics().horizontalAdvance(page.phase.why) <= why.width())
