"""The state of the line: every change is one message."""

import threading
from collections.abc import Callable

from station.domain.messages import LineState, LineStateChanged, Message


class LineStateMachine:
    """The state of the line. Any thread may read and change it; the changes are published in order."""

    def __init__(self, publish: Callable[[Message], None]) -> None:
        self._publish = publish
        self._lock = threading.Lock()
        self._state = LineState.STOPPED

    @property
    def state(self) -> LineState:
        """Return the current state."""
        return self._state

    def enter_state(self, state: LineState, text: str = "", for_operator: str = "") -> None:
        """Enter a state; `text` gives the reason, `for_operator` the same in words for the person at the line."""
        with self._lock:
            self._change(state, text, for_operator)

    def replace_state(self, before: LineState, after: LineState) -> None:
        """Change from one state to another; do nothing in any other state."""
        with self._lock:
            if self._state is before:
                self._change(after, "")

    def _change(self, state: LineState, text: str, for_operator: str = "") -> None:
        if state is not self._state or text:
            self._state = state
            self._publish(LineStateChanged(state, text, for_operator))
