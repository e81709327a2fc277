"""Timers of the window, set by their setters.

PySide6 turns a property given as a keyword into the name of its setter by the language's own capitals: under Turkish
`QTimer(interval=5)` looks for `setinterval`, finds none, and no window opens.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def repeating_timer(owner: QObject, interval_ms: int, then: Callable[[], object]) -> QTimer:
    """Return a timer that calls `then` again and again once it is started; it ends with its owner."""
    timer = QTimer(owner)
    timer.setInterval(interval_ms)
    timer.timeout.connect(then)
    return timer


def single_timer(owner: QObject, interval_ms: int, then: Callable[[], object]) -> QTimer:
    """Return a timer that calls `then` once after each start; it ends with its owner."""
    timer = repeating_timer(owner, interval_ms, then)
    timer.setSingleShot(True)
    return timer
