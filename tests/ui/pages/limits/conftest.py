"""The Limits page in the real window, with parts that the line has judged."""

import pytest
from keyboard import press
from PySide6.QtCore import Qt
from waiting import SOON_MS

PARTS = 9


@pytest.fixture
def judged(station):
    """The line has judged some parts: each third is broken."""
    station.line.load_recipe("plate")
    station.line.start()
    while station.line.counts().triggers < PARTS:
        station.line.wait_stopped(0.02)
    station.line.stop()
    assert station.line.wait_stopped(30)
    return station


@pytest.fixture
def page(judged, window, qtbot):
    """Reached by its key, with the scores on show."""
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    shown = window.page_of("limits")
    qtbot.waitUntil(lambda: "Line: " in shown.rests_on.text(), timeout=SOON_MS)
    return shown
