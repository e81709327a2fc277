"""What the line is doing, told once for each change."""

import threading
from collections.abc import Callable

from station.domain.messages import LineState, LineStateChanged, Message


class LineStateMachine:
    """The line's state. Any thread may ask and change it; every change is one message, in order."""

    def __init__(self, publish: Callable[[Message], None]) -> None:
        self._publish = publish
        self._lock = threading.Lock()
        self._state = LineState.STOPPED

    @property
    def state(self) -> LineState:
        """Now."""
        return self._state

    def enter(self, state: LineState, text: str = "") -> None:
        """Be in `state` from now on; `text` says why when a person should know."""
        with self._lock:
            self._change(state, text)

    def move(self, before: LineState, after: LineState) -> None:
        """Go from one state to another, if it still is the first."""
        with self._lock:
            if self._state is before:
                self._change(after, "")

    def _change(self, state: LineState, text: str) -> None:
        if state is not self._state or text:
            self._state = state
            self._publish(LineStateChanged(state, text))
