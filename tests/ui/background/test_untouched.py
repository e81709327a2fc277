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
