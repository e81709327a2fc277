"""The small chart of the drift."""

import pytest

from station.domain.drift import DriftCause, DriftState, Stream, StreamState
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme
from ui.widgets.drift_chart import DriftChart, smoothed, words_of

STEADY = DriftState("plate@1", "", 100, 100, 1234, tuple(StreamState(each, "", (0.1,) * 50, False) for each in Stream))
DRIFTED = DriftState(
    "plate@1", "side", 100, 100, 50,
    (STEADY.streams[0], StreamState(Stream.BRIGHTNESS, "9 % darker", (-5.0,) * 50, True), *STEADY.streams[2:]),
    DriftCause.LIGHT, "The light has changed: 9 % darker. Clean the lamp.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "No part was inspected"),
        (DriftState("plate@1", "", 7, 100), "plate@1: calibrating, 7 of 100 parts"),
        (STEADY, "no drift in 1\u00a0234 parts"),
        (DRIFTED, "The light has changed"),
    ],
)
def test_that_each_state_has_its_sentence(state, words: str) -> None:
    assert words in words_of(state)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_what_has_drifted_is_drawn_thick_in_both_themes(qtbot, theme: str) -> None:
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    chart = DriftChart()
    qtbot.addWidget(chart)
    chart.resize(300, 220)
    chart.show_state(DRIFTED)
    widths = {stream: line.opts["pen"].width() for stream, line in chart._lines.items()}
    assert all(line.getData()[0] is not None for line in chart._lines.values())
    assert widths[Stream.BRIGHTNESS] > widths[Stream.COLOUR]
    assert chart.accessibleName().startswith("Drift, side: plate@1: The light has changed")
    chart.show_state(None)
    assert all(line.getData()[0] is None for line in chart._lines.values())


def test_that_single_parts_do_not_hide_what_stays() -> None:
    assert smoothed((0.0,) * 30 + (100.0,) + (0.0,) * 30).max() == pytest.approx(8 / 15)
    assert len(smoothed((1.0,) * 5)) == 0
