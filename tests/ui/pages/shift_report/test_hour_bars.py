"""The shift by the hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from station.domain.inspection import Counts
from station.domain.verdict import Verdict
from ui.pages.shift_report.hour_bars import ORDER, HourBars, whole_ticks
from ui.pages.shift_report.hour_strip import HourStrip
from ui.theme.theme import LIGHT, THEMES, Theme, apply_theme, current_theme
from ui.theme.verdict_icons import VerdictIcon


@pytest.fixture(params=sorted(THEMES))
def bars(qtbot, request):
    apply_theme(Theme(THEMES[request.param], current_theme().sizes))
    made = HourBars()
    qtbot.addWidget(made)
    made.resize(500, 200)
    yield made
    apply_theme(Theme(LIGHT, current_theme().sizes))


def painted(bars: HourBars) -> set[str]:
    image = bars.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@given(st.integers(0, 10**6))
def test_that_the_axis_counts_whole_parts_with_few_lines(highest: int) -> None:
    ticks = whole_ticks(highest)
    assert ticks[0] == 0
    assert all(isinstance(tick, int) for tick in ticks)
    assert len(ticks) == len(set(ticks)) <= 6
    assert ticks[-1] <= highest < 2 * max(1, ticks[-1] + ticks[min(1, len(ticks) - 1)])


def test_that_a_shift_without_parts_counts_no_parts_of_a_part() -> None:
    assert whole_ticks(1) == [0, 1]


@pytest.mark.slow
@pytest.mark.parametrize("verdict", Verdict)
def test_that_what_happened_once_among_thousands_is_seen_and_framed(bars, verdict: Verdict) -> None:
    counts = Counts(passed=5_000).plus(verdict)
    bars.show_bars([("06:00", counts)])
    assert QColor(current_theme().colours.of(verdict).text).name() in painted(bars)


def test_that_each_verdict_has_its_sign_beside_the_bars(qtbot) -> None:
    strip = HourStrip()
    qtbot.addWidget(strip)
    assert [sign.verdict for sign in strip.findChildren(VerdictIcon)] == list(ORDER)
