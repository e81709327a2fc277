"""Whoever works at the window is not logged out."""

import pytest
from PySide6.QtCore import QEvent, QObject

from ui.background.untouched import Untouched


@pytest.mark.parametrize("kind", [QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.KeyPress])
def test_that_whoever_draws_with_a_pen_is_not_logged_out(qapp, kind: QEvent.Type) -> None:
    owner = QObject()
    clock = Untouched(owner, 60, lambda: None)
    clock.begin()
    clock._timer.stop()
    qapp.sendEvent(owner, QEvent(kind))
    assert clock.waiting
    clock.end()
    qapp.sendEvent(owner, QEvent(kind))
    assert not clock.waiting


def test_that_a_scanner_keeps_nobody_logged_in(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("ui.background.untouched.time.monotonic", lambda: now)
    owner = QObject()
    clock = Untouched(owner, 60, lambda: None)
    clock.begin()
    for begin in (120, 140):
        for place, _ in enumerate("LG20815"):
            now = begin + place / 100
            qapp.sendEvent(owner, QEvent(QEvent.Type.KeyPress))
        clock.forget_scan()
    assert clock._timer.interval() == pytest.approx(19_940, abs=1)  # 60 s after the log-in, not after the last scan
    now = 150.0
    qapp.sendEvent(owner, QEvent(QEvent.Type.KeyPress))
    assert clock._timer.interval() == 60_000  # a person typed it
    clock.end()
