"""When the key was pressed that led to an action: what the person saw then is what the person meant."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from shiboken6 import isValid

_PROPERTY = "pressed_s"


@contextmanager
def pressed_at(receiver: QObject, moment_s: float) -> Iterator[None]:
    """While this holds, `pressed_s` of the receiver is that moment on the monotonic clock: its key went down then."""
    receiver.setProperty(_PROPERTY, moment_s)
    try:
        yield
    finally:
        if isValid(receiver):
            receiver.setProperty(_PROPERTY, None)


def trigger_as_pressed(action: QAction, moment_s: float) -> None:
    """Trigger an action for a key that went down at this moment on the monotonic clock."""
    with pressed_at(action, moment_s):
        action.trigger()


def pressed_s(receiver: QObject) -> float:
    """Return when the key went down that an action or a widget acts on, monotonic seconds; now if that is not known."""
    said = receiver.property(_PROPERTY)
    return said if isinstance(said, float) else time.monotonic()
