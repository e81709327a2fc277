"""When the key was pressed that led to an action: what the person saw then is what the person meant."""

import time

from PySide6.QtGui import QAction

_PROPERTY = "pressed_s"


def trigger_as_pressed(action: QAction, pressed_s: float) -> None:
    """Trigger an action for a key that went down at `pressed_s`, on the monotonic clock."""
    action.setProperty(_PROPERTY, pressed_s)
    try:
        action.trigger()
    finally:
        action.setProperty(_PROPERTY, None)


def pressed_s(action: QAction) -> float:
    """Return when the key of the action that is being done went down, monotonic seconds; now if that is not known."""
    said = action.property(_PROPERTY)
    return said if isinstance(said, float) else time.monotonic()
